"""The pages of countries, and those of pairs of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evcollab.site import addresses, charts
from evcollab.site.cells import Piece
from evcollab.site.frame import Page, Site, counted
from evcollab.site.records import Row
from evcollab.site.words import count, date, listed, lower_first, span

SHORT = {
    "sales_share": "of sales",
    "stock_share": "of all in use",
    "fleet_share": "of fleet",
    "procurement_share": "of purchases",
    "import_share": "of imports",
    "production_share": "of production",
    "stock": "in use",
    "sales": "sold",
    "production": "produced",
    "charging_points": "points",
    "public_charging_points": "public points",
    "charging_stations": "stations",
    "public_charging_stations": "public stations",
    "swap_stations": "swap stations",
}
"""Metric → what a mark of the ladder says after the number."""
SIGNS = {"at_least": "≥ ", "about": "≈ ", "at_most": "≤ "}


def pages(site: Site) -> Iterator[Page]:
    """A page for each country."""
    for code, row in site.rows("countries").items():
        yield _page(site, code, row)


def _page(site: Site, code: str, row: Row) -> Page:
    sheet, say = site.sheet(), site.words.cell
    name = site.words.country(code)
    targets = site.register.grouped("policy_targets", "country_code").get(code, {})
    events = site.events_of.get(code, {})
    partners = sorted(site.partners.get(code, {}).items(), key=lambda item: (-len(item[1]), item[0]))
    groups = site.register.grouped("memberships", "country_code").get(code, {})
    bodies = site.register.grouped("organisations", "country_code").get(code, {})
    policies = site.register.grouped("policies", "country_code").get(code, {})
    facts = [
        (len(events), "event", "#_events"),
        (len(targets), "target", "#_targets"),
        (len(bodies), "organisation", "#_bodies"),
        (len(groups), "membership", "#_groups"),
    ]
    said = f"{name} in the register: {counted(fact[:2] for fact in facts) or 'nothing is on record'}."
    return site.record_page(
        "countries",
        code,
        "country.html",
        name,
        said,
        sheet=sheet,
        code=code,
        kicker=[code, *filter(None, (row["subregion"] or row["region"],))],
        full=Piece("" if row["name"] == name else row["name"]),
        lead=_lead(site, name, targets, partners),
        facts=[(n, noun if n == 1 else f"{noun}s", href) for n, noun, href in facts],
        finding=_finding(site, name, targets),
        fresh=date(max((day for day, how in (site.words.freshness("policy_targets", each) for each in targets)
                        if how == "published"), default="")),
        ladder=ladder(site, targets),
        local=sum(bool(each["city"] or each["subdivision_code"]) for each in targets.values()),
        targets=site.target_lines(targets),
        policies=[site.link("policies", each) for each in policies],
        partners=charts.bars(((_partner(site, code, other, shared), len(shared)) for other, shared in partners)),
        events=[site.event_line(each, _as_what(site, roles)) for each, roles in events.items()],
        groups=[membership(site, each, line) for each, line in groups.items()],
        bodies=[{"link": site.link("organisations", each), "kind": say("organisations", "kind", body["kind"])}
                for each, body in sorted(bodies.items(), key=lambda item: (item[1]["kind"], item[1]["name"]))],
        parts=[
            {"id": addresses.line(each), "name": part["name"], "code": each}
            for each, part in site.register.grouped("subdivisions", "country_code").get(code, {}).items()
        ],
        cells=sheet.cells("countries", code, skip=("name", "short_name")),
        missing=_missing(targets, events, groups, partners),
    )  # fmt: skip


def _lead(site: Site, name: str, targets: dict[str, Row], partners: list[tuple[str, list[str]]]) -> str:
    """What is on record of a country, in a sentence or two."""
    said = []
    if partners:
        other, events = partners[0]
        most = f", most often {site.words.country(other)}" if len(events) > 1 else ""
        met = count(len(partners), "country", "countries")
        said.append(f"{name} met {met} at events about electric vehicles{most}.")
    active = sum(row["status"] in ("active", "") for row in targets.values())
    if len(targets) > 1:
        are = "is" if active < 2 else "are"
        said.append(f"{active or 'None'} of its {len(targets)} targets on record {are} active.")
    return " ".join(said)


def _partner(site: Site, code: str, other: str, events: list[str]) -> dict[str, Any]:
    """A country that another met, with the address of what is behind the number: the one event, or the pair's page."""
    href = addresses.pair(code, other) if len(events) > 1 else addresses.page("events", events[0])
    return {"country": site.link("countries", other), "events": href}


def _as_what(site: Site, roles: list[str]) -> str:
    label = site.words.label
    place = "where it took place"
    return listed(place if role == "place" else label("participants", "role", role).lower() for role in roles)


