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
                _write(_beside(target, "new"), data)
                if target.exists():
                    _write(_beside(target, "old"), target.read_bytes())
            _write(root / f"{JOURNAL}.new", json.dumps(sorted(files)).encode())
            os.replace(root / f"{JOURNAL}.new", root / JOURNAL)
            for file in files:
                os.replace(_beside(root / file, "new"), root / file)
        except BaseException:
            recover(root)
            _clear(root, files)
            raise
        (root / JOURNAL).unlink()
        _clear(root, files)


def undecided(root: Path) -> dict[str, Path]:
    """The files of a change that was cut short, with the place of their content before it; empty if there is none.

    Raises:
        PackageError: the journal of the change is not one that evcollab wrote.
    """
    if not (root / JOURNAL).is_file():
        return {}
    beside = {file: _beside(root / file, "old") for file in _read_journal(root / JOURNAL)}
    return {file: old for file, old in beside.items() if old.exists()}


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
            old = _beside(root / file, "old")
            if old.exists():
                os.replace(old, root / file)
        journal.unlink()
        _clear(root, files)


def _read_journal(journal: Path) -> list[str]:
    try:
        files = [str(file) for file in json.loads(journal.read_bytes())]
        safe = all((journal.parent / file).resolve().is_relative_to(journal.parent.resolve()) for file in files)
    except (ValueError, TypeError, RecursionError):
        safe = False
    if not safe:
        raise PackageError(f"{journal} is not a journal that evcollab wrote: look at it, then delete it")
    return files


def _beside(target: Path, suffix: str) -> Path:
    return target.with_name(f".{target.name}.{suffix}")


def _clear(root: Path, files: Mapping[str, bytes] | list[str]) -> None:
    for file in files:
        for suffix in ("new", "old"):
            _beside(root / file, suffix).unlink(missing_ok=True)
    (root / f"{JOURNAL}.new").unlink(missing_ok=True)


def _write(file: Path, data: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
