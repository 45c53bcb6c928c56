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
from evcollab.package import WAIVERS as FILE
from evcollab.package import Schema
from evcollab.validation.catalogue import Rule
from evcollab.validation.found import Found
from evcollab.validation.rules import RULES

TABLE = "waivers"
LEAST = 20
"""A reason of fewer characters is none."""
LONGEST = dt.timedelta(days=732)
"""A waiver holds two years at most; then somebody looks again."""
FIRM = frozenset(
    {
        "claim-unknown-table",
        "claim-unknown-record",
        "claim-unknown-column",
        "claim-missing",
        "claim-two-preferred",
        "participant-name-of-person",
        "participant-identifier-of-event",
        "organisation-identifier-twice",
        "source-url-duplicate",
        "cell-odd-letter",
        "cell-mixed-scripts",
        "cell-wrong-encoding",
        "list-formula-item",
        "url-not-public",
    }
)
"""Rules on references, keys, letters and persons outside the lower layers."""
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


class Row(dict[str, str]):
    """A waiver: its cells by column, and its line."""

    def __init__(self, cells: dict[str, str], line: int) -> None:
        super().__init__({name: cell.strip() for name, cell in cells.items()})
        self.line = line

    @property
    def until(self) -> dt.date:
        """The last day on which it holds; raises ValueError."""
        day: dt.date = types.parse(self["until"], SCHEMA.fields["until"])
        return day

    @property
    def place(self) -> tuple[str, ...]:
        """The rule, table and record that it is about."""
        return self["rule"], self["table"], self["record"]


def apply(waivers: list[Row], issues: list[Issue], today: dt.date, found: Found) -> tuple[list[Issue], list[Issue]]:
    """Divide issues into those that stand and those that are waived; report waivers that are expired or unused."""
    holding = {waiver.place: waiver for waiver in waivers if waiver.until >= today}
    standing: list[Issue] = []
    waived: list[Issue] = []
    for issue in issues:
        (waived if (issue.rule, issue.table, issue.record) in holding else standing).append(issue)
    used = {(issue.rule, issue.table, issue.record) for issue in waived}
    for waiver in (waiver for waiver in waivers if waiver.until < today):
        _report(found, "waiver-expired", waiver, "until", f"held until {waiver['until']}; today is {today}")
    for waiver in (waiver for place, waiver in holding.items() if place not in used):
        message = f"waives nothing: {waiver['rule']} was not found in {waiver['table']} {waiver['record']}"
        _report(found, "waiver-unused", waiver, "record", message)
    return standing, waived


def read(root: Path, found: Found, limits: Limits, today: dt.date) -> tuple[bytes | None, list[Row]]:
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
    for row in map(Row, table.records(), table.lines) if table else ():
        problems = list(_problems(row, today))
        for column, message in problems:
            _report(found, "waiver-invalid", row, column, message)
        if not problems:
            good.append(row)
    return data, good


def _problems(row: Row, today: dt.date) -> Iterable[tuple[str, str]]:
    rule = RULES.get(row["rule"])
    if rule is None:
        yield "rule", f"there is no rule {row['rule']!r}{did_you_mean(row['rule'], RULES)}"
    elif rule.severity == "error" and _is_firm(rule):
        yield "rule", f"{rule.id} cannot be waived: it must be fixed"
    if len(row["reason"]) < LEAST or len(row["reason"].split()) < 4:
        yield "reason", "is not a sentence; expected why the rule may be broken here"
    try:
        if row.until > today + LONGEST:
            yield "until", f"is more than two years ahead; expected a day up to {today + LONGEST}"
    except ValueError as error:
        yield "until", f"expected {error}"


def _is_firm(rule: Rule) -> bool:
    """Tell whether no exception from a rule can be right: from privacy, bytes, types, keys and references."""
    return rule.layer not in ("rules", "policy") or rule.id.startswith("privacy-") or rule.id in FIRM


def _report(found: Found, rule: str, row: Row, column: str, message: str) -> None:
    record = "|".join(row.place)
    found.add(rule, message, file=FILE, line=row.line, column=column, table=TABLE, record=record, value=row[column])
