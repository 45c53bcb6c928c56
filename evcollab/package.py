"""Find a data package and read its descriptor and Table Schemas (Data Package v2)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from evcollab.errors import PackageError, UnknownNameError

DESCRIPTOR = "datapackage.json"
FORMAT = 1
"""Major version of the data format (the `version` of the Table Schemas) that this code understands."""


@dataclass(frozen=True)
class Field:
    """One column as its Table Schema describes it.

    Attributes:
        spec: the field descriptor, as in the schema file.
    """

    spec: dict[str, Any]

    @property
    def name(self) -> str:
        """The column's name."""
        return str(self.spec["name"])

    @property
    def description(self) -> str:
        """What the column means."""
        return str(self.spec.get("description", ""))

    @cached_property
    def constraints(self) -> dict[str, Any]:
        """The field's constraints."""
        return dict(self.spec.get("constraints", {}))

    @property
    def required(self) -> bool:
        """Whether the cell must be filled."""
        return bool(self.constraints.get("required"))

    @property
    def delimiter(self) -> str | None:
        """What separates the items of a list cell; None if the column holds single values."""
        return str(self.spec["list"]["delimiter"]) if "list" in self.spec else None

    @cached_property
    def categories(self) -> dict[str, dict[str, str]]:
        """The vocabulary of the cell or of its items: code → `label` and `description`. Empty if free."""
        listed = self.spec.get("list", self.spec).get("categories", [])
        entries = (item if isinstance(item, dict) else {"value": item} for item in listed)
        return {
            str(item["value"]): {
                "label": str(item.get("label", item["value"])),
                "description": str(item.get("description", "")),
            }
            for item in entries
        }


@dataclass(frozen=True)
class Schema:
    """A Table Schema, with the place of its file.

    Attributes:
        table: name of the table.
        file: path of the schema file, relative to the package.
        spec: the schema as in its file.
    """

    table: str
    file: str
    spec: dict[str, Any]

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The columns in order, by name."""
        return {spec["name"]: Field(spec) for spec in self.spec["fields"]}

    def field(self, column: str) -> Field:
        """The column of that name; raises UnknownNameError."""
        try:
            return self.fields[column]
        except KeyError:
            raise UnknownNameError(f"column in {self.table}:", column, self.fields) from None

    @cached_property
    def primary_key(self) -> list[str]:
        """The names of the columns that identify a row."""
        return _names(self.spec.get("primaryKey", []))

    @cached_property
    def unique_keys(self) -> list[list[str]]:
        """Further sets of columns that must not repeat."""
        return [_names(key) for key in self.spec.get("uniqueKeys", [])]

    @cached_property
    def foreign_keys(self) -> dict[str, tuple[str, str]]:
        """Column → the table and column that it points at (single-column keys)."""
        return {
            _names(key["fields"])[0]: (
                key["reference"].get("resource") or self.table,
                _names(key["reference"]["fields"])[0],
            )
            for key in self.spec.get("foreignKeys", [])
        }

    @cached_property
    def missing_values(self) -> frozenset[str]:
        """The texts that stand for a missing value."""
        listed = self.spec.get("missingValues", [""])
        return frozenset(str(item["value"]) if isinstance(item, dict) else str(item) for item in listed)


@dataclass(frozen=True)
class Package:
    """A data package on disk.

    Attributes:
        path: the descriptor file.
        descriptor: its content.
        files: table → CSV file, relative to the package.
        schemas: table → its schema.
    """

    path: Path
    descriptor: dict[str, Any]
    files: dict[str, str]
    schemas: dict[str, Schema]

    @property
    def root(self) -> Path:
        """The folder that holds the package."""
        return self.path.parent

    def schema(self, table: str) -> Schema:
        """The schema of a table; raises UnknownNameError."""
        try:
            return self.schemas[table]
        except KeyError:
            raise UnknownNameError("table", table, self.schemas) from None

    def read_bytes(self, table: str) -> bytes:
        """The bytes of a table's file; raises PackageError if it is missing or unreadable."""
        return _read(self.root / self.files[table], f"the data of table {table!r}", self.path)


def find(path: str | os.PathLike[str] | None = None) -> Path:
    """Find the descriptor of a data package.

    Args:
        path: a folder with a `datapackage.json`, or a descriptor file. None: the packaged data, which is
            inside the installed package or, in an editable install, the checkout's own files.

    Raises:
        PackageError: there is no descriptor.
    """
    if path is None:
        here = Path(__file__).resolve().parent
        for candidate in (here / "_package" / DESCRIPTOR, here.parent / DESCRIPTOR):
            if candidate.is_file():
                return candidate
        raise PackageError(
            "this installation of evcollab has no data: reinstall it with "
            " python -m pip install --force-reinstall evcollab"
        )
    given = Path(path).expanduser()
    target = given / DESCRIPTOR if given.is_dir() else given
    if not target.is_file():
        what = f"the folder {given} has no {DESCRIPTOR}" if given.is_dir() else f"there is no file or folder {given}"
        raise PackageError(f"{what}; give a folder with a {DESCRIPTOR}, or that file")
    return target


