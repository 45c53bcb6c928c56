"""The lists of each table, with their filters; a long one is split by year or by letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from evcollab import names
from evcollab.site import addresses
from evcollab.site.cells import Piece
from evcollab.site.frame import Page, Site
from evcollab.site.records import Row
from evcollab.site.words import count, date, language, number, span

LONGEST = 600
"""Rows of one page of a list."""


@dataclass
class Line:
    """A row of a list.

    Attributes:
        cells: what each column shows.
        facts: filter → the values by which it finds this row, as (value, label).
        part: the year or letter under which it stands when the list is split.
    """

    id: str
    cells: list[Piece]
    facts: dict[str, list[tuple[str, str]]]
    part: str
    words: str = ""
    note: str = ""


@dataclass(frozen=True)
class List:
    """A list of a table.

    Attributes:
        columns: the headings; one that ends with `#` is of numbers.
        filters: filter → its label.
        line: makes the line of a record.
        key: the order of the rows; `newest`: from the last to the first.
    """

    title: str
    columns: tuple[str, ...]
    filters: dict[str, str]
    line: Callable[[Site, str, Row], Line]
    key: Callable[[Row], Any]
    newest: bool = False
    by: str = "letter"
    lead: str = ""
    extra: tuple[tuple[str, str], ...] = field(default=())


def value(text: str) -> str:
    """A value of a filter as one word."""
    return addresses.segment(names.slug(text) or text.replace(" ", "-")) if text else ""


def letter(text: str) -> str:
    """The letter under which a name stands; `0-9` for digits, `other` for other scripts."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    first = next((c for c in plain if c.isalnum()), "")
    return "0-9" if first.isdigit() else first.upper() if first.isascii() and first else "other"


def _codes(site: Site, table: str, column: str, row: Row) -> list[tuple[str, str]]:
    spec = site.register.fields(table).get(column)
    items = row[column].split(spec.delimiter) if spec and spec.delimiter else [row[column]]
    return [(value(item), site.words.label(table, column, item)) for item in items if item]


def _event(site: Site, event: str, row: Row) -> Line:
    say = site.words.cell
    lines = site.register.grouped("participants", "event_id").get(event, {})
    countries, programme = site.countries_of.get(event, []), row["programme_id"]
    facts = {
        "kind": _codes(site, "events", "kind", row),
        "topic": _codes(site, "events", "topics", row),
        "country": [(value(code), site.words.country(code)) for code in countries],
        "programme": [(value(programme), site.words.short("organisations", programme))] if programme else [],
        "year": [(row["start_date"][:4], row["start_date"][:4])] if row["start_date"] else [],
        "status": _codes(site, "events", "status", row),
    }
    when = span(row["start_date"], row["end_date"]) or "undated"
    status = "" if row["status"] == "held" else say("events", "status", row["status"]).lower()
    cells = [
        Piece(when),
        Piece(row["name"] or event, addresses.page("events", event)),
        Piece(say("events", "kind", row["kind"])),
        Piece(site.place(row)),
        Piece(str(len(lines)) if lines else ""),
    ]
    return Line(event, cells, facts, row["start_date"][:4] or "undated", row["name_local"], status)


def _country(site: Site, code: str, row: Row) -> Line:
    events, partners = site.events_of.get(code, {}), site.partners.get(code, {})
    targets, name = site.register.grouped("policy_targets", "country_code").get(code, {}), site.words.country(code)
    held = ["events"] * bool(events) + ["targets"] * bool(targets) or ["nothing"]
    facts = {
        "region": _codes(site, "countries", "region", row),
        "known": [(each, {"events": "Events", "targets": "Targets", "nothing": "Nothing yet"}[each]) for each in held],
    }
    counts = [Piece(str(len(each)) if each else "") for each in (events, targets, partners)]
    cells = [Piece(name, addresses.page("countries", code)), Piece(row["subregion"] or row["region"]), *counts]
    return Line(code, cells, facts, letter(name), f"{code} {row['alpha2']} {row['name']} {row['aliases']}")


