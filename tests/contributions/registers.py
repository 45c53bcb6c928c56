"""Small registers to contribute to, and what to ask of them."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from evcollab import atomic, package
from evcollab.canonical import files_for
from evcollab.contributions import add as adding
from evcollab.contributions import document as documents
from evcollab.contributions.formatting import format_package
from evcollab.register import Register

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 20)

SOURCE = """\
sources:
  - url: https://example.org/{page}
    title: Report {page}
    publisher: Example Herald
    kind: news
    tier: {tier}
    published_date: 2025-06-01
"""
EVENT = """\
events:
  - name: {name}
    kind: forum
    scope: multilateral
    status: held
    start_date: {day}
    end_date: {day}
    country_code: KEN
    locator: p1
"""


def empty_register(folder: Path) -> Path:
    """A register with the countries and nothing else."""
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copy(ROOT / "datapackage.json", folder)
    for file in (folder / "data").glob("*.csv"):
        if file.name != "countries.csv":
            file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    format_package(folder)
    return folder


def source(page: str = "a", tier: str = "secondary") -> str:
    return SOURCE.format(page=page, tier=tier)


def event(name: str = "Nairobi Forum", day: str = "2025-05-02") -> str:
    return EVENT.format(name=name, day=day)


@dataclass(frozen=True)
class Merged:
    files: dict[str, bytes]
    notices: list[str]


def add(register: Path, *texts: str) -> Merged:
    """Add documents without asking the rules, which takes longer than all the rest."""
    return merge(register, *(documents.parse(text, f"{number}.yaml") for number, text in enumerate(texts, 1)))


def merge(register: Path, *contributions: documents.Document) -> Merged:
    with atomic.changing(register):
        before = Register.read(package.read(register))
        draft = adding.propose(contributions, before, TODAY)
        if draft.problems:
            raise documents.ContributionError(draft.problems)
        files = files_for(before.package, draft.register.changed(), before.contents)
        atomic.replace_files(register, files, before.contents)
    return Merged(files, draft.notices)


def problems(register: Path, *texts: str) -> list[str]:
    """What keeps documents from being added; the register must not change."""
    before = content(register)
    try:
        add(register, *texts)
    except documents.ContributionError as error:
        assert content(register) == before
        return [str(problem) for problem in error.problems]
    return []


def rows(register: Path, table: str) -> list[dict[str, str]]:
    with (register / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def cell_claims(register: Path, column: str) -> set[tuple[str, str, str]]:
    """Value, rank and basis of the claims on a column."""
    return {(row["value"], row["rank"], row["basis"]) for row in rows(register, "claims") if row["field"] == column}


def content(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a register."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith(".")
    }
