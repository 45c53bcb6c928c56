"""The JSON Schema (draft 2020-12) of contribution documents, generated from the Table Schemas."""

from __future__ import annotations

import re
from typing import Any

from evcollab.errors import PackageError
from evcollab.package import Field, Package, Schema
from evcollab.types import NATIVE, kind_of

LISTS = {
    "organisations": "organisations",
    "events": "events",
    "participants": "participants",
    "policies": "policies",
    "targets": "policy_targets",
    "memberships": "memberships",
}
"""Key of a list in a document → table."""

TOP = ("organisations", "events", "policies", "targets", "memberships")
NESTED = {"events": "participants", "policies": "targets"}
LINKED = ("organisations", "policies", "policy_targets", "events")
"""Tables that a document refers to by identifier or name: `<column>_id` is written without `_id`."""

NEEDED = ("sources", "claims")
"""Tables without which a register takes no contribution."""

PLACES = ("countries", "subdivisions")
"""Tables of places, which a document may name in any way."""


def _told(title: str, description: str, example: Any = None, **rest: Any) -> dict[str, Any]:
    """A part of the schema with the words that an editor shows."""
    return {"title": title, "description": description, **rest, **({} if example is None else {"examples": [example]})}


_TEXT = {"type": "string", "minLength": 1}
_KEY = _told("Key", "Short word by which this document refers to the source.", "a", **_TEXT)
LOCATOR = _told(
    "Locator",
    "Where in the document: p3 for the third paragraph, title, page 12, table 2, art. 5.",
    "p3",
    **_TEXT,
    maxLength=100,
)


def columns_of(package: Package, table: str) -> dict[str, Field]:
    """The columns of a table by the key that a document uses for them."""
    return {document_key(package, table, name): field for name, field in package.schemas[table].fields.items()}


def document_key(package: Package, table: str, column: str) -> str:
    """The key that a document uses for a column: links are written without `_id`."""
    schema = package.schemas[table]
    return (
        column.removesuffix("_id") if schema.target(column) in LINKED and column not in schema.primary_key else column
    )


def document_schema(package: Package) -> dict[str, Any]:
    """Generate the schema of contribution documents for a package with these tables.

    Standard: JSON Schema, draft 2020-12. Every key has the title, description and example of its column.

    Raises:
        PackageError: the package lacks a table in which contributions leave their sources.
    """
    if missing := [table for table in NEEDED if table not in package.schemas]:
        raise PackageError(f"{package.path}: contributions need the tables {', '.join(missing)}")
    there = [key for key in (*TOP, "participants") if LISTS[key] in package.schemas]
    tables = {key: _listed(key, *_about(package.schemas[LISTS[key]])) for key in there if key in TOP}
    corrections = "What a source says about a cell that is already in the register."
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "evcollab contribution",
        "description": "One or more sources, and what they say about electric-vehicle collaboration.",
        **_object(
            ["sources"],
            {
                "sources": _listed("source", "Sources", "The documents that everything below rests on."),
                **tables,
                "corrections": _listed("correction", "Corrections", corrections),
            },
        ),
        "$defs": {
            **{key: _record(package, key) for key in there},
            "source": _source(package),
            "claim": _claim(package),
            "correction": _correction(package),
        },
    }


def _listed(name: str, title: str, description: str) -> dict[str, Any]:
    return _told(title, description, type="array", minItems=1, items={"$ref": f"#/$defs/{name}"})