def _organisation(site: Site, body: str, row: Row) -> Line:
    name = row["name"] or body
    kind = site.words.cell("organisations", "kind", row["kind"])
    country = [(value(row["country_code"]), site.words.country(row["country_code"]))] if row["country_code"] else []
    cells = [Piece(name, addresses.page("organisations", body)), Piece(kind), Piece(country[0][1] if country else "")]
    events = len(site.register.grouped("participants", "organisation_id").get(body, {}))
    facts = {"kind": _codes(site, "organisations", "kind", row), "country": country}
    cells.append(Piece(str(events) if events else ""))
    return Line(body, cells, facts, letter(name), f"{row['short_name']} {row['aliases']}")


def _target(site: Site, target: str, row: Row) -> Line:
    line = site.target_line(target)
    party = row["country_code"] or row["group_id"]
    whose = site.words.country(party) if row["country_code"] else site.words.short("organisations", party)
    facts = {
        "country": [(value(party), whose)] if party else [],
        **{short: _codes(site, "policy_targets", column, row) for short, column in
           (("metric", "metric"), ("vehicle", "vehicle_category"), ("strength", "strength"), ("status", "status"))},
        "year": [(row["target_year"], row["target_year"])] if row["target_year"] else [],
    }  # fmt: skip
    cells = [Piece(line["year"]), Piece(line["name"], line["href"])]
    cells += [Piece(line[name]) for name in ("whose", "strength", "status")]
    return Line(target, cells, facts, row["target_year"] or "undated")


def _policy(site: Site, policy: str, row: Row) -> Line:
    say, party = site.words.cell, row["country_code"] or row["group_id"]
    whose = site.words.whose(row)
    targets = len(site.register.grouped("policy_targets", "policy_id").get(policy, {}))
    facts = {
        "country": [(value(party), site.words.country(party) if row["country_code"] else whose)] if party else [],
        "kind": _codes(site, "policies", "kind", row),
        "status": _codes(site, "policies", "status", row),
    }
    cells = [
        Piece(row["name"] or policy, addresses.page("policies", policy)),
        Piece(whose),
        Piece(say("policies", "kind", row["kind"])),
        Piece(date(row["adopted_date"]) if row["adopted_date"] else ""),
        Piece(str(targets) if targets else ""),
    ]
    return Line(policy, cells, facts, letter(row["name"] or policy))


def _source(site: Site, source: str, row: Row) -> Line:
    say, tag = site.words.cell, language(row["language"])
    facts = {
        "kind": _codes(site, "sources", "kind", row),
        "tier": _codes(site, "sources", "tier", row),
        "language": [(tag, tag)] if tag else [],
        "year": [(row["published_date"][:4], row["published_date"][:4])] if row["published_date"] else [],
    }
    title = Piece(row["title"] or source, addresses.page("sources", source), lang="" if tag.startswith("en") else tag)
    cells = [
        title,
        Piece(row["publisher"]),
        Piece(date(row["published_date"]) if row["published_date"] else ""),
        Piece(say("sources", "tier", row["tier"])),
        Piece(number(str(len(site.register.claims_of_source.get(source, []))))),
    ]
    return Line(source, cells, facts, letter(row["title"] or source))


