"""The commands `evcollab validate` and `evcollab rules`."""

from __future__ import annotations

import argparse
from pathlib import Path

from evcollab import package
from evcollab.cli import place, printing
from evcollab.cli.commands import command, option, positive
from evcollab.errors import EvcollabError, UnknownNameError
from evcollab.limits import DEFAULT, Limits
from evcollab.validation.reports import FORMATS

_LIMITS = {
    "file_bytes": "bytes of one file",
    "rows": "records of one table",
    "cell_characters": "characters of one cell",
    "depth": "levels of nesting in JSON",
}
_DIALECTS = ("duckdb", "spark", "bigquery")
_LIMITING = [
    option(
        f"--max-{name.replace('_', '-')}",
        dest=name,
        type=positive,
        default=getattr(DEFAULT, name),
        metavar="N",
        help=f"do not read more than N {what}; default: {getattr(DEFAULT, name):,}",
    )
    for name, what in _LIMITS.items()
]


@command(
    "check a data package",
    option("path", metavar="PATH", nargs="?", help="its folder or datapackage.json; default: as with --package"),
    option("--format", choices=FORMATS, default="text", help="default: text"),
    option("--output", metavar="FILE", help="write the report to a file instead of the screen"),
    option("--strict", action="store_true", help="count warnings as errors"),
    option("--frictionless", action="store_true", help="let frictionless, a second validator, check it too"),
    *_LIMITING,
)
def _validate(arguments: argparse.Namespace) -> int:
    """Check a data package and report every problem. Exit status: 0 without errors, 1 with errors, 2 if there is
    no package or an option is wrong."""
    from evcollab.validation import validate
    from evcollab.validation.reports import render

    limits = Limits(**{name: getattr(arguments, name) for name in _LIMITS})
    path = arguments.path or arguments.package
    if path is None:
        path = place.descriptor(None)
        place.announce(path)
    report = validate(path, strict=arguments.strict, limits=limits, frictionless=arguments.frictionless)
    text = render(report, arguments.format)
    if arguments.output is None:
        printing.say(text)
    else:
        try:
            Path(arguments.output).write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise EvcollabError(f"the report cannot be written to {arguments.output}: {error.strerror}") from None
    return 0 if report.valid else 1


@command(
    "what validation checks, and why",
    option("id", metavar="RULE", nargs="?", help="id of a rule, such as event-end-before-start"),
    option("--sql", choices=_DIALECTS, nargs="?", const=_DIALECTS[0], help="print queries; default: duckdb"),
)
def _rules(arguments: argparse.Namespace) -> int:
    """Print the catalogue of rules, or one rule; or their queries in SQL, for the tables of the Parquet export
    in an engine of your own."""
    from evcollab.validation import manual
    from evcollab.validation.rules import RULES

    if arguments.id not in (None, *RULES):
        raise UnknownNameError("rule", arguments.id, RULES)
    if arguments.sql is not None:
        from evcollab.validation.translate import script, translate

        file = place.descriptor(arguments.package)
        place.announce(file)
        printing.say(script(translate(package.read(file), arguments.sql), arguments.sql, arguments.id))
    else:
        printing.say(manual.overview() if arguments.id is None else manual.text(RULES[arguments.id]))
    return 0
