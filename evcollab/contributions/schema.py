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

_KEY = {
    "title": "Key",
    "description": "Short word by which this document refers to the source.",
    "type": "string",
    "minLength": 1,
    "examples": ["a"],
}
LOCATOR = {
    "title": "Locator",
    "type": "string",
    "minLength": 1,
    "maxLength": 100,
    "description": "Where in the document: p3 for the third paragraph, title, page 12, table 2, art. 5.",
    "examples": ["p3"],
}
_REASONS = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string", "minLength": 1}}


def columns_of(package: Package, table: str) -> dict[str, Field]:
    """The columns of a table by the key that a document uses for them."""
    return {document_key(package, table, name): field for name, field in package.schemas[table].fields.items()}


def document_key(package: Package, table: str, column: str) -> str:
    """The key that a document uses for a column: links are written without `_id`."""
    target = package.schemas[table].foreign_keys.get(column, ("", ""))[0]
    return (
        column.removesuffix("_id") if target in LINKED and column not in package.schemas[table].primary_key else column
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
    definitions = {key: _record(package, key) for key in there}
    definitions["source"] = _source(package)
    definitions["claim"] = _claim(package)
    definitions["correction"] = _correction(package)

    def listed(name: str, description: str) -> dict[str, Any]:
        items = {"$ref": f"#/$defs/{name}"}
        title = definitions[name]["title"] + ("" if name in LISTS else "s")
        return {"title": title, "type": "array", "minItems": 1, "description": description, "items": items}

    tables = {key: listed(key, _about(package.schemas[LISTS[key]])["description"]) for key in there if key in TOP}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "evcollab contribution",
        "description": "One or more sources, and what they say about electric-vehicle collaboration.",
        "type": "object",
        "additionalProperties": False,
        "required": ["sources"],
        "properties": {
            "sources": listed("source", "The documents that everything below rests on."),
            **tables,
            "corrections": listed("correction", "What a source says about a cell that is already in the register."),
        },
        "$defs": definitions,
    }


