"""Every rule of the catalogue is documented, lets its good example pass, and finds its bad one, and only that."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import get_args

import pytest

from evcollab.issues import SEVERITIES
from evcollab.positions import lines_of
from evcollab.validation import validate
from evcollab.validation.catalogue import RULES, Layer, Rule
from tests.conftest import some
from tests.validation import near, packages

ALL = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
BAD = [rule for rule in RULES.values() if rule.bad]
NEAR = {line.partition(":")[0] for line in near.FILE.read_text(encoding="utf-8").splitlines()}
"""Rules whose examples are found in one register, in test_near.py."""
FOUND = pytest.mark.parametrize(
    "rule",
    [rule for rule in BAD if rule.id not in NEAR] + some(rule for rule in BAD if rule.id in NEAR),
    ids=lambda rule: rule.id,
)


def test_the_small_register_that_the_examples_change_is_valid(tmp_path: Path) -> None:
    assert validate(packages.write(tmp_path, packages.base()), today=packages.TODAY).issues == ()


@pytest.mark.parametrize("rule", some((rule for rule in RULES.values() if rule.good), 8), ids=lambda rule: rule.id)
def test_the_good_example_of_a_rule_passes(rule: Rule, tmp_path: Path) -> None:
    report = packages.validated(packages.example(tmp_path, rule.good), rule.id)
    assert [issue for issue in report.issues if issue.severity != "info"] == []


@FOUND
def test_the_bad_example_of_a_rule_is_found_once_at_its_place_and_nothing_else_is(rule: Rule, tmp_path: Path) -> None:
    report = packages.validated(packages.example(tmp_path, rule.bad), rule.id)
    assert [issue.rule for issue in report.issues] == [rule.id], str(report)
    issue = report.issues[0]
    assert issue.severity == rule.severity
    assert (issue.file, issue.line, issue.column) == expected_place(rule, tmp_path)


def expected_place(rule: Rule, folder: Path, sound: Path | None = None) -> tuple[str, int, str]:
    """Where the bad example in this folder should be found; `sound`: the same register without the example."""
    where, place, column = rule.reported
    if isinstance(place, str):
        file = "waivers.csv" if where == "waivers" else packages.SHIPPED.files[where]
        return file, packages.line_of(folder, where, place), column
    if column.startswith("/"):
        lines = lines_of((folder / where).read_text(encoding="utf-8"))
        path = tuple(int(part) if part.isdecimal() else part for part in column[1:].split("/"))
        while path not in lines:
            path = path[:-1]
        return where, lines[path], column
    if sound is not None and (sound / where).exists():  # the record that stands on that line in the small register
        with tempfile.TemporaryDirectory() as small:
            packages.write(Path(small), packages.base())
            text = (Path(small) / where).read_text(encoding="utf-8").splitlines()[place - 1]
        place = (sound / where).read_text(encoding="utf-8").splitlines().index(text) + 1
    return where, place, column


@ALL
def test_a_rule_is_documented(rule: Rule) -> None:
    assert rule.layer in get_args(Layer)
    assert rule.severity in SEVERITIES
    assert rule.bad or rule.id == "frictionless"  # which finds nothing that the others do not: a law in test_properties
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 120
    assert ". " not in rule.summary
    assert set(rule.supersedes) <= RULES.keys()
    assert set(rule.tables) <= {*packages.SHIPPED.schemas}
    assert set(rule.id) <= set("abcdefghijklmnopqrstuvwxyz-0123456789")
