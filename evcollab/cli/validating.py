"""The commands `evcollab validate` and `evcollab rules`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from evcollab.cli import place
from evcollab.errors import EvcollabError, UnknownNameError
from evcollab.limits import Limits
from evcollab.validation.reports import FORMATS

_LIMITS = {
    "file_bytes": "bytes of one file",
    "rows": "records of one table",
    "cell_characters": "characters of one cell",
    "depth": "levels of nesting in JSON",
}
_DIALECTS = ("duckdb", "spark", "bigquery")


def add_commands(subparsers: Any) -> None:
    """Register the commands with an argument parser; each sets `run`, which returns the exit status."""
    validate = subparsers.add_parser(
        "validate",
        help="check a data package",
        description="Check a data package and report every problem. Exit status: 0 without errors, 1 with errors, "
        "2 if there is no package or an option is wrong.",
    )
    validate.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        help="folder with a datapackage.json, or that file; default: as with --package",
    )
    validate.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    validate.add_argument("--output", metavar="FILE", help="write the report to a file instead of the screen")
    validate.add_argument("--strict", action="store_true", help="count warnings as errors")
    validate.add_argument(
        "--frictionless", action="store_true", help="let frictionless, a second validator, check the package too"
    )
    for name, what in _LIMITS.items():
        validate.add_argument(
            f"--max-{name.replace('_', '-')}",
            dest=name,
            type=_positive,
            default=getattr(Limits, name),
            metavar="N",
            help=f"do not read more than N {what}; default: {getattr(Limits, name):,}",
        )
    place.add_option(validate)
    validate.set_defaults(run=_validate)

    rules = subparsers.add_parser(
        "rules",
        help="what validation checks, and why",
        description="Print the catalogue of rules, or one rule; or their queries in SQL, for the tables of the Parquet "
        "export in an engine of your own.",
    )
    rules.add_argument("id", metavar="RULE", nargs="?", help="id of a rule, such as event-end-before-start")
    rules.add_argument("--sql", choices=_DIALECTS, nargs="?", const=_DIALECTS[0], help="print queries; default: duckdb")
    place.add_option(rules)
    rules.set_defaults(run=_rules)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _validate(arguments: argparse.Namespace) -> int:
    from evcollab.validation import validate
    from evcollab.validation.reports import render

    limits = Limits(**{name: getattr(arguments, name) for name in _LIMITS})
    path = arguments.path or arguments.package
    if path is None:
        path = place.descriptor(None)
        place.announce(path)
    report = validate(path, strict=arguments.strict, limits=limits, frictionless=arguments.frictionless)
    _print(render(report, arguments.format), arguments.output)
    return 0 if report.valid else 1


def _rules(arguments: argparse.Namespace) -> int:
    from evcollab.validation import manual
    from evcollab.validation.rules import RULES

    if arguments.id not in (None, *RULES):
        raise UnknownNameError("rule", arguments.id, RULES)
    if arguments.sql is not None:
        _print(_sql(arguments))
    elif arguments.id is None:
        _print(manual.overview())
    else:
        _print(manual.text(RULES[arguments.id]))
    return 0


def _sql(arguments: argparse.Namespace) -> str:
    from evcollab import package
    from evcollab.validation.translate import script, translate

    file = place.descriptor(arguments.package)
    place.announce(file)
    return script(translate(package.read(file), arguments.sql), arguments.sql, arguments.id)


def _print(text: str, output: str | None = None) -> None:
    """Print a text, or write it to a file; what the terminal cannot show is shown as its code."""
    if output is None:
        encoding = sys.stdout.encoding or "utf-8"
        print(text.encode(encoding, "backslashreplace").decode(encoding))
        return
    try:
        Path(output).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise EvcollabError(f"the report cannot be written to {output}: {error.strerror}") from None
