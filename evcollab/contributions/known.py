"""Whether what a document reports is in the register already, or may be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evcollab import dates, names
from evcollab.contributions.document import Place
from evcollab.contributions.resolve import STATE_KINDS, Cells, organisations_named
from evcollab.contributions.statement import Draft, Statement, Support
from evcollab.register import Record


def organisations(statement: Statement, given: dict[str, Any]) -> list[Record]:
    """The rows that a declared organisation may be: those of the same name and seat."""
    country = given.get("country_code", "")
    if row := statement.draft.register.current("organisations", given.get("organisation_id", "")):
        return [row]
    found = [
        row
        for row in organisations_named(statement, given["name"], country)
        if row["country_code"] == country or (not (country and row["country_code"]) and row["kind"] not in STATE_KINDS)
    ]
    if found or "short_name" not in given:
        return found
    return [
        row
        for row in organisations_named(statement, given["short_name"], country)
        if row["country_code"] == country and names.similar(row["name"], given["name"])
    ]


def event(statement: Statement, place: Place, given: dict[str, Any], cells: Cells, support: Support) -> Record | None:
    """The row of an event that is in the register; a problem if another one only may be the same."""
    draft = statement.draft
    if named := draft.register.current("events", given.get("event_id", "")):
        return named
    listed = {stated.row for stated in statement.stated}
    alike = []
    for row in draft.register.records("events").rows:
        if not draft.says("events", row, "country_code", cells.get("country_code")):
            continue
        days = _same_days(row, cells)
        if days is False:
            days = draft.says("events", row, "start_date", cells.get("start_date"))
        if days is False:
            continue
        if days and names.key(row["name"]) == names.key(cells["name"]):
            statement.notice(place, f"the event is in the register as {row['event_id']}: this adds to it")
            return row
        apart = row in listed  # the same document lists both: they are two
        if names.similar(row["name"], cells["name"]) or (not apart and _same_occasion(draft, row, cells, support)):
            alike.append(row)
    for row in alike if not given.get("new") else []:
        described = f"{row['event_id']} ({row['name']}, {row['start_date'] or 'undated'})"
        add = f"add `event_id: {row['event_id']}` to add to it, or `new: true`"
        statement.problem(place, f"this may be the event {described}: {add}")
    return None


def _same_occasion(draft: Draft, row: Record, cells: Cells, support: Support) -> bool:
    """Whether two events begin on one day in one country, or one source reports both as of the same kind."""
    day = cells.get("start_date", "")
    if cells.get("country_code") and len(day) == 10 and row["start_date"] == day:
        return True
    sources = {claim["source_id"] for claim in draft.claims_on("events", row["event_id"], "*")}
    return bool(sources & {source for source, _ in support}) and row["kind"] == cells["kind"]


def participant(draft: Draft, cells: Cells) -> Record | None:
    """The line of the same party in the same role at an event."""
    lines = draft.register.records("participants").where(event_id=cells["event_id"])
    return _matching(draft, "participants", ("country_code", "organisation_id", "person_name", "role"), cells, lines)


def policy(draft: Draft, given: dict[str, Any], cells: Cells) -> Record | None:
    """The policy of the same name, scope and year."""
    if "policy_id" in given:
        return draft.register.current("policies", given["policy_id"])
    for row in draft.register.records("policies").rows:
        if names.key(row["name"]) != names.key(cells["name"]):
            continue
        scope = ("country_code", "group_id", "subdivision_code")
        same_scope = all(draft.says("policies", row, name, cells.get(name, "")) for name in scope)
        years = {row["adopted_date"][:4], cells.get("adopted_date", "")[:4]} - {""}
        if same_scope and len(years) < 2:
            return row
    return None


def target(draft: Draft, given: dict[str, Any], cells: Cells) -> Record | None:
    """The target that says the same."""
    if "target_id" in given:
        return draft.register.current("policy_targets", given["target_id"])
    said = ("metric", "value", "value_max", "target_year", "vehicle_category", "vehicle_use", "powertrain")
    scope = ("policy_id", "country_code", "group_id", "subdivision_code", "city", "area", "collective")
    return _matching(draft, "policy_targets", (*said, *scope, "conditionality", "event_id"), cells)


def membership(draft: Draft, cells: Cells) -> Record | None:
    """The membership of the same party in the same group and role."""
    return _matching(draft, "memberships", ("group_id", "country_code", "organisation_id", "role"), cells)


def _matching(
    draft: Draft, table: str, columns: tuple[str, ...], cells: Cells, rows: Iterable[Record] | None = None
) -> Record | None:
    """The first of these rows (else of all) that shows, or is claimed to have, the given cells in these columns."""
    known = [name for name in columns if name in draft.register.package.schemas[table].fields]
    among = draft.register.records(table).rows if rows is None else rows
    return next((row for row in among if all(draft.says(table, row, name, cells.get(name)) for name in known)), None)


def _same_days(a: Record, b: Cells) -> bool | None:
    """Whether two events may share a day; two without dates do, and None means that only one has a date."""
    first, second = _span(a.get("start_date"), a.get("end_date")), _span(b.get("start_date"), b.get("end_date"))
    if first and second:
        return dates.may_overlap(first, second)
    return None if first or second else True


def _span(start: str | None, end: str | None) -> tuple[dates.PartialDate, dates.PartialDate] | None:
    try:
        return (dates.parse(start or end or ""), dates.parse(end or start or ""))
    except ValueError:
        return None
