"""Which register a command speaks of: the one given, else one in this folder or above it, else the shipped one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import evcollab
from evcollab import package
from evcollab.errors import MissingExtraError

if TYPE_CHECKING:
    from evcollab.dataset import Dataset


def add_option(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    """The option that names a register."""
    parser.add_argument(
        "--package",
        metavar="PATH",
        default=default,
        help="the data package: its folder or datapackage.json; "
        "default: one in this folder or in a folder above it, else the data that came with evcollab",
    )


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
