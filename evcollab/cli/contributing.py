"""The commands that change a package or tell what changed: init, add, new, template, format, diff, merge, release."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evcollab import package
from evcollab.cli import place
from evcollab.cli.printing import say
from evcollab.errors import EvcollabError, PackageError

if TYPE_CHECKING:
    from evcollab.contributions.difference import Difference

FORMATS = ("text", "markdown", "json")


def add_commands(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the commands of this module."""
    init = subparsers.add_parser(
        "init",
        help="start a register of your own",
        description="Start a register of your own: descriptor, schemas, empty tables, a README, and with --github "
        "workflows, issue forms and a pre-commit hook. It is valid at once.",
    )
    init.add_argument("folder", metavar="FOLDER", help="a new or empty folder, or an empty repository of git")
    init.add_argument("--name", required=True, help="what programs call it, such as ferry-register")
    init.add_argument("--title", required=True, help="what people call it")
    init.add_argument(
        "--contributor",
        action="append",
        required=True,
        metavar="NAME",
        help="who makes it: a person or a body; may be given several times",
    )
    init.add_argument(
        "--tables", metavar="A,B,...", default="", help="only these tables and those that they need; default: all"
    )
    init.add_argument("--github", action="store_true", help="add what checks it and takes contributions on GitHub")
    init.set_defaults(run=_init)

    add = subparsers.add_parser(
        "add",
        help="add contribution documents to a package",
        description="Add contribution documents (YAML, JSON, a workbook of `evcollab template`, or the Markdown of "
        "an issue form) to a package: all of them, or nothing.",
    )
    add.add_argument("files", metavar="FILE", nargs="+")
    add.add_argument("--dry-run", action="store_true", help="only tell what would change")
    add.add_argument("--format", choices=FORMATS, default="text", help="of the changes; default: text")
    place.add_option(add)
    add.set_defaults(run=_add)

    new = subparsers.add_parser(
        "new",
        help="write a template of a contribution document",
        description="Write a commented template of a contribution document, with the allowed codes.",
    )
    new.add_argument("kind", choices=("event", "target", "organisation"))
    new.add_argument("file", metavar="FILE", nargs="?", help="file to write (default: print it)")
    place.add_option(new)
    new.set_defaults(run=_new)

    sheet = subparsers.add_parser(
        "template",
        help="write an empty workbook for contributions",
        description="Write an Excel workbook with a sheet per kind of record, help, examples and drop-down lists.",
    )
    sheet.add_argument("file", metavar="FILE.xlsx")
    place.add_option(sheet)
    sheet.set_defaults(run=_template)

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
    place.add_option(diff)
    diff.set_defaults(run=_diff)

    merge = subparsers.add_parser(
        "merge",
        help="make one record of two",
        description="Merge a record into another one of its table: references, claims and names go to the one that "
        "stays, and a released identifier is entered into former_ids.",
    )
    merge.add_argument("table", metavar="TABLE")
    merge.add_argument("former", metavar="FROM", help="identifier of the record that goes")
    merge.add_argument("into", metavar="INTO", help="identifier of the record that stays")
    merge.add_argument("--dry-run", action="store_true", help="only tell what would change")
    merge.add_argument("--format", choices=FORMATS, default="text", help="of the changes; default: text")
    place.add_option(merge)
    merge.set_defaults(run=_merge)

    release = subparsers.add_parser(
        "release",
        help="give the data a new version",
        description="Set the version of the data, unless it is too low for what changed or a released record is gone.",
    )
    release.add_argument("version", metavar="VERSION", help="such as 1.2.0")
    release.add_argument(
        "--previous", metavar="OLD", help="folder or revision of the release before (default: highest tag data-vX.Y.Z)"
    )
    release.add_argument(
        "--removed", action="append", default=[], metavar="RECORD", help="a released record that is gone on purpose"
    )
    place.add_option(release)
    release.set_defaults(run=_release)


def writable(given: str | None = None) -> Path:
    """The descriptor of the package to change, by the rule of all commands, announced.

    Raises:
        PackageError: there is none, or it belongs to an installed evcollab.
    """
    found = place.descriptor(given)
    if found.resolve().is_relative_to(Path(package.__file__).resolve().parent / "_package"):
        raise PackageError(
            "the data of an installed evcollab is not changed: work in a checkout of the repository, "
            f"or name a folder with a {package.DESCRIPTOR}: --package PATH"
        )
    place.announce(found)
    return found


