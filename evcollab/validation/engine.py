"""DuckDB as the engine of validation: the tables of a package as text, and the rules on them as SQL.

Every table is in the schema `file` with all its records. The main schema, which is looked at first, has what a standard
table is where its file will not do: each identifier once, or empty if there is no file. Both have `_line`, the line in
the file, and `_key`, the identifier.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import LifoQueue
from threading import get_ident
from typing import TYPE_CHECKING, Any

from evcollab.errors import needed
from evcollab.package import Schema
from evcollab.validation.catalogue import identifier, key_of, quoted
from evcollab.validation.macros import macros

if TYPE_CHECKING:
    import duckdb

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",
}
_PASSES = ("unused_columns", "filter_pushdown")
"""The passes of the optimizer that are worth their time on a small register."""


@dataclass(frozen=True)
class Loaded:
    """A table in the engine.

    Attributes:
        schema: what its columns are.
        file: its file, relative to the package.
        complete: whether every record of the file is there.
    """

    schema: Schema
    file: str
    complete: bool = True


class Engine(ExitStack):
    """A database for one validation. Use it in a `with` statement: it has a folder of its own for its files.

    `is_large`: whether there is a table of which it is worth while to think about how to run a query.
    """

    def __init__(self, is_large: bool = False) -> None:
        connect = needed("duckdb", "validating a package", "validate").connect
        super().__init__()
        self.tables: dict[str, Loaded] = {}
        self._folder = Path(self.enter_context(tempfile.TemporaryDirectory(prefix="evcollab-")))
        database: duckdb.DuckDBPyConnection = self.enter_context(connect(":memory:", config=_SETTINGS))
        self._free: LifoQueue[duckdb.DuckDBPyConnection] = LifoQueue()
        for cursor in (database.cursor(), database.cursor()):
            cursor.execute("CREATE SCHEMA IF NOT EXISTS file; SET search_path = 'main,file'")
            self._free.put(cursor)
        self.is_large = is_large
        self.odd_patterns: set[str] = set()
        """The patterns that `fit` could not run."""
        if is_large:
            self.run("SET threads = 2")
        else:
            known = self.ask("SELECT name FROM duckdb_optimizers()")
            self.run(f"SET disabled_optimizers = '{','.join(name for name in known if name not in _PASSES)}'")
        self.run("CREATE SCHEMA derived")

    def run(self, sql: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Run statements; return the rows of the last one."""
        cursor = self._free.get()
        try:
            return cursor.execute(sql, values).fetchall()
        finally:
            self._free.put(cursor)

    def ask(self, sql: str) -> list[Any]:
        """The first column of a question's rows."""
        return [row[0] for row in self.run(sql)]

    def load_plain(self, data: bytes, file: str, schema: Schema) -> bool:
        """Load the bytes of a clean file, whose record number n is on line n + 1; tell whether that was possible.

        It is if its rows are in order: the byte layer would find nothing in it.
        """
        import duckdb

        if not schema.primary_key:
            return False
        copy = self._folder / f"{get_ident()}.csv"
        copy.write_bytes(data)
        names = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in schema.fields)
        kept = ", ".join(map(quoted, schema.fields))
        options = (
            f"columns = {{{names}}}, force_not_null = [{kept}], auto_detect = false, header = true, delim = ',', "
            "quote = '\"', escape = '\"', new_line = '\\n', strict_mode = true, compression = 'none', "
            "max_line_size = 20000000"
        )
        try:
            line = "rowid + 2" if self.is_large else "row_number() OVER () + 1"
            self._create(Loaded(schema, file), line, f"read_csv({quoted(str(copy))}, {options})")
        except duckdb.Error:
            return False
        finally:
            copy.unlink()
        parts = ", ".join(map(identifier, schema.primary_key))
        key = f"row({parts})" if len(schema.primary_key) > 1 else parts
        in_order = f"SELECT {key} AS k, lag(k) OVER () AS before FROM file.{identifier(schema.table)}"
        if self.ask(f"SELECT count(*) FROM ({in_order}) WHERE NOT k > before")[0]:
            self._drop(schema.table)
            return False
        return True

    def load_rows(
        self, file: str, schema: Schema, rows: Sequence[Sequence[str]], lines: Sequence[int], complete: bool
    ) -> None:
        """Load records that were read with care."""
        cells = list(zip(*rows, strict=True)) if rows else [()] * len(schema.fields)
        picked = "".join(
            f", unnest(${number}::VARCHAR[]) AS {identifier(name)}" for number, name in enumerate(schema.fields, 2)
        )
        safe = [[text.encode("utf-8", "replace").decode() for text in column] for column in cells]
        source = f"(SELECT unnest($1::BIGINT[]) AS _at{picked})"
        self._create(Loaded(schema, file, complete), "_at", source, [list(lines), *safe])

    def _drop(self, table: str) -> None:
        del self.tables[table]
        kind, raw = ("VIEW", identifier("file " + table)) if self.is_large else ("TABLE", "")
        self.run(f"DROP {kind} file.{identifier(table)}" + (f"; DROP TABLE file.{raw}" if raw else ""))

    def _create(self, loaded: Loaded, line: str, source: str, values: Sequence[Any] | None = None) -> None:
        """Make a table in the schema `file`: at once, or as a view of its columns, which needs less memory."""
        schema, kind = loaded.schema, "TABLE"
        if self.is_large:
            raw = f"file.{identifier('file ' + schema.table)}"
            self.run(f"CREATE TABLE {raw} AS SELECT * FROM {source}", values)
            kind, source, values = "VIEW", raw, None
        columns = ", ".join(map(identifier, schema.fields))
        asked = f"SELECT {columns}, {line} AS _line, {key_of(schema)} AS _key FROM {source}"
        self.run(f"CREATE {kind} file.{identifier(schema.table)} AS {asked}", values)
        self.tables[schema.table] = loaded

    def standard(
        self,
        schemas: Mapping[str, Schema],
        today: dt.date,
        name: str,
        unique: Container[str] = (),
        absent: Iterable[str] = (),
    ) -> None:
        """Make the views of the standard tables, the macros, and lock the engine: it opens no file any more.

        The identifiers of the tables in `unique` are known to be unique; those in `absent` are not in the package.
        """
        there = [table for table in schemas if table in self.tables and table not in unique]
        for table in schemas.keys() - self.tables.keys():
            columns = ", ".join(f"'' AS {identifier(name)}" for name in schemas[table].fields)
            self.run(f"CREATE VIEW main.{table} AS SELECT {columns}, 0 AS _line, '' AS _key WHERE false")
        repeated = " UNION ALL ".join(
            f"SELECT '{table}' FROM file.{table} HAVING count(*) <> count(DISTINCT _key)" for table in there
        )
        for table in self.ask(repeated) if there else ():
            order = ", ".join(identifier(name) for name in sorted(schemas[table].fields))
            self.run(
                f"CREATE TABLE main.{table} AS SELECT * FROM file.{table} "
                f"QUALIFY row_number() OVER (PARTITION BY _key ORDER BY {order}) = 1"
            )
        loaded = ((table, loaded.file, loaded.complete) for table, loaded in self.tables.items())
        self.fill("tables", "name VARCHAR, file VARCHAR, complete BOOLEAN", loaded)
        self.run(macros(today, schemas, name, absent))
        self.run("SET enable_external_access = false; SET lock_configuration = true")

    def fill(self, table: str, columns: str, rows: Iterable[Sequence[str | int | None]]) -> None:
        """Append rows to a derived table; its columns are given as in `name VARCHAR, position BIGINT`."""
        self.run(f"CREATE TABLE IF NOT EXISTS derived.{table} ({columns})")
        listed = list(zip(*rows, strict=True))
        if listed:
            kinds = [column.split()[1] for column in columns.split(", ")]
            picked = ", ".join(f"unnest(${number}::{kind}[])" for number, kind in enumerate(kinds, 1))
            self.run(f"INSERT INTO derived.{table} SELECT {picked}", [list(column) for column in listed])
