"""Contributions as a spreadsheet: an Excel workbook with a sheet per kind of record, written empty and read filled."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcollab.contributions.archive import dangerous
from evcollab.contributions.document import (
    MAX_RECORDS,
    ContributionError,
    Document,
    Place,
    Problem,
    cell_text,
    records,
)
from evcollab.contributions.incoming import read_bytes
from evcollab.contributions.schema import document_schema, from_text
from evcollab.errors import MissingExtraError, did_you_mean
from evcollab.package import Package

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods")
SHEETS = {
    "sources": "source",
    "events": "events",
    "participants": "participants",
    "policies": "policies",
    "targets": "targets",
    "organisations": "organisations",
    "memberships": "memberships",
    "corrections": "correction",
}
"""Sheet, and list of the document → definition in the JSON Schema."""

MAX_BYTES = 5_000_000
MAX_ROWS, MAX_COLUMNS = 2_000, 100
ROWS_PREPARED = 1_000
MARK = "row"
"""Header of the first column, which says `help` or `example` in rows that are not read."""

_CODES = "codes"
_INSIDE = frozenset({"sources", "claims", "computed", "inferred", "participants", "targets"})
_EVENT = {
    "title": "Event",
    "description": "Name of the event, as in the sheet events.",
    "type": "string",
}
_SOURCE = {
    "title": "Source",
    "description": "Key of the source, as in the sheet sources; a;b for two. Empty if there is only one source.",
    "type": "string",
    "examples": ["a"],
}
_INFERRED = {
    "title": "Inferred",
    "description": "What the source does not say: column: why it follows nevertheless. One per line of the cell.",
    "type": "string",
}
READ_ME = (
    "A contribution to the register of international electric-vehicle collaboration",
    "Fill the sheets that you need; every sheet may stay empty but sources. Nothing has to be in any order.",
    "The rows marked help and example in column A are not read. Write below them.",
    "Leave a cell empty if you do not know. Dates may be 2023, 2023-07 or 2023-07-07.",
    "Several codes in one cell: policy;charging. Formulas and macros are refused: type the value.",
    "An organisation is named by its name; only new ones go into the sheet organisations.",
    "Then:  evcollab add FILE.xlsx --dry-run",
)


def columns(source: Package, sheet: str) -> dict[str, dict[str, Any]]:
    """The columns of a sheet: key → what the JSON Schema says about it."""
    whole = document_schema(source)["$defs"]
    own = {key: spec for key, spec in whole[SHEETS[sheet]]["properties"].items() if key not in _INSIDE}
    if sheet in ("sources", "corrections"):
        return own
    name = whole["events"]["properties"]["name"]["examples"]
    first = {"event": {**_EVENT, "examples": name}} if sheet == "participants" else {}
    locator = own.pop("locator")
    ((key, reason),) = whole[SHEETS[sheet]]["properties"]["inferred"]["examples"][0].items()
    inferred = {**_INFERRED, "examples": [f"{key}: {reason}"]}
    return {**first, **own, "source": _SOURCE, "locator": locator, "inferred": inferred}


def write(path: Path, source: Package) -> None:
    """Write an empty workbook with help, examples and drop-down lists.

    Raises:
        MissingExtraError: the extra `xlsx` is not installed.
    """
    openpyxl = _openpyxl()
    book = openpyxl.Workbook()
    first = book.active
    first.title = "read me"
    for line in READ_ME:
        first.append([line])
    first.column_dimensions["A"].width = 110
    first["A1"].font = openpyxl.styles.Font(bold=True)
    codes = book.create_sheet(_CODES)
    codes.sheet_state = "hidden"
    for sheet in SHEETS:
        _write_sheet(book.create_sheet(sheet), codes, columns(source, sheet))
    book.move_sheet(_CODES, len(SHEETS))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":  # a text of a schema that begins with =
                    cell.data_type = "s"
    book.save(path)


def _write_sheet(sheet: Worksheet, codes: Worksheet, specs: dict[str, dict[str, Any]]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.append([MARK, *specs])
    sheet.append(["help", *(_help(spec) for spec in specs.values())])
    sheet.append(["example", *(cell_text(spec["examples"][0]) for spec in specs.values())])
    sheet.freeze_panes = "B4"
    for number, (key, spec) in enumerate([(MARK, {}), *specs.items()], 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 8 if key == MARK else 22
        sheet.cell(1, number).font = Font(bold=True)
        sheet.cell(2, number).alignment = Alignment(wrap_text=True, vertical="top")
        for row in (2, 3):
            sheet.cell(row, number).font = Font(italic=True, color="00808080")
        if spec.get("type") not in ("integer", "number", "boolean"):
            sheet.column_dimensions[letter].number_format = "@"  # text: Excel shall not turn 2023-07 into a day
        if key != MARK:
            sheet.cell(1, number).comment = Comment(f"{spec['title']}: {spec['description']}", "evcollab")
        options = ["true", "false"] if spec.get("type") == "boolean" else spec.get("enum", [])
        if options:
            place = 1 if codes.max_column == 1 and codes["A1"].value is None else codes.max_column + 1
            for row, code in enumerate([f"{sheet.title}.{key}", *options], 1):
                codes.cell(row, place, code)
            where = get_column_letter(place)
            choice = DataValidation(
                "list", formula1=f"{_CODES}!${where}$2:${where}${len(options) + 1}", allow_blank=True
            )
            choice.errorTitle, choice.error = key, "Choose one of the list, or leave the cell empty."
            choice.showErrorMessage = True
            choice.add(f"{letter}4:{letter}{ROWS_PREPARED}")
            sheet.add_data_validation(choice)
    sheet.row_dimensions[2].height = 90


def _help(spec: dict[str, Any]) -> str:
    items = spec.get("items", {}).get("enum")
    return str(spec["description"]) + (f" Some of: {';'.join(items)}." if items else "")


def read(path: Path, source: Package) -> Document:
    """Read a filled workbook as a contribution document.

    Raises:
        ContributionError: it is no workbook of this kind, too large, or has macros, links to other files, formulas,
            unknown sheets or columns. All problems are listed, with sheet and cell.
        MissingExtraError: the extra `xlsx` is not installed.
    """
    openpyxl = _openpyxl()
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
    for sheet in book.worksheets:
        if sheet.title in SHEETS:
            reader.read(sheet)
        elif sheet.title not in ("read me", _CODES) and sheet.max_row > 1:
            reader.problem(
                f"sheet {sheet.title}", f"there is no sheet {sheet.title!r}{did_you_mean(sheet.title, SHEETS)}"
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


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise MissingExtraError("a workbook", "xlsx") from None
    return openpyxl
