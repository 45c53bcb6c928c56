"""What validation adds to the reading of descriptor and schemas: are they those of the evcollab data format?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from evcollab import package, types
from evcollab.issues import Issue
from evcollab.package import Package
from evcollab.positions import Path
from evcollab.tableschema import Schema

Difference = tuple[bool, Path, str]


@cache
def standard() -> Package:
    """The package that came with evcollab."""
    return package.read()


def compare(read: Package, found: list[Issue]) -> tuple[list[Issue], frozenset[str]]:
    """Compare with the tables and columns that come with evcollab: others may be added, none may be missing.

    Args:
        read: the package.
        found: what is known to be wrong with it: of a schema with problems nothing more is said.

    Returns:
        What differs, and the tables whose columns or identifiers are not those of the data format.
    """
    issues: list[Issue] = []
    odd: set[str] = set()
    listed = read.document.value.get("resources")
    named = {item.get("name") for item in (listed if isinstance(listed, list) else []) if isinstance(item, dict)}
    flawed = {issue.file for issue in found}
    for table, expected in standard().schemas.items():
        if table not in named and isinstance(listed, list):
            message = f"the table {table!r} is missing"
            issues.append(read.document.issue("descriptor-standard", ("resources",), message))
        schema = read.schemas.get(table)
        if schema is None or schema.document is None:
            continue
        for severe, place, message in _differences(schema, expected):
            if severe:
                odd.add(table)
            if schema.file not in flawed:
                issues.append(schema.document.issue("descriptor-standard", place, message))
    return issues, frozenset(odd)


def _differences(schema: Schema, standard: Schema) -> Iterator[Difference]:
    """How a schema differs from the standard one; True marks what rules on the table cannot do without."""
    columns = list(schema.fields)
    same_version = schema.spec.get("version") == standard.spec["version"]
    for name, expected in standard.fields.items():
        if name not in schema.fields:
            yield True, ("fields",), f"the column {name!r} is missing"
            continue
        field, place = schema.fields[name], ("fields", columns.index(name))
        if types.kind_of(field) != types.kind_of(expected):
            yield True, place, f"the column {name!r} holds {types.kind_of(field)}; expected {types.kind_of(expected)}"
            continue
        for key in ("format", "partialDate"):
            if field.spec.get(key) != expected.spec.get(key):
                yield False, (*place, key), f"{key!r} of {name!r} differs; expected {expected.spec.get(key)!r}"
        lost = [code for code in expected.categories if code not in field.categories]
        if lost:
            yield False, (*place, "categories"), f"the vocabulary of {name!r} lacks {', '.join(lost)}"
        if same_version:
            for key, value in expected.constraints.items():
                free = key == "enum" or (key == "pattern" and expected.categories)
                if not free and field.constraints.get(key) != value:
                    message = f"{key!r} of {name!r} differs; expected {json.dumps(value)}"
                    yield False, (*place, "constraints", key), message
    for key in ("primaryKey", "missingValues"):
        if schema.spec.get(key) != standard.spec.get(key):
            yield True, (key,), f"is {schema.spec.get(key)}; expected {standard.spec.get(key)}"
    for key in ("uniqueKeys", "foreignKeys"):
        for item in standard.spec.get(key, []):
            mine = schema.document.value.get(key) if schema.document else None
            if not isinstance(mine, list) or item not in mine:
                yield False, (key,), f"lacks {json.dumps(item)}"
