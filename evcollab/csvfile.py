"""Reading and writing a table's CSV file as text (RFC 4180), with the line of every record."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from evcollab import characters
from evcollab.errors import did_you_mean
from evcollab.files import decode
from evcollab.issues import Issue, problem
from evcollab.limits import DEFAULT, Limits
from evcollab.table import Row, Table
from evcollab.tableschema import Schema
from evcollab.text import tidy

FIXED_BY_FORMAT = frozenset({"cell-untrimmed", "file-bom", "header-order", "row-blank"})
"""Rules that make loading refuse a table although nothing of it is lost."""
_QUOTED = re.compile(rb'"(?<=[,\n]")(?![ =@+-])[^",\n]*(?:,|"")(?:[^"\n]|"")*+"(?<! ")(?=[,\n])')
"""A quoted cell that needs its quotes, does not begin as a formula, and has no space at either end."""
_SIGNS = bytes.maketrans(b"=@+-", b"    ")
_PLAIN = bytes(range(ord(" "), 0x7F)) + b"\n"
_PIECE = 2_000_000


def read_table(data: bytes, file: str, schema: Schema, limits: Limits = DEFAULT) -> tuple[Table | None, list[Issue]]:
    """Read the bytes of a table's file carefully. Nothing is converted or trimmed; columns come in schema order.

    Args:
        data: the bytes.
        file: their file, relative to the package.
        schema: what its columns are.
        limits: sizes beyond which something is not read but reported.

    Returns:
        The records that can be told apart, None if the header does not have the columns of the schema; and all that
        is wrong with the bytes, the header, the rows and the characters. Issues of severity `error` are those with
        which loading refuses the table.
    """
    if (rows := _clean_rows(data, schema, limits)) is not None:
        return Table(schema, file, rows, range(2, len(rows) + 2)), []
    reading = _Reading(Table(schema, file), limits)
    text, reading.found = decode(data, file, schema.table)
    if text is None:
        return None, reading.found
    if long := _first_long_line(text, limits.line_characters):
        message = f"has {long[1]:,} characters; expected at most {limits.line_characters:,}"
        reading.report("limit-exceeded", message, line=long[0])
        return None, reading.found
    reading.is_lossy = "\ufffd" in text and b"\xef\xbf\xbd" not in data
    return reading.read(text), reading.found


def _clean_rows(data: bytes, schema: Schema, limits: Limits) -> list[Row] | None:
    """The rows of a table in which there is nothing to report; None if there may be."""
    width = len(schema.fields)
    if width * data.count(b"\n") > limits.cells or not is_clean(data, schema, limits):
        return None
    _, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    return rows if all(len(row) == width for row in rows) else None


def with_commas(data: bytes, schema: Schema) -> bytes:
    """The bytes of a table that a spreadsheet separated with semicolons, separated with commas; others as they are."""
    first = data.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].strip().decode("utf-8", "replace")
    if len(schema.fields) < 2 or set(first.replace('"', "").split(";")) != set(schema.fields):
        return data
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    return write(rows[0], rows[1:]).encode()


def _first_long_line(text: str, longest: int) -> tuple[int, int] | None:
    """The first line that is too long for a record: its number and length."""
    start, line = 0, 1
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > longest:
            return line, end - start
        start, line = end + 1, line + 1
    return None


class _Reading:
    """The reading of one table: what is known of it so far."""

    def __init__(self, table: Table, limits: Limits) -> None:
        self.table, self.limits = table, limits
        self.found: list[Issue] = []
        self.is_lossy = False
        self.report = partial(self._report)

    def _report(self, rule: str, message: str, **place: Any) -> None:
        loads = rule == "file-line-ends" or rule.startswith("cell-") or (rule == "file-encoding" and not self.is_lossy)
        place.setdefault("severity", "warning" if loads else "error")
        self.found.append(problem(rule, message, file=self.table.file, table=self.table.name, **place))

    def read(self, text: str) -> Table | None:
        """Read the text of the file; None if its header does not have the columns of the schema."""
        table, records = self.table, self.records(text)
        first = next(records, (1, []))
        order = self.header(first[1])
        header = [tidy(name) for name in first[1]]
        lines: list[int] = []
        returns = sum(cell.count("\r") for cell in first[1])
        for line, cells in records:
            returns += sum(cell.count("\r") for cell in cells)
            row = self.row(line, cells, header, order)
            if row is not None:
                table.rows.append(row)
                lines.append(line)
            if len(self.found) > self.limits.issues:
                self.stop(line, f"has more than {self.limits.issues:,} problems; the rest was not looked at")
                break
        else:
            self.line_ends(text, returns)
        table.lines = lines
        return None if order is None else table

    def stop(self, line: int, message: str) -> None:
        """Report that the rest of the file is not read."""
        self.report("limit-exceeded", message, line=line)
        self.table.complete = False

    def records(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """The records with the line on which each begins, the header first."""
        limits = self.limits
        previous = csv.field_size_limit(max(limits.file_bytes, limits.cell_characters))
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        start, count, cells_read = 1, 0, 0
        try:
            for cells in reader:
                cells_read += len(cells)
                if count > limits.rows or cells_read > limits.cells:
                    what = f"{limits.rows:,} records" if count > limits.rows else f"{limits.cells:,} cells"
                    self.stop(start, f"has more than {what}; the rest was not read")
                    return
                yield start, cells
                start, count = reader.line_num + 1, count + 1
        except csv.Error as error:
            what = "opens a quote that is never closed" if "end of data" in str(error) else f"is not CSV: {error}"
            message = f"the record that begins here {what}; the rest was not read"
            self.report("file-not-csv", message, line=start)
            self.table.complete = False
        finally:
            csv.field_size_limit(previous)

    def header(self, found: list[str]) -> list[int] | None:
        """For each column of the schema its position in the header; None if they are not the same columns."""
        expected = list(self.table.schema.fields)
        if len(found) > self.limits.columns:
            self.stop(1, f"has {len(found):,} columns; expected at most {self.limits.columns:,}")
            return None
        header = [tidy(name) for name in found]
        if len(header) == 1 < len(expected) and set(header[0].split(";")) == set(expected):
            self.report("file-not-csv", "is separated with semicolons; expected commas: `evcollab format` converts it")
            return None
        unknown = [name for name in header if name not in self.table.schema.fields]
        twice = [name for name, count in Counter(header).items() if count > 1 and name not in unknown]
        missing = [name for name in expected if name not in header]
        lacks = f"; missing: {', '.join(missing)}" if missing else ""
        for name in unknown:
            if name:
                near = did_you_mean(name, missing or expected)
                message = f"there is no column {name!r} in {self.table.name}{near if 'did you mean' in near else lacks}"
            else:
                message = (
                    f"column {header.index(name) + 1} has no name; expected {', '.join(missing) or 'no such column'}"
                )
            self.report("header-column-unknown", message, column=name, value=name)
        for name in twice:
            self.report("header-column-duplicate", f"appears twice in the header{lacks}", column=name, value=name)
        if unknown or twice:
            return None
        if not header:
            message = f"the file is empty; expected the header {', '.join(expected)}"
            self.report("header-column-missing", message)
            return None
        for name in missing:
            self.report("header-column-missing", "is missing from the header", column=name)
        if missing:
            return None
        if header != expected:
            message = f"the columns are in another order; expected {', '.join(expected)}"
            self.report("header-order", message)
        for name in set(found) - set(header):
            message = "has a space at its beginning or end; expected none"
            self.report("cell-untrimmed", message, column=name.strip(), value=name, severity="error")
        return [header.index(name) for name in expected]

    def row(self, line: int, cells: list[str], header: list[str], order: list[int] | None) -> Row | None:
        """A record with its columns in schema order; None if they cannot be told."""
        table = self.table
        if not cells:
            self.report("row-blank", "is empty; expected a record", line=line)
            return None
        fits = len(cells) == len(header)
        row = [cells[number] for number in order] if order is not None and fits else None
        if order is not None and not fits:
            message = f"has {len(cells)} cells; expected {len(header)}, the last is {header[-1]}"
            self.report("row-ragged", message, line=line)
            table.complete = False
        if characters.is_unremarkable(cells) and max(map(len, cells)) <= self.limits.cell_characters:
            return row
        record = table.key(row) if row is not None else ""
        for number, cell in enumerate(cells):
            column = header[number] if number < len(header) else ""
            for rule, message in self.cell(cell):
                if rule == "cell-untrimmed" and not fits:  # most often the comma of a text
                    continue
                self.report(rule, message, line=line, column=column, record=record, value=cell)
                if rule == "limit-exceeded" and row is not None:
                    row[table.columns[column]] = ""
                if column in table.schema.primary_key and rule not in ("cell-untrimmed", "cell-formula"):
                    table.complete = False  # nobody can tell which record it is
        return row

    def cell(self, cell: str) -> Iterator[tuple[str, str]]:
        """What is wrong with a cell."""
        if len(cell) > self.limits.cell_characters:
            yield "limit-exceeded", f"has {len(cell):,} characters; expected at most {self.limits.cell_characters:,}"
        elif cell:
            yield from characters.problems(cell)

    def line_ends(self, text: str, returns_in_cells: int) -> None:
        """Report line ends other than LF."""
        if text.count("\r") > returns_in_cells:
            line = text.count("\n", 0, text.index("\r")) + 1
            self.report("file-line-ends", "ends with a carriage return; expected LF alone", line=line)
        elif text and not text.endswith("\n"):
            self.report("file-line-ends", "the last line has no end; expected LF", line=text.count("\n") + 1)


def is_clean(data: bytes, schema: Schema, limits: Limits = DEFAULT) -> bool:
    """Tell whether a table's file is written as any reader of CSV understands it, so that a quick one may take it.

    It has the header of the schema, one line for each record, quotes only where they are needed, no invisible and no
    broken letter, no cell with a space at its beginning or end or with what begins a formula. Not looked at: rows that
    are too short, and order.
    """
    header = (",".join(schema.fields) + "\n").encode()
    if not data.startswith(header) or not data.endswith(b"\n") or data.count(b"\n") - 1 > limits.rows:
        return False
    pieces = _pieces(data, len(header) - 1)
    return all(_is_clean_piece(piece, len(schema.fields) - 1, limits.cell_characters) for piece in pieces)


def _pieces(data: bytes, start: int) -> Iterator[bytes]:
    """Some lines after the other, each time with the end of the line before; no call on one keeps threads waiting."""
    while start < len(data) - 1:
        end = data.find(b"\n", start + _PIECE) + 1 or len(data)
        yield data[start:end]
        start = end - 1


def _is_clean_piece(piece: bytes, commas: int, longest: int) -> bool:
    if b"\n\n" in piece or b"  " in piece:
        return False
    bare = _QUOTED.sub(b"", piece) if b'"' in piece else piece
    if b'"' in bare or bare.count(b",") != commas * (piece.count(b"\n") - 1):
        return False
    if b" ," in bare or b" \n" in bare:
        return False
    signs = bare.translate(_SIGNS)
    if b", " in signs or b"\n " in signs:
        return False
    if not piece.translate(None, _PLAIN):
        return _has_short_lines(piece, longest)
    try:
        return characters.is_clean(piece.decode("utf-8").split("\n"), longest)
    except UnicodeDecodeError:
        return False


def _has_short_lines(piece: bytes, longest: int) -> bool:
    start = 0
    while start < len(piece) - 1:
        end = piece.rfind(b"\n", start + 1, start + longest + 2)
        if end < 0:
            return False
        start = end
    return True


def is_plain(data: bytes, schema: Schema, limits: Limits = DEFAULT) -> bool:
    """Tell in one pass whether a quick reader may take a file: it then reads what `read_table` reads.

    The header is that of the schema, lines end with LF, none is blank or too long, quotes are well placed. Rows may
    still be ragged and bytes may not be UTF-8: quick readers refuse that themselves.
    """
    header = (",".join(schema.fields) + "\n").encode()
    odd = b"\r" in data or b"\x00" in data
    return not odd and data.endswith(b"\n") and data.startswith(header) and _is_well_laid(data, limits)


def _is_well_laid(data: bytes, limits: Limits) -> bool:
    """Tell whether no line is blank or long, and every quote opens a cell, closes one, or is doubled inside one."""
    import numpy as np

    letters = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(letters == ord("\n"))
    lengths = np.diff(ends, prepend=-1) - 1
    if lengths.min() == 0 or lengths.max() > min(limits.cell_characters, limits.line_characters):
        return False
    if b'"' not in data:
        return True
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


def write(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write canonical CSV: comma, LF, quotes only where needed, one final newline."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    careful = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)  # the other leaves a lone \r bare
    writer.writerow(header)
    for has_returns, some in groupby(rows, lambda row: "\r" in "".join(row)):
        (careful if has_returns else writer).writerows(some)
    return out.getvalue()
