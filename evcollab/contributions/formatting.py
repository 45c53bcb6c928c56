"""Canonical form of a package: the clerical work that nobody should have to do by hand."""

from __future__ import annotations

import os

from evcollab import atomic, csvfile, package, types
from evcollab.canonical import Rows, canonical, files_for
from evcollab.package import Package


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
    if not check:
        atomic.recover(package.find(path).parent)
    source = package.read(path)
    tables = {table: canonical(read_rows(source, table), schema) for table, schema in source.schemas.items()}
    changes = files_for(source, tables)
    if not check:
        atomic.replace_files(source.root, changes)
    return list(changes)


def read_rows(source: Package, table: str) -> Rows:
    """The rows of a table as text, with its columns in schema order whatever their order in the file."""
    file, schema = source.files[table], source.schemas[table]
    read, issues = csvfile.read_table(source.read_bytes(table), file, schema)
    return types.accept(read, issues, table, ignored=csvfile.FIXED_BY_FORMAT).rows
