"""Time `evcollab validate` against `frictionless validate` on the shipped package, and set their messages side by side.

Run: python benchmarks/validate.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from evcollab.validation import validate  # noqa: E402
from evcollab.validation.catalogue import Edit, SetCells, Text  # noqa: E402
from tests.validation import packages  # noqa: E402

RUNS = 5
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
    times = {"evcollab": _time("-m", "evcollab", "validate"), "frictionless": _time("-m", "frictionless", "validate")}
    for name, seconds in times.items():
        print(f"{name:<13} {seconds:.2f} s (best of {RUNS}, whole process, shipped package)")
    print(f"ratio         {times['evcollab'] / times['frictionless']:.2f} (at most 2 is wanted)\n")
    for kind, ours, theirs in messages():
        print(f"{kind}\n  frictionless ({len(theirs)}): {theirs}\n  evcollab     ({len(ours)}): {ours}\n")


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


def _time(*command: str) -> float:
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command, "datapackage.json"], cwd=ROOT, capture_output=True, check=False)
        best = min(best, time.perf_counter() - start)
    return best


if __name__ == "__main__":
    main()
