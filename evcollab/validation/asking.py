"""Asking the engine which rows are wrong.

Questions on one source are asked at once. Of cells that often say the same each distinct text is looked at once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from evcollab.validation.catalogue import Query, identifier, quoted
from evcollab.validation.engine import Engine

HOLE = re.compile(r"\{([^{}]+?)(!r)?\}")
READ = 5_000
"""So many characters of a cell Python looks at; a longer one is reported for its length."""
_SAMPLE = 10_000
"""In so many rows it shows whether a column of a large table has few distinct texts."""
MOST = 10_000
"""So many findings of one question are looked at."""


@dataclass(frozen=True)
class Hit:
    """A row that is wrong: its line, identifier, cell, and what is said of it."""

    line: int
    key: str
    value: str
    message: str


def fit(engine: Engine, asked: Sequence[tuple[str, str]]) -> list[bool]:
    """Tell which texts fit their patterns; none fits one that cannot be run: look-around, references back (RE2).

    No pattern of a stranger takes for ever here.
    """
    import duckdb

    if not asked:
        return []
    try:
        tests = (f"regexp_full_match({quoted(text)}, {quoted(pattern)})" for text, pattern in asked)
        return list(engine.run(f"SELECT {', '.join(tests)}")[0])
    except duckdb.Error:
        if len(asked) == 1:
            engine.odd_patterns.add(asked[0][1])
            return [False]
        half = len(asked) // 2
        return fit(engine, asked[:half]) + fit(engine, asked[half:])


Numbered = list[tuple[int, Query]]
"""Questions with their numbers."""


def answer(engine: Engine, queries: Iterable[Query]) -> Iterator[tuple[int, list[Hit]]]:
    """The rows that questions find, with the number of the question; questions on one source are asked at once."""
    asked = list(enumerate(queries))
    with ThreadPoolExecutor(2) as pool:
        of_cells = pool.submit(_worth_asking, engine, [(number, query) for number, query in asked if query.alone])
        others = [(number, query) for number, query in asked if not query.alone]
        found = pool.map(partial(_answer_on, engine), *_by_source(others))
        found = chain(found, pool.map(partial(_answer_on, engine), *_by_source(of_cells.result())))
        yield from chain.from_iterable(found)


def _worth_asking(engine: Engine, asked: Numbered) -> Numbered:
    """The questions on cells alone, without those on columns of repetitive texts that no text answers."""
    places = {(query.table, query.column) for _, query in asked if query.table in engine.tables}
    repetitive = _repetitive(engine, places)
    others = [(number, query) for number, query in asked if (query.table, query.column) not in repetitive]
    of_texts = [(number, query) for number, query in asked if (query.table, query.column) in repetitive]
    return others + _promising(engine, of_texts)


def _repetitive(engine: Engine, places: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The columns of which it is worth while to look at distinct texts: in large tables those with few of them."""
    if not engine.is_large:
        return places
    columns: defaultdict[str, list[str]] = defaultdict(list)
    for table, column in places:
        columns[table].append(column)
    found = set()
    for table, names in columns.items():
        few = ", ".join(f"4 * approx_count_distinct({identifier(name)}) < count(*)" for name in names)
        [worth] = engine.run(f"SELECT {few} FROM (FROM file.{identifier(table)} LIMIT {_SAMPLE})")
        found |= {(table, name) for name, is_worth in zip(names, worth, strict=True) if is_worth}
    return found


def _promising(engine: Engine, asked: Numbered) -> Numbered:
    """The questions on cells alone that some text answers: each distinct text is looked at once."""
    places: dict[tuple[str, str], int] = {}
    conditions: defaultdict[str, set[int]] = defaultdict(set)
    for _, query in asked:
        place = places.setdefault((query.table, query.column), len(places))
        conditions[_of_text(query)].add(place)
    found = _texts(engine, places, conditions)

    def may_hit(query: Query) -> bool:
        texts = found.get((places[query.table, query.column], _of_text(query)), ())
        return any(query.keep is None or query.on or query.keep(text[:READ]) for text in texts)

    return [(number, query) for number, query in asked if may_hit(query)]


