"""A table in memory: rows of text with their place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from evcollab.tableschema import Schema

Row = list[str]


@dataclass
class Table:
    """The records of one table as text: nothing is converted, an empty cell is an empty string.

    Attributes:
        schema: what its columns are.
        file: its file, relative to the package.
        rows: the records, each with one cell for each column of the schema, in file order.
        lines: the line of the file on which each record begins, counted from 1 (the header is 1).
        complete: whether every record of the file is among `rows`; if not, a reference to an unknown one may be right.
    """

    schema: Schema
    file: str
    rows: list[Row] = field(default_factory=list)
    lines: Sequence[int] = ()
    complete: bool = True

    @property
    def name(self) -> str:
        """Name of the table."""
        return self.schema.table

    @cached_property
    def columns(self) -> dict[str, int]:
        """The position of each column in a row."""
        return {name: number for number, name in enumerate(self.schema.fields)}

    def key(self, row: Sequence[str]) -> str:
        """The identifier of a record; the parts of a composite key joined with `|`."""
        return "|".join(row[self.columns[name]] for name in self.schema.primary_key)

    def records(self) -> Iterator[dict[str, str]]:
        """The records as mappings from column to text."""
        names = list(self.schema.fields)
        return (dict(zip(names, row, strict=True)) for row in self.rows)
