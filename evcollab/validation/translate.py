"""The rules as SQL for an engine that somebody has already: views of the exported tables, and a query for each rule.

The queries are those of validation, asked of empty tables and translated (`dialects.py`). They read the tables of the
Parquet export, which have types; validation reads text, so that the first views turn them into text again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from evcollab import names, types
from evcollab.limits import DEFAULT
from evcollab.package import Field, Package, Schema
from evcollab.urls import normal_url
from evcollab.validation import columns, derived, descriptor, run
from evcollab.validation.catalogue import Query, Rule, identifier, listed, quoted
from evcollab.validation.dialects import Translator
from evcollab.validation.engine import HOLE, READ, Engine
from evcollab.validation.macros import macros
from evcollab.validation.rules import RULES

FINDING = ("rule", "severity", "table_name", "record", "column_name", "value", "message")
"""The columns of what a rule's query gives."""
_NOT_ROWS = {
    "bytes": "reads the bytes of CSV files",
    "descriptor": "reads datapackage.json and the schemas",
    "waivers": "reads waivers.csv",
    "tables": "Parquet keeps the types of columns, and what does not fit them cannot be exported",
}
LONGEST_CIRCLE = 50


class Function(NamedTuple):
    """A function in Python that queries call: its name in SQL, how many texts it gets, and the type that it returns."""

    name: str
    call: Callable[..., Any]
    parameters: int
    returns: str


