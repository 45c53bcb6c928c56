"""The command `evcollab build`."""

from __future__ import annotations

import argparse
import sys

from evcollab.cli import place
from evcollab.cli.contributing import writable


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command of this module."""
    parser = commands.add_parser(
        "build",
        help="write everything that is generated",
        description="Write everything that is generated anew: the numbers in README.md; docs/questions.md and its "
        "notebook, coverage.md and rules.md; docs/pictures; the JSON Schema of contributions and the issue forms. The "
        "code in docs/questions.md is run: build only what you trust.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; list stale files, exit with 1 if any is")
    place.add_option(parser)
    parser.set_defaults(run=_build)


def _build(arguments: argparse.Namespace) -> int:
    from evcollab.build import COMMAND, build

    descriptor = writable(arguments.package)
    files = build(descriptor, check=arguments.check)
    for file in files:
        print(file)
    if not files:
        print("Everything generated is up to date.")
    elif arguments.check:
        count = "1 file is" if len(files) == 1 else f"{len(files)} files are"
        print(f"{count} stale; write them anew with:  {COMMAND}", file=sys.stderr)
        return 1
    return 0
