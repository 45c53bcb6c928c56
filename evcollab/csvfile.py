"""Reading and writing a table's CSV file as text (RFC 4180), with the line of every record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from evcollab.errors import BadCell, DataError

if TYPE_CHECKING:
    import pandas as pd


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


def read_fast(data: bytes, columns: Sequence[str], missing: frozenset[str]) -> dict[str, pd.Series] | None:
    """Read the columns of a plainly written CSV file many times as fast as `read`.

    Args:
        data: the bytes of the file.
        columns: the columns that the header must have, in order.
        missing: the texts that stand for a missing value.

    Returns:
        Column → its cells as `str`; None if anything is unusual, so that `read` has to look at the file.
    """
    plain = not any(mark in data for mark in (b"\r", b"\x00", _MARK)) and data.endswith(b"\n")
    if not plain or not data.startswith((",".join(columns) + "\n").encode()) or not _well_quoted(data):
        return None
    try:
        try:
            series = _parse_with_arrow(data, columns, missing)
        except ImportError:
            series = _parse_with_pandas(data, columns, missing)
    except ValueError:  # both parsers' errors are of this kind
        return None
    return series if len(series[columns[0]]) + 1 == data.count(b"\n") else None


def _well_quoted(data: bytes) -> bool:
    """Tell whether every quote opens a cell, closes one, or stands doubled inside one."""
    import numpy as np

    letters = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(letters == ord('"'))
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    after = np.isin(letters[closing + 1], [ord(","), ord("\n")])
    before = np.isin(letters[opening - 1], [ord(","), ord("\n")])
    doubled = opening[1:] == closing[:-1] + 1
    return bool(
        np.all(before[1:] | doubled) and np.all(after[:-1] | doubled) and np.all(before[:1]) and np.all(after[-1:])
    )


def _parse_with_arrow(data: bytes, columns: Sequence[str], missing: frozenset[str]) -> dict[str, pd.Series]:
    import pandas as pd
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    table = arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(use_threads=False),  # a process that ends at once must not abort
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.large_string()),
            null_values=sorted(missing),
            strings_can_be_null=True,
        ),
    )
    return {name: pd.Series(pd.array(table[name], dtype="str")) for name in columns}


_MARK = b"\x1f"
"""Put behind every line for pandas, which fills up short rows without a word: where it does not end up in the last
column, a row is ragged."""


def _parse_with_pandas(data: bytes, columns: Sequence[str], missing: frozenset[str]) -> dict[str, pd.Series]:
    import pandas as pd

    frame = pd.read_csv(
        io.BytesIO(data.replace(b"\n", b"," + _MARK + b"\n")),
        header=None,
        skiprows=1,
        names=[*columns, _MARK.decode()],
        usecols=range(len(columns) + 1),
        dtype="str",
        index_col=False,
        skip_blank_lines=False,
        keep_default_na=False,
        na_values=sorted(missing),
    )
    if frame[_MARK.decode()].ne(_MARK.decode()).any():
        raise ValueError("ragged rows")
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
