"""Canonical form of a package: the clerical work that nobody should have to do by hand."""

from __future__ import annotations

import os

from evcollab import atomic, csvfile, package
from evcollab.canonical import Rows, canonical, files_for
from evcollab.errors import BadCell, DataError
from evcollab.package import Package
from evcollab.text import tidy


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


def read_rows(source: Package, table: str) -> Rows:
    """The rows of a table as text, with its columns in schema order whatever their order in the file."""
    schema = source.schemas[table]
    text = csvfile.read(source.read_bytes(table).removeprefix(b"\xef\xbb\xbf"), source.files[table], table)
    columns = list(schema.fields)
    header = [tidy(name) for name in text.header]
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
