"""The commands that read: overview, show, find, describe, explain, cite, export."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

import evcollab
from evcollab import csvfile, types
from evcollab.citations import STYLES
from evcollab.cli import screens
from evcollab.errors import EvcollabError
from evcollab.exports import FORMATS as EXPORTS

FORMATS = ("table", "csv", "json", "markdown")
CELL_WIDTH = 40


def add_commands(commands: argparse._SubParsersAction[Any]) -> None:
    """Register the commands of this module."""
    show = commands.add_parser("show", help="print rows of a table", description="Print rows of a table.")
    show.add_argument("table", metavar="TABLE")
    show.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="only rows whose cell is VALUE (upper and lower case alike), whose list has the item VALUE, or whose "
        "date lies in VALUE, such as 2023; may be given several times, then all must hold",
    )
    show.add_argument("--columns", metavar="A,B,...", help="only these columns, in this order")
    show.add_argument("--limit", type=int, metavar="N", help="at most N rows")
    show.add_argument("--format", choices=FORMATS, default="table", help="default: table, with long cells clipped")
    add_package(show)
    show.set_defaults(run=_show)

    find = commands.add_parser(
        "find",
        help="records by name, alias or identifier, misspelt or not",
        description="Print the records whose name, alias, title or identifier fits best, of all tables.",
    )
    find.add_argument("text", metavar="TEXT", nargs="+", help="a name, or words of it, in any order")
    find.add_argument("--limit", type=int, default=20, metavar="N", help="at most N records; default: 20")
    add_package(find)
    find.set_defaults(run=_find)

    describe = commands.add_parser(
        "describe", help="what a table's columns mean", description="Print what a table, or one column, means."
    )
    describe.add_argument("table", metavar="TABLE")
    describe.add_argument("column", metavar="COLUMN", nargs="?")
    add_package(describe)
    describe.set_defaults(run=_describe)

    explain = commands.add_parser(
        "explain",
        help="where each cell of a record comes from",
        description="Print each cell of a record with its sources, its basis and what other sources say.",
    )
    explain.add_argument("table", metavar="TABLE")
    explain.add_argument("record", metavar="RECORD", help="identifier of the row")
    add_package(explain)
    explain.set_defaults(run=_explain)

    cite = commands.add_parser(
        "cite",
        help="how to cite the data set, or the sources of a record",
        description="Print how to cite the data set or, with TABLE and RECORD, the sources of a record.",
    )
    cite.add_argument("table", metavar="TABLE", nargs="?")
    cite.add_argument("record", metavar="RECORD", nargs="?", help="identifier of the row")
    cite.add_argument("--style", choices=STYLES, default="text", help="default: text")
    add_package(cite)
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
    add_package(export)
    export.set_defaults(run=_export)


def add_package(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    """The option that names another package."""
    parser.add_argument(
        "--package", metavar="PATH", default=default, help="another data package: its folder or datapackage.json"
    )


def overview(arguments: argparse.Namespace) -> int:
    """What is in the register, and how to cite it."""
    print(screens.overview(evcollab.load(arguments.package)))
    return 0


def _show(arguments: argparse.Namespace) -> int:
    dataset = evcollab.load(arguments.package)
    schema = dataset.package.schema(arguments.table)
    header = list(schema.fields)
    rows = types.to_text(dataset[arguments.table], schema)
    for condition in arguments.where:
        column, separator, value = condition.partition("=")
        if not separator:
            raise EvcollabError(f"--where {condition!r}: expected COLUMN=VALUE, such as --where country_code=LAO")
        matches = types.matcher(schema.field(column.strip()), value.strip())
        position = header.index(column.strip())
        rows = [row for row in rows if matches(row[position])]
    total = len(rows)
    if arguments.limit is not None:
        rows = rows[: max(arguments.limit, 0)]
    if arguments.columns:
        chosen = [schema.field(name.strip()).name for name in arguments.columns.split(",") if name.strip()]
        rows = [[row[header.index(name)] for name in chosen] for row in rows]
        header = chosen
    if arguments.format == "csv":
        sys.stdout.write(csvfile.write(header, rows))
    elif arguments.format == "json":
        print(json.dumps([dict(zip(header, row, strict=True)) for row in rows], ensure_ascii=False, indent=2))
    elif arguments.format == "markdown":
        print(screens.markdown_table(header, rows))
    else:
        kept = [n for n in range(len(header)) if arguments.columns or any(row[n] for row in rows)]
        print(screens.text_table([header[n] for n in kept], [[row[n] for n in kept] for row in rows], CELL_WIDTH))
        empty = len(header) - len(kept)
        print(f"{len(rows)} of {total} rows" + (f"; {empty} empty columns left out" if rows and empty else ""))
    return 0


def _find(arguments: argparse.Namespace) -> int:
    found = evcollab.load(arguments.package).find(" ".join(arguments.text), max(arguments.limit, 0))
    rows = [[f"{row['score']:.2f}", row["table"], row["record_id"], row["name"]] for row in found.to_dict("records")]
    print(screens.text_table(["score", "table", "record", "name"], rows) if rows else "Nothing found.")
    return 0


def _describe(arguments: argparse.Namespace) -> int:
    dataset = evcollab.load(arguments.package)
    schema = dataset.package.schema(arguments.table)
    print(screens.describe_column(schema, arguments.column) if arguments.column else screens.describe_table(schema))
    return 0


def _explain(arguments: argparse.Namespace) -> int:
    print(screens.explain(evcollab.load(arguments.package), arguments.table, arguments.record))
    return 0


def _cite(arguments: argparse.Namespace) -> int:
    print(evcollab.load(arguments.package).cite(arguments.table, arguments.record, arguments.style))
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from evcollab.exports import export

    dataset = evcollab.load(arguments.package)
    for note in export(dataset, arguments.format, arguments.destination, overwrite=arguments.force):
        print(f"evcollab: {note}", file=sys.stderr)
    return 0