def _init(arguments: argparse.Namespace) -> int:
    from evcollab.contributions.starting import init

    done = init(
        arguments.folder,
        name=arguments.name,
        title=arguments.title,
        contributors=arguments.contributor,
        tables=[table.strip() for table in arguments.tables.split(",") if table.strip()],
        github=arguments.github,
    )
    print(f"The register {arguments.name} is in {arguments.folder}: {', '.join(done.tables)}.")
    if done.added:
        why = "; ".join(f"{table} ({reason})" for table, reason in done.added.items())
        print(f"Added to what you asked for: {why}.")
    print(f"{done.path.with_name('README.md')} says what comes next.")
    return 0


def _add(arguments: argparse.Namespace) -> int:
    from evcollab.contributions.add import add
    from evcollab.contributions.document import ContributionError

    target = writable(arguments.package)
    try:
        done = add(arguments.files, target, dry_run=arguments.dry_run)
    except ContributionError as error:
        print(f"evcollab: {error}", file=sys.stderr)
        return 1
    if done.files:
        _tell(done.difference, done.notices, arguments)
    else:
        _tell(None, done.notices, arguments)
        say("Nothing changed: all of it is in the register already.")
    return 0


def _merge(arguments: argparse.Namespace) -> int:
    from evcollab.contributions.merging import merge_records

    target = writable(arguments.package)
    done = merge_records(arguments.table, arguments.former, arguments.into, target, dry_run=arguments.dry_run)
    _tell(done.difference, done.notices, arguments)
    return 0


def _tell(difference: Difference | None, notices: Sequence[str], arguments: argparse.Namespace) -> None:
    """Say what changed. By now it is written, whatever becomes of the output."""
    for notice in notices:
        print(f"note: {notice}", file=sys.stderr)
    if difference is not None:
        if arguments.dry_run:
            print("Nothing was written (--dry-run).", file=sys.stderr)
        say(_shown(difference, arguments.format))


def _new(arguments: argparse.Namespace) -> int:
    from evcollab.contributions.derived import SCHEMA
    from evcollab.contributions.templates import template

    source = package.read(place.descriptor(arguments.package))
    schema = source.root / SCHEMA
    if arguments.file is None:
        print(template(source, arguments.kind), end="")
        return 0
    file = Path(arguments.file)
    found = os.path.relpath(schema, file.resolve().parent) if schema.is_file() else ""
    return _create(file, lambda: file.write_text(template(source, arguments.kind, found), encoding="utf-8"))


def _template(arguments: argparse.Namespace) -> int:
    from evcollab.contributions import sheets

    file = Path(arguments.file)
    if file.suffix.lower() != ".xlsx":
        raise EvcollabError(f"{file}: a workbook is written as .xlsx")
    source = package.read(place.descriptor(arguments.package))
    return _create(file, lambda: sheets.write(file, source))


def _create(file: Path, write: Callable[[], object]) -> int:
    """Write a new file, never over one that may hold somebody's work."""
    if file.exists():
        raise EvcollabError(f"{file} exists already: name another file")
    try:
        write()
    except OSError as error:
        raise EvcollabError(f"{file} cannot be written: {error.strerror}") from None
    print(f"{file} is written. Fill it, then:  evcollab add {file} --dry-run")
    return 0


def _format(arguments: argparse.Namespace) -> int:
    from evcollab.contributions.formatting import format_package

    target = writable(arguments.path or arguments.package)
    changed = format_package(target, check=arguments.check)
    for file in changed:
        print(file)
    if not changed:
        print("Everything is in canonical form.")
    elif arguments.check:
        where = f" {arguments.path}" if arguments.path else ""
        count = "1 file" if len(changed) == 1 else f"{len(changed)} files"
        print(f"not in canonical form: {count}; fix it with:  evcollab format{where}", file=sys.stderr)
        return 1
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    from evcollab.contributions.diff import compare
    from evcollab.contributions.revisions import open_snapshot

    checkout = place.descriptor(arguments.package)
    before, after = (open_snapshot(where, checkout) for where in (arguments.old, arguments.new))
    say(_shown(compare(before, after), arguments.format))
    return 0


def _release(arguments: argparse.Namespace) -> int:
    from evcollab.contributions.releasing import ReleaseError, release
    from evcollab.publication import TAG

    target = writable(arguments.package)
    try:
        done = release(arguments.version, target, previous=arguments.previous, removed=arguments.removed)
    except ReleaseError as error:
        print(f"evcollab: {error}", file=sys.stderr)
        return 1
    since = f", after {done.previous}" if done.previous else ", the first"
    print(f"The data is version {done.version}{since}. Changed: {', '.join(done.files) or 'nothing'}.")
    print(f"Commit it and tag it:  git tag {TAG}{done.version}")
    return 0


def _shown(difference: Difference, form: str) -> str:
    from evcollab.contributions import difference as words

    return {"text": words.as_text, "markdown": words.as_markdown, "json": words.as_json}[form](difference)
