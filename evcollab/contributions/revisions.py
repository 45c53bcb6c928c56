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
    descriptor = package.find(checkout)
    here, revision = descriptor.parent, where + "^{commit}"
    try:
        sha = git(here, "rev-parse", "--verify", "--quiet", "--end-of-options", revision).decode().strip()
    except PackageError:
        raise PackageError(f"there is no folder {where!r}, and no such revision in {here}") from None
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)

        def extract(file: str) -> bytes:  # no hook and no filter is run
            target = root / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(git(here, "cat-file", "blob", f"{sha}:./{file}"))
            return target.read_bytes()

        try:
            for file in package.paths_in(extract(descriptor.name)):
                extract(file)
            return Register.read(package.read(root / descriptor.name))
        except PackageError as error:
            raise PackageError(f"revision {where}: {str(error).replace(f'{root}{os.sep}', '')}") from None


def git(folder: Path, *arguments: str) -> bytes:
    """Run git in a folder and return what it prints; raises PackageError with what it says if it fails."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise PackageError("comparing revisions needs git, which is not installed") from None
    if done.returncode:
        raise PackageError(done.stderr.decode(errors="replace").strip() or "git failed")
    return done.stdout
