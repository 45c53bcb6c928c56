"""The pages of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evcollab.site import addresses
from evcollab.site.cells import Piece, Sheet
from evcollab.site.frame import Page, Site
from evcollab.site.records import Row
from evcollab.site.words import number, span

HEAD = ("event_id", "name", "name_local", "summary")
"""Columns that the head of the page shows; they stand among the cells only if a source speaks of them."""


def pages(site: Site) -> Iterator[Page]:
    """A page for each event."""
    for event, row in site.rows("events").items():
        yield _page(site, event, row)


def _page(site: Site, event: str, row: Row) -> Page:
    sheet, say = site.sheet(), site.words.cell
    lines = site.register.grouped("participants", "event_id").get(event, {})
    basis = sheet.basis("events", event)
    groups = parties(site, sheet, lines)
    cells = sheet.cells("events", event, skip=HEAD)
    when, where = span(row["start_date"], row["end_date"]), site.place(row)
    kicker = [part for part in (say("events", "kind", row["kind"]), when, where) if part]
    targets = site.register.grouped("policy_targets", "event_id").get(event, {})
    name = row["name"] or event
    said = row["summary"] or f"{name}: {', '.join(kicker)}"
    return site.record_page(
        "events",
        event,
        "event.html",
        name,
        f"{', '.join(kicker)}. {said}",
        sheet=sheet,
        lines=[("participants", line) for line in lines],
        kicker=kicker,
        trail=[site.link("countries", row["country_code"])] if row["country_code"] in site.rows("countries") else [],
        local=Piece(row["name_local"], lang=site.words.tongue("events", event)),
        summary=row["summary"],
        status="" if row["status"] in ("held", "") else say("events", "status", row["status"]),
        groups=groups,
        line_form=addresses.correction(site.repository, table="participants", field="role"),
        cells=cells,
        basis=basis,
        unknown=sheet.unknown("events", event),
        targets=[site.target_line(each) for each in targets],
        series=_series(site, event, row),
        programme=_programme(site, event, row),
    )


def parties(site: Site, sheet: Sheet, lines: dict[str, Row]) -> list[dict[str, Any]]:
    """The lines of an event by role, in the order of the vocabulary."""
    order = list(site.register.fields("participants")["role"].categories) if lines else []
    by_role: dict[str, list[dict[str, Any]]] = {}
    for identifier, row in lines.items():
        by_role.setdefault(row["role"], []).append(_line(site, sheet, identifier, row))
    ranked = sorted(by_role, key=lambda role: order.index(role) if role in order else len(order))
    titles = [site.words.label("participants", "role", role) or "Role not known" for role in ranked]
    return [{"role": title, "lines": by_role[role]} for title, role in zip(titles, ranked, strict=True)]


def _line(site: Site, sheet: Sheet, identifier: str, row: Row) -> dict[str, Any]:
    who = [site.link("organisations", row["organisation_id"])] if row["organisation_id"] else []
    if row["country_code"]:
        who.append(site.link("countries", row["country_code"]))
    notes = [site.words.cell("participants", "attendance", row["attendance"]).lower()] if row["attendance"] else []
    if row["headcount"]:
        notes.append(f"{number(row['headcount'])} people" if row["headcount"] != "1" else "1 person")
    if row["amount"]:
        notes.append(f"{row['currency']} {number(row['amount'])}".strip())
    if row["same_money_id"]:
        notes.append("the same money as in another line")
    basis = sheet.basis("participants", identifier)
    cells = sheet.cells("participants", identifier, only_own=True)
    return {
        "id": addresses.line(identifier),
        "record": identifier,
        "who": who,
        "person": row["person_name"],
        "post": row["post"],
        "notes": notes,
        "cells": cells,
        "basis": basis,
        "numbers": sorted({*(each["number"] for each in basis), *(n for cell in cells for n in cell.numbers)}),
        "disputed": any(cell.disputed for cell in cells),
        "states": sorted({state for cell in cells for state in cell.states}),
    }


def _series(site: Site, event: str, row: Row) -> list[dict[str, Any]]:
    same = site.register.grouped("events", "series").get(row["series"], {}) if row["series"] else {}
    others = dict.fromkeys(each for each in same if each != event)
    return [site.event_line(each) for each, _ in site.newest({each: [] for each in others})]


def _programme(site: Site, event: str, row: Row, limit: int = 8) -> dict[str, Any]:
    programme = row["programme_id"]
    same = site.register.grouped("events", "programme_id").get(programme, {}) if programme else {}
    others = [each for each, _ in site.newest({each: [] for each in same if each != event})]
    return {
        "link": site.link("organisations", programme) if programme else None,
        "events": [site.event_line(each) for each in others[:limit]],
        "more": max(len(others) - limit, 0),
    }
