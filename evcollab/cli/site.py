"""The command that writes the static site."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from evcollab.cli import place, printing


def add_commands(commands: argparse._SubParsersAction[Any], parser: argparse.ArgumentParser) -> None:
    """Register the command of this module; the site documents the whole `parser`."""
    site = commands.add_parser(
        "site",
        help="write the register as a static site",
        description="Write a static site of the register into a folder: a page for every record, lists, search, the "
        "data in every format. A build that fails leaves the folder as it was, and only a former site is replaced.",
    )
    site.add_argument("folder", metavar="FOLDER", help="folder to write; new, empty, or a former site")
    site.add_argument(
        "--address", metavar="URL", help="where the site will stand; default: the homepage, if it is no repository"
    )
    site.add_argument("--repository", metavar="URL", help="repository on GitHub that takes corrections")
    place.add_option(site)
    site.set_defaults(run=_site, parser=parser)


def _site(arguments: argparse.Namespace) -> int:
    from evcollab.site import build

    def progress(step: str) -> None:
        if sys.stderr.isatty():
            print(f"{step} ...", file=sys.stderr)

    dataset = place.load(arguments)
    notes = build(
        dataset,
        arguments.folder,
        address=arguments.address,
        repository=arguments.repository,
        commands=arguments.parser,
        progress=progress,
    )
    for note in notes:
        print(f"evcollab: {note}", file=sys.stderr)
    folder = arguments.folder
    printing.say(f"The site is written to {folder}. Look at it:  python -m http.server --directory {folder}")
    return 0
