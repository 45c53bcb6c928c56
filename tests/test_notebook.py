"""The notebook of questions: valid, the page in other clothes, and true when a kernel really runs it."""

from __future__ import annotations

import re
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbclient import NotebookClient

from evcollab import build
from evcollab.build import notebook

from .conftest import ROOT

PAGE = (ROOT / build.QUESTIONS).read_text(encoding="utf-8")
COMMITTED = (ROOT / build.NOTEBOOK).read_text(encoding="utf-8")
SHOW = """
from evcollab.build import shown
get_ipython().display_formatter.formatters["text/markdown"].for_type(object, shown)
"""
"""Makes a kernel show results as the page does."""

words = st.text(st.characters(codec="utf-8", exclude_characters="`<\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), min_size=1)
blocks = st.fixed_dictionaries({"code": words.filter(str.strip), "result": st.none() | words.filter(str.strip)})


def read(text: str) -> Any:
    return nbformat.reads(text, as_version=4)


def outputs(book: Any) -> list[list[str]]:
    """The results of each cell of code, as Markdown."""
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    return [[output.data["text/markdown"].strip() for output in cell.outputs] for cell in code]


def test_the_notebook_is_valid_and_written_as_jupyter_writes_it() -> None:
    book = read(COMMITTED)
    nbformat.validate(book)
    assert nbformat.writes(book, ensure_ascii=False) + "\n" == COMMITTED


def test_the_notebook_holds_the_text_the_code_and_the_results_of_the_page_in_their_order() -> None:
    parts = []
    for cell in read(COMMITTED).cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        else:
            parts.append(f"```python\n{cell.source}\n```")
            parts += [output.data["text/markdown"] for output in cell.outputs]
    bare = re.sub(r"<!-- (result|end) -->\n?", "", PAGE)
    assert re.sub(r"\n+", "\n", "\n".join(parts)) == re.sub(r"\n+", "\n", bare).strip()


def test_every_answer_is_there_and_nothing_that_changes_from_run_to_run() -> None:
    code = [cell for cell in read(COMMITTED).cells if cell.cell_type == "code"]
    assert len(code) == PAGE.count("```python")
    assert [bool(cell.outputs) for cell in code] == [False] + [True] * (len(code) - 1)
    assert not any(cell.execution_count for cell in code)
    assert not any(output.execution_count for cell in code for output in cell.outputs)


def test_a_kernel_that_runs_the_notebook_from_top_to_bottom_gets_the_results_that_stand_in_it() -> None:
    book = read(COMMITTED)
    stated = outputs(book)
    book.cells.insert(0, nbformat.v4.new_code_cell(SHOW))
    where = {"metadata": {"path": str(ROOT)}}
    NotebookClient(book, timeout=120, kernel_name="python3", resources=where).execute()
    assert outputs(book)[1:] == stated


@given(st.lists(words | blocks, max_size=6))
def test_every_page_becomes_a_valid_notebook_with_its_parts(parts: list[Any]) -> None:
    page = ""
    for part in parts:
        if isinstance(part, str):
            page += f"\n{part}\n\n"
        else:
            page += f"```python\n{part['code']}\n```\n"
            page += "" if part["result"] is None else f"\n<!-- result -->\n{part['result']}\n<!-- end -->\n"
    book = read(notebook(page))
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    given_code = [part for part in parts if not isinstance(part, str)]
    assert [cell.source.strip("\n") for cell in code] == [part["code"].strip("\n") for part in given_code]
    assert outputs(book) == [[] if part["result"] is None else [part["result"].strip()] for part in given_code]


@pytest.mark.parametrize("page", ["", "\n\n", "only text\n", "```sh\nls\n```\n"])
def test_a_page_without_python_is_a_notebook_of_text(page: str) -> None:
    book = read(notebook(page))
    nbformat.validate(book)
    assert all(cell.cell_type == "markdown" and cell.source.strip() for cell in book.cells)
