"""The third layer: what the Table Schemas say of cells and keys, as questions to the engine.

`types.parse` judges each distinct text of a typed column once; patterns, lengths and keys are SQL made from the schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from evcollab import dates, types
from evcollab.errors import did_you_mean
from evcollab.issues import Issue
from evcollab.package import Field, Schema
from evcollab.urls import tidy_url
from evcollab.validation.asking import fit
from evcollab.validation.catalogue import Query, identifier, listed, of_cell, quoted
from evcollab.validation.engine import Engine

Asked = tuple[str, Query]
"""A question with the rule that its findings violate."""
Problem = tuple[str, str]
"""A rule and a message."""
_KINDS = {"partial_date": "cell-date", "date": "cell-date", "code": "cell-category"}
_NOT_FINITE = re.compile(r"[+-]?(nan|inf(inity)?)", re.IGNORECASE)
_PLAIN_URI = "^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#]([A-Za-z0-9._~:/?#@!$&''()*+,;=-]|%[0-9A-Fa-f]{2})*)?$"
BOUNDS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "minimum": ("at least", lambda value, bound: value < bound),
    "maximum": ("at most", lambda value, bound: value > bound),
    "exclusiveMinimum": ("more than", lambda value, bound: value <= bound),
    "exclusiveMaximum": ("less than", lambda value, bound: value >= bound),
}


def questions(engine: Engine, unique: frozenset[str]) -> Iterator[Asked]:
    """All questions on the tables in the engine; the identifiers of the tables in `unique` are known to be unique."""
    for name, loaded in engine.tables.items():
        yield from _on_texts(engine, loaded.schema)
        yield from _on_values(engine, loaded.schema)
        yield from _on_keys(loaded.schema, name in unique)
        yield from _on_references(engine, loaded.schema)


def _query(schema: Schema, column: str, where: str, message: str = "", **rest: Any) -> Query:
    return of_cell(schema, column, where, message, **rest)


def _missing(schema: Schema, column: str) -> str:
    return f"t.{identifier(column)} IN {listed(sorted(schema.missing_values) or [''])}"


def _on_texts(engine: Engine, schema: Schema) -> Iterator[Asked]:
    """Required cells, patterns, lengths, addresses and lists of allowed texts."""
    for column, field in schema.fields.items():
        cell, filled = f"t.{identifier(column)}", f"NOT {_missing(schema, column)}"
        limits = field.constraints
        if limits.get("required"):
            yield "cell-required", _query(schema, column, _missing(schema, column), "is empty; expected a value")
        form, pattern = field.spec.get("format"), limits.get("pattern")
        if form in ("uri", "email"):
            yield "cell-pattern", _on_format(schema, column, form, filled)
        if pattern and pattern not in engine.odd_patterns:
            example = field.spec.get("example")
            message = f"expected the form {pattern}" + (f", as in {example!r}" if example else "")
            where = f"{filled} AND NOT regexp_full_match({cell}, {quoted(pattern)})"
            yield "cell-pattern", _said(schema, column, where, message)
        for name, sign, words in (("minLength", "<", "at least"), ("maxLength", ">", "at most")):
            if name in limits:
                where = f"{filled} AND length({cell}) {sign} {int(limits[name])}"
                message = f"has {{length({cell})}} characters; expected {words} {limits[name]}"
                yield "cell-length", _query(schema, column, where, message)
        if limits.get("enum") and types.kind_of(field) == "text":
            where = f"{filled} AND {cell} NOT IN {listed(limits['enum'])}"
            yield "cell-category", _said(schema, column, where, f"expected one of {', '.join(limits['enum'])}")


def _said(schema: Schema, column: str, where: str, message: str) -> Query:
    """A question whose message comes from a schema: braces in it are no SQL."""
    return _query(schema, column, where, say=lambda ask, *_: message)


def _on_format(schema: Schema, column: str, form: str, filled: str) -> Query:
    cell = f"t.{identifier(column)}"
    if form == "email":
        return _query(schema, column, f"{filled} AND NOT regexp_full_match({cell}, '[^@ ]+@[^@ ]+')", "is no email")
    where = f"{filled} AND NOT regexp_full_match({cell}, '{_PLAIN_URI}')"
    return _query(schema, column, where, "is not an address (URI); expected https://...", keep=_is_no_uri)


def _is_no_uri(text: str) -> bool:
    from rfc3986 import exceptions, uri_reference, validators

    text = tidy_url(text)  # a host in letters beyond ASCII has a form in ASCII
    try:
        validators.Validator().require_presence_of("scheme").check_validity_of(
            "scheme", "userinfo", "host", "port", "path", "query", "fragment"
        ).validate(uri_reference(text))
    except (exceptions.RFC3986Exception, ValueError):
        return True
    return False


def unasked(engine: Engine) -> Iterator[Issue]:
    """Patterns that the engine cannot run, so that no cell is held against them, and examples that miss theirs."""
    held = [
        (loaded.schema, number, field, str(field.constraints["pattern"]), field.spec.get("example"))
        for loaded in engine.tables.values()
        for number, field in enumerate(loaded.schema.fields.values())
        if field.constraints.get("pattern")
    ]
    fits_of = fit(engine, [(str(example or ""), pattern) for *_, pattern, example in held])
    for (schema, number, field, pattern, example), fits in zip(held, fits_of, strict=True):
        if schema.document is None:
            continue
        if pattern in engine.odd_patterns:
            place = ("fields", number, "constraints", "pattern")
            message = "cannot be run (RE2), so no cell is held against it"
            yield schema.document.issue("descriptor-pattern", place, message, pattern)
        elif isinstance(example, str) and not fits and not any(problems(example, field)):
            message = f"{example!r} does not fit its own column: expected the form {pattern}"
            yield schema.document.issue("descriptor-example", ("fields", number, "example"), message, example)


# Typed columns


def _on_values(engine: Engine, schema: Schema) -> Iterator[Asked]:
    typed = [field for field in schema.fields.values() if types.kind_of(field) != "text"]
    if not typed:
        return
    distinct = "DISTINCT " if engine.is_large else ""  # of a few rows the set below makes less work
    columns = ", ".join(f"list({distinct}{identifier(field.name)})" for field in typed)
    [texts] = engine.run(f"SELECT {columns} FROM file.{identifier(schema.table)}")
    for field, found in zip(typed, texts, strict=True):
        wrong: dict[str, list[Problem]] = {}
        for text in dict.fromkeys(found or ()):
            if text not in schema.missing_values and (found_in := list(problems(text, field))):
                wrong[text] = found_in
        yield from _on_wrong(schema, field.name, wrong)


def _on_wrong(schema: Schema, column: str, wrong: dict[str, list[Problem]]) -> Iterator[Asked]:
    """Where the texts are that do not fit: one question for each rule and message."""
    places: dict[Problem, list[str]] = {}
    for text, listed_problems in wrong.items():
        for problem in listed_problems:
            places.setdefault(problem, []).append(text)
    for (rule, message), texts in places.items():
        where = f"t.{identifier(column)} IN {listed(texts)}"
        if rule == "cell-date":
            on = ("t._key", f"t.{identifier(column)}")
            yield rule, _query(schema, column, where, on=on, say=_of_spreadsheet(schema.table, column, message))
        else:
            yield rule, _said(schema, column, where, message)


def _of_spreadsheet(table: str, column: str, message: str) -> Callable[..., str]:
    """The message on a cell that is not a date, with the day that a spreadsheet may have rewritten there."""

    def say(ask: Callable[[str], list[str]], key: str, text: str) -> str:
        days = dates.rewritten(text)
        claimed = (
            ask(
                f"SELECT DISTINCT value FROM claims WHERE table_name = {quoted(table)} AND record_id = {quoted(key)} "
                f"AND field = {quoted(column)} AND rank = 'preferred' AND value IN {listed(days)}"
            )
            if len(days) > 1
            else days
        )
        meant = claimed if len(claimed) == 1 else days
        return f"{message}; did you mean {' or '.join(meant)}?" if meant else message

    return say


def problems(text: str, field: Field) -> Iterator[Problem]:
    """What is wrong with a text in a typed column."""
    kind = types.kind_of(field)
    if kind == "list":
        yield from _list_problems(text, field)
        return
    try:
        value = types.parse(text, field)
    except ValueError as error:
        finite = kind != "number" or not _NOT_FINITE.fullmatch(text)
        yield _KINDS.get(kind, "cell-type") if finite else "cell-number-not-finite", f"expected {error}"
        return
    if kind in ("integer", "number", "date"):
        for name, (words, breaks) in BOUNDS.items():
            bound = field.constraints.get(name)
            if bound is not None and breaks(value, types.parse(str(bound), field) if kind == "date" else bound):
                yield "cell-range", f"expected {words} {bound}"


def _list_problems(text: str, field: Field) -> Iterator[Problem]:
    delimiter = str(field.delimiter)
    items = text.split(delimiter)
    if any(not item or item != item.strip() for item in items):
        yield (
            "list-empty-item",
            f"has an empty item or a space beside {delimiter!r}; expected items joined with it alone",
        )
    filled = [item.strip() for item in items if item.strip()]
    unknown = [item for item in filled if field.categories and item not in field.categories]
    if unknown:
        near = did_you_mean(unknown[0], field.categories)
        yield "list-unknown-item", f"{unknown[0]!r} is not in the vocabulary{near}"
    twice = sorted({item for item in filled if filled.count(item) > 1}) if len(set(filled)) < len(filled) else []
    if twice:
        yield "list-duplicate-item", f"holds {twice[0]!r} twice"


# Keys


def _on_keys(schema: Schema, known_unique: bool) -> Iterator[Asked]:
    parts = schema.primary_key
    if len(parts) > 1:
        for column in parts:
            others = " OR ".join(f"t.{identifier(other)} <> ''" for other in parts)
            where = f"t.{identifier(column)} = '' AND ({others})"
            source = f"file.{identifier(schema.table)} t"
            yield (
                "key-incomplete",
                Query(schema.table, column, where, f"is empty, but is part of the key {', '.join(parts)}", source),
            )
    single = [[name] for name, field in schema.fields.items() if field.constraints.get("unique")]
    for columns in single + [key for key in schema.unique_keys if key not in single]:
        if columns != parts:
            yield "value-not-unique", _on_unique(schema, columns, "_key, _line", "{t.first_key}")
    if parts and not known_unique:
        yield "key-duplicate", _on_unique(schema, parts, "_line", "line {t.first_line}")


def _on_unique(schema: Schema, columns: list[str], order: str, first: str) -> Query:
    """The second and later rows of equal values; a key with a missing part equals none."""
    own = [column for column in columns if column not in schema.foreign_keys] or columns
    filled = " AND ".join(f"NOT {_missing(schema, column)}" for column in columns)
    same = ", ".join(f"t.{identifier(column)}" for column in columns)
    source = (
        f"(WITH asked AS (SELECT t.*, concat_ws(chr(31), {same}) AS _same FROM file.{identifier(schema.table)} t "
        f"WHERE {filled}), twice AS (SELECT _same FROM asked GROUP BY _same HAVING count(*) > 1) "
        "SELECT *, first_value(_key) OVER w AS first_key, first_value(_line) OVER w AS first_line, "
        "row_number() OVER w AS place FROM asked SEMI JOIN twice ON twice._same = asked._same "
        f"WINDOW w AS (PARTITION BY _same ORDER BY {order})) t"
    )
    message = f"{' and '.join(columns)} {'are' if len(columns) > 1 else 'is'} the same as in {first}"
    column = own[0] if columns == schema.primary_key else own[-1]
    return Query(schema.table, column, "t.place > 1", message, source)


def _on_references(engine: Engine, schema: Schema) -> Iterator[Asked]:
    for column, (target, key) in schema.foreign_keys.items():
        if target in engine.tables and engine.tables[target].complete and key in engine.tables[target].schema.fields:
            source = (
                f"file.{identifier(schema.table)} t ANTI JOIN file.{identifier(target)} r "
                f"ON r.{identifier(key)} = t.{identifier(column)}"
            )
            message = f"there is no {key} {{t.{identifier(column)}!r}} in {target}"
            where = f"NOT {_missing(schema, column)}"
            yield "reference-unknown", Query(schema.table, column, where, message, source)
