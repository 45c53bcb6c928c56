"""Exceptions as data: `waivers.csv` beside `datapackage.json`, with the columns of `SCHEMA`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from evcollab import csvfile, types
from evcollab.errors import did_you_mean
from evcollab.files import FileError, Snapshot
from evcollab.issues import Issue
from evcollab.limits import Limits
from evcollab.package import Schema
from evcollab.validation.data import Row, as_data
from evcollab.validation.found import Found
from evcollab.validation.rules import RULES

FILE = "waivers.csv"
TABLE = "waivers"
SCHEMA = Schema(
    TABLE,
    FILE,
    {
        "fields": [
            {"name": "rule", "type": "string", "description": "Rule that may be broken."},
            {"name": "table", "type": "string", "description": "Table in which; empty for the package."},
            {"name": "record", "type": "string", "description": "Record by which; empty for a whole file."},
            {"name": "reason", "type": "string", "description": "Why it is right here."},
            {"name": "until", "type": "date", "description": "Last day on which the waiver holds."},
        ],
        "primaryKey": ["rule", "table", "record"],
    },
)


def apply(waivers: list[Row], issues: list[Issue], today: dt.date, found: Found) -> tuple[list[Issue], list[Issue]]:
    """Divide issues into those that stand and those that are waived; report waivers that are expired or unused."""
    holding = {}
    for waiver in waivers:
        if waiver.value("until") < today:
            message = f"held until {waiver['until']}; today is {today}"
            _report(found, "waiver-expired", waiver, "until", message)
        else:
            holding[waiver["rule"], waiver["table"], waiver["record"]] = waiver
    standing: list[Issue] = []
    waived: list[Issue] = []
    used = set()
    for issue in issues:
        place = (issue.rule, issue.table, issue.record)
        (waived if place in holding else standing).append(issue)
        used.add(place)
    for place, waiver in holding.items():
        if place not in used:
            message = f"waives nothing: {waiver['rule']} was not found in {waiver['table']} {waiver['record']}"
            _report(found, "waiver-unused", waiver, "record", message)
    return standing, waived


def read(root: Path, found: Found, limits: Limits) -> tuple[bytes | None, list[Row]]:
    """The waivers of a package; those that cannot be understood are reported and left out."""
    if not (root / FILE).exists():
        return None, []
    try:
        data = Snapshot(root).read(FILE, limits.file_bytes)
    except FileError as error:
        found.take([error.issue(TABLE)])
        return None, []
    table, issues = csvfile.read_table(data, FILE, SCHEMA, limits)
    found.take(issues)
    good = []
    for row in as_data(table, issues).rows if table else ():
        problems = list(_problems(row))
        for column, message in problems:
            _report(found, "waiver-invalid", row, column, message)
        if not problems:
            good.append(row)
    return data, good


def _problems(row: Row) -> Iterable[tuple[str, str]]:
    if row["rule"] not in RULES:
        yield "rule", f"there is no rule {row['rule']!r}{did_you_mean(row['rule'], RULES)}"
    if not row["reason"]:
        yield "reason", "is empty; expected why the rule may be broken here"
    try:
        types.parse(row["until"], SCHEMA.fields["until"])
    except ValueError as error:
        yield "until", f"expected {error}"


def _report(found: Found, rule: str, row: Row, column: str, message: str) -> None:
    found.add(rule, message, file=FILE, line=row.line, column=column, table=TABLE, record=row.key, value=row[column])
