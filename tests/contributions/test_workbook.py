from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evcollab import package
from evcollab.contributions import add as adding
from evcollab.contributions import sheets, workbook
from evcollab.contributions.checking import check
from evcollab.contributions.document import ContributionError
from evcollab.register import Register
from tests.contributions.registers import TODAY, content, rows

Record = dict[str, Any]
EXAMPLE = "this is the example of the template: replace it, or delete the line"
SOURCE: Record = {
    "key": "a",
    "url": "https://example.org/a",
    "title": "Report a",
    "publisher": "Example Herald",
    "kind": "news",
    "tier": "secondary",
    "published_date": dt.datetime(2025, 6, 1),
}
EVENT: Record = {
    "name": "Nairobi Forum",
    "kind": "forum",
    "scope": "multilateral",
    "status": "held",
    "start_date": dt.datetime(2025, 5, 2),
    "end_date": "2025-05",
    "country_code": "KEN",
    "topics": "policy; buses",
    "locator": "p1",
}
PARTY: Record = {"event": "Nairobi Forum", "country_code": "UGA", "role": "speaker", "headcount": 12.0}


@pytest.fixture(scope="session")
def empty(bare: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty workbook. Copy it; do not change it."""
    file = tmp_path_factory.mktemp("workbooks") / "empty.xlsx"
    file.write_bytes(sheets.empty(package.read(bare)))
    return file


@pytest.fixture
def fill(empty: Path, tmp_path: Path) -> Callable[..., Path]:
    """Write a workbook with these records, by sheet."""

    def write(change: Callable[[Any], None] | None = None, **sheets: list[Record]) -> Path:
        book = openpyxl.load_workbook(empty)
        for name, records in sheets.items():
            sheet = book[name]
            header = {cell.value: cell.column for cell in sheet[1]}
            for number, record in enumerate(records, sheet.max_row + 1):
                for key, value in record.items():
                    cell = sheet.cell(number, header[key], value)
                    if isinstance(value, dt.datetime):
                        cell.number_format = "yyyy-mm-dd"
        if change:
            change(book)
        file = tmp_path / "filled.xlsx"
        book.save(file)
        return file

    return write


def problems(register: Path, file: Path) -> list[str]:
    before = content(register)
    with pytest.raises(ContributionError) as caught:
        adding.add([file], register, today=TODAY)
    assert content(register) == before
    return [str(problem) for problem in caught.value.problems]


def test_a_filled_workbook_becomes_rows(register: Path, fill: Callable[..., Path]) -> None:
    companies = [{"name": "Savanna Motors", "kind": "company", "country_code": "KEN", "locator": "p2"}]
    file = fill(sources=[SOURCE], events=[EVENT], participants=[PARTY], organisations=companies)
    adding.add([file], register, today=TODAY)
    (row,) = rows(register, "events")
    assert (row["start_date"], row["end_date"], row["topics"]) == ("2025-05-02", "2025-05", "policy;buses")
    assert [(row["country_code"], row["headcount"]) for row in rows(register, "participants")] == [("UGA", "12")]
    assert [row["organisation_id"] for row in rows(register, "organisations")] == ["savanna-motors"]
    assert adding.add([file], register).files == {}


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (dt.datetime(2025, 5, 1), "yyyy-mm-dd", "2025-05-01"),
        (dt.datetime(2025, 5, 1), "d mmm yyyy", "2025-05-01"),
        (dt.datetime(2025, 5, 1), "mmm-yy", "2025-05"),
        (dt.datetime(2025, 5, 1), '"Period" yyyy', "2025"),
        (2025, "General", "2025"),
        (2025.0, "0.0", "2025"),
        ("2025-05", "@", "2025-05"),
        (" 2025 ", "@", "2025"),
    ],
)
def test_a_date_is_as_precise_as_the_cell_shows_it(
    register: Path, fill: Callable[..., Path], value: Any, form: str, text: str
) -> None:
    def change(book: Any) -> None:
        sheet = book["events"]
        header = {cell.value: cell.column for cell in sheet[1]}
        sheet.cell(4, header["start_date"], value).number_format = form

    adding.add([fill(change, sources=[SOURCE], events=[EVENT])], register, today=TODAY)
    assert rows(register, "events")[0]["start_date"] == text


def test_the_empty_workbook_has_lists_comments_and_an_example_in_every_sheet(empty: Path) -> None:
    book = openpyxl.load_workbook(empty)
    for name in sheets.SHEETS:
        sheet = book[name]
        assert [sheet["A1"].value, sheet["A2"].value, sheet["A3"].value] == [sheets.MARK, "help", "example"]
        assert all(cell.comment for cell in sheet[1][1:])
        assert all(cell.value for cell in sheet[3])
        assert sheet.data_validations.dataValidation
    assert book[sheets.CODES].sheet_state == "hidden"


def test_a_drop_down_list_holds_exactly_the_codes(empty: Path, bare: Path) -> None:
    book = openpyxl.load_workbook(empty)
    header = {cell.value: cell.column_letter for cell in book["events"][1]}
    (found,) = [
        item for item in book["events"].data_validations.dataValidation if str(item.sqref).startswith(header["kind"])
    ]
    (row,) = book["codes"][found.formula1.split("!")[1].replace("$", "")]
    codes = [cell.value for cell in row]
    assert codes == list(package.read(bare).schemas["events"].fields["kind"].categories)


def test_the_examples_of_every_sheet_are_valid(register: Path, empty: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(empty)
    for name in sheets.SHEETS:
        book[name]["A3"].value = None
    file = tmp_path / "examples.xlsx"
    book.save(file)
    source = package.read(register)
    found = check(workbook.read(file, source), Register.read(source))
    assert {problem.message for problem in found} <= {EXAMPLE}


def test_problems_are_told_with_sheet_and_cell(register: Path, fill: Callable[..., Path]) -> None:
    bad = EVENT | {"kind": "forums", "country_code": "Kenia", "start_date": "2023-02-30"}
    found = problems(register, fill(sources=[SOURCE], events=[bad]))
    assert len(found) == 3
    assert any("sheet events, cell E4: 'forums' is not allowed; did you mean forum" in problem for problem in found)
    assert any("sheet events" in problem and "2023-02 has the days 01 to 28" in problem for problem in found)
    assert any("did you mean KEN (Kenya)" in problem for problem in found)


def test_a_formula_is_refused_with_its_cell(register: Path, fill: Callable[..., Path]) -> None:
    found = problems(register, fill(sources=[SOURCE], events=[EVENT | {"participant_count": "=20+20", "city": "=A1"}]))
    assert len([problem for problem in found if "is a formula: type the value itself" in problem]) == 2


def test_a_participant_of_an_event_that_is_not_there_is_a_problem(register: Path, fill: Callable[..., Path]) -> None:
    (found,) = problems(
        register, fill(sources=[SOURCE], events=[EVENT], participants=[PARTY | {"event": "Nairobi Form"}])
    )
    assert "sheet participants, cell B4: the event 'Nairobi Form' is not in the sheet events" in found


def test_an_unknown_column_and_an_unknown_sheet_are_problems(register: Path, fill: Callable[..., Path]) -> None:
    def change(book: Any) -> None:
        book["events"].cell(1, 3, "nam")
        book.create_sheet("event").append(["x"])
        book["event"].append(["y"])

    found = problems(register, fill(change))
    assert any("sheet events, row 1: there is no column 'nam'; did you mean name" in problem for problem in found)
    assert any("there is no sheet 'event'; did you mean events" in problem for problem in found)


def test_an_example_row_that_was_written_over_is_a_problem(register: Path, fill: Callable[..., Path]) -> None:
    def change(book: Any) -> None:
        book["events"].cell(3, 3, "Nairobi Forum")

    (found,) = problems(register, fill(change, sources=[SOURCE]))
    assert "sheet events, row 3: is marked as the example but its name is not: empty column A" in found


def test_a_record_of_two_sources_names_both(register: Path, fill: Callable[..., Path]) -> None:
    second = SOURCE | {"key": "b", "url": "https://example.org/b", "title": "Another report"}
    reasons = {"source": "a;b", "locator": "p1;title", "inferred": "start_date: from the headline"}
    adding.add([fill(sources=[SOURCE, second], events=[EVENT | reasons])], register, today=TODAY)
    assert {row["locator"] for row in rows(register, "claims")} == {"p1", "title"}
    assert "from the headline" in {row["note"] for row in rows(register, "claims")}


def with_part(file: Path, name: str, data: bytes) -> Path:
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return file


@pytest.mark.parametrize(
    ("part", "data", "hint"),
    [
        ("xl/vbaProject.bin", b"x", "has macros"),
        ("xl/macrosheets/sheet1.xml", b"<a/>", "has macros"),
        ("xl/externalLinks/externalLink1.xml", b"<a/>", "has links to other files"),
        ("xl/connections.xml", b"<a/>", "has links to other files"),
        ("xl/embeddings/oleObject1.bin", b"x", "has other documents embedded"),
        ("xl/bomb.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type declaration"),
        ("xl/bomb16.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"), "document type declaration"),
        ("xl/zeros.bin", bytes(40_000_000), "unpacks to"),
    ],
)
def test_a_dangerous_workbook_is_refused(
    register: Path, fill: Callable[..., Path], part: str, data: bytes, hint: str
) -> None:
    (found,) = problems(register, with_part(fill(sources=[SOURCE], events=[EVENT]), part, data))
    assert hint in found


@pytest.mark.parametrize(
    "merged", ["A1:XFD1048576", "$B$2:$ZZ$99999", "nonsense"], ids=["whole sheet", "with dollars", "unreadable"]
)
def test_merged_ranges_beyond_all_measure_are_refused(register: Path, fill: Callable[..., Path], merged: str) -> None:
    file = fill(sources=[SOURCE], events=[EVENT])
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet2.xml"
    parts[name] = parts[name].replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="' + merged.encode() + b'"/></mergeCells>'
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    (found,) = problems(register, file)
    assert "merged ones included; allowed are 300,000" in found


def test_xml_in_a_rare_encoding_is_refused(register: Path, fill: Callable[..., Path]) -> None:
    part = b'<?xml version="1.0" encoding="cp037"?>' + "<a/>".encode("cp037")
    (found,) = problems(register, with_part(fill(sources=[SOURCE], events=[EVENT]), "xl/other.xml", part))
    assert "has XML in a rare encoding" in found


def test_a_workbook_damaged_anywhere_ends_in_a_sentence(register: Path, fill: Callable[..., Path]) -> None:
    file = fill(sources=[SOURCE], events=[EVENT])
    data = file.read_bytes()
    source = package.read(register)
    for start in range(0, len(data), len(data) // 60):
        file.write_bytes(data[:start] + b"\xff\x00\x55\xaa" + data[start + 4 :])
        with contextlib.suppress(ContributionError):  # and nothing else
            workbook.read(file, source)


def test_a_text_of_a_schema_is_no_formula_in_the_empty_workbook(register: Path, tmp_path: Path) -> None:
    schema = register / "schemas/events.schema.json"
    text = schema.read_text(encoding="utf-8").replace("What sort of event it was.", "=HYPERLINK(A1)")
    schema.write_text(text, encoding="utf-8")
    file = tmp_path / "book.xlsx"
    file.write_bytes(sheets.empty(package.read(register)))
    kinds = {cell.data_type for sheet in openpyxl.load_workbook(file).worksheets for row in sheet for cell in row}
    assert "f" not in kinds


@pytest.mark.parametrize("suffix", [".xlsm", ".xls", ".ods"])
def test_another_kind_of_workbook_is_refused(register: Path, empty: Path, tmp_path: Path, suffix: str) -> None:
    (found,) = problems(register, Path(shutil.copy(empty, tmp_path / f"book{suffix}")))
    assert "save it as .xlsx" in found


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"name,kind\n"])
def test_what_is_no_workbook_is_refused(register: Path, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "book.xlsx"
    file.write_bytes(data)
    (found,) = problems(register, file)
    assert "is not a workbook" in found


def test_a_workbook_that_is_too_large_is_refused(register: Path, tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    (found,) = problems(register, file)
    assert "is 50,000,000 bytes" in found


def test_a_sheet_that_goes_on_for_ever_is_refused(register: Path, fill: Callable[..., Path]) -> None:
    def change(book: Any) -> None:
        book["events"].cell(1_048_576, 1, "x")

    (found,) = problems(register, fill(change, sources=[SOURCE]))
    assert "has 1,048,576 rows" in found
