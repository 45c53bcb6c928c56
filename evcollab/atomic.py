"""Changing several files of a package together: all of them or none, whatever happens on the way.

While a change is being written, the new contents and copies of the old ones lie beside the files. A plan lists them
first; renamed to a journal it says that the change is undecided: `recover` undoes it. Renamed back, it is decided.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from evcollab.errors import PackageError, reason

JOURNAL = ".evcollab-journal"
PLAN = f"{JOURNAL}.new"
_locks = threading.local()


@contextmanager
def locked(root: Path, shared: bool = False) -> Iterator[None]:
    """Keep other processes and threads from changing the package meanwhile; they wait.

    A thread that holds the lock may ask for it again. Without effect where the system or the file system knows no
    such locks (Windows, some network drives): `replace_files` still compares what was read.

    Args:
        root: folder of the package.
        shared: only keep writers away, as readers do; a folder that cannot be locked is read without a lock.

    Raises:
        PackageError: the folder cannot be opened to change it.
    """
    held: dict[tuple[int, Path], bool] = _locks.__dict__.setdefault("held", {})
    key = (os.getpid(), root.resolve())
    if key in held:
        if held[key] and not shared:
            raise RuntimeError("a reader's lock does not become a writer's")
        yield
        return
    handle = _lock(key[1], shared)
    held[key] = shared
    try:
        yield
    finally:
        del held[key]
        if handle is not None:
            os.close(handle)


@contextmanager
def changing(root: Path) -> Iterator[None]:
    """Hold the package for a change, from reading to writing. What an interrupted change left is repaired first."""
    with locked(root):
        recover(root)
        yield


def replace_files(root: Path, files: Mapping[str, bytes], read: Mapping[str, bytes] | None = None) -> None:
    """Give files of a package new contents, all of them or none.

    Args:
        root: folder of the package.
        files: path relative to it → new content.
        read: path → content from which the new ones were made: nothing is written if a file differs by now.

    Raises:
        PackageError: the files cannot be written, or one was changed since it was read. Nothing was changed.
    """
    if not files:
        return
    with changing(root):
        try:
            _prepare(root, files)
            _compare(root, read or {})
            os.replace(root / PLAN, root / JOURNAL)
            for file in files:
                os.replace(_beside(root / file, "new"), root / file)
            os.replace(root / JOURNAL, root / PLAN)  # from here on the change is decided
        except OSError as error:
            recover(root)
            raise PackageError(f"{root} cannot be changed: {reason(error)}. Everything is as it was.") from None
        except BaseException:
            recover(root)
            raise
        _clear(root)


def undecided(root: Path) -> dict[str, Path]:
    """The files of a change that was cut short, with the place of their content before it; empty if there is none.

    Raises:
        PackageError: the journal of the change is not one that evcollab wrote.
    """
    if not (root / JOURNAL).is_file():
        return {}
    beside = {file: _beside(root / file, "old") for file in _listed(root / JOURNAL)}
    return {file: old for file, old in beside.items() if old.exists()}


def recover(root: Path) -> None:
    """Undo a change that was cut short, so that every file is as it was before, and remove what it left.

    Raises:
        PackageError: the journal of the change is not one that evcollab wrote, or the files cannot be written.
    """
    if not ((root / JOURNAL).is_file() or (root / PLAN).is_file()):
        return
    with locked(root):
        try:
            if (root / JOURNAL).is_file():
                for file, existed in _listed(root / JOURNAL).items():
                    old = _beside(root / file, "old")
                    if old.exists():
                        os.replace(old, root / file)
                    elif not existed:
                        (root / file).unlink(missing_ok=True)
                os.replace(root / JOURNAL, root / PLAN)
            _clear(root)
        except OSError as error:
            message = f"{root}: a change that was cut short cannot be undone: {reason(error)}"
            raise PackageError(message) from None


def _lock(root: Path, shared: bool) -> int | None:
    try:
        import fcntl
    except ImportError:
        return None
    try:
        handle = os.open(root, os.O_RDONLY)
    except OSError as error:
        if shared:
            return None
        raise PackageError(f"{root} cannot be changed: {reason(error)}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
    except OSError:  # a file system without locks
        os.close(handle)
        return None
    except BaseException:
        os.close(handle)
        raise
    return handle


def _prepare(root: Path, files: Mapping[str, bytes]) -> None:
    """Write the plan, then the new contents and copies of the old ones."""
    _write(root / PLAN, json.dumps({file: (root / file).exists() for file in sorted(files)}).encode())
    for file, data in files.items():
        target = root / file
        _write(_beside(target, "new"), data)
        if target.exists():
            _write(_beside(target, "old"), target.read_bytes())


def _compare(root: Path, read: Mapping[str, bytes]) -> None:
    for file, data in read.items():
        if (root / file).read_bytes() != data:
            what = "was changed meanwhile by something else: nothing was written. Do it again."
            raise PackageError(f"{root / file} {what}")


def _listed(journal: Path) -> dict[str, bool]:
    """The files of a journal, and whether each was there before."""
    root = journal.parent.resolve()
    try:
        content = json.loads(journal.read_bytes())
        files = {str(file): existed is not False for file, existed in dict(content).items()}
        safe = all(_inside(root, file) for file in files)
    except (ValueError, TypeError, OSError, RuntimeError):
        safe = False
    if not safe:
        raise PackageError(f"{journal} is not a journal that evcollab wrote: look at it, then delete it")
    return files


def _inside(root: Path, file: str) -> bool:
    target = (root / file).resolve()
    return target.is_relative_to(root) and not any(part.lower() == ".git" for part in target.parts)


def _beside(target: Path, suffix: str) -> Path:
    return target.with_name(f".{target.name}.{suffix}")


def _clear(root: Path) -> None:
    """Remove the temporary files of the plan, then the plan."""
    try:
        files = _listed(root / PLAN)
    except PackageError:  # it was cut short itself: nothing else was written
        files = {}
    for file in files:
        for suffix in ("new", "old"):
            _beside(root / file, suffix).unlink(missing_ok=True)
    (root / PLAN).unlink(missing_ok=True)


def _write(file: Path, data: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
