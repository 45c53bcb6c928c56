"""The mutation score of the rules: how many small changes in their SQL some test would notice.

An operator, a limit or a conjunct of a rule's condition or source is changed, and the rule is asked again: of its own
examples, of the cases in tests/validation/test_survivors.py, of the corpus, and of the examples of all rules. A mutant
is killed when it finds other rows (of the corpus: or other words).

Run: python benchmarks/mutation.py [RULE ...]
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from evcollab import package  # noqa: E402
from evcollab.validation import descriptor, run  # noqa: E402
from evcollab.validation.catalogue import RULES, Edit, Query, Rule  # noqa: E402
from evcollab.validation.engine import Engine  # noqa: E402
from evcollab.validation.found import Found  # noqa: E402
from tests.validation import corpus, packages, test_survivors  # noqa: E402

_TOKEN = re.compile(
    r"(?P<skip>'(?:[^']|'')*'|\"[^\"]*\"|chr\(31\)|:=|->|BETWEEN\s+\S+\s+AND|[A-Za-z_][\w.]*\d\w*)"
    r"|(?P<token><>|<=|>=|[<>=]|\b(?:AND|OR|NOT|min|max|LEFT JOIN|ANTI JOIN)\b|\b\d+\b)"
)
_TWINS = {
    "<": ["<="],
    "<=": ["<"],
    ">": [">="],
    ">=": [">"],
    "=": ["<>"],
    "<>": ["="],
    "AND": ["OR"],
    "OR": ["AND"],
    "NOT": [""],
    "min": ["max"],
    "max": ["min"],
    "LEFT JOIN": ["JOIN"],
    "ANTI JOIN": ["SEMI JOIN"],
}
World = tuple[str, Engine]
Found_ = set[tuple[str, str, int, str]]


def mutants(sql: str) -> Iterator[tuple[str, str]]:
    """What is changed, and the changed text."""
    for match in _TOKEN.finditer(sql):
        token = match["token"]
        if token is None:
            continue
        others = _TWINS.get(token) or [str(int(token) + 1), str(int(token) - 1)]
        for other in others:
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


def world(edits: Iterable[Edit] | None, tables: packages.Tables | None = None) -> Engine | None:
    """The engine with a register: the small one with the changes of an example, or one of the corpus."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if tables is not None:
            packages.write(folder, tables)
        else:
            packages.example(folder, edits or ())
        read, issues = package.examine(folder)
        if read is None:
            return None
        _, odd = descriptor.compare(read, issues)
        engine = Engine()
        run.load(engine, read, odd, packages.TODAY, Found())
        return engine


def answers(engine: Engine, queries: Iterable[Query], words: bool) -> Found_:
    """The rows that questions find."""
    asked = [query for query in queries if query.table in engine.tables]
    return {
        (asked[number].table, asked[number].column, hit.line, hit.message if words else "")
        for number, hits in engine.answer(asked)
        for hit in hits
    }


def changed(rule: Rule) -> Iterator[tuple[str, list[Query]]]:
    """The mutants of a rule; queries that are written alike are changed alike."""
    assert rule.queries is not None
    queries = list(rule.queries(packages.SHIPPED.schemas))
    for part in ("where", "source"):
        alike: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        listed = [list(mutants(getattr(query, part))) for query in queries]
        for number, found in enumerate(listed):
            alike[tuple(what.split(" in …")[0].split(" without ")[0][:8] for what, _ in found)].append(number)
        for numbers in alike.values():
            for place, (what, _) in enumerate(listed[numbers[0]]):
                yield (
                    what,
                    [
                        replace(query, **{part: listed[number][place][1]}) if number in numbers else query
                        for number, query in enumerate(queries)
                    ],
                )


def main() -> None:
    rules = [rule for rule in RULES.values() if rule.queries and (not sys.argv[1:] or rule.id in sys.argv[1:])]
    cases = [edits for edits, _ in test_survivors.CASES.values()]
    shared = {
        "cases": [engine for edits in ((), *cases) if (engine := world(edits))],
        "corpus": [engine for tables in corpus.load()["registers"].values() if (engine := world(None, tables))],
    }
    killed = Counter[str]()
    for rule in rules:
        assert rule.queries is not None
        before = list(rule.queries(packages.SHIPPED.schemas))
        with ExitStack() as stack:
            own = [stack.enter_context(engine) for edits in (rule.bad, rule.good) if (engine := world(edits))]
            right: dict[int, Found_] = {}
            for what, queries in changed(rule):
                by = _killer({"own examples": own, **shared}, before, queries, right)
                killed[by] += 1
                if by == "":
                    print(f"{rule.id}: {what}", flush=True)
    valid = killed.total() - killed["not SQL"]
    print(f"\n{valid} mutants of {len(rules)} rules ({killed['not SQL']} more are not SQL)")
    for by, count in killed.most_common():
        print(f"{count:6}  {by or 'left'}")
    print(f"score {100 * (valid - killed['']) / valid:.1f} %")


def _killer(
    groups: dict[str, list[Engine]], before: list[Query], queries: list[Query], right: dict[int, Found_]
) -> str:
    """Who notices a mutant; empty if nobody does."""
    import duckdb

    for name, engines in groups.items():
        words = name == "corpus"
        for engine in engines:
            if id(engine) not in right:
                right[id(engine)] = answers(engine, before, words)
            try:
                if answers(engine, queries, words) != right[id(engine)]:
                    return name
            except duckdb.ConversionException:
                return name
            except duckdb.Error:
                return "not SQL"
    return ""


if __name__ == "__main__":
    main()
