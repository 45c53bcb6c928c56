"""A command that is killed (SIGKILL) leaves what was there before or what it makes, and the next one works.

By default each command is killed once; EVCOLLAB_KILLS says how often all together, for a thorough run.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evcollab import atomic, package
from tests.exports.registers import countries
from tests.validation import packages

ROOT = Path(__file__).resolve().parent.parent
EVENT = """\
sources:
  - url: https://example.org/a
    title: Report A
    publisher: Example Herald
    kind: news
    tier: secondary
    published_date: 2025-06-01
    accessed_date: 2025-06-02
events:
  - name: Nairobi Forum on Batteries
    kind: forum
    scope: multilateral
    status: held
    start_date: 2025-05-02
    end_date: 2025-05-02
    country_code: KEN
    locator: p1
    participants: [{country_code: KEN, role: host}]
"""
OUT = "out"
CHANGING = {
    "add": ["add", "event.yaml", "--package", "register"],
    "format": ["format", "register"],
    "release": ["release", "9.0.0", "--package", "register"],
}
EXPORTING = {
    "export of a file": ["export", "sqlite", OUT, "--force", "--package", "register"],
    "export of a folder": ["export", "parquet", OUT, "--force", "--package", "register"],
    "site": ["site", OUT, "--package", "register"],
}
FORMER: dict[str, dict[str, bytes]] = {
    "export of a file": {OUT: b"a former export"},
    "export of a folder": {f"{OUT}/events.parquet": b"a former export"},
    "site": {f"{OUT}/.evcollab-site": b"", f"{OUT}/index.html": b"a former site"},
}
COMMANDS = CHANGING | EXPORTING
KILLS = -(-int(os.environ.get("EVCOLLAB_KILLS", "6")) // len(COMMANDS))
State = dict[str, bytes]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


class Killer:
    """Runs commands in a folder, and kills them."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self.server = server

    def run(self, folder: Path, command: str, step: int | None = None, seconds: float | None = None) -> dict[str, Any]:
        arguments = [
            str(folder / word) if word in ("register", "event.yaml", OUT) else word for word in COMMANDS[command]
        ]
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        self.server.stdin.write(json.dumps({"arguments": arguments, "step": step, "seconds": seconds}) + "\n")
        self.server.stdin.flush()
        answer: dict[str, Any] = json.loads(self.server.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    environment = {**os.environ, "TMPDIR": str(tmp_path_factory.mktemp("temporary")), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "tests.killing"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as server:  # type: ignore[call-overload]
        yield Killer(server)


def prepared(folder: Path, command: str) -> Path:
    """A folder with a small register, a document to add, and what a former export left."""
    tables = packages.base()
    if command == "site":
        tables["countries"] = countries(tables)  # each has a page
    packages.write(folder / "register", tables)
    (folder / "register" / "CITATION.cff").write_text("cff-version: 1.2.0\nversion: 0.0.1\n", encoding="utf-8")
    (folder / "event.yaml").write_text(EVENT, encoding="utf-8")
    if command == "format":
        for file in (folder / "register" / "data").glob("*.csv"):
            header, *rows = file.read_text(encoding="utf-8").splitlines(keepends=True)
            file.write_text(header + "".join(reversed(rows)), encoding="utf-8")
    for file, data in FORMER.get(command, {}).items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_bytes(data)
    return folder


def state(folder: Path) -> State:
    """Every file in a folder, hidden ones too."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def read(folder: Path) -> State:
    """What a reader finds in the register."""
    return dict(package.read(folder / "register").contents)


def points(command: str, steps: int, seconds: float) -> Iterator[list[dict[str, float]]]:
    """When to kill: before a random change to a file, and after a random time, in turn; then twice in a row.

    The second kill hits the command that finds what the first one left.
    """
    chance = random.Random(command)
    for number in range(KILLS):
        after_step, after_time = {"step": chance.randrange(steps)}, {"seconds": chance.uniform(0.0, seconds)}
        again = {"step": chance.randrange(steps)}
        yield [[after_step], [after_time], [after_step, again], [after_time, again]][number % 4]


@pytest.mark.filterwarnings("ignore:.*a change that was cut short")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_command_leaves_the_old_or_the_new_state(command: str, killer: Killer, tmp_path: Path) -> None:
    start = prepared(tmp_path / "start", command)
    finished = Path(shutil.copytree(start, tmp_path / "finished"))
    whole = killer.run(finished, command)
    assert whole["status"] == 0, whole["said"]
    before, after = state(start), state(finished)
    readings = [read(start), read(finished)]
    assert before != after
    counts = {"killed": 0, "old": 0, "new": 0}
    for point in points(command, whole["steps"], whole["seconds"]):
        victim = Path(shutil.copytree(start, tmp_path / "victim"))
        counts["killed"] += [killer.run(victim, command, **one)["status"] < 0 for one in point].count(True)
        assert read(victim) in readings, f"a reader finds a mixture after {point}"
        found = left_by(command, victim)
        assert found in (before, after), f"a mixture after {point}: {different(found, before, after)}"
        counts["new" if found == after else "old"] += 1
        again = killer.run(victim, command)
        assert again["status"] == 0, f"the next command fails after {point}: {again['said']}"
        assert state(victim) == after, f"after {point} and the next command: {different(state(victim), before, after)}"
        shutil.rmtree(victim)
    print(f"{command}: {KILLS} runs, {counts}, {whole['steps']} steps")
    assert counts["killed"]


def left_by(command: str, folder: Path) -> State:
    """What a killed command left: in a register as the next writer finds it, of an export what stands there."""
    if command in CHANGING:
        with atomic.changing(folder / "register"):
            return state(folder)
    found = state(folder)
    workshop = f".{OUT}.evcollab/"
    hidden = {file: data for file, data in found.items() if file.startswith(workshop)}
    shown = {file: data for file, data in found.items() if file not in hidden}
    if not (folder / OUT).exists():  # between two renames of folders; the next export puts the old one back
        shown |= {
            f"{OUT}/{file.removeprefix(f'{workshop}old/')}": data for file, data in hidden.items() if "/old/" in file
        }
    return shown


def different(found: State, before: State, after: State) -> list[str]:
    """The files that tell a state from both others."""
    return sorted(
        file for file in {*found, *before, *after} if found.get(file) not in (before.get(file), after.get(file))
    ) or sorted({*found} ^ {*before}) + sorted({*found} ^ {*after})
