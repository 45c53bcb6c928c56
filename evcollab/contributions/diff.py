"""What differs between two states of a package, record by record and cell by cell, in words."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from evcollab import package
from evcollab.canonical import Rows, canonical
from evcollab.contributions.formatting import read_rows
from evcollab.errors import PackageError
from evcollab.package import Field, Package, Schema
from evcollab.types import kind_of

Row = dict[str, str]
Bump = Literal["none", "patch", "minor", "major"]
BUMPS: tuple[Bump, ...] = ("none", "patch", "minor", "major")
EVIDENCE = ("sources", "claims")
"""Tables that say where facts come from: a row more in them is not a new fact."""

_COUNTED = ("bytes", "hash", "rows")


@dataclass(frozen=True)
class State:
    """A package at one moment.

    Attributes:
        descriptor: its descriptor.
        schemas: table → schema.
        tables: table → primary key → row.
    """

    descriptor: dict[str, Any]
    schemas: dict[str, Schema]
    tables: dict[str, dict[tuple[str, ...], Row]]

    @classmethod
    def of(cls, source: Package, rows: Mapping[str, Rows] | None = None) -> State:
        """The state of a package on disk, or of the same package with these rows.

        Raises:
            PackageError, DataError: a table cannot be read.
        """
        tables = {}
        for table, schema in source.schemas.items():
            listed = rows[table] if rows is not None else canonical(read_rows(source, table), schema)
            records = (dict(zip(schema.fields, row, strict=True)) for row in listed)
            tables[table] = {tuple(row[name] for name in schema.primary_key): row for row in records}
        return cls(source.descriptor, source.schemas, tables)

    @property
    def version(self) -> str:
        """Version of the data."""
        return str(self.descriptor.get("version", ""))

    def name(self, table: str, identifier: str) -> str:
        """What people call a record."""
        row = self.tables.get(table, {}).get((identifier,), {})
        return row.get("short_name") or row.get("name") or row.get("title") or identifier


@dataclass(frozen=True)
class Change:
    """A record that differs.

    Attributes:
        change: what happened to it.
        table: its table.
        record: its identifier; the parts of a compound key are joined with `/`.
        label: what people call it.
        cells: (column, text before, text after) of every cell that differs and is not in the label.
    """

    change: Literal["added", "changed", "removed"]
    table: str
    record: str
    label: str
    cells: tuple[tuple[str, str, str], ...]

    @property
    def bump(self) -> Bump:
        """The part of the data version that this raises."""
        if self.table == "claims" or self.change == "changed":
            return "patch"
        if self.change == "removed":
            return "major"
        return "patch" if self.table in EVIDENCE else "minor"


@dataclass(frozen=True)
class Restructuring:
    """A difference in tables, columns, codes or rules, in words, and the part of the version that it raises."""

    table: str
    words: str
    bump: Bump


@dataclass(frozen=True)
class Difference:
    """All that differs between two states of a package.

    Attributes:
        before, after: versions of the data.
        structure: what differs in the schemas and the descriptor.
        records: what differs in the tables.
    """

    before: str
    after: str
    structure: tuple[Restructuring, ...]
    records: tuple[Change, ...]

    @property
    def bump(self) -> Bump:
        """The least part of the data version that must be raised."""
        bumps = [item.bump for item in self.structure] + [change.bump for change in self.records]
        return max(bumps, key=BUMPS.index, default="none")

    def by_table(self) -> dict[str, list[Change]]:
        """The changed records, by table."""
        grouped: dict[str, list[Change]] = {}
        for change in self.records:
            grouped.setdefault(change.table, []).append(change)
        return grouped


def open_state(where: str, checkout: str | os.PathLike[str] | None = None) -> State:
    """Read the state of a folder, or of a git revision of a checkout.

    Args:
        where: a folder with a `datapackage.json`, or that file; else a revision such as `main` or `data-v1.2.0`.
        checkout: the package that the revision belongs to, as for `load`.

    Raises:
        PackageError, DataError: there is neither, or it cannot be read.
    """
    if Path(where).expanduser().exists():
        return State.of(package.read(where))
    return _revision(where, package.find(checkout))


def compare(before: State, after: State) -> Difference:
    """Compare two states of a package."""
    records = [
        change for table in after.schemas if table in before.schemas for change in _records(table, before, after)
    ]
    gone = [table for table in before.schemas if table not in after.schemas]
    fresh = [table for table in after.schemas if table not in before.schemas]
    structure = [
        *(Restructuring(table, "the table is removed", "major") for table in gone),
        *(Restructuring(table, "the table is new", "minor") for table in fresh),
        *(item for table in after.schemas if table in before.schemas for item in _structure(before, after, table)),
    ]
    if _described(before.descriptor) != _described(after.descriptor):
        structure.append(Restructuring("", "the description of the package is changed", "patch"))
    return Difference(before.version, after.version, tuple(structure), tuple(records))


def raised(version: str, bump: Bump) -> str:
    """The version after this one with that part raised."""
    major, minor, patch = (int(part) for part in version.split("."))
    return {
        "none": version,
        "patch": f"{major}.{minor}.{patch + 1}",
        "minor": f"{major}.{minor + 1}.0",
        "major": f"{major + 1}.0.0",
    }[bump]


# in words


def as_text(difference: Difference) -> str:
    """A difference for the terminal."""
    signs = {"added": "+", "changed": "~", "removed": "-"}
    lines = [f"{item.table + ': ' if item.table else ''}{item.words}" for item in difference.structure]
    for table, changes in difference.by_table().items():
        lines.append(f"{table}: {_counts(changes)}")
        lines += [f"  {signs[change.change]} {_sentence(change)}" for change in changes]
    return "\n".join([*lines, _verdict(difference)])


def as_markdown(difference: Difference) -> str:
    """A difference for a pull request. All text of the data is escaped, so that it stays text."""
    lines = [_escape(_verdict(difference)), ""]
    lines += [f"- {f'**{item.table}**: ' if item.table else ''}{_escape(item.words)}" for item in difference.structure]
    for table, changes in difference.by_table().items():
        listed = [f"- {change.change} {_sentence(change, _escape, '**')}" for change in changes]
        title = f"{table}: {_counts(changes)}"
        if table in EVIDENCE:
            lines += ["", f"<details><summary>{title}</summary>", "", *listed, "", "</details>"]
        else:
            lines += ["", f"#### {title}", "", *listed]
    return "\n".join(lines)


def as_json(difference: Difference) -> str:
    """A difference for programs."""
    content = {
        "before": difference.before,
        "after": difference.after,
        "bump": difference.bump,
        "structure": [{"table": item.table, "words": item.words, "bump": item.bump} for item in difference.structure],
        "records": [
            {
                "change": change.change,
                "table": change.table,
                "record": change.record,
                "label": change.label,
                "cells": {column: {"before": old, "after": new} for column, old, new in change.cells},
            }
            for change in difference.records
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _sentence(change: Change, escape: Any = str, strong: str = "") -> str:
    name = f"{strong}{escape(change.label)}{strong}"
    identifier = f" ({change.record})" if change.record != change.label and change.table != "claims" else ""
    if change.change == "changed":
        cells = [
            f"{_word(column)} {escape(old) or '(empty)'} → {escape(new) or '(empty)'}"
            for column, old, new in change.cells
        ]
    else:
        cells = [f"{_word(column)} {escape(new or old)}" for column, old, new in change.cells]
    return f"{name}{identifier}" + (f": {'; '.join(cells)}" if cells else "")


def _word(column: str) -> str:
    return column.removesuffix("_id").replace("_", " ")


def _counts(changes: Iterable[Change]) -> str:
    listed = [change.change for change in changes]
    return ", ".join(f"{listed.count(kind)} {kind}" for kind in ("added", "changed", "removed") if kind in listed)


def _verdict(difference: Difference) -> str:
    if difference.bump == "none":
        return "Nothing differs."
    implied = f"This implies a {difference.bump} version of the data"
    try:
        return f"{implied}: {difference.before} → {raised(difference.before, difference.bump)}."
    except ValueError:
        return f"{implied}."


def _escape(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no links, no mentions of people or issues."""
    visible = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", " ", text)
    quiet = re.sub(r"([@#]|://|www\.)", "\\1\u200b", visible)
    marked = quiet.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]()!|~])", r"\\\1", marked)


