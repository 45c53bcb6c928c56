"""An SQLite database: keys, checks of codes, and what the columns mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from evcollab import types
from evcollab.dataset import Dataset
from evcollab.errors import EvcollabError
from evcollab.exports import about
from evcollab.package import Field, Package, Schema


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write an SQLite database: a table per table, and the tables `columns`, `codes` and `about`."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            _write(dataset, connection)
    except sqlite3.IntegrityError as error:
        raise broken(str(error)) from None
    except sqlite3.Error as error:
        raise EvcollabError(f"the database cannot be written: {error}") from error
    return []


def _write(dataset: Dataset, connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    for table, schema in dataset.package.schemas.items():
        connection.execute(_create(schema, dataset.package))
        rows = [list(map(_value, row, schema.fields.values())) for row in about.text_rows(dataset, table)]
        _insert(connection, table, len(schema.fields), rows)
    for table, row, target, _ in connection.execute("PRAGMA foreign_key_check"):
        raise broken(f"row {row} of {table} refers to a row of {target} that is not there")
    facts = [list(fact) for fact in about.facts(dataset).items()]
    made = {
        "columns": (about.COLUMNS, about.columns(dataset)),
        "codes": (about.CODES, about.codes(dataset)),
        "about": (("name", "value"), facts),
    }
    for table, (header, texts) in made.items():
        named = ", ".join(f"{quoted(name)} TEXT NOT NULL" for name in header)
        connection.execute(f"CREATE TABLE {quoted(table)} ({named})")
        _insert(connection, table, len(header), texts)
    connection.execute("COMMIT")
    connection.execute("VACUUM")


def _insert(connection: sqlite3.Connection, table: str, columns: int, rows: Sequence[Sequence[Any]]) -> None:
    connection.executemany(f"INSERT INTO {quoted(table)} VALUES ({', '.join('?' * columns)})", rows)


def _create(schema: Schema, package: Package) -> str:
    """The CREATE TABLE statement of a table."""
    parts = []
    for field in schema.fields.values():
        kind = types.kind_of(field)
        allowed = {"code": [literal(code) for code in field.categories], "boolean": ["0", "1"]}.get(kind)
        check = f" CHECK ({quoted(field.name)} IN ({', '.join(allowed)}))" if allowed else ""
        parts.append(column(schema, field, types.NATIVE[kind].sqlite) + check)
    parts += primary_key(schema)
    for name, (table, target) in schema.foreign_keys.items():
        if table in package.schemas and package.schemas[table].primary_key == [target]:
            parts.append(f"FOREIGN KEY ({quoted(name)}) REFERENCES {quoted(table)} ({quoted(target)})")
    clustered = " WITHOUT ROWID" if len(schema.primary_key) > 1 else ""  # a long key is stored once, not twice
    return f"CREATE TABLE {quoted(schema.table)} (\n  " + ",\n  ".join(parts) + f"\n){clustered}"


def _value(text: str, field: Field) -> Any:
    """What is stored for a text: a number where SQLite has one, else the text as it is written."""
    if text == "":
        return None
    return text if types.NATIVE[types.kind_of(field)].sqlite == "TEXT" else types.parse(text, field)


def column(schema: Schema, field: Field, type: str) -> str:
    """A column in CREATE TABLE."""
    required = field.required or field.name in schema.primary_key
    return f"{quoted(field.name)} {type}{' NOT NULL' if required else ''}"


def primary_key(schema: Schema) -> list[str]:
    """The primary key in CREATE TABLE, if there is one."""
    return [f"PRIMARY KEY ({', '.join(map(quoted, schema.primary_key))})"] if schema.primary_key else []


def broken(what: str) -> EvcollabError:
    """The error of data that do not fit into the tables of their own schema."""
    return EvcollabError(f"the data break a rule of their own schema: {what}; evcollab validate lists all such places")


def quoted(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"