def _record(package: Package, key: str) -> dict[str, Any]:
    table = LISTS[key]
    schema = package.schemas[table]
    skip = {"participants": {"participant_id", "event"}}.get(key, set())
    columns = {name: field for name, field in columns_of(package, table).items() if name not in skip}
    properties = {name: _property(package, table, field, name) for name, field in columns.items()}
    inner = NESTED.get(key)
    if inner and LISTS[inner] in package.schemas:
        properties[inner] = {
            **_about(package.schemas[LISTS[inner]]),
            "type": "array",
            "minItems": 1,
            "items": {"$ref": f"#/$defs/{inner}"},
        }
    properties |= _evidence(package, table)
    if key in ("organisations", "events"):
        properties["new"] = {
            "title": "New",
            "description": "Confirms that this is not the similar record already there.",
            "const": True,
            "examples": [True],
        }
    required = [
        name
        for name, field in columns.items()
        if field.required and field.name not in schema.primary_key and name != "policy"
    ]
    return {
        **_about(schema),
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


def _about(schema: Schema) -> dict[str, str]:
    """What a table is called, and what it holds."""
    return {"title": schema.spec.get("title", schema.table), "description": schema.spec.get("description", "")}


def _evidence(package: Package, table: str) -> dict[str, Any]:
    """The keys that say where a record comes from."""
    names = list(columns_of(package, table))
    reasons = {**_REASONS, "propertyNames": {"enum": names}}
    return {
        "sources": {
            "title": "Sources",
            "type": "object",
            "minProperties": 1,
            "description": "Key of each source that states this record → where in it.",
            "additionalProperties": LOCATOR,
            "examples": [{"a": "p3"}],
        },
        "locator": LOCATOR,
        "inferred": {
            "title": "Inferred",
            "description": "Key → why its value follows although the source does not say it.",
            **reasons,
            "examples": [{names[1]: "The page does not print it; it follows from the title."}],
        },
        "computed": {
            "title": "Computed",
            "description": "Key → how its value was calculated.",
            **reasons,
            "examples": [{names[1]: "Sum of the two numbers that the page gives."}],
        },
        "claims": {
            "title": "Claims",
            "type": "array",
            "minItems": 1,
            "description": "What a source says about one cell, where sources differ or the cell needs a note.",
            "items": {"$ref": "#/$defs/claim"},
        },
    }


def _claim(package: Package) -> dict[str, Any]:
    fields = package.schemas["claims"].fields
    plain = {name: _property(package, "claims", fields[name], name) for name in ("locator", "basis", "rank", "note")}
    return {
        "title": "Claim",
        "type": "object",
        "additionalProperties": False,
        "required": ["field", "value"],
        "properties": {
            "field": {
                "title": "Field",
                "description": "Key of the cell.",
                "type": "string",
                "examples": ["start_date"],
            },
            "value": {
                "title": "Value",
                "description": "This source's value.",
                "type": ["string", "number", "boolean", "array"],
                "examples": ["2023-07-07"],
            },
            "source": {**_KEY, "title": "Source"},
            **plain,
        },
    }


def _correction(package: Package) -> dict[str, Any]:
    claim = _claim(package)
    tables = {
        "title": "Table",
        "description": "Table of the record.",
        "enum": [table for table, schema in package.schemas.items() if len(schema.primary_key) == 1],
        "examples": ["events"],
    }
    record = {
        "title": "Record",
        "description": "Identifier of the record.",
        "type": "string",
        "examples": ["lao-ev-forum-2023"],
    }
    return {
        **claim,
        "title": "Correction",
        "required": ["table", "record", *claim["required"]],
        "properties": {"table": tables, "record": record, **claim["properties"]},
    }


def _source(package: Package) -> dict[str, Any]:
    fields = package.schemas["sources"].fields
    own = {name: _property(package, "sources", field, name) for name, field in fields.items()}
    required = [name for name, field in fields.items() if field.required and name not in ("source_id", "accessed_date")]
    return {
        "title": "Source",
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": {"key": _KEY, **own},
    }


def _property(package: Package, table: str, field: Field, key: str) -> dict[str, Any]:
    """The JSON Schema of one key, from its column."""
    kind = kind_of(field)
    spec: dict[str, Any] = {"title": field.spec.get("title", key), "description": field.description}
    bounds: dict[str, Any] = {
        name: field.constraints[name] for name in ("minimum", "maximum") if name in field.constraints
    }
    form: dict[str, Any] = {
        name: field.constraints[name] for name in ("pattern", "maxLength") if name in field.constraints
    }
    example: Any = field.spec.get("example")
    if key != field.name:  # a link: by identifier or by name
        target = package.schemas[table].foreign_keys[field.name][0]
        spec["description"] = f"{field.description} Identifier or name in {target}."
        shape: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 300}
    elif package.schemas[table].foreign_keys.get(field.name, ("", ""))[0] in PLACES:
        spec["description"] = f"{field.description} Code or name."
        shape = {"type": "string", "minLength": 1, "maxLength": 300}
    elif kind == "code":
        shape, example = {"enum": list(field.categories), **_meanings(field)}, example or next(iter(field.categories))
    elif kind == "list":
        items = (
            {"enum": list(field.categories), **_meanings(field)}
            if field.categories
            else {"type": "string", "minLength": 1}
        )
        shape = {"type": NATIVE[kind].json, "minItems": 1, "uniqueItems": True, "items": items}
        example = str(example or next(iter(field.categories), "...")).split(str(field.delimiter))
    elif kind == "partial_date":
        shape = {"type": ["string", "integer"], **form}
    elif kind == "integer":
        shape, example = {"type": NATIVE[kind].json, **bounds}, int(example or 1)
    elif kind == "number":
        shape, example = {"type": NATIVE[kind].json, **bounds}, float(example or 1)
    elif kind == "boolean":
        shape, example = {"type": NATIVE[kind].json}, example == "true"
    else:
        shape = {"type": "string", "minLength": 1, **form}
    return {**spec, **shape, "examples": ["..." if example is None else example]}


def _meanings(field: Field) -> dict[str, Any]:
    """What each code means, in the words that editors show."""
    return {
        "markdownEnumDescriptions": [
            f"**{item['label']}**: {item['description']}" for item in field.categories.values()
        ]
    }


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
