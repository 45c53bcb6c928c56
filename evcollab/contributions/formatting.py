"""Canonical form of a package: the clerical work that nobody should have to do by hand."""

from __future__ import annotations

import json
import os

from evcollab import atomic, types
from evcollab.canonical import files_for
from evcollab.contributions.forms import issue_forms
from evcollab.contributions.schema import NEEDED, document_schema
from evcollab.errors import BadCell, DataError
from evcollab.package import Package
from evcollab.register import Register
from evcollab.table import Table
from evcollab.text import unmangled

SCHEMA = "schemas/contribution.schema.json"
FORMS = ".github/ISSUE_TEMPLATE"


def format_package(path: str | os.PathLike[str] | None = None, *, check: bool = False) -> list[str]:
    """Bring a package into canonical form, or tell what is not.

    Every table becomes UTF-8 (NFC) without a byte order mark, comma-separated with LF and minimal quoting, its
    columns in schema order, its cells trimmed, its rows sorted by primary key; `TRUE` and `3E+07` of a spreadsheet are
    `true` and `30000000` again. The descriptor then gets the
    byte size, sha256 and row count of each table, and the files that follow from the schemas are written anew where
    the package has them. No record and no value is dropped.

    Args:
        path: the package, as for `load`.
        check: only tell, write nothing.

    Returns:
        The files that were (or, with `check`, would be) changed, relative to the package.

    Raises:
        PackageError: the package cannot be read or written, or was changed meanwhile.
        DataError: a table is not CSV, its columns are not those of the schema, its rows are ragged, or its text was
            read in the wrong encoding, which sorting and composing letters would make irreversible.
    """
    with Register.opened(path, to_change=not check) as register:
        for table in register.tables.values():
            _refuse_mangled(table)
        changes = uncanonical(register)
        if not check:
            atomic.replace_files(register.package.root, changes, register.contents)
    return list(changes)


def _refuse_mangled(table: Table) -> None:
    """Refuse a table with text that was read in the wrong encoding."""
    columns = list(table.schema.fields)
    bad = [
        BadCell(table.file, line, columns[number], cell, f"{meant!r}: the file was read in the wrong encoding")
        for line, row in zip(table.lines, table.rows, strict=True)
        for number, cell in enumerate(row)
        if (meant := unmangled(cell)) is not None
    ]
    if bad:
        raise DataError(table.name, bad)


def uncanonical(register: Register) -> dict[str, bytes]:
    """The files of a package that are not in canonical form or stale, with their right contents."""
    tables = {name: _restored(table) for name, table in register.tables.items()}
    return files_for(register.package, tables, register.contents) | derived_files(register.package)


def _restored(table: Table) -> list[list[str]]:
    """The rows of a table with cells as they were before a spreadsheet wrote them its way."""
    rows = [list(row) for row in table.rows]
    for number, field in enumerate(table.schema.fields.values()):
        if types.kind_of(field) in ("boolean", "integer", "number"):
            for row in rows:
                row[number] = row[number] and types.restored(row[number], field)
    return rows


def derived(source: Package, *, schema: bool = True, forms: bool = True) -> dict[str, bytes]:
    """The schema of contributions, the issue forms, or both, as the schemas of a package want them."""
    texts: dict[str, str] = {}
    if schema:
        texts[SCHEMA] = json.dumps(document_schema(source), indent=2, ensure_ascii=False) + "\n"
    if forms:
        texts |= {f"{FORMS}/{name}.yml": text for name, text in issue_forms(source).items()}
    return {file: text.encode("utf-8") for file, text in texts.items()}


def derived_files(source: Package) -> dict[str, bytes]:
    """The derived files that a package has and that are stale, with their right contents."""
    if not source.schemas.keys() >= set(NEEDED):
        return {}
    wanted = derived(source, schema=(source.root / SCHEMA).is_file(), forms=(source.root / FORMS).is_dir())
    return {
        file: data
        for file, data in wanted.items()
        if not (source.root / file).is_file() or (source.root / file).read_bytes() != data
    }
