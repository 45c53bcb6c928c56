"""Reading the files of a package: regular ones, inside its folder, of a sane size, and all of one state."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from evcollab import atomic
from evcollab.errors import PackageError
from evcollab.issues import Issue, problem

Stamp = tuple[int, int, int]
_BUSY = {"": Path()}
"""Stands for a change that goes on right now."""


class FileError(Exception):
    """A file cannot be read."""

    def __init__(self, rule: str, message: str, file: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.file = file

    def issue(self, table: str = "") -> Issue:
        """The problem, as one of a table if it is one."""
        return problem(self.rule, str(self), file=self.file, table=table)


def is_safe(path: str) -> bool:
    """Tell whether a path in a descriptor is relative, local, stays inside the package and can be a file name."""
    parts = PurePosixPath(path).parts
    return (
        bool(parts)
        and path.isprintable()
        and len(path) < 1000
        and not path.startswith("/")
        and not PureWindowsPath(path).drive
        and "\\" not in path
        and "://" not in path
        and ".." not in parts
    )


class Snapshot:
    """The files of one folder as they were at one moment.

    Of a change that was cut short, the state before it is read: the copies that the change left beside the files.
    Nothing is written.

    Attributes:
        root: the folder.
        files: contents that count instead of those on disk.
    """

    def __init__(self, root: Path, files: Mapping[str, bytes] | None = None) -> None:
        self.root = root
        self.files = files or {}
        self._change = _change(root)
        self._stamps: dict[Path, Stamp | None] = {}

    @property
    def is_interrupted(self) -> bool:
        """Whether a change of the folder was cut short."""
        return self._change not in (None, _BUSY)

    def read(self, file: str, limit: int) -> bytes:
        """The bytes of a file; raises FileError."""
        if file in self.files and len(self.files[file]) <= limit:
            return self.files[file]
        path = self.root / file
        path = (self._change or {}).get(file, path)
        try:
            if not path.resolve().is_relative_to(self.root.resolve()):
                raise FileError("descriptor-unsafe-path", "is outside the package; expected a file inside it", file)
            return self._read(path, file, limit)
        except FileNotFoundError:
            self._stamps[path] = None
            raise FileError("file-missing", "is missing; expected a file", file) from None
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a loop of links
            reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
            raise FileError("file-missing", f"cannot be read: {reason}", file) from None

    def _read(self, path: Path, file: str, limit: int) -> bytes:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileError("file-missing", "is not a regular file; expected a file", file)
        with path.open("rb") as stream:
            state = os.fstat(stream.fileno())
            self._stamps[path] = _stamp(state)
            if state.st_size > limit:
                message = f"has {state.st_size:,} bytes; expected at most {limit:,}"
                raise FileError("limit-exceeded", message, file)
            return stream.read(limit)

    def is_one_state(self) -> bool:
        """Whether nothing has changed while the files were read."""
        if self._change == _BUSY or _change(self.root) != self._change:
            return False
        return all(_stamp_of(path) == stamp for path, stamp in self._stamps.items())


def _stamp(state: os.stat_result) -> Stamp:
    return (state.st_ino, state.st_size, state.st_mtime_ns)


def _stamp_of(path: Path) -> Stamp | None:
    try:
        return _stamp(path.stat())
    except OSError:
        return None


def _change(root: Path) -> dict[str, Path] | None:
    """The files of a change that was cut short, with their content before it. None: there is no change."""
    try:
        state = (root / atomic.JOURNAL).stat()
    except OSError:  # a writer may have ended this moment
        return None
    if not stat.S_ISREG(state.st_mode) or state.st_size > 1_000_000:
        return None
    if _is_locked(root):
        return _BUSY
    try:
        return atomic.undecided(root)
    except (PackageError, OSError):  # no journal of ours: the next writer says so
        return None


def _is_locked(root: Path) -> bool:
    """Whether somebody is changing the package right now."""
    try:
        release(lock(root, shared=True))
    except BlockingIOError:
        return True
    return False


def lock(folder: Path, *, shared: bool = False) -> int | None:
    """Lock a folder without waiting; None where the system or the file system knows no such locks.

    Raises:
        BlockingIOError: somebody else has locked it.
    """
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        if isinstance(error, BlockingIOError):
            raise
        return None
    return handle


def release(handle: int | None) -> None:
    """Give back what `lock` returned."""
    if handle is not None:
        os.close(handle)


def decode(data: bytes, file: str, table: str = "") -> tuple[str | None, list[Issue]]:
    """The text of a file, with U+FFFD for what is not UTF-8; None if it is no text at all."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(b"\0") * 10 > len(data):
        message = "is not UTF-8 but UTF-16 or binary; expected UTF-8 text"
        return None, [problem("file-encoding", message, file=file, table=table)]
    found = []
    if data.startswith(b"\xef\xbb\xbf"):
        found.append(problem("file-bom", "begins with a byte order mark; expected none", file=file, table=table))
        data = data[3:]
    return data.decode("utf-8", "replace"), found
