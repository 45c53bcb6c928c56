from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import evcollab
from evcollab import atomic


def test_files_get_their_new_contents_and_nothing_is_left_beside_them(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    atomic.replace_files(tmp_path, {"a": b"new", "b": b"more"})
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"new", "b": b"more"}


def test_a_failure_on_the_way_leaves_everything_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileNotFoundError):
        atomic.replace_files(tmp_path, {"a": b"new", "missing/b": b"new"})
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"old"}


@pytest.mark.parametrize("journal", ["not json", "[1, [2]]x", '["../outside"]', "[" * 100_000])
def test_a_journal_that_is_not_ours_is_refused(package: Path, journal: str) -> None:
    (package / atomic.JOURNAL).write_text(journal)
    with pytest.raises(evcollab.PackageError, match="not a journal that evcollab wrote"):
        evcollab.load(package)


def test_a_reader_waits_for_a_writer_and_does_not_undo_its_work(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"new")
    (tmp_path / ".a.old").write_bytes(b"old")
    (tmp_path / atomic.JOURNAL).write_text(json.dumps(["a"]))
    code = f"from pathlib import Path; from evcollab import atomic; atomic.recover(Path({str(tmp_path)!r}))"
    with atomic.locked(tmp_path):
        reader = subprocess.Popen([sys.executable, "-c", code])
        with pytest.raises(subprocess.TimeoutExpired):
            reader.wait(1)
        (tmp_path / atomic.JOURNAL).unlink()
    assert reader.wait(20) == 0
    assert (tmp_path / "a").read_bytes() == b"new"
