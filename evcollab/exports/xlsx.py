"""An Excel workbook: a sheet per table, what each column and code means, and where it comes from."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from evcollab import types
from evcollab.dataset import Dataset
from evcollab.errors import EvcollabError, needed
from evcollab.exports import about, archive
from evcollab.package import Field
from evcollab.publication import filled

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MAX_CHARACTERS = 32_767
MAX_ROWS = 1_048_576
MAX_LINKS = 65_530
MAX_LINK = 2_079
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a workbook with the sheets `README`, one per table, `columns` and `codes`."""
    openpyxl = needed("openpyxl", "the export to Excel", "export")
    from openpyxl.xml.functions import tostring

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    _introduce(book.create_sheet("README"), dataset)
    for table, schema in dataset.package.schemas.items():
        sheet = book.create_sheet(table)
        _fill(sheet, list(schema.fields), about.text_rows(dataset, table), list(schema.fields.values()))
    _fill(book.create_sheet("columns"), about.COLUMNS, about.columns(dataset))
    _fill(book.create_sheet("codes"), about.CODES, about.codes(dataset))
    moment, told, buffer = about.created(dataset), book.properties, io.BytesIO()
    told.title, told.creator = about.facts(dataset)["title"], "evcollab"
    book.save(buffer)  # notes the time of day as the time of change, here and in the zip file
    told.created = told.modified = moment.replace(tzinfo=None)
    with ZipFile(buffer) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    archive.write_zip(path, {**files, "docProps/core.xml": tostring(told.to_tree())}, moment)
    return []


def _fill(sheet: Worksheet, header: Sequence[str], rows: list[list[str]], fields: Sequence[Field] = ()) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    if len(rows) >= MAX_ROWS:
        raise EvcollabError(f"{sheet.title} has {len(rows):,} rows, but a sheet of Excel holds {MAX_ROWS - 1:,}")
    kinds = [types.kind_of(field) for field in fields] or ["text"] * len(header)
    for number, name in enumerate(header, 1):
        _put_text(sheet, 1, number, name)
        sheet.cell(1, number).font = Font(bold=True)
        widest = max([len(name) + 3, *(len(row[number - 1]) for row in rows)])
        sheet.column_dimensions[get_column_letter(number)].width = min(max(widest + 1, 10), 60)
    links = 0
    for row, cells in enumerate(rows, 2):
        for column, text in enumerate(cells, 1):
            if text == "":
                continue
            if kinds[column - 1] in ("integer", "number", "boolean"):
                value = types.parse(text, fields[column - 1])
                if abs(value) < 10**15:  # Excel keeps 15 digits
                    sheet.cell(row, column).value = value
                    continue
            _put_text(sheet, row, column, text)
            is_link = text.startswith(("https://", "http://")) and len(text) <= MAX_LINK and links < MAX_LINKS
            if fields and fields[column - 1].spec.get("format") == "uri" and is_link:
                sheet.cell(row, column).hyperlink = text
                sheet.cell(row, column).data_type = "s"
                links += 1
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{len(rows) + 1}"


def _put_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Put a text in a cell as nothing but text: no formula, number, error or date, even when it is edited."""
    if len(text) > MAX_CHARACTERS or _REFUSED.search(text):
        what = f"{len(text):,} characters" if len(text) > MAX_CHARACTERS else "a control character"
        raise EvcollabError(
            f"{sheet.title}, row {row}, column {sheet.cell(1, column).value}: the text has {what}; "
            f"a cell of Excel holds at most {MAX_CHARACTERS:,} characters and no control characters"
        )
    cell: Any = sheet.cell(row, column)
    cell.value = _ESCAPED.sub("_x005F_", text)  # Excel reads _x0041_ as the letter A
    cell.data_type = "s"
    cell.quotePrefix = True


def _introduce(sheet: Worksheet, dataset: Dataset) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    told = {
        **filled(about.facts(dataset)),
        "empty cells": "not known, never no",
        "dates": "as exact as known: 2023, 2023-07 or 2023-07-07; text, so that nothing is made up",
    }
    for number, (key, value) in enumerate(told.items(), 1):
        _put_text(sheet, number, 1, key)
        _put_text(sheet, number, 2, value)
        sheet.cell(number, 1).font = Font(bold=True)
        sheet.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheets = {item["name"]: str(item.get("title", "")) for item in dataset.package.descriptor["resources"]}
    sheets |= {"columns": "What each column means", "codes": "What each code means"}
    for number, (name, title) in enumerate(sheets.items(), len(told) + 2):
        _put_text(sheet, number, 1, name)
        _put_text(sheet, number, 2, title)
        sheet.cell(number, 1).hyperlink = Hyperlink(ref=f"A{number}", location=f"'{name}'!A1")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 100
