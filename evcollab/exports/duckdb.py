"""A DuckDB database: native types, keys, and comments on tables and columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evcollab import dates, types
from evcollab.errors import EvcollabError, MissingExtraError
from evcollab.exports import about
from evcollab.exports.sqlite import literal, quoted
from evcollab.package import Field, Schema

if TYPE_CHECKING:
    import duckdb

    from evcollab.dataset import Dataset


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a DuckDB database: a table per table, and the table `about`."""
    try:
        import duckdb
    except ImportError:
        raise MissingExtraError("the export to DuckDB", "export") from None
    try:
        with duckdb.connect(path) as connection:
            _write(dataset, connection)
    except duckdb.ConstraintException as error:
        raise EvcollabError(
            f"the data break a rule of their own schema: {error}; evcollab validate lists all such places"
        ) from None
    except duckdb.Error as error:
        raise EvcollabError(f"the database cannot be written: {error}") from error
    return []


def _write(dataset: Dataset, connection: duckdb.DuckDBPyConnection) -> None:
    for table, schema in dataset.package.schemas.items():
        connection.execute(_create(schema))
        connection.register("arrow", dataset.to_arrow(table))
        connection.execute(f"INSERT INTO {quoted(table)} SELECT * FROM arrow")
        connection.unregister("arrow")
        connection.execute(f"COMMENT ON TABLE {quoted(table)} IS {literal(schema.spec.get('description', ''))}")
        for field in schema.fields.values():
            column = f"{quoted(table)}.{quoted(field.name)}"
            connection.execute(f"COMMENT ON COLUMN {column} IS {literal(field.description)}")
    connection.execute("CREATE TABLE about (name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
    connection.executemany("INSERT INTO about VALUES (?, ?)", [list(fact) for fact in about.facts(dataset).items()])


def _create(schema: Schema) -> str:
    parts = []
    for field in schema.fields.values():
        required = " NOT NULL" if field.required or field.name in schema.primary_key else ""
        parts.append(f"{quoted(field.name)} {_type(field)}{required}")
        if types.kind_of(field) == "partial_date":
            parts.append(f"{quoted(field.name + types.PRECISION)} {_enum(list(dates.PRECISIONS))}")
    if schema.primary_key:
        parts.append(f"PRIMARY KEY ({', '.join(map(quoted, schema.primary_key))})")
    return f"CREATE TABLE {quoted(schema.table)} ({', '.join(parts)})"


def _type(field: Field) -> str:
    kind = types.kind_of(field)
    return _enum(list(field.categories)) if kind == "code" else types.NATIVE[kind].duckdb


def _enum(codes: list[str]) -> str:
    return f"ENUM ({', '.join(map(literal, codes))})"
