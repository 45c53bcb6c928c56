"""Rules on participants, organisations and memberships."""

from __future__ import annotations

from collections.abc import Iterator

from evcollab import dates, names
from evcollab.validation.catalogue import Cells, rule
from evcollab.validation.chains import cycles
from evcollab.validation.data import Data, Finding, Row

FORUM = "lao-forum-2023"
DELEGATION = "lao-forum-2023-3"
VOLTA = "volta-motors"
MEMBER = "eco-pak-member"
MONEY_ROLES = frozenset({"funder", "donor", "recipient"})
COUNTED_ROLES = frozenset({"participant", "signatory"})


@rule(
    "participant-nobody-named",
    "error",
    tables=("participants",),
    summary="A participant line names a country, an organisation or a person.",
    why="A line about nobody says nothing.",
    fix="Fill one of the three columns with what the source names, or delete the line.",
    good=(Cells("participants", DELEGATION, {"country_code": "VNM"}),),
    bad=(Cells("participants", DELEGATION, {"country_code": ""}),),
    at=("participants", DELEGATION, "country_code"),
)
def _nobody_named(data: Data) -> Iterator[Finding]:
    for row in data.rows("participants"):
        if not (row["country_code"] or row["organisation_id"] or row["person_name"]):
            yield row, "country_code", "names nobody; expected a country, an organisation or a person"


@rule(
    "participant-headcount-above-total",
    "error",
    tables=("participants", "events"),
    summary="A delegation is not larger than the whole event.",
    why="One of the two numbers is wrong.",
    fix="Check `headcount` and the event's `participant_count` against the source.",
    good=(Cells("participants", DELEGATION, {"headcount": "120"}),),
    bad=(Cells("participants", DELEGATION, {"headcount": "121"}),),
    at=("participants", DELEGATION, "headcount"),
)
def _headcount_above_total(data: Data) -> Iterator[Finding]:
    for row in data.rows("participants"):
        event = data.find("events", row["event_id"])
        count, total = row.value("headcount"), event and event.value("participant_count")
        if count is not None and total is not None and count > total:
            yield row, "headcount", f"has {count} people, but {row['event_id']} as a whole had {total}"


@rule(
    "event-too-many-countries",
    "error",
    tables=("events", "participants"),
    summary="An event has no more participating countries than its `country_count`.",
    why="Either the count is wrong, or a country is listed that did not take part.",
    fix="Check the count and the lines with the roles participant and signatory; invited parties and the host country "
    "are not counted here.",
    good=(Cells("events", FORUM, {"country_count": "2"}),),
    bad=(Cells("events", FORUM, {"country_count": "1"}),),
    at=("events", FORUM, "country_count"),
)
def _too_many_countries(data: Data) -> Iterator[Finding]:
    by_event = {event: rows for (event,), rows in data.groups("participants", "event_id")}
    for row in data.rows("events"):
        count = row.value("country_count")
        if count is None:
            continue
        listed = {
            line["country_code"]
            for line in by_event.get(row.key, [])
            if line["role"] in COUNTED_ROLES and line["attendance"] != "invited"
        } - {"", row["country_code"]}
        if len(listed) > count:
            yield (
                row,
                "country_count",
                f"has {count}, but its participants come from {len(listed)}: {', '.join(sorted(listed))}",
            )


@rule(
    "participant-duplicate",
    "error",
    tables=("participants",),
    summary="A party stands once in one role at an event.",
    why="It would be counted twice.",
    fix="Merge the two lines.",
    good=(Cells("participants", DELEGATION, {"country_code": "THA", "role": "speaker"}),),
    bad=(Cells("participants", "lao-forum-2023-4", {"country_code": "VNM"}),),
    at=("participants", "lao-forum-2023-4", "role"),
)
def _participant_duplicate(data: Data) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], Row] = {}
    for row in data.rows("participants"):
        party = (row["country_code"], row["organisation_id"], names.key(row["person_name"]))
        if not any(party):
            continue
        unnamed_post = "" if row["person_name"] else names.key(row["post"])
        first = seen.setdefault((row["event_id"], row["role"], *party, unnamed_post), row)
        if first is not row:
            yield row, "role", f"is the same party in the same role as {first.key}"


@rule(
    "amount-without-currency",
    "error",
    tables=("participants", "memberships"),
    summary="An amount has a currency, and a currency an amount.",
    why="A sum without its currency means nothing.",
    fix="Fill both as the source states them, or neither.",
    good=(Cells("participants", "lao-forum-2023-2", {"amount": "50000", "currency": "EUR"}),),
    bad=(Cells("participants", "lao-forum-2023-2", {"amount": "50000", "currency": ""}),),
    at=("participants", "lao-forum-2023-2", "currency"),
)
def _amount_without_currency(data: Data) -> Iterator[Finding]:
    for table in ("participants", "memberships"):
        for row in data.rows(table):
            if bool(row["amount"]) != bool(row["currency"]):
                column = "amount" if row["currency"] else "currency"
                yield row, column, f"has no {column}; expected amount and currency, or neither"


