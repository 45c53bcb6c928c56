"""What all pages share: the register in words, the addresses, and the shape of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from evcollab.dataset import Dataset
from evcollab.site import addresses
from evcollab.site.cells import Piece, Sheet
from evcollab.site.records import Register, Row
from evcollab.site.words import Words, clipped, count, date, span

DESCRIPTION = 200
"""Characters of the one description of a page."""


@dataclass
class Page:
    """A page to write.

    Attributes:
        path: its address from the top of the site; ends with `/`, or is a file.
        template: what shows its content.
        title: its heading.
        description: one sentence for search engines.
        content: what the template shows.
        data: the same thing for machines, written beside it as JSON.
        jsonld: it in the words of schema.org.
        modified: the last day on which something about it was read.
        table: the table in the navigation that it belongs to.
        listed: whether it stands in the sitemap.
        head: what the window and search engines call it, if not its heading.
    """

    path: str
    template: str
    title: str
    description: str
    content: dict[str, Any] = field(default_factory=dict)
    data: Any = None
    jsonld: Any = None
    modified: str = ""
    table: str = ""
    listed: bool = True
    head: str = ""


class Site:
    """A data set on its way to becoming pages.

    Attributes:
        address: where the site will stand, ending with `/`; empty if that is not known.
        repository: where corrections go; empty if that is not known.
    """

    def __init__(self, ds: Dataset, address: str, repository: str) -> None:
        self.ds = ds
        self.address = f"{address.rstrip('/')}/" if address else ""
        self.repository = repository.rstrip("/")
        self.register = Register(ds)
        self.words = Words(self.register)

    def sheet(self) -> Sheet:
        """A new page's numbering of sources."""
        return Sheet(self.register, self.words)

    def rows(self, table: str) -> dict[str, Row]:
        """The records of a table by identifier."""
        return self.register.table(table)

    def link(self, table: str, identifier: str, short: bool = False) -> Piece:
        """A link to a record, or its identifier as text if there is no such record."""
        row = self.rows(table).get(identifier)
        name = self.words.short(table, identifier) if short else self.words.name(table, identifier)
        return Piece(name, addresses.place(table, row, identifier)) if row is not None else Piece(identifier)

    def cite(self, name: str, path: str) -> str:
        """How to cite a page."""
        where = f"{self.address}{path}" if self.address else path
        return f"“{name}”, {where}. In: {self.ds.cite()}"

    @cached_property
    def title(self) -> str:
        """The short name of the site."""
        return self.ds.name or "register"

    @cached_property
    def meetings(self) -> dict[tuple[str, str], list[str]]:
        """The pairs of countries that met → their events, most first (see `Dataset.collaborations`)."""
        known, events = self.rows("countries"), self.rows("events")
        pairs = self.ds.collaborations()
        return {
            (str(a), str(b)): sorted(listed, key=lambda each: events[each]["start_date"], reverse=True)
            for a, b, listed in zip(pairs["a"], pairs["b"], pairs["event_ids"], strict=True)
            if a in known and b in known
        }

    @cached_property
    def partners(self) -> dict[str, dict[str, list[str]]]:
        """Country → partner → the events at which both were."""
        found: dict[str, dict[str, list[str]]] = {}
        for (a, b), events in self.meetings.items():
            found.setdefault(a, {})[b] = events
            found.setdefault(b, {})[a] = events
        return found

    @cached_property
    def events_of(self) -> dict[str, dict[str, list[str]]]:
        """Country → event → in what way it was part of it: `place`, and roles; newest first."""
        roles_of = _roles(self.ds, self.register)
        return {code: {event: roles[event] for event in self.newest(roles)} for code, roles in roles_of.items()}

    @cached_property
    def countries_of(self) -> dict[str, list[str]]:
        """Event → the countries that were part of it in any way, also as its place."""
        found: dict[str, list[str]] = {}
        for code in sorted(self.events_of):
            for event in self.events_of[code]:
                found.setdefault(event, []).append(code)
        return found

    def newest(self, events: Iterable[str]) -> list[str]:
        """Events, newest first, those without a date last."""
        rows = self.rows("events")
        return sorted(events, key=lambda event: (rows[event]["start_date"], event), reverse=True)

    def event_line(self, event: str, note: str = "") -> dict[str, Any]:
        """An event as a line of a list."""
        row = self.rows("events")[event]
        return {
            "date": span(row["start_date"], row["end_date"]) or "undated",
            "name": row["name"] or event,
            "href": addresses.page("events", event),
            "kind": self.words.cell("events", "kind", row["kind"]),
            "place": self.place(row),
            "status": "" if row["status"] == "held" else self.words.cell("events", "status", row["status"]),
            "note": note,
        }

    def place(self, row: Row) -> str:
        """Where an event takes place, in words."""
        country = self.words.country(row["country_code"]) if row["country_code"] else ""
        parts = [part for part in (row["city"], country) if part]
        return ", ".join(dict.fromkeys(parts)) or ("Online" if row["mode"] == "online" else "")

    def target_line(self, target: str) -> dict[str, Any]:
        """A target as a line of a list."""
        row, say = self.rows("policy_targets")[target], self.words.cell
        status = say("policy_targets", "status", row["status"])
        day, how = self.words.freshness("policy_targets", target)
        return {
            "id": target,
            "year": row["target_year"],
            "name": self.words.target(row, year=False),
            "href": addresses.page("policy_targets", target),
            "whose": self.words.whose(row),
            "where": ", ".join(filter(None, (row["city"], self.words.name("subdivisions", row["subdivision_code"])))),
            "strength": say("policy_targets", "strength", row["strength"]),
            "status": status,
            "active": row["status"] in ("active", ""),
            "since": date(row["announced_date"]) if row["announced_date"] else "",
            "fresh": f"source of {date(day)}" if how == "published" else "undated source" if how else "",
            "disputed": len(self.register.conflicts.get(("policy_targets", target), {})),
        }

    def target_lines(self, targets: Iterable[str]) -> list[dict[str, Any]]:
        """Targets as lines of a list: active ones first, by year."""
        lines = (self.target_line(each) for each in targets)
        return sorted(lines, key=lambda line: (not line["active"], line["year"]))

    def modified(self, sources: Iterable[str]) -> str:
        """The last day on which one of these sources was read."""
        rows = self.rows("sources")
        return max((rows[each]["accessed_date"] for each in sources if each in rows), default="")

    def record_page(
        self, table: str, identifier: str, template: str, title: str, said: str, sheet: Sheet, **content: Any
    ) -> Page:
        """The page of a record, with what such pages share."""
        path, country = addresses.page(table, identifier), self.rows(table)[identifier]["country_code"]
        content |= {
            "table": table,
            "id": identifier,
            "trail": [self.link("countries", country)] if country in self.rows("countries") else [],
            "unknown": sheet.unknown(table, identifier),
            "sources": sheet.sources(),
            "surety": sheet.surety(table, identifier),
            "cite": self.cite(title, path),
            "correct": addresses.correction(self.repository, table=table, record=identifier),
        }
        data, read = self.register.as_data(table, identifier), self.register.sources_of(table, identifier)
        said = clipped(said, DESCRIPTION)
        return Page(path, template, title, said, content, data, modified=self.modified(read), table=table)


def counted(parts: Iterable[tuple[int, str]]) -> str:
    """Counts in a sentence, those of nothing left out: `13 events, 15 targets`."""
    return ", ".join(count(n, noun) for n, noun in parts if n)


def _roles(ds: Dataset, register: Register) -> dict[str, dict[str, list[str]]]:
    """Country → event → in what way it was part of it: `place`, and roles."""
    found: dict[str, dict[str, list[str]]] = {}
    events, bodies = register.table("events"), register.table("organisations")
    kinds = ds.package.schema("organisations").fields.get("kind") if bodies else None
    national = kinds.facts("national") if kinds else {}
    for event, row in events.items():
        if row["country_code"]:
            found.setdefault(row["country_code"], {}).setdefault(event, []).append("place")
    for row in register.table("participants").values():
        body = bodies.get(row["organisation_id"], Row())
        code = row["country_code"] or (body["country_code"] if body["kind"] in national else "")
        if code and row["event_id"] in events:
            roles = found.setdefault(code, {}).setdefault(row["event_id"], [])
            if row["role"] not in roles:
                roles.append(row["role"])
    return found
