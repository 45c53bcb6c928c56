"""Find a data package and read its descriptor, its Table Schemas and its files (Data Package v2)."""

from __future__ import annotations

import copy
import hashlib
import os
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from evcollab import positions, tableschema
from evcollab.errors import PackageError, UnknownNameError
from evcollab.files import FileError, Snapshot, is_safe
from evcollab.issues import Issue, problem
from evcollab.limits import DEFAULT, Limits
from evcollab.positions import Document
from evcollab.tableschema import Field as Field
from evcollab.tableschema import Schema as Schema

DESCRIPTOR = "datapackage.json"
WAIVERS = "waivers.csv"
"""The exceptions from rules, which are no table of the package."""
_TRIES, _PAUSE = 40, 0.05
_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Package:
    """A data package as it was on disk at one moment.

    Attributes:
        path: the descriptor file.
        descriptor: its content, without what is of a wrong kind.
        document: the descriptor with the line of every key.
        files: table → CSV file, relative to the package.
        schemas: table → its schema; without tables whose schema cannot be used.
        contents: file → its bytes; without tables that cannot be read.
    """

    path: Path
    descriptor: dict[str, Any]
    document: Document = field(repr=False)
    files: dict[str, str]
    schemas: dict[str, Schema]
    contents: dict[str, bytes] = field(repr=False)
    _unread: dict[str, Issue] = field(repr=False)

    @property
    def root(self) -> Path:
        """The folder that holds the package."""
        return self.path.parent

    @property
    def name(self) -> str:
        """Name of the package."""
        return str(self.descriptor.get("name", ""))

    def schema(self, table: str) -> Schema:
        """The schema of a table, the standard one if the package has no such table; raises UnknownNameError."""
        found = self.schemas.get(table) or standard().schemas.get(table)
        if found is None:
            raise UnknownNameError("table", table, self.schemas)
        return found

    def resource(self, table: str) -> dict[str, Any]:
        """What the descriptor says of a table."""
        return next(item for item in self.descriptor["resources"] if item.get("name") == table)

    def read_bytes(self, table: str) -> bytes:
        """The bytes of a table's file; raises PackageError if there are none.

        A standard table that the package does not have is empty.
        """
        if table not in self.files:
            return (",".join(self.schema(table).fields) + "\n").encode()
        file = self.files[table]
        if file in self._unread:
            raise _error(self.root, self._unread[file])
        return self.contents[file]

    def digest(self, table: str) -> str:
        """The hash of a table's file, as a descriptor states it."""
        return f"sha256:{hashlib.sha256(self.contents[self.files[table]]).hexdigest()}"

    def differences(self, table: str, rows: int | None = None, digest: str = "") -> dict[str, tuple[Any, Any]]:
        """How a table's file differs from what the descriptor says of it.

        Args:
            table: its name.
            rows: the number of its records, if that is known.
            digest: its `digest`, if that is known.

        Returns:
            Those of `hash`, `bytes` and `rows` that differ → what the descriptor says, and what is right.
        """
        data, stated = self.contents[self.files[table]], self.resource(table)
        actual = {"hash": digest or self.digest(table), "bytes": len(data), "rows": rows}
        known = {key: value for key, value in actual.items() if value is not None}
        return {key: (stated[key], value) for key, value in known.items() if stated.get(key, value) != value}

    def check(self, table: str, rows: int, digest: str) -> None:
        """Raise PackageError if a table's file, of that many records and that digest, is not the one described."""
        different = self.differences(table, rows, digest)
        if not different:
            return
        key = next(key for key in ("rows", "bytes", "hash") if key in different)
        stated, found = different[key]
        what = "the content is another" if key == "hash" else f"it has {found:,} {key}, not {stated:,}"
        raise PackageError(
            f"{self.root / self.files[table]} is not the file that {self.path.name} describes: {what}. "
            f"If you changed it on purpose, run  evcollab format {self.root}  (it counts again). "
            "If not, the file is cut short or damaged: fetch it again"
        )


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
        again = "python -m pip install --force-reinstall evcollab"
        raise PackageError(f"this installation of evcollab has no data: reinstall it with  {again}")
    given = Path(path)
    try:
        given = given.expanduser()
        target = given / DESCRIPTOR if given.is_dir() else given
        found = target.is_file()
    except (OSError, ValueError, RuntimeError) as error:  # a name that no file can have, an unknown user, a loop
        raise PackageError(f"there is no file or folder {given}: {error}") from None
    if not found:
        what = f"the folder {given} has no {DESCRIPTOR}" if given.is_dir() else f"there is no file or folder {given}"
        raise PackageError(f"{what}; give a folder with a {DESCRIPTOR}, or that file")
    return target


def examine(
    path: str | os.PathLike[str] | None = None, limits: Limits = DEFAULT, files: Mapping[str, bytes] | None = None
) -> tuple[Package | None, list[Issue]]:
    """Read a package leniently: descriptor, schemas and the bytes of the tables, all of one state. Nothing is written.

    Args:
        path: as for `find`.
        limits: sizes beyond which something is not read but reported.
        files: contents of files, by path in the package, that count instead of those on disk.

    Returns:
        What of the package can be used, None if the descriptor cannot be; and all that is wrong with it, the contents
        of the tables aside. Issues of severity `error` are those that make `read` refuse the package.

    Raises:
        PackageError: there is no package at that path.
    """
    target = find(path)
    for _ in range(_TRIES):
        snapshot = Snapshot(target.parent, files)
        package, found = _examine(target, snapshot, limits)
        if snapshot.is_one_state():
            return package, found
        time.sleep(_PAUSE)
    message = "is being changed by another program all the time; try again"
    return None, [problem("register-interrupted", message, file=target.name)]


