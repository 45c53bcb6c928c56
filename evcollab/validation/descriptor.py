"""What validation adds to the reading of descriptor and schemas: do they fit themselves and the data format?"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

from evcollab import names, package, types
from evcollab.issues import Issue
from evcollab.package import Package
from evcollab.positions import Document, Path
from evcollab.tableschema import Field, Schema
from evcollab.urls import is_private
from evcollab.validation.wordings import FILLS_UP, SAYS_NOTHING

_CREATIVE_COMMONS = re.compile(r"https?://(?:www\.)?creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/([0-9.]+)")
_OTHER_LICENCE = re.compile(
    r"https?://(?:www\.)?(?:opensource\.org/licenses?|spdx\.org/licenses)/([A-Za-z0-9.+-]+?)(?:\.html)?/?$"
)
_LICENCE_WORDS = {
    "SA": re.compile(r"share ?-?alike", re.IGNORECASE),
    "NC": re.compile(r"non-?commercial", re.IGNORECASE),
    "ND": re.compile(r"no-?deriv", re.IGNORECASE),
    "BY": re.compile(r"attribution", re.IGNORECASE),
    "CC0": re.compile(r"\b(zero|cc0)\b", re.IGNORECASE),
}
_NOTHING = re.compile(f"{SAYS_NOTHING}|{FILLS_UP.removeprefix('(?i)')}")
_FIRST_YEAR = 2000
Difference = tuple[bool, Path, str]


def compare(read: Package, found: list[Issue]) -> tuple[list[Issue], frozenset[str]]:
    """Compare with the tables and columns that come with evcollab.

    Tables may be added and left out; of a table that is there, columns may be added, but none may be missing.

    Args:
        read: the package.
        found: what is known to be wrong with it: of a schema with problems nothing more is said.

    Returns:
        What differs, and the tables whose columns or identifiers are not those of the data format.
    """
    issues: list[Issue] = []
    odd: set[str] = set()
    flawed = {issue.file for issue in found}
    standard = package.standard().schemas
    for number, resource in enumerate(_listed(read.document.value, "resources")):
        name = resource.get("name")
        meant = [table for table in standard.keys() - read.files.keys() if names.similar(table, str(name))]
        if name in read.files and meant:
            message = f"{name!r} is not a table of the data format; did you mean {meant[0]!r}?"
            issues.append(read.document.issue("descriptor-standard", ("resources", number, "name"), message, name))
    for table, expected in standard.items():
        schema = read.schemas.get(table)
        if schema is None or schema.document is None:
            continue
        for severe, place, message in _differences(schema, expected):
            if severe:
                odd.add(table)
            if schema.file not in flawed:
                issues.append(schema.document.issue("descriptor-standard", place, message))
    return issues, frozenset(odd)


def contradictions(read: Package, today: dt.date) -> Iterator[Issue]:
    """What a descriptor and its schemas say against themselves, against the calendar or against a licence."""
    yield from _licence_problems(read)
    yield from _empty_words(read)
    created = read.descriptor.get("created")
    if isinstance(created, str) and not _is_moment(created, today):
        message = f"{created!r} is not a time from {_FIRST_YEAR} until today; expected one such as 2026-11-20T00:00:00Z"
        yield read.document.issue("descriptor-created", ("created",), message, created)
    for schema in read.schemas.values():
        for number, field in enumerate(schema.fields.values()):
            if schema.document is not None:
                for rule, key, message in _field_contradictions(field):
                    yield schema.document.issue(rule, ("fields", number, key), message, field.spec[key])


def _licence_problems(read: Package) -> Iterator[Issue]:
    for number, licence in enumerate(_listed(read.descriptor, "licenses")):
        name, title = str(licence.get("name") or ""), str(licence.get("title") or "")
        meant = _licence_at(str(licence.get("path") or ""))
        if meant and name and name.upper() != meant.upper():
            message = f"{name!r} is not the licence at its `path`, which is {meant}"
            yield read.document.issue("descriptor-licence", ("licenses", number, "name"), message, name)
        words = {code for code, word in _LICENCE_WORDS.items() if word.search(title)}
        if name.startswith("CC") and words and words != {code for code in _LICENCE_WORDS if code in name.split("-")}:
            message = f"{title!r} is not the title of {name}"
            yield read.document.issue("descriptor-licence", ("licenses", number, "title"), message, title)


def _licence_at(address: str) -> str:
    """The name of the licence that an address leads to; empty if it is none that is known."""
    match = _CREATIVE_COMMONS.match(address)
    if match:
        work = "CC" if match[1] == "licenses" else ""
        meant = "-".join(part for part in (work, match[2].upper(), match[3]) if part)
        return {"ZERO-1.0": "CC0-1.0", "MARK-1.0": "PDM-1.0"}.get(meant, meant)
    match = _OTHER_LICENCE.match(address)
    return match[1] if match else ""


def _empty_words(read: Package) -> Iterator[Issue]:
    """Placeholders where a title or a description stands, and addresses that lead to no public page."""
    for document, place, key, value in _words(read):
        if _NOTHING.search(value) and key != "path":
            message = f"{value!r} says nothing; expected words that say what it is"
            yield document.issue("descriptor-placeholder", place, message, value)
        elif key in ("path", "homepage") and is_private(value):
            message = f"{value!r} leads to no public page"
            yield document.issue("descriptor-placeholder", place, message, value)


def _words(read: Package) -> Iterator[tuple[Document, Path, str, str]]:
    files = [(schema.document, schema.spec) for schema in read.schemas.values() if schema.document is not None]
    for document, spec in ((read.document, read.descriptor), *files):
        lists = [key for key in ("licenses", "contributors", "sources", "resources", "fields") if key in spec]
        places = [((key, number), item) for key in lists for number, item in enumerate(_listed(spec, key))]
        for place, item in (((), spec), *places):
            for key in ("title", "description", "homepage", "path"):
                if isinstance(item.get(key), str) and not (key == "path" and place[:1] == ("resources",)):
                    yield document, (*place, key), key, item[key]
    for number, word in enumerate(read.descriptor.get("keywords") or ()):
        if isinstance(word, str):
            yield read.document, ("keywords", number), "keywords", word


def _listed(descriptor: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = descriptor.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _codes(field: Field) -> list[dict[str, Any]]:
    return list(field.spec.get("list", field.spec).get("categories", []))


def _is_moment(text: str, today: dt.date) -> bool:
    try:
        day = dt.datetime.fromisoformat(text).date()
    except ValueError:
        return False
    return dt.date(_FIRST_YEAR, 1, 1) <= day <= today + dt.timedelta(days=1)


def _field_contradictions(field: Field) -> Iterator[tuple[str, str, str]]:
    """The rule, the key and the message of what a column says against itself."""
    both = set(field.spec.get("trueValues", ())) & set(field.spec.get("falseValues", ()))
    if both:
        yield "descriptor-boolean", "falseValues", f"{min(both)!r} is among `trueValues` too"
    example = field.spec.get("example")
    if isinstance(example, str):
        problem = _misfit(example, field)
        if problem:
            yield "descriptor-example", "example", f"{example!r} does not fit its own column: expected {problem}"


def _misfit(text: str, field: Field) -> str:
    """What was expected of a text that the column would refuse; empty if it fits."""
    try:
        types.parse(text, field)
    except ValueError as error:
        return str(error)
    longest = field.constraints.get("maxLength")
    return f"at most {longest} characters" if longest is not None and len(text) > longest else ""


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
        elif field.spec.get("categoriesOrdered") and not expected.spec.get("categoriesOrdered") and expected.categories:
            yield False, (*place, "categoriesOrdered"), f"{name!r} has no order; expected none, or false"
        elif expected.spec.get("categoriesOrdered"):
            if not field.spec.get("categoriesOrdered"):
                yield False, (*place, "categoriesOrdered"), f"{name!r} must stay ordered; expected true"
            if [code for code in field.categories if code in expected.categories] != list(expected.categories):
                message = f"the order of {name!r} differs; expected {' < '.join(expected.categories)}"
                yield False, (*place, "categories"), message
        for fact in sorted({key for code in _codes(expected) for key in code if key.startswith("_")}):
            own = field.facts(fact[1:])
            wrong = [code for code, said in expected.facts(fact[1:]).items() if own.get(code) != said]
            if wrong:
                yield False, (*place, "categories"), f"{fact!r} of {name!r} differs at {', '.join(wrong)}"
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