# records


def _records(table: str, before: State, after: State) -> Iterator[Change]:
    old, new = before.tables[table], after.tables[table]
    for key in sorted(old.keys() | new.keys(), key=_natural):
        if key not in old:
            yield _whole("added", after, table, key)
        elif key not in new:
            yield _whole("removed", before, table, key)
        elif old[key] != new[key]:
            columns = [*new[key], *(column for column in old[key] if column not in new[key])]
            cells = tuple(
                (column, old[key].get(column, ""), new[key].get(column, ""))
                for column in columns
                if old[key].get(column, "") != new[key].get(column, "")
            )
            if cells:
                yield Change("changed", table, "/".join(key), _label(after, table, new[key])[0], cells)


def _whole(change: Literal["added", "removed"], state: State, table: str, key: tuple[str, ...]) -> Change:
    row = state.tables[table][key]
    label, used = _label(state, table, row)
    used |= set(state.schemas[table].primary_key)
    cells = (
        (column, value if change == "removed" else "", value if change == "added" else "")
        for column, value in row.items()
        if value and column not in used
    )
    return Change(change, table, "/".join(key), label, tuple(cells))


def _label(state: State, table: str, row: Row) -> tuple[str, set[str]]:
    """What people call a record, and the columns that this tells."""
    get = row.get
    if table in ("participants", "memberships"):
        group, parent = ("event_id", "events") if table == "participants" else ("group_id", "organisations")
        body = get("organisation_id", "") and state.name("organisations", row["organisation_id"])
        country = get("country_code", "") and state.name("countries", row["country_code"])
        party = ", ".join(filter(None, (get("person_name", ""), body, country)))
        role = f" as {_word(row['role'])}" if get("role") else ""
        place = f"{' at ' if table == 'participants' else ' in '}{state.name(parent, get(group, ''))}"
        return party + role + place, {group, "organisation_id", "country_code", "person_name", "role"}
    if table == "claims":
        cell = "" if get("field") == "*" else f", {_word(get('field', ''))}"
        said = f" {row['value']}" if get("value") else ""
        where = f"{get('source_id', '')} ({get('locator', '')})"
        usual = {column for column, value in (("basis", "stated"), ("rank", "normal")) if get(column) == value}
        return f"{get('record_id', '')}{cell}{said}: {where}", {"value", *usual}
    for column in ("name", "title"):
        if get(column):
            return row[column], {column}
    return row[state.schemas[table].primary_key[0]], set()


