"""Whatever a package or a contribution holds, every command ends in exit status 0, 1 or 2, and never in a traceback.

In CI a few packages; by hand as many as you like, from any seed on; each command prints its time and the memory so far:

    EVCOLLAB_FUZZ=2000 EVCOLLAB_FUZZ_SEED=5000 python -m pytest -n 2 -rA tests/fuzz
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import stat
import time
import warnings
from pathlib import Path

import pytest
import yaml

from evcollab.cli import main
from tests.contributions.test_forms import EVENT_ANSWERS, body
from tests.validation import packages

from .mutations import damage, spoilt

COUNT = int(os.environ.get("EVCOLLAB_FUZZ", "15"))
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
    ("export", "dcat", "OUT"),
    ("export", "huggingface", "OUT"),
    ("new", "event"),
    ("template", "OUT.xlsx"),
    ("format", "--check"),
    ("format",),
    ("diff", "PACKAGE", "SOUND"),
    ("validate",),
    ("validate", "--format", "json"),
    ("rules", "cell-date"),
    ("picture", "timeline", "OUT.svg"),
    ("picture", "targets", "OUT.svg"),
    ("picture", "network", "OUT.svg"),
    ("add", "EVENT"),
    ("add", "EVENT", "--dry-run"),
    ("merge", "organisations", "volta-motors", "usaid"),
    ("release", "0.2.0", "--previous", "SOUND"),
    ("build", "--check"),
    ("site", "OUT"),
)
EVENT = Path(__file__).parents[2] / "docs" / "examples" / "event.yaml"


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return packages.write(tmp_path_factory.mktemp("sound") / "package", packages.base())


@pytest.mark.parametrize("seed", range(SEED, SEED + COUNT))
def test_a_damaged_package_never_ends_in_a_traceback(
    seed: int, sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice, told = random.Random(-seed - 1), []
    for command in dice.sample(COMMANDS, PER_PACKAGE):
        folder = tmp_path / "package"
        shutil.copytree(sound, folder)
        done = damage(folder, seed)
        names = {"OUT": str(tmp_path / "out"), "OUT.xlsx": str(tmp_path / "out.xlsx"), "EVENT": str(EVENT)}
        names |= {"OUT.svg": str(tmp_path / "out.svg"), "PACKAGE": str(folder), "SOUND": str(sound)}
        arguments = [*(names.get(word, word) for word in command), "--package", str(folder)]
        told.append(watch(arguments, capsys, f"seed {seed}  {' '.join(command)}  {done}")[1])
        assert not outside(tmp_path), (command, done)
        remove(tmp_path)
    print(*told, sep="\n")


@pytest.fixture(scope="session")
def contributions(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A sound contribution of every kind: document, JSON, form and workbook."""
    folder = tmp_path_factory.mktemp("contributions")
    document, form, book = folder / "event.yaml", folder / "form.md", folder / "book.xlsx"
    shutil.copy(EVENT, document)
    (folder / "event.json").write_text(json.dumps(yaml.safe_load(EVENT.read_text(encoding="utf-8")), default=str))
    form.write_text(body("event", EVENT_ANSWERS), encoding="utf-8")
    run(["template", str(book), "--package", str(sound)])
    return [document, folder / "event.json", form, book]


@pytest.mark.parametrize("seed", range(SEED, SEED + max(1, COUNT // 3)))
def test_a_damaged_contribution_never_ends_in_a_traceback(
    seed: int, sound: Path, contributions: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice, told = random.Random(seed), []
    folder = Path(shutil.copytree(sound, tmp_path / "package"))
    for file in contributions:
        given = tmp_path / file.name
        given.write_bytes(spoilt(file, dice))
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        status, line = watch(["add", str(given), "--package", str(folder)], capsys, f"seed {seed}  add {file.name}")
        told.append(line)
        if status:
            assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    print(*told, sep="\n")


def watch(arguments: list[str], capsys: pytest.CaptureFixture[str], what: str) -> tuple[int, str]:
    """Run a command that must end in a sentence; return its status, and a line with its time and the memory so far."""
    start = time.perf_counter()
    status = run(arguments)
    seconds, most = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    shown = capsys.readouterr()
    assert status in (0, 1, 2), what
    assert "Traceback" not in shown.err, what
    return status, f"{seconds:6.2f} s  {most} MB  {what}"


def run(arguments: list[str]) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return main(arguments)
        except SystemExit as stop:
            return int(stop.code or 0)


def outside(folder: Path) -> list[str]:
    """What was written to other places than those that were named."""
    return [file.name for file in folder.iterdir() if file.name not in ("package", "out", "out.xlsx", "out.svg")]


def remove(folder: Path) -> None:
    for item in folder.iterdir():
        if stat.S_ISDIR(item.lstat().st_mode):
            shutil.rmtree(item)
        else:
            item.unlink()