def _texts(
    engine: Engine, places: Mapping[tuple[str, str], int], conditions: Mapping[str, set[int]]
) -> dict[tuple[int, str], list[str]]:
    """The texts of the columns at some places that meet the conditions which are asked there."""
    columns: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for (table, column), place in places.items():
        columns[table][identifier(column)] = place
    if engine.is_large:
        distinct = " UNION ALL ".join(
            f"SELECT DISTINCT {name} AS text, {place} AS place FROM file.{identifier(table)}"
            for table, of_table in columns.items()
            for name, place in of_table.items()
        )
    else:  # one scan of each table, not of each column
        texts = " UNION ALL ".join(
            f"SELECT unnest([{', '.join(named)}]), unnest({list(named.values())}) FROM file.{identifier(table)}"
            for table, named in columns.items()
        )
        distinct = f"SELECT DISTINCT * FROM ({texts}) t(text, place)"
    listed = list(conditions)
    asked = []
    for number, wanted in enumerate(conditions.values()):
        bits = "".join("1" if place in wanted else "0" for place in range(len(places)))
        here = f"place = {min(wanted)}" if len(wanted) == 1 else f"get_bit('{bits}'::BIT, place) = 1"
        asked.append(
            f"SELECT {number}, place, text FROM derived.texts WHERE CASE WHEN {here} THEN {listed[number]} END"
        )
    met: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    if asked:
        engine.run(f"CREATE OR REPLACE TABLE derived.texts AS {distinct}")
    for number, place, text in engine.run(" UNION ALL ".join(asked)) if asked else ():
        met[place, listed[number]].append(text)
    return met


def _answer_on(engine: Engine, source: str, asked: Numbered) -> list[tuple[int, list[Hit]]]:
    if len(asked) > 1:
        counts = ", ".join(f"count(CASE WHEN {query.where} THEN 1 END)" for _, query in asked)
        found = engine.run(f"SELECT {counts} FROM {source}")[0]
        asked = [one for one, count in zip(asked, found, strict=True) if count]
    return [(number, hits) for number, query in asked if (hits := _hits(engine, query, source))]


def _hits(engine: Engine, query: Query, source: str) -> list[Hit]:
    holes = [(match[1], bool(match[2])) for match in HOLE.finditer(query.message)]
    cell = f"t.{identifier(query.column)}"
    on = query.on or ((cell,) if query.keep else ())
    wanted = ["t._line", "t._key", cell, *on, *(expression for expression, _ in holes)]
    limit = "" if query.keep else f" LIMIT {MOST}"
    verdicts: dict[tuple[Any, ...], bool] = {}
    hits: list[Hit] = []
    for line, key, value, *more in engine.run(f"SELECT {', '.join(wanted)} FROM {source} WHERE {query.where}{limit}"):
        given = tuple(more[: len(on)])
        if query.keep is not None:
            if given not in verdicts:
                verdicts[given] = query.keep(*(text[:READ] if isinstance(text, str) else text for text in given))
            if not verdicts[given]:
                continue
        shown = (repr(said) if quote else str(said) for said, (_, quote) in zip(more[len(on) :], holes, strict=True))
        message = query.say(engine.ask, *given) if query.say else _filled(query.message, shown)
        hits.append(Hit(line, key, value, message))
        if len(hits) == MOST:
            break
    return hits


def _filled(message: str, shown: Iterator[str]) -> str:
    return HOLE.sub(lambda _: next(shown), message)


def _by_source(asked: Numbered) -> tuple[Iterable[str], Iterable[Numbered]]:
    grouped: defaultdict[str, Numbered] = defaultdict(list)
    for number, query in asked:
        grouped[query.source or f"{query.table} t"].append((number, query))
    return grouped.keys(), grouped.values()


def _of_text(query: Query) -> str:
    """The condition of a question on a cell alone, on `text` in its stead."""
    return query.where.replace(f"t.{identifier(query.column)}", "text")
