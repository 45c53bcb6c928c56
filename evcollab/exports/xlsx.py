"""An Excel workbook: a sheet per table, what each column and code means, and where it comes from."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcollab import types
from evcollab.errors import EvcollabError, MissingExtraError
from evcollab.exports import about, archive
from evcollab.package import Field

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from evcollab.dataset import Dataset

MAX_CHARACTERS = 32_767
MAX_ROWS = 1_048_576
MAX_LINKS = 65_530
MAX_LINK = 2_079
_WIDTHS = (10, 60)
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a workbook with the sheets `README`, one per table, `columns` and `codes`."""
    try:
        import openpyxl
        from openpyxl.xml.functions import tostring
    except ImportError:
        raise MissingExtraError("the export to Excel", "export") from None
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    first = book.create_sheet("README")
    for table, schema in dataset.package.schemas.items():
        sheet = book.create_sheet(table)
        _fill(sheet, list(schema.fields), about.text_rows(dataset, table), list(schema.fields.values()))
    _fill(book.create_sheet("columns"), about.COLUMNS, about.columns(dataset))
    _fill(book.create_sheet("codes"), about.CODES, about.codes(dataset))
    _introduce(first, dataset)

    facts, moment = about.facts(dataset), about.created(dataset)
    book.properties.title, book.properties.creator = facts["title"], "evcollab"
    book.properties.created = moment.replace(tzinfo=None)
    buffer = io.BytesIO()
    book.save(buffer)  # notes the time of day as the time of change, here and in the zip file
    book.properties.modified = moment.replace(tzinfo=None)
    _repack(buffer, path, tostring(book.properties.to_tree()), moment)
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
        sheet.column_dimensions[get_column_letter(number)].width = min(max(widest + 1, _WIDTHS[0]), _WIDTHS[1])
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
            if fields and fields[column - 1].spec.get("format") == "uri" and links < MAX_LINKS:
                links += _link(sheet.cell(row, column), text)
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


def _link(cell: Any, address: str) -> bool:
    if not address.startswith(("https://", "http://")) or len(address) > MAX_LINK:
        return False
    cell.hyperlink = address
    cell.data_type = "s"
    return True


def _introduce(sheet: Worksheet, dataset: Dataset) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    facts = about.facts(dataset)
    titles = {item["name"]: str(item.get("title", "")) for item in dataset.package.descriptor["resources"]}
    rows = [[key, value] for key, value in facts.items() if value]
    rows += [["empty cells", "not known, never no"]]
    rows += [["dates", "as exact as known: 2023, 2023-07 or 2023-07-07; text, so that nothing is made up"]]
    for number, (key, value) in enumerate(rows, 1):
        _put_text(sheet, number, 1, key)
        _put_text(sheet, number, 2, value)
        sheet.cell(number, 1).font = Font(bold=True)
        sheet.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheets = {**titles, "columns": "What each column means", "codes": "What each code means"}
    for number, (name, title) in enumerate(sheets.items(), len(rows) + 2):
        _put_text(sheet, number, 1, name)
        _put_text(sheet, number, 2, title)
        sheet.cell(number, 1).hyperlink = Hyperlink(ref=f"A{number}", location=f"'{name}'!A1")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 100


def _repack(buffer: io.BytesIO, path: Path, properties: bytes, moment: Any) -> None:
    import zipfile

    with zipfile.ZipFile(buffer) as book:
        files = {name: book.read(name) for name in book.namelist()}
    files["docProps/core.xml"] = properties
    archive.write_zip(path, files, moment)
