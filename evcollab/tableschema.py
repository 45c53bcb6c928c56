"""One Table Schema: its columns and keys, read leniently, so that nothing above meets a value of a wrong kind."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from evcollab import jsonschemas
from evcollab.errors import UnknownNameError, did_you_mean
from evcollab.issues import Issue
from evcollab.jsonschemas import Violation
from evcollab.limits import DEFAULT, Limits
from evcollab.positions import Document
from evcollab.positions import Path as Place

FORMAT = 1
"""Major version of the data format (the `version` of the Table Schemas) that this code understands."""
PRECISION = "_precision"
"""End of the name of the column that tells how exact a partial date is."""


@dataclasses.dataclass(frozen=True)
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
        return {
            item["value"]: {"label": item.get("label", item["value"]), "description": item.get("description", "")}
            for item in self.spec.get("list", self.spec).get("categories", [])
        }

    def facts(self, name: str) -> dict[str, Any]:
        """Code → what the schema says of it in the private property `_name`, if it says something."""
        items = self.spec.get("list", self.spec).get("categories", [])
        return {item["value"]: item[f"_{name}"] for item in items if item.get(f"_{name}")}


@dataclasses.dataclass(frozen=True)
class Schema:
    """A Table Schema, with the place of its file.

    Attributes:
        table: name of the table.
        file: path of the schema file, relative to the package.
        spec: the schema as in its file, without what is of a wrong kind.
        document: the file; None if the schema was made in another way.
    """

    table: str
    file: str
    spec: dict[str, Any]
    document: Document | None = dataclasses.field(default=None, repr=False, compare=False)

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
        return list(self.spec.get("primaryKey", []))

    @cached_property
    def unique_keys(self) -> list[list[str]]:
        """Further sets of columns that must not repeat."""
        return [list(key) for key in self.spec.get("uniqueKeys", [])]

    @cached_property
    def foreign_keys(self) -> dict[str, tuple[str, str]]:
        """Column → the table and column that it points at (single-column keys)."""
        return {
            key["fields"][0]: (key["reference"].get("resource") or self.table, key["reference"]["fields"][0])
            for key in self.spec.get("foreignKeys", [])
        }

    def target(self, column: str) -> str:
        """The table that a column points at; empty if it is not a link."""
        return self.foreign_keys.get(column, ("", ""))[0]

    @cached_property
    def missing_values(self) -> frozenset[str]:
        """The texts that stand for a missing value."""
        return frozenset(self.spec.get("missingValues", [""]))


# Reading one


@cache
def definitions() -> dict[str, Any]:
    """The parts of the profile of descriptors and schemas."""
    profile = json.loads((Path(__file__).parent / "profile.json").read_text(encoding="utf-8"))
    return dict(profile["$defs"])


@cache
def _words() -> frozenset[str]:
    """All keys that have a meaning in some column."""
    found: set[str] = set()
    for name, part in definitions().items():
        if name.startswith("field-"):
            for inner in (part, part["properties"].get("list", {}), part["properties"]["constraints"]):
                found |= inner.get("properties", {}).keys()
    return frozenset(found)


_HARMLESS = {
    "$schema", "created", "description", "example", "format", "hash", "homepage", "keywords", "mediatype", "title",
}  # fmt: skip
"""Keys that may be left out of account when their value has the right type, but not the right form."""


def is_severe(violation: Violation) -> bool:
    """Whether a document cannot be read rightly because of a violation. Others are for the validator to tell."""
    if violation.keyword == "required":
        return violation.instance in violation.schema.get("needed", ())
    if violation.keyword == "additionalProperties":
        return violation.instance in _words()
    return violation.keyword == "type" or not (set(violation.place[-1:]) | set(violation.place[-2:-1])) & _HARMLESS


def check_profile(document: Document, name: str, value: Any, place: Place = ()) -> Iterator[tuple[Violation, Issue]]:
    """What in a part of a document does not fit a part of the profile."""
    for violation in jsonschemas.violations(value, {"$ref": f"#/$defs/{name}"}, definitions(), place):
        about_key = violation.keyword in ("required", "additionalProperties")
        shown = "" if about_key or isinstance(violation.instance, dict | list) else violation.instance
        severity: Any = "error" if is_severe(violation) else "warning"
        message = jsonschemas.explain(violation)
        yield violation, document.issue("descriptor-profile", violation.place, message, shown, severity)


def examine(document: Document, limits: Limits = DEFAULT) -> tuple[Schema | None, list[Issue]]:
    """Read a schema.

    Returns:
        What of it can be used, or None; and all that is wrong with it. A problem of severity `error` means that the
        table cannot be read as its author meant it.
    """
    spec = copy.deepcopy(document.value)
    fields = spec.get("fields")
    beyond = _beyond_limits(document, fields if isinstance(fields, list) else [], limits)
    if beyond:
        return None, beyond
    checked = list(check_profile(document, "schema", spec))
    for number, field in enumerate(fields if isinstance(fields, list) else []):
        kind = field.get("type") if isinstance(field, dict) else None
        if isinstance(kind, str) and f"field-{kind}" in definitions():
            checked += check_profile(document, f"field-{kind}", field, ("fields", number))
    found = [issue for _, issue in checked]
    found += _version_problems(document)
    prune(spec, [violation.place for violation, _ in checked if is_pruned(violation)])
    _drop_broken_keys(spec)
    if not _is_usable(spec):
        return None, found
    names = [field["name"] for field in spec["fields"]]
    names += [field["name"] + PRECISION for field in spec["fields"] if "partialDate" in field]
    for number, name in enumerate(names):
        if name in names[:number]:
            message = f"the name {name!r} is already that of another column"
            found.append(document.issue("descriptor-duplicate-name", ("fields", number, "name"), message, name))
    if len(set(names)) < len(names):
        return None, found
    for number, field in enumerate(spec["fields"]):
        found += _field_problems(document, number, field)
    schema = Schema(document.table, document.file, spec, document)
    found += _key_problems(document, schema)
    return schema, found


def _beyond_limits(document: Document, fields: list[Any], limits: Limits) -> list[Issue]:
    def report(place: Place, what: str, limit: int) -> list[Issue]:
        return [document.issue("limit-exceeded", place, f"has {what}; expected at most {limit:,}")]

    if len(fields) > limits.columns:
        return report(("fields",), f"{len(fields):,} columns", limits.columns)
    for number, field in enumerate(fields):
        if isinstance(field, dict):
            inner = [field.get("list"), field.get("constraints"), field]
            listed = [part.get(key) for part in inner if isinstance(part, dict) for key in ("categories", "enum")]
            longest = max((len(codes) for codes in listed if isinstance(codes, list)), default=0)
            if longest > limits.codes:
                return report(("fields", number), f"{longest:,} codes", limits.codes)
    return []


def is_pruned(violation: Violation) -> bool:
    """Unknown keys stay: they are somebody's, and nothing reads them."""
    return violation.keyword != "required" and (violation.keyword != "additionalProperties" or is_severe(violation))


