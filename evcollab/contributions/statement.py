"""A document on its way into the register: from which sources it speaks, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from evcollab import names
from evcollab.contributions.document import Document, Place, Problem, records
from evcollab.contributions.schema import columns_of
from evcollab.package import Field
from evcollab.register import Record, Register
from evcollab.text import tidy
from evcollab.urls import normal_url

Support = list[tuple[str, str]]
"""The sources of a record: (source_id, locator)."""

Origin = tuple[Document, Place]


@dataclass
class Draft:
    """The register with what documents have added to it so far, and what there is to say about that.

    Attributes:
        register: the register.
        today: the day on which new sources count as read.
        problems: what keeps the documents from being added.
        notices: what a contributor should know.
        origins: (table, key of a record) → the first place that speaks of it.
        unfinished: names of records that were left out because of problems of their own.
        waiting: file and place of the records that name one of those.
    """

    register: Register
    today: str
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    origins: dict[tuple[str, str], Origin] = field(default_factory=dict)
    unfinished: set[str] = field(default_factory=set)
    waiting: set[tuple[str, Place]] = field(default_factory=set)
    _columns: dict[str, dict[str, Field]] = field(default_factory=dict)

    def columns(self, table: str) -> dict[str, Field]:
        """The columns of a table by the key that a document uses for them."""
        if table not in self._columns:
            self._columns[table] = columns_of(self.register.package, table)
        return self._columns[table]

    @cached_property
    def addresses(self) -> dict[str, Record]:
        """The sources by address, without what makes no difference to the page."""
        rows = self.register.records("sources").rows
        return {normal_url(row["url"]) or row["url"]: row for row in reversed(rows)}

    def claims_on(self, table: str, record: str, column: str) -> list[Record]:
        """The claims on one cell, or with `*` on the row as a whole."""
        claims = self.register.records("claims").where(table_name=table, record_id=record)
        return [row for row in claims if row["field"] == column]

    def says(self, table: str, row: Record, column: str, value: str | None) -> bool:
        """Tell whether a cell shows a value, or a claim on it does; an empty value agrees with any disputed cell."""
        if row[column] == (value or ""):
            return True
        claims = self.claims_on(table, row[self.key(table)], column)
        return bool(claims) if not value else any(claim["value"] == value for claim in claims)

    def key(self, table: str) -> str:
        """The column that identifies a row."""
        return self.register.package.schemas[table].primary_key[0]

    def target(self, table: str, column: str) -> str:
        """The table that a column points at; empty if it is not a link."""
        return self.register.package.schemas[table].target(column)


class Stated(NamedTuple):
    """A record whose cells may get claims: its row, and what the document says of it, from which sources and where."""

    table: str
    row: Record
    given: dict[str, Any]
    support: Support
    place: Place


@dataclass
class Statement:
    """One document on its way into the register.

    Attributes:
        draft: what it is added to.
        document: the document, without what is wrong in it.
        whole: whether nothing is wrong in it.
        sources: key of a source in the document → source_id.
        stated: the records whose cells may get claims.
    """

    draft: Draft
    document: Document
    whole: bool = True
    sources: dict[str, str] = field(default_factory=dict)
    stated: list[Stated] = field(default_factory=list)

    def listed(self, key: str) -> Iterator[tuple[Place, dict[str, Any]]]:
        """The records of a list of the document."""
        for number, record in enumerate(self.document.content.get(key, [])):
            if record:
                yield (key, number), record

    def problem(self, place: Place, message: str) -> None:
        """Note what keeps the document from being added."""
        self.draft.problems.append(self.document.problem(place, message))

    def notice(self, place: Place, message: str) -> None:
        """Note what a contributor should know."""
        self.draft.notices.append(str(self.document.problem(place, message)))

    def waits_for(self, place: Place, name: str) -> bool:
        """Whether a name is that of a record with problems of its own, which what names it has to wait for."""
        if names.key(name) not in self.draft.unfinished:
            return False
        self.draft.waiting.add((self.document.file, place[:2]))
        return True

    def speaks_of(self, table: str, key: str, place: Place) -> None:
        """Note where a record comes from, for messages about it."""
        self.draft.origins.setdefault((table, key), (self.document, place))

    def support(self, place: Place, record: dict[str, Any], inherited: Support | None = None) -> Support:
        """Where a record comes from: its own sources, or those of what it stands in."""
        if "sources" in record:
            for key in record["sources"].keys() - self.sources.keys():
                known = ", ".join(self.sources)
                self.problem((*place, "sources", key), f"no source has the key {key!r}; there is {known}")
            return [(self.sources[key], tidy(where)) for key, where in record["sources"].items() if key in self.sources]
        if "locator" in record and (len(self.sources) == 1 or (inherited and len(inherited) == 1)):
            source = inherited[0][0] if inherited else next(iter(self.sources.values()))
            return [(source, tidy(record["locator"]))]
        if inherited and "locator" not in record:
            return inherited
        if len(self.sources) > 1:
            several = "the document has several sources"
            self.problem(place, f"{several}: say which one states this: `sources: {{key: locator}}`")
        else:
            self.problem(place, "say where in the source this is: `locator: p3`")
        return []

    def mentions(self, organisation: dict[str, Any], depth: int = 5) -> Support | None:
        """The support of the first record of this document that names an organisation."""
        if "locator" in organisation or "sources" in organisation or not depth:
            return None
        own = [organisation.get(name, "") for name in ("name", "short_name", "organisation_id")]
        texts = [*own, *organisation.get("aliases", []), names.bare(organisation["name"])]
        called = {names.key(text) for text in texts if text}
        for place, table, record in records(self.document.content):
            links = [record.get(name) for name in ("organisation", "group", "programme", "issuer", "parent")]
            if any(isinstance(link, str) and names.key(link) in called for link in links):
                inside: Any = self.document.content[str(place[0])][place[1]]
                if table == "organisations":
                    return self.mentions(record, depth - 1) or self.support(place, record)
                return self.support(place, record, self.support(place[:2], inside) if len(place) > 2 else None)
        return None
