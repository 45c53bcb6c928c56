"""A small valid register, and the changes that the examples of the rules make in it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from evcollab import csvfile, package
from evcollab.canonical import canonical
from evcollab.validation.catalogue import Cells, Edit, Key, Text, Without

TODAY = dt.date(2026, 11, 20)
HOME = package.find().parent
SHIPPED = package.read()
CLAIMED = ("events", "participants", "organisations", "memberships", "policies", "policy_targets")

Tables = dict[str, list[dict[str, str]]]


def base() -> Tables:
    """The rows of a small valid register."""
    tables: Tables = {
        "sources": [
            {
                "source_id": "ministry-2023-forum",
                "title": "Second forum on electric vehicles held",
                "publisher": "Ministry of Energy and Mines",
                "url": "https://www.example.org/ministry/forum-2023",
                "kind": "official_page",
                "tier": "primary",
                "language": "en",
                "published_date": "2023-07-08",
                "accessed_date": "2026-01-15",
            },
            {
                "source_id": "herald-2023-07-10",
                "title": "Neighbours meet on electric vehicles",
                "publisher": "The Herald",
                "url": "https://www.example.org/herald/2023/forum",
                "kind": "news",
                "tier": "secondary",
                "language": "en",
                "published_date": "2023-07-10",
                "accessed_date": "2026-01-15",
            },
            {
                "source_id": "lao-policy-2021",
                "title": "Policy on electric vehicles",
                "publisher": "Ministry of Energy and Mines",
                "url": "https://www.example.org/ministry/policy",
                "kind": "policy_document",
                "tier": "primary",
                "published_date": "2021-03",
                "accessed_date": "2026-01-15",
            },
        ],
        "organisations": [
            {
                "organisation_id": "ministry-lao",
                "name": "Ministry of Energy and Mines",
                "kind": "government",
                "country_code": "LAO",
                "website": "https://www.example.org/ministry",
            },
            {
                "organisation_id": "usaid",
                "name": "United States Agency for International Development",
                "short_name": "USAID",
                "kind": "public_agency",
                "country_code": "USA",
                "wikidata_id": "Q217072",
            },
            {"organisation_id": "eco", "name": "Economic Cooperation Organization", "kind": "country_group"},
            {
                "organisation_id": "eco-secretariat",
                "name": "Secretariat of the Economic Cooperation Organization",
                "kind": "intergovernmental",
                "parent_id": "eco",
                "wikidata_id": "Q152081",
            },
            {
                "organisation_id": "volta-motors",
                "name": "Volta Motors",
                "aliases": "Volta Lao;Volta Motor Co",
                "kind": "company",
                "country_code": "LAO",
            },
        ],
        "events": [
            {
                "event_id": "lao-forum-2023",
                "name": "Second forum on electric vehicles",
                "kind": "forum",
                "scope": "national",
                "series": "lao-forum",
                "edition": "2",
                "start_date": "2023-07-07",
                "end_date": "2023-07-08",
                "status": "held",
                "mode": "in_person",
                "country_code": "LAO",
                "city": "Vientiane",
                "topics": "policy;charging",
                "languages": "en;lo",
                "participant_count": "120",
                "country_count": "3",
                "summary": "National forum with a foreign funder, which asked for a charging standard.",
            },
            {
                "event_id": "lao-forum-2022",
                "name": "First forum on electric vehicles",
                "kind": "forum",
                "scope": "national",
                "series": "lao-forum",
                "edition": "1",
                "start_date": "2022-06",
                "end_date": "2022-06",
                "status": "held",
                "country_code": "LAO",
            },
            {
                "event_id": "eco-webinar-2026",
                "name": "Webinar on charging along transit roads",
                "kind": "webinar",
                "scope": "multilateral",
                "start_date": "2026-12-10",
                "end_date": "2026-12-10",
                "status": "announced",
                "mode": "online",
            },
        ],
        "participants": [
            {
                "participant_id": "lao-forum-2023-1",
                "event_id": "lao-forum-2023",
                "country_code": "LAO",
                "organisation_id": "ministry-lao",
                "role": "organiser",
                "attendance": "confirmed",
            },
            {
                "participant_id": "lao-forum-2023-2",
                "event_id": "lao-forum-2023",
                "organisation_id": "usaid",
                "role": "funder",
                "amount": "50000",
                "currency": "USD",
            },
            {
                "participant_id": "lao-forum-2023-3",
                "event_id": "lao-forum-2023",
                "country_code": "VNM",
                "role": "participant",
                "headcount": "4",
            },
            {
                "participant_id": "lao-forum-2023-4",
                "event_id": "lao-forum-2023",
                "country_code": "THA",
                "role": "participant",
            },
            {
                "participant_id": "lao-forum-2023-5",
                "event_id": "lao-forum-2023",
                "organisation_id": "volta-motors",
                "person_name": "Jane Roe",
                "post": "Director",
                "role": "speaker",
            },
        ],
        "memberships": [
            {
                "membership_id": "eco-pak-member",
                "group_id": "eco",
                "country_code": "PAK",
                "role": "member",
                "start_date": "1985",
            },
            {
                "membership_id": "eco-usaid-partner",
                "group_id": "eco",
                "organisation_id": "usaid",
                "role": "partner",
                "start_date": "2019-04",
                "end_date": "2022-05-31",
            },
        ],
        "policies": [
            {
                "policy_id": "lao-ev-policy-2021",
                "name": "Policy on electric vehicles",
                "country_code": "LAO",
                "kind": "strategy",
                "issuer_id": "ministry-lao",
                "adopted_date": "2021-03",
                "start_year": "2021",
                "end_year": "2030",
                "status": "in_force",
            },
            {"policy_id": "eco-vision-2025", "name": "Vision 2025", "group_id": "eco", "kind": "roadmap"},
        ],
        "policy_targets": [
            {
                "target_id": "lao-2021-car-stock-share-2030",
                "policy_id": "lao-ev-policy-2021",
                "country_code": "LAO",
                "metric": "stock_share",
                "value": "30",
                "unit": "percent",
                "target_year": "2030",
                "vehicle_category": "car",
                "powertrain": "ev",
                "strength": "target",
                "status": "superseded",
                "announced_date": "2021-03",
            },
            {
                "target_id": "lao-2023-car-stock-share-2030",
                "policy_id": "lao-ev-policy-2021",
                "country_code": "LAO",
                "metric": "stock_share",
                "value": "25",
                "unit": "percent",
                "target_year": "2030",
                "vehicle_category": "car",
                "powertrain": "ev",
                "strength": "target",
                "status": "active",
                "announced_date": "2023-07",
                "supersedes_id": "lao-2021-car-stock-share-2030",
                "event_id": "lao-forum-2023",
            },
            {
                "target_id": "lao-2023-car-stock-share-2035",
                "policy_id": "lao-ev-policy-2021",
                "country_code": "LAO",
                "metric": "stock_share",
                "value": "40",
                "unit": "percent",
                "target_year": "2035",
                "vehicle_category": "car",
                "powertrain": "ev",
                "strength": "target",
                "status": "active",
                "announced_date": "2023-07",
            },
            {
                "target_id": "lao-2023-charging-points-2030",
                "policy_id": "lao-ev-policy-2021",
                "country_code": "LAO",
                "metric": "charging_points",
                "value": "5000",
                "unit": "points",
                "target_year": "2030",
                "strength": "ambition",
                "status": "active",
                "announced_date": "2023",
            },
            {
                "target_id": "eco-2025-car-sales-2030",
                "policy_id": "eco-vision-2025",
                "group_id": "eco",
                "collective": "true",
                "metric": "sales",
                "value": "100000",
                "unit": "vehicles",
                "target_year": "2030",
                "vehicle_category": "car",
                "strength": "ambition",
                "status": "active",
            },
        ],
    }
    tables["subdivisions"] = []
    tables["former_ids"] = []
    tables["claims"] = [
        claim("events", "lao-forum-2023", "*", "ministry-2023-forum", "p1"),
        claim("events", "lao-forum-2023", "start_date", "ministry-2023-forum", "p2", "2023-07-07", "preferred"),
        claim("events", "lao-forum-2023", "start_date", "herald-2023-07-10", "p1", "2023-07-11"),
        claim("events", "lao-forum-2022", "*", "ministry-2023-forum", "p4"),
        claim("participants", "lao-forum-2023-5", "*", "herald-2023-07-10", "p3"),
        claim("memberships", "eco-pak-member", "*", "lao-policy-2021", "p1"),
        claim("policies", "lao-ev-policy-2021", "*", "lao-policy-2021", "title"),
    ]
    return with_claims(tables)


def claim(
    table: str, record: str, field: str, source: str, locator: str, value: str = "", rank: str = "normal"
) -> dict[str, str]:
    """A row of claims."""
    return {
        "table_name": table,
        "record_id": record,
        "field": field,
        "value": value,
        "source_id": source,
        "locator": locator,
        "basis": "stated",
        "rank": rank,
    }


def key(table: str, row: Mapping[str, str]) -> str:
    """The identifier of a row."""
    return "|".join(row.get(column, "") for column in SHIPPED.schemas[table].primary_key)


def with_claims(tables: Tables) -> Tables:
    """The same tables, with a claim on every row that has none."""
    claimed = {(row["table_name"], row["record_id"]) for row in tables["claims"]}
    for table in CLAIMED:
        for row in tables[table]:
            if (table, key(table, row)) not in claimed:
                tables["claims"].append(claim(table, key(table, row), "*", "ministry-2023-forum", "p9"))
    return tables


def write(folder: Path, tables: Tables, name: str = "example-register") -> Path:
    """Write tables as a package in canonical form, with the shipped schemas and countries."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    shutil.copytree(HOME / "schemas", folder / "schemas", dirs_exist_ok=True)
    descriptor = json.loads((HOME / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["name"] = name
    for table, schema in SHIPPED.schemas.items():
        columns = list(schema.fields)
        if table == "countries" and table not in tables:
            data = SHIPPED.read_bytes(table)
        else:
            rows = [[row.get(column, "") for column in columns] for row in tables.get(table, [])]
            data = csvfile.write(columns, canonical(rows, schema)).encode()
        (folder / SHIPPED.files[table]).write_bytes(data)
    write_json(folder / "datapackage.json", descriptor)
    return refresh(folder)


def refresh(folder: Path) -> Path:
    """Bring sizes, hashes and numbers of rows in the descriptor in line with the files."""
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        data = (folder / resource["path"]).read_bytes()
        resource["bytes"] = len(data)
        resource["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
        rows = csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline=""))
        resource["rows"] = sum(map(bool, rows)) - 1
    write_json(folder / "datapackage.json", descriptor)
    return folder


def write_json(file: Path, value: Any) -> None:
    """Write JSON as the package's own files are written."""
    file.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def example(folder: Path, edits: Iterable[Edit], more: Tables | None = None) -> Path:
    """The small register, joined with another if given, with the changes of an example."""
    tables = base()
    for table, others in (more or {}).items():
        tables[table] = tables[table] + [dict(row) for row in others]
    edits = list(edits)
    waivers = []
    for edit in edits:
        if isinstance(edit, Cells) and edit.table == "waivers":
            names = dict(zip(("rule", "table", "record"), edit.record.split("|"), strict=True))
            waivers.append({**names, **edit.cells})
        elif isinstance(edit, Cells):
            rows = [row for row in tables[edit.table] if key(edit.table, row) == edit.record]
            if not rows:
                parts = zip(SHIPPED.schemas[edit.table].primary_key, edit.record.split("|"), strict=True)
                rows = [dict(parts)]
                tables[edit.table].append(rows[0])
            rows[0].update(edit.cells)
        elif isinstance(edit, Without):
            before = len(tables[edit.table])
            tables[edit.table] = [row for row in tables[edit.table] if key(edit.table, row) != edit.record]
            assert len(tables[edit.table]) < before, f"there is no {edit.record} in {edit.table}"
    write(folder, tables)
    for edit in edits:
        if isinstance(edit, Text) and edit.file != "datapackage.json":
            _replace(folder / edit.file, edit)
    refresh(folder)
    for edit in edits:
        if isinstance(edit, Text) and edit.file == "datapackage.json":
            _replace(folder / edit.file, edit)
        if isinstance(edit, Key):
            _set(folder / edit.file, edit)
    if waivers:
        columns = ["rule", "table", "record", "reason", "until"]
        rows = sorted([row[column] for column in columns] for row in waivers)
        (folder / "waivers.csv").write_text(csvfile.write(columns, rows), encoding="utf-8")
    return folder


def _replace(file: Path, edit: Text) -> None:
    data = file.read_bytes() if file.exists() else b""
    old, new = (part if isinstance(part, bytes) else part.encode() for part in (edit.old, edit.new))
    assert old in data, f"{edit.old!r} is not in {edit.file}"
    file.write_bytes(data.replace(old, new, 1))


def _set(file: Path, edit: Key) -> None:
    value = json.loads(file.read_text(encoding="utf-8"))
    inner = value
    for part in edit.path[:-1]:
        inner = inner[part]
    if edit.value is None:
        del inner[edit.path[-1]]
    else:
        inner[edit.path[-1]] = edit.value
    write_json(file, value)


def line_of(folder: Path, table: str, record: str) -> int:
    """The line of a record in its file."""
    if table == "waivers":
        _, *rows = (folder / "waivers.csv").read_text(encoding="utf-8").splitlines()
        return next(n for n, row in enumerate(rows, 2) if row.startswith(record.replace("|", ",")))
    schema = SHIPPED.schemas[table]
    read, _ = csvfile.read_table((folder / SHIPPED.files[table]).read_bytes(), "", schema)
    assert read is not None
    for line, cells in zip(read.lines, read.rows, strict=True):
        if key(table, dict(zip(schema.fields, cells, strict=True))) == record:
            return line
    raise AssertionError(f"there is no {record} in {table}")