def prune(spec: Any, places: list[Place]) -> None:
    """Take out the parts at these places, so that the rest can be used."""
    for *way, last in sorted(set(places), key=len, reverse=True):
        part = spec
        for step in way:
            part = part[step]
        if isinstance(part, dict):
            part.pop(last, None)
        else:
            part[last] = None


def _drop_broken_keys(spec: dict[str, Any]) -> None:
    """Take out keys of which a part was wrong."""

    def named(columns: Any) -> bool:
        return isinstance(columns, list) and all(isinstance(column, str) for column in columns) and bool(columns)

    if not named(spec.get("primaryKey")):
        spec.pop("primaryKey", None)
    if "uniqueKeys" in spec:
        spec["uniqueKeys"] = [key for key in spec["uniqueKeys"] if named(key)]
    if "foreignKeys" in spec:
        links = [key for key in spec["foreignKeys"] if isinstance(key, dict) and named(key.get("fields"))]
        spec["foreignKeys"] = [key for key in links if named(key.get("reference", {}).get("fields"))]


def _is_usable(spec: dict[str, Any]) -> bool:
    """Whether columns have names and types, and no wrong part is left where the layers above would look."""
    fields = spec.get("fields")
    if not isinstance(fields, list) or not all(
        isinstance(field, dict) and isinstance(field.get("name"), str) and isinstance(field.get("type"), str)
        for field in fields
    ):
        return False
    vocabularies = [field.get("list", field).get("categories", []) for field in fields]
    texts = [spec.get("missingValues", [""])]
    texts += [field.get("constraints", {}).get("enum", []) for field in fields]
    texts += [field.get(key, ["-"]) for field in fields for key in ("trueValues", "falseValues")]
    return (
        bool(fields)
        and all(listed is not None and all(isinstance(text, str) for text in listed) for listed in texts)
        and all(isinstance(item, dict) and "value" in item for items in vocabularies for item in items)
        and all("delimiter" in field.get("list", {"delimiter": ""}) for field in fields)
    )


