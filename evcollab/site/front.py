"""The pages that belong to no record: home, disagreements, coverage, search, compare, contribute, about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from evcollab.site import addresses, charts
from evcollab.site.cells import Piece
from evcollab.site.frame import Page, Site, counted
from evcollab.site.words import count, date, span

CLAIMED = ("events", "participants", "organisations", "memberships", "policies", "policy_targets")
COUNTED = {"events": "event", "policy_targets": "target", "organisations": "organisation", "sources": "source"}
NEEDED = ("events", "participants", "organisations", "policy_targets", "countries", "sources", "claims")


def home(site: Site) -> Iterator[Page]:
    """The first page: what this is, how sure it is, where, when, and how to cite it."""
    rows = {table: site.rows(table) for table in addresses.PAGES}
    numbers = [
        (len(rows[table]), noun, f"{table}/")
        for table, noun in (
            ("events", "events"),
            ("policy_targets", "targets"),
            ("organisations", "organisations"),
            ("sources", "sources"),
        )
        if rows[table]
    ]
    known = {code for code in rows["countries"] if site.events_of.get(code)}
    known |= set(site.register.grouped("policy_targets", "country_code"))
    if known and rows["countries"]:
        numbers.insert(1, (len(known), "countries", "countries/"))
    descriptor = site.ds.package.descriptor
    title = str(descriptor.get("title") or site.ds.name)
    newest = [each for each, _ in site.newest({each: [] for each in rows["events"]})]
    latest: dict[str, str] = {}
    for each, row in sorted(
        rows["policy_targets"].items(), key=lambda item: (item[1]["announced_date"], item[0]), reverse=True
    ):
        latest.setdefault(row["policy_id"] or each, each)  # one of each policy
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
            "newest": [site.event_line(each) for each in newest[:6]],
            "targets": [site.target_line(each) for each in list(latest.values())[:6]],
            "disputes": list(reversed(disputed.values()))[:5],
            "cite": site.ds.cite(),
            "bibtex": site.ds.cite(style="bibtex"),
            "blank": len(rows["countries"]) - len(known) if rows["countries"] else 0,
        },
        modified=site.modified(rows["sources"]),
    )


def surety(site: Site) -> list[tuple[str, str, str]]:
    """How well the register is founded: a number, what it is, and where more about it stands."""
    supported = [len(set(site.register.sources_of(table, each))) for table in CLAIMED for each in site.rows(table)]
    sources = site.rows("sources")
    if not supported or not sources or not site.rows("claims"):
        return []
    coverage = "coverage/" if covers(site) else "sources/"
    primary = sum(row["tier"] == "primary" for row in sources.values())
    disputed = sum(len(cells) for cells in site.register.conflicts.values())
    return [
        (f"{sum(supported) / len(supported):.1f}", "sources per record", coverage),
        (
            f"{100 * sum(n > 1 for n in supported) / len(supported):.0f} %",
            "of records with two sources or more",
            coverage,
        ),
        (f"{100 * primary / len(sources):.0f} %", "of sources are primary", "sources/"),
        (f"{disputed:,}", "cells on which sources disagree", "disagreements/"),
    ]


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
    return {
        "years": [{"year": year, "dots": years.get(year, [])} for year in span_of],
        "title": f"{count(len(dated), 'event')} from {first} to {last}, most of them in {most}",
        "groups": [(name, label, groups[name]) for name, (label, _) in charts.GROUPS.items() if groups[name]],
        "hollow": any(not dot["held"] for dots in years.values() for dot in dots),
    }


def disputes(site: Site) -> list[dict[str, Any]]:
    """Each disputed cell with the values of its sources, dates first."""
    found = []
    for (table, record), columns in site.register.conflicts.items():
        row = site.rows(table).get(record)
        if row is None:
            continue
        sheet = site.sheet()
        cells = {cell.column: cell for cell in sheet.cells(table, record, only_own=True)}
        for column in columns:
            mark = f"{table}-{addresses.segment(record)}-{column}"
            found.append({"id": mark, "table": table, "record": record, "cell": cells[column], "column": column,
                          **_where(site, table, record)})  # fmt: skip
    return sorted(found, key=lambda each: (not each["column"].endswith("_date"), each["table"], each["name"]))


def _where(site: Site, table: str, record: str) -> dict[str, Any]:
    row = site.rows(table)[record]
    if table not in addresses.LINES:
        return {"name": site.words.name(table, record), "href": addresses.page(table, record), "part": ""}
    home, column = addresses.LINES[table]
    party = (
        site.link("organisations", row["organisation_id"])
        if row["organisation_id"]
        else site.link("countries", row["country_code"])
    )
    return {"name": site.words.name(home, row[column]), "href": addresses.place(table, row, record), "part": party.text}


def disagreements(site: Site) -> Iterator[Page]:
    """Every disputed cell, values side by side."""
    if "claims" not in site.ds.tables:
        return
    found = disputes(site)
    kinds = dict(Counter((each["table"], each["cell"].title) for each in found).most_common())
    yield Page(
        "disagreements/",
        "disagreements.html",
        "Where sources disagree",
        f"{count(len(found), 'cell')} on which sources say different things, with all values and why one is shown.",
        {
            "disputes": [{**each, "label": site.words.label("claims", "table_name", each["table"])} for each in found],
            "kinds": [
                (site.words.label("claims", "table_name", table), title, n) for (table, title), n in kinds.items()
            ],
        },
        data=site.ds.conflicts().astype("object").where(lambda cells: cells.notna(), "").to_dict("records"),
    )


def covers(site: Site) -> bool:
    """Tell whether the package has the tables that the page on coverage counts."""
    return set(NEEDED) <= set(site.ds.tables) and bool(site.rows("countries"))


def coverage(site: Site) -> Iterator[Page]:
    """What the register holds, and what it lacks."""
    if not covers(site):
        return
    counts = site.ds.coverage()

    def crossed(measure: str, across: bool = False) -> dict[str, Any]:
        chosen = counts[counts["measure"] == measure]
        cells: dict[str, dict[str, int]] = {}
        for group, subgroup, n in zip(chosen["group"], chosen["subgroup"], chosen["value"], strict=True):
            row, column = (subgroup, group) if across else (group, subgroup)
            cells.setdefault(str(row), {})[str(column)] = int(n)
        columns = sorted({column for row in cells.values() for column in row})
        return {"columns": columns, "rows": [(row, [cells[row].get(c, 0) for c in columns]) for row in sorted(cells)]}

    events = crossed("events", across=True)
    events["rows"].reverse()
    targets = crossed("targets")
    labels = site.words.label
    targets["columns"] = [
        labels("policy_targets", "vehicle_category", c) if c != "charging" else "Charging" for c in targets["columns"]
    ]
    targets["rows"] = sorted(
        (
            (site.link("countries" if party in site.rows("countries") else "organisations", party, short=True), cells)
            for party, cells in targets["rows"]
        ),
        key=lambda row: row[0].text,
    )
    founded = crossed("rows_by_sources")
    founded["rows"] = [(labels("claims", "table_name", table), cells) for table, cells in founded["rows"]]
    founded["columns"] = [{"1": "One source", "2+": "Two or more"}.get(column, column) for column in founded["columns"]]
    tiers = crossed("sources")
    tiers["columns"] = [labels("sources", "kind", kind) for kind in tiers["columns"]]
    tiers["rows"] = [(labels("sources", "tier", tier), cells) for tier, cells in tiers["rows"]]
    known = set(site.events_of) | set(site.register.grouped("policy_targets", "country_code"))
    blank: dict[str, list[Piece]] = {}
    for code, row in site.rows("countries").items():
        if code not in known:
            blank.setdefault(row["region"] or "No region", []).append(site.link("countries", code))
    yield Page(
        "coverage/",
        "coverage.html",
        "What is covered, and what is not",
        "How many events, targets and sources the register holds, by year and region, and where it holds none.",
        {
            "tables": [
                ("Events by year and region of the place", "Year", events),
                ("Countries by region and what is on record of them", "Region", crossed("countries")),
                ("Records by the number of sources that support them", "Table", founded),
                ("Sources by tier and kind", "Tier", tiers),
                ("Targets by country or group and vehicle", "Country or group", targets),
            ],
            "blank": sorted(blank.items()),
            "sure": surety(site),
        },
    )


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
    people = [str(person["title"]) for person in descriptor.get("contributors", []) if person.get("title")]
    yield Page(
        "about/",
        "about.html",
        "About",
        f"What {site.title} is, who makes it, its licence, and how to cite it.",
        {
            "text": str(descriptor.get("description", "")),
            "licences": [(title, path if addresses.is_web(path) else "") for title, path in licences],
            "people": people,
            "cite": site.ds.cite(),
            "bibtex": site.ds.cite(style="bibtex"),
            "created": date(str(descriptor.get("created", ""))[:10]),
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
