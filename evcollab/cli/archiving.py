"""The command that looks for lasting copies of sources."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import evcollab
from evcollab.cli.commands import command, option, positive
from evcollab.cli.place import writable
from evcollab.cli.printing import say

if TYPE_CHECKING:
    from evcollab.contributions.copies import Copies


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
    from evcollab import package
    from evcollab.contributions.copies import Memory, add_copies
    from evcollab.wayback import Wayback

    target = writable(arguments.package)
    home = package.read(target).descriptor.get("homepage") or "open register of electric-vehicle collaboration"
    agent = f"evcollab/{evcollab.__version__} ({home})"
    copies = add_copies(
        Wayback(agent, arguments.server, arguments.pause),
        target,
        memory=Memory(_state()),
        save=arguments.save,
        limit=arguments.limit,
        dry_run=arguments.dry_run,
        tell=_progress if sys.stderr.isatty() else None,
    )
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    return _tell(copies, arguments)


def _state() -> Path:
    folder = os.environ.get("XDG_STATE_HOME", "")
    return (Path(folder) if folder else Path.home() / ".local" / "state") / "evcollab" / "archive.json"


def _progress(number: int, total: int, copies: Copies) -> None:
    print(f"\r\x1b[K{number} of {total}, {len(copies.found)} found", end="", file=sys.stderr, flush=True)


def _tell(copies: Copies, arguments: argparse.Namespace) -> int:
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
