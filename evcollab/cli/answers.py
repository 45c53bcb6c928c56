"""The answers of the library as commands: conflicts, targets, phase-outs, history, members, funding, met, picture."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from evcollab.cli import place, printing

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset

Answer = Callable[["Dataset", argparse.Namespace], "pd.DataFrame"]
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "--on": {"metavar": "DAY", "help": "what holds on this day, month or year; default: today"},
    "--country": {"metavar": "NAME", "help": "only this country, by code or any name"},
    "--level": {"metavar": "LEVEL", "help": "only targets of this level: group, national, subdivision or city"},
    "--total": {"action": "store_true", "help": "add up what may be added: one row per funder and currency"},
    "--since": {"metavar": "DAY", "help": "only events of this day, month or year, or later"},
    "--until": {"metavar": "DAY", "help": "only events of this day, month or year, or before"},
    "--between": {"choices": ("countries", "organisations"), "default": "countries", "help": "default: countries"},
}
ANSWERS: Mapping[str, tuple[str, tuple[str, ...], Answer]] = {
    "conflicts": ("the cells on which sources disagree", (), lambda ds, _: ds.conflicts()),
    "targets": (
        "the policy targets in force",
        ("--on", "--country", "--level"),
        lambda ds, given: ds.targets(given.on, country=given.country, level=given.level),
    ),
    "phase-outs": (
        "when new combustion vehicles shall no longer be sold",
        ("--on", "--country", "--level"),
        lambda ds, given: ds.phase_outs(given.on, country=given.country, level=given.level),
    ),
    "history": (
        "how targets were raised, lowered, delayed or advanced",
        ("--country", "--level"),
        lambda ds, given: ds.target_history(country=given.country, level=given.level),
    ),
    "members": ("who is in a group", ("GROUP", "--on"), lambda ds, given: ds.members(given.group, given.on)),
    "funding": ("who pays for whom", ("--total",), lambda ds, given: ds.funding(total=given.total)),
    "met": (
        "who met whom, and how often",
        ("--country", "--between", "--since", "--until"),
        lambda ds, given: ds.collaborations(given.between, since=given.since, until=given.until, country=given.country),
    ),
}
"""Command → what it tells, its options, and the answer."""


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Register the commands of this module."""
    for name, (what, options, answer) in ANSWERS.items():
        parser = commands.add_parser(name, help=what, description=f"Print {what}.")
        for option in options:
            if option == "GROUP":
                parser.add_argument("group", metavar="GROUP", help="identifier, name, short name or alias")
            else:
                parser.add_argument(option, **OPTIONS[option])
        parser.add_argument("--limit", type=int, metavar="N", help="at most N rows")
        parser.add_argument("--names", action="store_true", help="a column of names beside every identifier")
        printing.add_format(parser)
        place.add_option(parser)
        parser.set_defaults(run=_answer, answer=answer)

    picture = commands.add_parser("picture", help="draw a picture of the register", description="Draw a picture.")
    picture.add_argument("name", choices=("timeline", "targets", "network", "map"))
    picture.add_argument("file", metavar="FILE", help="the file to write: .svg, .png, .pdf, .html or .json")
    place.add_option(picture)
    picture.set_defaults(run=_picture)


def _answer(arguments: argparse.Namespace) -> int:
    dataset = place.load(arguments)
    found = arguments.answer(dataset, arguments)
    printing.frame(dataset.named(found) if arguments.names else found, arguments.format, arguments.limit)
    return 0


def _picture(arguments: argparse.Namespace) -> int:
    from evcollab import pictures

    pictures.save(pictures.PICTURES[arguments.name](place.load(arguments)), arguments.file)
    print(f"{arguments.file} is written")
    return 0
