"""A DuckDB database: native types, keys, and comments on tables and columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evcollab import dates, types
from evcollab.errors import EvcollabError, MissingExtraError
from evcollab.exports import about, parquet
from evcollab.package import Field, Schema

if TYPE_CHECKING:
    from evcollab.dataset import Dataset

_STORED: dict[types.Kind, str] = {
    "text": "VARCHAR",
    "list": "VARCHAR[]",
    "partial_date": "DATE",
    "date": "DATE",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a DuckDB database: a table per table, and the table `about`."""
    try:
        import duckdb
    except ImportError:
        raise MissingExtraError("the export to DuckDB", "export") from None
    with duckdb.connect(path) as connection:
        for table, schema in dataset.package.schemas.items():
            connection.execute(_create(schema))
            connection.register("arrow", parquet.to_arrow(dataset, table))
            try:
                connection.execute(f"INSERT INTO {_quoted(table)} SELECT * FROM arrow")
            except duckdb.ConstraintException as error:
                raise EvcollabError(
                    f"the data break a rule of their own schema, in {table}: {error}; "
                    "evcollab validate lists all such places"
                ) from None
            connection.unregister("arrow")
            connection.execute(f"COMMENT ON TABLE {_quoted(table)} IS {_literal(schema.spec.get('description', ''))}")
            for field in schema.fields.values():
                column = f"{_quoted(table)}.{_quoted(field.name)}"
                connection.execute(f"COMMENT ON COLUMN {column} IS {_literal(field.description)}")
        connection.execute("CREATE TABLE about (name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
        connection.executemany("INSERT INTO about VALUES (?, ?)", [list(fact) for fact in about.facts(dataset).items()])
    return []


def _create(schema: Schema) -> str:
    parts = []
    for field in schema.fields.values():
        required = " NOT NULL" if field.required or field.name in schema.primary_key else ""
        parts.append(f"{_quoted(field.name)} {_type(field)}{required}")
        if types.kind_of(field) == "partial_date":
            parts.append(f"{_quoted(field.name + types.PRECISION)} {_enum(list(dates.PRECISIONS))}")
    if schema.primary_key:
        parts.append(f"PRIMARY KEY ({', '.join(map(_quoted, schema.primary_key))})")
    return f"CREATE TABLE {_quoted(schema.table)} ({', '.join(parts)})"


def _type(field: Field) -> str:
    kind = types.kind_of(field)
    return _enum(list(field.categories)) if kind == "code" else _STORED[kind]


def _enum(codes: list[str]) -> str:
    return f"ENUM ({', '.join(map(_literal, codes))})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
