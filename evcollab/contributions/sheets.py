"""The workbook for contributions: its sheets and columns, and an empty one with help, examples and lists."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from evcollab.contributions.document import cell_text
from evcollab.contributions.schema import document_schema
from evcollab.errors import needed
from evcollab.package import Package

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

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

ROWS_PREPARED = 1_000
MARK = "row"
"""Header of the first column, which says `help` or `example` in rows that are not read."""

CODES = "codes"
_INSIDE = frozenset({"sources", "claims", "computed", "inferred", "participants", "targets"})
_SOURCE = {
    "title": "Source",
    "description": "Key of the source, as in the sheet sources; a;b for two. Empty if there is only one source.",
    "type": "string",
    "examples": ["a"],
}
_EVENT = {"title": "Event", "description": "Name of the event, as in the sheet events.", "type": "string"}
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


def offered(source: Package) -> list[str]:
    """The sheets for the tables that a package has."""
    there = document_schema(source)["$defs"]
    return [sheet for sheet, definition in SHEETS.items() if definition in there]


def columns(source: Package, sheet: str) -> dict[str, dict[str, Any]]:
    """The columns of a sheet: key → what the JSON Schema says about it."""
    whole = document_schema(source)["$defs"]
    properties = whole[SHEETS[sheet]]["properties"]
    own = {key: spec for key, spec in properties.items() if key not in _INSIDE}
    if sheet in ("sources", "corrections"):
        return own
    if sheet == "participants":
        own = {"event": {**_EVENT, "examples": whole["events"]["properties"]["name"]["examples"]}, **own}
    locator = own.pop("locator")
    ((key, reason),) = properties["inferred"]["examples"][0].items()
    return {**own, "source": _SOURCE, "locator": locator, "inferred": {**_INFERRED, "examples": [f"{key}: {reason}"]}}


def empty(source: Package) -> bytes:
    """An empty workbook with help, examples and drop-down lists.

    Raises:
        MissingExtraError: the extra `xlsx` is not installed.
    """
    openpyxl = needed("openpyxl", "a workbook", "xlsx")
    book = openpyxl.Workbook()
    first = book.active
    first.title = "read me"
    for line in READ_ME:
        first.append([line])
    first.column_dimensions["A"].width = 110
    first["A1"].font = openpyxl.styles.Font(bold=True)
    codes = book.create_sheet(CODES)
    codes.sheet_state = "hidden"
    for sheet in offered(source):
        _write_sheet(book.create_sheet(sheet), codes, columns(source, sheet))
    book.move_sheet(CODES, len(book.worksheets) - 2)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":  # a text of a schema that begins with =
                    cell.data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_sheet(sheet: Worksheet, codes: Worksheet, specs: dict[str, dict[str, Any]]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.append([MARK, *specs])
    listed = {key: ";".join(spec.get("items", {}).get("enum", ())) for key, spec in specs.items()}
    told = (spec["description"] + (f" Some of: {listed[key]}." if listed[key] else "") for key, spec in specs.items())
    sheet.append(["help", *told])
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
            codes.append([f"{sheet.title}.{key}", *options])  # a row for each list
            place = f"{CODES}!$B${codes.max_row}:${get_column_letter(len(options) + 1)}${codes.max_row}"
            choice = DataValidation("list", formula1=place, allow_blank=True, showErrorMessage=True)
            choice.errorTitle, choice.error = key, "Choose one of the list, or leave the cell empty."
            choice.add(f"{letter}4:{letter}{ROWS_PREPARED}")
            sheet.add_data_validation(choice)
    sheet.row_dimensions[2].height = 90
