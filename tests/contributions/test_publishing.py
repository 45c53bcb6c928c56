"""A release: notes that tell what changed, a tag that tells the truth, and who may publish."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import evcollab
from evcollab.contributions.releasing import release
from tests.conftest import ROOT
from tests.contributions.registers import add, event, source
from tests.contributions.test_diff import git

CODE = f"v{evcollab.__version__}"
WORKFLOW = ROOT / ".github/workflows/release.yml"


@pytest.fixture(scope="module")
def notes() -> Any:
    """The script that writes the notes, as a module."""
    loader = importlib.machinery.SourceFileLoader("notes", str(ROOT / ".ci" / "notes"))
    spec = importlib.util.spec_from_loader("notes", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def released(register: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register with two releases of its data; its folder is the current one."""
    git(register, "init")
    for version, name in (("0.9.0", "Mombasa Forum"), ("0.10.0", "Lagos Forum")):
        add(register, source(name.split()[0].lower()) + event(name, f"2025-05-0{len(name) % 9 + 1}"))
        commit(register, version)
    monkeypatch.chdir(register)
    return register


def commit(register: Path, version: str) -> None:
    release(version, register)
    git(register, "add", ".")
    git(register, "commit", "-m", version)
    git(register, "tag", f"data-v{version}")


def written(notes: Any, folder: Path, tag: str = "") -> str:
    folder.mkdir(exist_ok=True)
    notes.main(folder, tag)
    return (folder / "notes.md").read_text(encoding="utf-8")


def test_the_notes_tell_what_changed_since_the_release_before(notes: Any, released: Path, tmp_path: Path) -> None:
    for tag in ("", "data-v0.10.0", CODE):
        text = written(notes, tmp_path / "made", tag)
        assert text.startswith(f"Data 0.10.0, code {evcollab.__version__}.")
        assert "## What changed in the data since data-v0.9.0" in text
        assert "added **Lagos Forum**" in text
        assert "Mombasa" not in text
        assert (tmp_path / "made" / "changes.md").read_text(encoding="utf-8") in text + "\n"


def test_the_notes_tell_how_to_cite_the_release(notes: Any, released: Path, tmp_path: Path) -> None:
    assert evcollab.load(released).cite() in written(notes, tmp_path / "made")


def test_the_first_release_has_notes_too(notes: Any, released: Path, tmp_path: Path) -> None:
    git(released, "tag", "--delete", "data-v0.9.0")
    assert written(notes, tmp_path / "made", "data-v0.10.0").endswith("The first release of the data.\n")
    assert not (tmp_path / "made" / "changes.md").exists()


def test_notes_can_be_written_where_there_is_no_repository(
    notes: Any, register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(register)
    assert written(notes, tmp_path / "made").endswith("The first release of the data.\n")


@pytest.mark.parametrize("tag", ["data-v0.9.0", "data-v0.11.0", "v99.0.0", "0.10.0", "data-v0.10.0-rc1"])
def test_a_tag_that_does_not_tell_the_version_is_refused(notes: Any, released: Path, tmp_path: Path, tag: str) -> None:
    with pytest.raises(
        SystemExit, match=rf"{re.escape(tag)} is not .* data-v0\.10\.0 \(data\) or {re.escape(CODE)} \(code"
    ):
        written(notes, tmp_path / "made", tag)


def test_code_is_not_released_with_data_that_are_not(notes: Any, released: Path, tmp_path: Path) -> None:
    add(released, source("late") + event("Late Forum", "2025-09-01"))
    with pytest.raises(SystemExit, match=r"the data are no longer those of data-v0\.10\.0"):
        written(notes, tmp_path / "made", CODE)
    git(released, "tag", "--delete", "data-v0.10.0")
    with pytest.raises(SystemExit, match=r"the data 0\.10\.0 are not released yet"):
        written(notes, tmp_path / "made", CODE)


def test_notes_that_are_too_long_for_github_are_cut_at_a_line_and_say_so(
    notes: Any, released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = written(notes, tmp_path / "made")
    for limit in range(len(whole) // 3, len(whole), 97):
        monkeypatch.setattr(notes, "LIMIT", limit)
        text = written(notes, tmp_path / "made")
        assert text.count("<details>") == text.count("</details>")
        assert len(text) < limit + 600
        assert text.endswith("`changes.md` has all of it.\n") or text == whole
        cut = text.split("\n\n</details>\n\n… and")[0].split("\n\n… and")[0]
        assert set(cut.splitlines()) <= set(whole.splitlines())


# The workflow


def jobs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
    return found


def test_each_job_of_the_release_has_only_the_rights_that_it_needs() -> None:
    assert {name: job["permissions"] for name, job in jobs().items()} == {
        "build": {"contents": "read"},
        "attest": {"attestations": "write", "id-token": "write"},
        "index": {"id-token": "write"},
        "page": {"contents": "write"},
    }


def test_no_code_of_the_checkout_runs_where_there_is_a_right_to_write() -> None:
    for name, job in jobs().items():
        uses = [step.get("uses", "").split("@")[0] for step in job["steps"]]
        assert ("actions/checkout" in uses) == (name == "build")


def test_nothing_is_published_that_was_not_tested_and_attested() -> None:
    found = jobs()
    (tested,) = (step["run"] for step in found["build"]["steps"] if "run" in step)
    assert tested == '.ci/run "$RUNNER_TEMP/release" "$GITHUB_REF_NAME"'
    assert all({"build", "attest"} <= set(found[name]["needs"]) for name in ("index", "page"))
    assert "needs.attest.result == 'success'" in found["page"]["if"]


def test_every_step_that_needs_no_account_runs_on_each_push() -> None:
    checks = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    assert '\nPATH="$work/test/bin:$PATH" .ci/release "$release" "$tag"\n' in checks
    assert ".ci/run" in [step.get("run") for step in workflow["jobs"]["check"]["steps"]]
    assert all(os.access(ROOT / ".ci" / name, os.X_OK) for name in ("run", "release", "notes"))
