"""The pages of sources: the document, how to cite it, and every claim that rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evcollab import citations
from evcollab.provenance import ROW
from evcollab.site import addresses
from evcollab.site.cells import STATES, Piece
from evcollab.site.frame import Page, Site
from evcollab.site.records import Claim, Row
from evcollab.site.render import json_text
from evcollab.site.words import count, date, language

FACTS = ("publisher", "author", "published_date", "accessed_date", "kind", "tier", "language")
PERSONAL = (("participants", "person_name"), ("participants", "post"))
"""Columns that are shown on the page of the event and nowhere else."""
SAID = {"field": "", "value": "", "locator": "", "basis": "stated", "rank": "normal", "note": ""}
"""What a claim says → what it says if the JSON of its source leaves it out."""


def pages(site: Site) -> Iterator[Page]:
    """A page for each source."""
    for source, row in site.rows("sources").items():
        yield _page(site, source, row)


def _page(site: Site, source: str, row: Row) -> Page:
    say, tag = site.words.cell, language(row["language"])
    title = row["title"] or source
    item = citations.source_item(row)
    claims = site.register.claims_of_source.get(source, [])
    when = date(row["published_date"]) if row["published_date"] else ""
    facts = [(column, say("sources", column, row[column])) for column in FACTS]
    titles = {name: str(field.spec.get("title") or name) for name, field in site.register.fields("sources").items()}
    kicker = [part for part in (say("sources", "kind", row["kind"]), row["publisher"], when) if part]
    page = site.record_page(
        "sources",
        source,
        "source.html",
        title,
        f"{', '.join(kicker)}. {count(len(claims), 'statement')} of the register rest on it.",
        sheet=site.sheet(),
        kicker=kicker,
        lang=tag,
        url=row["url"] if addresses.is_web(row["url"]) else "",
        archive=row["archive_url"] if addresses.is_web(row["archive_url"]) else "",
        plain=row["url"],
        facts=[(column, titles.get(column, column), value) for column, value in facts if value],
        citation=citations.write([item], "text").strip(),
        copies=[("BibTeX", citations.write([item], "bibtex").strip()), ("CSL-JSON", json_text([item]))],
        records=_records(site, claims),
        about=len({(claim["table_name"], claim["record_id"]) for claim in claims}),
        claims=len(claims),
    )  # fmt: skip
    page.content["cite"] = ""
    page.modified = row["accessed_date"]
    page.data["supports"] = _supports(claims)
    return page


def _supports(claims: list[Claim]) -> dict[str, dict[str, list[dict[str, str]]]]:
    """The claims that rest on a source for machines, by table and record, without what is empty or usual."""
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    for claim in claims:
        if (claim["table_name"], claim["field"]) not in PERSONAL:
            told = {name: claim[name] for name, usual in SAID.items() if claim[name] != usual}
            found.setdefault(claim["table_name"], {}).setdefault(claim["record_id"], []).append(told)
    return found


def _records(site: Site, claims: list[Claim]) -> list[dict[str, Any]]:
    """What rests on a source: the records that have a page, each with its lines."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for claim in claims:
        table, record = claim["table_name"], claim["record_id"]
        row = site.rows(table).get(record, Row())
        home = (table, record)
        if table in addresses.LINES and row[addresses.LINES[table][1]] in site.rows(addresses.LINES[table][0]):
            home = (addresses.LINES[table][0], row[addresses.LINES[table][1]])
        page = found.setdefault(home, _entry(site.link(*home), site.words.label("claims", "table_name", home[0])))
        told = page["said"]
        if home != (table, record):
            if (table, record) not in lines:
                lines[table, record] = _entry(_line(site, table, record, row))
                page["lines"].append(lines[table, record])
            told = lines[table, record]["said"]
        told["whole" if claim["field"] == ROW else "cells"].append(_said(site, claim))
    return list(found.values())


def _entry(link: Piece, table: str = "") -> dict[str, Any]:
    return {"table": table, "link": link, "said": {"whole": [], "cells": []}, "lines": []}


def _said(site: Site, claim: Claim) -> dict[str, Any]:
    table, column = claim["table_name"], claim["field"]
    field = site.register.fields(table).get(column)
    personal = (table, column) in PERSONAL
    return {
        "what": "" if column == ROW else str(field.spec.get("title") or column) if field else column,
        "value": "on the page of the event" if personal else site.words.cell(table, column, claim["value"]),
        "locator": claim["locator"],
        "basis": STATES.get(claim["basis"], ""),
        "rank": claim["rank"],
        "note": "" if personal else claim["note"],
    }


def _line(site: Site, table: str, record: str, row: Row) -> Piece:
    """A link to a line on the page of another record, by the name of whom it is about."""
    body, country = row["organisation_id"], row["country_code"]
    name = site.words.name("organisations", body) if body else site.words.country(country) if country else "a person"
    return Piece(name, addresses.place(table, row, record))
