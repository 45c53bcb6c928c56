"""What is wrong with a document in itself: keys, codes, types, dates, countries, forgotten examples of the template."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from evcollab import types
from evcollab.contributions.document import Document, Place, Problem, cell_text, records
from evcollab.contributions.geography import PLACES
from evcollab.contributions.schema import LISTS, columns_of, document_schema
from evcollab.errors import did_you_mean, needed
from evcollab.package import Field
from evcollab.register import Register
from evcollab.text import tidy
from evcollab.types import kind_of

_KEPT = 2
"""The examples of so many columns in a document mean that the template was not filled."""


def check(document: Document, register: Register) -> list[Problem]:
    """All problems that a document has in itself. Empty if there are none.

    Countries and subdivisions in its records are replaced by their codes.

    Raises:
        MissingExtraError: the extra `contribute` is not installed.
    """
    schema = document_schema(register.package)
    problems = [
        problem for error in _validator(schema).iter_errors(document.content) for problem in _explain(document, error)
    ]
    flawed = {problem.at for problem in problems}
    for place, table, record in _known(document, register):
        for key, column in columns_of(register.package, table).items():
            here = (*place, key)
            value = record.get(key)
            if value is None or isinstance(value, dict) or any(flaw[: len(here)] == here for flaw in flawed):
                continue
            try:
                _check_cell(register, table, record, key, column)
            except ValueError as error:
                problems.append(document.problem(here, str(error)))
    return problems + _unwritable(document, document.content, ()) + _examples(document, register, schema)


def _known(document: Document, register: Register) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    """The records of a document for which the register has a table."""
    return ((place, table, record) for place, table, record in records(document.content) if table in register.tables)


def _unwritable(document: Document, value: Any, place: Place) -> list[Problem]:
    """A problem for each text that no file can hold."""
    if isinstance(value, dict):
        return [problem for key in value for problem in _unwritable(document, value[key], (*place, key))]
    if isinstance(value, list):
        return [problem for n, item in enumerate(value) for problem in _unwritable(document, item, (*place, n))]
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        return [document.problem(place, "holds half a character (a lone surrogate): write the text anew")]
    return []


def _check_cell(register: Register, table: str, record: dict[str, Any], key: str, column: Field) -> None:
    target = register.package.schemas[table].foreign_keys.get(column.name, ("", ""))[0]
    text = cell_text(record[key])
    if target in PLACES:
        record[key] = PLACES[target](register, tidy(text))
    elif column.name == key:
        try:
            types.parse(text, column)
        except ValueError as error:
            raise ValueError(f"{text!r} is not right; expected {error}") from None


def without(document: Document, problems: list[Problem], schema: dict[str, Any]) -> Document:
    """A document without what is wrong in it, so that the rest of it can be looked at.

    A record that lacks a required key then is left empty, and so is a document that lacks a source.
    """
    content = copy.deepcopy(document.content)
    for problem in problems:
        _drop(content, problem.at)
    listed: list[tuple[dict[str, Any], str]] = [(record, str(place[-2])) for place, _, record in records(content)]
    listed += [(record, "source") for record in content.get("sources", [])]
    listed += [(record, "correction") for record in content.get("corrections", [])]
    for record, _ in list(listed):
        claims = record.get("claims")
        listed += [(claim, "claim") for claim in claims if isinstance(claim, dict)] if isinstance(claims, list) else []
    for record, name in listed:
        if not set(schema["$defs"][name]["required"]) <= record.keys():
            record.clear()
    if not content.get("sources") or not all(content["sources"]):
        content.clear()
    return replace(document, content=content)


def _drop(content: Any, at: Place) -> None:
    """Take a value out of a document; a list of values goes as a whole, a record of a list becomes empty."""
    for number, part in enumerate(at):
        last = number == len(at) - 1
        if isinstance(content, dict):
            inner = content.get(str(part))
            words = isinstance(inner, list) and part not in _RECORDS
            if last or words:
                content.pop(str(part), None)
                return
            content = inner
        elif isinstance(content, list) and isinstance(part, int) and part < len(content):
            if last and not isinstance(content[part], dict):
                content[part] = {}
            content = content[part]
        else:
            return


_RECORDS = frozenset({*LISTS, "sources", "corrections", "claims"})


def _examples(document: Document, register: Register, schema: dict[str, Any]) -> list[Problem]:
    """A problem for each text of the template that was left, if there are several kinds of them."""
    sources = document.content.get("sources")
    listed: list[tuple[Place, str, dict[str, Any]]] = [
        (("sources", number), "sources", record)
        for number, record in enumerate(sources if isinstance(sources, list) else [])
        if isinstance(record, dict)
    ]
    for place, table, record in _known(document, register):
        if register.package.schemas[table].primary_key[0] not in record:  # who names the record of the example means it
            listed.append((place, table, record))
    kept: dict[Place, tuple[str, str]] = {}
    for place, table, record in listed:
        specs = schema["$defs"]["source" if table == "sources" else str(place[-2])]["properties"]
        own = register.package.schemas[table]
        for key, column in own.fields.items():
            free = kind_of(column) == "text" and key not in (*own.foreign_keys, *own.primary_key)
            coded = "pattern" in column.constraints and column.spec.get("format") != "uri"
            if free and not coded and record.get(key) in specs.get(key, {}).get("examples", []):
                kept[*place, key] = (table, key)
    if len(set(kept.values())) < _KEPT:
        return []
    message = "this is the example of the template: replace it, or delete the line"
    return [document.problem(place, message) for place in kept]


def _validator(schema: dict[str, Any]) -> Any:
    return needed("jsonschema", "checking a contribution document", "contribute").Draft202012Validator(schema)


def _explain(document: Document, error: Any) -> Iterator[Problem]:
    """Say a jsonschema error in the words of a contributor."""
    place: Place = tuple(error.absolute_path)
    rule, wanted, found = error.validator, error.validator_value, error.instance
    if rule == "additionalProperties":
        known = error.schema.get("properties", {})
        for extra in (key for key in found if key not in known):
            message = f"there is no key {extra!r} here{did_you_mean(extra, known)}"
            yield document.problem((*place, extra), message)
        return
    if rule == "required":
        missing = error.message.split("'")[1]
        title = error.schema["properties"].get(missing, {}).get("description", "")
        message = f"the key {missing!r} is required: {title}"
    elif rule == "enum":
        message = f"{cell_text(found)!r} is not allowed{did_you_mean(str(found), map(str, wanted))}"
        if "did you mean" not in message:
            message = f"{cell_text(found)!r} is not allowed; one of {', '.join(map(str, wanted))}"
    elif found is None:
        message = "is empty: leave the key out if the value is not known"
    elif rule == "type":
        words = {"object": "a mapping", "array": "a list", "string": "a text (in quotes if it looks like a number)"}
        kinds = wanted if isinstance(wanted, list) else [str(wanted)]
        expected = " or ".join(words.get(kind, str(kind)) for kind in kinds)
        message = f"expected {expected}, found {_kind(found)}"
    elif rule == "pattern":
        example = (error.schema.get("examples") or [""])[0]
        message = f"{cell_text(found)!r} does not have the right form; for example {cell_text(example)!r}"
    elif rule in ("maxLength", "minLength"):
        message = (
            f"has {len(found)} characters; allowed are {'at most' if rule == 'maxLength' else 'at least'} {wanted}"
        )
    elif rule in ("minimum", "maximum"):
        message = f"{found} is out of range; expected {'at least' if rule == 'minimum' else 'at most'} {wanted}"
    elif rule == "uniqueItems":
        message = "an item appears twice"
    elif rule in ("minItems", "minProperties"):
        message = "is empty: leave the key out, or fill it"
    else:
        message = str(error.message)
    yield document.problem(place, message)


def _kind(value: Any) -> str:
    names = {
        dict: "a mapping",
        list: "a list",
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    shown = f" {value!r}" if isinstance(value, str | int | float) and len(str(value)) < 60 else ""
    return names.get(type(value), "nothing") + shown
