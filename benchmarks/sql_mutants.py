"""Small changes in the SQL of the rules, and who notices them.

A mutant is asked of registers, one after another: the rule's own examples, their near misses (tests/validation/near),
the registers in tests/validation/test_survivors.py and test_borders.py, and the corpus. It is killed by the first in
which it finds other rows (of the corpus: or other words).
"""

from __future__ import annotations

import contextlib
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import duckdb

from evcollab import package
from evcollab.validation import descriptor, run
from evcollab.validation.asking import answer
from evcollab.validation.catalogue import RULES, Edit, Query, Rule
from evcollab.validation.engine import Engine
from evcollab.validation.found import Found
from tests.validation import corpus, near, packages, test_borders, test_survivors

_TOKEN = re.compile(
    r"(?P<skip>'(?:[^']|'')*'|\"[^\"]*\"|chr\(31\)|:=|->|BETWEEN\s+\S+\s+AND|[A-Za-z_][\w.]*\d\w*)"
    r"|(?P<token><>|<=|>=|[<>=]|\b(?:AND|OR|NOT|min|max|LEFT JOIN|ANTI JOIN)\b|\b\d+\b)"
)
_TWINS = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "=": "<>",
    "<>": "=",
    "AND": "OR",
    "OR": "AND",
    "NOT": "",
    "min": "max",
    "max": "min",
    "LEFT JOIN": "JOIN",
    "ANTI JOIN": "SEMI JOIN",
}
_BROKEN = "not SQL"
Rows = set[tuple[str, str, str, str]]


@dataclass(frozen=True)
class Mutant:
    """A rule of which some queries are changed alike.

    Attributes:
        rule: the rule.
        what: what is changed.
        queries: number of a query of the rule → the changed query.
    """

    rule: str
    what: str
    queries: dict[int, Query]

    def __str__(self) -> str:
        return f"{self.rule}: {self.what}"


def mutants(rules: Iterable[str]) -> list[Mutant]:
    """All mutants of rules; of rules without SQL there are none."""
    return [
        Mutant(name, what, queries) for name in rules if RULES[name].queries for what, queries in _changed(RULES[name])
    ]


@dataclass(frozen=True)
class Register:
    """A register that mutants are asked of.

    Attributes:
        kind: what kind it is.
        rules: the rules that are judged by it; empty: all.
        make: loads it.
        rows: what a query of a rule finds in it.
    """

    kind: str
    rules: frozenset[str]
    make: Callable[[], contextlib.AbstractContextManager[Engine | None]]
    rows: Callable[[Engine, str, Query], Rows]


def judge(left: Sequence[Mutant], progress: Callable[[str], None]) -> tuple[Counter[str], list[Mutant]]:
    """How many mutants each kind of register has killed, and the mutants that are left."""
    killed: Counter[str] = Counter()
    for register in _registers({mutant.rule for mutant in left}):
        asked = [mutant for mutant in left if not register.rules or mutant.rule in register.rules]
        if not asked:
            continue
        progress(f"{sum(killed.values())} killed, {len(left)} left; {register.kind} of {', '.join(register.rules)}")
        with register.make() as engine:
            gone = {} if engine is None else _killed(engine, register, asked)
        killed.update(register.kind if by != _BROKEN else by for by in gone.values())
        left = [mutant for mutant in left if id(mutant) not in gone]
    return killed, list(left)


def _registers(rules: set[str]) -> Iterator[Register]:
    for name in sorted(rules):
        for edits in (RULES[name].bad, RULES[name].good):
            yield Register("own examples", frozenset([name]), partial(_engine, edits), _rows)
    for found, tables in near.registers():
        yield Register(
            "near misses", frozenset(one.rule for one in found), partial(_near, tables), partial(_rows_near, found)
        )
    for edits in ((), *(edits for edits, _ in test_survivors.CASES.values()), *test_borders.REGISTERS):
        yield Register("cases", frozenset(), partial(_engine, edits), _rows)
    for tables in corpus.load()["registers"].values():
        yield Register("corpus", frozenset(), partial(_engine, (), tables), partial(_rows, words=True))