def _natural(key: tuple[str, ...]) -> list[list[tuple[int, str]]]:
    return [
        [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"([0-9]{1,9})", text)] for text in key
    ]


# structure


def _structure(before: State, after: State, table: str) -> Iterator[Restructuring]:
    old, new = before.schemas[table], after.schemas[table]
    common = [name for name in new.fields if name in old.fields]
    for name in old.fields:
        if name not in new.fields:
            yield Restructuring(table, f"the column {name} is removed", "major")
    for name, field in new.fields.items():
        if name not in old.fields:
            yield Restructuring(table, f"the column {name} is new", "major" if field.required else "minor")
    if common != [name for name in old.fields if name in new.fields]:
        yield Restructuring(table, "the columns are in another order", "major")
    for words, before_keys, after_keys in (
        ("primary key", [old.primary_key], [new.primary_key]),
        ("unique keys", old.unique_keys, new.unique_keys),
        ("foreign keys", sorted(old.foreign_keys.items()), sorted(new.foreign_keys.items())),
    ):
        if before_keys != after_keys:
            looser = words != "primary key" and all(key in before_keys for key in after_keys)
            yield Restructuring(table, f"the {words} are changed", "minor" if looser else "major")
    changes = [item for name in common for item in _column(table, old.fields[name], new.fields[name])]
    yield from changes
    if not changes and old.spec != new.spec and _bare(old.spec) == _bare(new.spec):
        yield Restructuring(table, "descriptions in the schema are changed", "patch")


