"""The views below the rules' queries in another engine: the exported tables as text, and what rules need beside them.

They are said in DuckDB's SQL, as the rules are. What validation computes in Python (`derived.py`) is a function here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from evcollab import types
from evcollab.package import Field, Schema, standard
from evcollab.provenance import CLAIMED
from evcollab.validation import derived
from evcollab.validation.catalogue import identifier, key_of, quoted
from evcollab.validation.engine import Engine

LONGEST_CIRCLE = 50
"""A circle of more references than this is not found."""


def views(engine: Engine, schemas: Mapping[str, Schema], standard: Mapping[str, Schema]) -> dict[str, str]:
    """The queries of the views by name, each after those that it reads.

    Args:
        engine: holds the tables of the package.
        schemas: the schemas of the tables that there are.
        standard: those of the standard tables.
    """
    return dict([*_texts(schemas), *_missing(schemas, standard), *_derived(engine, schemas)])


def _texts(schemas: Mapping[str, Schema]) -> Iterator[tuple[str, str]]:
    """Every table as text, as in its CSV file, and all cells below each other."""
    below = []
    for table, schema in schemas.items():
        cells = ", ".join(f"{_as_text(column)} AS {identifier(name)}" for name, column in schema.fields.items())
        exported = f"SELECT {cells} FROM export.{identifier(table)}"
        yield f"text_{table}", f"SELECT *, 0 AS _line, {key_of(schema)} AS _key FROM ({exported}) t"
        names = ", ".join(map(identifier, schema.fields))
        rows = f"SELECT {names}, _key FROM file.{identifier(table)}"
        below.append(
            f"SELECT {quoted(table)} AS table_name, _key AS record, column_name, cell "
            f"FROM ({rows}) t UNPIVOT (cell FOR column_name IN ({names}))"
        )
    yield "derived_texts", " UNION ALL ".join(below)


def _as_text(field: Field) -> str:
    """SQL: a cell of the export as it is written in the CSV file."""
    cell, kind = identifier(field.name), types.kind_of(field)
    text = f"CAST({cell} AS VARCHAR)"
    if kind == "list":
        text = f"array_to_string({cell}, {quoted(str(field.delimiter))})"
    elif kind == "partial_date":
        precision = identifier(field.name + types.PRECISION)
        text = f"left({text}, CASE {precision} WHEN 'year' THEN 4 WHEN 'month' THEN 7 ELSE 10 END)"
    elif kind == "number":
        text = (
            f"CASE WHEN {cell} = floor({cell}) THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) "
            f"ELSE rtrim(CAST(CAST({cell} AS DECIMAL(38, 9)) AS VARCHAR), '0') END"
        )
    elif kind == "boolean":
        yes, no = (quoted(types.write(value, field)) for value in (True, False))
        text = f"CASE WHEN {cell} THEN {yes} WHEN NOT {cell} THEN {no} END"
    return f"coalesce({text}, '')"


def _missing(schemas: Mapping[str, Schema], standard: Mapping[str, Schema]) -> Iterator[tuple[str, str]]:
    """The standard tables that the package has not, without rows."""
    for table in standard.keys() - schemas.keys():
        cells = ", ".join(f"'' AS {identifier(name)}" for name in standard[table].fields)
        yield f"text_{table}", f"SELECT {cells}, 0 AS _line, '' AS _key FROM (SELECT 1 AS one) t WHERE false"


def _derived(engine: Engine, schemas: Mapping[str, Schema]) -> Iterator[tuple[str, str]]:
    """What rules need beside the cells (`derived.py`)."""
    places = [(table, name, number) for table in schemas for number, name in enumerate(schemas[table].fields)]
    yield "derived_columns", _values("table_name, name, position", places)
    yield "derived_tables", _values("name, file", [(name, loaded.file) for name, loaded in engine.tables.items()])
    for table, of in derived.KEYED.items():
        yield f"derived_{table}", f"SELECT text, {of.function}(text) AS {of.key} FROM ({of.texts}) t"
    headings, rows = derived.countries()
    countries = _values(", ".join(map(identifier, headings)), rows)
    cells = f"({countries}) t UNPIVOT (value FOR field IN ({', '.join(map(identifier, headings[1:]))}))"
    yield "derived_standard", f"SELECT country_code, field, value FROM {cells}"
    yield "derived_skeletons", _SKELETONS
    for table, column in derived.LINKS:
        yield f"derived_cycles_of_{table}", _circles(table, column)
    yield "derived_cycles", " UNION ALL ".join(f"SELECT * FROM derived.cycles_of_{table}" for table, _ in derived.LINKS)
    columns = {table: list({**standard().schemas, **schemas}[table].fields) for table in CLAIMED}
    yield "derived_cells", " UNION ALL ".join(derived.claimed_cells(table, columns[table]) for table in columns)
    links = list(derived.claimed_links(engine))
    yield "derived_links", _values("table_name, field, target, key", links)
    yield "derived_wanted", derived.WANTED
    yield "derived_claimed", _MISFITS + (f" UNION ALL {derived.without_record(links)}" if links else "")
    yield "derived_alike", " UNION ALL ".join(_alike(table) for table in ("events", "organisations"))


_SKELETONS = (
    "WITH odd AS (SELECT DISTINCT name AS text, evcollab_skeleton(name) AS skeleton FROM organisations "
    "WHERE strlen(name) > length(name)) SELECT text, skeleton FROM odd UNION ALL SELECT DISTINCT name, lower(name) "
    "FROM organisations WHERE strlen(name) = length(name) AND lower(name) IN (SELECT skeleton FROM odd)"
)
_MISFITS = (
    "SELECT table_name, field, value, problem FROM (SELECT *, evcollab_misfit(table_name, field, value) AS problem "
    "FROM (SELECT DISTINCT table_name, field, value FROM claims c) c) c WHERE problem <> ''"
)


def _alike(table: str) -> str:
    """SQL: the pairs of records of one country whose names are alike."""
    placed = "a.country_code <> '' AND a.name <> '' AND b.name <> '' AND " if table == "events" else ""
    return (
        f"SELECT '{table}' AS list, a._key AS earlier, b._key AS later, "
        f"evcollab_name_key(a.name) = evcollab_name_key(b.name) AS same FROM {table} a JOIN {table} b "
        f"ON a.country_code = b.country_code AND a._key < b._key "
        f"WHERE {placed}evcollab_alike('{table}', a.name, b.name)"
    )


def _values(names: str, rows: Iterable[Sequence[str | int]]) -> str:
    texts = [[quoted(cell) if isinstance(cell, str) else str(cell) for cell in row] for row in rows]
    if not texts:
        return f"SELECT * FROM ({_values(names, [[''] * len(names.split(', '))])}) t WHERE false"
    rows_in_sql = ", ".join(f"({', '.join(row)})" for row in texts)
    return f"SELECT * FROM (VALUES {rows_in_sql}) v({names})"


def _circles(table: str, column: str) -> str:
    """SQL: each circle of references once, from its smallest member on."""
    return (
        f"WITH RECURSIVE walk AS (SELECT _key AS first, {column} AS here, _key AS way, 1 AS steps FROM {table} "
        f"WHERE {column} >= _key UNION ALL SELECT w.first, t.{column}, w.way || ' → ' || w.here, w.steps + 1 "
        f"FROM walk w JOIN {table} t ON t._key = w.here WHERE w.here <> w.first AND t.{column} >= w.first "
        f"AND w.steps < {LONGEST_CIRCLE}) SELECT '{table}' AS table_name, '{column}' AS field, first AS key, "
        f"way || ' → ' || first AS way FROM walk WHERE here = first"
    )
