"""A DuckDB database: native types, keys, and comments on tables and columns."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from evcollab import dates, types
from evcollab.dataset import Dataset
from evcollab.errors import EvcollabError, needed
from evcollab.exports import about
from evcollab.exports.sqlite import broken, column, literal, primary_key, quoted
from evcollab.package import Schema

if TYPE_CHECKING:
    import duckdb


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a DuckDB database: a table per table, and the table `about`."""
    duckdb = needed("duckdb", "the export to DuckDB", "export")
    try:
        with duckdb.connect(path) as connection:
            _write(dataset, connection)
    except duckdb.ConstraintException as error:
        raise broken(str(error)) from None
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
            name = f"{quoted(table)}.{quoted(field.name)}"
            connection.execute(f"COMMENT ON COLUMN {name} IS {literal(field.description)}")
    connection.execute("CREATE TABLE about (name VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
    connection.executemany("INSERT INTO about VALUES (?, ?)", [list(fact) for fact in about.facts(dataset).items()])


def _create(schema: Schema) -> str:
    """The CREATE TABLE statement of a table."""
    parts = []
    for field in schema.fields.values():
        kind = types.kind_of(field)
        parts.append(column(schema, field, _enum(field.categories) if kind == "code" else types.NATIVE[kind].duckdb))
        if kind == "partial_date":
            parts.append(f"{quoted(field.name + types.PRECISION)} {_enum(dates.PRECISIONS)}")
    return f"CREATE TABLE {quoted(schema.table)} ({', '.join(parts + primary_key(schema))})"


def _enum(codes: Iterable[str]) -> str:
    return f"ENUM ({', '.join(map(literal, codes))})"
