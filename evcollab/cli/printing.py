"""Rows on a terminal or into a pipe, in the format asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evcollab import csvfile, types
from evcollab.characters import unformula
from evcollab.cli import screens
from evcollab.cli.commands import option
from evcollab.questions.spans import written
from evcollab.text import markdown_table, plain
from evcollab.types import PRECISION

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("table", "records", "csv", "json", "markdown")
CELL_WIDTH = 40


FORMAT = option(
    "--format",
    choices=FORMATS,
    help="default: a table, with long cells clipped; or records, one cell per line, if the terminal is too narrow",
)


def say(text: str) -> None:
    """Print a text; on a terminal, what would control it is shown as its code, and so is what it cannot show."""
    if sys.stdout.isatty():
        text = "\n".join(plain(line) for line in text.split("\n"))
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def rows(
    header: Sequence[str],
    cells: Sequence[Sequence[str]],
    form: str | None,
    *,
    total: int,
    keep_empty: bool = False,
    values: Sequence[Sequence[Any]] = (),
) -> None:
    """Print rows of text.

    Args:
        header: names of the columns.
        cells: the rows.
        form: one of `FORMATS`; None: a table, or records if it is wider than the terminal.
        total: how many rows there are, of which these are some.
        keep_empty: whether the table for people has columns without any value.
        values: what JSON has in place of the texts.
    """
    if form == "csv":
        say(csvfile.write(header, [[unformula(cell) for cell in row] for row in cells]).removesuffix("\n"))
    elif form == "json":
        records = [dict(zip(header, row, strict=True)) for row in values or cells]
        say(json.dumps(records, ensure_ascii=False, indent=2))
    elif form == "markdown":
        say(markdown_table(header, cells))
    else:
        kept = [n for n in range(len(header)) if keep_empty or any(row[n] for row in cells)]
        names, table = [header[n] for n in kept], [[plain(row[n]) for n in kept] for row in cells]
        if form == "records":
            say(screens.records(names, table))
        elif form == "table":
            say(screens.text_table(names, table, CELL_WIDTH))
        else:
            say(screens.fitting(names, table, CELL_WIDTH))
        empty = len(header) - len(kept)
        say(f"{len(cells)} of {total} rows" + (f"; {empty} empty columns left out" if cells and empty else ""))


def frame(found: pd.DataFrame, form: str | None, limit: int | None = None) -> None:
    """Print an answer, its dates as exact as they are known; in JSON numbers, lists and gaps keep their kind."""
    shown = _partial(found if limit is None else found.head(max(limit, 0)))
    records = list(shown.astype("object").itertuples(index=False))
    cells, values = ([[to(cell) for cell in record] for record in records] for to in (types.shown, _plain_value))
    rows([str(name) for name in shown.columns], cells, form, total=len(found), values=values)


def _partial(found: pd.DataFrame) -> pd.DataFrame:
    """The frame with partial dates written as such, instead of a day with its precision beside it."""
    exact = [column for column in found.columns if f"{column}{PRECISION}" in found.columns]
    days = {column: written(found[column], found[f"{column}{PRECISION}"]) for column in exact}
    return found.assign(**days).drop(columns=[f"{column}{PRECISION}" for column in exact])


def _plain_value(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, list):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, bool | int | float | str) else types.shown(value)
