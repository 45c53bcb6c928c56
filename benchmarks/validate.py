"""Time `evcollab validate` against `frictionless validate` on the shipped package, and set their messages side by side.

Run: python benchmarks/validate.py [--large]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import registers  # noqa: E402
from evcollab.validation import validate  # noqa: E402
from evcollab.validation.catalogue import Edit, SetCells, Text  # noqa: E402
from tests.validation import packages  # noqa: E402

RUNS = 5
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
FORUM = "lao-forum-2023"
BROKEN: dict[str, list[Edit]] = {
    "type-error": [SetCells("events", FORUM, {"participant_count": "about 120"})],
    "constraint-error (required)": [SetCells("events", FORUM, {"kind": ""})],
    "constraint-error (enum)": [SetCells("events", FORUM, {"kind": "conferense"})],
    "constraint-error (pattern)": [SetCells("events", FORUM, {"series": "Lao Forum"})],
    "constraint-error (maximum)": [SetCells("events", FORUM, {"edition": "501"})],
    "constraint-error (maxLength)": [SetCells("events", FORUM, {"city": "x" * 101})],
    "foreign-key": [SetCells("events", FORUM, {"programme_id": "ecco"})],
    "foreign-key (same table)": [SetCells("organisations", "volta-motors", {"parent_id": "volta"})],
    "primary-key": [Text("data/countries.csv", "AGO,AO,", "AFG,AO,")],
    "unique-error": [Text("data/countries.csv", "AFG,AF,", "AFG,AW,")],
    "blank-row": [Text("data/memberships.csv", "\neco-usaid", "\n\neco-usaid")],
    "extra-cell": [Text("data/memberships.csv", "2022-05-31,,\n", "2022-05-31,,,\n")],
    "missing-cell": [Text("data/memberships.csv", "2022-05-31,,\n", "2022-05-31,\n")],
    "missing-label": [Text("data/memberships.csv", ",currency\n", "\n")],
    "extra-label": [Text("data/memberships.csv", ",currency\n", ",currency,note\n")],
    "blank-label": [Text("data/memberships.csv", ",currency\n", ",\n")],
    "duplicate-label": [Text("data/memberships.csv", ",currency\n", ",amount\n")],
    "incorrect-label": [Text("data/memberships.csv", ",currency\n", ",curency\n")],
}


def main() -> None:
    """Time both on the shipped package, and with `--large` on registers of 180,000 and 1.8 million rows."""
    _compare("the shipped package", ROOT, RUNS, "at most 0.6 is wanted")
    if "--large" in sys.argv:
        with tempfile.TemporaryDirectory() as place:
            small = _compare(
                "180,000 rows", registers.write(Path(place) / "small", 180_000), 1, "at most 0.1 is wanted"
            )
            large = _compare("1.8 million rows", registers.write(Path(place) / "large", 1_800_000), 1, "at most 0.1")
            print(f"1.8 million rows take {large / small:.1f} times as long as 180,000 (at most 11 is wanted)\n")
            print(_found(Path(place) / "large"))
        return
    for kind, ours, theirs in messages():
        print(f"{kind}\n  frictionless ({len(theirs)}): {theirs}\n  evcollab     ({len(ours)}): {ours}\n")


def _compare(what: str, folder: Path, runs: int, wanted: str) -> float:
    """Print time and memory of both on a package; return our time."""
    found = {name: _measure(runs, folder, "-m", name, "validate") for name in ("evcollab", "frictionless")}
    for name, (seconds, megabytes) in found.items():
        print(f"{name:<13} {seconds:7.2f} s  {megabytes:6.0f} MB  (whole process, best of {runs}, {what})")
    print(f"ratio         {found['evcollab'][0] / found['frictionless'][0]:7.2f}    ({wanted})\n")
    return found["evcollab"][0]


def _found(folder: Path) -> str:
    """Whether faults that are planted in a large register are found at their places, and nothing else is."""
    planted = registers.plant(folder)
    report = validate(folder)
    found = {(issue.rule, issue.file, issue.line, issue.column) for issue in report.issues if issue.severity == "error"}
    return (
        f"of {len(planted)} faults {len(planted & found)} are found at their rule, file, line and column; "
        f"{len(found - planted)} findings more"
    )


def messages() -> Iterator[tuple[str, str, str]]:
    """For each kind of error: our message with its column, and that of frictionless."""
    from frictionless import Package

    for kind, edits in BROKEN.items():
        with tempfile.TemporaryDirectory() as place:
            folder = packages.example(Path(place), edits)
            issues = [issue for issue in validate(folder, today=packages.TODAY).issues if issue.file.endswith(".csv")]
            ours = f"{issues[0].column}: {issues[0].message}" if issues[0].column else issues[0].message
            report = Package(str(folder / "datapackage.json")).validate()
            errors = [error for task in report.tasks for error in task.errors]
            theirs = next((error.message for error in errors if error.type == kind.split()[0]), errors[0].message)
            yield kind, ours, theirs


def _measure(runs: int, folder: Path, *command: str) -> tuple[float, float]:
    """Seconds and megabytes of a whole process, the best of some runs."""
    best, memory = float("inf"), 0.0
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command, "datapackage.json"], cwd=folder, stdout=subprocess.DEVNULL, env=ENVIRONMENT
        )
        _, _, used = os.wait4(process.pid, 0)
        best = min(best, time.perf_counter() - start)
        memory = max(memory, used.ru_maxrss / 1024)
    return best, memory


if __name__ == "__main__":
    main()
