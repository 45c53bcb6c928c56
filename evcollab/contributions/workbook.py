"""Contributions as a spreadsheet: a filled workbook becomes a document."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcollab.contributions.archive import dangerous
from evcollab.contributions.document import MAX_RECORDS, ContributionError, Document, Place, Problem, cell_text, records
from evcollab.contributions.incoming import read_bytes
from evcollab.contributions.schema import from_text
from evcollab.contributions.sheets import CODES, MARK, columns, offered, openpyxl_module
from evcollab.errors import did_you_mean
from evcollab.package import Package

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
MAX_BYTES = 5_000_000
MAX_ROWS, MAX_COLUMNS = 2_000, 100


def read(path: Path, source: Package) -> Document:
    """Read a filled workbook as a contribution document.

    Raises:
        ContributionError: it is no workbook of this kind, too large, or has macros, links to other files, formulas,
            unknown sheets or columns. All problems are listed, with sheet and cell.
        MissingExtraError: the extra `xlsx` is not installed.
    """
    openpyxl = openpyxl_module()
    file = str(path)
    data = read_bytes(path, MAX_BYTES) if path.suffix.lower() == ".xlsx" else b""
    if problem := dangerous(path, data):
        raise ContributionError([Problem(file, 0, "", problem)])
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), keep_vba=False, keep_links=False)
    except Exception as error:  # the reader raises whatever a broken file makes it stumble over
        message = f"is not a workbook that can be read ({type(error).__name__}): save it anew as .xlsx"
        raise ContributionError([Problem(file, 0, "", message)]) from None
    reader = _Reader(Document(file, {}, names={(): ""}), source)
    known = offered(source)
    for sheet in book.worksheets:
        if sheet.title in known:
            reader.read(sheet)
        elif sheet.title not in ("read me", CODES) and sheet.max_row > 1:
            reader.problem(
                f"sheet {sheet.title}", f"there is no sheet {sheet.title!r}{did_you_mean(sheet.title, known)}"
            )
    reader.nest_participants()
    if sum(1 for _ in records(reader.document.content)) > MAX_RECORDS:
        reader.problem("", f"has more than {MAX_RECORDS:,} records: split it")
    if reader.problems:
        raise ContributionError(reader.problems)
    return reader.document


class _Reader:
    """The sheets of one workbook on their way into a document."""

    def __init__(self, document: Document, source: Package) -> None:
        self.document = document
        self.source = source
        self.problems: list[Problem] = []

    def problem(self, name: str, message: str) -> None:
        self.problems.append(Problem(self.document.file, 0, name, message))

    def read(self, sheet: Worksheet) -> None:
        name = sheet.title
        if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
            size = f"{sheet.max_row:,} rows and {sheet.max_column:,} columns"
            self.problem(
                f"sheet {name}", f"has {size}; allowed are {MAX_ROWS:,} and {MAX_COLUMNS}: delete the empty ones"
            )
            return
        specs = columns(self.source, name)
        header = {cell.column: str(cell.value).strip() for cell in sheet[1] if cell.value is not None}
        for key in header.values():
            if key not in specs and key != MARK:
                self.problem(f"sheet {name}, row 1", f"there is no column {key!r}{did_you_mean(key, specs)}")
        for cells in sheet.iter_rows(min_row=2):
            record, places, mark = {}, {}, ""
            for cell in cells:
                key = header.get(cell.column or 0, "")
                where = f"sheet {name}, cell {cell.coordinate}"
                if cell.value is None or (isinstance(cell.value, str) and not cell.value.strip()):
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
            row = f"sheet {name}, row {cells[0].row}"
            if mark == "help":
                continue
            if mark == "example":
                changed = [key for key, value in record.items() if cell_text(value) != _example(specs[key])]
                if changed:
                    self.problem(row, f"is marked as the example but its {changed[0]} is not: empty column A")
            elif mark:
                self.problem(row, f"column A says {mark!r}; expected help, example or nothing")
            elif record:
                self.enter(name, record, places, row)

    def enter(self, name: str, record: dict[str, Any], places: dict[str, str], row: str) -> None:
        """Put a record into the document."""
        listed = self.document.content.setdefault(name, [])
        place: Place = (name, len(listed))
        self.document.names[place] = row
        for key, where in places.items():
            self.document.names[*place, key] = where
        if name not in ("sources", "corrections"):
            self.arrange(record, places)
            for key in ("sources", "inferred"):
                self.document.names[*place, key] = places.get(key.removesuffix("s"), row)
        listed.append(record)

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
            reasons = {}
            for line in str(record["inferred"]).splitlines():
                key, colon, reason = line.partition(":")
                if not colon or not reason.strip():
                    self.problem(places["inferred"], "expected  column: why  in each line")
                reasons[key.strip()] = reason.strip()
            record["inferred"] = reasons

    def nest_participants(self) -> None:
        """Move the participants to their events."""
        events = self.document.content.get("events", [])
        known = {
            str(event[key]): number
            for number, event in enumerate(events)
            for key in ("name", "event_id")
            if key in event
        }
        for number, record in enumerate(self.document.content.pop("participants", [])):
            old: Place = ("participants", number)
            event = str(record.pop("event", ""))
            if event not in known:
                self.problem(
                    self.document.names.get((*old, "event"), self.document.names[old]),
                    f"the event {event!r} is not in the sheet events{did_you_mean(event, known)}",
                )
                continue
            lines = events[known[event]].setdefault("participants", [])
            new: Place = ("events", known[event], "participants", len(lines))
            for place in [place for place in self.document.names if place[:2] == old]:
                self.document.names[*new, *place[2:]] = self.document.names.pop(place)
            lines.append(record)


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