def read(path: str | os.PathLike[str] | None = None, limits: Limits = DEFAULT) -> Package:
    """Read a package strictly.

    A table's file that is missing or too large raises when its bytes are asked for, not here. If a change of the
    package was cut short, the state before it is read, with a warning.

    Raises:
        PackageError: the descriptor or a schema is missing, of a wrong kind, unsafe, or of a newer data format.
    """
    package, found = examine(path, limits)
    root = package.root if package else find(path).parent
    data_files = set(package.files.values()) if package else set()
    for issue in found:
        if issue.severity == "error" and issue.file not in data_files:
            raise _error(root, issue)
        if issue.rule == "register-interrupted":
            warnings.warn(f"{root} {issue.message}", stacklevel=2)
    assert package is not None
    return package


@cache
def standard() -> Package:
    """The package that came with evcollab, whose tables and columns are the data format."""
    return read()


def paths_in(descriptor: bytes) -> list[str]:
    """The files that a descriptor names, as far as their paths are safe."""
    document, _ = positions.read(descriptor, DESCRIPTOR, "")
    listed = document.value.get("resources") if document else None
    resources = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    named = [item.get(key) for item in resources for key in ("path", "schema")]
    return [path for path in named if isinstance(path, str) and is_safe(path)]


def _error(root: Path, issue: Issue) -> PackageError:
    place = str(root / issue.file) + ("" if issue.rule == "file-missing" else f", line {issue.line}")
    where = f" {issue.column}:" if issue.column else ""
    value = f" {issue.value!r}" if issue.value else ""
    return PackageError(f"{place}:{where}{value} {issue.message}")


def _examine(target: Path, snapshot: Snapshot, limits: Limits) -> tuple[Package | None, list[Issue]]:
    document, found = _read(snapshot, target.name, "", limits, positions.read)
    if snapshot.is_interrupted:
        message = (
            "holds a change that was cut short; what is read here is the state before it. "
            "Any command that changes the package restores that state, such as  evcollab format"
        )
        found.append(problem("register-interrupted", message, file=target.name, severity="warning"))
    if document is None:
        return None, found
    listed = document.value.get("resources")
    if isinstance(listed, list) and len(listed) > limits.tables:
        message = f"has {len(listed):,} tables; expected at most {limits.tables:,}"
        return None, [*found, document.issue("limit-exceeded", ("resources",), message)]
    descriptor = copy.deepcopy(document.value)
    checked = list(tableschema.check_profile(document, "package", descriptor))
    found += [issue for _, issue in checked]
    tableschema.prune(descriptor, [violation.place for violation, _ in checked if tableschema.is_pruned(violation)])
    package = Package(target, descriptor, document, {}, {}, {}, {})
    named: set[str] = set()
    for number, resource in enumerate(descriptor.get("resources", [])):
        if not isinstance(resource, dict) or not {"name", "path", "schema"} <= resource.keys():
            continue
        name, place = resource["name"], ("resources", number)
        if name in named:
            message = f"the name {name!r} is already that of another table"
            found.append(document.issue("descriptor-duplicate-name", (*place, "name"), message, name))
            continue
        named.add(name)
        unsafe = {key: resource[key] for key in ("path", "schema") if not is_safe(resource[key])}
        for key, path in unsafe.items():
            message = f"the {key} {path!r} is unsafe; expected a relative path inside the package"
            found.append(document.issue("descriptor-unsafe-path", (*place, key), message, path))
        if "schema" not in unsafe:
            schema, problems = _read(snapshot, resource["schema"], name, limits, _schema)
            found += problems
            if schema is not None:
                package.schemas[name] = schema
        if "path" not in unsafe:
            file = package.files[name] = resource["path"]
            try:
                package.contents[file] = snapshot.read(file, limits.file_bytes)
            except FileError as error:
                package._unread[file] = error.issue(name)
                found.append(package._unread[file])
    found += tableschema.reference_problems(package.schemas, named)
    listed = descriptor.get("resources", [])
    descriptor["resources"] = [item for item in listed if isinstance(item, dict) and item.get("name") in named]
    return package, found


def _read(
    snapshot: Snapshot,
    file: str,
    table: str,
    limits: Limits,
    understood: Callable[[bytes, str, str, Limits], tuple[_Read | None, Iterable[Issue]]],
) -> tuple[_Read | None, list[Issue]]:
    """What a file of JSON holds, and what is wrong with it."""
    try:
        data = snapshot.read(file, limits.json_bytes)
    except FileError as error:
        return None, [error.issue(table)]
    content, found = understood(data, file, table, limits)
    return content, list(found)


@lru_cache(maxsize=64)
def _schema(data: bytes, file: str, table: str, limits: Limits) -> tuple[Schema | None, tuple[Issue, ...]]:
    """A schema and what is wrong with it; most packages have those that came with evcollab, which are read too."""
    document, found = positions.read(data, file, table, limits)
    schema, problems = tableschema.examine(document, limits) if document else (None, [])
    return schema, (*found, *problems)