def _version_problems(document: Document) -> Iterator[Issue]:
    version = document.value.get("version")
    if not isinstance(version, str) or not re.match(r"[0-9]{1,6}\.", version):
        return
    major = int(version.split(".")[0])
    if major > FORMAT:
        message = (
            f"the data format {version} is newer than this evcollab, which reads format {FORMAT}: "
            "upgrade it with  python -m pip install --upgrade evcollab"
        )
        yield document.issue("descriptor-version", ("version",), message, version)
    elif major < FORMAT:
        message = f"the data format {version} is unknown; this evcollab knows format {FORMAT}"
        yield document.issue("descriptor-version", ("version",), message, version, "warning")


def _field_problems(document: Document, number: int, field: dict[str, Any]) -> Iterator[Issue]:
    """What a profile cannot say of a column: vocabularies and patterns. A pattern that cannot be used is taken out."""
    constraints = field.get("constraints", {})
    place: Place = ("fields", number, "constraints")
    values = [item["value"] for item in field.get("categories", [])]
    enum = constraints.get("enum", [])
    if sorted(values) != sorted(enum):
        only = ", ".join(sorted(set(values) ^ set(enum))[:20]) or "a value that appears twice"
        message = f"differs from `categories` in {only}; expected the same values"
        yield document.issue("descriptor-enum-categories", (*place, "enum"), message, enum, "warning")
    pattern = constraints.get("pattern")
    problem = pattern and _pattern_problem(pattern)
    if problem:
        yield document.issue("descriptor-profile", (*place, "pattern"), problem, pattern, "warning")
        del constraints["pattern"]


def _pattern_problem(pattern: str) -> str:
    if len(pattern) > 1000:
        return f"has {len(pattern):,} characters; expected at most 1,000"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError, MemoryError) as error:
        return f"is not a regular expression: {error}"
    inner = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "", pattern)
    depth = 0
    for letter in inner:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            return "has alternatives outside brackets, which bind the ends to one of them only; expected ^(a|b)$"
    return ""


def _key_problems(document: Document, schema: Schema) -> Iterator[Issue]:
    """Keys on columns that do not exist; they are taken out."""
    spec = schema.spec
    keys: list[tuple[Place, list[str]]] = [(("primaryKey",), spec.get("primaryKey", []))]
    keys += [(("uniqueKeys", number), key) for number, key in enumerate(spec.get("uniqueKeys", []))]
    links = enumerate(spec.get("foreignKeys", []))
    keys += [(("foreignKeys", number, "fields"), key["fields"]) for number, key in links]
    unknown = [(place, column) for place, columns in keys for column in columns if column not in schema.fields]
    for place, column in unknown:
        message = f"there is no column {column!r} in {schema.table}{did_you_mean(column, schema.fields)}"
        yield document.issue("descriptor-key-column", place, message, column)
    if not unknown:
        return
    spec["primaryKey"] = [name for name in spec.get("primaryKey", []) if name in schema.fields]
    spec["uniqueKeys"] = [key for key in spec.get("uniqueKeys", []) if set(key) <= schema.fields.keys()]
    spec["foreignKeys"] = [key for key in spec.get("foreignKeys", []) if set(key["fields"]) <= schema.fields.keys()]


def reference_problems(schemas: dict[str, Schema], tables: set[str]) -> Iterator[Issue]:
    """Foreign keys to tables or columns that do not exist; they are taken out.

    Args:
        schemas: the schemas that can be used; one with such a key is replaced.
        tables: all tables of the package.
    """
    for name, schema in schemas.items():
        document, listed = schema.document, schema.spec.get("foreignKeys", [])
        assert document is not None
        kept = []
        for key in listed:
            target, column = key["reference"].get("resource") or schema.table, key["reference"]["fields"][0]
            place = _place_of(document, key)
            if target not in tables:
                message = f"there is no table {target!r}{did_you_mean(target, tables)}"
                yield document.issue("descriptor-key-table", (*place, "resource"), message, target)
            elif target in schemas and column not in schemas[target].fields:
                message = f"there is no column {column!r} in {target}{did_you_mean(column, schemas[target].fields)}"
                yield document.issue("descriptor-key-column", (*place, "fields"), message, column)
            elif target in schemas:
                kept.append(key)
        if kept != listed:
            schemas[name] = dataclasses.replace(schema, spec={**schema.spec, "foreignKeys": kept})


def _place_of(document: Document, key: dict[str, Any]) -> Place:
    """The reference of a key in the file, where it may have parts that were taken out."""
    listed = document.value["foreignKeys"]
    same = (n for n, item in enumerate(listed) if isinstance(item, dict) and item.get("fields") == key["fields"])
    return ("foreignKeys", next(same, 0), "reference")
