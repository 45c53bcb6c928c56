"""Every form of the report says the same, and nothing in the data can break out of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evcollab.validation import Report, validate
from evcollab.validation.catalogue import RULES, SetCells
from evcollab.validation.reports import FORMATS, render
from tests.validation import packages

NASTY = "=x|`<img src=x>`\u202e::error::@all [a](b)"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    edits = (
        SetCells("events", "lao-forum-2023", {"start_date": "2023-07-09", "city": NASTY}),
        SetCells("policy_targets", "lao-2023-car-stock-share-2035", {"value": "20"}),
        SetCells("events", "eco-webinar-2026", {"start_date": "2024", "end_date": "2024"}),
    )
    return validate(packages.example(tmp_path_factory.mktemp("report"), edits), today=packages.TODAY)


def test_the_text_shows_the_line_and_marks_the_cell(report: Report) -> None:
    lines = str(report).splitlines()
    mark = next(n for n, line in enumerate(lines) if "^" in line and ", end_date:" in lines[n - 2])
    start, end = lines[mark].index("^"), lines[mark].rindex("^") + 1
    assert lines[mark - 1][start:end] == "2023-07-08"
    assert "event-end-before-start" in lines[mark - 2]


def test_the_text_ends_with_a_summary(report: Report) -> None:
    assert f"not valid: {report.errors} errors, {report.warnings} warnings, 1 note in 3 files" in str(report)


def test_the_text_groups_by_file(report: Report) -> None:
    files = re.findall(r"^data/\S+$", str(report), re.MULTILINE)
    assert files == sorted(set(files))


def test_the_json_has_the_documented_keys(report: Report) -> None:
    content = json.loads(render(report, "json"))
    assert list(content) == ["valid", "errors", "warnings", "issues"]
    keys = ["rule", "severity", "table", "record", "file", "line", "column", "value", "message", "hint"]
    assert all(list(issue) == keys for issue in content["issues"])
    assert (content["valid"], content["errors"]) == (False, report.errors)


def test_the_github_annotations_are_one_command_per_issue(report: Report) -> None:
    lines = render(report, "github").splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert len(commands) == len(report.issues)
    assert all(
        re.match(r"::(error|warning|notice) file=[^,:]+,line=\d+,title=[a-z0-9-]+::.", line) for line in commands
    )


def test_the_markdown_shows_what_stands_in_the_data_as_text(report: Report) -> None:
    text = render(report, "markdown")
    assert "<img" not in text
    assert "@all" not in text
    assert all(row.count("|") == 5 for row in text.splitlines() if row.startswith("| "))


@pytest.mark.parametrize("format", ["text", "markdown", "github", "junit"])
def test_no_report_carries_an_invisible_character(report: Report, format: str) -> None:
    text = render(report, format)
    assert all(letter.isprintable() or letter == "\n" for letter in text)


def test_the_sarif_log_has_the_structure_of_the_standard(report: Report) -> None:
    log = json.loads(render(report, "sarif"))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert len(run["results"]) == len(report.issues)
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9_./%-]+", place["artifactLocation"]["uri"])
        assert place["region"]["startLine"] >= 1
    prints = [result["partialFingerprints"]["issue/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_the_junit_suite_counts_the_rules_that_failed(report: Report) -> None:
    root = ElementTree.fromstring(render(report, "junit"))
    suite = root.find("testsuite")
    assert suite is not None
    failed = {issue.rule for issue in report.issues if issue.severity == "error"}
    assert int(suite.attrib["tests"]) == len(suite.findall("testcase")) == len(RULES)
    assert {case.attrib["name"] for case in suite.findall("testcase") if case.find("failure") is not None} == failed
    assert int(suite.attrib["failures"]) == len(failed)


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> list[Report]:
    """Two reports on one register."""
    folder = packages.example(tmp_path_factory.mktemp("twice"), RULES["claim-two-preferred"].bad)
    return [validate(folder, today=packages.TODAY) for _ in range(2)]


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_is_the_same_every_time(format: str, twice: list[Report]) -> None:
    first, second = (render(report, format) for report in twice)
    assert first == second


def test_strict_counts_warnings_as_errors(tmp_path: Path) -> None:
    folder = packages.example(tmp_path, RULES["target-path-goes-down"].bad)
    lenient, strict = (validate(folder, today=packages.TODAY, strict=strict) for strict in (False, True))
    assert (lenient.valid, lenient.warnings) == (True, 1)
    assert (strict.valid, strict.errors, strict.warnings) == (False, 1, 0)


def test_many_issues_of_one_rule_are_shown_in_part_with_their_number(tmp_path: Path) -> None:
    folder = packages.write(tmp_path, packages.base())
    file = folder / "data" / "countries.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Africa", "Afrika"), encoding="utf-8")
    text = str(validate(packages.refresh(folder), today=packages.TODAY))
    assert text.count("error cell-category") == 20
    assert re.search(r"\.\.\. and \d+ more of cell-category in this file", text)


def test_of_a_question_that_many_rows_raise_three_are_shown_with_the_number_of_the_others(tmp_path: Path) -> None:
    report = validate(packages.example(tmp_path, RULES["event-year-in-name"].bad), today=packages.TODAY)
    [asked] = [issue for issue in report.issues if issue.rule == "event-year-in-name"]
    many = str(replace(report, issues=tuple(replace(asked, line=line) for line in range(2, 12))))
    assert many.count("info event-year-in-name") == 3
    assert "... and 7 more of event-year-in-name" in many
