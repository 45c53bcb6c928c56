"""Everything that is generated in a checkout, made from its data, its schemas and the rules: `evcollab build`.

| file | made from |
|---|---|
| the numbers in `README.md`, `docs/coverage.md`, `docs/pictures/` | the data |
| `docs/questions.md`: the result below each block of code | the code in it, run on the data |
| `docs/questions.ipynb`: the same as a notebook | that page |
| `docs/rules.md` | the catalogue of rules |
| the JSON Schema of contributions, the issue forms | the Table Schemas |
| `CITATION.cff`, `.zenodo.json` | the descriptor |
"""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import evcollab
from evcollab import atomic, publication
from evcollab.contributions.formatting import derived_files
from evcollab.dataset import Dataset
from evcollab.questions.coverage import held_on, in_short
from evcollab.text import markdown_table
from evcollab.types import number_text
from evcollab.validation import manual

COMMAND = "evcollab build"
README, DOCS, PICTURES = "README.md", "docs", "docs/pictures"
QUESTIONS, COVERAGE, RULES = "docs/questions.md", "docs/coverage.md", "docs/rules.md"
NOTEBOOK = "docs/questions.ipynb"
NUMBERS = re.compile(r"(<!-- coverage -->\n).*?(<!-- end -->)", re.DOTALL)
"""The place in the README for the coverage in short."""
_CODE = r"```python\n(?P<code>[^`]+)```\n"
_RESULT = r"\n<!-- result -->\n(?P<result>.*?)<!-- end -->"
ANSWER = re.compile(_CODE + _RESULT, re.DOTALL)
"""A block of code in a page with the place for its result."""
_BLOCK = re.compile(rf"{_CODE}(?:{_RESULT})?", re.DOTALL)
ROWS, ITEMS, CELL = 10, 6, 70
"""So many rows of a result are shown, items of a list, and letters of a cell."""


def build(path: Path, *, check: bool = False) -> list[str]:
    """Write everything generated anew, or tell what is stale.

    A file is made where it has its place: the README and `docs/questions.md` (with its notebook) if they are there, the
    other pages if there is a folder `docs`, the schema of contributions and the issue forms if the package has them.
    Text files change all together or not at all. The code in `docs/questions.md` is run.

    Args:
        path: the folder of the package, or its `datapackage.json`.
        check: write nothing. Pictures are not compared: their bytes depend on the version of the drawing library.

    Returns:
        The files that were, or with `check` would be, written, relative to the package.

    Raises:
        PackageError, DataError: the package cannot be read.
        EvcollabError: the code of an answer fails, or a file cannot be read or written.
        MissingExtraError: an extra is not installed.
    """
    ds = evcollab.load(path)
    root = ds.package.root
    wanted = {file: text.encode("utf-8") for file, text in _pages(root, ds).items()}
    try:
        wanted |= publication.renewed(ds.package.descriptor, publication.read(root))
    except OSError as error:
        raise evcollab.EvcollabError(f"{error.filename} cannot be read: {error.strerror}") from None
    stale = {
        file: data for file, data in wanted.items() if not (root / file).is_file() or (root / file).read_bytes() != data
    } | derived_files(ds.package)
    if check:
        return list(stale)
    try:
        atomic.replace_files(root, stale)
    except OSError as error:
        raise evcollab.EvcollabError(f"{root}: nothing was written: {error.strerror or error}") from None
    if not (root / DOCS).is_dir():
        return list(stale)
    from evcollab.pictures import save_all

    return [*stale, *(file.relative_to(root).as_posix() for file in save_all(ds, root / PICTURES))]


def _pages(root: Path, ds: Dataset) -> dict[str, str]:
    """The pages of a checkout as they should be: file → text."""
    found: dict[str, str] = {}
    if (root / README).is_file():
        numbers = "".join(f"- {line}\n" for line in in_short(ds))
        found[README] = NUMBERS.sub(lambda mark: mark[1] + numbers + mark[2], _read(root / README))
    if (root / QUESTIONS).is_file():
        found[QUESTIONS] = answered(_read(root / QUESTIONS), ds)
        found[NOTEBOOK] = notebook(found[QUESTIONS])
    if (root / DOCS).is_dir():
        found |= {COVERAGE: coverage_page(ds), RULES: manual.markdown() + "\n"}
    return found


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise evcollab.EvcollabError(f"{file} cannot be read: {error}") from None


def answered(page: str, ds: Dataset) -> str:
    """A page with the result of each block of code filled in below it.

    Args:
        page: Markdown with blocks of code as in `ANSWER`. Each runs by itself with `ds` and `pd`; the value of its
            last line is the result.
        ds: the data set that `ds` is.
    """

    def with_result(block: re.Match[str]) -> str:
        result = shown(run(block["code"], ds))
        return f"```python\n{block['code']}```\n\n<!-- result -->\n{result}<!-- end -->"

    return ANSWER.sub(with_result, page)


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