def _object(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _about(schema: Schema) -> tuple[str, str]:
    """What a table is called, and what it holds."""
    return schema.spec.get("title", schema.table), schema.spec.get("description", "")


def _record(package: Package, key: str) -> dict[str, Any]:
    table = LISTS[key]
    schema = package.schemas[table]
    skip = {"participants": {"participant_id", "event"}}.get(key, set())
    columns = {name: field for name, field in columns_of(package, table).items() if name not in skip}
    properties = {name: _property(package, table, field, name) for name, field in columns.items()}
    if (inner := NESTED.get(key)) and LISTS[inner] in package.schemas:
        properties[inner] = _listed(inner, *_about(package.schemas[LISTS[inner]]))
    properties |= _evidence(package, table)
    if key in ("organisations", "events"):
        confirms = "Confirms that this is not the similar record already there."
        properties["new"] = _told("New", confirms, True, const=True)
    given = (*schema.primary_key, "policy_id")  # by us, or by the policy around it
    required = [name for name, field in columns.items() if field.required and field.name not in given]
    return _told(*_about(schema), **_object(required, properties))


def _evidence(package: Package, table: str) -> dict[str, Any]:
    """The keys that say where a record comes from."""
    names = list(columns_of(package, table))

    def reasons(title: str, description: str, example: str) -> dict[str, Any]:
        by_key = {"additionalProperties": _TEXT, "propertyNames": {"enum": names}}
        return _told(title, description, {names[1]: example}, type="object", minProperties=1, **by_key)

    where = "Key of each source that states this record → where in it."
    inferred = "Key → why its value follows although the source does not say it."
    claims = "What a source says about one cell, where sources differ or the cell needs a note."
    return {
        "sources": _told("Sources", where, {"a": "p3"}, type="object", minProperties=1, additionalProperties=LOCATOR),
        "locator": LOCATOR,
        "inferred": reasons("Inferred", inferred, "The page does not print it; it follows from the title."),
        "computed": reasons(
            "Computed", "Key → how its value was calculated.", "Sum of the two numbers that the page gives."
        ),
        "claims": _listed("claim", "Claims", claims),
    }


def _claim(package: Package) -> dict[str, Any]:
    fields = package.schemas["claims"].fields
    kinds = ["string", "number", "boolean", "array"]
    properties = {
        "field": _told("Field", "Key of the cell.", "start_date", type="string"),
        "value": _told("Value", "This source's value.", "2023-07-07", type=kinds),
        "source": {**_KEY, "title": "Source"},
        **{name: _property(package, "claims", fields[name], name) for name in ("locator", "basis", "rank", "note")},
    }
    return {"title": "Claim", **_object(["field", "value"], properties)}


def _correction(package: Package) -> dict[str, Any]:
    claim = _claim(package)
    tables = [table for table, schema in package.schemas.items() if len(schema.primary_key) == 1]
    which = {
        "table": _told("Table", "Table of the record.", "events", enum=tables),
        "record": _told("Record", "Identifier of the record.", "lao-ev-forum-2023", type="string"),
    }
    required = [*which, *claim["required"]]
    return {"title": "Correction", **_object(required, {**which, **claim["properties"]})}


def _source(package: Package) -> dict[str, Any]:
    fields = package.schemas["sources"].fields
    own = {name: _property(package, "sources", field, name) for name, field in fields.items()}
    required = [name for name, field in fields.items() if field.required and name not in ("source_id", "accessed_date")]
    return {"title": "Source", **_object(required, {"key": _KEY, **own})}


def _property(package: Package, table: str, field: Field, key: str) -> dict[str, Any]:
    """The JSON Schema of one key, from its column."""
    kind, description, example = kind_of(field), field.description, field.spec.get("example")
    target = package.schemas[table].target(field.name)
    link = {**_TEXT, "maxLength": 300}

    def bounds(*names: str) -> dict[str, Any]:
        return {name: field.constraints[name] for name in names if name in field.constraints}

    shape: dict[str, Any]
    if key != field.name:  # a link: by identifier or by name
        shape, description = link, f"{description} Identifier or name in {target}."
    elif target in PLACES:
        shape, description = link, f"{description} Code or name."
    elif kind == "code":
        shape, example = _codes(field), example or next(iter(field.categories))
    elif kind == "list":
        items = _codes(field) if field.categories else _TEXT
        shape = {"type": NATIVE[kind].json, "minItems": 1, "uniqueItems": True, "items": items}
        example = str(example or next(iter(field.categories), "...")).split(str(field.delimiter))
    elif kind == "partial_date":
        shape = {"type": ["string", "integer"], **bounds("pattern", "maxLength")}
    elif kind == "boolean":
        shape, example = {"type": NATIVE[kind].json}, example == "true"
    elif kind in ("integer", "number"):
        shape = {"type": NATIVE[kind].json, **bounds("minimum", "maximum")}
        example = int(example or 1) if kind == "integer" else float(example or 1)
    else:
        shape = {**_TEXT, **bounds("pattern", "maxLength")}
    return _told(field.spec.get("title", key), description, "..." if example is None else example, **shape)


def _codes(field: Field) -> dict[str, Any]:
    """The codes, and what each means in the words that editors show."""
    meanings = [f"**{item['label']}**: {item['description']}" for item in field.categories.values()]
    return {"enum": list(field.categories), "markdownEnumDescriptions": meanings}


def from_text(text: str, spec: dict[str, Any]) -> Any:
    """What a person typed into a form or a sheet, as the value that a document has for this key.

    A text that does not fit stays a text, for `documents.check` to explain.
    """
    kind = spec.get("type")
    if kind == "array":
        parts = re.split("[;,\n]" if "enum" in spec["items"] else "[;\n]", text)
        return [part.strip() for part in parts if part.strip()]
    if kind in ("integer", "number") and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", text):
        number = float(text)
        return int(number) if number.is_integer() else number
    if (kind == "boolean" or "const" in spec) and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text
