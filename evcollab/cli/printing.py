"""Rows on a terminal or into a pipe, in the format asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evcollab import csvfile, types
from evcollab.cli import screens
from evcollab.text import markdown_table, plain, unformula

if TYPE_CHECKING:
    import pandas as pd

FORMATS = ("table", "csv", "json", "markdown")
CELL_WIDTH = 40


def say(text: str) -> None:
    """Print a text; on a terminal, what would control it is shown as its code, and so is what it cannot show."""
    if sys.stdout.isatty():
        text = "\n".join(plain(line) for line in text.split("\n"))
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def rows(header: Sequence[str], cells: Sequence[Sequence[str]], form: str, *, total: int, keep_empty: bool) -> None:
    """Print rows of text.

    Args:
        header: names of the columns.
        cells: the rows.
        form: one of `FORMATS`.
        total: how many rows there are, of which these are some.
        keep_empty: whether the table for people has columns without any value.
    """
    if form == "csv":
        say(csvfile.write(header, [[unformula(cell) for cell in row] for row in cells]).removesuffix("\n"))
    elif form == "json":
        say(json.dumps([dict(zip(header, row, strict=True)) for row in cells], ensure_ascii=False, indent=2))
    elif form == "markdown":
        say(markdown_table(header, cells))
    else:
        kept = [n for n in range(len(header)) if keep_empty or any(row[n] for row in cells)]
        table = [[plain(row[n]) for n in kept] for row in cells]
        say(screens.text_table([header[n] for n in kept], table, CELL_WIDTH))
        empty = len(header) - len(kept)
        say(f"{len(cells)} of {total} rows" + (f"; {empty} empty columns left out" if cells and empty else ""))


def frame(found: pd.DataFrame, form: str, limit: int | None = None) -> None:
    """Print an answer; in JSON its numbers, lists and gaps keep their kind."""
    shown = found if limit is None else found.head(max(limit, 0))
    records = list(shown.astype("object").itertuples(index=False))
    header = [str(name) for name in found.columns]
    if form == "json":
        values = [dict(zip(header, map(_plain_value, record), strict=True)) for record in records]
        say(json.dumps(values, ensure_ascii=False, indent=2))
        return
    rows(
        header, [[types.shown(cell) for cell in record] for record in records], form, total=len(found), keep_empty=False
    )


def _plain_value(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, list):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return types.shown(value)
