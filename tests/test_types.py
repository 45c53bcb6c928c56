from __future__ import annotations

import datetime as dt
import string
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcollab import csvfile, fastcsv, types
from evcollab.errors import DataError, PackageError
from evcollab.limits import DEFAULT
from evcollab.table import Table
from evcollab.tableschema import Field, Schema

CODES = ["training", "forum", "signing"]
VOCABULARY = [{"value": code} for code in CODES]
FIELDS: dict[types.Kind, dict[str, Any]] = {
    "text": {"name": "text", "type": "string"},
    "code": {"name": "code", "type": "string", "categories": VOCABULARY, "categoriesOrdered": True},
    "list": {"name": "list", "type": "string", "list": {"delimiter": ";", "categories": VOCABULARY}},
    "partial_date": {"name": "partial_date", "type": "string", "partialDate": "latest"},
    "date": {"name": "date", "type": "date"},
    "integer": {"name": "integer", "type": "integer"},
    "number": {"name": "number", "type": "number"},
    "boolean": {"name": "boolean", "type": "boolean"},
}
SCHEMA = Schema("things", "things.schema.json", {"fields": list(FIELDS.values())})

number_texts = st.decimals(-(10**6), 10**6, places=6).map(lambda value: format(value.normalize(), "f"))
VALID: dict[types.Kind, st.SearchStrategy[str]] = {
    "text": st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    "code": st.sampled_from(CODES),
    "list": st.lists(st.sampled_from(CODES), min_size=1, unique=True).map(";".join),
    "partial_date": st.builds(lambda day, size: day.isoformat()[:size], st.dates(), st.sampled_from([4, 7, 10])),
    "date": st.dates().map(lambda day: day.isoformat()),
    "integer": st.integers(-(10**17), 10**17).map(str),
    "number": number_texts.map(lambda text: "0" if text == "-0" else text),
    "boolean": st.sampled_from(["true", "false"]),
}
INVALID: dict[types.Kind, list[str]] = {
    "code": ["Training", "trainings", " forum", "NA"],
    "list": ["forum;", ";forum", "forum; training", "forum;;training", "forum,training", "meeting"],
    "partial_date": ["2023-7", "2023-02-30", "07.07.2023", "NaN", "July 2023"],
    "date": ["2020-1-2", "2020", "2020-13-01", "2021-02-29", "01/02/2020"],
    "integer": ["1.0", "1e3", "1,000", "+1", "NaN", "٣", "0x10", "1" * 19, " 1"],
    "number": ["NaN", "inf", "-inf", "1e5", "1,5", "30%", ".5", "5.", "1_000", "0.1234567890123456"],
    "boolean": ["True", "1", "yes", "FALSE", "t"],
}
rows = st.lists(st.tuples(*(st.just("") | VALID[kind] for kind in FIELDS)), max_size=8)


FILE = "data/things.csv"


def text_of(cells: Iterable[Sequence[str]]) -> bytes:
    return csvfile.write(list(SCHEMA.fields), cells).encode()


def carefully(data: bytes, schema: Schema = SCHEMA) -> Table:
    return types.accept(*csvfile.read_table(data, FILE, schema), schema.table)


def table(cells: Iterable[Sequence[str]]) -> Table:
    return carefully(text_of(cells))


@given(rows)
def test_valid_text_comes_back_unchanged_from_a_frame(cells: list[tuple[str, ...]]) -> None:
    assert types.to_text(types.cast(table(cells)), SCHEMA) == [list(row) for row in cells]


LINES = st.lists(st.text(st.sampled_from('ab ,"=é\u200b\n\x7f'), max_size=9), max_size=6)


@given(LINES, st.integers(1, 8), st.integers(3, 12))
def test_whether_a_file_is_clean_does_not_depend_on_the_pieces_that_are_looked_at(
    lines: list[str], size: int, longest: int
) -> None:
    schema, limits = plain("a", "b"), replace(DEFAULT, cell_characters=longest)
    data = ("\n".join(["a,b", *lines]) + "\n").encode()
    whole = csvfile.is_clean(data, schema, limits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csvfile, "_PIECE", size)
        assert csvfile.is_clean(data, schema, limits) == whole
    if whole:
        assert max(map(len, lines), default=0) <= longest