def run(code: str, ds: Dataset) -> Any:
    """The value of the last expression of some lines of code, with `ds` and `pd` at hand.

    Raises:
        EvcollabError: the code is wrong or fails, or its last line is not an expression.
    """
    names: dict[str, Any] = {"ds": ds, "pd": pd}
    try:
        lines = ast.parse(code).body
        if lines and isinstance(lines[-1], ast.Expr):
            exec(compile(ast.Module(lines[:-1], []), "<page>", "exec"), names)
            return eval(compile(ast.Expression(lines[-1].value), "<page>", "eval"), names)
    except (Exception, SystemExit) as error:
        raise evcollab.EvcollabError(f"this code fails with {type(error).__name__}: {error}\n{code}") from error
    raise evcollab.EvcollabError(f"the last line of this code gives no result:\n{code}")


def shown(value: Any, rows: int = ROWS) -> str:
    """A result as Markdown: a table of its first rows for a frame, with its index if that has a name."""
    if isinstance(value, pd.Series):
        value = value.to_frame()
    if not isinstance(value, pd.DataFrame):
        return f"`{value}`\n"
    if any(value.index.names):
        value = value.reset_index()
    if value.empty:
        return "No rows.\n"
    cells = [[_cell(cell) for cell in row] for row in value.head(rows).astype("object").itertuples(index=False)]
    more = f"\n\n… and {len(value) - rows} more rows." if len(value) > rows else ""
    return markdown_table([str(name) for name in value.columns], cells) + more + "\n"


def coverage_page(ds: Dataset) -> str:
    """The page that tells what the register holds, what it lacks, and how well it is founded."""
    counts = ds.coverage()
    names = pd.concat([frame.set_index(frame.columns[0])["name"] for frame in (ds.countries, ds.organisations)])

    def crossed(measure: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        chosen = counts[counts["measure"] == measure]
        table = chosen.pivot_table(index="group", columns="subgroup", values="value", aggfunc="sum", fill_value=0)
        if columns is not None:
            table = table.reindex(columns=[name for name in columns if name in table.columns])
        return table.astype("Int64").rename_axis(columns=None)

    def every_row(table: pd.DataFrame, index: str, total: bool = False) -> str:
        table = table.assign(total=table.sum(axis=1)) if total else table
        return shown(table.rename_axis(index=index).replace({0: pd.NA}), rows=len(table))

    categories = [*ds.package.schema("policy_targets").field("vehicle_category").categories, "charging"]
    targets = crossed("targets", categories)
    targets.index = targets.index.map(lambda code: str(names.get(code, code)))
    sources = crossed("rows_by_sources", ["1", "2+"]).reindex(columns=["1", "2+"], fill_value=0)
    sources = sources.assign(share=(100 * sources["2+"] / sources.sum(axis=1)).round().astype("Int64"))
    sources = sources.set_axis(["rows with one source", "with two or more", "percent with two or more"], axis=1)
    parts = [
        "# What the register covers, and what it does not",
        f"Made from the data by `{COMMAND}`: {len(ds.events)} events, {len(ds.policy_targets)} targets, "
        f"{len(ds.sources)} sources. An empty cell is a zero. `ds.coverage()` gives the numbers.",
        "![World map of the events and targets on record](pictures/map.svg)",
        "## Events by year and region of the place",
        "![Timeline of events](pictures/timeline.svg)",
        every_row(crossed("events").T.sort_index(ascending=False), "year", total=True),
        "## Countries by region",
        "Countries and areas of ISO 3166-1 that were at an event on record, or its place, and that have set a target.",
        every_row(crossed("countries", ["both", "event only", "target only", "neither"]), "region", total=True),
        "### Blank spots: neither an event nor a target",
        _blank_spots(ds),
        "## How well it is founded",
        "Sources by tier: the instrument or organiser itself; those who report it; those who list what others report.",
        every_row(crossed("sources").sum(axis=1).rename("sources").to_frame(), "tier"),
        "Rows by the number of sources that support them:",
        every_row(sources, "table"),
        "Cells on which sources disagree. All values stand in `ds.conflicts()`; none is hidden.",
        every_row(crossed("conflicts").sum(axis=1).rename("cells").to_frame(), "table"),
        "## Targets by country and vehicle category",
        "All versions, also those superseded or withdrawn.",
        every_row(targets.sort_index(), "country or group", total=True),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _blank_spots(ds: Dataset) -> str:
    countries = ds.countries
    blank = countries[(held_on(ds) == "neither").to_numpy()]
    region = blank["region"].astype("str").fillna("No region in UN M49")
    groups = blank["name"].groupby(region)
    return "\n".join(f"- **{name}** ({len(each)}): {'; '.join(sorted(each))}" for name, each in groups) or "None."


def _cell(value: Any) -> str:
    if isinstance(value, list):
        more = f" … ({len(value)})" if len(value) > ITEMS else ""
        return ", ".join(map(str, value[:ITEMS])) + more
    if pd.isna(value):
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    text = number_text(value) if isinstance(value, float) else str(value)
    return text if len(text) <= CELL or text.startswith("http") else text[: CELL - 1] + "…"
