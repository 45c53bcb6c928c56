"""The `evcollab` command: a thin shell over the library."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import evcollab
from evcollab.citations import STYLES
from evcollab.contributions import command as contributions
from evcollab.errors import EvcollabError, did_you_mean
from evcollab.exports import FORMATS as EXPORTS
from evcollab.validation import command as validation

FORMATS = ("table", "csv", "json", "markdown")
CELL_WIDTH = 40

EXAMPLES = """examples:
  evcollab                                        what is in the register, and how to cite it
  evcollab show events --where country_code=LAO   rows of a table
  evcollab find "laos ev forum"                   records by name, misspelt or not
  evcollab describe policy_targets metric         what a column means, with its codes
  evcollab explain events lao-ev-forum-2023       where every cell of a record comes from
  evcollab validate path/to/package               every problem of a package, with file, line and column
  evcollab add report.yaml                        add what a contribution document says
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status: 0 fine, 1 problems found, 2 wrong usage or unreadable input."""
    parser = _parser()
    try:
        arguments = parser.parse_args(argv)
        run: Callable[[argparse.Namespace], int] = arguments.run
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
    return status


class _Parser(argparse.ArgumentParser):
    """A parser that answers a misspelt command with near matches."""

    def error(self, message: str) -> NoReturn:
        if "invalid choice: " in message and "(choose from" in message:
            found = message.split("invalid choice: ")[1].split(" (choose")[0].strip("'\"")
            choices = message.split("(choose from ")[1].rstrip(")").replace("'", "").split(", ")
            message = f"there is no {found!r} here{did_you_mean(found, choices)}"
        super().error(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="evcollab",
        description="The open register of international electric-vehicle collaboration.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"evcollab {evcollab.__version__}")
    _add_package(parser, default=None)
    parser.set_defaults(run=_overview)
    commands: argparse._SubParsersAction[Any] = parser.add_subparsers(title="commands", metavar="COMMAND")

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
    _add_package(show)
    show.set_defaults(run=_show)

    find = commands.add_parser(
        "find",
        help="records by name, alias or identifier, misspelt or not",
        description="Print the records whose name, alias, title or identifier fits best, of all tables.",
    )
    find.add_argument("text", metavar="TEXT", nargs="+", help="a name, or words of it, in any order")
    find.add_argument("--limit", type=int, default=20, metavar="N", help="at most N records; default: 20")
    _add_package(find)
    find.set_defaults(run=_find)

    describe = commands.add_parser(
        "describe", help="what a table's columns mean", description="Print what a table, or one column, means."
    )
    describe.add_argument("table", metavar="TABLE")
    describe.add_argument("column", metavar="COLUMN", nargs="?")
    _add_package(describe)
    describe.set_defaults(run=_describe)

    explain = commands.add_parser(
        "explain",
        help="where each cell of a record comes from",
        description="Print each cell of a record with its sources, its basis and what other sources say.",
    )
    explain.add_argument("table", metavar="TABLE")
    explain.add_argument("record", metavar="RECORD", help="identifier of the row")
    _add_package(explain)
    explain.set_defaults(run=_explain)

    cite = commands.add_parser(
        "cite",
        help="how to cite the data set, or the sources of a record",
        description="Print how to cite the data set or, with TABLE and RECORD, the sources of a record.",
    )
    cite.add_argument("table", metavar="TABLE", nargs="?")
    cite.add_argument("record", metavar="RECORD", nargs="?", help="identifier of the row")
    cite.add_argument("--style", choices=STYLES, default="text", help="default: text")
    _add_package(cite)
    cite.set_defaults(run=_cite)
    validation.add_commands(commands)

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
    _add_package(export)
    export.set_defaults(run=_export)
    contributions.add_commands(commands)
    return parser


def _add_package(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    parser.add_argument(
        "--package", metavar="PATH", default=default, help="another data package: its folder or datapackage.json"
    )


def _overview(arguments: argparse.Namespace) -> int:
    from evcollab.overview import overview

    print(overview(evcollab.load(arguments.package)))
    return 0


def _show(arguments: argparse.Namespace) -> int:
    import json

    from evcollab import csvfile, overview, types

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
        print(overview.markdown_table(header, rows))
    else:
        kept = [n for n in range(len(header)) if arguments.columns or any(row[n] for row in rows)]
        print(overview.text_table([header[n] for n in kept], [[row[n] for n in kept] for row in rows], CELL_WIDTH))
        empty = len(header) - len(kept)
        print(f"{len(rows)} of {total} rows" + (f"; {empty} empty columns left out" if rows and empty else ""))
    return 0


def _find(arguments: argparse.Namespace) -> int:
    from evcollab.overview import text_table

    found = evcollab.load(arguments.package).find(" ".join(arguments.text), max(arguments.limit, 0))
    rows = [[f"{row['score']:.2f}", row["table"], row["record_id"], row["name"]] for row in found.to_dict("records")]
    print(text_table(["score", "table", "record", "name"], rows) if rows else "Nothing found.")
    return 0


def _describe(arguments: argparse.Namespace) -> int:
    from evcollab import overview

    dataset = evcollab.load(arguments.package)
    schema = dataset.package.schema(arguments.table)
    print(overview.describe_column(schema, arguments.column) if arguments.column else overview.describe_table(schema))
    return 0


def _explain(arguments: argparse.Namespace) -> int:
    from evcollab.overview import explain

    print(explain(evcollab.load(arguments.package), arguments.table, arguments.record))
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


if __name__ == "__main__":
    sys.exit(main())
