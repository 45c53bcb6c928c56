"""JSON Schema: what does not fit, and how to say it.

Only the keywords of our own profile of descriptors are known, in which every part with a limit has a type. It is here
because loading a package must be as careful as validating it and needs nothing but pandas; a test holds it equal to the
library jsonschema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from evcollab.errors import did_you_mean
from evcollab.positions import Path


@dataclass(frozen=True)
class Violation:
    """A part of a document that does not fit its schema.

    Attributes:
        place: where it is, from the top of the document.
        keyword: the keyword of JSON Schema that it violates.
        expected: the value of that keyword.
        instance: the part itself; for a key that is missing or unknown, the name of the key.
        schema: the schema of the part; for a key that is missing or unknown, that of what is around it.
    """

    place: Path
    keyword: str
    expected: Any
    instance: Any
    schema: Mapping[str, Any]


def violations(value: Any, schema: Any, definitions: Mapping[str, Any], place: Path = ()) -> Iterator[Violation]:
    """Everything in a value that does not fit a schema. Of a value of another type nothing else is said."""
    while isinstance(schema, dict) and "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    if schema is True:
        return
    if "type" in schema and not _TYPES[schema["type"]][0](value):
        yield Violation(place, "type", schema["type"], value, schema)
        return
    for keyword, (fits, _) in _KEYWORDS.items():
        if keyword in schema and not fits(value, schema[keyword]):
            yield Violation(place, keyword, schema[keyword], value, schema)
            break
    if isinstance(value, dict):
        yield from _object_violations(value, schema, definitions, place)
    elif isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from violations(item, schema["items"], definitions, (*place, number))


def _object_violations(
    value: dict[str, Any], schema: Mapping[str, Any], definitions: Mapping[str, Any], place: Path
) -> Iterator[Violation]:
    known = schema.get("properties", {})
    for key in schema.get("required", ()):
        if key not in value:
            yield Violation(place, "required", schema["required"], key, schema)
    free = [re.compile(pattern) for pattern in schema.get("patternProperties", {})]
    for key, inner in value.items():
        if key in known:
            yield from violations(inner, known[key], definitions, (*place, key))
        elif schema.get("additionalProperties") is False and not any(pattern.search(key) for pattern in free):
            yield Violation((*place, key), "additionalProperties", False, key, schema)


def explain(violation: Violation) -> str:
    """What is wrong and what would be right, as the end of a sentence that begins with the place."""
    if violation.keyword == "additionalProperties":
        key, known = violation.instance, violation.schema["properties"]
        return f"there is no key {key!r} here{did_you_mean(key, known)}"
    if violation.keyword == "required":
        return f"the key {violation.instance!r} is missing"
    if violation.keyword == "type":
        return f"is {_kind(violation.instance)}; expected {_TYPES[violation.expected][1]}"
    return _KEYWORDS[violation.keyword][1](violation)


_TYPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "string": (lambda value: isinstance(value, str), "a text"),
    "array": (lambda value: isinstance(value, list), "a list [...]"),
    "object": (lambda value: isinstance(value, dict), "an object {...}"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "integer": (lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"),
    "number": (lambda value: isinstance(value, int | float) and not isinstance(value, bool), "a number"),
}
"""Type → whether a value has it, and how it is called."""


def _kind(value: Any) -> str:
    kinds = {str: "a text", list: "a list", dict: "an object", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value, ensure_ascii=False)


def _say_enum(violation: Violation) -> str:
    near = did_you_mean(str(violation.instance), map(str, violation.expected))
    return f"is not allowed{near}" if "did you mean" in near else f"expected one of {_shown(violation.expected)}"


def _say_pattern(violation: Violation) -> str:
    examples = violation.schema.get("examples")
    return "has another form than expected: " + (f"for example {examples[0]!r}" if examples else violation.expected)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of which `$` is the very end of a text, as in JSON Schema, and not a line feed before it."""
    return re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)


_KEYWORDS: dict[str, tuple[Callable[[Any, Any], bool], Callable[[Violation], str]]] = {
    "const": (
        lambda value, expected: bool(value == expected and isinstance(value, bool) == isinstance(expected, bool)),
        lambda v: f"expected {_shown(v.expected)}",
    ),
    "enum": (lambda value, expected: value in expected, _say_enum),
    "minLength": (lambda value, expected: len(value) >= expected, lambda v: "is empty; expected a text"),
    "pattern": (lambda value, expected: bool(_compiled(expected).search(value)), _say_pattern),
    "minItems": (
        lambda value, expected: len(value) >= expected,
        lambda v: f"is empty; expected at least {v.expected} item",
    ),
    "maxItems": (
        lambda value, expected: len(value) <= expected,
        lambda v: f"has too many items; expected {v.expected}",
    ),
    "uniqueItems": (
        lambda value, _: len({json.dumps(item, sort_keys=True) for item in value}) == len(value),
        lambda v: "has an item twice",
    ),
    "minimum": (
        lambda value, expected: value >= expected,
        lambda v: f"is too small; expected at least {v.expected}",
    ),
}
"""Keyword → whether a value fits it, and how to say that it does not."""
