"""Canonical form of a package: the clerical work that nobody should have to do by hand."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from evcollab import csvfile, package
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
    tables = {table: canonical(_read_rows(source, table), schema) for table, schema in source.schemas.items()}
    changes = files_for(source, tables)
    if not check:
        replace_files(source.root, changes)
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
    wanted[source.path.name] = (json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    return {file: data for file, data in wanted.items() if not _same(source.root / file, data)}


def canonical(rows: Rows, schema: Schema) -> Rows:
    """The rows of a table in canonical form: cells in NFC and trimmed, rows sorted by primary key."""
    columns = list(schema.fields)
    key = [columns.index(name) for name in schema.primary_key]
    tidy = [[tidy_text(cell) for cell in row] for row in rows]
    return sorted(tidy, key=lambda row: ([row[number] for number in key], row))


def tidy_text(text: str) -> str:
    """A cell's text in NFC, with every run of white space or line breaks as one space, and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def replace_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Write all of these files or, whatever happens on the way, none of them.

    The new contents and then a journal are written beside the old files; from the journal on the change is
    decided, and a run that was cut short is completed by `recover` when the package is next written.
    """
    if not files:
        return
    recover(root)
    staged = {}
    for file, data in files.items():
        target = root / file
        temporary = target.with_name(f".{target.name}.new")
        _write_durably(temporary, data)
        staged[temporary.relative_to(root).as_posix()] = file
    _write_durably(root / f"{JOURNAL}.new", json.dumps(staged).encode("utf-8"))
    os.replace(root / f"{JOURNAL}.new", root / JOURNAL)
    recover(root)


JOURNAL = ".evcollab-journal"


def recover(root: Path) -> None:
    """Complete a change that was decided but cut short; without a journal, clear away what never was decided."""
    journal = root / JOURNAL
    if journal.exists():
        for temporary, file in json.loads(journal.read_bytes()).items():
            if (root / temporary).exists():
                os.replace(root / temporary, root / file)
        journal.unlink()


def read_rows(source: Package, table: str) -> Rows:
    """The rows of a table as text, with its columns in schema order."""
    return _read_rows(source, table)


def _read_rows(source: Package, table: str) -> Rows:
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


def _same(file: Path, data: bytes) -> bool:
    try:
        return file.read_bytes() == data
    except FileNotFoundError:
        return False


def _write_durably(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