def _finding(site: Site, name: str, targets: dict[str, Row]) -> str:
    """The title of the ladder: how many targets are active, how many of them law, and until when they reach."""
    active = [row for row in targets.values() if row["status"] in ("active", "")]
    if not active:
        return f"{name} has no active target on record"
    laws = sum(row["strength"] == "law" for row in active)
    years = [row["target_year"] for row in active if row["target_year"]]
    law = f", {laws} of them law" if laws else ", none of them law"
    reach = f"; they reach to {max(years)}" if years and len(active) > 1 else f"; it is for {years[0]}" if years else ""
    return f"{name} has {count(len(active), 'active target')} on record{law if len(active) > 1 or laws else ''}{reach}"


def ladder(site: Site, targets: dict[str, Row]) -> dict[str, Any] | None:
    """The targets of a whole country or group over the years; parts of it only if there is nothing else."""
    whole = [(each, row) for each, row in targets.items() if not row["city"] and not row["subdivision_code"]]

    def mark(target: str, row: Row) -> dict[str, Any]:
        sign, percent = SIGNS.get(row["comparator"], ""), " %" if row["unit"] == "percent" else ""
        value = _compact(row["value"]) + (f"–{_compact(row['value_max'])}" if row["value_max"] else "")
        several = row["vehicle_category"] and len(charts.LANES[charts.lane_of(row)]) > 1
        what = site.words.vehicles(row) if several or row["vehicle_use"] else ""
        label = " ".join(filter(None, (f"{sign}{value}{percent}", SHORT.get(row["metric"], ""))))
        active = row["status"] in ("active", "")
        status = lower_first(site.words.cell("policy_targets", "status", row["status"]))
        return {
            "label": label,
            "year": row["target_year"],
            "what": what,
            "full": site.words.target(row) + ("" if active else f", {status}"),
            "href": addresses.page("policy_targets", target),
            "active": active,
            "law": row["strength"] == "law",
        }

    return charts.ladder(whole or list(targets.items()), mark)


def _compact(text: str) -> str:
    """A number short enough for a mark: `1.5 M`, `30,000`."""
    try:
        value = float(text)
    except ValueError:
        return text
    return f"{value / 1e6:g} M" if value >= 1e6 else f"{value:,g}" if value < 1e5 else f"{value / 1e3:g} k"


def membership(site: Site, identifier: str, row: Row) -> dict[str, Any]:
    """A membership as a line on the page of whoever is in the group."""
    group = site.link("organisations", row["group_id"])
    return {
        "link": Piece(group.text, addresses.place("memberships", row, identifier)),
        "role": lower_first(site.words.cell("memberships", "role", row["role"])),
        "when": since(row),
    }


def since(row: Row) -> str:
    """When a membership held, in words."""
    if row["end_date"]:
        return span(row["start_date"], row["end_date"]) if row["start_date"] else f"until {span('', row['end_date'])}"
    return f"since {span(row['start_date'], '')}" if row["start_date"] else ""


def _missing(*found: Any) -> list[str]:
    names = ("a target", "an event", "a membership in a group", "a meeting with another country")
    return [name for name, held in zip(names, found, strict=True) if not held]


def pairs(site: Site) -> Iterator[Page]:
    """A page for each two countries that met more than once; one event has a page of its own."""
    for (a, b), events in site.meetings.items():
        if len(events) == 1:
            continue
        first, second = site.words.country(a), site.words.country(b)
        yield Page(
            addresses.pair(a, b),
            "pair.html",
            f"{first} and {second}",
            f"{first} and {second} were together at {count(len(events), 'event')} about electric vehicles on record.",
            {
                "a": site.link("countries", a),
                "b": site.link("countries", b),
                "codes": (a, b),
                "events": [site.event_line(each, _both(site, each, (a, b))) for each in events],
                "reach": _reach(site, events),
            },
            data={"countries": [a, b], "events": events},
            modified=site.modified(source for each in events for source in site.register.sources_of("events", each)),
            table="countries",
        )


def _reach(site: Site, events: list[str]) -> str:
    """From when to when some events took place, in words."""
    days = sorted(day for each in events if (day := site.rows("events")[each]["start_date"]))
    if not days or days[0][:4] == days[-1][:4]:
        return f"in {days[0][:4]}" if days else ""
    return f"from {days[0][:4]} to {days[-1][:4]}"


def _both(site: Site, event: str, codes: tuple[str, str]) -> str:
    """As what each of two countries was at an event."""
    parts = []
    for code in codes:
        roles = [role for role in site.events_of.get(code, {}).get(event, []) if role != "place"]
        parts.append(f"{site.words.country(code)}: {_as_what(site, roles)}")
    return "; ".join(parts)
