"""The commands that change a package or tell what changed, from `init` to `archive`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import evcollab
from evcollab import package
from evcollab.cli import place
from evcollab.cli.commands import DRY_RUN, command, option, positive
from evcollab.cli.place import writable
from evcollab.cli.printing import say
from evcollab.contributions.difference import WRITERS, Difference
from evcollab.errors import EvcollabError

if TYPE_CHECKING:
    from evcollab.contributions.copies import Copies

CHANGES = option("--format", choices=WRITERS, default="text", help="of the changes; default: text")


@command(
    "start a register of your own",
    option("folder", metavar="FOLDER", help="a new or empty folder, or an empty repository of git"),
    option("--name", required=True, help="what programs call it, such as ferry-register"),
    option("--title", required=True, help="what people call it"),
    option("--contributor", action="append", required=True, metavar="NAME", help="who makes it; may be given again"),
    option("--tables", metavar="A,B,...", default="", help="only these and those that they need; default: all"),
    option("--github", action="store_true", help="add what checks it and takes contributions on GitHub"),
    package=False,
)
def _init(arguments: argparse.Namespace) -> int:
    """Start a register of your own: descriptor, schemas, empty tables, a README, and with --github workflows,
    issue forms and a pre-commit hook. It is valid at once."""
    from evcollab.contributions.starting import init

    tables = init(
        arguments.folder,
        name=arguments.name,
        title=arguments.title,
        contributors=arguments.contributor,
        tables=[table.strip() for table in arguments.tables.split(",") if table.strip()],
        github=arguments.github,
    )
    print(f"The register {arguments.name} is in {arguments.folder}: {', '.join(tables)}.")
    if why := "; ".join(f"{table} ({reason})" for table, reason in tables.items() if reason):
        print(f"Added to what you asked for: {why}.")
    print(f"{Path(arguments.folder, 'README.md')} says what comes next.")
    return 0


@command("add contribution documents to a package", option("files", metavar="FILE", nargs="+"), DRY_RUN, CHANGES)
def _add(arguments: argparse.Namespace) -> int:
    """Add contribution documents (YAML, JSON, a workbook of `evcollab template`, or the Markdown of an issue
    form) to a package: all of them, or nothing."""
    from evcollab.contributions.add import add
    from evcollab.contributions.document import ContributionError

    target = writable(arguments.package)
    try:
        done = add(arguments.files, target, dry_run=arguments.dry_run)
    except ContributionError as error:
        print(f"evcollab: {error}", file=sys.stderr)
        return 1
    _tell(done.difference if done.files else None, done.notices, arguments)
    return 0


def _tell(difference: Difference | None, notices: Sequence[str], arguments: argparse.Namespace) -> None:
    """Say what changed, if anything. By now it is written, whatever becomes of the output."""
    for notice in notices:
        print(f"note: {notice}", file=sys.stderr)
    if difference is None:
        say("Nothing changed: all of it is in the register already.")
        return
    if arguments.dry_run:
        print("Nothing was written (--dry-run).", file=sys.stderr)
    say(WRITERS[arguments.format](difference))


@command(
    "write a template of a contribution document",
    option("kind", choices=("event", "target", "organisation")),
    option("file", metavar="FILE", nargs="?", help="file to write (default: print it)"),
)
def _new(arguments: argparse.Namespace) -> int:
    """Write a commented template of a contribution document, with the allowed codes."""
    from evcollab.contributions.formatting import SCHEMA
    from evcollab.contributions.templates import template

    source = package.read(place.descriptor(arguments.package))
    if arguments.file is None:
        print(template(source, arguments.kind), end="")
        return 0
    file, schema = Path(arguments.file), source.root / SCHEMA
    found = os.path.relpath(schema, file.resolve().parent) if schema.is_file() else ""
    return _create(file, template(source, arguments.kind, found).encode("utf-8"))


@command("write an empty workbook for contributions", option("file", metavar="FILE.xlsx"))
def _template(arguments: argparse.Namespace) -> int:
    """Write an Excel workbook with a sheet per kind of record, help, examples and drop-down lists."""
    from evcollab.contributions import sheets

    file = Path(arguments.file)
    if file.suffix.lower() != ".xlsx":
        raise EvcollabError(f"{file}: a workbook is written as .xlsx")
    return _create(file, sheets.empty(package.read(place.descriptor(arguments.package))))


def _create(file: Path, data: bytes) -> int:
    """Write a new file, never over one that may hold somebody's work."""
    try:
        with file.open("xb") as stream:
            stream.write(data)
    except FileExistsError:
        raise EvcollabError(f"{file} exists already: name another file") from None
    except OSError as error:
        raise EvcollabError(f"{file} cannot be written: {error.strerror}") from None
    print(f"{file} is written. Fill it, then:  evcollab add {file} --dry-run")
    return 0


@command(
    "bring a package into canonical form",
    option("path", metavar="PATH", nargs="?", help="folder of the package"),
    option("--check", action="store_true", help="change nothing; fail if something would change"),
    package=False,
)
def _format(arguments: argparse.Namespace) -> int:
    """Bring a package into canonical form: order, quoting, line ends, trimming, counts and hashes, and the files
    that follow from its schemas."""
    from evcollab.contributions.formatting import format_package

    target = writable(arguments.path or arguments.package)
    changed = format_package(target, check=arguments.check)
    where = f" {arguments.path}" if arguments.path else ""
    count = "1 file" if len(changed) == 1 else f"{len(changed)} files"
    stale = f"not in canonical form: {count}; fix it with:  evcollab format{where}"
    return _listed(changed, "Everything is in canonical form.", stale if arguments.check else "")


