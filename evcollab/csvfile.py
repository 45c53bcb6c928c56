"""Reading and writing a table's CSV file as text (RFC 4180), with the line of every record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from evcollab.errors import BadCell, DataError

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


def write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write canonical CSV: comma, LF, quotes only where needed, one final newline."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
