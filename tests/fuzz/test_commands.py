"""Whatever a package holds, every command that reads it ends in exit status 0, 1 or 2, and never in a traceback.

In CI a few packages; by hand as many as you like, from any seed on; each command prints its time and the memory so far:

    EVCOLLAB_FUZZ=2000 EVCOLLAB_FUZZ_SEED=5000 python -m pytest -n 2 -rA tests/fuzz
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import stat
import time
import warnings
from pathlib import Path

import pytest

from evcollab.cli import main
from tests.validation import packages

from .mutations import damage

COUNT = int(os.environ.get("EVCOLLAB_FUZZ", "24"))
SEED = int(os.environ.get("EVCOLLAB_FUZZ_SEED", "0"))
PER_PACKAGE = 4
"""Commands for one damaged package."""
COMMANDS: tuple[tuple[str, ...], ...] = (
    (),
    ("show", "events"),
    ("show", "claims", "--format", "csv"),
    ("show", "policy_targets", "--where", "country_code=LAO", "--format", "json"),
    ("find", "lao forum"),
    ("describe", "events"),
    ("describe", "events", "kind"),
    ("explain", "lao-forum-2023"),
    ("cite",),
    ("cite", "lao-forum-2023"),
    ("conflicts",),
    ("targets",),
    ("phase-outs",),
    ("history",),
    ("members", "eco"),
    ("funding",),
    ("met",),
    ("export", "sqlite", "OUT"),
    ("export", "duckdb", "OUT"),
    ("export", "jsonld", "OUT"),
    ("export", "ical", "OUT"),
    ("export", "parquet", "OUT"),
    ("export", "croissant", "OUT"),
    ("export", "xlsx", "OUT"),
    ("export", "zip", "OUT"),
    ("new", "event"),
    ("template", "OUT.xlsx"),
    ("format", "--check"),
    ("format",),
    ("diff", "PACKAGE", "SOUND"),
    ("validate",),
    ("validate", "--format", "json"),
)


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packages.write(tmp_path_factory.mktemp("sound") / "package", packages.base())


@pytest.mark.parametrize("seed", range(SEED, SEED + COUNT))
def test_a_damaged_package_never_ends_in_a_traceback(
    seed: int, sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(-seed - 1)
    for command in dice.sample(COMMANDS, PER_PACKAGE):
        folder = tmp_path / "package"
        shutil.copytree(sound, folder)
        done = damage(folder, seed)
        names = {"OUT": str(tmp_path / "out"), "OUT.xlsx": str(tmp_path / "out.xlsx")}
        names |= {"PACKAGE": str(folder), "SOUND": str(sound)}
        arguments = [names.get(word, word) for word in command]
        start = time.perf_counter()
        status = run([*arguments, "--package", str(folder)])
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{time.perf_counter() - start:6.2f} s  {most} MB  seed {seed}  {' '.join(command)}  {done}")
        shown = capsys.readouterr()
        assert status in (0, 1, 2), (command, done)
        assert "Traceback" not in shown.err, (command, done)
        assert not outside(tmp_path), (command, done)
        remove(tmp_path)


def run(arguments: list[str]) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return main(arguments)
        except SystemExit as stop:
            return int(stop.code or 0)


def outside(folder: Path) -> list[str]:
    """What was written to other places than those that were named."""
    return [file.name for file in folder.iterdir() if file.name not in ("package", "out", "out.xlsx")]


def remove(folder: Path) -> None:
    for item in folder.iterdir():
        if stat.S_ISDIR(item.lstat().st_mode):
            shutil.rmtree(item)
        else:
            item.unlink()