def read(path: str | os.PathLike[str] | None = None) -> Package:
    """Read a package's descriptor and schemas.

    Raises:
        PackageError: a file is missing, not JSON, not a descriptor, unsafe, or of a newer data format.
    """
    target = find(path)
    descriptor = read_json(target, "the descriptor", target)
    resources = descriptor.get("resources")
    if not isinstance(resources, list) or not resources:
        raise PackageError(
            f"{target} is not a Data Package descriptor: expected a list `resources` with at least one table"
        )
    files: dict[str, str] = {}
    schemas: dict[str, Schema] = {}
    for number, resource in enumerate(resources, 1):
        where = f"{target}: resource {number}"
        if not isinstance(resource, dict):
            raise PackageError(f"{where} is not an object")
        for key in ("name", "path", "schema"):
            if not isinstance(resource.get(key), str):
                raise PackageError(f'{where} has no text {key!r}; expected  "{key}": "..."')
        name = resource["name"]
        if name in files:
            raise PackageError(f"{where}: the name {name!r} is used twice")
        if (delimiter := (resource.get("dialect") or {}).get("delimiter", ",")) != ",":
            raise PackageError(
                f"{where} ({name}): the delimiter is {delimiter!r}; evcollab reads comma-separated files only"
            )
        for key in ("path", "schema"):
            if not is_safe(resource[key]):
                raise PackageError(
                    f"{where} ({name}): the {key} {resource[key]!r} is unsafe; "
                    "expected a relative path inside the package, without '..'"
                )
        files[name] = resource["path"]
        schemas[name] = _read_schema(target, name, resource["schema"])
    return Package(target, descriptor, files, schemas)


def is_safe(path: str) -> bool:
    """Tell whether a path in a descriptor is relative, local and stays inside the package."""
    parts = PurePosixPath(path).parts
    drive = PureWindowsPath(path).drive
    return (
        bool(parts)
        and not path.startswith("/")
        and not drive
        and "\\" not in path
        and "://" not in path
        and ".." not in parts
    )


def read_json(file: Path, what: str, descriptor: Path) -> dict[str, Any]:
    """Read a JSON object from a file; raises PackageError that tells the line."""
    try:
        content = json.loads(_read(file, what, descriptor).decode("utf-8"))
    except UnicodeDecodeError:
        raise PackageError(f"{file}: {what} is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise PackageError(
            f"{file}, line {error.lineno}, column {error.colno}: {what} is not JSON: {error.msg}"
        ) from None
    except (RecursionError, ValueError) as error:
        raise PackageError(f"{file}: {what} cannot be read: {error}") from None
    if not isinstance(content, dict):
        raise PackageError(f"{file}: {what} is not a JSON object")
    return content


def _read_schema(descriptor: Path, table: str, file: str) -> Schema:
    where = f"{descriptor.parent / file}"
    spec = read_json(descriptor.parent / file, f"the schema of table {table!r}", descriptor)
    major = str(spec.get("version", FORMAT)).split(".")[0]
    if not major.isdecimal():
        raise PackageError(f"{where}: the schema version {spec['version']!r} is not a version such as 1.0.0")
    if int(major) > FORMAT:
        raise PackageError(
            f"{where}: the data format {spec['version']} is newer than this evcollab, which reads format {FORMAT}: "
            "upgrade it with  python -m pip install --upgrade evcollab"
        )
    fields = spec.get("fields")
    if not isinstance(fields, list) or not fields:
        raise PackageError(f"{where}: expected a list `fields` with at least one column")
    for number, field in enumerate(fields, 1):
        if (
            not isinstance(field, dict)
            or not isinstance(field.get("name"), str)
            or not isinstance(field.get("type"), str)
        ):
            raise PackageError(f"{where}: field {number} needs a text `name` and a text `type`")
    return Schema(table, file, spec)


def _read(file: Path, what: str, descriptor: Path) -> bytes:
    if not file.resolve().is_relative_to(descriptor.parent.resolve()):
        raise PackageError(f"{file}: {what} lies outside the package")
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise PackageError(f"{file} is missing: {what} should be there") from None
    except OSError as error:
        raise PackageError(f"{file}: {what} cannot be read: {error.strerror}") from None


def _names(key: Any) -> list[str]:
    return [key] if isinstance(key, str) else [str(name) for name in key]
