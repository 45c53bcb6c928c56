"""The register in memory: its tables as text, with look-up by key and by name."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from evcollab import atomic, csvfile, names, package, types
from evcollab.package import Package, Schema
from evcollab.table import Row, Table

FORMER = "former_ids"
"""The table of released identifiers that are gone."""


class Record(Mapping[str, str]):
    """A row of a table by column. Writing a cell leaves the row that was read as it was."""

    __slots__ = ("_columns", "cells")

    def __init__(self, columns: Mapping[str, int], cells: Row) -> None:
        self._columns = columns
        self.cells = cells

    def __getitem__(self, column: str) -> str:
        return self.cells[self._columns[column]]

    def __setitem__(self, column: str, value: str) -> None:
        cells = self.cells.copy()
        cells[self._columns[column]] = value
        self.cells = cells

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


class Records:
    """The rows of one table, to be looked up and changed: in file order, by key, by name and by other cells."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows = [Record(table.columns, cells) for cells in table.rows]
        self.key = tuple(table.schema.primary_key)
        places = [table.columns[name] for name in self.key]
        self.by_key = {tuple([row.cells[place] for place in places]): row for row in reversed(self.rows)}
        self._groups: dict[tuple[str, ...], dict[tuple[str, ...], list[Record]]] = {}

    def where(self, **cells: str) -> list[Record]:
        """The rows with these cells, in columns that change only before a `rekey`."""
        columns = tuple(cells)
        if columns not in self._groups:
            groups = self._groups[columns] = defaultdict(list)
            for row in self.rows:
                groups[tuple([row[name] for name in columns])].append(row)
        return self._groups[columns].get(tuple(cells.values()), [])

    def add(self, cells: Mapping[str, str]) -> Record:
        """Put a new row with these cells into the table."""
        row = Record(self.table.columns, [cells.get(name, "") for name in self.table.columns])
        self.rows.append(row)
        self.by_key[tuple(row[name] for name in self.key)] = row
        for columns, groups in self._groups.items():
            groups[tuple([row[name] for name in columns])].append(row)
        self.called_again(row)
        return row

    def remove(self, *rows: Record) -> None:
        """Take rows out of the table."""
        gone = set(rows)
        self.rows = [row for row in self.rows if row not in gone]
        self.rekey()

    def rekey(self) -> None:
        """Index the rows anew after keys were changed."""
        self.by_key = {tuple(row[name] for name in self.key): row for row in self.rows}
        self._groups.clear()
        self.__dict__.pop("by_name", None)

    @cached_property
    def by_name(self) -> dict[str, list[Record]]:
        """The rows by what they are called (see `names.key`)."""
        index: dict[str, list[Record]] = defaultdict(list)
        for row in self.rows:
            _index(index, row)
        return index

    def called_again(self, row: Record) -> None:
        """Make a row that is new or has new names findable by them."""
        if "by_name" in self.__dict__:
            _index(self.by_name, row)


@dataclass
class Register:
    """A package with its tables. Tables as read stay as they are; changes are made in records.

    Attributes:
        package: the package.
        tables: its tables as read.
        contents: path → bytes of each table and of the descriptor, as read.
    """

    package: Package
    tables: dict[str, Table]
    contents: dict[str, bytes] = field(default_factory=dict)
    _records: dict[str, Records] = field(default_factory=dict)

    @classmethod
    def read(cls, package: Package) -> Register:
        """Read all tables of a package; raises PackageError, DataError if one cannot be read."""
        contents = {package.path.name: package.path.read_bytes()}
        tables = {}
        for name, schema in package.schemas.items():
            contents[package.files[name]] = package.read_bytes(name)
            data = csvfile.with_commas(contents[package.files[name]], schema)
            tables[name] = read_table(data, package.files[name], schema)
        return cls(package, tables, contents)

    @classmethod
    @contextmanager
    def opened(cls, path: str | os.PathLike[str] | None, *, to_change: bool) -> Iterator[Register]:
        """Read the tables of a package under its lock: that of a reader, or that of the one who changes it."""
        target = package.find(path)
        with atomic.changing(target.parent) if to_change else atomic.locked(target.parent, shared=True):
            yield cls.read(package.read(target))

    @property
    def version(self) -> str:
        """Version of the data."""
        return str(self.package.descriptor.get("version", ""))

    def records(self, table: str) -> Records:
        """The rows of a table to look up and change; a table that the package does not have is empty."""
        if table not in self._records:
            known = self.tables.get(table)
            self._records[table] = Records(known or Table(Schema(table, "", {"fields": []}), ""))
        return self._records[table]

    def get(self, table: str, *key: str) -> Record | None:
        """The row of a table with this primary key."""
        return self.records(table).by_key.get(key)

    def current(self, table: str, identifier: str) -> Record | None:
        """The row of a table with this identifier, which has one column; a former identifier leads to its successor."""
        passed: set[str] = set()
        while identifier not in passed:
            if row := self.get(table, identifier):
                return row
            passed.add(identifier)
            former = self.get(FORMER, table, identifier)
            identifier = former["successor_id"] if former else identifier
        return None

    def named(self, table: str, name: str) -> list[Record]:
        """The rows of a table that a text means, by identifier, name, short name or alias.

        Args:
            table: a table whose key is one column.
            name: compared without regard to case, accents and punctuation. A former identifier counts, too.
        """
        if row := self.current(table, name):
            return [row]
        if not names.key(name):
            return []
        known = self.records(table).by_name
        found = known.get(names.key(name)) or known.get(names.key(names.bare(name)), [])
        return list(dict.fromkeys(found))

    def free_id(self, table: str, wanted: str) -> str:
        """This identifier, or the first of `-2`, `-3` … that is neither used nor was in a release."""
        identifier, number = wanted, 1
        while self.get(table, identifier) or self.get(FORMER, table, identifier):
            number += 1
            identifier = f"{wanted}-{number}"
        return identifier

    def label(self, table: str, identifier: str) -> str:
        """What people call a record."""
        row: Mapping[str, str] = self.get(table, identifier) or {}
        return row.get("short_name") or row.get("name") or row.get("title") or identifier

    def changed(self) -> dict[str, list[Row]]:
        """The rows of the tables that differ from those that were read."""
        rows = {name: [row.cells for row in records.rows] for name, records in self._records.items()}
        return {name: cells for name, cells in rows.items() if cells != self._records[name].table.rows}

    def having(self, tables: Mapping[str, Iterable[Row]]) -> Register:
        """This register as it was read, but with these rows."""
        others = {name: Table(self.tables[name].schema, self.tables[name].file, list(tables[name])) for name in tables}
        return Register(self.package, {**self.tables, **others}, self.contents)


def read_table(data: bytes, file: str, schema: Schema) -> Table:
    """Read a table's file, with its columns in schema order whatever their order in the file.

    Raises:
        DataError: it is not CSV, its columns are not those of the schema, or its rows are ragged.
    """
    table, issues = csvfile.read_table(data, file, schema)
    return types.accept(table, issues, schema.table, ignored=csvfile.FIXED_BY_FORMAT)


def spellings(row: Mapping[str, str]) -> Sequence[str]:
    """All that a record is called: name, short name, local name and aliases, and the code of a country."""
    single = [row.get(column, "") for column in ("name", "short_name", "name_local", "alpha2")]
    return [name for name in (*single, *row.get("aliases", "").split(";")) if name]


def _index(index: dict[str, list[Record]], row: Record) -> None:
    key = next(iter(row.values()))
    for name in (key, *spellings(row)):
        for spelling in {names.key(name), names.key(names.bare(name))}:
            index.setdefault(spelling, []).append(row)
