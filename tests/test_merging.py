"""Two contributions to the same tables, on two branches."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import evcollab
from evcollab.cli import main

from .conftest import ROOT, THOROUGH

pytest.importorskip("yaml")
DOCUMENT = """\
sources:
  - url: https://example.org/{page}
    title: {name} held
    publisher: Example Herald
    kind: news
    tier: secondary
    published_date: 2025-06-01
events:
  - name: {name}
    kind: forum
    scope: multilateral
    status: held
    start_date: {day}
    end_date: {day}
    country_code: {country}
    country_count: 5
    locator: p1
    participants:
      - {{country_code: UGA, role: participant, attendance: confirmed}}
"""


def git(folder: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words],
        cwd=folder,
        check=True,
        capture_output=True,
    )


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_two_branches_with_one_event_each_merge_and_are_valid_after_formatting(package: Path, tmp_path: Path) -> None:
    checkout = package
    for name in ("waivers.csv", ".gitattributes") if THOROUGH else (".gitattributes",):  # a part has nothing to waive
        shutil.copy(ROOT / name, checkout)
    git(checkout, "init", "--initial-branch=main")
    git(checkout, "add", "--all")
    git(checkout, "commit", "--message=Start")
    for name, day, country in (("Alpha Assembly", "2025-05-02", "KEN"), ("Omega Congress", "2025-05-20", "TZA")):
        git(checkout, "switch", "--create", name.split()[0], "main")
        document = tmp_path / f"{name}.yaml"
        document.write_text(
            DOCUMENT.format(name=name, page=name.split()[0], day=day, country=country), encoding="utf-8"
        )
        assert main(["add", str(document), "--package", str(checkout)]) == 0
        git(checkout, "commit", "--all", f"--message={name}")
    git(checkout, "merge", "--strategy-option=ours", "Alpha")
    assert main(["format", str(checkout)]) == 0
    report = evcollab.validate(checkout)
    assert not [issue for issue in report.issues if issue.severity == "error"]
    assert {"Alpha Assembly", "Omega Congress"} <= set(evcollab.load(checkout).events["name"])
