"""The commands that read: overview, show, find, describe, explain, cite, export, site."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from evcollab import types
from evcollab.citations import STYLES
from evcollab.cli import place, printing, screens
from evcollab.cli.commands import LIMIT, command, option
from evcollab.errors import EvcollabError
from evcollab.exports import FORMATS as EXPORTS

if TYPE_CHECKING:
    from evcollab.dataset import Dataset

RECORD = {"metavar": "RECORD", "help": "identifier of the row; before it the table, if several tables have such a row"}


def _located(dataset: Dataset, words: list[str]) -> tuple[str, str]:
    """Table and identifier of a record that is given by its identifier, or by both; former identifiers are followed."""
    if len(words) > 2:
        raise EvcollabError(f"expected an identifier, or a table and an identifier; found {' '.join(words)!r}")
    if len(words) == 2:
        return words[0], dataset.current_id(words[0], words[1])
    tables = dataset.tables_with(words[0])
    if len(tables) > 1:
        raise EvcollabError(f"{words[0]!r} is in several tables: name one of {', '.join(tables)} before it")
    if not tables:
        near = dataset.find(words[0], 3)["record_id"].tolist()
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise EvcollabError(f"there is no record {words[0]!r}{hint}")
    return tables[0], dataset.current_id(tables[0], words[0])


def overview(arguments: argparse.Namespace) -> int:
    """What is in the register, and how to cite it."""
    printing.say(screens.overview(place.load(arguments)))
    return 0


@command(
    "print rows of a table",
    option("table", metavar="TABLE"),
    option(
        "--where",
        action="append",
        default=[],
        metavar="CONDITION",
        help="only rows of which this holds: COLUMN=VALUE (the cell, an item of its list, or the year or month of "
        "its date), COLUMN!=VALUE, COLUMN>=VALUE, COLUMN<=VALUE, 'COLUMN contains TEXT'; case does not count, "
        "countries go by any name; may be given several times, then all must hold",
    ),
    option("--columns", metavar="A,B,...", help="only these columns, in this order"),
    LIMIT,
    printing.FORMAT,
)
def _show(arguments: argparse.Namespace) -> int:
    """Print rows of a table."""
    from evcollab.conditions import condition

    dataset = place.load(arguments)
    schema = dataset.package.schema(arguments.table)
    header = list(schema.fields)
    rows = types.to_text(dataset[arguments.table], schema)
    tests = [condition(dataset, arguments.table, text) for text in arguments.where]
    rows = [row for row in rows if all(test(dict(zip(header, row, strict=True))) for test in tests)]
    total = len(rows)
    if arguments.limit is not None:
        rows = rows[: max(arguments.limit, 0)]
    if arguments.columns:
        chosen = [schema.field(name.strip()).name for name in arguments.columns.split(",") if name.strip()]
        rows = [[row[header.index(name)] for name in chosen] for row in rows]
        header = chosen
    printing.rows(header, rows, arguments.format, total=total, keep_empty=bool(arguments.columns))
    return 0


@command(
    "records by name, alias or identifier, misspelt or not",
    option("text", metavar="TEXT", nargs="+", help="a name, or words of it, in any order"),
    option("--limit", type=int, default=20, metavar="N", help="at most N records; default: 20"),
)
def _find(arguments: argparse.Namespace) -> int:
    """Print the records whose name, alias, title or identifier fits best, of all tables."""
    found = place.load(arguments).find(" ".join(arguments.text), max(arguments.limit, 0))
    rows = [[f"{row['score']:.2f}", row["table"], row["record_id"], row["name"]] for row in found.to_dict("records")]
    printing.say(screens.fitting(["score", "table", "record", "name"], rows) if rows else "Nothing found.")
    return 0


@command("what a table's columns mean", option("table", metavar="TABLE"), option("column", metavar="COLUMN", nargs="?"))
def _describe(arguments: argparse.Namespace) -> int:
    """Print what a table, or one column, means."""
    schema = place.load(arguments).package.schema(arguments.table)
    column = arguments.column
    printing.say(screens.describe_column(schema, column) if column else screens.describe_table(schema))
    return 0


@command(
    "where each cell of a record comes from",
    option("record", nargs="+", **RECORD),
    usage="%(prog)s [-h] [--package PATH] [TABLE] RECORD",
)
def _explain(arguments: argparse.Namespace) -> int:
    """Print each cell of a record with its sources, its basis and what other sources say."""
    dataset = place.load(arguments)
    printing.say(screens.explain(dataset, *_located(dataset, arguments.record)))
    return 0


@command(
    "how to cite the data set, or the sources of a record",
    option("record", nargs="*", **RECORD),
    option("--style", choices=STYLES, default="text", help="default: text"),
    usage=f"%(prog)s [-h] [--style {{{','.join(STYLES)}}}] [--package PATH] [[TABLE] RECORD]",
)
def _cite(arguments: argparse.Namespace) -> int:
    """Print how to cite the data set or, with RECORD, the sources of a record."""
    dataset = place.load(arguments)
    table, record = _located(dataset, arguments.record) if arguments.record else (None, None)
    printing.say(dataset.cite(table, record, arguments.style))
    return 0


@command(
    "the data in another format: " + ", ".join(EXPORTS),
    option("format", metavar="FORMAT", choices=EXPORTS, help="one of those below"),
    option("destination", metavar="DEST", help="the file or folder to make"),
    option("--force", action="store_true", help="replace what stands there"),
    epilog="formats:\n" + "\n".join(f"  {name:<10} {item.what}" for name, item in EXPORTS.items()),
    formatter_class=argparse.RawDescriptionHelpFormatter,
)
def _export(arguments: argparse.Namespace) -> int:
    """Write the data in another format."""
    from evcollab.exports import export

    dataset = place.load(arguments)
    notes = export(dataset, arguments.format, arguments.destination, overwrite=arguments.force)
    print(f"{arguments.destination} is written: {EXPORTS[arguments.format].what}")
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    return 0


@command(
    "write the register as a static site",
    option("folder", metavar="FOLDER", help="folder to write; new, empty, or a former site"),
    option("--address", metavar="URL", help="where it will stand; default: the homepage, if it is no repository"),
    option("--repository", metavar="URL", help="repository on GitHub that takes corrections"),
)
def _site(arguments: argparse.Namespace) -> int:
    """Write a static site of the register into a folder: a page for every record, lists, search, the data in
    every format. A build that fails leaves the folder as it was, and only a former site is replaced."""
    from evcollab.site import build

    def progress(step: str) -> None:
        if sys.stderr.isatty():
            print(f"{step} ...", file=sys.stderr)

    folder, addresses = arguments.folder, {"address": arguments.address, "repository": arguments.repository}
    for note in build(place.load(arguments), folder, **addresses, commands=arguments.parser, progress=progress):
        print(f"evcollab: {note}", file=sys.stderr)
    printing.say(f"The site is written to {folder}. Look at it:  python -m http.server --directory {folder}")
    return 0
