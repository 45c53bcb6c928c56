"""What documents say becomes rows and claims of the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evcollab import names
from evcollab.contributions import identifiers, known
from evcollab.contributions.claims import add_cell_claims, add_corrections, add_self_links, fill, state
from evcollab.contributions.document import Place, cell_text
from evcollab.contributions.resolve import Cells, cells, similar_organisations
from evcollab.contributions.statement import Statement, Support
from evcollab.register import Record, spellings
from evcollab.text import tidy
from evcollab.urls import normal_url, tidy_url


def merge(statements: Sequence[Statement]) -> None:
    """Put what documents say into their draft; problems and notices are noted there."""
    steps = (add_sources, add_organisations, add_events, add_policies, add_targets, add_memberships)
    for step in (*steps, add_self_links, add_cell_claims, add_corrections):
        for statement in statements:
            step(statement)


def add_sources(statement: Statement) -> None:
    """The sources: one row for each address."""
    draft = statement.draft
    for place, given in statement.listed("sources"):
        own = {name: tidy(cell_text(value)) for name, value in given.items() if name != "key"}
        own["url"] = tidy_url(own["url"])
        address = normal_url(own["url"]) or own["url"]
        row = draft.addresses.get(address)
        if row is None:
            row = _new_row(statement, place, "sources", given, identifiers.source_id(own))
            row["accessed_date"] = own.get("accessed_date") or draft.today
            draft.addresses[address] = row
        for name, value in own.items():
            row[name] = row[name] or value
        key = str(given.get("key", place[1]))
        if key in statement.sources:
            statement.problem((*place, "key"), f"the key {key!r} is used twice")
        statement.sources[key] = row["source_id"]
        statement.speaks_of("sources", row["source_id"], place)


def add_organisations(statement: Statement) -> None:
    """The organisations that a document declares."""
    for place, given in statement.listed("organisations"):
        found = known.organisations(statement, given)
        if len(found) > 1:
            options = ", ".join(row["organisation_id"] for row in found)
            statement.problem(place, f"{given['name']!r} may be {options}: add `organisation_id` to say which")
            continue
        own = cells(statement, "organisations", place, given)
        if found:
            row = found[0]
            add_names(row, [own["name"], *filter(None, own.pop("aliases", "").split(";"))])
        else:
            row = _new_row(statement, place, "organisations", given, identifiers.organisation_id(given))
        fill(statement, place, "organisations", row, own, [])
        if not found and not given.get("new"):
            _ask_about_similar(statement, place, row)
        statement.draft.register.records("organisations").called_again(row)
        mentions = statement.mentions(given)
        if mentions is None and not {"locator", "sources"} & given.keys():
            if statement.whole:
                message = "nothing in this document refers to it: leave it out, or say where it is: `locator: p3`"
                statement.problem(place, message)
            continue
        state(statement, "organisations", row, place, given, statement.support(place, given, mentions))


def _ask_about_similar(statement: Statement, place: Place, row: Record) -> None:
    if similar := similar_organisations(statement, row):
        options = " or ".join(f"{other['name']} ({other['organisation_id']})" for other in similar[:3])
        message = f"{row['name']!r}: did you mean {options}? Use that name, or add `new: true`"
        statement.problem(place, message)


def add_names(row: Record, given: Sequence[str]) -> None:
    """Enter names that an organisation does not have yet as aliases."""
    called = {names.key(name) for name in spellings(row)}
    new = {names.key(name): name.replace(";", ",") for name in given}
    if more := {name for key, name in new.items() if key not in called}:
        row["aliases"] = ";".join(sorted({*filter(None, row["aliases"].split(";")), *more}))


def add_events(statement: Statement) -> None:
    """The events with their participants."""
    for place, given in statement.listed("events"):
        support = statement.support(place, given)
        own = cells(statement, "events", place, given)
        row = known.event(statement, place, given, own, support)
        row = row or _new_row(statement, place, "events", given, identifiers.event_id(own))
        _say(statement, "events", row, place, given, own, support)
        for number, line in enumerate(given.get("participants", [])):
            if line:
                _add_participant(statement, row["event_id"], (*place, "participants", number), line, support)


def _add_participant(statement: Statement, event: str, place: Place, given: dict[str, Any], inherited: Support) -> None:
    own = cells(statement, "participants", place, given) | {"event_id": event}
    if not any(key in given for key in ("country_code", "organisation", "person_name")):
        statement.problem(place, "a participant needs a country_code, an organisation or a person_name")
        return
    row = known.participant(statement.draft, own)
    if row is None:
        lines = statement.draft.register.records("participants").where(event_id=event)
        proposed = identifiers.participant_id(event, lines)
        row = _new_row(statement, place, "participants", given, proposed, event_id=event)
    _say(statement, "participants", row, place, given, own, statement.support(place, given, inherited))


def add_policies(statement: Statement) -> None:
    """The policies, without their targets."""
    for place, given in statement.listed("policies"):
        support = statement.support(place, given)
        own = cells(statement, "policies", place, given)
        row = known.policy(statement.draft, given, own)
        row = row or _new_row(statement, place, "policies", given, identifiers.policy_id(own))
        _say(statement, "policies", row, place, given, own, support)


def add_targets(statement: Statement) -> None:
    """The targets: those in a policy have its scope and day unless they say otherwise."""
    for place, given in statement.listed("policies"):
        policy = next((stated.row for stated in statement.stated if stated.place == place), None)
        scope = ("country_code", "group", "subdivision_code")
        inherited: dict[str, Any] = {name: given[name] for name in scope if name in given}
        if "adopted_date" in given:
            inherited["announced_date"] = given["adopted_date"]
        for number, target in enumerate(given.get("targets", [])):
            if target:
                own = {**inherited, **target}
                if "country_code" in target or "group" in target:
                    own |= {name: None for name in ("country_code", "group") if name not in target}
                _add_target(statement, (*place, "targets", number), own, statement.support(place, given), policy)
    for place, given in statement.listed("targets"):
        _add_target(statement, place, given, None, None)


def _add_target(
    statement: Statement, place: Place, given: dict[str, Any], inherited: Support | None, policy: Record | None
) -> None:
    given = {name: value for name, value in given.items() if value is not None}
    own = cells(statement, "policy_targets", place, given)
    if policy:
        own["policy_id"] = policy["policy_id"]
    if ("country_code" in given) == ("group" in given):
        statement.problem(place, "a target needs exactly one of country_code and group")
        return
    support = statement.support(place, given, inherited)
    row = known.target(statement.draft, given, own)
    row = row or _new_row(statement, place, "policy_targets", given, identifiers.target_id(own, policy))
    _say(statement, "policy_targets", row, place, given, own, support)


def add_memberships(statement: Statement) -> None:
    """The memberships."""
    for place, given in statement.listed("memberships"):
        own = cells(statement, "memberships", place, given)
        if ("country_code" in given) == ("organisation" in given):
            statement.problem(place, "a membership needs exactly one of country_code and organisation")
            continue
        row = known.membership(statement.draft, own)
        row = row or _new_row(statement, place, "memberships", given, identifiers.membership_id(own))
        _say(statement, "memberships", row, place, given, own, statement.support(place, given))


def _say(
    statement: Statement, table: str, row: Record, place: Place, given: dict[str, Any], own: Cells, support: Support
) -> None:
    """Enter the cells of a row, and where they come from."""
    fill(statement, place, table, row, own, support)
    state(statement, table, row, place, given, support)


def _new_row(
    statement: Statement, place: Place, table: str, given: dict[str, Any], proposed: str, **own: str
) -> Record:
    """A new row with the identifier that the document gives, or with one made of what it says."""
    draft = statement.draft
    key = draft.key(table)
    wanted = given.get(key) or proposed
    if not wanted:
        statement.problem(place, f"its name has no letter for an identifier: say which, `{key}: ...`")
        wanted = table
    return draft.register.records(table).add({key: draft.register.free_id(table, wanted), **own})
