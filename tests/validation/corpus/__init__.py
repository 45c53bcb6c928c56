"""What validation says of several hundred registers, word by word, so that no change to the engine changes it unseen.

The cases are generated registers with random faults, which are kept whole in the file; the examples of the rules have
tests of their own. Where a message is changed on purpose, write the file anew:
python -m tests.validation.corpus
"""

from __future__ import annotations

import gzip
import json
import random
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from evcollab.validation import validate
from tests.validation import packages

FILE = Path(__file__).parent / "corpus.json.gz"
GENERATED, EDITED = 40, 40
JUNK = (
    "", "NaN", "-1", "0", "101", "1e3", "2020-1-2", "2023-02-30", "2023-13", "2023", "2030-05", "x", "XX", "USD", "eco",
    "policy;x", "a;;b", "policy;policy", "TRUE", "true", "LAO", "usaid", "a@example.org", "tel. 5550199", "percent",
    "=1+1", " x", "x\u200by", "2099-01-01", "https://www.example.org/a", "superseded", "held", "online", "funder",
    "preferred", "gen-org-0", "gen-target-0", "gen-target-1", "gen-event-0", "Ministery of Energy and Mines",
)  # fmt: skip

Finding = list[Any]


def findings(case: packages.Tables) -> list[Finding]:
    """What validation says: rule, table, record, line, column and words of each issue."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        packages.write(folder, case)
        return [
            [issue.rule, issue.table, issue.record, issue.line, issue.column, issue.message]
            for issue in validate(folder, today=packages.TODAY).issues
        ]


def load() -> dict[str, Any]:
    """The corpus: `registers` (name → tables) and `findings` (name → findings)."""
    content: dict[str, Any] = json.loads(gzip.decompress(FILE.read_bytes()))
    return content


def save() -> None:
    """Validate every case and write the findings; the generated registers stay as they are once there are any."""
    registers = load()["registers"] if FILE.exists() else dict(_generate())
    with ProcessPoolExecutor(2) as pool:
        found = dict(zip(registers, pool.map(findings, registers.values(), chunksize=4), strict=True))
    text = json.dumps({"registers": registers, "findings": found}, ensure_ascii=False, separators=(",", ":"))
    FILE.write_bytes(gzip.compress(text.encode(), mtime=0))


def _generate() -> Iterator[tuple[str, packages.Tables]]:
    from hypothesis import HealthCheck, Phase, given, settings

    from tests import strategies

    drawn: list[packages.Tables] = []

    @settings(
        max_examples=GENERATED,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategies.registers())
    def draw(tables: packages.Tables) -> None:
        drawn.append(json.loads(json.dumps(tables)))

    draw()
    for number, tables in enumerate(drawn[:GENERATED]):
        yield f"generated {number}", _corrupt(tables, random.Random(number))
    for number in range(EDITED):
        yield f"edited {number}", _corrupt(packages.base(), random.Random(1000 + number))


def _corrupt(tables: packages.Tables, chance: random.Random) -> packages.Tables:
    for _ in range(chance.randint(1, 8)):
        table = chance.choice([name for name, rows in tables.items() if rows])
        rows = tables[table]
        row = chance.choice(rows)
        kind = chance.random()
        if kind < 0.08 and len(rows) > 1:
            rows.remove(row)
        elif kind < 0.14:
            rows.append(dict(row))
        else:
            column = chance.choice(list(packages.SHIPPED.schemas[table].fields))
            filled = [other[column] for other in rows if other.get(column)]
            row[column] = chance.choice(filled) if filled and chance.random() < 0.5 else chance.choice(JUNK)
    return tables
