"""The tables of a package as rules see them: rows of text with their place, and their values where they parse."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evcollab import table, types
from evcollab.issues import Issue
from evcollab.package import Schema

Finding = tuple["Row", str, str]
"""What a rule yields: the row, the column (empty: the whole row) and the message."""


class Row:
    """A record: `row["column"]` is its text, empty where missing or unknown; `row.value("column")` its value."""

    __slots__ = ("cells", "line", "table")

    def __init__(self, table: Table, line: int, cells: dict[str, str]) -> None:
        self.table = table
        self.line = line
        self.cells = cells

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def __contains__(self, column: str) -> bool:
        return column in self.cells

    @property
    def key(self) -> str:
        """The identifier of the record; the parts of a composite key joined with `|`."""
        return "|".join(self[column] for column in self.table.schema.primary_key)

    def value(self, column: str) -> Any:
        """The parsed value of a cell; None if it is missing or does not fit its column."""
        return self.table.parse(column, self[column])


@dataclass
class Table:
    """A table that can be read.

    Attributes:
        schema: what its columns are.
        file: its file, relative to the package.
        rows: its records in file order.
        complete: whether every record of the file is among `rows`, with its identifier as it was meant; if not,
            a reference to an unknown record may be right.
    """

    schema: Schema
    file: str
    rows: list[Row] = field(default_factory=list)
    complete: bool = True
    _values: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.schema.table

    def parse(self, column: str, text: str) -> Any:
        """The value of a text in a column; None if it is missing or does not fit."""
        place = (column, text)
        if place not in self._values:
            spec = self.schema.fields.get(column)
            try:
                missing = spec is None or text in self.schema.missing_values
                self._values[place] = None if spec is None or missing else types.parse(text, spec)
            except ValueError:
                self._values[place] = None
        return self._values[place]

    @cached_property
    def in_order(self) -> list[Row]:
        """The records by identifier: their order in the file then changes no finding."""
        return sorted(self.rows, key=lambda row: (row.key, sorted(row.cells.items())))

    @cached_property
    def by_key(self) -> dict[str, Row]:
        """The records by identifier; the first where one stands twice."""
        found: dict[str, Row] = {}
        for row in self.in_order:
            found.setdefault(row.key, row)
        return found


@dataclass
class Data:
    """The tables that rules may look at, the day that counts as today, and the name of the package."""

    tables: dict[str, Table]
    today: dt.date
    name: str = ""

    def rows(self, table: str) -> Sequence[Row]:
        """The records of a table by identifier, each once; none if the table cannot be read."""
        return list(self.tables[table].by_key.values()) if table in self.tables else ()

    def find(self, table: str, key: str) -> Row | None:
        """The record with that identifier, if there is one."""
        return self.tables[table].by_key.get(key) if table in self.tables else None

    def groups(self, table: str, *columns: str) -> Iterator[tuple[tuple[str, ...], list[Row]]]:
        """The records that agree in these columns, group by group."""
        found: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in self.rows(table):
            found[tuple(row[column] for column in columns)].append(row)
        yield from sorted(found.items())

    @cached_property
    def claims(self) -> dict[tuple[str, str], list[Row]]:
        """The claims on each record, by table and identifier."""
        found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for claim in self.rows("claims"):
            found[claim["table_name"], claim["record_id"]].append(claim)
        return dict(found)


def as_data(read: table.Table, issues: list[Issue]) -> Table:
    """A table as the rules see it: cells trimmed, without records whose identifier cannot be told."""
    key = read.schema.primary_key
    unknown = {
        issue.line for issue in issues if issue.column in key and issue.rule not in ("cell-untrimmed", "cell-formula")
    }
    seen = Table(read.schema, read.file, complete=read.complete)
    names = list(read.schema.fields)
    for line, cells in zip(read.lines, read.rows, strict=True):
        if line not in unknown:
            seen.rows.append(Row(seen, line, {n: cell.strip() for n, cell in zip(names, cells, strict=True)}))
    return seen
