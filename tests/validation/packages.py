"""The small register of examples/register, and the changes that the examples of the rules make in it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from evcollab import csvfile, package
from evcollab.canonical import canonical
from evcollab.validation import Report, columns, run, validate
from evcollab.validation.catalogue import Edit, Key, RemoveRow, SetCells, Text, identifier
from evcollab.validation.columns import Asked
from evcollab.validation.engine import Engine
from tests.conftest import THOROUGH

TODAY = dt.date(2026, 11, 20)
HOME = package.find().parent
EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "register"
SHIPPED = package.read()

Tables = dict[str, list[dict[str, str]]]


def base() -> Tables:
    """The rows of the small valid register in examples/register, to be changed."""
    return {table: [dict(row) for row in rows] for table, rows in _base().items()}


@cache
def _base() -> Tables:
    example = package.read(EXAMPLE)
    tables: Tables = {}
    for table, schema in example.schemas.items():
        read, _ = csvfile.read_table(example.read_bytes(table), example.files[table], schema)
        assert read is not None
        rows = read.rows
        tables[table] = [{name: cell for name, cell in zip(schema.fields, row, strict=True) if cell} for row in rows]
    return tables


def key(table: str, row: Mapping[str, str]) -> str:
    """The identifier of a row."""
    return "|".join(row.get(column, "") for column in SHIPPED.schemas[table].primary_key)


def write(folder: Path, tables: Tables, name: str = "example-register") -> Path:
    """Write tables as a package in canonical form, with the shipped schemas and countries."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    shutil.copytree(HOME / "schemas", folder / "schemas", dirs_exist_ok=True)
    descriptor = json.loads((HOME / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["name"] = name
    for table, schema in SHIPPED.schemas.items():
        columns = list(schema.fields)
        if table == "countries" and table not in tables:
            data = SHIPPED.read_bytes(table)
        else:
            rows = [[row.get(column, "") for column in columns] for row in tables.get(table, [])]
            data = csvfile.write(columns, canonical(rows, schema)).encode()
        (folder / SHIPPED.files[table]).write_bytes(data)
    write_json(folder / "datapackage.json", descriptor)
    return refresh(folder)


def refresh(folder: Path) -> Path:
    """Bring sizes, hashes and numbers of rows in the descriptor in line with the files."""
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        data = (folder / resource["path"]).read_bytes()
        resource["bytes"] = len(data)
        resource["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
        rows = csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline=""))
        resource["rows"] = sum(map(bool, rows)) - 1
    write_json(folder / "datapackage.json", descriptor)
    return folder


def write_json(file: Path, value: Any) -> None:
    """Write JSON as the package's own files are written."""
    file.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def example(folder: Path, edits: Iterable[Edit], more: Tables | None = None) -> Path:
    """The small register, joined with another if given, with the changes of an example."""
    tables = base()
    for table, others in (more or {}).items():
        tables[table] = tables[table] + [dict(row) for row in others]
    edits = list(edits)
    waivers = []
    for edit in edits:
        if isinstance(edit, SetCells) and edit.table == "waivers":
            names = dict(zip(("rule", "table", "record"), edit.record.split("|"), strict=True))
            waivers.append({**names, **edit.cells})
        elif isinstance(edit, SetCells):
            rows = [row for row in tables[edit.table] if key(edit.table, row) == edit.record]
            if not rows:
                parts = zip(SHIPPED.schemas[edit.table].primary_key, edit.record.split("|"), strict=True)
                rows = [dict(parts)]
                tables[edit.table].append(rows[0])
            rows[0].update(edit.cells)
        elif isinstance(edit, RemoveRow):
            before = len(tables[edit.table])
            tables[edit.table] = [row for row in tables[edit.table] if key(edit.table, row) != edit.record]
            assert len(tables[edit.table]) < before, f"there is no {edit.record} in {edit.table}"
    write(folder, tables)
    for edit in edits:
        if isinstance(edit, Text) and edit.file != "datapackage.json":
            _replace(folder / edit.file, edit)
    refresh(folder)
    for edit in edits:
        if isinstance(edit, Text) and edit.file == "datapackage.json":
            _replace(folder / edit.file, edit)
        if isinstance(edit, Key):
            _set(folder / edit.file, edit)
    if waivers:
        columns = ["rule", "table", "record", "reason", "until"]
        rows = sorted([row[column] for column in columns] for row in waivers)
        (folder / "waivers.csv").write_text(csvfile.write(columns, rows), encoding="utf-8")
    return folder


def validated(folder: Path, rule: str) -> Report:
    """What validation says.

    In a quick run only this rule is asked, beside what tables must be that differ from those of the small register.
    """
    if THOROUGH:
        return validate(folder, today=TODAY)

    of_rules, of_schemas = run.questions, columns.questions
    changed = [
        identifier(table) for table, data in small().items() if data != (folder / SHIPPED.files[table]).read_bytes()
    ]

    def on_rows(engine: Engine, errors_only: bool = False) -> Iterator[Asked]:
        return (question for question in of_rules(engine, errors_only) if question[0] == rule)

    def on_cells(engine: Engine, unique: frozenset[str]) -> Iterator[Asked]:
        for name, query in of_schemas(engine, unique):
            looked_at = query.source or identifier(query.table)
            if name == rule or any(table in looked_at for table in changed):
                yield name, query

    with mock.patch.object(run, "questions", on_rows), mock.patch.object(columns, "questions", on_cells):
        return validate(folder, today=TODAY)


@cache
def small() -> dict[str, bytes]:
    """The files of the small register, by table."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), base())
        return {table: (Path(folder) / file).read_bytes() for table, file in SHIPPED.files.items()}


def _replace(file: Path, edit: Text) -> None:
    data = file.read_bytes() if file.exists() else b""
    old, new = (part if isinstance(part, bytes) else part.encode() for part in (edit.old, edit.new))
    assert old in data, f"{edit.old!r} is not in {edit.file}"
    file.write_bytes(data.replace(old, new, 1))


def _set(file: Path, edit: Key) -> None:
    value = json.loads(file.read_text(encoding="utf-8"))
    inner = value
    for part in edit.path[:-1]:
        inner = inner[part]
    if edit.value is None:
        del inner[edit.path[-1]]
    else:
        inner[edit.path[-1]] = edit.value
    write_json(file, value)


def line_of(folder: Path, table: str, record: str) -> int:
    """The line of a record in its file."""
    if table == "waivers":
        _, *rows = (folder / "waivers.csv").read_text(encoding="utf-8").splitlines()
        return next(n for n, row in enumerate(rows, 2) if row.startswith(record.replace("|", ",")))
    schema = SHIPPED.schemas[table]
    read, _ = csvfile.read_table((folder / SHIPPED.files[table]).read_bytes(), "", schema)
    assert read is not None
    for line, cells in zip(read.lines, read.rows, strict=True):
        if key(table, dict(zip(schema.fields, cells, strict=True))) == record:
            return line
    raise AssertionError(f"there is no {record} in {table}")
