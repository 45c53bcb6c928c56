"""What each rule says of near misses: its examples with one cell changed, to what the rule itself looks for.

The values come from the rule: the codes and limits in its SQL, each limit also one less and one more, the cell of the
other example, an empty cell, another record. Each near miss is a copy of the small register with identifiers of its
own, and all copies are one register. What the rules find in it is in findings.txt, a line for each near miss, so that
no limit and no condition is moved unseen. Where a rule is changed on purpose, write the file anew and read what
differs: python -m tests.validation.near
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evcollab import package, types
from evcollab.package import Field
from evcollab.validation import descriptor, run
from evcollab.validation.asking import answer
from evcollab.validation.catalogue import RULES, Edit, Query, RemoveRow, Rule, SetCells
from evcollab.validation.engine import Engine
from evcollab.validation.found import Found
from tests.validation import packages

FILE = Path(__file__).parent / "findings.txt"
MOST = 24
"""So many near misses of one rule are tried."""
TOGETHER = 250
"""So many near misses are one register."""
DATES = ("date", "partial_date")
Change = tuple[str, str, str, str]
"""Table, record, column and new text."""


@dataclass(frozen=True)
class Copy:
    """A near miss: the rule, what differs from its example, and the rows."""

    rule: str
    what: str
    tables: packages.Tables


def copies(rule: Rule) -> list[Copy]:
    """The near misses of a rule: at most `MOST`, evenly taken out of all."""
    asked = queries_of(rule.id)
    parts = (f"{query.table} {query.column} {query.where} {query.source} {query.on}" for query in asked)
    sql = " ".join(dict.fromkeys(parts))
    examples = {"bad": rule.bad, "good": rule.good}
    edits_of_both = [edit for edits in examples.values() for edit in edits]
    if not all(isinstance(edit, SetCells | RemoveRow) and edit.table != "countries" for edit in edits_of_both):
        return []
    found = []
    for name, edits in examples.items():
        tables = _edited(edits)
        needed = {*re.findall(r"\w+", sql), *(table for table, _ in _touched(rule, tables))}
        tables = {table: rows for table, rows in tables.items() if table in needed}
        found.append(Copy(rule.id, name, tables))
        for table, record, column, text in _changes(rule, sql, tables):
            changed = {other: [dict(row) for row in rows] for other, rows in tables.items()}
            [row] = [row for row in changed[table] if packages.key(table, row) == record]
            row[column] = text
            found.append(Copy(rule.id, f"{name}, {table} {record} {column}={text}", changed))
    step = max(len(found) / MOST, 1.0)
    return [found[int(number * step)] for number in range(min(len(found), MOST))]


def _edited(edits: Sequence[Edit]) -> packages.Tables:
    """The rows of the small register with an example; cells that the example does not touch end in `{copy}`."""
    tables = {table: [dict(row) for row in rows] for table, rows in _base().items() if table != "countries"}
    for rows, column in ((tables[table], column) for table, column in _TOLD_APART):
        for row in rows:
            if row.get(column):
                row[column] += "{copy}"
    for edit in edits:
        if isinstance(edit, RemoveRow):
            tables[edit.table] = [row for row in tables[edit.table] if packages.key(edit.table, row) != edit.record]
        elif isinstance(edit, SetCells) and edit.table != "waivers":
            rows = [row for row in tables[edit.table] if packages.key(edit.table, row) == edit.record]
            if not rows:
                key = packages.SHIPPED.schemas[edit.table].primary_key
                rows = [dict(zip(key, edit.record.split("|"), strict=True))]
                tables[edit.table].append(rows[0])
            rows[0].update(edit.cells)
    return tables


@functools.cache
def _base() -> packages.Tables:
    return packages.base()


_TOLD_APART = (
    ("events", "name"),
    ("organisations", "name"),
    ("policies", "name"),
    ("sources", "url"),
    ("sources", "title"),
)


def _changes(rule: Rule, sql: str, tables: packages.Tables) -> Iterator[Change]:
    """The cells that the rule may look at, with what they may become."""
    names = set(re.findall(r"[a-z_]+", sql))
    codes = list(dict.fromkeys(re.findall(r"'([^']*)'", sql)))
    limits = sorted({int(number) for number in re.findall(r"(?<![\w.])\d+(?![\w.])", sql)})
    for table, record in _touched(rule, tables):
        rows = [row for row in tables.get(table, []) if packages.key(table, row) == record]
        for field in packages.SHIPPED.schemas[table].fields.values() if rows else ():
            if field.name not in names or field.name in packages.SHIPPED.schemas[table].primary_key:
                continue
            now = rows[0].get(field.name, "")
            others = [row[field.name] for row in tables[table] if row.get(field.name)]
            equal = re.findall(rf"\b{field.name}\"? (?:=|<>) '([^']+)'", sql)
            for text in dict.fromkeys([*equal[:3], *_texts(field, now, codes, limits, others, rows[0])]):
                if text != now:
                    yield table, record, field.name, text


def _touched(rule: Rule, tables: packages.Tables) -> list[tuple[str, str]]:
    """The records of the examples, and what they refer to."""
    found = [
        (edit.table, edit.record)
        for edit in (*rule.bad, *rule.good)
        if isinstance(edit, SetCells) and edit.table in tables
    ]
    for table, record in list(found):
        for row in (row for row in tables[table] if packages.key(table, row) == record):
            for column, (target, _) in packages.SHIPPED.schemas[table].foreign_keys.items():
                if row.get(column) and target in tables:
                    found.append((target, row[column]))
    return list(dict.fromkeys(found))


def _texts(
    field: Field, now: str, codes: Sequence[str], limits: Sequence[int], others: Sequence[str], row: dict[str, str]
) -> Iterator[str]:
    kind = types.kind_of(field)
    yield ""
    yield from others[:2]
    if field.categories:
        yield from (code for code in codes if code in field.categories)
        yield next((code for code in field.categories if code not in codes), "")
    elif kind in ("integer", "number"):
        for limit in (*([int(now)] if now.isdigit() else []), *limits):
            yield from (str(limit - 1), str(limit), str(limit + 1))
    elif kind in DATES:
        exact = kind == "date"
        for limit in (limit for limit in limits if 1800 < limit < 2200):
            yield from (f"{year}-06-15" if exact else str(year) for year in (limit - 1, limit, limit + 1))
        days = [text for name, text in row.items() if name.endswith("_date") and re.fullmatch(r"\d{4}-\d\d-\d\d", text)]
        for day in (packages.TODAY, *map(dt.date.fromisoformat, days)):
            yield from ((day + dt.timedelta(step)).isoformat() for step in (-1, 0, 1))


def registers() -> Iterator[tuple[list[Copy], packages.Tables]]:
    """The near misses of all rules, some hundred at a time, and the register in which each has a number."""
    found = [near for rule in RULES.values() if rule.queries is not None for near in copies(rule)]
    for start in range(0, len(found), TOGETHER):
        yield found[start : start + TOGETHER], _together(found[start : start + TOGETHER])


def _together(found: Sequence[Copy]) -> packages.Tables:
    tables: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for number, near in enumerate(found):
        own = {row[schema.primary_key[0]] for table, schema in _keyed() for row in near.tables.get(table, [])}
        for table, rows in near.tables.items():
            schema = packages.SHIPPED.schemas[table]
            links = {*schema.primary_key[:1], *schema.foreign_keys, "record_id", "source_id", "value"}
            for row in rows:
                tables[table].append(
                    {
                        column: f"n{number}-{text}"
                        if column in links and text in own
                        else text.replace("{copy}", f" {number}")
                        for column, text in row.items()
                    }
                )
    return dict(tables)


def _keyed() -> list[tuple[str, package.Schema]]:
    """The tables whose records have an identifier of their own, countries apart."""
    schemas = packages.SHIPPED.schemas.items()
    return [(table, schema) for table, schema in schemas if len(schema.primary_key) == 1 and table != "countries"]


def load(engine: Engine, folder: Path, tables: packages.Tables) -> None:
    """Load a register into an engine, without the similar names, of which there are too many."""
    packages.write(folder, tables)
    read, issues = package.examine(folder)
    assert read is not None
    _, odd = descriptor.compare(read, issues)
    run.load(engine, read, odd, packages.TODAY, Found(), errors_only=True)


def findings() -> Iterator[str]:
    """What each rule says of its own near misses, a line for each."""
    for found, tables in registers():
        said: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        with tempfile.TemporaryDirectory() as place, Engine() as engine:
            load(engine, Path(place), tables)
            for rule in dict.fromkeys(near.rule for near in found):
                for number, table, record, column in hits(engine, queries_of(rule)):
                    said[rule, number].append(f"{table} {record} {column}")
        for number, near in enumerate(found):
            where = ", ".join(sorted(said[near.rule, str(number)])) or "-"
            yield f"{near.rule}: {near.what}: {where}".replace("{copy}", "")


def hits(engine: Engine, queries: Sequence[Query]) -> Iterator[tuple[str, str, str, str]]:
    """What queries find: the number of the near miss, table, record and column."""
    for asked, found in answer(engine, [replace(query, say=None, message="") for query in queries]):
        for hit in found:
            number = re.search(r"\bn(\d+)-", hit.key)
            if number is not None:
                yield number[1], queries[asked].table, hit.key.replace(number[0], ""), queries[asked].column


def queries_of(rule: str) -> list[Query]:
    """The queries of a rule."""
    made = RULES[rule].queries
    return list(made(packages.SHIPPED.schemas)) if made is not None else []