@given(rows)
def test_the_quick_reader_and_the_careful_one_give_the_same_frame(cells: list[tuple[str, ...]]) -> None:
    quick = types.read(text_of(cells), FILE, SCHEMA)
    pd.testing.assert_frame_equal(quick, types.cast(table(cells)))


def plain(*columns: str) -> Schema:
    return Schema("t", "", {"fields": [{"name": name, "type": "string"} for name in columns]})


@pytest.mark.parametrize("parser", ["_parse_with_arrow", "_parse_with_pandas"])
@pytest.mark.parametrize("columns", ["a", "ab"])
@given(data=st.binary(max_size=60) | st.text(',"\n\r;a1\x1f', max_size=40).map(str.encode))
def test_on_any_bytes_a_quick_parser_gives_what_the_careful_one_gives_or_gives_way(
    parser: str, columns: str, data: bytes
) -> None:
    schema = plain(*columns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fastcsv, "_parse_with_arrow", getattr(fastcsv, parser))
        data = ",".join(columns).encode() + b"\n" + data
        quick = fastcsv.read(data, schema)
    if quick is None:
        return
    careful = carefully(data, schema)
    assert len(careful.rows) == len(quick["a"])
    for number, name in enumerate(columns):
        assert quick[name].astype(object).fillna("").tolist() == [row[number] for row in careful.rows]


@pytest.mark.parametrize("parser", ["_parse_with_arrow", "_parse_with_pandas"])
def test_a_blank_line_of_a_table_with_one_column_is_refused(parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastcsv, "_parse_with_arrow", getattr(fastcsv, parser))
    with pytest.raises(DataError, match=r"line 3: is empty; expected a record") as caught:
        types.read(b"a\nx\n\ny\n", FILE, plain("a"))
    assert [cell.expected for cell in caught.value.cells] == ["a record"]


def test_a_cell_beyond_the_limit_is_refused_by_the_quick_reader_too() -> None:
    with pytest.raises(DataError, match=r"line 2, column a: has 100,001 characters; expected at most 100,000"):
        types.read(b"a,b\n" + b"x" * 100_001 + b",\n", FILE, plain("a", "b"))


@given(rows)
def test_every_column_has_the_dtype_that_the_table_of_kinds_names(cells: list[tuple[str, ...]]) -> None:
    frame = types.cast(table(cells))
    assert {kind: str(frame[kind].dtype) for kind in FIELDS} == {kind: types.NATIVE[kind].pandas for kind in FIELDS}
    assert list(frame["partial_date_precision"].cat.categories) == ["year", "month", "day"]
    assert frame["partial_date_precision"].cat.ordered
    assert frame["code"].cat.ordered


@given(rows)
def test_exactly_the_empty_cells_are_missing(cells: list[tuple[str, ...]]) -> None:
    frame = types.cast(table(cells))
    for number, kind in enumerate(FIELDS):
        empty = [row[number] == "" for row in cells]
        missing = [value == [] for value in frame[kind]] if kind == "list" else list(frame[kind].isna())
        assert missing == empty


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in INVALID.items() for text in texts])
@given(before=rows, after=rows)
def test_an_invalid_cell_is_refused_at_its_line_and_column(
    kind: types.Kind, text: str, before: list[tuple[str, ...]], after: list[tuple[str, ...]]
) -> None:
    broken = tuple(text if name == kind else "" for name in FIELDS)
    with pytest.raises(DataError) as caught:
        types.read(text_of([*before, broken, *after]), FILE, SCHEMA)
    (cell,) = caught.value.cells
    assert (cell.file, cell.line, cell.column, cell.value) == ("data/things.csv", len(before) + 2, kind, text)
    assert text in str(caught.value)


@given(st.text(string.printable, max_size=10), st.sampled_from(sorted(INVALID)))
def test_any_text_is_either_a_value_or_a_value_error(text: str, kind: types.Kind) -> None:
    field = Field(FIELDS[kind])
    try:
        value = types.parse(text, field)
    except ValueError:
        return
    assert types.parse(types.write(value, field), field) == value


