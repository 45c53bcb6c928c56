"""The first layer: files as bytes. Nothing here may fail, whatever a file holds."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from evcollab import csvfile, package
from evcollab.canonical import canonical
from evcollab.errors import did_you_mean
from evcollab.package import Schema
from evcollab.validation.data import Row, Table
from evcollab.validation.found import Found
from evcollab.validation.limits import Limits

_ZERO_WIDTH = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d"
    "\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_BIDIRECTIONAL = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NON_BREAKING = "\u00a0\u2007\u2011\u202f"
_CONTROL = "\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f"
_BREAK = "\n\r\u2028\u2029"
_LOST = "\ufffd"
_CHARACTERS = {
    "cell-control-character": re.compile(f"[{_CONTROL}]"),
    "cell-line-break": re.compile(f"[{_BREAK}]"),
    "cell-zero-width-character": re.compile(f"[{_ZERO_WIDTH}]"),
    "cell-bidirectional-character": re.compile(f"[{_BIDIRECTIONAL}]"),
    "cell-non-breaking-character": re.compile(f"[{_NON_BREAKING}]"),
    "file-encoding": re.compile(_LOST),
}
_SUSPECT = re.compile(f"[{_CONTROL}{_BREAK}{_ZERO_WIDTH}{_BIDIRECTIONAL}{_NON_BREAKING}{_LOST}]")
_SPACES = " \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000"
_JOINERS = "\u200c\u200d"
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*%?", re.ASCII)
_FORMULA = "=+-@\t\r"


def read_bytes(root: Path, file: str, found: Found, limits: Limits, table: str = "") -> bytes | None:
    """The bytes of a file of the package; None, and a finding, if there are none to be had."""
    path = root / file
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            found.add(
                "descriptor-unsafe-path", "leads out of the package; expected a file inside it", file=file, table=table
            )
            return None
        if not path.is_file():
            found.add("file-missing", "is not there; expected a file", file=file, table=table)
            return None
        size = path.stat().st_size
        if size > limits.file_bytes:
            message = f"has {size:,} bytes; expected at most {limits.file_bytes:,}"
            found.add("limit-exceeded", message, file=file, table=table)
            return None
        with path.open("rb") as stream:
            return stream.read(limits.file_bytes)
    except (OSError, ValueError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        found.add("file-missing", f"cannot be read: {reason}", file=file, table=table)
        return None


def decode(data: bytes, file: str, found: Found, table: str = "") -> str | None:
    """The text of a file, with U+FFFD for what is not UTF-8; None, and a finding, if it is no text at all."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(b"\0") * 10 > len(data):
        found.add("file-encoding", "is not UTF-8 but UTF-16 or binary; expected UTF-8 text", file=file, table=table)
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        found.add("file-bom", "begins with a byte order mark; expected none", file=file, table=table)
        data = data[3:]
    return data.decode("utf-8", "replace")


_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\n"
_QUOTED = re.compile(rb'"(?<=[,\n]")[^",\n]*(?:,|"")(?:[^"\n]|"")*+"(?=[,\n])')
_UNUSUAL = re.compile(f"[{_CONTROL}\r\u2028\u2029{_ZERO_WIDTH}{_BIDIRECTIONAL}{_NON_BREAKING}{_LOST}{_SPACES[1:]}]")
_PIECE = 4_000_000


def is_plain(data: bytes, schema: Schema, limits: Limits) -> bool:
    """Tell whether a table's file is written as any reader of CSV understands it, so that a quick one may take it.

    It has the header of the schema, one line for each record, quotes only where they are needed, no invisible and no
    broken letter. Not looked at: rows that are too short, order, and what begins or ends a cell.
    """
    header = (",".join(schema.fields) + "\n").encode()
    if not data.startswith(header) or not data.endswith(b"\n") or data.count(b"\n") - 1 > limits.rows:
        return False
    if b"\n\n" in data or b"  " in data:
        return False
    bare = _QUOTED.sub(b"", data) if b'"' in data else data
    if b'"' in bare or bare.count(b",") != (len(schema.fields) - 1) * data.count(b"\n"):
        return False
    del bare
    if data.isascii():
        return not data.translate(None, _PRINTABLE)
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + _PIECE) + 1 or len(data)
        try:
            text = data[start:end].decode("utf-8")
        except UnicodeDecodeError:
            return False
        if not unicodedata.is_normalized("NFC", text) or any(
            not _joins_letters(text, match.start()) for match in _UNUSUAL.finditer(text)
        ):
            return False
        start = end
    return True


