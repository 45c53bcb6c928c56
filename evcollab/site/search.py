"""The names of records in one file; targets, titles of sources and summaries in a second one, for the search page."""

from __future__ import annotations

import re
import sys
from typing import Any

from evcollab.site import addresses
from evcollab.site.frame import Site

NAMES = 4150
"""Records in the file of names, which a reader waits for; those about which less is known stand in the second file."""
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
    """The content of the two files: each with rows of table, address, name, other names, line and text.

    The address is how many signs of it the name begins with when it is written as one, and the signs that follow.
    """
    position = {table: number for number, table in enumerate(TABLES)}
    named = {"countries": _country, "organisations": _organisation, "events": _event, "policies": _policy}
    names = [
        (table, identifier, [position[table], *_address(identifier, told[0]), *told])
        for table, tell in named.items()
        for identifier in site.rows(table)
        if (told := tell(site, identifier))
    ]
    names.sort(key=lambda each: -_known(site, *each[:2]) if len(names) > NAMES else 0)
    first, rest = ([row for _, _, row in part] for part in (names[:NAMES], names[NAMES:]))
    more = [[*row, ""] for row in rest]
    for each, row in site.rows("sources").items():
        title = row["title"] or each
        more.append([position["sources"], *_address(each, title), title, "", row["publisher"], ""])
    for each in site.rows("policy_targets"):
        told = _target(site, each)
        more.append([position["policy_targets"], *_address(each, told[0]), *told, ""])
    more += [
        [position["events"], *_address(each, ""), "", "", "", row["summary"]]
        for each, row in site.rows("events").items()
        if row["summary"]
    ]
    persons = sorted({row["person_name"] for row in site.rows("participants").values() if " " in row["person_name"]})
    first, more = ([_impersonal(row, persons) for row in rows] for rows in (first, more))
    tables = [[table, what, weight] for table, (what, weight) in TABLES.items()]
    return {"names": {"tables": tables, "rows": first, "cut": bool(rest)}, "more": {"tables": tables, "rows": more}}


def _address(identifier: str, name: str) -> tuple[int, str]:
    """How many signs of an address its record's name tells, and the others: `site.js` puts them together again."""
    path, slug = addresses.segment(identifier), "-".join(re.findall("[a-z0-9]+", name.lower()))
    same = next((n for n, (a, b) in enumerate(zip(path, slug, strict=False)) if a != b), min(len(path), len(slug)))
    return same, path[same:]


def _whole(same: int, rest: str, name: str) -> str:
    return "-".join(re.findall("[a-z0-9]+", name.lower()))[:same] + rest


def _known(site: Site, table: str, identifier: str) -> int:
    """How much the register knows of a record; countries are looked for most."""
    if table == "countries":
        return sys.maxsize
    of = {"organisations": ("participants", "organisation_id"), "events": ("participants", "event_id"),
          "policies": ("policy_targets", "policy_id")}  # fmt: skip
    return len(site.register.grouped(*of[table]).get(identifier, {}))


def _impersonal(row: list[Any], persons: list[str]) -> list[Any]:
    """A row without the names of persons that titles and summaries may carry: persons are not searched for."""
    position, same, rest, *texts = row
    if any(person in texts[0] for person in persons):  # its address is told without the name
        same, rest = 0, _whole(same, rest, texts[0])
    for person in persons:
        if any(person in text for text in texts):
            texts = [text.replace(person, "…") for text in texts]
    return [position, same, rest, *texts]


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
    return [row["name"] or event, row["name_local"], _line(kind, row["start_date"][:4], site.place(row))]


def _policy(site: Site, policy: str) -> list[str]:
    row = site.rows("policies")[policy]
    return [row["name"] or policy, "", _line(site.words.cell("policies", "kind", row["kind"]), site.words.whose(row))]


def _target(site: Site, target: str) -> list[str]:
    row = site.rows("policy_targets")[target]
    strength = site.words.cell("policy_targets", "strength", row["strength"])
    return [f"{site.words.whose(row)}: {site.words.target(row)}", "", strength]


def _line(*parts: str) -> str:
    return " · ".join(filter(None, parts))
