"""The second layer: `datapackage.json` and the schemas, checked with our own profile and each other."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcollab import package, positions, types
from evcollab.errors import MissingExtraError, did_you_mean
from evcollab.package import Schema
from evcollab.positions import Path as JsonPath
from evcollab.validation import files
from evcollab.validation.found import Found
from evcollab.validation.limits import Limits

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


@dataclass(frozen=True)
class Document:
    """A JSON file with the line of each of its keys."""

    file: str
    value: dict[str, Any]
    lines: dict[JsonPath, int]
    table: str = ""

    def report(self, found: Found, rule: str, path: JsonPath, message: str, value: Any = "") -> None:
        """Report a violation at a key, or at the nearest one that stands in the file."""
        place = path
        while place not in self.lines:
            place = place[:-1]
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
        found.add(rule, message, file=self.file, line=self.lines[place], column=pointer, table=self.table, value=shown)


@dataclass(frozen=True)
class Resource:
    """A table as the descriptor names it, with its schema if that can be used."""

    number: int
    name: str
    file: str
    schema: Schema | None
    spec: dict[str, Any]


@dataclass(frozen=True)
class Descriptor:
    """A descriptor that could be read, and those of its tables whose file has a safe path.

    Attributes:
        document: the file.
        resources: the tables.
        odd: tables that have another shape than the data format prescribes, so that their cells cannot be judged.
    """

    document: Document
    resources: list[Resource]
    odd: frozenset[str]

    @property
    def name(self) -> str:
        """Name of the package."""
        return str(self.document.value.get("name", ""))


def read(path: Path, found: Found, limits: Limits) -> Descriptor | None:
    """Check a descriptor and its schemas; None if it is not JSON."""
    root = path.parent
    document = _read_document(root, path.name, "", found, limits)
    if document is None:
        return None
    _check_profile(document, "package", (), document.value, found)
    resources: list[Resource] = []
    documents: list[tuple[Document, Schema]] = []
    listed = document.value.get("resources")
    names: set[str] = set()
    for number, spec in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(spec, dict) or not all(isinstance(spec.get(key), str) for key in ("name", "path", "schema")):
            continue
        name = spec["name"]
        if name in names:
            message = f"the name {name!r} is already that of another table"
            document.report(found, "descriptor-duplicate-name", ("resources", number, "name"), message, name)
            continue
        names.add(name)
        safe = [_is_safe(document, number, key, found) for key in ("path", "schema")]
        schema = None
        if safe[1]:
            described = _read_document(root, spec["schema"], name, found, limits)
            schema = _check_schema(described, found) if described else None
            if described and schema:
                documents.append((described, schema))
        if safe[0]:
            resources.append(Resource(number, name, spec["path"], schema, spec))
    _check_references(documents, names, found)
    return Descriptor(document, resources, _check_standard(path, document, documents, names, found))


def check_file(document: Document, resource: Resource, data: bytes, rows: int | None, found: Found) -> None:
    """Compare size, hash and number of records with what the descriptor says of a file."""
    actual: dict[str, Any] = {"hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "bytes": len(data), "rows": rows}
    for key in ("hash", "bytes", "rows"):
        stated = resource.spec.get(key)
        if stated is not None and actual[key] is not None and stated != actual[key]:
            path = ("resources", resource.number, key)
            message = f"{resource.file} has {actual[key]}; the descriptor says {stated}"
            document.report(found, f"resource-{key}", path, message, stated)
            break  # a file that was changed fails in all three: one message is enough


def _read_document(root: Path, file: str, table: str, found: Found, limits: Limits) -> Document | None:
    data = files.read_bytes(root, file, found, limits, table)
    text = None if data is None else files.decode(data, file, found, table)
    if text is None:
        return None
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        found.add("file-encoding", "is not UTF-8 text; save it as UTF-8", file=file, line=line, table=table)
        return None
    deepest, line = positions.depth(text)
    if deepest > limits.depth:
        message = f"is nested {deepest} levels deep; expected at most {limits.depth}"
        found.add("limit-exceeded", message, file=file, line=line, table=table)
        return None
    try:
        value, lines = positions.parse(text)
    except positions.JsonError as error:
        found.add("descriptor-json", f"is not JSON: {error}", file=file, line=error.line, table=table)
        return None
    if not isinstance(value, dict):
        found.add("descriptor-json", "is not a JSON object; expected { ... }", file=file, table=table)
        return None
    return Document(file, value, lines, table)


def _is_safe(document: Document, number: int, key: str, found: Found) -> bool:
    path = document.value["resources"][number][key]
    if files.is_safe(path):
        return True
    message = f"the {key} {path!r} is unsafe; expected a relative path inside the package"
    document.report(found, "descriptor-unsafe-path", ("resources", number, key), message, path)
    return False


# The profile


@cache
def _definitions() -> dict[str, Any]:
    profile = json.loads((Path(__file__).parent / "profile.json").read_text(encoding="utf-8"))
    return dict(profile["$defs"])


@cache
def _validator(name: str) -> Draft202012Validator:
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        raise MissingExtraError("validating a package", "validate") from None

    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": _definitions()})


def _check_profile(document: Document, name: str, at: JsonPath, value: Any, found: Found) -> list[JsonPath]:
    """Report where a value does not fit a part of the profile; return the places."""
    places = []
    for error in _validator(name).iter_errors(value):
        for path, message in EXPLAIN[str(error.validator)](error):
            place = (*at, *error.absolute_path, *path)
            here: Any = error.instance
            for part in path:
                here = here.get(part, "") if isinstance(here, dict) else here
            document.report(found, "descriptor-profile", place, message, "" if isinstance(here, dict | list) else here)
            places.append(place)
    return places


Explanation = Iterator[tuple[JsonPath, str]]


def _explain_unknown(error: ValidationError) -> Explanation:
    schema: Any = error.schema
    instance: Any = error.instance
    known = schema["properties"]
    for key in instance:
        if key not in known and not key.startswith("_"):
            yield (key,), f"there is no key {key!r} here{did_you_mean(key, known)}"


def _explain_missing(error: ValidationError) -> Explanation:
    missing = re.match(r"'(.*)' is a required", error.message)
    yield (), f"the key {missing[1] if missing else '?'!r} is missing"


def _explain_type(error: ValidationError) -> Explanation:
    words = {"string": "a text", "array": "a list [...]", "object": "an object {...}", "boolean": "true or false"}
    expected = words.get(str(error.validator_value), f"a value of type {error.validator_value}")
    yield (), f"is {_kind(error.instance)}; expected {expected}"


def _explain(template: str) -> Callable[[ValidationError], Explanation]:
    def explain(error: ValidationError) -> Explanation:
        expected = error.validator_value
        listed = ", ".join(map(str, expected)) if isinstance(expected, list) else json.dumps(expected)
        yield (), template.format(expected=listed)

    return explain


EXPLAIN: dict[str, Callable[[ValidationError], Explanation]] = {
    "additionalProperties": _explain_unknown,
    "required": _explain_missing,
    "type": _explain_type,
    "const": _explain("expected {expected}"),
    "enum": _explain("expected one of {expected}"),
    "pattern": _explain("has another form than expected: {expected}"),
    "minLength": _explain("is empty; expected a text"),
    "minItems": _explain("is empty; expected at least {expected} item"),
    "maxItems": _explain("has too many items; expected {expected}"),
    "uniqueItems": _explain("has an item twice"),
    "minimum": _explain("is too small; expected at least {expected}"),
}
"""JSON Schema keyword of the profile → how to say it."""


def _kind(value: Any) -> str:
    kinds = {str: "a text", list: "a list", dict: "an object", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


# One schema


def _check_schema(document: Document, found: Found) -> Schema | None:
    """Check a schema; return what of it can be used, or None."""
    spec = copy.deepcopy(document.value)
    bad = _check_profile(document, "schema", (), spec, found)
    fields = spec.get("fields")
    for number, field in enumerate(fields if isinstance(fields, list) else []):
        kind = field.get("type") if isinstance(field, dict) else None
        if isinstance(kind, str) and f"field-{kind}" in _definitions():
            bad += _check_profile(document, f"field-{kind}", ("fields", number), field, found)
    _check_version(document, found)
    for path in sorted(set(bad), key=len, reverse=True):
        _prune(spec, path)
    _drop_broken_keys(spec)
    if not _is_usable(spec):
        return None
    schema = Schema(document.table, document.file, spec)
    clean = not bad
    for number, field in enumerate(schema.spec["fields"]):
        clean &= _check_field(document, number, field, found)
    if len(schema.fields) < len(schema.spec["fields"]):
        seen: set[str] = set()
        for number, field in enumerate(schema.spec["fields"]):
            if field["name"] in seen:
                message = f"the name {field['name']!r} is already that of another column"
                document.report(found, "descriptor-duplicate-name", ("fields", number, "name"), message, field["name"])
            seen.add(field["name"])
        return None
    _check_keys(document, schema, found)
    return schema


def _prune(spec: Any, path: JsonPath) -> None:
    """Take out a key that is wrong, so that the rest can be used."""
    *way, last = path or ("",)
    for part in way:
        try:
            spec = spec[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(spec, dict):
        spec.pop(last, None)
    elif isinstance(spec, list) and isinstance(last, int) and last < len(spec):
        spec[last] = None


def _drop_broken_keys(spec: dict[str, Any]) -> None:
    """Take out keys of which a part was wrong."""

    def named(columns: Any) -> bool:
        return isinstance(columns, list) and all(isinstance(column, str) for column in columns) and bool(columns)

    if not named(spec.get("primaryKey")):
        spec.pop("primaryKey", None)
    for name in ("uniqueKeys", "foreignKeys"):
        if not isinstance(spec.get(name), list):
            spec.pop(name, None)
    if "uniqueKeys" in spec:
        spec["uniqueKeys"] = [key for key in spec["uniqueKeys"] if named(key)]
    if "foreignKeys" in spec:
        spec["foreignKeys"] = [
            key
            for key in spec["foreignKeys"]
            if isinstance(key, dict)
            and named(key.get("fields"))
            and isinstance(key.get("reference"), dict)
            and named(key["reference"].get("fields"))
        ]


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
    texts += [field.get(key, []) for field in fields for key in ("trueValues", "falseValues")]
    return (
        bool(fields)
        and all(isinstance(text, str) for listed in texts for text in listed)
        and all(isinstance(item, dict) and "value" in item for items in vocabularies for item in items)
        and all("delimiter" in field.get("list", {"delimiter": ""}) for field in fields)
    )


def _check_version(document: Document, found: Found) -> None:
    version = document.value.get("version")
    if isinstance(version, str) and re.match(r"[0-9]+\.", version) and int(version.split(".")[0][:9]) != package.FORMAT:
        message = f"the data format {version} is unknown; this evcollab knows format {package.FORMAT}"
        document.report(found, "descriptor-version", ("version",), message, version)


def _check_field(document: Document, number: int, field: dict[str, Any], found: Found) -> bool:
    """What a profile cannot say of a column: vocabularies, patterns, and the type of bounds. Tells if all is well."""
    before = len(found.issues)
    constraints = field.get("constraints", {})
    path: JsonPath = ("fields", number, "constraints")
    values = [item["value"] for item in field.get("categories", [])]
    enum = constraints.get("enum", [])
    if sorted(values) != sorted(enum):
        only = sorted(set(values) ^ set(enum))
        message = (
            f"differs from `categories` in {', '.join(only) or 'a value that stands twice'}; expected the same values"
        )
        document.report(found, "descriptor-enum-categories", (*path, "enum"), message, enum)
    pattern = constraints.get("pattern")
    problem = pattern and _pattern_problem(pattern)
    if problem:
        document.report(found, "descriptor-profile", (*path, "pattern"), problem, pattern)
        del constraints["pattern"]
    return len(found.issues) == before


def _pattern_problem(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"is not a regular expression: {error}"
    inner = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", "", pattern)
    depth = 0
    for letter in inner:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            return "has alternatives outside brackets, which bind the ends to one of them only; expected ^(a|b)$"
    return ""


def _check_keys(document: Document, schema: Schema, found: Found) -> None:
    spec = schema.spec
    keys: list[tuple[JsonPath, list[str]]] = [(("primaryKey",), spec.get("primaryKey", []))]
    keys += [(("uniqueKeys", number), key) for number, key in enumerate(spec.get("uniqueKeys", []))]
    keys += [
        (("foreignKeys", number, "fields"), key["fields"]) for number, key in enumerate(spec.get("foreignKeys", []))
    ]
    bad = False
    for path, columns in keys:
        for column in columns:
            if column not in schema.fields:
                bad = True
                message = f"there is no column {column!r} in {schema.table}{did_you_mean(column, schema.fields)}"
                document.report(found, "descriptor-key-column", path, message, column)
    if bad:  # the layers above get the keys that can be checked
        spec["primaryKey"] = [name for name in schema.spec.get("primaryKey", []) if name in schema.fields]
        spec["uniqueKeys"] = [key for key in spec.get("uniqueKeys", []) if set(key) <= schema.fields.keys()]
        spec["foreignKeys"] = [key for key in spec.get("foreignKeys", []) if set(key["fields"]) <= schema.fields.keys()]


# The schemas together


def _check_references(documents: list[tuple[Document, Schema]], names: set[str], found: Found) -> None:
    schemas = {schema.table: schema for _, schema in documents}
    for document, schema in documents:
        kept = []
        for key in schema.spec.get("foreignKeys", []):
            number = next(
                (n for n, other in enumerate(document.value["foreignKeys"]) if other == key), 0
            )  # the place in the file
            path: JsonPath = ("foreignKeys", number, "reference")
            target = key["reference"].get("resource") or schema.table
            column = key["reference"]["fields"][0]
            if target not in names:
                message = f"there is no table {target!r}{did_you_mean(target, names)}"
                document.report(found, "descriptor-key-table", (*path, "resource"), message, target)
            elif target in schemas and column not in schemas[target].fields:
                message = f"there is no column {column!r} in {target}{did_you_mean(column, schemas[target].fields)}"
                document.report(found, "descriptor-key-column", (*path, "fields"), message, column)
            elif target in schemas:
                kept.append(key)
        if len(kept) < len(schema.spec.get("foreignKeys", [])):
            schema.spec["foreignKeys"] = kept


def _check_standard(
    path: Path, document: Document, documents: list[tuple[Document, Schema]], names: set[str], found: Found
) -> frozenset[str]:
    """Compare with the tables and columns that come with evcollab: others may be added, none may be missing.

    Returns:
        The tables whose columns or identifiers are not those of the data format.
    """
    home = package.find()
    listed = json.loads(home.read_text(encoding="utf-8"))["resources"]
    if isinstance(document.value.get("resources"), list):
        for resource in listed:
            if resource["name"] not in names:
                message = f"the table {resource['name']!r} is missing"
                document.report(found, "descriptor-standard", ("resources",), message)
    files_of = {resource["name"]: resource["schema"] for resource in listed}
    odd = set()
    for described, schema in documents:
        if schema.table not in files_of:
            continue
        spec = json.loads((home.parent / files_of[schema.table]).read_text(encoding="utf-8"))
        clean = not found.in_file(described.file)
        for severe, place, message in _differences(described, schema, Schema(schema.table, described.file, spec)):
            if severe:
                odd.add(schema.table)
            if clean:
                described.report(found, "descriptor-standard", place, message)
    return frozenset(odd)


def _differences(document: Document, schema: Schema, standard: Schema) -> Iterator[tuple[bool, JsonPath, str]]:
    """How a schema differs from the standard one; True marks what rules on the table cannot do without."""
    columns = list(schema.fields)
    same_version = document.value.get("version") == standard.spec["version"]
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
            mine = document.value.get(key)
            if not isinstance(mine, list) or item not in mine:
                yield False, (key,), f"lacks {json.dumps(item)}"
