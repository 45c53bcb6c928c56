"""How the layers work together, and the traps of frictionless 5.21 that ours must not fall into."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import evcollab
from evcollab.errors import PackageError
from evcollab.positions import lines_of
from evcollab.urls import normal_url
from evcollab.validation import Limits, Report, manual, validate
from evcollab.validation.catalogue import RULES, Edit, Key, SetCells, Text
from tests.conftest import some
from tests.validation import packages

ROOT = Path(evcollab.__file__).parent.parent
EVENTS = "schemas/events.schema.json"


def check(folder: Path, *edits: Edit) -> Report:
    return validate(packages.example(folder, edits), today=packages.TODAY)


def rules(report: Report) -> list[str]:
    return [issue.rule for issue in report.issues if issue.severity != "info"]


def test_the_shipped_register_is_valid(ds: evcollab.Dataset) -> None:
    report = validate(ROOT, strict=True, today=ds.sources["accessed_date"].max().date())
    assert rules(report) == [], str(report)


def test_a_package_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(PackageError):
        validate(tmp_path / "nowhere")


def test_problems_of_all_layers_are_found_in_one_run(tmp_path: Path) -> None:
    report = check(
        tmp_path,
        Text("data/organisations.csv", "Volta Lao", "Volta\u200bLao"),
        Key(EVENTS, ("fields", 1, "constraint"), {}),
        SetCells("events", "lao-forum-2023", {"kind": "conferense"}),
        SetCells("memberships", "eco-pak-member", {"end_date": "1900"}),
        SetCells("policy_targets", "lao-2023-car-stock-share-2035", {"value": "20"}),
    )
    assert sorted(rules(report)) == [
        "cell-category",
        "cell-zero-width-character",
        "descriptor-profile",
        "membership-end-before-start",
        "target-path-goes-down",
    ]


def test_a_table_that_cannot_be_read_stops_only_what_depends_on_it(tmp_path: Path) -> None:
    report = check(
        tmp_path,
        Text("data/events.csv", "event_id,name,", "event_id,nome,"),
        SetCells("memberships", "eco-pak-member", {"end_date": "1900"}),
    )
    assert rules(report) == ["header-column-unknown", "membership-end-before-start"]


def test_a_line_is_a_line_of_the_file_even_after_a_cell_with_a_line_break(tmp_path: Path) -> None:
    report = check(
        tmp_path,
        Text("data/organisations.csv", "Economic Cooperation Organization,", '"Economic\nCooperation Organization",'),
        SetCells("organisations", "volta-motors", {"kind": "compny"}),
    )
    assert ("cell-category", 7) in [(issue.rule, issue.line) for issue in report.issues]


# frictionless


@pytest.mark.parametrize(
    ("edits", "rule"),
    [
        ([Key(EVENTS, ("$schema",), None)], "descriptor-profile"),
        ([Key("datapackage.json", ("resources", 0, "hash"), "sha1:" + "0" * 40)], "descriptor-profile"),
        ([Key(EVENTS, ("fieldsMatch",), "subset")], "descriptor-profile"),
        ([Key(EVENTS, ("fields", 15, "type"), "list")], "descriptor-profile"),
        ([Key("datapackage.json", ("resources", 0, "dialect"), None)], "descriptor-profile"),
        ([Key(EVENTS, ("fields", 1, "constraints", "pattern"), "^a|b$")], "descriptor-profile"),
        ([SetCells("sources", "lao-policy-2021", {"accessed_date": "2026-1-2"})], "cell-date"),
        ([SetCells("policies", "lao-ev-policy-2021", {"start_year": "+2021"})], "cell-type"),
        ([SetCells("policy_targets", "eco-2025-car-sales-2030", {"value": "inf"})], "cell-number-not-finite"),
        ([SetCells("events", "lao-forum-2023", {"start_date": "2023-02-30", "end_date": ""})], "cell-date"),
        ([Text("data/countries.csv", "AFG,AF,Afghanistan", "AFG,AF,Aruba")], "value-not-unique"),
        ([SetCells("organisations", "volta-motors", {"parent_id": "volta"})], "reference-unknown"),
    ],
)
def test_a_trap_of_frictionless_is_an_error_of_ours(edits: list[Edit], rule: str, tmp_path: Path) -> None:
    report = packages.validated(packages.example(tmp_path, edits), rule)
    assert rule in rules(report)


def test_a_semicolon_file_is_not_taken_for_a_table(tmp_path: Path) -> None:
    packages.write(tmp_path, packages.base())
    file = tmp_path / "data" / "memberships.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    report = validate(packages.refresh(tmp_path), today=packages.TODAY)
    assert [(issue.rule, issue.file, issue.line) for issue in report.issues] == [
        ("file-not-csv", "data/memberships.csv", 1)
    ]


def test_a_reference_within_a_table_names_the_column_and_the_table(tmp_path: Path) -> None:
    issue = check(tmp_path, SetCells("organisations", "volta-motors", {"parent_id": "volta"})).issues[0]
    assert (issue.column, issue.message) == ("parent_id", "there is no organisation_id 'volta' in organisations")


# no false alarms


@pytest.mark.parametrize(
    "text",
    some(
        [
            "On 2023-07-07, 10 000 000 vehicles by 2030-2035.",
            "See ISO 15118-20:2022 and GB/T 20234.3-2023.",
            "https://example.org/tel/0215550199 holds it",
            "Decree 123-456/2021, pages 100-200 of 300",
            "USD 33 000 000 in 2021/22",
            "05-11-2023 07:30",
            "From 05.11.2023 to 07/11/2023",
        ]
    ),
)
def test_dates_numbers_and_addresses_are_no_telephone_numbers(text: str, tmp_path: Path) -> None:
    folder = packages.example(tmp_path, [SetCells("events", "lao-forum-2023", {"summary": text})])
    assert rules(packages.validated(folder, "privacy-phone")) == []


@pytest.mark.parametrize(
    "text",
    some(
        [
            "Call +856 21 123 456",
            "tel. 021 5550199",
            "(021) 555 0199",
            "WhatsApp: 0301-5550199",
            "at 555-555-0199",
            "tel. 05-11-2023-44",
        ]
    ),
)
def test_telephone_numbers_are_found_however_written(text: str, tmp_path: Path) -> None:
    folder = packages.example(tmp_path, [SetCells("events", "lao-forum-2023", {"summary": text})])
    assert rules(packages.validated(folder, "privacy-phone")) == ["privacy-phone"]


def test_ministries_of_the_same_name_in_two_countries_are_two(tmp_path: Path) -> None:
    edit = SetCells("organisations", "usaid", {"name": "Ministry of Energy and Mines"})
    assert rules(check(tmp_path, edit)) == []


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/a",
        "http://www.example.org/a/",
        "https://EXAMPLE.org:443/a?utm_source=x#top",
    ],
)
def test_addresses_that_differ_in_nothing_that_matters_are_the_same(other: str) -> None:
    assert normal_url(other) == normal_url("https://www.example.org/a")


@pytest.mark.parametrize("other", ["https://example.org/b", "https://example.org/a?id=2", "https://example.org/a#/two"])
def test_addresses_of_different_pages_are_not_the_same(other: str) -> None:
    assert normal_url(other) != normal_url("https://www.example.org/a")


# limits


@pytest.mark.parametrize(
    ("limits", "file"),
    [
        (Limits(file_bytes=11_000), "data/countries.csv"),
        (Limits(rows=100), "data/countries.csv"),
        (Limits(cell_characters=20), "data/countries.csv"),
        (Limits(depth=4), EVENTS),
    ],
)
def test_a_file_beyond_a_limit_is_reported_and_not_read(limits: Limits, file: str, tmp_path: Path) -> None:
    report = validate(packages.write(tmp_path, packages.base()), today=packages.TODAY, limits=limits)
    assert file in {issue.file for issue in report.issues if issue.rule == "limit-exceeded"}


def test_an_example_is_held_against_a_pattern_where_no_pattern_takes_for_ever(tmp_path: Path) -> None:
    slow, text = "^(a+)+$", "a" * 60 + "!"
    edits = [Key(EVENTS, ("fields", 2, "constraints", "pattern"), slow), Key(EVENTS, ("fields", 2, "example"), text)]
    issues = validate(packages.example(tmp_path, tuple(edits)), today=packages.TODAY).issues
    assert ("descriptor-example", EVENTS) in {(issue.rule, issue.file) for issue in issues}


def test_what_a_schema_says_of_a_code_is_what_the_data_format_says(tmp_path: Path) -> None:
    edits = [Text("schemas/participants.schema.json", '"_pays": true', '"_pays": false')]
    [issue] = validate(packages.example(tmp_path, tuple(edits)), today=packages.TODAY).issues
    assert (issue.rule, issue.message) == ("descriptor-standard", "'_pays' of 'role' differs at funder")


def test_a_link_out_of_the_package_is_not_followed(tmp_path: Path) -> None:
    folder = packages.write(tmp_path / "package", packages.base())
    (folder / "data" / "events.csv").rename(tmp_path / "events.csv")
    (folder / "data" / "events.csv").symlink_to(tmp_path / "events.csv")
    report = validate(folder, today=packages.TODAY)
    assert ("descriptor-unsafe-path", "data/events.csv") in [(issue.rule, issue.file) for issue in report.issues]


def test_json_that_is_nested_without_end_is_reported_at_once(tmp_path: Path) -> None:
    folder = packages.write(tmp_path, packages.base())
    (folder / "datapackage.json").write_text('{"a":' * 100_000, encoding="utf-8")
    assert rules(validate(folder)) == ["limit-exceeded"]


def test_the_line_of_every_key_of_a_json_file_is_known() -> None:
    lines = lines_of('{\n "a": [1,\n  {"b": "x:,{"}],\n "c": {}\n}')
    assert lines == {(): 1, ("a",): 2, ("a", 0): 2, ("a", 1): 3, ("a", 1, "b"): 3, ("c",): 4}


# waivers


def _waive(record: str, until: str) -> tuple[Edit, ...]:
    waiver = SetCells(
        "waivers",
        f"target-path-goes-down|policy_targets|{record}",
        {"reason": "The ministry adopted a lower share.", "until": until},
    )
    return (*RULES["target-path-goes-down"].bad, waiver)


def test_a_waived_issue_is_not_reported(tmp_path: Path) -> None:
    report = check(tmp_path, *_waive("lao-2023-car-stock-share-2035", "2027-01-01"))
    assert (rules(report), rules(Report(report.root, report.waived))) == ([], ["target-path-goes-down"])


def test_an_expired_waiver_waives_nothing(tmp_path: Path) -> None:
    report = check(tmp_path, *_waive("lao-2023-car-stock-share-2035", "2026-11-19"))
    assert rules(report) == ["target-path-goes-down", "waiver-expired"]


# the catalogue


def test_no_rule_takes_more_than_a_screen_to_explain() -> None:
    for rule in RULES.values():
        assert max(map(len, [*manual.text(rule).splitlines(), *manual.section(rule).splitlines()])) < 1000, rule.id
        assert len(manual.text(rule)) < 6000, rule.id


def test_every_rule_can_be_explained_in_words() -> None:
    for rule in RULES.values():
        text = manual.text(rule)
        assert text.startswith(f"{rule.id} ({rule.severity})")
        assert rule.id == "frictionless" or re.search(r"^bad:    \S", text, re.MULTILINE)
