"""The workflows that handle what strangers send."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.contributions.registers import ROOT

NAMES = ("build", "contribution", "pull-request")


def load(name: str) -> dict[Any, Any]:
    content: dict[Any, Any] = yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text(encoding="utf-8"))
    return content


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in load(name)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_interpolated_into_a_command(name: str) -> None:
    for step in steps(name):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("name", NAMES)
def test_what_strangers_write_never_reaches_the_environment(name: str) -> None:
    texts = [str(step.get("env", "")) for step in steps(name)]
    for free in (".title", ".body", "head.ref", "head_branch", "head_ref", "display_title", "head_commit"):
        assert not any(free in text for text in texts)


@pytest.mark.parametrize("name", NAMES)
def test_rights_are_given_one_by_one(name: str) -> None:
    content = load(name)
    assert content["permissions"] in ({}, {"contents": "read"})
    assert "pull_request_target" not in content[True]
    assert not any("secrets." in str(step) for step in steps(name))


def test_the_code_of_a_pull_request_runs_without_write_rights() -> None:
    content = load("pull-request")
    assert content["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in content["jobs"].values())
