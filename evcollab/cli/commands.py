"""How a command is declared: a function, what the list of commands says of it, and its options."""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable
from typing import Any

Run = Callable[[argparse.Namespace], int]
Option = tuple[tuple[str, ...], dict[str, Any]]
COMMANDS: dict[str, list[tuple[str, dict[str, Any], tuple[Option, ...], Run]]] = defaultdict(list)
"""Module → its commands: name, texts, options, and what runs them and returns the exit status."""


def option(*names: str, **how: Any) -> Option:
    """An argument of a command, as for `argparse.ArgumentParser.add_argument`."""
    return names, how


def command(help: str, *options: Option, package: bool = True, **more: Any) -> Callable[[Run], Run]:
    """Make a command of a function: it has its name, and its docstring describes it; `package`: of a register."""

    def declared(run: Run) -> Run:
        texts = {"help": help, "description": " ".join((run.__doc__ or "").split()), **more}
        COMMANDS[run.__module__].append(
            (run.__name__.removeprefix("_"), texts, (*options, PACKAGE) if package else options, run)
        )
        return run

    return declared


def positive(text: str) -> int:
    """A number of things, as an option says it."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("expected 1 or more")
    return number


PACKAGE = option(
    "--package",
    metavar="PATH",
    default=argparse.SUPPRESS,
    help="the data package: its folder or datapackage.json; "
    "default: one in this folder or in a folder above it, else the data that came with evcollab",
)
LIMIT = option("--limit", type=int, metavar="N", help="at most N rows")
DRY_RUN = option("--dry-run", action="store_true", help="only tell what would change")
