"""The names of records in one file; targets, titles of sources and summaries in a second one, for the search page."""

from __future__ import annotations

from typing import Any

from evcollab.site import addresses
from evcollab.site.frame import Site
from evcollab.site.words import span

TABLES = {
    "countries": ("Country", 1.6),
    "organisations": ("Organisation", 1.2),
    "events": ("Event", 1.25),
    "policies": ("Policy", 1.0),
    "policy_targets": ("Target", 0.7),
    "sources": ("Source", 0.6),
}
"""Table → what a hit of it is called, and its weight in the order."""


def files(site: Site) -> dict[str, Any]:
    """The content of the two files: each with rows of table, identifier, name, other names, line and text."""
    position = {table: number for number, table in enumerate(TABLES)}
    names = [
        [position[table], addresses.segment(identifier), *told]
        for table, tell in (
            ("countries", _country),
            ("organisations", _organisation),
            ("events", _event),
            ("policies", _policy),
        )
        for identifier in site.rows(table)
        if (told := tell(site, identifier))
    ]
    more = [[position["sources"], addresses.segment(each), row["title"] or each, "", row["publisher"], ""]
            for each, row in site.rows("sources").items()]  # fmt: skip
    more += [
        [position["policy_targets"], addresses.segment(each), *_target(site, each), ""]
        for each in site.rows("policy_targets")
    ]
    more += [
        [position["events"], addresses.segment(each), "", "", "", row["summary"]]
        for each, row in site.rows("events").items()
        if row["summary"]
    ]
    persons = sorted({row["person_name"] for row in site.rows("participants").values() if " " in row["person_name"]})
    names, more = ([_impersonal(row, persons) for row in rows] for rows in (names, more))
    tables = [[table, what, weight] for table, (what, weight) in TABLES.items()]
    return {"names": {"tables": tables, "rows": names}, "more": {"tables": tables, "rows": more}}


def _impersonal(row: list[Any], persons: list[str]) -> list[Any]:
    """A row without the names of persons that titles and summaries may carry: persons are not searched for."""
    position, identifier, *texts = row
    for person in persons:
        if any(person in text for text in texts):
            texts = [text.replace(person, "…") for text in texts]
    return [position, identifier, *texts]


def _other(*names: str, known: str = "") -> str:
    """Further names, each once, joined with `;`."""
    return ";".join(dict.fromkeys(name for name in names if name and name != known))


def _country(site: Site, code: str) -> list[str]:
    row, name = site.rows("countries")[code], site.words.country(code)
    aliases = row["aliases"].split(";") if row["aliases"] else []
    return [name, _other(row["name"], code, row["alpha2"], *aliases, known=name), row["subregion"]]


def _organisation(site: Site, body: str) -> list[str]:
    row = site.rows("organisations")[body]
    country = site.words.country(row["country_code"]) if row["country_code"] else ""
    kind = site.words.cell("organisations", "kind", row["kind"])
    return [row["name"] or body, _other(row["short_name"], *row["aliases"].split(";")), _line(kind, country)]


def _event(site: Site, event: str) -> list[str]:
    row = site.rows("events")[event]
    kind = site.words.cell("events", "kind", row["kind"])
    return [
        row["name"] or event,
        row["name_local"],
        _line(kind, span(row["start_date"], row["end_date"]), site.place(row)),
    ]


def _policy(site: Site, policy: str) -> list[str]:
    row = site.rows("policies")[policy]
    return [row["name"] or policy, "", _line(site.words.cell("policies", "kind", row["kind"]), site.words.whose(row))]


def _target(site: Site, target: str) -> list[str]:
    row = site.rows("policy_targets")[target]
    return [
        f"{site.words.whose(row)}: {site.words.target(row)}",
        "",
        site.words.cell("policy_targets", "strength", row["strength"]),
    ]


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
