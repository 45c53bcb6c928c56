"""An SQLite database: keys, checks of codes, and what the columns mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcollab import types
from evcollab.errors import EvcollabError
from evcollab.exports import about
from evcollab.package import Field, Package, Schema

if TYPE_CHECKING:
    import sqlite3

    from evcollab.dataset import Dataset


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write an SQLite database: a table per table, and the tables `columns`, `codes` and `about`."""
    import sqlite3
    from contextlib import closing

    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            _write(dataset, connection)
    except sqlite3.IntegrityError as error:
        raise _broken(str(error)) from None
    except sqlite3.Error as error:
        raise EvcollabError(f"the database cannot be written: {error}") from error
    return []


def _write(dataset: Dataset, connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    for table, schema in dataset.package.schemas.items():
        connection.execute(_create(schema, dataset.package))
        place = ", ".join("?" * len(schema.fields))
        rows = [_values(row, schema) for row in about.text_rows(dataset, table)]
        connection.executemany(f"INSERT INTO {quoted(table)} VALUES ({place})", rows)
    for table, row, target, _ in connection.execute("PRAGMA foreign_key_check"):
        raise _broken(f"row {row} of {table} refers to a row of {target} that is not there")
    _document(connection, "columns", about.COLUMNS, about.columns(dataset))
    _document(connection, "codes", about.CODES, about.codes(dataset))
    _document(connection, "about", ("name", "value"), [list(fact) for fact in about.facts(dataset).items()])
    connection.execute("COMMIT")
    connection.execute("VACUUM")


def _create(schema: Schema, package: Package) -> str:
    """The CREATE TABLE statement of a table."""
    parts = []
    for field in schema.fields.values():
        kind = types.kind_of(field)
        words = [quoted(field.name), types.NATIVE[kind].sqlite]
        if field.required or field.name in schema.primary_key:
            words.append("NOT NULL")
        if kind == "code":
            codes = ", ".join(literal(code) for code in field.categories)
            words.append(f"CHECK ({quoted(field.name)} IN ({codes}))")
        if kind == "boolean":
            words.append(f"CHECK ({quoted(field.name)} IN (0, 1))")
        parts.append(" ".join(words))
    if schema.primary_key:
        parts.append(f"PRIMARY KEY ({', '.join(map(quoted, schema.primary_key))})")
    for column, (table, target) in schema.foreign_keys.items():
        if table in package.schemas and package.schemas[table].primary_key == [target]:
            parts.append(f"FOREIGN KEY ({quoted(column)}) REFERENCES {quoted(table)} ({quoted(target)})")
    clustered = " WITHOUT ROWID" if len(schema.primary_key) > 1 else ""  # a long key is stored once, not twice
    return f"CREATE TABLE {quoted(schema.table)} (\n  " + ",\n  ".join(parts) + f"\n){clustered}"


def _values(row: Sequence[str], schema: Schema) -> list[Any]:
    return [_value(text, field) for text, field in zip(row, schema.fields.values(), strict=True)]


def _value(text: str, field: Field) -> Any:
    """What is stored for a text: a number where SQLite has one, else the text as it is written."""
    if text == "":
        return None
    return text if types.NATIVE[types.kind_of(field)].sqlite == "TEXT" else types.parse(text, field)


def _document(connection: sqlite3.Connection, table: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    named = ", ".join(f"{quoted(name)} TEXT NOT NULL" for name in header)
    connection.execute(f"CREATE TABLE {quoted(table)} ({named})")
    connection.executemany(f"INSERT INTO {quoted(table)} VALUES ({', '.join('?' * len(header))})", rows)


def _broken(what: str) -> EvcollabError:
    return EvcollabError(f"the data break a rule of their own schema: {what}; evcollab validate lists all such places")


def quoted(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"
