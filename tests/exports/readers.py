"""Each format read back by its own reader, as rows of text in the notation of the CSV files."""

from __future__ import annotations

import asyncio
import csv
import io
import sqlite3
import zipfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import duckdb
import httpx
import mlcroissant
import openpyxl
import pyarrow.parquet as pq
from datasette.app import Datasette
from openpyxl.utils.escape import unescape

import evcollab
from evcollab import types
from evcollab.package import Field, Schema

Rows = list[list[str]]
LENGTH = {"year": 4, "month": 7, "day": 10}


def expected(dataset: evcollab.Dataset) -> dict[str, Rows]:
    """The tables as text."""
    return {table: types.to_text(dataset[table], dataset.package.schema(table)) for table in dataset.tables}


def written(value: Any, field: Field, precision: str | None = None) -> str:
    """A native value as text, written out without the library's own functions."""
    if value is None:
        return ""
    kind = types.kind_of(field)
    if kind == "partial_date":
        return str(value.isoformat()[: LENGTH[str(precision)]])
    if kind == "date":
        return str(value.isoformat()[:10])
    if kind == "list":
        return str(field.delimiter).join(value)
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "number":
        return f"{Decimal(repr(float(value))).normalize():f}"
    if kind == "integer":
        assert value == int(value)
        return str(int(value))
    assert isinstance(value, str)
    return value


def native(records: Iterable[dict[str, Any]], schema: Schema) -> Rows:
    """Records with a second column for the precision of a partial date."""
    return [
        [written(record[name], field, record.get(f"{name}_precision")) for name, field in schema.fields.items()]
        for record in records
    ]


def parquet(path: Path, dataset: evcollab.Dataset) -> dict[str, Rows]:
    return {
        table: native(pq.read_table(path / f"{table}.parquet").to_pylist(), schema)
        for table, schema in dataset.package.schemas.items()
    }


def read_duckdb(path: Path, dataset: evcollab.Dataset) -> dict[str, Rows]:
    tables = {}
    with duckdb.connect(path, read_only=True) as connection:
        for table, schema in dataset.package.schemas.items():
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            tables[table] = native((dict(zip(names, row, strict=True)) for row in cursor.fetchall()), schema)
    return tables


def sqlite(path: Path, dataset: evcollab.Dataset) -> dict[str, Rows]:
    connection = sqlite3.connect(path)

    def ask(sql: str) -> tuple[list[str], list[Any]]:
        cursor = connection.execute(sql)
        return [column[0] for column in cursor.description], cursor.fetchall()

    tables = {table: stored(ask, schema) for table, schema in dataset.package.schemas.items()}
    connection.close()
    return tables


def stored(ask: Callable[[str], tuple[list[str], list[Any]]], schema: Schema) -> Rows:
    """The rows of a table of an SQLite database in the order in which they were written."""
    order = ", ".join(schema.primary_key) if len(schema.primary_key) > 1 else "rowid"
    header, rows = ask(f'SELECT * FROM "{schema.table}" ORDER BY {order}')
    assert header == list(schema.fields)
    return [
        [
            value if isinstance(value, str) else written(value, field)
            for value, field in zip(row, schema.fields.values(), strict=True)
        ]
        for row in rows
    ]


def served(folder: Path, *addresses: str) -> list[httpx.Response]:
    """What Datasette answers when it serves a folder."""
    # Time to count facets on a slow machine; no threads, which would outlive the test.
    limits = {"max_returned_rows": 100_000, "facet_time_limit_ms": 10_000, "sql_time_limit_ms": 10_000}

    async def ask() -> list[httpx.Response]:
        server = Datasette(config_dir=folder, settings={**limits, "num_sql_threads": 0})
        return [await server.client.get(address) for address in addresses]

    with ThreadPoolExecutor(1) as apart:  # a loop of events may run in this thread already
        return apart.submit(lambda: asyncio.run(ask())).result()


def datasette(path: Path, dataset: evcollab.Dataset) -> dict[str, Rows]:
    [database] = [file.stem for file in path.glob("*.db")]

    def ask(sql: str) -> tuple[list[str], list[Any]]:
        [answer] = served(path, f"/{database}.json?{urlencode({'sql': sql})}")
        found = answer.json()
        assert not found["truncated"]
        return found["columns"], found["rows"]

    return {table: stored(ask, schema) for table, schema in dataset.package.schemas.items()}


def xlsx(path: Path, dataset: evcollab.Dataset) -> dict[str, Rows]:
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    tables = {}
    for table, schema in dataset.package.schemas.items():
        header, *rows = book[table].iter_rows(values_only=True)
        assert list(header) == list(schema.fields)
        tables[table] = [
            [
                unescape(value) if isinstance(value, str) else written(value, field)
                for value, field in zip(row, schema.fields.values(), strict=True)
            ]
            for row in rows
        ]
    return tables


def archive(path: Path, dataset: evcollab.Dataset) -> dict[str, Rows]:
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        return {
            table: list(csv.reader(io.StringIO(packed.read(file).decode(), newline="")))[1:]
            for table, file in dataset.package.files.items()
        }


def croissant(path: Path, dataset: evcollab.Dataset) -> dict[str, Rows]:
    described = mlcroissant.Dataset(path / "croissant.json")
    assert not described.metadata.ctx.issues.errors
    assert not described.metadata.ctx.issues.warnings
    return {
        table: native((_plain(record, table) for record in described.records(table)), schema)
        for table, schema in dataset.package.schemas.items()
    }


def _plain(record: dict[str, Any], table: str) -> dict[str, Any]:
    """A record of mlcroissant with text for bytes, and None for what is missing."""

    def value(found: Any) -> Any:
        if isinstance(found, list):
            return [value(item) for item in found]
        if isinstance(found, bytes):
            return found.decode()
        return None if found is None or found != found else found

    return {name.removeprefix(f"{table}/"): value(found) for name, found in record.items()}


READERS: dict[str, Callable[[Path, evcollab.Dataset], dict[str, Rows]]] = {
    "croissant": croissant,
    "datasette": datasette,
    "duckdb": read_duckdb,
    "parquet": parquet,
    "sqlite": sqlite,
    "xlsx": xlsx,
    "zip": archive,
}
"""The formats that hold all tables."""
