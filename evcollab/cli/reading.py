"""The commands that read: overview, show, find, describe, explain, cite, export."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from evcollab import types
from evcollab.citations import STYLES
from evcollab.cli import place, printing, screens
from evcollab.errors import EvcollabError
from evcollab.exports import FORMATS as EXPORTS

if TYPE_CHECKING:
    from evcollab.dataset import Dataset


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Register the commands of this module."""
    show = commands.add_parser("show", help="print rows of a table", description="Print rows of a table.")
    show.add_argument("table", metavar="TABLE")
    show.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="CONDITION",
        help="only rows of which this holds: COLUMN=VALUE (the cell, an item of its list, or the year or month of its "
        "date), COLUMN!=VALUE, COLUMN>=VALUE, COLUMN<=VALUE, 'COLUMN contains TEXT'; case does not count, countries "
        "go by any name; may be given several times, then all must hold",
    )
    show.add_argument("--columns", metavar="A,B,...", help="only these columns, in this order")
    show.add_argument("--limit", type=int, metavar="N", help="at most N rows")
    printing.add_format(show)
    place.add_option(show)
    show.set_defaults(run=_show)

    find = commands.add_parser(
        "find",
        help="records by name, alias or identifier, misspelt or not",
        description="Print the records whose name, alias, title or identifier fits best, of all tables.",
    )
    find.add_argument("text", metavar="TEXT", nargs="+", help="a name, or words of it, in any order")
    find.add_argument("--limit", type=int, default=20, metavar="N", help="at most N records; default: 20")
    place.add_option(find)
    find.set_defaults(run=_find)

    describe = commands.add_parser(
        "describe", help="what a table's columns mean", description="Print what a table, or one column, means."
    )
    describe.add_argument("table", metavar="TABLE")
    describe.add_argument("column", metavar="COLUMN", nargs="?")
    place.add_option(describe)
    describe.set_defaults(run=_describe)

    explain = commands.add_parser(
        "explain",
        help="where each cell of a record comes from",
        description="Print each cell of a record with its sources, its basis and what other sources say.",
    )
    _add_record(explain)
    place.add_option(explain)
    explain.set_defaults(run=_explain)

    cite = commands.add_parser(
        "cite",
        help="how to cite the data set, or the sources of a record",
        description="Print how to cite the data set or, with RECORD, the sources of a record.",
    )
    _add_record(cite, optional=True)
    cite.add_argument("--style", choices=STYLES, default="text", help="default: text")
    place.add_option(cite)
    cite.set_defaults(run=_cite)

    export = commands.add_parser(
        "export",
        help="the data in another format: " + ", ".join(EXPORTS),
        description="Write the data in another format.",
        epilog="formats:\n" + "\n".join(f"  {name:<10} {item.what}" for name, item in EXPORTS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    export.add_argument("format", metavar="FORMAT", choices=EXPORTS, help="one of those below")
    export.add_argument("destination", metavar="DEST", help="the file or folder to make")
    export.add_argument("--force", action="store_true", help="replace what stands there")
    place.add_option(export)
    export.set_defaults(run=_export)


def _add_record(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    parser.add_argument(
        "record",
        metavar="RECORD",
        nargs="*" if optional else "+",
        help="identifier of the row; before it the table, if several tables have such a row",
    )
    words = "[[TABLE] RECORD]" if optional else "[TABLE] RECORD"
    styles = f" [--style {{{','.join(STYLES)}}}]" if optional else ""
    parser.usage = f"%(prog)s [-h]{styles} [--package PATH] {words}"


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


def _show(arguments: argparse.Namespace) -> int:
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


def _find(arguments: argparse.Namespace) -> int:
    found = place.load(arguments).find(" ".join(arguments.text), max(arguments.limit, 0))
    rows = [[f"{row['score']:.2f}", row["table"], row["record_id"], row["name"]] for row in found.to_dict("records")]
    printing.say(screens.fitting(["score", "table", "record", "name"], rows) if rows else "Nothing found.")
    return 0


def _describe(arguments: argparse.Namespace) -> int:
    dataset = place.load(arguments)
    schema = dataset.package.schema(arguments.table)
    printing.say(
        screens.describe_column(schema, arguments.column) if arguments.column else screens.describe_table(schema)
    )
    return 0


def _explain(arguments: argparse.Namespace) -> int:
    dataset = place.load(arguments)
    printing.say(screens.explain(dataset, *_located(dataset, arguments.record)))
    return 0


def _cite(arguments: argparse.Namespace) -> int:
    dataset = place.load(arguments)
    if not arguments.record:
        printing.say(dataset.cite(style=arguments.style))
        return 0
    printing.say(dataset.cite(*_located(dataset, arguments.record), arguments.style))
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from evcollab.exports import export

    dataset = place.load(arguments)
    notes = export(dataset, arguments.format, arguments.destination, overwrite=arguments.force)
    print(f"{arguments.destination} is written: {EXPORTS[arguments.format].what}")
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    return 0
