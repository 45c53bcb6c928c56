"""States of a package to compare: folders, and revisions of the git repository that it lies in."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from evcollab import package
from evcollab.errors import PackageError
from evcollab.register import Register


def open_snapshot(where: str, checkout: str | os.PathLike[str] | None = None) -> Register:
    """Read the register of a folder, or of a git revision of a checkout.

    Args:
        where: a folder with a `datapackage.json`, or that file; else a revision such as `main` or `data-v1.2.0`.
        checkout: the package that the revision belongs to, as for `load`.

    Raises:
        PackageError, DataError: there is neither, or it cannot be read.
    """
    if Path(where).expanduser().exists():
        return Register.read(package.read(where))
    return _revision(where, package.find(checkout))


def _revision(revision: str, descriptor: Path) -> Register:
    """The state of the package at a revision of the repository that it lies in. No hook and no filter is run."""
    try:
        commit = git(descriptor.parent, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    except PackageError:
        raise PackageError(f"there is no folder {revision!r}, and no such revision in {descriptor.parent}") from None
    sha = commit.decode().strip()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)

        def extract(file: str) -> None:
            target = root / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(git(descriptor.parent, "cat-file", "blob", f"{sha}:./{file}"))

        try:
            extract(descriptor.name)
            for file in package.paths_in((root / descriptor.name).read_bytes()):
                extract(file)
            return Register.read(package.read(root / descriptor.name))
        except PackageError as error:
            raise PackageError(f"revision {revision}: {str(error).replace(f'{root}{os.sep}', '')}") from None


def git(folder: Path, *arguments: str) -> bytes:
    """Run git in a folder and return what it prints; raises PackageError with what it says if it fails."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise PackageError("comparing revisions needs git, which is not installed") from None
    if done.returncode:
        raise PackageError(done.stderr.decode(errors="replace").strip() or "git failed")
    return done.stdout
