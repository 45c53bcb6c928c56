"""DuckDB as the engine of validation: the tables of a package as text, and the rules on them as SQL.

Every table is in the schema `file` with all its records. The main schema, which is looked at first, has what a standard
table is where its file will not do: each identifier once, or empty if there is no file. Both have `_line`, the line in
the file, and `_key`, the identifier.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from queue import LifoQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any

from evcollab.errors import MissingExtraError
from evcollab.package import Schema
from evcollab.validation.catalogue import Query, identifier, quoted
from evcollab.validation.macros import macros

if TYPE_CHECKING:
    import duckdb

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",
}
HOLE = re.compile(r"\{([^{}]+?)(!r)?\}")
_PASSES = ("unused_columns", "filter_pushdown")
"""The passes of the optimizer that are worth their time on a small register."""
READ = 5_000
"""So many characters of a cell Python looks at; a longer one is reported for its length."""
_SAMPLE = 10_000
"""In so many rows it shows whether a column of a large table has few distinct texts."""
MOST = 10_000
"""So many findings of one question are looked at."""


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


@dataclass(frozen=True)
class Hit:
    """A row that is wrong: its line, identifier, cell, and what is said of it."""

    line: int
    key: str
    value: str
    message: str


class Engine:
    """A database for one validation. Use it in a `with` statement: it has a folder of its own for its files.

    `is_large`: whether there is a table of which it is worth while to think about how to run a query.
    """

    def __init__(self, is_large: bool = False) -> None:
        try:
            import duckdb
        except ImportError:
            raise MissingExtraError("validating a package", "validate") from None
        self.tables: dict[str, Loaded] = {}
        self._stack = ExitStack()
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="evcollab-")))
        self._database: duckdb.DuckDBPyConnection = duckdb.connect(":memory:", config=_SETTINGS)
        self._stack.callback(self._database.close)
        self._free: LifoQueue[duckdb.DuckDBPyConnection] = LifoQueue()
        self._cursors = [self._database.cursor() for _ in range(2)]
        for cursor in self._cursors:
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

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

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

    def fit(self, asked: Sequence[tuple[str, str]]) -> list[bool]:
        """Tell which texts fit their patterns; none fits one that cannot be run: look-around, references back (RE2).

        No pattern of a stranger takes for ever here.
        """
        import duckdb

        if not asked:
            return []
        try:
            tests = (f"regexp_full_match({quoted(text)}, {quoted(pattern)})" for text, pattern in asked)
            return list(self.run(f"SELECT {', '.join(tests)}")[0])
        except duckdb.Error:
            if len(asked) == 1:
                self.odd_patterns.add(asked[0][1])
                return [False]
            half = len(asked) // 2
            return self.fit(asked[:half]) + self.fit(asked[half:])

    def load_plain(self, data: bytes, file: str, schema: Schema) -> bool:
        """Load the bytes of a plain file, whose record number n is on line n + 1; tell whether that was possible."""
        import duckdb

        copy = self._folder / f"{len(data)}-{id(data)}.csv"
        copy.write_bytes(data)
        names = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in schema.fields)
        kept = ", ".join(quoted(name) for name in schema.fields)
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

    def drop(self, table: str) -> None:
        """Forget a table."""
        del self.tables[table]
        kind, raw = ("VIEW", identifier("file " + table)) if self.is_large else ("TABLE", "")
        self.run(f"DROP {kind} file.{identifier(table)}" + (f"; DROP TABLE file.{raw}" if raw else ""))

    def _create(self, loaded: Loaded, line: str, source: str, values: Sequence[Any] | None = None) -> None:
        """Make a table in the schema `file`: at once, or as a view of its columns, which needs less memory."""
        schema = loaded.schema
        key = ", ".join(identifier(name) for name in schema.primary_key)
        key = key if len(schema.primary_key) == 1 else f"concat_ws('|', {key})" if key else "''"
        columns = ", ".join(identifier(name) for name in schema.fields)
        kind = "TABLE"
        if self.is_large:
            raw = f"file.{identifier('file ' + schema.table)}"
            self.run(f"CREATE TABLE {raw} AS SELECT * FROM {source}", values)
            kind, source, values = "VIEW", raw, None
        asked = f"SELECT {columns}, {line} AS _line, {key} AS _key FROM {source}"
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

    def answer(self, queries: Iterable[Query]) -> Iterator[tuple[int, list[Hit]]]:
        """The rows that questions find, with the number of the question; questions on one source are asked at once."""
        asked = list(enumerate(queries))
        repetitive = self._repetitive(
            {(query.table, query.column) for _, query in asked if query.alone and query.table in self.tables}
        )
        alone: list[tuple[int, Query]] = []
        others: list[tuple[int, Query]] = []
        for number, query in asked:
            is_alone = query.alone and (query.table, query.column) in repetitive
            (alone if is_alone else others).append((number, query))
        with ThreadPoolExecutor(2) as pool:
            promising = pool.submit(self._promising, alone)
            found = [pool.map(self._answer_on, *_by_source(others))]
            found.append(pool.map(self._answer_on, *_by_source(promising.result())))
            for hits in chain.from_iterable(found):
                yield from hits

    def _repetitive(self, places: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """The columns of which it is worth while to look at distinct texts: in large tables those with few of them."""
        if not self.is_large:
            return places
        columns: defaultdict[str, list[str]] = defaultdict(list)
        for table, column in places:
            columns[table].append(column)
        found = set()
        for table, names in columns.items():
            few = ", ".join(f"4 * approx_count_distinct({identifier(name)}) < count(*)" for name in names)
            [worth] = self.run(f"SELECT {few} FROM (FROM file.{identifier(table)} LIMIT {_SAMPLE})")
            found |= {(table, name) for name, is_worth in zip(names, worth, strict=True) if is_worth}
        return found

    def _promising(self, asked: list[tuple[int, Query]]) -> list[tuple[int, Query]]:
        """The questions on cells alone that some text answers: each distinct text is looked at once."""
        places: dict[tuple[str, str], int] = {}
        conditions: defaultdict[str, set[int]] = defaultdict(set)
        for _, query in asked:
            place = places.setdefault((query.table, query.column), len(places))
            conditions[_of_text(query)].add(place)
        found = self._texts(places, conditions)

        def may_hit(query: Query) -> bool:
            texts = found.get((places[query.table, query.column], _of_text(query)), ())
            return any(query.keep is None or query.on or query.keep(text[:READ]) for text in texts)

        return [(number, query) for number, query in asked if may_hit(query)]

    def _texts(
        self, places: Mapping[tuple[str, str], int], conditions: Mapping[str, set[int]]
    ) -> dict[tuple[int, str], list[str]]:
        """The texts of the columns at some places that meet the conditions which are asked there."""
        columns: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for (table, column), place in places.items():
            columns[table][identifier(column)] = place
        if self.is_large:
            distinct = " UNION ALL ".join(
                f"SELECT DISTINCT {name} AS text, {place} AS place FROM file.{identifier(table)}"
                for table, of_table in columns.items()
                for name, place in of_table.items()
            )
        else:  # one scan of each table, not of each column
            texts = " UNION ALL ".join(
                f"SELECT unnest([{', '.join(named)}]), unnest({list(named.values())}) FROM file.{identifier(table)}"
                for table, named in columns.items()
            )
            distinct = f"SELECT DISTINCT * FROM ({texts}) t(text, place)"
        listed = list(conditions)
        asked = []
        for number, wanted in enumerate(conditions.values()):
            bits = "".join("1" if place in wanted else "0" for place in range(len(places)))
            here = f"place = {min(wanted)}" if len(wanted) == 1 else f"get_bit('{bits}'::BIT, place) = 1"
            asked.append(
                f"SELECT {number}, place, text FROM derived.texts WHERE CASE WHEN {here} THEN {listed[number]} END"
            )
        met: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        if asked:
            self.run(f"CREATE OR REPLACE TABLE derived.texts AS {distinct}")
        for number, place, text in self.run(" UNION ALL ".join(asked)) if asked else ():
            met[place, listed[number]].append(text)
        return met

    def _answer_on(self, source: str, asked: list[tuple[int, Query]]) -> list[tuple[int, list[Hit]]]:
        if len(asked) > 1:
            counts = ", ".join(f"count(CASE WHEN {query.where} THEN 1 END)" for _, query in asked)
            found = self.run(f"SELECT {counts} FROM {source}")[0]
            asked = [one for one, count in zip(asked, found, strict=True) if count]
        return [(number, hits) for number, query in asked if (hits := self._hits(query, source))]

    def _hits(self, query: Query, source: str) -> list[Hit]:
        holes = [(match[1], bool(match[2])) for match in HOLE.finditer(query.message)]
        cell = f"t.{identifier(query.column)}"
        on = query.on or ((cell,) if query.keep else ())
        wanted = ["t._line", "t._key", cell, *on, *(expression for expression, _ in holes)]
        limit = "" if query.keep else f" LIMIT {MOST}"
        verdicts: dict[tuple[Any, ...], bool] = {}
        hits: list[Hit] = []
        for line, key, value, *more in self.run(f"SELECT {', '.join(wanted)} FROM {source} WHERE {query.where}{limit}"):
            given = tuple(more[: len(on)])
            if query.keep is not None:
                if given not in verdicts:
                    verdicts[given] = query.keep(*(text[:READ] if isinstance(text, str) else text for text in given))
                if not verdicts[given]:
                    continue
            shown = [
                repr(said) if quote else str(said) for said, (_, quote) in zip(more[len(on) :], holes, strict=True)
            ]
            message = query.say(self.ask, *given) if query.say else _filled(query.message, shown)
            hits.append(Hit(line, key, value, message))
            if len(hits) == MOST:
                break
        return hits


def _by_source(asked: list[tuple[int, Query]]) -> tuple[Iterable[str], Iterable[list[tuple[int, Query]]]]:
    grouped: defaultdict[str, list[tuple[int, Query]]] = defaultdict(list)
    for number, query in asked:
        grouped[query.source or f"{query.table} t"].append((number, query))
    return grouped.keys(), grouped.values()


def _of_text(query: Query) -> str:
    """The condition of a question on a cell alone, on `text` in its stead."""
    return query.where.replace(f"t.{identifier(query.column)}", "text")


def _filled(message: str, shown: list[str]) -> str:
    values = iter(shown)
    return HOLE.sub(lambda _: next(values), message)
