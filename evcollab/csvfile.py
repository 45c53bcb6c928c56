"""Reading and writing a table's CSV file as text (RFC 4180), with the line of every record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evcollab.errors import BadCell, DataError

if TYPE_CHECKING:
    import pandas as pd

BOM = "\ufeff"


@dataclass(frozen=True)
class TextTable:
    """A CSV file as text: nothing is converted, an empty cell is an empty string.

    Attributes:
        file: name of the file for messages.
        header: the column names of the first line.
        rows: the records below it, each with as many cells as its line has.
        text: the whole file.
    """

    file: str
    header: list[str]
    rows: list[list[str]]
    text: str

    @cached_property
    def lines(self) -> Sequence[int]:
        """The line, counted from 1, on which each record begins."""
        reader = csv.reader(io.StringIO(self.text, newline=""), strict=True)
        starts, start = [], 1
        for _ in reader:
            starts.append(start)
            start = reader.line_num + 1
        return starts[1:]


def read(data: bytes, file: str, table: str) -> TextTable:
    """Read the bytes of a CSV file.

    Raises:
        DataError: the bytes are not UTF-8, a quote is left open, or a cell is longer than 1,000,000 characters.
    """

    def fail(line: int, expected: str) -> DataError:
        return DataError(table, [BadCell(file, line, "", "", expected)])

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = data[error.start : error.start + 1].hex()
        raise fail(line, f"UTF-8 text; found the byte 0x{found}: save the file as UTF-8") from None
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise fail(reader.line_num, f"well-formed CSV (RFC 4180); the reader says: {error}") from None
    return TextTable(file, rows[0] if rows else [], rows[1:], text)


_MARK = "\x1f"
"""Put behind every line by `read_fast`: where it does not end up in the last column, a row is ragged."""


def read_fast(data: bytes, columns: Sequence[str], missing: frozenset[str]) -> dict[str, pd.Series] | None:
    """Read the columns of a plainly written CSV file with pandas' parser, several times as fast as `read`.

    Args:
        data: the bytes of the file.
        columns: the columns that the header must have, in order.
        missing: the texts that stand for a missing value.

    Returns:
        Column → its cells as `str`; None if anything is unusual, so that `read` has to look at the file.
    """
    import pandas as pd

    if b"\r" in data or b"\x00" in data or _MARK.encode() in data or not data.endswith(b"\n"):
        return None
    if not data.startswith((",".join(columns) + "\n").encode()):
        return None
    marked = data.replace(b"\n", f",{_MARK}\n".encode())
    names = [*columns, _MARK]

    def parse(**how: Any) -> pd.DataFrame:
        frame: pd.DataFrame = pd.read_csv(
            io.BytesIO(marked),
            header=None,
            skiprows=1,
            names=names,
            index_col=False,
            skip_blank_lines=False,
            keep_default_na=False,
            na_values=sorted(missing),
            **how,
        )
        return frame

    try:
        frame = parse(low_memory=False)  # left to itself, the parser is quickest with text
        empty = [name for name in columns if frame[name].isna().all()]
        frame[empty] = frame[empty].astype("str")
        guessed = [name for name in columns if frame[name].dtype != "str"]
        if guessed:  # but where it saw numbers or truth values, the text is wanted all the same
            frame[guessed] = parse(dtype="str", usecols=guessed)
    except (ValueError, pd.errors.ParserError):
        return None
    if len(frame) + 1 != data.count(b"\n") or (len(frame) and frame[_MARK].ne(_MARK).any()):
        return None
    return {name: frame[name] for name in columns}


def write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write canonical CSV: comma, LF, quotes only where needed, one final newline."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    careful = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)  # the other leaves a lone \r bare
    writer.writerow(header)
    for row in rows:
        (careful if "\r" in "".join(row) else writer).writerow(row)
    return out.getvalue()
