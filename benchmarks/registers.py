"""Registers of any size, for measuring: python benchmarks/registers.py FOLDER ROWS

What `write` makes is consistent: it breaks no rule and fits the default limits up to about 1.8 million rows. The shares
of the tables are about those of the shipped register; the countries are the shipped ones.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import evcollab  # noqa: E402
from evcollab import csvfile, package  # noqa: E402
from evcollab.exports import about  # noqa: E402

COUNTRIES = ("CHN", "IRN", "LAO", "NAM", "PAK", "THA", "USA", "VNM")
WORDS = ("charging", "battery", "bus", "grid", "policy", "standard", "finance", "skills", "research", "trade")
SHARES = {
    "sources": 0.11,
    "organisations": 0.08,
    "events": 0.04,
    "participants": 0.18,
    "memberships": 0.03,
    "policies": 0.01,
    "policy_targets": 0.05,
}
REPEATED = (*SHARES, "claims")
REFERENCES = ("_id", "series", "wikidata_id", "ror_id", "lei", "url", "website")
Row = dict[str, str]


def rows_of(table: str, count: int, counts: dict[str, int]) -> Iterator[Row]:
    """The rows of one table; number n of one table refers to such numbers of another that exist."""
    for n in range(count):
        country = COUNTRIES[n % 8]
        topic = f"{WORDS[n % 10]} {WORDS[n // 10 % 10]}"
        body = f"org-{(n + n // (4 * counts['events'])) % counts['organisations']:07}"
        year = 2000 + n % 20
        yield {
            "sources": lambda n=n, topic=topic: {
                "source_id": f"source-{n:07}",
                "title": f"Report {n} on {topic}",
                "publisher": f"Paper {n % 500}",
                "url": f"https://www.example.org/{n // 1000}/{n}",
                "kind": "news",
                "tier": "secondary",
                "language": "en",
                "published_date": f"{2021 + n % 5}-{n % 12 + 1:02}-{n % 28 + 1:02}",
                "accessed_date": "2026-01-15",
            },
            "organisations": lambda n=n, country=country, topic=topic: {
                "organisation_id": f"org-{n:07}",
                "name": f"Institute {n} of {topic}",
                "kind": "country_group" if n < 10 else "company",
                "country_code": "" if n < 10 else country,
                "parent_id": f"org-{n // 2:07}" if n > 20 else "",
            },
            "events": lambda n=n, country=country, topic=topic, year=year: {
                "event_id": f"event-{n:07}",
                "name": f"Meeting {n} on {topic}",
                "kind": "workshop",
                "scope": "multilateral",
                "start_date": f"{year}-{n % 12 + 1:02}-{n % 27 + 1:02}",
                "end_date": f"{year}-{n % 12 + 1:02}-{n % 27 + 2:02}",
                "status": "held",
                "mode": "in_person",
                "country_code": country,
                "city": f"City {n % 304}",
                "topics": "policy;charging" if n % 2 else "battery",
                "participant_count": str(200 + n % 100),
                "summary": f"Parties met, for the {n}th time, on {topic}, and agreed to meet again.",
            },
            "participants": lambda n=n, body=body: {
                "participant_id": f"event-{n // 4 % counts['events']:07}-{n:07}",
                "event_id": f"event-{n // 4 % counts['events']:07}",
                "country_code": COUNTRIES[n % 8],
                "organisation_id": body,
                "role": "participant",
                "attendance": "confirmed",
                "headcount": str(1 + n % 9),
            },
            "memberships": lambda n=n: {
                "membership_id": f"membership-{n:07}",
                "group_id": f"org-{n % 10:07}",
                "organisation_id": f"org-{10 + n % (counts['organisations'] - 10):07}",
                "role": "partner",
                "start_date": f"{2000 + n % 20}",
            },
            "policies": lambda n=n, country=country, year=year: {
                "policy_id": f"policy-{n:07}",
                "name": f"Plan {n} for electric vehicles",
                "country_code": country,
                "kind": "plan",
                "adopted_date": f"{year}",
                "start_year": f"{year}",
                "end_year": "2040",
                "status": "in_force",
            },
            "policy_targets": lambda n=n: {
                "target_id": f"target-{n:07}",
                "policy_id": f"policy-{n % counts['policies']:07}",
                "country_code": COUNTRIES[n % counts["policies"] % 8],
                "city": f"City {n}",
                "metric": "sales_share",
                "value": str(1 + n % 99),
                "unit": "percent",
                "target_year": str(2030 + n % 20),
                "vehicle_category": "car",
                "powertrain": "ev",
                "strength": "target",
                "status": "active",
                "announced_date": f"{2020 + n % 5}",
            },
        }[table]()


def claims(counts: dict[str, int], total: int) -> Iterator[Row]:
    """A claim on every row, and further claims of other sources up to the total."""
    keys = {"events": "event", "organisations": "org", "memberships": "membership", "policies": "policy"}
    keys["policy_targets"] = "target"
    records = [(table, f"{key}-{n:07}") for table, key in keys.items() for n in range(counts[table])]
    records += [("participants", f"event-{n // 4 % counts['events']:07}-{n:07}") for n in range(counts["participants"])]
    late = counts["sources"] - counts["sources"] % 5
    for n in range(total):
        table, record = records[n % len(records)]
        source = n % counts["sources"] if n >= len(records) else n * 5 % late + 4
        yield {
            "table_name": table,
            "record_id": record,
            "field": "*",
            "source_id": f"source-{source:07}",
            "locator": f"p{n // len(records) + 1}",
            "basis": "stated",
            "rank": "normal",
        }


def write(folder: Path, rows: int, schemas_of: Path = ROOT) -> Path:
    """Write a package of about so many rows, in canonical form, with the schemas and countries of a checkout."""
    shipped = package.read(schemas_of)
    counts = {table: max(int(rows * share), 20) for table, share in SHARES.items()}
    (folder / "data").mkdir(parents=True, exist_ok=True)
    shutil.copytree(shipped.root / "schemas", folder / "schemas", dirs_exist_ok=True)
    descriptor = json.loads(shipped.path.read_text(encoding="utf-8")) | {"name": "benchmark-register"}
    for resource in descriptor["resources"]:
        table = resource["name"]
        if table == "countries":
            data = shipped.read_bytes(table)
        else:
            made: Iterable[Row] = rows_of(table, counts[table], counts) if table in counts else ()
            if table == "claims":
                made = claims(counts, rows - sum(counts.values()))
            columns = list(shipped.schemas[table].fields)
            data = csvfile.write(columns, sorted([row.get(name, "") for name in columns] for row in made)).encode()
            if table == "claims":  # the key's order is not that of the columns
                parts = [columns.index(name) for name in shipped.schemas[table].primary_key]
                header, *lines = data.decode().splitlines()
                lines.sort(key=lambda line: [line.split(",")[part] for part in parts])
                data = "".join(f"{line}\n" for line in [header, *lines]).encode()
        _put(folder, resource, data)
    _describe(folder, descriptor)
    return folder


def _put(folder: Path, resource: dict[str, Any], data: bytes) -> None:
    """Write a table, and note in its description what it is."""
    (folder / resource["path"]).write_bytes(data)
    resource |= {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    resource["rows"] = data.count(b"\n") - 1


def _describe(folder: Path, descriptor: dict[str, Any]) -> None:
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")


def repeat(folder: Path, times: int) -> Path:
    """The shipped register `times` over: every copy but the first has identifiers of its own."""
    ds = evcollab.load(ROOT)
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    (folder / "data").mkdir()
    descriptor = dict(ds.package.descriptor)
    for resource in descriptor["resources"]:
        table = resource["name"]
        fields, rows = list(ds.package.schema(table).fields), about.text_rows(ds, table)
        marked = [name.endswith(REFERENCES) or name == "record_id" for name in fields]
        many = list(rows)
        for copy in range(1, times if table in REPEATED else 1):
            many += [
                [f"{cell}-copy-{copy}" if cell and mark else cell for cell, mark in zip(row, marked, strict=True)]
                for row in rows
            ]
        _put(folder, resource, csvfile.write(fields, many).encode())
    _describe(folder, descriptor)
    return folder


FAULTS = (
    ("cell-type", "events", "participant_count", "about 120"),
    ("event-end-before-start", "events", "end_date", "1999-01-01"),
    ("reference-unknown", "participants", "organisation_id", "org-none"),
    ("cell-category", "claims", "basis", "told"),
    ("claim-locator-empty", "claims", "locator", "p0"),
    ("target-share-above-100", "policy_targets", "value", "140"),
    ("source-url-not-http", "sources", "url", "ftp://example.org"),
    ("cell-date", "memberships", "start_date", "2001-13"),
)
"""Rules that are broken by a cell: its table, its column and what it then holds."""


def plant(folder: Path, each: int = 5) -> set[tuple[str, str, int, str]]:
    """Break each of some rules in a few rows of a register; return the rules with file, line and column."""
    planted = set()
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    chance = random.Random(1)
    for resource in descriptor["resources"]:
        file = folder / resource["path"]
        lines = file.read_text(encoding="utf-8").split("\n")
        header = lines[0].split(",")
        faults = [fault for fault in FAULTS if fault[1] == resource["name"]]
        for number in chance.sample(range(1, len(lines) - 1), each * len(faults)) if faults else ():
            rule, _, column, text = faults[number % len(faults)]
            [cells] = csv.reader([lines[number]])
            cells[header.index(column)] = f"{text}-{number}" if "://" in text else text
            lines[number] = csvfile.write(cells, ()).removesuffix("\n")
            planted.add((rule, resource["path"], number + 1, column))
        _put(folder, resource, "\n".join(lines).encode())
    _describe(folder, descriptor)
    return planted


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2])))
