"""Which register a command speaks of: the one given, else one in this folder or above it, else the shipped one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import evcollab
from evcollab import package
from evcollab.errors import MissingExtraError, PackageError

if TYPE_CHECKING:
    from evcollab.dataset import Dataset


def descriptor(given: str | None) -> Path:
    """The descriptor of the register; raises PackageError if the one given is not there."""
    if given is not None:
        return package.find(given)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / package.DESCRIPTOR).is_file():
            return folder / package.DESCRIPTOR
    return package.find()


def announce(file: Path) -> None:
    """Say on standard error which register is read, so that what is piped on stays clean."""
    shipped = file == package.find() and not Path.cwd().is_relative_to(file.parent)
    print(f"register: {file.parent}{' (came with evcollab)' if shipped else ''}", file=sys.stderr)


def writable(given: str | None = None) -> Path:
    """The descriptor of the package to change, by the rule of all commands, announced.

    Raises:
        PackageError: there is none, or it belongs to an installed evcollab.
    """
    found = descriptor(given)
    if found.resolve().is_relative_to(Path(package.__file__).resolve().parent / "_package"):
        raise PackageError(
            "the data of an installed evcollab is not changed: work in a checkout of the repository, "
            f"or name a folder with a {package.DESCRIPTOR}: --package PATH"
        )
    announce(found)
    return found


def load(arguments: argparse.Namespace) -> Dataset:
    """The register of a command that reads, announced."""
    file = descriptor(arguments.package)
    announce(file)
    return evcollab.load(file)


def flaw(given: str | None) -> str | None:
    """The first error that validation finds in the register; None if it finds none."""
    from evcollab.validation import validate

    try:
        issues = validate(descriptor(given)).issues
    except MissingExtraError:
        return None
    return next((f"{i.file}, line {i.line}: {i.column} {i.message}" for i in issues if i.severity == "error"), None)