def test_the_line_counts_lines_of_the_file_and_not_records() -> None:
    text = 'name,size\n"two\nlines",1\nx,many\n'
    schema = Schema("t", "", {"fields": [{"name": "name", "type": "string"}, {"name": "size", "type": "integer"}]})
    with pytest.raises(DataError, match=r"t\.csv, line 4, column size: 'many'"):
        types.read(text.encode(), "t.csv", schema)


def test_all_bad_cells_are_collected_and_the_first_twenty_shown() -> None:
    schema = Schema("t", "", {"fields": [{"name": "size", "type": "integer"}]})
    text = "size\n" + "x\n" * 25
    with pytest.raises(DataError, match="25 problems") as caught:
        types.read(text.encode(), "t.csv", schema)
    assert len(caught.value.cells) == 25
    assert str(caught.value).count("expected a whole number") == 20
    assert {cell.expected for cell in caught.value.cells} == {"a whole number of at most 18 digits, without separators"}
    assert "and 5 more" in str(caught.value)


def test_a_partial_date_takes_the_bound_of_its_meaning() -> None:
    for bound, day in [("earliest", "2023-02-01"), ("latest", "2023-02-28")]:
        schema = Schema("t", "", {"fields": [{"name": "when", "type": "string", "partialDate": bound}]})
        frame = types.cast(carefully(b"when\n2023-02\n", schema))
        assert frame["when"][0] == pd.Timestamp(day)
        assert frame["when_precision"][0] == "month"


def test_na_is_text_like_any_other() -> None:
    schema = Schema("t", "", {"fields": [{"name": "alpha2", "type": "string"}]})
    frame = types.cast(carefully(b"alpha2\nNA\nnull\nNone\nnan\n", schema))
    assert frame["alpha2"].tolist() == ["NA", "null", "None", "nan"]


def test_other_missing_values_count_if_the_schema_says_so() -> None:
    fields = [{"name": "size", "type": "integer"}, {"name": "name", "type": "string"}]
    schema = Schema("t", "", {"fields": fields, "missingValues": ["", "-"]})
    frame = types.cast(carefully(b"size,name\n-,-\n1,a\n", schema))
    assert frame.isna().to_numpy().tolist() == [[True, True], [False, False]]


def test_a_field_type_that_is_not_read_is_named() -> None:
    with pytest.raises(PackageError, match="'where' has the type 'geopoint'"):
        types.kind_of(Field({"name": "where", "type": "geopoint"}))


@pytest.mark.parametrize(
    ("kind", "written", "meant"),
    [
        ("boolean", "TRUE", "true"),
        ("boolean", "False", "false"),
        ("boolean", "yes", "yes"),
        ("integer", "3E+07", "30000000"),
        ("integer", "-3.5e1", "-35"),
        ("integer", "1.5E+00", "1.5E+00"),
        ("number", "1E14", "100000000000000"),
        ("number", "1E15", "1E15"),
        ("number", "0.5", "0.5"),
        ("text", "3E+07", "3E+07"),
        ("text", "TRUE", "TRUE"),
    ],
)
def test_what_a_spreadsheet_made_of_a_cell_is_restored(kind: types.Kind, written: str, meant: str) -> None:
    assert types.restored(written, Field(FIELDS[kind])) == meant


def test_a_truth_that_may_be_both_is_left_alone() -> None:
    field = Field({"name": "both", "type": "boolean", "trueValues": ["x"], "falseValues": ["X"]})
    assert types.restored("x", field) == "x"
    assert [types.parse(text, field) for text in "xX"] == [True, False]
    assert [types.write(value, field) for value in (True, False)] == ["x", "X"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (["a", "b"], "a;b"),
        ([], ""),
        (None, ""),
        (float("nan"), ""),
        (pd.NaT, ""),
        (pd.Timestamp("2023-07-07"), "2023-07-07"),
        (dt.datetime(2023, 7, 7, 12, 30), "2023-07-07"),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (1.0, "1"),
        (1e22, "1" + "0" * 22),
        (1e-7, "0.0000001"),
        (10.05, "10.05"),
        ("x", "x"),
    ],
)
def test_a_cell_of_any_frame_is_shown_as_text(value: object, text: str) -> None:
    assert types.shown(value) == text


