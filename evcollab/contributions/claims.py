"""What sources say about cells: claims are entered, and it is settled which value a cell shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evcollab import types
from evcollab.contributions.document import Place
from evcollab.contributions.resolve import Cells, cell, linked, organisation
from evcollab.contributions.statement import Draft, Statement, Support
from evcollab.register import Record
from evcollab.text import tidy

OWN_WORDS = frozenset({"name", "kind", "scope", "topics", "audience", "summary", "url", "short_name", "website"})
"""Columns in which the register speaks for itself: a second document does not dispute them."""

ClaimKey = tuple[str, str, str, str, str]
"""Table, record, column, source and locator."""


def state(statement: Statement, table: str, row: Record, place: Place, given: dict[str, Any], support: Support) -> None:
    """Claim a row as a whole, and note what is said about its cells for later."""
    draft, identifier = statement.draft, row[statement.draft.key(table)]
    statement.speaks_of(table, identifier, place)
    for source, locator in support:
        enter(statement, place, (table, identifier, "*", source, locator), "", {"rank": "normal"})
    statement.stated.append((table, identifier, given, support, place))
    for key, column in draft.columns(table).items():
        if draft.self_link(table, column.name) and given.get(key):
            statement.self_links.append((table, identifier, column.name, str(given[key]), (*place, key)))


def fill(statement: Statement, place: Place, table: str, row: Record, given: Cells, support: Support) -> None:
    """Put cells into a row: gaps are filled, what is there stays; a different value becomes a claim."""
    key = statement.draft.key(table)
    for column, value in given.items():
        shown = row[column]
        if not shown or not value:
            row[column] = shown or value
        elif shown == value or column == key:
            continue
        elif column not in OWN_WORDS and support:
            decide(statement, place, table, row, column, value, *support[0], {})
            statement.notice(
                place,
                f"{row[key]}: {column} is {shown!r} in the register, here {value!r}: kept as a conflict; "
                f"the cell shows {row[column]!r}",
            )
        elif column not in ("name", "summary"):
            statement.notice(place, f"{row[key]}: the register keeps {column} {shown!r}, not {value!r}")


def add_self_links(statement: Statement) -> None:
    """Resolve the links between rows of one table."""
    for table, identifier, column, text, place in statement.self_links:
        row = statement.draft.register.get(table, identifier)
        bodies = table == "organisations"
        target = organisation(statement, place, text) if bodies else linked(statement, place, table, text)
        if row is not None:
            row[column] = row[column] or target


def add_cell_claims(statement: Statement) -> None:
    """Enter what records say about single cells: inferred, computed, and claims."""
    draft = statement.draft
    for table, identifier, given, support, place in statement.stated:
        row = draft.register.get(table, identifier)
        if row is None or not support:
            continue
        for basis in ("inferred", "computed"):
            for key, reason in given.get(basis, {}).items():
                column = draft.columns(table)[key].name
                if not row[column]:
                    statement.problem((*place, basis, key), f"{key} is marked {basis} but has no value here")
                elif not any(claim["rank"] == "preferred" for claim in draft.claims_on(table, identifier, column)):
                    spec = {"basis": basis, "rank": "preferred", "note": tidy(reason)}
                    claim_key = (table, identifier, column, *support[0])
                    enter(statement, (*place, basis, key), claim_key, row[column], spec)
        claims = [(number, spec) for number, spec in enumerate(given.get("claims", [])) if spec]
        for number, spec in sorted(claims, key=lambda item: item[1].get("rank") != "preferred"):
            add_cell_claim(statement, (*place, "claims", number), table, identifier, spec, support)


def add_corrections(statement: Statement) -> None:
    """Enter what a document says about cells that are in the register."""
    register = statement.draft.register
    for place, given in statement.listed("corrections"):
        table, record = given["table"], register.current(given["table"], given["record"])
        if register.get(table, record) is None:
            statement.problem((*place, "record"), f"there is no record {given['record']!r} in {table}")
            continue
        only = [(next(iter(statement.sources.values())), "")] if len(statement.sources) == 1 else []
        add_cell_claim(statement, place, table, record, given, only)


def add_cell_claim(
    statement: Statement, place: Place, table: str, identifier: str, spec: dict[str, Any], support: Support
) -> None:
    """Enter what a source says about one cell."""
    draft = statement.draft
    columns = draft.columns(table)
    column = columns.get(spec["field"]) or {column.name: column for column in columns.values()}.get(spec["field"])
    row = draft.register.get(table, identifier)
    if column is None or row is None:
        message = f"{table} has no column {spec['field']!r}; there is {', '.join(columns)}"
        statement.problem((*place, "field"), message)
        return
    if column.name == draft.key(table):
        message = f"an identifier is not corrected; two records that are one:  evcollab merge {table} FROM INTO"
        statement.problem((*place, "field"), message)
        return
    before = len(draft.problems)
    value = cell(statement, (*place, "value"), table, column.name, spec["value"], row.get("country_code", ""))
    if len(draft.problems) > before:
        return
    if "note" not in spec and (spec.get("rank") == "deprecated" or spec.get("basis", "stated") != "stated"):
        statement.problem(place, "an inferred, computed or deprecated claim says why: `note: ...`")
    try:
        types.parse(value, column)
    except ValueError as error:
        statement.problem((*place, "value"), f"{value!r} is not right; expected {error}")
        return
    if table not in draft.register.package.schemas["claims"].fields["table_name"].categories:
        row[column.name] = value
        statement.speaks_of(table, identifier, place)
        return
    claim_key = _said_in(statement, place, spec, support)
    if claim_key:
        decide(statement, place, table, row, column.name, value, *claim_key, spec)


def _said_in(statement: Statement, place: Place, spec: dict[str, Any], support: Support) -> tuple[str, str] | None:
    """The source and locator of a claim; None, and a problem, if it lacks one."""
    if "source" in spec:
        source = statement.sources.get(str(spec["source"]), "")
        if not source:
            known = ", ".join(statement.sources)
            statement.problem((*place, "source"), f"no source has the key {spec['source']!r}; there is {known}")
            return None
    elif support:
        source = support[0][0]
    else:
        statement.problem(place, "say which source states this: `source: key`")
        return None
    locator = tidy(str(spec.get("locator") or dict(support).get(source, "")))
    if not locator:
        statement.problem(place, "say where in the source this is: `locator: p3`")
        return None
    return source, locator


def decide(
    statement: Statement,
    place: Place,
    table: str,
    row: Record,
    column: str,
    value: str,
    source: str,
    locator: str,
    spec: Mapping[str, Any],
) -> None:
    """Enter a claim on a cell and settle which value the cell shows."""
    draft = statement.draft
    identifier = row[draft.key(table)]
    known = draft.claims_on(table, identifier, column)
    if any((claim["source_id"], claim["locator"], claim["value"]) == (source, locator, value) for claim in known):
        return
    preferred = next((claim for claim in known if claim["rank"] == "preferred"), None)
    shown = row[column]
    if "rank" in spec:
        wins = spec["rank"] == "preferred"
    elif not shown or shown == value:
        wins = preferred is None
    else:
        rests_on = preferred["source_id"] if preferred else _best_source(draft, table, identifier)
        wins = _tier(draft, source) > _tier(draft, rests_on) and not (preferred and preferred["note"])
    if shown not in ("", value):
        _prefer_cell(statement, place, table, identifier, column)
    if wins:
        for claim in draft.claims_on(table, identifier, column):
            claim["rank"] = "normal" if claim["rank"] == "preferred" else claim["rank"]
        row[column] = value
    extra: dict[str, Any] = {name: spec[name] for name in ("basis", "note") if name in spec}
    rank = "preferred" if wins else spec.get("rank", "normal")
    enter(statement, place, (table, identifier, column, source, locator), value, {**extra, "rank": rank})


def enter(statement: Statement, place: Place, key: ClaimKey, value: str, extra: Mapping[str, Any]) -> None:
    """Enter a claim, unless it is there."""
    draft = statement.draft
    statement.speaks_of("claims", "|".join(key), place)
    known = draft.register.get("claims", *key)
    if known is None:
        cells = dict(zip(draft.register.package.schemas["claims"].primary_key, key, strict=True))
        note = tidy(str(extra.get("note", "")))
        basis = extra.get("basis", "stated")
        draft.new_row("claims", {**cells, "value": value, "basis": basis, "rank": extra["rank"], "note": note})
    elif known["value"] != value:
        said = f"at {key[4]!r} the source already says {known['value']!r}, here {value!r}"
        statement.problem(place, f"{key[2]} of {key[1]}: {said}: give each a more exact locator")
    elif extra.get("rank") == "preferred":
        known["rank"] = "preferred"
        known["note"] = known["note"] or extra.get("note", "")


def _prefer_cell(statement: Statement, place: Place, table: str, identifier: str, column: str) -> None:
    """See to it that the value which a disputed cell shows has a preferred claim of its own."""
    draft = statement.draft
    row = draft.register.get(table, identifier)
    known = draft.claims_on(table, identifier, column)
    if row is None or not row[column] or any(claim["rank"] == "preferred" for claim in known):
        return
    agreeing = [claim for claim in known if claim["value"] == row[column] and claim["rank"] != "deprecated"]
    if agreeing:
        max(agreeing, key=lambda claim: _tier(draft, claim["source_id"]))["rank"] = "preferred"
        return
    disputing = {(claim["source_id"], claim["locator"]) for claim in known}
    whole = [
        claim
        for claim in draft.claims_on(table, identifier, "*")
        if (claim["source_id"], claim["locator"]) not in disputing
    ]
    elsewhere = [claim for claim in whole if claim["source_id"] not in {source for source, _ in disputing}] or whole
    if elsewhere:
        best = max(elsewhere, key=lambda claim: _tier(draft, claim["source_id"]))
        claim_key = (table, identifier, column, best["source_id"], best["locator"])
        enter(statement, place, claim_key, row[column], {"rank": "preferred"})


def _tier(draft: Draft, source: str) -> int:
    row = draft.register.get("sources", source)
    order = list(draft.register.package.schemas["sources"].fields["tier"].categories)
    return order.index(row["tier"]) if row and row["tier"] in order else -1


def _best_source(draft: Draft, table: str, identifier: str) -> str:
    whole = draft.claims_on(table, identifier, "*")
    return max((claim["source_id"] for claim in whole), key=lambda source: _tier(draft, source), default="")
