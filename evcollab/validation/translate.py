"""The rules as SQL for an engine that somebody has already: views of the exported tables, and a query for each rule.

The queries are those of validation, translated (`dialects.py`). They read the tables of the Parquet export, which have
types; validation reads text, so that views turn them into text again (`prepared.py`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from evcollab import names, types
from evcollab.package import Package, Schema
from evcollab.package import standard as standard_package
from evcollab.urls import normal_url
from evcollab.validation import columns, derived, prepared, run
from evcollab.validation.asking import HOLE, READ
from evcollab.validation.catalogue import Query, Rule, identifier, listed, of_cell, quoted
from evcollab.validation.dialects import Translator
from evcollab.validation.engine import Engine
from evcollab.validation.macros import macros
from evcollab.validation.rules import RULES

NOT_ROWS = {
    "bytes": "it reads the bytes of CSV files, and Parquet has none",
    "descriptor": "it reads datapackage.json and the schemas, not rows",
    "waivers": "it reads waivers.csv, not rows",
    "tables": "a Parquet column has a type, and what does not fit it cannot be in it",
}
"""Why no rule of a layer that asks no question of rows is translated."""


class Function(NamedTuple):
    """A function in Python that queries call: its name in SQL, how many texts it gets, and the type that it returns."""

    name: str
    call: Callable[..., Any]
    parameters: int
    returns: str


class Statement(NamedTuple):
    """A statement, with the names of the views and functions that it needs, directly or through other views."""

    sql: str
    views: frozenset[str]
    functions: frozenset[str]


@dataclass(frozen=True)
class Translation:
    """The rules in the SQL of an engine.

    Attributes:
        views: the statements that make the views, by name, each after those that it reads.
        rules: the query of each rule, by id. Each row is a violation: `rule`, `severity`, `table_name`, `record`,
            `column_name`, `value`, `message`.
        functions: the functions that the engine must be given for some of them.
        left_out: the rules that are not translated, with the reason.
    """

    views: dict[str, Statement]
    rules: dict[str, Statement]
    functions: list[Function]
    left_out: dict[str, str]


def translate(package: Package, dialect: str, today: dt.date | None = None) -> Translation:
    """Translate the rules for the tables of a package.

    Args:
        package: the package whose schemas and tables count; its rows are not read.
        dialect: `duckdb`, `spark` or `bigquery`.
        today: the day that counts as today. None: the day on which a query runs.

    Raises:
        MissingExtraError: sqlglot, duckdb or jsonschema is not installed.
    """
    standard = standard_package().schemas
    schemas = {name: package.schemas[name] for name in package.files if name in package.schemas}
    asked: defaultdict[str, list[Query]] = defaultdict(list)
    with Engine() as engine:
        for name, schema in schemas.items():
            engine.load_rows(package.files[name], schema, [], [], complete=True)
        typed = _on_values(schemas)
        for rule, query in [*columns.questions(engine, frozenset()), *typed, *run.questions(engine)]:
            asked[rule].append(query)
        views = prepared.views(engine, schemas, standard)
    to = Translator(dialect, _macros(package.name, standard, today), standard)
    made: dict[str, Statement] = {}
    for name, sql in views.items():
        made[name] = _with_needs(to(f"CREATE OR REPLACE TEMPORARY VIEW {identifier(name)} AS {sql}"), made)
    rules = {id: _with_needs(to(_query(RULES[id], asked[id])), made) for id in RULES if id in asked}
    left_out = {
        id: NOT_ROWS.get(rule.layer, "the package has none of its tables")
        for id, rule in RULES.items()
        if id not in asked
    }
    functions = list(_functions(schemas, asked))
    if dialect == "bigquery":
        called = {id: ", ".join(sorted(query.functions)) for id, query in rules.items() if query.functions}
        left_out |= {id: f"Python has the last word: {names}" for id, names in called.items()}
        functions = []
    return Translation(
        {name: view for name, view in made.items() if functions or not view.functions},
        {id: query for id, query in rules.items() if id not in left_out},
        functions,
        left_out,
    )


_SIGNS = {"minimum": "<", "maximum": ">", "exclusiveMinimum": "<=", "exclusiveMaximum": ">="}


def _on_values(schemas: Mapping[str, Schema]) -> Iterator[tuple[str, Query]]:
    """What validation asks in Python of each distinct text, as far as a column of the right type can break it."""
    for schema in schemas.values():
        for field in schema.fields.values():
            kind, known, items = types.kind_of(field), listed(field.categories), "items({cell})"
            if kind == "code":
                yield "cell-category", of_cell(schema, field.name, f"{{cell}} <> '' AND {{cell}} NOT IN {known}")
            if kind == "list" and field.categories:
                unknown = f"list_filter({items}, lambda item: item NOT IN {known})"
                yield "list-unknown-item", of_cell(schema, field.name, f"array_length({unknown}) > 0")
            if kind == "list":
                fewer = f"array_length(list_distinct({items})) < array_length({items})"
                yield "list-duplicate-item", of_cell(schema, field.name, fewer)
            for name, bound in field.constraints.items() if kind in ("integer", "number") else ():
                if name in _SIGNS:
                    message = f"expected {columns.BOUNDS[name][0]} {bound}"
                    where = f"number({{cell}}) {_SIGNS[name]} {bound}"
                    yield "cell-range", of_cell(schema, field.name, where, message)


def _macros(name: str, standard: Mapping[str, Schema], today: dt.date | None) -> str:
    day = dt.date.min if today is None else today
    defined = macros(day, standard, name)
    if today is None:
        defined = defined.replace(f"DATE '{day}'", "current_date")
    return f"{defined}CREATE MACRO is_whole(asked) AS true;\n"


def _with_needs(translated: tuple[str, Container[str], frozenset[str]], made: Mapping[str, Statement]) -> Statement:
    sql, read, called = translated
    below = [(name, view) for name, view in made.items() if name in read]
    views = frozenset(name for name, _ in below).union(*(view.views for _, view in below))
    return Statement(sql, views, called.union(*(view.functions for _, view in below)))


def script(translation: Translation, dialect: str, only: str | None = None) -> str:
    """The statements as one text, with comments: what each rule says, what it needs, and what is left out.

    Args:
        translation: what to write.
        dialect: its dialect.
        only: the id of a rule, if the text should hold that rule alone.
    """
    rules = {id: query for id, query in translation.rules.items() if only in (None, id)}
    left_out = {id: why for id, why in translation.left_out.items() if only in (None, id)}
    needed = frozenset().union(*(query.views for query in rules.values()))
    out = [
        f"-- Rules of evcollab in the SQL of {dialect} ({len(rules)}), written by: evcollab rules --sql {dialect}",
        "-- They read the tables of the Parquet export by their names: events, participants and so on.",
        "-- Each row that a query gives is a violation. What a rule means: evcollab rules RULE",
    ]
    if any(query.functions for query in rules.values()):
        out.append(
            "-- Functions whose names begin with evcollab_ are in Python; docs/exports.md shows how to register them."
        )
    out += ["", "-- Views", ""]
    out += [f"{view.sql};" for name, view in translation.views.items() if name in needed]
    for id, query in rules.items():
        out += ["", f"-- {id} ({RULES[id].severity}): {RULES[id].summary}"]
        out += [f"-- calls {', '.join(sorted(query.functions))}"] if query.functions else []
        out += [f"{query.sql};"]
    out += ["", f"-- {len(left_out)} rules are not here:"] if left_out else []
    out += [f"-- {id}: {why}" for id, why in left_out.items()]
    return "\n".join(out)


def _query(rule: Rule, queries: Sequence[Query]) -> str:
    """One query for all questions of a rule; what is asked of the cells of many columns is asked of all at once."""
    of_cells: defaultdict[tuple[str, str, bool], list[Query]] = defaultdict(list)
    parts = []
    for query in queries:
        if query.alone and not query.on and query.source == f"file.{identifier(query.table)} t":
            cell = f"t.{identifier(query.column)}"
            where, message = (text.replace(cell, "t.cell") for text in (query.where, _message(rule, query)))
            of_cells[where, message, query.keep is not None].append(query)
        else:
            parts.append(_of_rows(rule, query))
    for (where, message, is_kept), group in of_cells.items():
        if len(group) <= _FEW:
            parts += [_of_rows(rule, query) for query in group]
            continue
        places = listed(f"{query.table}.{query.column}" for query in group)
        where = f"t.table_name || '.' || t.column_name IN {places} AND ({where})"
        where += f" AND {_name(rule.id)}(t.cell)" if is_kept else ""
        parts.append(_select(rule, "t.table_name, t.record, t.column_name, t.cell", message, "derived.texts t", where))
    return " UNION ALL ".join(parts)


_FEW = 4
"""So many columns are asked one by one."""


def _of_rows(rule: Rule, query: Query) -> str:
    cell = f"t.{identifier(query.column)}"
    where = f"({query.where}) AND {_name(rule.id)}({', '.join(query.on or (cell,))})" if query.keep else query.where
    place = f"{quoted(query.table)} AS table_name, t._key AS record, {quoted(query.column)} AS column_name, {cell}"
    return _select(rule, place, _message(rule, query), query.source or f"{query.table} t", where)


def _select(rule: Rule, place: str, message: str, source: str, where: str) -> str:
    what = f"{quoted(rule.id)} AS rule, {quoted(rule.severity)} AS severity"
    return f"SELECT {what}, {place} AS value, {message} AS message FROM {source} WHERE {where}"


def _name(rule: str) -> str:
    return "evcollab_" + rule.replace("-", "_")


def _message(rule: Rule, query: Query) -> str:
    """SQL: what is said, with its holes filled. Where Python makes it from other rows, it is what must be so."""
    if query.say or not query.message:
        return quoted(query.say(lambda _: []) if query.say and not query.on else rule.summary)
    template = query.message
    parts, end = [], 0
    for hole in HOLE.finditer(template):
        text = f"coalesce(CAST({hole[1]} AS VARCHAR), 'None')"
        parts += [quoted(template[end : hole.start()]), f"'''' || {text} || ''''" if hole[2] else text]
        end = hole.end()
    return " || ".join([*parts, quoted(template[end:])])


# Functions in Python


def _functions(schemas: Mapping[str, Schema], asked: Mapping[str, Sequence[Query]]) -> Iterator[Function]:
    """The functions that queries call, with the type that each returns."""
    yield Function("evcollab_name_key", names.key, 1, "string")
    yield Function("evcollab_normal_url", normal_url, 1, "string")
    yield Function("evcollab_same_page", derived.same_page, 1, "string")
    yield Function("evcollab_skeleton", derived.skeleton, 1, "string")
    yield Function("evcollab_misfit", _misfit(schemas), 3, "string")
    yield Function("evcollab_alike", _alike, 3, "boolean")
    for rule, queries in asked.items():
        for query in queries:
            if query.keep:
                parameters = len(query.on) or 1
                yield Function(_name(rule), _short(query.keep, parameters), parameters, "boolean")
                break


def _misfit(schemas: Mapping[str, Schema]) -> Callable[[str, str, str], str]:
    fields = {table: schema.fields for table, schema in schemas.items()}

    def misfit(table: str, column: str, value: str) -> str:
        return derived.misfit(value, fields[table][column]) if column in fields.get(table, {}) else ""

    return misfit


def _alike(table: str, first: str, second: str) -> bool:
    return names.similar(first, second) if table == "events" else names.similar(names.bare(first), names.bare(second))


def _short(keep: Callable[..., bool], parameters: int) -> Callable[..., bool]:
    if parameters == 1:
        return lambda text: keep(text[:READ])
    return lambda text, other: keep(text[:READ], other[:READ])