def _listed(files: Sequence[str], none: str, stale: str) -> int:
    """Print files, or that there are none; if they are only to be checked, what to do with stale ones."""
    print("\n".join(files) or none)
    if files and stale:
        print(stale, file=sys.stderr)
        return 1
    return 0


@command(
    "what differs between two states of a package",
    option("old", metavar="OLD", help="a folder, or a git revision such as main or data-v1.0.0"),
    option("new", metavar="NEW", help="likewise"),
    CHANGES,
)
def _diff(arguments: argparse.Namespace) -> int:
    """Tell what differs between two states of a package and which version of the data it implies."""
    from evcollab.contributions.diff import compare
    from evcollab.contributions.revisions import open_snapshot

    checkout = place.descriptor(arguments.package)
    before, after = (open_snapshot(where, checkout) for where in (arguments.old, arguments.new))
    say(WRITERS[arguments.format](compare(before, after)))
    return 0


@command(
    "make one record of two",
    option("table", metavar="TABLE"),
    option("former", metavar="FROM", help="identifier of the record that goes"),
    option("into", metavar="INTO", help="identifier of the record that stays"),
    DRY_RUN,
    CHANGES,
)
def _merge(arguments: argparse.Namespace) -> int:
    """Merge a record into another one of its table: references, claims and names go to the one that stays, and a
    released identifier is entered into former_ids."""
    from evcollab.contributions.merging import merge_records

    target = writable(arguments.package)
    done = merge_records(arguments.table, arguments.former, arguments.into, target, dry_run=arguments.dry_run)
    _tell(done.difference, done.notices, arguments)
    return 0


@command(
    "give the data a new version",
    option("version", metavar="VERSION", help="such as 1.2.0"),
    option("--previous", metavar="OLD", help="folder or revision of the one before (default: highest tag data-vX.Y.Z)"),
    option("--removed", action="append", default=[], metavar="RECORD", help="a record that is gone on purpose"),
)
def _release(arguments: argparse.Namespace) -> int:
    """Set the version of the data, unless it is too low for what changed or a released record is gone."""
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


@command(
    "write everything that is generated",
    option("--check", action="store_true", help="write nothing; list stale files, exit with 1 if any is"),
)
def _build(arguments: argparse.Namespace) -> int:
    """Write everything that is generated anew: the numbers in README.md; docs/questions.md and its notebook,
    coverage.md and rules.md; docs/pictures; the JSON Schema of contributions and the issue forms. The code in
    docs/questions.md is run: build only what you trust."""
    from evcollab.build import COMMAND, build

    files = build(writable(arguments.package), check=arguments.check)
    count = "1 file is" if len(files) == 1 else f"{len(files)} files are"
    stale = f"{count} stale; write them anew with:  {COMMAND}" if arguments.check else ""
    return _listed(files, "Everything generated is up to date.", stale)


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 300:
        raise argparse.ArgumentTypeError("expected 0 to 300")
    return number


@command(
    "find lasting copies of the sources",
    option("--save", action="store_true", help="ask the archive to make a copy where it has none"),
    option("--limit", type=positive, metavar="N", help="ask about N sources; default: about all"),
    option("--dry-run", action="store_true", help="ask, but write nothing and request no copies"),
    option("--pause", type=_seconds, metavar="SECONDS", default=1.0, help="between two questions; default: 1"),
    option("--server", metavar="URL", default="", help="another server that behaves like the archive"),
)
def _archive(arguments: argparse.Namespace) -> int:
    """Ask the Wayback Machine for copies of the sources that have no archive_url, and write the addresses of
    those nearest to the day on which a source was read. What is found is written as it is found; the next run
    goes on where this one ends. What was asked without success is noted in the folder evcollab of
    $XDG_STATE_HOME or ~/.local/state, to be asked again after 30 days."""
    from evcollab.contributions.copies import Memory, add_copies
    from evcollab.wayback import Wayback

    def progress(number: int, total: int, copies: Copies) -> None:
        print(f"\r\x1b[K{number} of {total}, {len(copies.found)} found", end="", file=sys.stderr, flush=True)

    target = writable(arguments.package)
    home = package.read(target).descriptor.get("homepage") or "open register of electric-vehicle collaboration"
    agent = f"evcollab/{evcollab.__version__} ({home})"
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    copies = add_copies(
        Wayback(agent, arguments.server, arguments.pause),
        target,
        memory=Memory(state / "evcollab" / "archive.json"),
        save=arguments.save,
        limit=arguments.limit,
        dry_run=arguments.dry_run,
        tell=progress if sys.stderr.isatty() else None,
    )
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    return _tell_copies(copies, arguments)


def _tell_copies(copies: Copies, arguments: argparse.Namespace) -> int:
    for name, reason in copies.failed.items():
        print(f"note: {name}: {reason}", file=sys.stderr)
    if arguments.dry_run:
        print("Nothing was written (--dry-run).", file=sys.stderr)
    for name, address in copies.found.items():
        say(f"{name}: {address}")
    counts = {
        "found": len(copies.found),
        "requested": len(copies.requested),
        "without a copy": len(copies.missing),
        "without an answer": len(copies.failed),
        "not asked about": copies.left,
    }
    say(", ".join(f"{count} {what}" for what, count in counts.items() if count) or "There is nothing to ask about.")
    if copies.stopped:
        print(f"evcollab: stopped: {copies.stopped}. The next run goes on from here.", file=sys.stderr)
        return 130 if copies.stopped == "interrupted" else 1
    return 0
