"""Laws that hold for every register: what is valid passes, what is broken is found, and nothing else changes."""

from __future__ import annotations

import contextlib
import csv
import io
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evcollab import csvfile, types
from evcollab.validation import Report, validate
from evcollab.validation.catalogue import RULES, RemoveRow, Rule, SetCells
from tests import strategies
from tests.conftest import examples
from tests.validation import packages
from tests.validation.test_rules import expected_place

FEW = settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
ROWWISE = [
    rule
    for rule in RULES.values()
    if rule.bad and all(isinstance(edit, SetCells | RemoveRow) for edit in rule.bad) and rule.reported[0] != "waivers"
]


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


def check(place: Path) -> Report:
    return validate(place, today=packages.TODAY)


@FEW
@given(strategies.registers())
def test_every_generated_register_is_valid(tables: packages.Tables) -> None:
    with folder() as place:
        report = check(packages.write(place, tables))
        assert report.valid, str(report)


@settings(FEW, max_examples=examples(20), phases=[Phase.generate])
@given(rule=st.sampled_from([rule for rule in RULES.values() if rule.bad]), tables=strategies.registers())
def test_breaking_a_rule_in_a_generated_register_is_found_at_its_place(rule: Rule, tables: packages.Tables) -> None:
    with folder() as sound, folder() as broken:
        before = check(packages.example(sound, (), tables))
        packages.example(broken, rule.bad, tables)
        file, line, column = expected_place(rule, broken, sound)
        after = check(broken)
        new = Counter(_findings(after)) - Counter(_findings(before))
        new = Counter({finding: count for finding, count in new.items() if _counts(finding[0], rule)})
        at = {(issue.file, issue.line, issue.column) for issue in after.issues if issue.rule == rule.id}
        assert {finding[0] for finding in new} == {rule.id}, new
        assert (file, line, column) in at


def _counts(found: str, rule: Rule) -> bool:
    """Whether a finding counts beside a rule's own: questions to the curator come and go with what is around."""
    return found == rule.id or RULES[found].layer != "policy"


def _findings(report: Report) -> list[tuple[str, str, str, str]]:
    return [(issue.rule, issue.table, issue.record, issue.column) for issue in report.issues]


