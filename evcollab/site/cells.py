"""Cells and lines of a record as a page shows them: the value, its state, and what each source says about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evcollab.provenance import ROW
from evcollab.site import addresses
from evcollab.site.records import Claim, Register, Row, whole
from evcollab.site.words import Words, language

IDENTIFIERS = {
    "wikidata_id": "https://www.wikidata.org/wiki/{}",
    "lei": "https://search.gleif.org/#/record/{}",
    "ror_id": "{}",
}
"""Columns whose value is the name of the record elsewhere → address there."""
STATES = {"inferred": "inferred", "computed": "computed"}
TEXTS = ("name_local", "title")
"""Columns that hold text of others, in the language of the source."""


@dataclass(frozen=True)
class Piece:
    """A part of a value: text, and where it leads."""

    text: str
    href: str = ""
    out: bool = False
    lang: str = ""


@dataclass
class Cell:
    """One cell: what it is, its value, and why.

    Attributes:
        own: it has claims of its own; otherwise it rests on those of the whole record.
        said: its claims, each with `value`, `number`, `locator`, `basis`, `note`, `rank`.
    """

    column: str
    title: str
    value: list[Piece]
    numbers: list[int]
    states: list[str] = field(default_factory=list)
    disputed: bool = False
    own: bool = False
    said: list[dict[str, Any]] = field(default_factory=list)


class Sheet:
    """One page's sources, numbered in order of first use, and its cells."""

    def __init__(self, register: Register, words: Words) -> None:
        self.register, self.words = register, words
        self._numbers: dict[str, int] = {}
        self._lines: list[tuple[str, str]] = []

    def number(self, source: str) -> int:
        """The number of a source on this page."""
        return self._numbers.setdefault(source, len(self._numbers) + 1)

    def numbers(self, claims: Iterable[Claim]) -> list[int]:
        """The numbers of the sources of some claims, each once."""
        return sorted({self.number(claim["source_id"]) for claim in claims if claim["source_id"]})

    def sources(self) -> list[dict[str, Any]]:
        """The sources of the page, in the order of their numbers."""
        return [source_line(self.register, self.words, each, n) for each, n in self._numbers.items()]

    def pieces(self, table: str, column: str, text: str, tongue: str = "") -> list[Piece]:
        """A cell's value as text and links."""
        shown = self.words.cell(table, column, text)
        aimed = self.register.reference(table, column)
        if aimed and (row := self.register.table(aimed).get(text)) is not None:
            return [Piece(shown, addresses.place(aimed, row, text))]
        is_address = self.register.fields(table)[column].spec.get("format") == "uri"
        address = IDENTIFIERS.get(column, "{}" if is_address else "").format(text)
        if addresses.is_web(address):
            return [Piece(shown, address, out=True)]
        return [Piece(shown, lang=tongue if column in TEXTS else "")]

    def cells(self, table: str, record: str, skip: Sequence[str] = (), only_own: bool = False) -> list[Cell]:
        """The filled cells of a record; `only_own`: those that have claims of their own."""
        row, claims = self.register.table(table)[record], self.register.claims.get((table, record), [])
        disputed = self.register.conflicts.get((table, record), {})
        tongue, found = self.words.tongue(table, record), []
        for column, spec in self.register.fields(table).items():
            own = [claim for claim in claims if claim["field"] == column]
            if not own and (only_own or not row[column] or column in skip):
                continue
            cell = Cell(
                column,
                str(spec.spec.get("title") or column),
                self.pieces(table, column, row[column], tongue),
                self.numbers(own or whole(claims)),
                own=bool(own),
                disputed=column in disputed,
            )
            cell.said = [self._said(table, claim, row[column]) for claim in _best_first(own, row[column])]
            bases = {claim["basis"] for claim in own if claim["value"] == row[column]}
            if "stated" not in bases:
                cell.states = [STATES[basis] for basis in sorted(bases) if basis in STATES]
            if cell.disputed and row[column] and row[column] not in {claim["value"] for claim in own}:
                cell.said.insert(0, self._unsaid(table, column, row[column], claims))
            found.append(cell)
        return found

    def _said(self, table: str, claim: Claim, shown: str) -> dict[str, Any]:
        source = self.register.table("sources").get(claim["source_id"], Row())
        return {
            "value": self.words.cell(table, claim["field"], claim["value"]) or "nothing",
            "shown": claim["value"] == shown and claim["rank"] != "deprecated",
            "rejected": claim["rank"] == "deprecated",
            "basis": STATES.get(claim["basis"], ""),
            "number": self.number(claim["source_id"]),
            "title": source["title"] or claim["source_id"],
            "lang": language(source["language"]),
            "href": addresses.page("sources", claim["source_id"]) if source else "",
            "locator": claim["locator"],
            "note": claim["note"],
        }

    def _unsaid(self, table: str, column: str, value: str, claims: Sequence[Claim]) -> dict[str, Any]:
        """The value of a cell that only the claims on the whole record support."""
        return {
            "value": self.words.cell(table, column, value),
            "shown": True,
            "whole": self.numbers(whole(claims)),
            "note": "",
        }

    def basis(self, table: str, record: str) -> list[dict[str, Any]]:
        """What supports a record as a whole: the number of each source and the places in it."""
        places: dict[int, list[dict[str, str]]] = {}
        for claim in whole(self.register.claims.get((table, record), [])):
            places.setdefault(self.number(claim["source_id"]), []).append(
                {key: claim[key] for key in ("locator", "basis", "note", "rank")}
            )
        return [{"number": number, "places": listed} for number, listed in places.items()]

    def unknown(self, table: str, record: str) -> list[str]:
        """The titles of the columns of a record that are empty and on which no source says anything."""
        row, claims = self.register.table(table)[record], self.register.claims.get((table, record), [])
        told = {claim["field"] for claim in claims}
        return [
            str(spec.spec.get("title") or column)
            for column, spec in self.register.fields(table).items()
            if not row[column] and column not in told
        ]

    def line(
        self, table: str, record: str, who: list[Piece], notes: list[str], person: str = "", post: str = ""
    ) -> dict[str, Any]:
        """A record that stands as a line on the page of another."""
        self._lines.append((table, record))
        basis, cells = self.basis(table, record), self.cells(table, record, only_own=True)
        return {
            "id": addresses.line(record),
            "record": record,
            "who": who,
            "person": person,
            "post": post,
            "notes": notes,
            "cells": cells,
            "basis": basis,
            "numbers": sorted({*(each["number"] for each in basis), *(n for cell in cells for n in cell.numbers)}),
            "disputed": any(cell.disputed for cell in cells),
            "states": sorted({state for cell in cells for state in cell.states}),
        }

    def surety(self, table: str, record: str) -> dict[str, Any]:
        """How well a record and its lines are founded: sources, primary ones, disputed and inferred cells."""
        sources = self.register.table("sources")
        used, records = self.register.sources_of(table, record), [(table, record), *self._lines]
        claims = [claim for each in records for claim in self.register.claims.get(each, [])]
        return {
            "sources": len(used),
            "primary": sum(sources.get(each, Row())["tier"] == "primary" for each in used),
            "disputed": sum(len(self.register.conflicts.get(each, {})) for each in records),
            "inferred": len(
                {
                    (claim["table_name"], claim["record_id"], claim["field"])
                    for claim in claims
                    if claim["basis"] in STATES and claim["field"] != ROW and claim["rank"] != "deprecated"
                }
            ),
            "fresh": self.words.confirmed(table, record),
        }