LISTS = {
    "events": List(
        "Events",
        ("Date", "Event", "Kind", "Place", "Parties#"),
        {"kind": "Kind", "topic": "Topic", "country": "Country", "programme": "Programme", "year": "Year",
         "status": "Status"},
        _event, lambda row: (row["start_date"], row["event_id"]), newest=True, by="year",
        lead="Trainings, signings, forums and other meetings about electric vehicles, across borders.",
    ),
    "countries": List(
        "Countries and areas",
        ("Country", "Region", "Events#", "Targets#", "Partners#"),
        {"region": "Region", "known": "On record"},
        _country, lambda row: names.key(row["short_name"] or row["name"]),
        lead="What the register knows of each country: events that it took part in or that took place there, targets, "
        "and the countries that it met. An empty cell means that nothing is on record, not that there is nothing.",
        extra=(("compare/", "Compare countries side by side"),),
    ),
    "organisations": List(
        "Organisations",
        ("Organisation", "Kind", "Country", "Part in events#"),
        {"kind": "Kind", "country": "Country"},
        _organisation, lambda row: names.key(row["name"]),
        lead="Whoever acts: ministries, agencies, companies, programmes, initiatives and groups of countries.",
    ),
    "policy_targets": List(
        "Targets",
        ("By", "Target", "Of", "Strength", "Status"),
        {"country": "Country or group", "vehicle": "Vehicles", "metric": "What is counted", "strength": "Strength",
         "status": "Status", "year": "Year"},
        _target, lambda row: (row["target_year"], row["country_code"] or "~", row["target_id"]), by="year",
        lead="Numeric aims of governments and groups of them: each a single figure with its scope, year and version.",
        extra=(("policies/", "The policies that they stand in"),),
    ),
    "policies": List(
        "Policies",
        ("Policy", "Of", "Kind", "Adopted", "Targets#"),
        {"country": "Country or group", "kind": "Kind", "status": "Status"},
        _policy, lambda row: names.key(row["name"]),
        lead="The instruments that targets stand in: laws, strategies, plans, contributions under the Paris Agreement.",
        extra=(("policy_targets/", "The targets"),),
    ),
    "sources": List(
        "Sources",
        ("Source", "Publisher", "Published", "Tier", "Claims#"),
        {"kind": "Kind", "tier": "Tier", "language": "Language", "year": "Year"},
        _source, lambda row: names.key(row["title"]) or "~",
        lead="The documents that the register rests on. Primary: the instrument or the organiser itself; secondary: "
        "reports it; tertiary: lists what others report.",
    ),
}  # fmt: skip


def pages(site: Site) -> Iterator[Page]:
    """The lists of the tables that have rows."""
    for table, spec in LISTS.items():
        if site.rows(table):
            yield from _pages(site, table, spec)


def _pages(site: Site, table: str, spec: List) -> Iterator[Page]:
    rows = sorted(site.rows(table).items(), key=lambda item: spec.key(item[1]), reverse=spec.newest)
    lines = [spec.line(site, identifier, row) for identifier, row in rows]
    parts = _split(lines)
    addressed = [
        {"name": name, "href": f"lists/{table}/{value(name) or 'other'}/" if n else f"{table}/", "n": len(part)}
        for n, (name, part) in enumerate(parts)
    ]
    titles = [(title.removesuffix("#"), title.endswith("#")) for title in spec.columns]
    filters = [{"name": name, "label": label, "options": _options(lines, name)} for name, label in spec.filters.items()]
    for (name, part), own in zip(parts, addressed, strict=True):
        many = count(len(lines), "record")
        yield Page(
            str(own["href"]),
            "list.html",
            spec.title + (f": {name}" if len(parts) > 1 else ""),
            f"{spec.title} of the register{f', {name}' if len(parts) > 1 else ''}; {many} in all. {spec.lead}"[:300],
            {
                "table": table,
                "heading": spec.title,
                "lead": spec.lead,
                "extra": [(href, text) for href, text in spec.extra if href == "compare/" or site.rows(href[:-1])],
                "columns": titles,
                "lines": part,
                "total": len(lines),
                "parts": addressed if len(parts) > 1 else [],
                "part": name,
                "filters": [each for each in filters if len(each["options"]) > 1],
            },
            data=[dict(row) for row in site.rows(table).values()] if own is addressed[0] else None,
            modified=site.modified(site.rows("sources")) if own is addressed[0] else "",
            table=table,
        )


def _split(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    """A list in parts by year or letter, if it is long; a part that is too long is split again."""
    if len(lines) <= LONGEST:
        return [("", lines)]
    by: dict[str, list[Line]] = {}
    for line in lines:
        by.setdefault(line.part, []).append(line)
    return [
        (f"{name} ({start // LONGEST + 1})" if start else name, part[start : start + LONGEST])
        for name, part in by.items()
        for start in range(0, len(part), LONGEST)
    ]


def _options(lines: list[Line], name: str) -> list[tuple[str, str, int]]:
    """The values of a filter with their labels and numbers of rows; years from the last to the first."""
    found: dict[str, tuple[str, int]] = {}
    for line in lines:
        for each, label in dict(line.facts.get(name, [])).items():
            found[each] = (label, found.get(each, (label, 0))[1] + 1)
    listed = [(each, label, n) for each, (label, n) in found.items()]
    if name == "year":
        return sorted(listed, reverse=True)
    return sorted(listed, key=lambda option: names.key(option[1]))