@pytest.mark.parametrize(
    ("kind", "value", "precision", "text"),
    [
        ("partial_date", dt.datetime(2023, 7, 31), "month", "2023-07"),
        ("partial_date", "2023-07", None, "2023-07"),
        ("date", dt.datetime(2023, 7, 31, 1), None, "2023-07-31"),
        ("date", dt.date(2023, 7, 31), None, "2023-07-31"),
        ("list", ["forum", "training"], None, "forum;training"),
        ("number", 3.0, None, "3"),
        ("integer", 3, None, "3"),
    ],
)
def test_a_value_is_written_in_its_canonical_form(kind: types.Kind, value: Any, precision: str, text: str) -> None:
    assert types.write(value, Field(FIELDS[kind]), precision) == text


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "9" * 18, int("9" * 18)),
        ("integer", "-7", -7),
        ("number", "123456789012345", 123456789012345.0),
        ("number", "-0.5", -0.5),
        ("list", "forum;training", ["forum", "training"]),
        ("partial_date", "2023-07-07", dt.date(2023, 7, 7)),
    ],
)
def test_a_text_has_its_value(kind: types.Kind, text: str, value: object) -> None:
    parsed = types.parse(text, Field(FIELDS[kind]))
    assert (parsed.latest if kind == "partial_date" else parsed) == value


@pytest.mark.parametrize(("kind", "near"), [("code", "trainin"), ("list", "forum;trainin")])
def test_a_misspelt_code_gets_a_near_match_and_others_do_not(kind: types.Kind, near: str) -> None:
    with pytest.raises(ValueError, match="did you mean training"):
        types.parse(near, Field(FIELDS[kind]))
    with pytest.raises(ValueError, match=r"^(?!.*did you mean)"):
        types.parse("qqq", Field(FIELDS[kind]))


@pytest.mark.parametrize("text", ["forum;", "a;;b", "a; b", " a"])
def test_an_item_of_any_list_is_neither_empty_nor_has_it_spaces_around_it(text: str) -> None:
    with pytest.raises(ValueError, match="without spaces around them and without empty items"):
        types.parse(text, Field({"name": "aliases", "type": "string", "list": {"delimiter": ";"}}))


def test_the_first_words_of_a_truth_are_those_that_are_expected() -> None:
    words = {"trueValues": ["ja", "oui"], "falseValues": ["nein", "non"]}
    with pytest.raises(ValueError, match=r"^ja or nein$"):
        types.parse("yes", Field({"name": "open", "type": "boolean", **words}))


def test_codes_without_an_order_have_none() -> None:
    schema = Schema("t", "", {"fields": [{**FIELDS["code"], "categoriesOrdered": False}]})
    frame = types.cast(carefully(b"code\nforum\n", schema))
    assert not frame["code"].cat.ordered
    assert frame["code"].tolist() == ["forum"]


def test_bad_cells_are_listed_by_line_then_column() -> None:
    with pytest.raises(DataError) as caught:
        types.cast(table([("", "x", "", "", "", "y", "", ""), ("", "z", "", "", "", "", "", "")]))
    assert [(cell.line, cell.column, cell.value) for cell in caught.value.cells] == [
        (2, "code", "x"),
        (2, "integer", "y"),
        (3, "code", "z"),
    ]


def test_only_errors_that_are_not_ignored_keep_a_table_out() -> None:
    read, issues = csvfile.read_table(b"a,b\n1\n", FILE, plain("a", "b"))
    assert issues
    assert types.accept(read, issues, "t", ignored={issue.rule for issue in issues}) is read
    with pytest.raises(DataError):
        types.accept(read, issues, "t")
    with pytest.raises(DataError):
        types.accept(None, [], "t")