@dataclass(frozen=True)
class Translation:
    """The rules in the SQL of an engine.

    Attributes:
        views: the statements that make the views, by name, in the order in which they can be made.
        rules: the query of each rule, by id; its columns are `FINDING`, its rows the violations.
        reads: the views that each query reads, directly or through others.
        calls: the functions of ours (`functions`) that each query calls, if it calls any.
        left_out: the rules that are not translated, with the reason.
    """

    views: dict[str, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    reads: dict[str, frozenset[str]] = field(default_factory=dict)
    calls: dict[str, frozenset[str]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)


def translate(package: Package, dialect: str, today: dt.date | None = None) -> Translation:
    """Translate the rules for the tables of a package.

    Args:
        package: the package whose schemas and tables count; its rows are not read.
        dialect: `duckdb`, `spark` or `bigquery`.
        today: the day that counts as today. None: the day on which a query runs.

    Raises:
        MissingExtraError: sqlglot, duckdb or jsonschema is not installed.
    """
    standard = descriptor.standard().schemas
    schemas = {name: package.schemas[name] for name in package.files if name in package.schemas}
    defined = macros(today or dt.date.min, {**standard}).replace(f"DATE '{dt.date.min}'", "current_date")
    defined += f"CREATE MACRO is_whole(asked) AS true;\nCREATE MACRO package_name() AS {quoted(package.name)};\n"
    translated = Translation()
    to = Translator(dialect, defined, standard)
    with Engine() as engine:
        for name, schema in schemas.items():
            engine.load_rows(package.files[name], schema, [], [], complete=True)
        asked: defaultdict[str, list[Query]] = defaultdict(list)
        for rule, query in [*columns.questions(engine, frozenset()), *run.questions(engine)]:
            asked[rule].append(query)
        views = dict([*_texts(schemas), *_records(schemas, standard), *_derived(engine, schemas)])
    needs: dict[str, frozenset[str]] = {}
    wants: dict[str, frozenset[str]] = {}
    for name, sql in views.items():
        translated.views[name], read, called = to(f"CREATE OR REPLACE TEMPORARY VIEW {identifier(name)} AS {sql}")
        known = [other for other in read if other in needs]
        needs[name] = frozenset([name]).union(*(needs[other] for other in known))
        wants[name] = called.union(*(wants[other] for other in known))
    for id, rule in RULES.items():
        if id not in asked:
            translated.left_out[id] = _NOT_ROWS.get(rule.layer, "its tables are not in this package")
            continue
        sql, read, called = to(_query(rule, asked[id]))
        called = called.union(*(wants[view] for view in read))
        if called and dialect == "bigquery":
            translated.left_out[id] = "has the last word in Python: " + ", ".join(sorted(called))
            continue
        translated.rules[id] = sql
        translated.reads[id] = frozenset().union(*(needs[view] for view in read))
        if called:
            translated.calls[id] = called
    translated.functions.extend(_functions(schemas, asked))
    return translated


def _query(rule: Rule, queries: Sequence[Query]) -> str:
    """One query for all questions of a rule; those that ask the same of cells alone read all these cells at once."""
    of_cells: defaultdict[Query, list[str]] = defaultdict(list)
    parts = []
    for query in queries:
        cell = f"t.{identifier(query.column)}"
        said = query.say(lambda _: []) if query.say and not query.on else rule.summary if query.say else ""
        if query.alone and not query.on and query.source == f"file.{identifier(query.table)} t":
            where, message = (text.replace(cell, "t.cell") for text in (query.where, query.message))
            keep = _FIRST.setdefault(getattr(query.keep, "__qualname__", ""), query.keep)
            place = f"{query.table}.{query.column}"
            of_cells[Query("", "", where, message, said, keep)].append(place)  # type: ignore[arg-type]
        else:
            wanted = f"{quoted(query.table)} AS table_name, t._key AS record, {quoted(query.column)} AS column_name"
            kept = _kept(rule, query, query.on or (cell,))
            parts.append(
                _select(
                    rule,
                    wanted,
                    cell,
                    _message(query.message, said),
                    query.source or f"{query.table} t",
                    query.where,
                    kept,
                )
            )
    for query, places in of_cells.items():
        where = f"t.table_name || '.' || t.column_name IN {listed(places)} AND ({query.where})"
        wanted = "t.table_name, t.record, t.column_name"
        parts.append(
            _select(
                rule,
                wanted,
                "t.cell",
                _message(query.message, query.source),
                "derived.texts t",
                where,
                _kept(rule, query, ("t.cell",)),
            )
        )
    return " UNION ALL ".join(parts)


_FIRST: dict[str, Any] = {}


def _select(rule: Rule, wanted: str, cell: str, message: str, source: str, where: str, kept: str) -> str:
    return (
        f"SELECT {quoted(rule.id)} AS rule, {quoted(rule.severity)} AS severity, {wanted}, {cell} AS value, "
        f"{message} AS message FROM {source} WHERE ({where}){kept}"
    )


def _kept(rule: Rule, query: Query, on: Sequence[str]) -> str:
    return f" AND {_name(rule.id)}({', '.join(on)})" if query.keep else ""


def _name(rule: str) -> str:
    return "evcollab_" + rule.replace("-", "_")


def _message(template: str, said: str) -> str:
    """SQL: a message with its holes filled."""
    if said:
        return quoted(said)
    parts, end = [], 0
    for hole in HOLE.finditer(template):
        text = f"coalesce(CAST({hole[1]} AS VARCHAR), 'None')"
        parts += [quoted(template[end : hole.start()]), f"'''' || {text} || ''''" if hole[2] else text]
        end = hole.end()
    return " || ".join([*parts, quoted(template[end:])])


# Views


def _texts(schemas: Mapping[str, Schema]) -> Iterator[tuple[str, str]]:
    """Every table as text, as in its CSV file, and all cells below each other."""
    below = []
    for table, schema in schemas.items():
        cells = ", ".join(f"{_as_text(column)} AS {identifier(name)}" for name, column in schema.fields.items())
        key = ", ".join(identifier(name) for name in schema.primary_key)
        key = key if len(schema.primary_key) == 1 else f"concat_ws('|', {key})" if key else "''"
        yield (
            f"text_{table}",
            f"SELECT *, 0 AS _line, {key} AS _key FROM (SELECT {cells} FROM export.{identifier(table)}) t",
        )
        names = ", ".join(identifier(name) for name in schema.fields)
        below.append(
            f"SELECT {quoted(table)} AS table_name, _key AS record, column_name, cell FROM (SELECT {names}, {key} AS _key FROM file.{identifier(table)}) t UNPIVOT (cell FOR column_name IN ({names}))"
        )
    yield "derived_texts", " UNION ALL ".join(below)


def _as_text(field: Field) -> str:
    """SQL: a cell of the export as it is written in the CSV file."""
    cell, kind = identifier(field.name), types.kind_of(field)
    text = f"CAST({cell} AS VARCHAR)"
    if kind == "list":
        text = f"array_to_string({cell}, {quoted(str(field.delimiter))})"
    elif kind == "partial_date":
        text = f"left({text}, CASE {identifier(field.name + types.PRECISION)} WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END)"
    elif kind == "number":
        text = (
            f"CASE WHEN {cell} = floor({cell}) THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) "
            f"ELSE rtrim(CAST(CAST({cell} AS DECIMAL(38, 9)) AS VARCHAR), '0') END"
        )
    elif kind == "boolean":
        yes, no = (quoted(types.write(value, field)) for value in (True, False))
        text = f"CASE WHEN {cell} THEN {yes} WHEN NOT {cell} THEN {no} END"
    return f"coalesce({text}, '')"


def _records(schemas: Mapping[str, Schema], standard: Mapping[str, Schema]) -> Iterator[tuple[str, str]]:
    """Every standard table with each identifier once, or empty."""
    for table, schema in standard.items():
        if table in schemas:
            cells = ", ".join(identifier(name) for name in schemas[table].fields)
            order = ", ".join(identifier(name) for name in sorted(schemas[table].fields))
            yield (
                f"record_{table}",
                f"SELECT {cells}, _line, _key FROM (SELECT *, row_number() OVER (PARTITION BY _key ORDER BY {order}) "
                f"AS _place FROM file.{table}) t WHERE _place = 1",
            )
        else:
            cells = ", ".join(f"'' AS {identifier(name)}" for name in schema.fields)
            yield f"record_{table}", f"SELECT {cells}, 0 AS _line, '' AS _key FROM (SELECT 1 AS one) t WHERE false"


def _derived(engine: Engine, schemas: Mapping[str, Schema]) -> Iterator[tuple[str, str]]:
    """What rules need beside the cells (`derived.py`); what validation computes in Python is a function here."""
    headings, rows = derived.countries()
    listed_columns = [(table, name, number) for table in schemas for number, name in enumerate(schemas[table].fields)]
    yield "derived_columns", _values("table_name, name, position", listed_columns)
    yield "derived_tables", _values("name, file", [(name, loaded.file) for name, loaded in engine.tables.items()])
    yield "derived_records", derived.RECORDS
    yield "derived_names", f"SELECT text, evcollab_name_key(text) AS key FROM ({derived.NAMES}) t"
    yield "derived_urls", f"SELECT text, evcollab_normal_url(text) AS page FROM ({derived.URLS}) t"
    yield "derived_pages", f"SELECT text, evcollab_same_page(text) AS page FROM ({derived.PAGES}) t"
    named = ", ".join(map(identifier, headings[1:]))
    countries = _values(", ".join(map(identifier, headings)), rows)
    yield (
        "derived_standard",
        f"SELECT country_code, field, value FROM ({countries}) t UNPIVOT (value FOR field IN ({named}))",
    )
    yield (
        "derived_skeletons",
        "WITH odd AS (SELECT DISTINCT name AS text, evcollab_skeleton(name) AS skeleton FROM organisations "
        "WHERE strlen(name) > length(name)) SELECT text, skeleton FROM odd UNION ALL SELECT DISTINCT name, lower(name) "
        "FROM organisations WHERE strlen(name) = length(name) AND lower(name) IN (SELECT skeleton FROM odd)",
    )
    for table, column in derived.LINKS:
        yield f"derived_cycles_of_{table}", _circles(table, column)
    yield "derived_cycles", " UNION ALL ".join(f"SELECT * FROM derived.cycles_of_{table}" for table, _ in derived.LINKS)
    claimed = [table for table in derived.CLAIMED if table in schemas]
    yield (
        "derived_cells",
        " UNION ALL ".join(derived.claimed_cells(table, list(schemas[table].fields)) for table in claimed),
    )
    links = list(derived.claimed_links(engine))
    yield "derived_links", _values("table_name, field, target, key", links)
    yield "derived_wanted", derived.WANTED
    yield (
        "derived_claimed",
        "SELECT table_name, field, value, problem FROM (SELECT *, evcollab_misfit(table_name, field, value) AS problem FROM "
        "(SELECT DISTINCT c.table_name, c.field, c.value FROM claims c SEMI JOIN derived.columns k "
        "ON k.table_name = c.table_name AND k.name = c.field) c) c WHERE problem <> '' UNION ALL "
        + derived.without_record(links),
    )
    yield (
        "derived_alike",
        " UNION ALL ".join(
            f"SELECT '{table}' AS list, a._key AS earlier, b._key AS later, "
            f"evcollab_name_key(a.name) = evcollab_name_key(b.name) AS same FROM {table} a JOIN {table} b "
            f"ON a.country_code = b.country_code AND a._key < b._key WHERE {where} AND evcollab_alike('{table}', a.name, b.name)"
            for table, where in (
                ("events", "a.country_code <> '' AND a.name <> '' AND b.name <> ''"),
                ("organisations", "true"),
            )
        ),
    )


def _values(names: str, rows: Iterable[Sequence[str | int]]) -> str:
    listed = ", ".join(
        "(" + ", ".join(quoted(cell) if isinstance(cell, str) else str(cell) for cell in row) + ")" for row in rows
    )
    return f"SELECT * FROM (VALUES {listed}) v({names})"


def _circles(table: str, column: str) -> str:
    """SQL: each circle of references once, from its smallest member on."""
    return (
        f"WITH RECURSIVE walk AS (SELECT _key AS first, {column} AS here, _key AS way, 1 AS steps FROM {table} "
        f"WHERE {column} >= _key UNION ALL SELECT w.first, t.{column}, w.way || ' → ' || w.here, w.steps + 1 "
        f"FROM walk w JOIN {table} t ON t._key = w.here WHERE w.here <> w.first AND t.{column} >= w.first "
        f"AND w.steps < {LONGEST_CIRCLE}) SELECT '{table}' AS table_name, '{column}' AS field, first AS key, "
        f"way || ' → ' || first AS way FROM walk WHERE here = first"
    )


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