def read_table(data: bytes, file: str, schema: Schema, found: Found, limits: Limits) -> Table | None:
    """Check a table's file and read its records.

    Returns:
        The records that can be told apart, with trimmed cells; None if the header does not fit the schema.
    """
    before = len(found.issues)
    table = Table(schema, file)
    text = decode(data, file, found, schema.table)
    if text is None:
        return None
    rows = _parse(text, table, found, limits)
    header = rows[0][1] if rows else []
    usable = _check_header(header, table, found)
    for line, cells in rows[1:]:
        row = _check_row(line, cells, header, usable, table, found, limits)
        if row is not None:
            table.rows.append(row)
    _check_line_ends(text, [cell for _, cells in rows for cell in cells], table, found)
    if not usable:
        return None
    if len(found.issues) == before:
        _check_canonical(text, rows, table, found)
    return table


def _parse(text: str, table: Table, found: Found, limits: Limits) -> list[tuple[int, list[str]]]:
    previous = csv.field_size_limit(max(limits.file_bytes, limits.cell_characters))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            if len(rows) > limits.rows:
                message = f"has more than {limits.rows:,} records; the rest was not read"
                found.add("limit-exceeded", message, file=table.file, line=start, table=table.name)
                table.complete = False
                break
            rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        what = "opens a quote that is never closed" if "end of data" in str(error) else f"is not CSV: {error}"
        message = f"the record that begins here {what}; the rest was not read"
        found.add("file-not-csv", message, file=table.file, line=start, table=table.name)
        table.complete = False
    finally:
        csv.field_size_limit(previous)
    return rows


def _check_header(header: list[str], table: Table, found: Found) -> bool:
    expected = list(table.schema.fields)
    unknown = [name for name in header if name not in expected]
    twice = [name for name, count in Counter(header).items() if count > 1 and name in expected]
    missing = [name for name in expected if name not in header]
    at_header = partial(found.add, file=table.file, table=table.name)
    lacks = f"; missing: {', '.join(missing)}" if missing else ""
    for name in unknown:
        if name:
            near = did_you_mean(name.strip(), missing or expected)
            message = f"there is no column {name!r} in {table.name}{near if 'did you mean' in near else lacks}"
        else:
            position = header.index(name) + 1
            message = f"column {position} has no name; expected {', '.join(missing) or 'no such column'}"
        at_header("header-column-unknown", message, column=name, value=name)
    for name in twice:
        at_header("header-column-duplicate", f"stands twice in the header{lacks}", column=name, value=name)
    if unknown or twice:
        return False
    if not header:
        at_header("header-column-missing", f"the file is empty; expected the header {', '.join(expected)}")
        return False
    for name in missing:
        at_header("header-column-missing", "is missing from the header", column=name)
    if not missing and header != expected:
        at_header("header-order", f"the columns stand in another order; expected {', '.join(expected)}")
    return header == expected


