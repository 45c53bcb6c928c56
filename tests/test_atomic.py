from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
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
    with pytest.raises(evcollab.PackageError, match="No such file"):
        atomic.replace_files(tmp_path, {"a": b"new", "missing/b": b"new"})
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"old"}


@pytest.mark.parametrize(
    "journal", ["not json", "[1, [2]]x", '["a"]', '{"../outside": true}', '{".git/config": true}', "[" * 100_000]
)
def test_a_journal_that_is_not_ours_is_refused(package: Path, journal: str) -> None:
    (package / atomic.JOURNAL).write_text(journal)
    with pytest.raises(evcollab.PackageError, match="not a journal that evcollab wrote"):
        atomic.recover(package)


def test_a_reader_waits_for_a_writer_and_does_not_undo_its_work(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"new")
    (tmp_path / ".a.old").write_bytes(b"old")
    (tmp_path / atomic.JOURNAL).write_text(json.dumps({"a": True}))
    code = f"from pathlib import Path; from evcollab import atomic; atomic.recover(Path({str(tmp_path)!r}))"
    with atomic.locked(tmp_path):
        reader = subprocess.Popen([sys.executable, "-c", code])
        with pytest.raises(subprocess.TimeoutExpired):
            reader.wait(1)
        (tmp_path / atomic.JOURNAL).unlink()
    assert reader.wait(20) == 0
    assert (tmp_path / "a").read_bytes() == b"new"


def add_one(folder: Path) -> str:
    """Code that adds one to a number in a file, slowly, under the lock."""
    return f"""
import time
from pathlib import Path
from evcollab import atomic
root = Path({str(folder)!r})
with atomic.changing(root):
    read = (root / "a").read_bytes()
    time.sleep(0.02)
    atomic.replace_files(root, {{"a": str(int(read) + 1).encode()}}, {{"a": read}})
"""


def test_processes_that_change_the_same_file_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0")
    children = [subprocess.Popen([sys.executable, "-c", add_one(tmp_path)]) for _ in range(6)]
    assert [child.wait(60) for child in children] == [0] * 6
    assert (tmp_path / "a").read_bytes() == b"6"


def test_threads_that_change_the_same_file_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"0")
    code = compile(add_one(tmp_path), "thread", "exec")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: exec(code, {}), range(20)))
    assert (tmp_path / "a").read_bytes() == b"20"


def test_readers_share_the_lock_and_a_reader_does_not_become_a_writer(tmp_path: Path) -> None:
    with atomic.locked(tmp_path, shared=True):
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(lambda: _enter(tmp_path)).result(20)
        with pytest.raises(RuntimeError, match="does not become a writer's"), atomic.locked(tmp_path):
            pass


def _enter(folder: Path) -> bool:
    with atomic.locked(folder, shared=True):
        return True


def test_a_file_that_was_changed_since_it_was_read_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"by hand")
    with pytest.raises(evcollab.PackageError, match=r"a was changed meanwhile by something else: nothing was written"):
        atomic.replace_files(tmp_path, {"b": b"new"}, {"a": b"as read"})
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"by hand"}


def test_a_change_that_was_cut_short_is_known_to_readers_and_undone_by_the_next_writer(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"new")
    (tmp_path / "b").write_bytes(b"created")
    (tmp_path / ".a.old").write_bytes(b"old")
    (tmp_path / atomic.JOURNAL).write_text(json.dumps({"a": True, "b": False}))
    assert atomic.undecided(tmp_path) == {"a": tmp_path / ".a.old"}
    with atomic.changing(tmp_path):
        assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"old"}


def test_the_litter_of_a_killed_command_is_removed_by_the_next_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / ".a.new").write_bytes(b"half")
    (tmp_path / atomic.PLAN).write_text(json.dumps({"a": True}))
    atomic.replace_files(tmp_path, {"b": b"new"})
    assert {file.name for file in tmp_path.iterdir()} == {"a", "b"}


def test_a_loop_of_links_ends_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(evcollab.PackageError, match="cannot be changed"):
        atomic.replace_files(tmp_path, {"a/c": b"new"})