@contextlib.contextmanager
def _engine(edits: Iterable[Edit], tables: packages.Tables | None = None) -> Iterator[Engine | None]:
    """The engine with a register; None if there is nothing to read."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if tables is None:
            packages.example(folder, edits)
        else:
            packages.write(folder, tables)
        read, issues = package.examine(folder)
        if read is None:
            yield None
            return
        _, odd = descriptor.compare(read, issues)
        with Engine() as engine:
            run.load(engine, read, odd, packages.TODAY, Found())
            yield engine


@contextlib.contextmanager
def _near(tables: packages.Tables) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as place, Engine() as engine:
        near.load(engine, Path(place), tables)
        yield engine


def _killed(engine: Engine, register: Register, asked: Sequence[Mutant]) -> dict[int, str]:
    """The mutants (by `id`) that find something else than their rule does, and those that are not SQL."""
    gone: dict[int, str] = {}
    rights: dict[str, list[Rows]] = {}
    for mutant in asked:
        queries = near.queries_of(mutant.rule)
        if mutant.rule not in rights:
            rights[mutant.rule] = [register.rows(engine, mutant.rule, query) for query in queries]
        right = rights[mutant.rule]
        try:
            found = [
                register.rows(engine, mutant.rule, mutant.queries[number])
                if number in mutant.queries
                else right[number]
                for number in range(len(queries))
            ]
            if set().union(*found) != set().union(*right):
                gone[id(mutant)] = "found"
        except duckdb.ConversionException:
            gone[id(mutant)] = "found"
        except duckdb.Error:
            gone[id(mutant)] = _BROKEN
    return gone


def _rows(engine: Engine, rule: str, query: Query, words: bool = False) -> Rows:
    """The table, column and line of what a query finds, and its words if they count."""
    if query.table not in engine.tables:
        return set()
    return {
        (query.table, query.column, str(hit.line), hit.message if words else "")
        for _, hits in answer(engine, [replace(query, alone=False)])
        for hit in hits
    }


def _rows_near(found: Sequence[near.Copy], engine: Engine, rule: str, query: Query) -> Rows:
    """The near miss, table, record and column of what a query finds in the near misses of its own rule."""
    hits = near.hits(engine, [replace(query, alone=False)])
    return {hit for hit in hits if found[int(hit[0])].rule == rule}


def _changed(rule: Rule) -> Iterator[tuple[str, dict[int, Query]]]:
    """What is changed in a rule, and the changed queries; queries that are written alike are changed alike."""
    queries = near.queries_of(rule.id)
    for part in ("where", "source"):
        alike: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        listed = [list(_variants(getattr(query, part))) for query in queries]
        for number, found in enumerate(listed):
            alike[tuple(what.split(" in …")[0].split(" without ")[0][:8] for what, _ in found)].append(number)
        for numbers in alike.values():
            for place, (what, _) in enumerate(listed[numbers[0]]):
                yield what, {number: replace(queries[number], **{part: listed[number][place][1]}) for number in numbers}


def _variants(sql: str) -> Iterator[tuple[str, str]]:
    """What is changed, and the changed text."""
    for match in _TOKEN.finditer(sql):
        token = match["token"]
        if token is None:
            continue
        for other in [_TWINS[token]] if token in _TWINS else [str(int(token) + 1), str(int(token) - 1)]:
            around = sql[max(0, match.start() - 25) : match.end() + 25].replace("\n", " ")
            yield f"{token} → {other or 'nothing'} in …{around}…", sql[: match.start()] + other + sql[match.end() :]
    parts = _conjuncts(sql)
    for number, part in enumerate(parts if len(parts) > 1 else ()):
        yield f"without {part.strip()}", " AND ".join([*parts[:number], *parts[number + 1 :]])


def _conjuncts(sql: str) -> list[str]:
    """The parts of a condition between the ANDs that no bracket holds."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(
        r"'(?:[^']|'')*'|BETWEEN\s+\S+\s+AND\b|[()]|\bCASE\b|\bEND\b|\bAND\b|\bOR\b|\bSELECT\b", sql
    ):
        what = match[0]
        depth += {"(": 1, "CASE": 1, ")": -1, "END": -1}.get(what, 0)
        if what in ("OR", "SELECT") and depth == 0:
            return []
        if what == "AND" and depth == 0:
            parts.append(sql[start : match.start()])
            start = match.end()
    return [*parts, sql[start:]]
