"""Pages with answered questions, and the same as Jupyter notebooks."""

from __future__ import annotations

import json
import re
from typing import Any

_CODE = r"```python\n(?P<code>[^`]+)```\n"
_RESULT = r"\n<!-- result -->\n(?P<result>.*?)<!-- end -->"
ANSWER = re.compile(_CODE + _RESULT, re.DOTALL)
"""A block of code in a page with the place for its result."""
_BLOCK = re.compile(rf"{_CODE}(?:{_RESULT})?", re.DOTALL)


def notebook(page: str) -> str:
    """A page as an executed Jupyter notebook: its text, its blocks of Python as cells, their results as outputs.

    Nothing is run: the results are those of the page. There are no counts and no times, so that the same page gives the
    same bytes.

    Args:
        page: Markdown with blocks as in `ANSWER`, and others without a result.

    Returns:
        The notebook as JSON (nbformat 4.5).
    """
    cells: list[dict[str, Any]] = []

    def add(kind: str, text: str, **more: Any) -> None:
        if text.strip():
            name = f"cell-{len(cells) + 1}"
            cells.append({"cell_type": kind, "id": name, "metadata": {}, "source": _lines(text), **more})

    end = 0
    for block in _BLOCK.finditer(page):
        add("markdown", page[end : block.start()])
        add("code", block["code"], execution_count=None, outputs=_outputs(block["result"]))
        end = block.end()
    add("markdown", page[end:])
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    whole = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _outputs(result: str | None) -> list[dict[str, Any]]:
    if result is None:
        return []
    data = {kind: _lines(result) for kind in ("text/markdown", "text/plain")}
    return [{"output_type": "execute_result", "data": data, "execution_count": None, "metadata": {}}]


def _lines(text: str) -> list[str]:
    return text.strip("\n").splitlines(keepends=True)
