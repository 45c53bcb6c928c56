"""What GitHub and pre-commit read from the repository has the form that they need."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
CHOOSER = ROOT / ".github/ISSUE_TEMPLATE/config.yml"
FORMS = sorted(set(ROOT.glob(".github/ISSUE_TEMPLATE/*.yml")) - {CHOOSER})
PINNED = re.compile(r"\./.*|[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def load(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def steps(file: Path) -> list[dict[str, Any]]:
    content = load(file)
    parts = content["jobs"].values() if "jobs" in content else [content["runs"]]
    return [step for part in parts for step in part["steps"]]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_says_when_it_runs_what_it_may_do_and_for_how_long(file: Path) -> None:
    content = load(file)
    assert content[True]  # the key "on", as YAML 1.1 reads it
    assert content["permissions"] in ({}, {"contents": "read"})
    assert content["concurrency"]["group"]
    assert not {"workflow_run", "pull_request_target"} & set(content[True] if isinstance(content[True], dict) else [])
    assert all(job["runs-on"] and job["timeout-minutes"] and job["steps"] for job in content["jobs"].values())


def test_what_a_contribution_says_is_printed_where_it_is_no_command() -> None:
    [printing] = [
        step["run"] for step in steps(ROOT / ".github/workflows/contribution.yml") if "cat " in step.get("run", "")
    ]
    assert re.search(r'echo "::stop-commands::\$token"\ncat changes.md problems.txt\necho "::\$token::"', printing)


@pytest.mark.parametrize("file", [*WORKFLOWS, ROOT / "action.yml"], ids=lambda file: file.name)
def test_every_step_uses_a_pinned_action_or_a_script_with_nothing_interpolated(file: Path) -> None:
    for step in steps(file):
        assert ("uses" in step) != ("run" in step)
        assert "run" in step or PINNED.fullmatch(step["uses"])
        assert "${{" not in step.get("run", "")


def test_the_version_of_every_pinned_action_stands_beside_it() -> None:
    for file in [*WORKFLOWS, ROOT / "action.yml"]:
        for line in re.findall(r"uses: \S+@.*", file.read_text(encoding="utf-8")):
            assert re.fullmatch(r"uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


def test_the_action_installs_what_stands_beside_it_and_nothing_that_others_could_register() -> None:
    scripts = [step.get("run", "") for step in steps(ROOT / "action.yml")]
    assert [line for line in scripts if "pip install" in line] == [
        'python -m pip install --quiet "$GITHUB_ACTION_PATH[validate]"'
    ]


def test_the_action_says_the_shell_of_every_script_and_describes_every_input() -> None:
    content = load(ROOT / "action.yml")
    assert content["name"]
    assert content["runs"]["using"] == "composite"
    assert all(step["shell"] for step in content["runs"]["steps"] if "run" in step)
    assert all(field["description"] and "default" in field for field in content["inputs"].values())


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.name)
def test_an_issue_form_has_a_name_a_description_and_fields_with_ids_of_their_own(file: Path) -> None:
    form = load(file)
    assert form["name"]
    assert form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert {field["type"] for field in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    ids = [field["id"] for field in fields]
    assert ids
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[\w-]+", each) for each in ids)
    for field in fields:
        assert field["attributes"]["label"]
        options = field["attributes"].get("options", [])
        assert len(options) == len({str(option) for option in options})
        assert bool(options) == (field["type"] in ("dropdown", "checkboxes"))
        assert all(isinstance(option, str) for option in options if field["type"] == "dropdown")


def test_an_issue_without_a_form_may_be_opened_too() -> None:
    assert load(CHOOSER) == {"blank_issues_enabled": True}


def test_the_hook_runs_a_command_of_this_package() -> None:
    [hook] = load(ROOT / ".pre-commit-hooks.yaml")
    assert {"id", "name", "entry", "language", "files"} <= hook.keys()
    assert hook["entry"].split()[0] == "evcollab"
    assert re.match(hook["files"], "data/events.csv")
    assert not re.match(hook["files"], "README.md")
