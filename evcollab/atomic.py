"""Changing several files of a package together: all of them or none, whatever happens on the way."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from evcollab.errors import PackageError

JOURNAL = ".evcollab-journal"
_held: set[Path] = set()


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep other processes from changing or recovering the package meanwhile; they wait.

    Hold it around reading and writing, so that of two changes at once neither is lost. Without effect where the
    system has no `fcntl` (Windows).
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    root = root.resolve()
    if root in _held:
        yield
        return
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _held.add(root)
        yield
    finally:
        _held.discard(root)
        os.close(handle)


def replace_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Give files of a package new contents, all of them or none.

    The new contents and copies of the old ones are written beside the files, then a journal that lists them.
    While the journal stands the change is undecided: `recover` undoes it. Removing it decides the change.

    Args:
        root: folder of the package.
        files: path relative to it → new content.
    """
    if not files:
        return
    recover(root)
    with locked(root):
        try:
            for file, data in files.items():
                target = root / file
                _write(beside(target, "new"), data)
                if target.exists():
                    _write(beside(target, "old"), target.read_bytes())
            _write(root / f"{JOURNAL}.new", json.dumps(sorted(files)).encode())
            os.replace(root / f"{JOURNAL}.new", root / JOURNAL)
            for file in files:
                os.replace(beside(root / file, "new"), root / file)
        except BaseException:
            recover(root)
            _clear(root, files)
            raise
        (root / JOURNAL).unlink()
        _clear(root, files)


def recover(root: Path) -> None:
    """Undo a change that was cut short, so that every file is as it was before.

    Raises:
        PackageError: the journal of the change is not one that evcollab wrote.
    """
    journal = root / JOURNAL
    if not journal.is_file():
        return
    with locked(root):
        if not journal.is_file():  # the process that was writing has finished
            return
        files = _read_journal(journal)
        for file in files:
            old = beside(root / file, "old")
            if old.exists():
                os.replace(old, root / file)
        journal.unlink()
        _clear(root, files)


def undecided(root: Path) -> tuple[tuple[str, ...], bool]:
    """The files of a change that was cut short, and whether a change is going on right now. Nothing is written.

    The state before a change that was cut short is in the files' copies (`beside` them, `old`). The files are empty
    if there is no such change, or if its journal is not one that evcollab wrote.
    """
    journal = root / JOURNAL
    if not journal.is_file() or journal.stat().st_size > 1_000_000:
        return (), False
    if _is_locked(root):
        return (), True
    try:
        return tuple(_read_journal(journal)), False
    except (PackageError, OSError):
        return (), False


def _is_locked(root: Path) -> bool:
    """Whether a process is changing the package."""
    try:
        import fcntl

        handle = os.open(root, os.O_RDONLY)
    except (ImportError, OSError):
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False


def _read_journal(journal: Path) -> list[str]:
    try:
        files = [str(file) for file in json.loads(journal.read_bytes())]
        safe = all((journal.parent / file).resolve().is_relative_to(journal.parent.resolve()) for file in files)
    except (ValueError, TypeError, RecursionError):
        safe = False
    if not safe:
        raise PackageError(f"{journal} is not a journal that evcollab wrote: look at it, then delete it")
    return files


def beside(target: Path, suffix: str) -> Path:
    """Where a change keeps the `new` content of a file, or a copy of the `old` one."""
    return target.with_name(f".{target.name}.{suffix}")


def _clear(root: Path, files: Mapping[str, bytes] | list[str]) -> None:
    for file in files:
        for suffix in ("new", "old"):
            beside(root / file, suffix).unlink(missing_ok=True)
    (root / f"{JOURNAL}.new").unlink(missing_ok=True)


def _write(file: Path, data: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
