"""Contributions as a spreadsheet: a filled workbook becomes a document."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcollab.contributions.document import ContributionError, Document, Place, Problem, cell_text, refused
from evcollab.contributions.incoming import read_bytes
from evcollab.contributions.schema import from_text
from evcollab.contributions.sheets import CODES, MARK, columns, offered
from evcollab.errors import did_you_mean, needed
from evcollab.package import Package

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MAX_BYTES = 5_000_000
MAX_ROWS, MAX_COLUMNS = 2_000, 100
MAX_UNPACKED = 30_000_000
MAX_CELLS = 300_000


def read(path: Path, source: Package) -> Document:
    """Read a filled workbook as a contribution document.

    Raises:
        ContributionError: it is no workbook of this kind, too large, or has macros, links to other files, formulas,
            unknown sheets or columns. All problems are listed, with sheet and cell.
        MissingExtraError: the extra `xlsx` is not installed.
    """
    openpyxl = needed("openpyxl", "a workbook", "xlsx")
    file = str(path)
    data = read_bytes(path, MAX_BYTES) if path.suffix.lower() == ".xlsx" else b""
    if problem := _dangerous(path, data):
        raise refused(file, problem)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), keep_vba=False, keep_links=False)
    except Exception as error:  # the reader raises whatever a broken file makes it stumble over
        message = f"is not a workbook that can be read ({type(error).__name__}): save it anew as .xlsx"
        raise refused(file, message) from None
    reader = _Reader(file, source)
    known = offered(source)
    for sheet in book.worksheets:
        if sheet.title in known:
            reader.read(sheet)
        elif sheet.title not in ("read me", CODES) and sheet.max_row > 1:
            message = f"there is no sheet {sheet.title!r}{did_you_mean(sheet.title, known)}"
            reader.problem(f"sheet {sheet.title}", message)
    document = reader.document()
    if reader.problems:
        raise ContributionError(reader.problems)
    document.check_size()
    return document


class _Reader:
    """The sheets of one workbook on their way into a document."""

    def __init__(self, file: str, source: Package) -> None:
        self.file = file
        self.source = source
        self.problems: list[Problem] = []
        self.rows: list[tuple[str, str, dict[str, Any], dict[str, str]]] = []  # sheet, row, record, key → cell

    def problem(self, name: str, message: str) -> None:
        self.problems.append(Problem(self.file, 0, name, message))

    def read(self, sheet: Worksheet) -> None:
        name = sheet.title
        if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
            size = f"{sheet.max_row:,} rows and {sheet.max_column:,} columns"
            allowed = f"allowed are {MAX_ROWS:,} and {MAX_COLUMNS}: delete the empty ones"
            self.problem(f"sheet {name}", f"has {size}; {allowed}")
            return
        specs = columns(self.source, name)
        header = {cell.column: str(cell.value).strip() for cell in sheet[1] if cell.value is not None}
        for key in header.values():
            if key not in specs and key != MARK:
                self.problem(f"sheet {name}, row 1", f"there is no column {key!r}{did_you_mean(key, specs)}")
        for cells in sheet.iter_rows(min_row=2):
            self.read_row(name, specs, {cell: header.get(cell.column or 0, "") for cell in cells})

    def read_row(self, name: str, specs: dict[str, dict[str, Any]], cells: dict[Any, str]) -> None:
        record, places, mark = {}, {}, ""
        row = f"sheet {name}, row {next(iter(cells)).row}"
        for cell, key in cells.items():
            where = f"sheet {name}, cell {cell.coordinate}"
            if cell.value is None or not str(cell.value).strip():
                continue
            if cell.data_type == "f":
                self.problem(where, "is a formula: type the value itself")
            elif cell.data_type == "e":
                self.problem(where, f"holds the error {cell.value}: type the value itself")
            elif key == MARK:
                mark = str(cell.value).strip().lower()
            elif not key:
                self.problem(where, "is in a column without a name")
            elif key in specs:
                record[key], places[key] = _value(cell, specs[key]), where
        if mark == "example":
            changed = [key for key, value in record.items() if cell_text(value) != _example(specs[key])]
            if changed:
                self.problem(row, f"is marked as the example but its {changed[0]} is not: empty column A")
        elif mark not in ("", "help"):
            self.problem(row, f"column A says {mark!r}; expected help, example or nothing")
        elif record and not mark:
            self.rows.append((name, row, record, places))

    def document(self) -> Document:
        """The records in their places: participants in their events, all others in the list of their sheet."""
        document = Document(self.file, {}, names={(): ""})
        events: dict[str, int] = {}
        numbers: Counter[Place] = Counter()
        for name, row, record, places in sorted(self.rows, key=lambda item: item[0] == "participants"):
            listed: Place = (name,)
            if name == "participants":
                event = str(record.pop("event", ""))
                if event not in events:
                    message = f"the event {event!r} is not in the sheet events{did_you_mean(event, events)}"
                    self.problem(places.get("event", row), message)
                    continue
                listed = ("events", events[event], "participants")
            elif name == "events":
                events |= {str(record[key]): numbers[listed] for key in ("name", "event_id") if key in record}
            if name not in ("sources", "corrections"):
                self.arrange(record, places)
            place = (*listed, numbers[listed])
            numbers[listed] += 1
            document.record(place, row).update(record)
            for key in record:
                document.names[*place, key] = places.get(key.removesuffix("s"), places.get(key, row))
        return document

    def arrange(self, record: dict[str, Any], places: dict[str, str]) -> None:
        """Turn the columns source, locator and inferred into what a document has for them."""
        if "source" in record:
            keys = [part.strip() for part in str(record.pop("source")).split(";")]
            locators = [part.strip() for part in str(record.pop("locator", "")).split(";")]
            if len(locators) == 1:
                locators *= len(keys)
            if len(keys) != len(locators) or not all(locators):
                self.problem(places["source"], "needs a locator for each source, such as p3, or p3;title for two")
            record["sources"] = dict(zip(keys, locators, strict=False))
        if "inferred" in record:
            reasons = [line.partition(":") for line in str(record["inferred"]).splitlines()]
            if not all(colon and reason.strip() for _, colon, reason in reasons):
                self.problem(places["inferred"], "expected  column: why  in each line")
            record["inferred"] = {key.strip(): reason.strip() for key, _, reason in reasons}


def _example(spec: dict[str, Any]) -> str:
    return cell_text(from_text(cell_text(spec["examples"][0]), spec))


def _value(cell: Any, spec: dict[str, Any]) -> Any:
    """A cell's value as a document has it; a date as precisely as the cell shows it."""
    value = cell.value
    if isinstance(value, dt.datetime | dt.date):
        shown = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", cell.number_format.lower())
        length = 10 if "d" in shown else 7 if "m" in shown else 4
        return value.isoformat()[:length]
    if isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int | float) and spec.get("type") in ("integer", "number"):
        return value
    return from_text(str(value).strip(), spec)


