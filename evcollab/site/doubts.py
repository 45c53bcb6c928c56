"""How sure the register is: what is founded how well, where sources disagree, what is covered and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from evcollab.provenance import CLAIMED
from evcollab.site import addresses
from evcollab.site.cells import Piece
from evcollab.site.frame import Page, Site
from evcollab.site.words import count

NEEDED = ("events", "participants", "organisations", "policy_targets", "countries", "sources", "claims")


def surety(site: Site) -> list[tuple[str, str, str]]:
    """How well the register is founded: a number, what it is, and where more about it stands."""
    supported = [len(set(site.register.sources_of(table, each))) for table in CLAIMED for each in site.rows(table)]
    sources = site.rows("sources")
    if not supported or not sources or not site.rows("claims"):
        return []
    coverage = "coverage/" if covers(site) else "sources/"
    several = sum(n > 1 for n in supported)
    primary = sum(row["tier"] == "primary" for row in sources.values())
    disputed = sum(len(cells) for cells in site.register.conflicts.values())
    return [
        (f"{sum(supported) / len(supported):.1f}", "sources per record", coverage),
        (f"{100 * several / len(supported):.0f} %", "of records with two sources or more", coverage),
        (f"{100 * primary / len(sources):.0f} %", "of sources are primary", "sources/"),
        (f"{disputed:,}", "cells on which sources disagree", "disagreements/"),
    ]


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
    body, country = row["organisation_id"], row["country_code"]
    party = site.link("organisations", body) if body else site.link("countries", country)
    return {"name": site.words.name(home, row[column]), "href": addresses.place(table, row, record), "part": party.text}


def disagreements(site: Site) -> Iterator[Page]:
    """Every disputed cell, values side by side."""
    if "claims" not in site.ds.tables:
        return
    found = disputes(site)
    kinds = dict(Counter((each["table"], each["cell"].title) for each in found).most_common())
    label = site.words.label
    yield Page(
        "disagreements/",
        "disagreements.html",
        "Where sources disagree",
        f"{count(len(found), 'cell')} on which sources say different things, with all values and why one is shown.",
        {
            "disputes": [{**each, "label": label("claims", "table_name", each["table"])} for each in found],
            "kinds": [(label("claims", "table_name", table), title, n) for (table, title), n in kinds.items()],
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
    vehicles = [labels("policy_targets", "vehicle_category", column) for column in targets["columns"]]
    targets["columns"] = ["Charging" if column == "charging" else column for column in vehicles]
    home = {party: "countries" if party in site.rows("countries") else "organisations" for party, _ in targets["rows"]}
    parties = [(site.link(home[party], party, short=True), cells) for party, cells in targets["rows"]]
    targets["rows"] = sorted(parties, key=lambda row: row[0].text)
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
