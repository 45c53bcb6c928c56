"""The commands that change a package or tell what changed: add, new, format, diff, release, template."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from evcollab import package
from evcollab.errors import EvcollabError, PackageError

if TYPE_CHECKING:
    from evcollab.contributions.diff import Difference

FORMATS = ("text", "markdown", "json")


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the commands of this module."""
    add = subparsers.add_parser(
        "add",
        help="add contribution documents to a package",
        description="Add contribution documents (YAML, JSON, a workbook of `evcollab template`, or the Markdown of "
        "an issue form) to a package: all of them, or nothing.",
    )
    add.add_argument("files", metavar="FILE", nargs="+")
    add.add_argument("--dry-run", action="store_true", help="only tell what would change")
    add.add_argument("--format", choices=FORMATS, default="text", help="of the changes; default: text")
    _add_package(add)
    add.set_defaults(run=_add)

    form = subparsers.add_parser(
        "format",
        help="bring a package into canonical form",
        description="Bring a package into canonical form: order, quoting, line ends, trimming, counts and hashes, "
        "and the files that follow from its schemas.",
    )
    form.add_argument("path", metavar="PATH", nargs="?", help="folder of the package")
    form.add_argument("--check", action="store_true", help="change nothing; fail if something would change")
    form.set_defaults(run=_format)

    diff = subparsers.add_parser(
        "diff",
        help="what differs between two states of a package",
        description="Tell what differs between two states of a package and which version of the data it implies.",
    )
    diff.add_argument("old", metavar="OLD", help="a folder, or a git revision such as main or data-v1.0.0")
    diff.add_argument("new", metavar="NEW", help="likewise")
    diff.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    _add_package(diff)
    diff.set_defaults(run=_diff)


def _add_package(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--package", metavar="PATH", default=argparse.SUPPRESS, help="folder of the package (default: this checkout)"
    )


def writable(path: str | os.PathLike[str] | None = None) -> Path:
    """The descriptor of the package to change: the one given, that of the checkout, or the one in this folder.

    Raises:
        PackageError: there is none, or it belongs to an installed evcollab.
    """
    here = Path(package.__file__).resolve().parent / "_package"
    if path is not None:
        found = package.find(path)
    elif not here.exists():
        found = package.find()
    elif Path(package.DESCRIPTOR).is_file():
        found = package.find(".")
    else:
        raise PackageError(
            "the data of an installed evcollab is not changed: work in a checkout of the repository "
            f"(python -m pip install --editable .), or name a folder with a {package.DESCRIPTOR}: --package PATH"
        )
    if found.resolve().is_relative_to(here):
        raise PackageError("the data of an installed evcollab is not changed: copy it, or work in a checkout")
    return found


def _add(arguments: argparse.Namespace) -> int:
    from evcollab.contributions import adding
    from evcollab.contributions.diff import State, compare
    from evcollab.contributions.document import ContributionError

    target = writable(getattr(arguments, "package", None))
    try:
        result = adding.add(arguments.files, target, dry_run=arguments.dry_run)
    except ContributionError as error:
        print(f"evcollab: {error}", file=sys.stderr)
        return 1
    for notice in result.notices:
        print(f"note: {notice}", file=sys.stderr)
    if not result.files:
        print("Nothing changed: all of it is in the register already.")
        return 0
    source = package.read(target)
    print(_shown(compare(State.of(source, result.before), State.of(source, result.after)), arguments.format))
    if arguments.dry_run:
        print("Nothing was written (--dry-run).", file=sys.stderr)
        return 0
    return _validate(target)


def _validate(target: Path) -> int:
    """Validate a package after a change; 1 if it has errors."""
    from evcollab import validation

    if not hasattr(validation, "validate"):
        return 0
    try:
        report = validation.validate(target)
    except EvcollabError as error:  # an extra is not installed
        print(f"not validated: {error}", file=sys.stderr)
        return 0
    for issue in report.errors:
        print(issue, file=sys.stderr)
    return 0 if report.valid else 1


def _format(arguments: argparse.Namespace) -> int:
    from evcollab.contributions.formatting import format_package

    target = writable(arguments.path)
    changed = format_package(target, check=arguments.check)
    for file in changed:
        print(file)
    if not changed:
        print("Everything is in canonical form.")
    elif arguments.check:
        where = f" {arguments.path}" if arguments.path else ""
        print(f"not in canonical form: {len(changed)} files; mend them with:  evcollab format{where}", file=sys.stderr)
        return 1
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    from evcollab.contributions.diff import compare, open_state

    checkout = writable(getattr(arguments, "package", None))
    before, after = (open_state(where, checkout) for where in (arguments.old, arguments.new))
    print(_shown(compare(before, after), arguments.format))
    return 0


def _shown(difference: Difference, form: str) -> str:
    from evcollab.contributions import diff

    return {"text": diff.as_text, "markdown": diff.as_markdown, "json": diff.as_json}[form](difference)