def _dangerous(path: Path, data: bytes) -> str:
    """Why a file must not be opened, such as macros, links, and more than a spreadsheet program would write."""
    if path.suffix.lower() != ".xlsx":
        macros = " with macros" if path.suffix.lower() == ".xlsm" else ""
        return f"is a workbook{macros} in the form {path.suffix.lower()}: save it as .xlsx"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return next(_parts(archive), "")
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        return "is not a workbook, or a damaged one: save it as .xlsx, without a password"


def _parts(archive: zipfile.ZipFile) -> Iterator[str]:
    listed = archive.infolist()
    unpacked = sum(item.file_size for item in listed)
    if unpacked > MAX_UNPACKED or len(listed) > 500:
        yield f"unpacks to {unpacked:,} bytes in {len(listed)} parts; allowed are {MAX_UNPACKED:,} and 500"
        return
    cells = 0
    for item in listed:
        name = item.filename.lower()
        if "vba" in name or "macrosheets" in name or "activex" in name:
            yield "has macros: save it as a workbook without them (.xlsx)"
        elif "externallinks" in name or name.endswith("connections.xml") or "querytables" in name:
            yield "has links to other files: break them (Data, Edit Links) and save it again"
        elif "embeddings" in name:
            yield "has other documents embedded: delete them and save it again"
        elif name.endswith((".xml", ".rels", ".vml")):
            text = archive.read(item).replace(b"\0", b"")
            declared = _ENCODING.match(text)
            if b"<!D" in text.upper():
                yield "has a document type declaration in its XML, which no spreadsheet program writes: save it anew"
            elif declared and declared[1].lower() not in (b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-1"):
                yield "has XML in a rare encoding, which no spreadsheet program writes: save it anew"
            cells += len(_CELL.findall(text)) + sum(_area(span) for span in _MERGED.findall(text))
    if cells > MAX_CELLS:
        yield f"has {cells:,} cells, merged ones included; allowed are {MAX_CELLS:,}: delete empty ones, and unmerge"


_ENCODING = re.compile(rb"[^<]{0,4}<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref\s*=\s*[\"']([^\"']*)")


def _area(span: bytes) -> int:
    """The number of cells of a merged range; more than is allowed if it cannot be read."""
    from openpyxl.utils import range_boundaries

    try:
        left, top, right, bottom = range_boundaries(span.decode("ascii").strip().upper())
        return int((abs(right - left) + 1) * (abs(bottom - top) + 1))  # type: ignore[operator]
    except (TypeError, ValueError):  # of whole rows or columns, or none
        return MAX_CELLS + 1
