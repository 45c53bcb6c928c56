"""How an export comes to stand at its destination: whole, or not at all; and never where it could do harm."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from evcollab.errors import EvcollabError
from evcollab.files import lock, release
from evcollab.package import DESCRIPTOR, WAIVERS


def put(
    destination: str | os.PathLike[str],
    make: Callable[[Path], list[str]],
    *,
    folder: bool,
    overwrite: bool,
    protected: Path | None = None,
    mark: str = "",
) -> list[str]:
    """Make a file or folder beside the destination, then move it there.

    An export that fails or is killed leaves what stood there; the next one to the same destination removes what a
    killed one left, and puts back an old folder that was moved away.

    Args:
        destination: where it shall stand.
        make: makes it at a path at which nothing stands; returns notes for the user.
        folder: it is a folder.
        overwrite: replace what stands there; a folder only if all of its files are of such an export.
        protected: a folder into which nothing is written, such as the package itself.
        mark: a file that tells a folder of many files that can be made again: a former one is replaced whatever it
            holds, and the new one is not forced to disk.

    Raises:
        EvcollabError: the destination is taken, protected or cannot be written.
    """
    target = Path(os.path.realpath(Path(destination).expanduser()))
    try:
        if not target.parent.is_dir():
            raise EvcollabError(f"there is no folder {target.parent}: make it first, or give another destination")
        if protected is not None and _holds(protected, target):
            raise EvcollabError(f"{target} belongs to the data package itself: give a destination outside of its files")
        with _workshop(target) as beside:
            _check(target, folder, overwrite)
            made = beside / "new"
            notes = make(made)
            for file in _files(made) if not mark else ():
                with file.open("rb") as stream:
                    os.fsync(stream.fileno())
            if folder and target.exists():  # a folder with content cannot be replaced in one step
                if not (mark and (target / mark).is_file()):
                    _check_ours(target, made)
                os.replace(target, beside / "old")
            os.replace(made, target)
    except OSError as error:
        if isinstance(error, EvcollabError):
            raise
        raise EvcollabError(f"{target} cannot be written: {error.strerror or error}") from error
    return notes


def _holds(root: Path, target: Path) -> bool:
    """Whether a path is the descriptor of a package, or lies in its folders of data and schemas."""
    root = root.resolve()
    folders = (root / "data", root / "schemas")
    return target in (root, root / DESCRIPTOR, root / WAIVERS) or any(map(target.is_relative_to, folders))


@contextmanager
def _workshop(target: Path) -> Iterator[Path]:
    """A hidden folder beside the target for one export at a time; what a killed one left is put in order first."""
    beside = target.with_name(f".{target.name[:100]}.evcollab")
    beside.mkdir(exist_ok=True)
    try:
        handle = lock(beside)
    except BlockingIOError:
        raise EvcollabError(f"another export is just being written beside {target.parent}: wait for it") from None
    try:
        _restore(target, beside)
        yield beside
    finally:
        _restore(target, beside)
        shutil.rmtree(beside, ignore_errors=True)
        release(handle)


def _restore(target: Path, beside: Path) -> None:
    if (beside / "old").exists() and not target.exists():
        os.replace(beside / "old", target)
    for left in list(beside.iterdir()) if beside.is_dir() else ():
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()


def _check(target: Path, folder: bool, overwrite: bool) -> None:
    if not target.exists():
        return
    if target.is_dir() != folder:
        made, stands = ("a folder", "a file") if folder else ("a file", "a folder")
        raise EvcollabError(f"{target} is {stands}, but this export is {made}: give another destination")
    if not overwrite:
        raise EvcollabError(f"{target} exists: give another destination, or --force (overwrite=True) to replace it")


def _check_ours(target: Path, made: Path) -> None:
    """Refuse to replace a folder that holds anything but an earlier export."""
    ours = {file.relative_to(made) for file in _files(made)}
    if foreign := sorted({file.relative_to(target) for file in _files(target)} - ours):
        raise EvcollabError(
            f"{target} holds {foreign[0]}, which is not part of what is written: "
            "give another destination, or take it away"
        )


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or all files in a folder; links are not followed."""
    found = path.rglob("*") if path.is_dir() else [path]
    return (file for file in found if file.is_file() and not file.is_symlink())