def _check_row(
    line: int, cells: list[str], header: list[str], usable: bool, table: Table, found: Found, limits: Limits
) -> Row | None:
    if not cells:
        found.add("row-blank", "is empty; expected a record", file=table.file, line=line, table=table.name)
        return None
    fits = len(cells) == len(header)
    row = Row(table, line, {name: cell.strip() for name, cell in zip(header, cells, strict=False)})
    record = row.key if fits and usable else ""
    if usable and not fits:
        message = f"has {len(cells)} cells; expected {len(header)}, the last is {header[-1]}"
        found.add("row-ragged", message, file=table.file, line=line, table=table.name)
        table.complete = False
    for number, cell in enumerate(cells):
        if not cell or (
            cell.isascii()
            and cell.isprintable()
            and cell[0].isalnum()
            and cell[-1] != " "
            and len(cell) <= limits.cell_characters
        ):
            continue
        column = header[number] if number < len(header) else ""
        for rule, message in _check_cell(cell, limits):
            if rule == "cell-untrimmed" and not fits:  # most often the comma of a text
                continue
            found.add(
                rule, message, file=table.file, line=line, column=column, table=table.name, record=record, value=cell
            )
            if rule == "limit-exceeded":
                row.cells[column] = ""
            if column in table.schema.primary_key and rule not in ("cell-untrimmed", "cell-formula"):
                table.complete = fits = False  # nobody can tell which record it is
    return row if fits and usable else None


def _check_cell(cell: str, limits: Limits) -> Iterator[tuple[str, str]]:
    if len(cell) > limits.cell_characters:
        yield "limit-exceeded", f"has {len(cell):,} characters; expected at most {limits.cell_characters:,}"
        return
    if cell[0] in _FORMULA and not _NUMBER.fullmatch(cell):
        yield "cell-formula", f"begins with {_name(cell[0])}, as a formula does; expected a letter, digit or quote"
    if _SUSPECT.search(cell):
        for rule, characters in _CHARACTERS.items():
            hit = next((match for match in characters.finditer(cell) if not _joins_letters(cell, match.start())), None)
            if hit is not None:
                lost = "holds a letter that was lost in a wrong encoding" if rule == "file-encoding" else ""
                yield rule, lost or f"holds {_name(hit[0])} after {cell[: hit.start()][-20:]!r}"
    if cell.strip(_SPACES) != cell:
        yield "cell-untrimmed", "has a space at its beginning or end; expected none"


def _joins_letters(cell: str, position: int) -> bool:
    """Whether a joiner stands between letters of a script that needs it, as in Persian or Sinhala."""
    around = cell[position - 1 : position] + cell[position + 1 : position + 2]
    return (
        cell[position] in _JOINERS
        and position > 0
        and len(around) == 2
        and all(ord(letter) > 0x590 and unicodedata.category(letter)[0] in "LM" for letter in around)
    )


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = {"\t": "a tab", "\r": "a carriage return", "\n": "a line feed"}.get(character)
    if name or character.isprintable():
        return name or repr(character)
    known = unicodedata.name(character, "a control character").lower()
    return f"{known} ({code})"


def _check_line_ends(text: str, cells: list[str], table: Table, found: Found) -> None:
    at_line = partial(found.add, "file-line-ends", file=table.file, table=table.name)
    if text.count("\r") > sum(cell.count("\r") for cell in cells):
        line = text.count("\n", 0, text.index("\r")) + 1
        at_line("ends with a carriage return; expected LF alone", line=line)
    elif text and not text.endswith("\n"):
        line = text.count("\n") + 1
        at_line("the last line has no end; expected LF", line=line)


def _check_canonical(text: str, rows: list[tuple[int, list[str]]], table: Table, found: Found) -> None:

    records = canonical([cells for _, cells in rows[1:]], table.schema)
    wanted = csvfile.write(list(table.schema.fields), records)
    if wanted == text:
        return
    lines, right = text.split("\n"), wanted.split("\n")
    number = next(
        (n for n, (a, b) in enumerate(zip(lines, right, strict=False)) if a != b), min(len(lines), len(right))
    )
    message = "is not in canonical form (order of rows, quotes, spaces or composed letters)"
    if sorted(lines) == sorted(right):
        message = f"the rows are not sorted by {', '.join(table.schema.primary_key)}; this is the first out of order"
    found.add("not-canonical", message, file=table.file, line=number + 1, table=table.name)


def is_safe(path: str) -> bool:
    """Tell whether a path in the descriptor stays inside the package and can be a file name."""
    return package.is_safe(path) and "\0" not in path and len(path) < 1000
