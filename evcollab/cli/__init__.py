"""The `evcollab` command: a thin shell over the library."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import evcollab
from evcollab.cli import answers, contributing, place, reading, validating
from evcollab.cli.commands import COMMANDS, PACKAGE
from evcollab.errors import EvcollabError, did_you_mean

EXAMPLES = """examples:
  evcollab                                        what is in the register, and how to cite it
  evcollab show events --where country_code=LAO   rows of a table
  evcollab find "laos ev forum"                   records by name, misspelt or not
  evcollab describe policy_targets metric         what a column means, with its codes
  evcollab explain lao-ev-forum-2023              where every cell of a record comes from
  evcollab phase-outs --level national --names    answers: also targets, history, members, funding, met, conflicts
  evcollab validate path/to/package               every problem of a package, with file, line and column
  evcollab add report.yaml                        add what a contribution document says
  evcollab init FOLDER --help                     start a register of your own
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status: 0 fine, 1 problems found, 2 wrong usage or unreadable input."""
    parser = _parser()
    try:
        arguments = parser.parse_args(argv)
        run: Callable[[argparse.Namespace], int] = arguments.run
        with warnings.catch_warnings():
            warnings.showwarning = _warn  # type: ignore[assignment]
            status = run(arguments)
        sys.stdout.flush()
    except EvcollabError as error:
        print(f"evcollab: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        flaw = place.flaw(getattr(arguments, "package", None))
        if flaw is None:  # it is not the data: a fault of ours, which nobody should hide
            raise
        print("evcollab: the register has errors with which this cannot be answered, such as", file=sys.stderr)
        print(f"  {flaw}\nevcollab validate lists them all", file=sys.stderr)
        return 2
    return status


def _warn(message: Warning | str, *rest: Any) -> None:
    """Say a warning as the other messages of the command are said."""
    print(f"evcollab: {message}", file=sys.stderr)


class _Parser(argparse.ArgumentParser):
    """A parser that answers misspelt commands and options with near matches."""

    def error(self, message: str) -> NoReturn:
        if "invalid choice: " in message and "(choose from" in message:
            found = message.split("invalid choice: ")[1].split(" (choose")[0].strip("'\"")
            choices = message.split("(choose from ")[1].rstrip(")").replace("'", "").split(", ")
            message = f"there is no {found!r} here{did_you_mean(found, choices)}"
        super().error(message)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Refuse what is left over where it stands, so that the usage shown is that of the command."""
        found, rest = super().parse_known_args(args, namespace)
        if rest:
            options = [name for action in self._actions for name in action.option_strings]
            near = did_you_mean(rest[0], options) if rest[0].startswith("-") else ""
            self.error(f"not expected here: {' '.join(map(repr, rest))}{near}")
        return found, rest


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="evcollab",
        description="The open register of international electric-vehicle collaboration.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"evcollab {evcollab.__version__}")
    parser.add_argument(*PACKAGE[0], **{**PACKAGE[1], "default": None})
    parser.set_defaults(run=reading.overview, parser=parser)
    commands: argparse._SubParsersAction[Any] = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in (reading, answers, validating, contributing):
        for name, texts, options, run in COMMANDS[module.__name__]:
            own = commands.add_parser(name, **texts)
            own.set_defaults(run=run)
            for names, how in options:
                own.add_argument(*names, **how)
    return parser