def by_role(sheet: Sheet, table: str, rows: Mapping[str, Row], line: Callable[[str, Row], Any]) -> list[dict[str, Any]]:
    """Records as lines by their role, in the order of the vocabulary."""
    order = list(sheet.register.fields(table)["role"].categories) if rows else []
    lines: dict[str, list[Any]] = {}
    for identifier, row in rows.items():
        lines.setdefault(row["role"], []).append(line(identifier, row))
    ranked = sorted(lines, key=lambda role: order.index(role) if role in order else len(order))
    label = sheet.words.label
    return [{"role": label(table, "role", role) or "Role not known", "lines": lines[role]} for role in ranked]


def source_line(register: Register, words: Words, source: str, number: int = 0) -> dict[str, Any]:
    """A source as a line of a list."""
    row = register.table("sources").get(source, Row())
    tag = language(row["language"])
    return {
        "number": number,
        "title": row["title"] or source,
        "lang": tag,
        "href": addresses.page("sources", source) if row else "",
        "out": row["url"] if addresses.is_web(row["url"]) else "",
        "archive": row["archive_url"] if addresses.is_web(row["archive_url"]) else "",
        "publisher": row["publisher"],
        "date": words.cell("sources", "published_date", row["published_date"]),
        "tier": words.cell("sources", "tier", row["tier"]),
        "language": "" if tag.startswith("en") else tag,
    }


def _best_first(claims: Sequence[Claim], shown: str) -> list[Claim]:
    """Claims with the value that is shown first and rejected ones last; else in their order."""
    return sorted(claims, key=lambda claim: (claim["rank"] == "deprecated", claim["value"] != shown))
