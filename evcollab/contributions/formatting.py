"""Canonical form of a package: the clerical work that nobody should have to do by hand."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping
from typing import Any

from evcollab import atomic, csvfile, package
from evcollab.errors import BadCell, DataError
from evcollab.package import Package, Schema

Rows = list[list[str]]


def format_package(path: str | os.PathLike[str] | None = None, *, check: bool = False) -> list[str]:
    """Bring a package into canonical form, or tell what is not.

    Every table becomes UTF-8 (NFC) without a byte order mark, comma-separated with LF and minimal quoting, its
    columns in schema order, its cells trimmed, its rows sorted by primary key. The descriptor then gets the
    byte size, sha256 and row count of each table. No record and no value is dropped.

    Args:
        path: the package, as for `load`.
        check: only tell, write nothing.

    Returns:
        The files that were (or, with `check`, would be) changed, relative to the package.

    Raises:
        PackageError: the package cannot be read.
        DataError: a table is not CSV, its columns are not those of the schema, or its rows are ragged.
    """
    source = package.read(path)
    tables = {table: canonical(read_rows(source, table), schema) for table, schema in source.schemas.items()}
    changes = files_for(source, tables)
    if not check:
        atomic.replace_files(source.root, changes)
    return list(changes)


def files_for(source: Package, tables: Mapping[str, Rows]) -> dict[str, bytes]:
    """The files that differ from those on disk if these (canonical) rows are to be the package's tables."""
    wanted: dict[str, bytes] = {}
    descriptor = json.loads(json.dumps(source.descriptor))
    for resource in descriptor["resources"]:
        schema = source.schemas[resource["name"]]
        if resource["name"] in tables:
            data = csvfile.write(list(schema.fields), tables[schema.table]).encode("utf-8")
            wanted[resource["path"]] = data
            resource["bytes"] = len(data)
            resource["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
            resource["rows"] = len(tables[schema.table])
    wanted[source.path.name] = descriptor_bytes(descriptor)
    return {file: data for file, data in wanted.items() if (source.root / file).read_bytes() != data}


def descriptor_bytes(descriptor: Mapping[str, Any]) -> bytes:
    """A descriptor in canonical form."""
    return (json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def canonical(rows: Rows, schema: Schema) -> Rows:
    """The rows of a table in canonical form: cells in NFC and trimmed, rows sorted by primary key."""
    columns = list(schema.fields)
    key = [columns.index(name) for name in schema.primary_key]
    tidy = [[tidy_text(cell) for cell in row] for row in rows]
    return sorted(tidy, key=lambda row: ([row[number] for number in key], row))


def tidy_text(text: str) -> str:
    """A cell's text in NFC, with every run of white space or line breaks as one space, and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def read_rows(source: Package, table: str) -> Rows:
    """The rows of a table as text, with its columns in schema order whatever their order in the file."""
    schema = source.schemas[table]
    text = csvfile.read(source.read_bytes(table).removeprefix(b"\xef\xbb\xbf"), source.files[table], table)
    columns = list(schema.fields)
    header = [tidy_text(name) for name in text.header]
    if sorted(header) != sorted(columns):
        raise DataError(
            table, [BadCell(text.file, 1, "", "", f"the columns {', '.join(columns)}; found {', '.join(header)}")]
        )
    ragged = [
        BadCell(text.file, line, "", "", f"{len(columns)} cells, as in the header; found {len(row)}")
        for row, line in zip(text.rows, text.lines, strict=True)
        if row and len(row) != len(columns)
    ]
    if ragged:
        raise DataError(table, ragged)
    order = [header.index(name) for name in columns]
    return [[row[number] for number in order] for row in text.rows if row]