@rule(
    "participant-amount-role",
    "warning",
    tables=("participants",),
    summary="Only funders, donors and recipients have an amount.",
    why="For other roles it is not clear who paid whom.",
    fix="Choose the role that the source gives, or move the amount to the line of who gave or got it.",
    good=(Cells("participants", DELEGATION, {"role": "recipient", "amount": "5000", "currency": "USD"}),),
    bad=(Cells("participants", DELEGATION, {"amount": "5000", "currency": "USD"}),),
    at=("participants", DELEGATION, "amount"),
)
def _amount_role(data: Data) -> Iterator[Finding]:
    for row in data.rows("participants"):
        if row["amount"] and row["role"] and row["role"] not in MONEY_ROLES:
            yield row, "amount", f"has an amount in the role {row['role']}; expected funder, donor or recipient"


@rule(
    "organisation-name-duplicate",
    "error",
    tables=("organisations",),
    summary="No two organisations of one country have the same name or alias.",
    why="What one organisation did would be spread over two records.",
    fix="Merge the two records and keep the other spelling as an alias; if they are different bodies, name them apart.",
    good=(Cells("organisations", "usaid", {"name": "Ministry of Energy and Mines"}),),
    bad=(Cells("organisations", VOLTA, {"aliases": "Ministry of Energy & Mines"}),),
    at=("organisations", VOLTA, "aliases"),
    instead_of=("value-not-unique",),
)
def _name_duplicate(data: Data) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Row] = {}
    for row in data.rows("organisations"):
        spelt = [("name", row["name"]), *(("aliases", alias) for alias in row.value("aliases") or [])]
        for column, name in spelt:
            key = names.key(name)
            first = seen.setdefault((row["country_code"], key), row) if key else row
            if first is not row:
                yield row, column, f"{name!r} is already the name or an alias of {first.key}"
                break


@rule(
    "organisation-parent-cycle",
    "error",
    tables=("organisations",),
    summary="No organisation is its own parent, directly or through others.",
    why="The hierarchy would have no top.",
    fix="Correct `parent_id` of one of them.",
    good=(Cells("organisations", VOLTA, {"parent_id": "eco"}),),
    bad=(Cells("organisations", "eco", {"parent_id": "eco-secretariat"}),),
    at=("organisations", "eco", "parent_id"),
)
def _parent_cycle(data: Data) -> Iterator[Finding]:
    for row, circle in cycles(data, "organisations", "parent_id"):
        yield row, "parent_id", f"is its own parent: {' → '.join(circle)}"


@rule(
    "organisation-bloc-with-country",
    "error",
    tables=("organisations",),
    summary="A group of countries has no seat country.",
    why="A bloc is not situated in one of its members; its secretariat is, and has a record of its own.",
    fix="Leave `country_code` empty; add the secretariat as an organisation if a source speaks of it.",
    good=(Cells("organisations", "eco-secretariat", {"country_code": "IRN"}),),
    bad=(Cells("organisations", "eco", {"country_code": "IRN"}),),
    at=("organisations", "eco", "country_code"),
)
def _bloc_with_country(data: Data) -> Iterator[Finding]:
    for row in data.rows("organisations"):
        if row["kind"] == "country_group" and row["country_code"]:
            yield row, "country_code", f"is a group of countries with the seat {row['country_code']}; expected none"


@rule(
    "membership-party",
    "error",
    tables=("memberships",),
    summary="A membership is that of a country or of an organisation: exactly one.",
    why="With both it is not clear who is the member; with neither there is none.",
    fix="Fill exactly one of `country_code` and `organisation_id`.",
    good=(Cells("memberships", MEMBER, {"country_code": "", "organisation_id": VOLTA}),),
    bad=(Cells("memberships", MEMBER, {"organisation_id": VOLTA}),),
    at=("memberships", MEMBER, "country_code"),
)
def _membership_party(data: Data) -> Iterator[Finding]:
    for row in data.rows("memberships"):
        if bool(row["country_code"]) == bool(row["organisation_id"]):
            found = "both" if row["country_code"] else "neither"
            yield row, "country_code", f"has {found} of country_code and organisation_id; expected exactly one"


@rule(
    "membership-end-before-start",
    "error",
    tables=("memberships",),
    summary="A membership does not end before it starts.",
    why="One of the two dates is wrong.",
    fix="Check both dates against the source.",
    good=(Cells("memberships", MEMBER, {"start_date": "1985", "end_date": "1985-02"}),),
    bad=(Cells("memberships", MEMBER, {"start_date": "1985", "end_date": "1984-12"}),),
    at=("memberships", MEMBER, "end_date"),
)
def _membership_end(data: Data) -> Iterator[Finding]:
    for row in data.rows("memberships"):
        start, end = row.value("start_date"), row.value("end_date")
        if start and end and dates.certainly_after(start, end):
            yield row, "end_date", f"ends in {end}, before it starts in {start}"
