"""Worlds of organisations, events, policies and targets, and documents that each report a part of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

COUNTRIES = ("KEN", "LAO", "PAK", "NAM", "XKX")
WORDS = (
    "Electric",
    "Mobility",
    "Grid",
    "Battery",
    "Ñandú",
    "été",
    "日本",
    "Quote'd",
    'say "hi"',
    "semi, colon",
    "Zürich",
)
Record = dict[str, Any]


@dataclass(frozen=True)
class World:
    organisations: list[Record]
    events: list[Record]
    policies: list[Record]
    memberships: list[Record]


words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    organisations = [_organisation(draw, number) for number in range(draw(st.integers(1, 4)))]
    named = st.sampled_from([(record["name"], record["country_code"]) for record in organisations])
    group = {"name": "Group 99 of States", "kind": "country_group"}
    memberships = [
        {"group": "Group 99 of States", "country_code": country, "role": "member"}
        for country in draw(st.lists(st.sampled_from(COUNTRIES), unique=True, max_size=3))
    ]
    return World(
        [*organisations, group],
        [_event(draw, number, named) for number in range(draw(st.integers(0, 3)))],
        [_policy(draw, number) for number in range(draw(st.integers(0, 2)))],
        memberships,
    )


def _organisation(draw: st.DrawFn, number: int) -> Record:
    record = {
        "name": f"{draw(words)} Institute {number}",
        "kind": draw(st.sampled_from(["government", "company", "ngo", "programme"])),
        "country_code": draw(st.sampled_from(COUNTRIES)),
    }
    optional = {
        "short_name": f"INST{number}",
        "aliases": [f"Old Institute {number}", f"Älteres Institut {number}"],
        "website": f"https://example.org/institute/{number}",
    }
    return record | {"short_name": optional["short_name"]} | draw(_part_of(optional, keep=("short_name",)))


def _event(draw: st.DrawFn, number: int, named: st.SearchStrategy[tuple[str, str]]) -> Record:
    month = 7 + number  # events that begin on one day in one country are asked about
    day = draw(st.sampled_from(["2023", f"2023-{month:02}", f"2023-{month:02}-07", f"2024-{month:02}-28"]))
    record: Record = {
        "name": f"{draw(words)} Forum {number}",
        "kind": ("forum", "workshop", "signing")[number],
        "scope": draw(st.sampled_from(["bilateral", "multilateral", "national"])),
        "status": draw(st.sampled_from(["held", "announced", "cancelled"])),
        "start_date": day,
        "end_date": day,
        "country_code": draw(st.sampled_from(COUNTRIES)),
    }
    optional = {
        "city": draw(words),
        "mode": "in_person",
        "topics": draw(st.lists(st.sampled_from(["policy", "charging", "buses"]), min_size=1, unique=True)),
        "participant_count": draw(st.integers(1, 5000)),
        "summary": draw(words),
        "url": f"https://example.org/event/{number}",
    }
    roles = st.sampled_from(["speaker", "host", "donor"])
    parties = draw(st.lists(st.tuples(named, roles), unique=True, max_size=4))
    participants = [
        {"organisation": name, "country_code": country, "role": role}
        | ({"amount": 12.5, "currency": "USD"} if role == "donor" else {"attendance": "confirmed"})
        for (name, country), role in parties
    ]
    return record | draw(_part_of(optional)) | ({"participants": participants} if participants else {})


def _policy(draw: st.DrawFn, number: int) -> Record:
    choice = st.integers(2026, 2050).filter(lambda year: year % 2 == number)  # no target stands in two policies
    years = draw(st.lists(choice, min_size=1, max_size=3, unique=True))
    share = {"metric": "sales_share", "unit": "percent", "vehicle_category": "car", "powertrain": "ev"}
    points = {"metric": "charging_points", "unit": "points"}
    targets = [
        {"value": draw(st.sampled_from([1, 30, 99])), "target_year": year, "strength": "target", "status": "active"}
        | draw(st.sampled_from([share, points]))
        for year in sorted(years)
    ]
    where: Record = draw(st.sampled_from([{"country_code": "KEN"}, {"group": "Group 99 of States"}]))
    base = {"name": f"{draw(words)} Policy {number}", "kind": "strategy", "adopted_date": "2023-07", "targets": targets}
    return base | where | draw(_part_of({"status": "in_force", "end_year": 2050}))


@st.composite
def documents(draw: st.DrawFn, world: World, number: int = 0) -> Record:
    """A valid document that reports a part of a world, from sources of its own."""
    keys = draw(st.sampled_from([["a"], ["a", "b"]]))
    evidence: Record = {"locator": "p1"} if keys == ["a"] else {"sources": dict.fromkeys(keys, "p1")}
    organisations = [record | evidence for record in world.organisations]
    events = [_partly(draw, record, "participants") | evidence for record in world.events if draw(st.booleans())]
    policies = [_partly(draw, record, "targets") | evidence for record in world.policies if draw(st.booleans())]
    memberships = [record | evidence for record in world.memberships if draw(st.booleans())]
    lists = {"organisations": organisations, "events": events, "policies": policies, "memberships": memberships}
    sources = [
        {
            "key": key,
            "url": f"https://example.org/{number}/{key}",
            "title": f"Page {number} {key}",
            "publisher": "Example Herald",
            "kind": "news",
            "tier": "secondary",
            "published_date": "2025-06-01",
        }
        for key in keys
    ]
    return {"sources": sources} | {name: records for name, records in lists.items() if records}


def _partly(draw: st.DrawFn, record: Record, inner: str) -> Record:
    """A record with some of what stands inside it."""
    items = [item for item in record.get(inner, []) if draw(st.booleans())]
    return {key: value for key, value in record.items() if key != inner} | ({inner: items} if items else {})


def _part_of(optional: Record, keep: tuple[str, ...] = ()) -> st.SearchStrategy[Record]:
    """Some of the optional keys."""
    names = st.sets(st.sampled_from(sorted(optional)))
    return names.map(lambda chosen: {key: value for key, value in optional.items() if key in chosen or key in keep})


@st.composite
def contributions(draw: st.DrawFn, least: int = 1, most: int = 1) -> list[Record]:
    """Documents about one world."""
    world = draw(worlds())
    return [draw(documents(world, number)) for number in range(draw(st.integers(least, most)))]