@FEW
@given(rule=st.sampled_from(ROWWISE), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_finding(rule: Rule, order: random.Random) -> None:
    with folder() as place:
        before = check(packages.example(place, rule.bad))
        for file in packages.SHIPPED.files.values():
            header, *rows = (place / file).read_text(encoding="utf-8").splitlines(keepends=True)
            order.shuffle(rows)
            (place / file).write_text("".join([header, *rows]), encoding="utf-8")
        after = check(packages.refresh(place))
        found = [finding for finding in _findings(after) if finding[0] != "not-canonical"]
        assert sorted(found) == sorted(_findings(before))


@FEW
@given(rule=st.sampled_from([rule for rule in RULES.values() if rule.bad]))
def test_validating_changes_no_file(rule: Rule) -> None:
    with folder() as place:
        packages.example(place, rule.bad)
        (place / ".evcollab-journal").write_text("[]", encoding="utf-8")
        before = _snapshot(place)
        str(check(place))
        assert _snapshot(place) == before


def _snapshot(place: Path) -> dict[str, tuple[bytes, int]]:
    files = (file for file in place.rglob("*") if file.is_file())
    return {str(file): (file.read_bytes(), file.stat().st_mtime_ns) for file in files}


JUNK = st.one_of(
    st.sampled_from(
        [
            "NaN",
            "inf",
            "-1",
            "101",
            "1e3",
            "2020-1-2",
            "2023-02-30",
            "2023-13",
            "x",
            "XX",
            "policy;x",
            "a;;b",
            "TRUE",
            "0",
        ]
    ),
    st.text("abzAZ019-._:/;é", min_size=1, max_size=12).filter(lambda text: text[0] not in "-"),
    st.just(""),
)


@settings(FEW, max_examples=examples(8))
@given(tables=strategies.registers(), data=st.data())
def test_we_and_frictionless_agree_on_types_constraints_and_keys_cell_by_cell(
    tables: packages.Tables, data: st.DataObject
) -> None:
    for _ in range(data.draw(st.integers(1, 6))):
        table = data.draw(st.sampled_from([name for name, rows in tables.items() if rows]))
        row = data.draw(st.sampled_from(tables[table]))
        row[data.draw(st.sampled_from(list(packages.SHIPPED.schemas[table].fields)))] = data.draw(JUNK)
    with folder() as place:
        packages.write(place, tables)
        ours = {
            (issue.file, issue.line, issue.column)
            for issue in check(place).issues
            if RULES[issue.rule].layer == "tables" or _replaces_a_table_rule(issue.rule)
        }
        theirs = set(_cells_that_frictionless_refuses(place))
        assert theirs <= ours
        for file, line, column in ours - theirs:
            assert _frictionless_is_lax(place, file, line, column)


def _replaces_a_table_rule(rule: str) -> bool:
    return any(RULES[less].layer == "tables" for less in RULES[rule].supersedes)


def _cells_that_frictionless_refuses(place: Path) -> Iterator[tuple[str, int, str]]:
    from frictionless import Package

    for task in Package(str(place / "datapackage.json")).validate().tasks:
        file = packages.SHIPPED.files[task.name]
        for error in task.errors:
            column = getattr(error, "field_name", None) or getattr(error, "field_names", [None])[0]
            yield file, error.row_number, column or packages.SHIPPED.schemas[task.name].primary_key[0]


def _frictionless_is_lax(place: Path, file: str, line: int, column: str) -> bool:
    """Whether it is one of the cells that frictionless lets pass though they do not fit: the documented differences."""
    table = next(name for name, path in packages.SHIPPED.files.items() if path == file)
    schema = packages.SHIPPED.schemas[table]
    read, _ = csvfile.read_table((place / file).read_bytes(), file, schema)
    assert read is not None
    cell = read.rows[line - 2][list(schema.fields).index(column)]
    try:
        types.parse(cell, schema.fields[column])
    except ValueError:
        return True  # a lax date or number, a day that is not in the calendar
    items = cell.split(";")
    in_key = column in schema.primary_key and len(schema.primary_key) > 1
    unique = any(column in key for key in schema.unique_keys)
    own_rule = table in ("claims", "sources", "organisations", "events")
    return (not cell and in_key) or len(items) > len(set(items)) or unique or own_rule


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(FEW, max_examples=examples(12))
@given(file=st.sampled_from(list(packages.SHIPPED.files.values())), content=st.binary(max_size=300))
def test_arbitrary_bytes_for_a_table_give_a_report(file: str, content: bytes) -> None:
    with folder() as place:
        packages.write(place, packages.base())
        (place / file).write_bytes(content)
        assert not check(place).valid


@settings(FEW, max_examples=examples(12))
@given(
    table=st.sampled_from(list(packages.SHIPPED.files)),
    rows=st.lists(st.lists(st.text(max_size=10), max_size=12), max_size=5),
    dialect=st.sampled_from((",", ";", "\t")),
)
def test_arbitrary_csv_below_the_right_header_gives_a_report(table: str, rows: list[list[str]], dialect: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=dialect).writerows([list(packages.SHIPPED.schemas[table].fields), *rows])
    with folder() as place:
        packages.write(place, packages.base())
        (place / packages.SHIPPED.files[table]).write_bytes(out.getvalue().encode("utf-8", "surrogatepass"))
        assert not check(place).valid


@settings(FEW, max_examples=examples(20))
@given(
    file=st.sampled_from(["datapackage.json", "schemas/events.schema.json", "schemas/claims.schema.json"]),
    value=ANY_JSON,
    data=st.data(),
)
def test_arbitrary_json_anywhere_in_the_descriptor_or_a_schema_gives_a_report(
    file: str, value: object, data: st.DataObject
) -> None:
    import json

    with folder() as place:
        packages.write(place, packages.base())
        whole = json.loads((place / file).read_text(encoding="utf-8"))
        inner, depth = whole, data.draw(st.integers(0, 6))
        for level in range(depth):
            keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
            key = data.draw(st.sampled_from(keys))
            if level == depth - 1 or not isinstance(inner[key], dict | list) or not inner[key]:
                inner[key] = value
                break
            inner = inner[key]
        packages.write_json(place / file, whole if depth else value)
        str(check(place))


@settings(FEW, max_examples=examples(12))
@given(content=st.binary(max_size=200) | st.text('{}[]":,\\ \n0truenlse', max_size=200).map(str.encode))
def test_an_arbitrary_file_for_the_descriptor_gives_a_report(content: bytes) -> None:
    with folder() as place:
        packages.write(place, packages.base())
        (place / "datapackage.json").write_bytes(content)
        assert not check(place).valid
