"""Changing several files of a package together: all of them or none, whatever happens on the way."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

JOURNAL = ".evcollab-journal"


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


def recover(root: Path) -> None:
    """Undo a change that was cut short, so that every file is as it was before."""
    journal = root / JOURNAL
    if not journal.is_file():
        return
    files = json.loads(journal.read_bytes())
    for file in files:
        old = _beside(root / file, "old")
        if old.exists():
            os.replace(old, root / file)
    journal.unlink()
    _clear(root, files)


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