def _column(table: str, old: Field, new: Field) -> Iterator[Restructuring]:
    name = new.name
    if kind_of(old) != kind_of(new) or old.delimiter != new.delimiter:
        yield Restructuring(table, f"{name}: the type is {kind_of(new)}, no longer {kind_of(old)}", "major")
        return
    removed = [code for code in old.categories if code not in new.categories]
    added = [code for code in new.categories if code not in old.categories]
    if removed:
        yield Restructuring(table, f"{name}: the codes {', '.join(removed)} are removed", "major")
    if added:
        yield Restructuring(table, f"{name}: the codes {', '.join(added)} are new", "minor")
    for rule in sorted(old.constraints.keys() | new.constraints.keys()):
        was, now = old.constraints.get(rule), new.constraints.get(rule)
        if was != now and not (rule in ("enum", "pattern") and (removed or added)):
            bump: Bump = "minor" if _looser(rule, was, now) else "major"
            yield Restructuring(table, f"{name}: the constraint {rule} is {now}, no longer {was}", bump)


def _looser(rule: str, was: Any, now: Any) -> bool:
    if not now and now != 0:
        return True
    if was is None:
        return False
    if rule in ("maximum", "maxLength"):
        return bool(now > was)
    return bool(now < was) if rule in ("minimum", "minLength") else False


def _bare(spec: dict[str, Any]) -> Any:
    """A schema without the words that only people read."""
    told = ("title", "description", "example", "label", "version")

    def strip(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: strip(value) for key, value in part.items() if key not in told}
        return [strip(item) for item in part] if isinstance(part, list) else part

    return strip(spec)


def _described(descriptor: dict[str, Any]) -> dict[str, Any]:
    """A descriptor without its version and without what follows from the tables."""
    resources = [
        {key: value for key, value in resource.items() if key not in _COUNTED}
        for resource in descriptor.get("resources", [])
    ]
    return {**descriptor, "version": "", "resources": resources}


# git


def _revision(revision: str, descriptor: Path) -> State:
    """The state of the package at a revision of the repository that it lies in. No hook and no filter is run."""
    try:
        commit = git(descriptor.parent, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    except PackageError:
        raise PackageError(f"there is no folder {revision!r}, and no such revision in {descriptor.parent}") from None
    sha = commit.decode().strip()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)

        def extract(file: str) -> None:
            target = root / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(git(descriptor.parent, "cat-file", "blob", f"{sha}:./{file}"))

        try:
            extract(descriptor.name)
            for file in package.paths_in((root / descriptor.name).read_bytes()):
                extract(file)
            return State.of(package.read(root / descriptor.name))
        except PackageError as error:
            raise PackageError(f"revision {revision}: {str(error).replace(f'{root}{os.sep}', '')}") from None


def git(folder: Path, *arguments: str) -> bytes:
    """Run git in a folder and return what it prints; raises PackageError with what it says if it fails."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except FileNotFoundError:
        raise PackageError("comparing revisions needs git, which is not installed") from None
    if done.returncode:
        raise PackageError(done.stderr.decode(errors="replace").strip() or "git failed")
    return done.stdout
