"""The answers of the library as commands: conflicts, targets, phase-outs, history, members, funding, met, picture."""

from __future__ import annotations

import argparse
from functools import partial

from evcollab.cli import place, printing
from evcollab.cli.commands import COMMANDS, LIMIT, PACKAGE, command, option

ON = option("--on", metavar="DAY", help="what holds on this day, month or year; default: today")
COUNTRY = option("--country", metavar="NAME", help="only this country, by code or any name")
LEVEL = option("--level", metavar="LEVEL", help="only targets of this level: group, national, subdivision or city")
GROUP = option("group", metavar="GROUP", help="identifier, name, short name or alias")
TOTAL = option("--total", action="store_true", help="add up what may be added: one row per funder and currency")
SINCE = option("--since", metavar="DAY", help="only events of this day, month or year, or later")
UNTIL = option("--until", metavar="DAY", help="only events of this day, month or year, or before")
SIDES = ("countries", "organisations")
BETWEEN = option("--between", choices=SIDES, default=SIDES[0], help=f"default: {SIDES[0]}")
NAMES = option("--names", action="store_true", help="a column of names beside every identifier")
ANSWERS = (
    ("conflicts", "conflicts", "the cells on which sources disagree", ()),
    ("targets", "targets", "the policy targets in force", (ON, COUNTRY, LEVEL)),
    ("phase-outs", "phase_outs", "when new combustion vehicles shall no longer be sold", (ON, COUNTRY, LEVEL)),
    ("history", "target_history", "how targets were raised, lowered, delayed or advanced", (COUNTRY, LEVEL)),
    ("members", "members", "who is in a group", (GROUP, ON)),
    ("funding", "funding", "who pays for whom", (TOTAL,)),
    ("met", "collaborations", "who met whom, and how often", (COUNTRY, BETWEEN, SINCE, UNTIL)),
)
"""Command, method of the data set, what it tells, and the options, which are named as the method's parameters."""


def _answer(method: str, parameters: list[str], arguments: argparse.Namespace) -> int:
    dataset = place.load(arguments)
    found = getattr(dataset, method)(**{name: getattr(arguments, name) for name in parameters})
    printing.frame(dataset.named(found) if arguments.names else found, arguments.format, arguments.limit)
    return 0


for _name, _method, _what, _own in ANSWERS:
    _run = partial(_answer, _method, [names[0].lstrip("-") for names, _ in _own])
    _texts = {"help": _what, "description": f"Print {_what}."}
    COMMANDS[__name__].append((_name, _texts, (*_own, LIMIT, NAMES, printing.FORMAT, PACKAGE), _run))


@command(
    "draw a picture of the register",
    option("name", choices=("timeline", "targets", "network", "map")),
    option("file", metavar="FILE", help="the file to write: .svg, .png, .pdf, .html or .json"),
)
def _picture(arguments: argparse.Namespace) -> int:
    """Draw a picture."""
    from evcollab import pictures

    pictures.save(pictures.PICTURES[arguments.name](place.load(arguments)), arguments.file)
    print(f"{arguments.file} is written")
    return 0
