"""JSON Schema: what does not fit, and how to say it.

`violations` knows the keywords of our own profile of descriptors only. It is here because loading a package must be
as careful as validating it and needs nothing but pandas; a test holds it equal to the library jsonschema.
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
    if "type" in schema and not _IS[schema["type"]](value):
        yield Violation(place, "type", schema["type"], value, schema)
        return
    for keyword, check in _CHECKS.items():
        if keyword in schema and not check(value, schema[keyword]):
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


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_IS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": _is_number,
}


def _has_no_twins(value: Any, expected: bool) -> bool:
    if not isinstance(value, list):
        return True
    return len({json.dumps(item, sort_keys=True) for item in value}) == len(value)


def _matches(pattern: str, text: str) -> bool:
    """Whether a text has a form; `$` is its very end, as in JSON Schema, and not a line feed before it."""
    return bool(_compiled(pattern).search(text))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern[:-1] + r"\Z" if pattern.endswith("$") else pattern)


_CHECKS: dict[str, Callable[[Any, Any], bool]] = {
    "const": lambda value, expected: bool(value == expected and isinstance(value, bool) == isinstance(expected, bool)),
    "enum": lambda value, expected: value in expected,
    "minLength": lambda value, expected: not isinstance(value, str) or len(value) >= expected,
    "maxLength": lambda value, expected: not isinstance(value, str) or len(value) <= expected,
    "pattern": lambda value, expected: not isinstance(value, str) or _matches(expected, value),
    "minItems": lambda value, expected: not isinstance(value, list) or len(value) >= expected,
    "maxItems": lambda value, expected: not isinstance(value, list) or len(value) <= expected,
    "uniqueItems": _has_no_twins,
    "minimum": lambda value, expected: not _is_number(value) or value >= expected,
}


def explain(violation: Violation) -> str:
    """What is wrong and what would be right, as the end of a sentence that begins with the place."""
    say = _SAY.get(violation.keyword)
    return say(violation) if say else f"does not fit {violation.keyword}: {_shown(violation.expected)}"


def kind(value: Any) -> str:
    """What a value is, in words."""
    kinds = {str: "a text", list: "a list", dict: "an object", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


_TYPES = {
    "string": "a text",
    "array": "a list [...]",
    "object": "an object {...}",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value, ensure_ascii=False)


def _say_type(violation: Violation) -> str:
    listed = violation.expected if isinstance(violation.expected, list) else [violation.expected]
    return f"is {kind(violation.instance)}; expected {' or '.join(_TYPES.get(name, str(name)) for name in listed)}"


def _say_enum(violation: Violation) -> str:
    near = did_you_mean(str(violation.instance), map(str, violation.expected))
    return f"is not allowed{near}" if "did you mean" in near else f"expected one of {_shown(violation.expected)}"


def _say_pattern(violation: Violation) -> str:
    examples = violation.schema.get("examples")
    return "has another form than expected: " + (f"for example {examples[0]!r}" if examples else violation.expected)


_SAY: dict[str, Callable[[Violation], str]] = {
    "additionalProperties": lambda v: (
        f"there is no key {v.instance!r} here{did_you_mean(v.instance, v.schema['properties'])}"
    ),
    "required": lambda v: f"the key {v.instance!r} is missing",
    "type": _say_type,
    "const": lambda v: f"expected {_shown(v.expected)}",
    "enum": _say_enum,
    "pattern": _say_pattern,
    "minLength": lambda v: (
        "is empty; expected a text" if v.expected == 1 else f"expected at least {v.expected} characters"
    ),
    "maxLength": lambda v: f"has {len(v.instance):,} characters; expected at most {v.expected:,}",
    "minItems": lambda v: f"is empty; expected at least {v.expected} item",
    "minProperties": lambda v: f"is empty; expected at least {v.expected} key",
    "maxItems": lambda v: f"has too many items; expected {v.expected}",
    "uniqueItems": lambda v: "has an item twice",
    "minimum": lambda v: f"is too small; expected at least {v.expected}",
    "maximum": lambda v: f"is too large; expected at most {v.expected}",
}
"""Keyword of JSON Schema → how to say that it is violated."""
