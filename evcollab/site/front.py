"""The pages that belong to no record: home, search, compare, contribute, about, and former identifiers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from evcollab import publication
from evcollab.site import addresses, charts
from evcollab.site.doubts import disputes, surety
from evcollab.site.frame import Page, Site, counted
from evcollab.site.words import count, date, span

COUNTED = {"events": "event", "policy_targets": "target", "organisations": "organisation", "sources": "source"}
DOTS = 2000
"""Events that the timeline shows as dots; more are counted by year."""


def home(site: Site) -> Iterator[Page]:
    """The first page: what this is, how sure it is, where, when, and how to cite it."""
    rows = {table: site.rows(table) for table in addresses.PAGES}
    numbers = [(len(rows[table]), f"{noun}s", f"{table}/") for table, noun in COUNTED.items() if rows[table]]
    known = {code for code in rows["countries"] if site.events_of.get(code)}
    known |= set(site.register.grouped("policy_targets", "country_code"))
    if known and rows["countries"]:
        numbers.insert(1, (len(known), "countries", "countries/"))
    descriptor = site.ds.package.descriptor
    title = publication.title(descriptor)
    latest: dict[str, str] = {}
    targets = rows["policy_targets"]
    for each in sorted(targets, key=lambda each: (targets[each]["announced_date"], each), reverse=True):
        latest.setdefault(targets[each]["policy_id"] or each, each)  # one of each policy
    disputed = {each["record"]: each for each in reversed(disputes(site))}
    yield Page(
        "",
        "home.html",
        title,
        str(descriptor.get("description", "")) or title,
        {
            "headline": title.split(": ", 1)[-1] if ": " in title else title,
            "lead": str(descriptor.get("description", "")),
            "numbers": numbers,
            "sure": surety(site),
            "timeline": timeline(site),
            "map": site.ds.tables and bool(rows["countries"]) and bool(site.events_of),
            "newest": [site.event_line(each) for each in site.newest(rows["events"])[:6]],
            "targets": [site.target_line(each) for each in list(latest.values())[:6]],
            "disputes": list(reversed(disputed.values()))[:5],
            "cite": site.ds.cite(),
            "bibtex": site.ds.cite(style="bibtex"),
            "blank": len(rows["countries"]) - len(known) if rows["countries"] else 0,
        },
        modified=site.modified(rows["sources"]),
    )


def timeline(site: Site) -> dict[str, Any] | None:
    """The dated events: a dot each, by year; hollow if it is not known to have been held."""
    dated = {each: row for each, row in site.rows("events").items() if row["start_date"]}
    if not dated:
        return None
    years: dict[int, list[dict[str, Any]]] = {}
    for each, row in sorted(dated.items(), key=lambda item: (item[1]["start_date"], item[0])):
        dot = {
            "href": addresses.page("events", each),
            "name": f"{row['name'] or each}, {span(row['start_date'], row['end_date'])}",
            "group": charts.group_of(row["kind"]),
            "held": row["status"] in ("held", ""),
        }
        years.setdefault(int(row["start_date"][:4]), []).append(dot)
    first, last = min(years), max(years)
    span_of = range(first, last + 1) if last - first < 60 else sorted(years)
    most = max(years, key=lambda year: len(years[year]))
    groups = Counter(dot["group"] for dots in years.values() for dot in dots)
    if len(dated) > DOTS:
        bars = [{"year": year, "bars": charts.stack([dot["group"] for dot in years.get(year, [])], len(years[most]))}
                for year in span_of]  # fmt: skip
    return {
        "years": bars if len(dated) > DOTS else [{"year": year, "dots": years.get(year, [])} for year in span_of],
        "dots": len(dated) <= DOTS,
        "title": f"{count(len(dated), 'event')} from {first} to {last}, most of them in {most}",
        "groups": [(name, label, groups[name]) for name, (label, _) in charts.GROUPS.items() if groups[name]],
        "hollow": len(dated) <= DOTS and any(not dot["held"] for dots in years.values() for dot in dots),
    }


def services(site: Site) -> Iterator[Page]:
    """Search, comparison, how to contribute, what this is, and the page for an address that does not exist."""
    descriptor = site.ds.package.descriptor
    yield Page(
        "search/",
        "search.html",
        "Search",
        "Search events, countries, organisations, targets, policies and sources by name.",
        {"tables": [(table, count(len(site.rows(table)), "record")) for table in addresses.PAGES if site.rows(table)]},
    )
    if site.rows("countries"):
        aiming = site.register.grouped("policy_targets", "country_code")
        yield Page(
            "compare/",
            "compare.html",
            "Compare countries",
            "The targets, partners and groups of two countries or more, side by side.",
            {
                "countries": sorted(
                    (site.words.country(code), code, addresses.page("countries", code))
                    for code in site.rows("countries")
                    if code in aiming or code in site.events_of
                ),
            },
            table="countries",
        )  # fmt: skip
    forms = [("correction.yml", "Correct a record", "A source contradicts or completes something in the register."),
             ("event.yml", "Report an event", "An event that brought parties of two countries together."),
             ("target.yml", "Report a target", "A numeric target that a government has set."),
             ("source.yml", "Suggest a source", "A page that should be in the register.")]  # fmt: skip
    links = [(f"{site.repository}/issues/new?template={file}", title, text) for file, title, text in forms]
    yield Page(
        "contribute/",
        "contribute.html",
        "Contribute",
        "How to correct a record, report an event or target, and have a person's name removed.",
        {"forms": links if site.repository else []},
    )
    licences = [
        (str(item.get("title") or item.get("name") or ""), str(item.get("path", "")))
        for item in descriptor.get("licenses", [])
    ]
    yield Page(
        "about/",
        "about.html",
        "About",
        f"What {site.title} is, who makes it, its licence, and how to cite it.",
        {
            "text": str(descriptor.get("description", "")),
            "licences": [(title, path if addresses.is_web(path) else "") for title, path in licences],
            "people": [person["title"] for person in publication.people(descriptor)],
            "cite": site.ds.cite(),
            "bibtex": site.ds.cite(style="bibtex"),
            "created": date(publication.day(descriptor)),
            "counts": counted((len(site.rows(table)), noun) for table, noun in COUNTED.items()),
            "persons": "participants" in site.ds.tables,
        },
    )  # fmt: skip
    yield Page("404.html", "missing.html", "This page does not exist", "This page does not exist.", listed=False)


def moved(site: Site) -> Iterator[Page]:
    """A page for each former identifier, which names what took its place and leads there."""
    former = site.rows("former_ids")
    followed = {(row["table_name"], row["former_id"]): row for row in former.values()}
    for row in former.values():
        table, identifier = row["table_name"], row["former_id"]
        if table not in addresses.PAGES or identifier in site.rows(table):
            continue
        last, seen = row, {identifier}
        while (table, last["successor_id"]) in followed and last["successor_id"] not in seen:
            seen.add(last["successor_id"])
            last = followed[table, last["successor_id"]]
        successor = last["successor_id"] if last["successor_id"] in site.rows(table) else ""
        yield Page(
            addresses.page(table, identifier),
            "moved.html",
            identifier,
            f"The record {identifier} is no longer in the register.",
            {
                "id": identifier,
                "reason": site.words.cell("former_ids", "reason", row["reason"]).lower(),
                "version": row["version"],
                "successor": site.link(table, successor) if successor else None,
            },
            data={"table": table, "id": identifier, "successor": successor or None, "reason": row["reason"]},
            table=table,
            listed=False,
        )
