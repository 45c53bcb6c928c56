"""An SQLite database: keys, checks of codes, and what the columns mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcollab import types
from evcollab.errors import EvcollabError
from evcollab.exports import about
from evcollab.package import Field, Package, Schema

if TYPE_CHECKING:
    from evcollab.dataset import Dataset

_STORED: dict[types.Kind, tuple[str, Callable[[str, Field], Any]]] = {
    "integer": ("INTEGER", types.parse),
    "number": ("REAL", types.parse),
    "boolean": ("INTEGER", lambda text, field: int(types.parse(text, field))),
}
"""Kind of a column → its SQLite type, and what is stored for a text. All others are stored as they are written."""


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write an SQLite database: a table per table, and the tables `columns`, `codes` and `about`."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for table, schema in dataset.package.schemas.items():
            connection.execute(create(schema, dataset.package))
            place = ", ".join("?" * len(schema.fields))
            for number, row in enumerate(about.text_rows(dataset, table), 1):
                try:
                    connection.execute(f"INSERT INTO {_quoted(table)} VALUES ({place})", _values(row, schema))
                except sqlite3.IntegrityError as error:
                    raise _broken(f"row {number} of {table}: {error}") from None
        for broken in connection.execute("PRAGMA foreign_key_check"):
            raise _broken(f"row {broken[1]} of {broken[0]} refers to a row of {broken[2]} that is not there")
        _document(connection, "columns", about.COLUMNS, about.columns(dataset))
        _document(connection, "codes", about.CODES, about.codes(dataset))
        _document(connection, "about", ("name", "value"), [list(fact) for fact in about.facts(dataset).items()])
        connection.execute("COMMIT")
        connection.execute("VACUUM")
    return []


def create(schema: Schema, package: Package) -> str:
    """The CREATE TABLE statement of a table."""
    parts = []
    for field in schema.fields.values():
        kind = types.kind_of(field)
        words = [_quoted(field.name), _STORED.get(kind, ("TEXT", None))[0]]
        if field.required or field.name in schema.primary_key:
            words.append("NOT NULL")
        if kind == "code":
            codes = ", ".join(_literal(code) for code in field.categories)
            words.append(f"CHECK ({_quoted(field.name)} IN ({codes}))")
        if kind == "boolean":
            words.append(f"CHECK ({_quoted(field.name)} IN (0, 1))")
        parts.append(" ".join(words))
    if schema.primary_key:
        parts.append(f"PRIMARY KEY ({', '.join(map(_quoted, schema.primary_key))})")
    for column, (table, target) in schema.foreign_keys.items():
        if table in package.schemas and package.schemas[table].primary_key == [target]:
            parts.append(f"FOREIGN KEY ({_quoted(column)}) REFERENCES {_quoted(table)} ({_quoted(target)})")
    return f"CREATE TABLE {_quoted(schema.table)} (\n  " + ",\n  ".join(parts) + "\n)"


def _values(row: Sequence[str], schema: Schema) -> list[Any]:
    return [
        None if text == "" else _STORED[kind][1](text, field) if (kind := types.kind_of(field)) in _STORED else text
        for text, field in zip(row, schema.fields.values(), strict=True)
    ]


def _document(connection: Any, table: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    named = ", ".join(f"{_quoted(name)} TEXT NOT NULL" for name in header)
    connection.execute(f"CREATE TABLE {_quoted(table)} ({named})")
    connection.executemany(f"INSERT INTO {_quoted(table)} VALUES ({', '.join('?' * len(header))})", rows)


def _broken(what: str) -> EvcollabError:
    return EvcollabError(f"the data break a rule of their own schema: {what}; evcollab validate lists all such places")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
