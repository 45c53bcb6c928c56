"""The pages of events."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from evcollab.site import addresses
from evcollab.site.cells import Piece, Sheet, by_role
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
    groups = by_role(sheet, "participants", lines, partial(_line, site, sheet))
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
        kicker=kicker,
        local=Piece(row["name_local"], lang=site.words.tongue("events", event)),
        summary=row["summary"],
        status="" if row["status"] in ("held", "") else say("events", "status", row["status"]),
        groups=groups,
        line_form=addresses.correction(site.repository, table="participants", field="role"),
        cells=cells,
        basis=basis,
        targets=[site.target_line(each) for each in targets],
        series=_series(site, event, row),
        programme=_programme(site, event, row),
    )


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
    return sheet.line("participants", identifier, who, notes, row["person_name"], row["post"])


def _series(site: Site, event: str, row: Row) -> list[dict[str, Any]]:
    same = site.register.grouped("events", "series").get(row["series"], {}) if row["series"] else {}
    return [site.event_line(each) for each in site.newest(same) if each != event]


def _programme(site: Site, event: str, row: Row, limit: int = 8) -> dict[str, Any]:
    programme = row["programme_id"]
    same = site.register.grouped("events", "programme_id").get(programme, {}) if programme else {}
    others = [each for each in site.newest(same) if each != event]
    return {
        "link": site.link("organisations", programme) if programme else None,
        "events": [site.event_line(each) for each in others[:limit]],
        "more": max(len(others) - limit, 0),
    }
