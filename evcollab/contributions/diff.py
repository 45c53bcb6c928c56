"""Comparing two states of a package, record by record and cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Any, Literal

from evcollab.contributions.difference import Bump, Change, Difference, Restructuring, word
from evcollab.package import Field, Schema
from evcollab.register import Record, Register
from evcollab.table import Table
from evcollab.types import kind_of


def compare(before: Register, after: Register) -> Difference:
    """Compare two states of a package."""
    old, new = before.package.schemas, after.package.schemas
    both = [table for table in new if table in old]
    structure = [
        *(Restructuring(table, "the table is removed", "major") for table in old if table not in new),
        *(Restructuring(table, "the table is new", "minor") for table in new if table not in old),
        *(item for table in both for item in _structure(old[table], new[table])),
    ]
    if _described(before.package.descriptor) != _described(after.package.descriptor):
        structure.append(Restructuring("", "the description of the package is changed", "patch"))
    records = [change for table in both for change in _records(table, before, after)]
    return Difference(before.version, after.version, tuple(structure), tuple(records))


def _records(table: str, before: Register, after: Register) -> Iterator[Change]:
    one, other = before.tables[table], after.tables[table]
    if one.rows is other.rows:
        return
    kept = {id(row) for row in one.rows}.intersection(map(id, other.rows))
    old, new = _rows_apart(one, other, kept), _rows_apart(other, one, kept)
    for key in sorted(old.keys() | new.keys(), key=_natural):
        if key not in old:
            yield _whole("added", after, table, key, new[key])
        elif key not in new:
            yield _whole("removed", before, table, key, old[key])
        else:
            columns = [*new[key], *(column for column in old[key] if column not in new[key])]
            values = ((column, old[key].get(column, ""), new[key].get(column, "")) for column in columns)
            if cells := tuple(cell for cell in values if cell[1] != cell[2]):
                yield Change("changed", table, "/".join(key), _label(after, table, new[key])[0], cells)


def _rows_apart(table: Table, than: Table, kept: Set[int]) -> dict[tuple[str, ...], Record]:
    """The rows of a table that another one has not, by primary key; `kept` are rows that both hold as one object."""
    is_alike = list(table.columns) == list(than.columns)
    same = {tuple(row) for row in than.rows if id(row) not in kept} if is_alike else set()
    rows = (row for row in table.rows if id(row) not in kept and tuple(row) not in same)
    records = (Record(table.columns, row) for row in rows)
    return {tuple(row[name] for name in table.schema.primary_key): row for row in records}


def _whole(
    change: Literal["added", "removed"], state: Register, table: str, key: tuple[str, ...], row: Record
) -> Change:
    label, told = _label(state, table, row)
    told |= set(state.package.schemas[table].primary_key)
    untold = [(column, value) for column, value in row.items() if value and column not in told]
    cells = [(column, value, "") if change == "removed" else (column, "", value) for column, value in untold]
    return Change(change, table, "/".join(key), label, tuple(cells))


def _label(state: Register, table: str, row: Record) -> tuple[str, set[str]]:
    """What people call a record, and the columns that this tells."""
    get = row.get
    if table in ("participants", "memberships"):
        group, parent = ("event_id", "events") if table == "participants" else ("group_id", "organisations")
        body = get("organisation_id", "") and state.label("organisations", row["organisation_id"])
        country = get("country_code", "") and state.label("countries", row["country_code"])
        party = ", ".join(filter(None, (get("person_name", ""), body, country)))
        role = f" as {word(row['role'])}" if get("role") else ""
        place = f"{' at ' if table == 'participants' else ' in '}{state.label(parent, get(group, ''))}"
        return party + role + place, {group, "organisation_id", "country_code", "person_name", "role"}
    if table == "claims":
        cell = "" if get("field") == "*" else f", {word(get('field', ''))}"
        said = f" {row['value']}" if get("value") else ""
        where = f"{get('source_id', '')} ({get('locator', '')})"
        usual = {column for column, value in (("basis", "stated"), ("rank", "normal")) if get(column) == value}
        return f"{get('record_id', '')}{cell}{said}: {where}", {"value", *usual}
    for column in ("name", "title"):
        if get(column):
            return row[column], {column}
    return row[state.package.schemas[table].primary_key[0]], set()


def _natural(key: tuple[str, ...]) -> list[list[tuple[int, str]]]:
    parts = (re.split("([0-9]{1,9})", text) for text in key)
    return [[(int(part), "") if part.isdigit() else (0, part) for part in split] for split in parts]


def _structure(old: Schema, new: Schema) -> Iterator[Restructuring]:
    table = new.table
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
    if was is None or rule not in ("maximum", "maxLength", "minimum", "minLength"):
        return False
    return bool(now > was if rule.startswith("max") else now < was)


def _bare(spec: dict[str, Any]) -> Any:
    """A schema without the words that only people read."""
    told = ("title", "description", "example", "label", "version")

    def strip(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: strip(value) for key, value in part.items() if key not in told}
        return [strip(item) for item in part] if isinstance(part, list) else part

    return strip(spec)


def _described(descriptor: dict[str, Any]) -> dict[str, Any]:
    """A descriptor without what a release sets and without what follows from the tables."""
    counted = {"bytes": None, "hash": None, "rows": None}
    resources = [{**resource, **counted} for resource in descriptor.get("resources", [])]
    return {**descriptor, "version": "", "created": "", "resources": resources}
