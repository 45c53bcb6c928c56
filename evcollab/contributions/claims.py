"""What sources say about cells: claims are entered, and it is settled which value a cell shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evcollab.contributions.document import Place
from evcollab.contributions.resolve import Cells, cell, linked, organisation
from evcollab.contributions.statement import Draft, Stated, Statement, Support
from evcollab.provenance import ROW
from evcollab.register import Record
from evcollab.text import tidy

OWN_WORDS = frozenset({"name", "kind", "scope", "topics", "audience", "summary", "url", "short_name", "website"})
"""Columns in which the register speaks for itself: a second document does not dispute them."""


def state(statement: Statement, table: str, row: Record, place: Place, given: dict[str, Any], support: Support) -> None:
    """Claim a row as a whole, and note what is said about its cells for later."""
    statement.speaks_of(table, row[statement.draft.key(table)], place)
    for source, locator in support:
        Said(statement, place, table, row, ROW).enter("", source, locator, "normal")
    statement.stated.append(Stated(table, row, given, support, place))


def fill(statement: Statement, place: Place, table: str, row: Record, given: Cells, support: Support) -> None:
    """Put cells into a row: gaps are filled, what is there stays; a different value becomes a claim."""
    key = statement.draft.key(table)
    for column, value in given.items():
        shown = row[column]
        if not shown or not value:
            row[column] = shown or value
        elif shown == value or column == key:
            continue
        elif column not in OWN_WORDS and support:
            Said(statement, place, table, row, column).settle(value, *support[0], {})
            statement.notice(
                place,
                f"{row[key]}: {column} is {shown!r} in the register, here {value!r}: kept as a conflict; "
                f"the cell shows {row[column]!r}",
            )
        elif column not in ("name", "summary"):
            statement.notice(place, f"{row[key]}: the register keeps {column} {shown!r}, not {value!r}")


def add_self_links(statement: Statement) -> None:
    """Resolve the links between rows of one table, now that all rows are there."""
    draft = statement.draft
    for table, row, given, _, place in statement.stated:
        for key, column in draft.columns(table).items():
            if draft.target(table, column.name) == table and given.get(key):
                here, text = (*place, key), str(given[key])
                bodies = table == "organisations"
                target = organisation(statement, here, text) if bodies else linked(statement, here, table, text)
                row[column.name] = row[column.name] or target


def add_cell_claims(statement: Statement) -> None:
    """Enter what records say about single cells: inferred, computed, and claims."""
    for table, row, given, support, place in statement.stated:
        if not support:
            continue
        for basis in ("inferred", "computed"):
            for key, why in given.get(basis, {}).items():
                column = statement.draft.columns(table)[key].name
                said = Said(statement, (*place, basis, key), table, row, column)
                if not row[column]:
                    statement.problem(said.place, f"{key} is marked {basis} but has no value here")
                elif not said.preferred():
                    said.enter(row[column], *support[0], "preferred", basis, why)
        claims = [(number, spec) for number, spec in enumerate(given.get("claims", [])) if spec]
        for number, spec in sorted(claims, key=lambda item: item[1].get("rank") != "preferred"):
            add_cell_claim(statement, (*place, "claims", number), table, row, spec, support)


def add_corrections(statement: Statement) -> None:
    """Enter what a document says about cells that are in the register."""
    register = statement.draft.register
    for place, given in statement.listed("corrections"):
        table = given["table"]
        row = register.current(table, given["record"])
        if row is None:
            statement.problem((*place, "record"), f"there is no record {given['record']!r} in {table}")
            continue
        only = [(next(iter(statement.sources.values())), "")] if len(statement.sources) == 1 else []
        add_cell_claim(statement, place, table, row, given, only)


def add_cell_claim(
    statement: Statement, place: Place, table: str, row: Record, spec: dict[str, Any], support: Support
) -> None:
    """Enter what a source says about one cell."""
    draft = statement.draft
    columns = draft.columns(table)
    column = columns.get(spec["field"]) or {column.name: column for column in columns.values()}.get(spec["field"])
    if column is None:
        message = f"{table} has no column {spec['field']!r}; there is {', '.join(columns)}"
        statement.problem((*place, "field"), message)
        return
    if column.name == draft.key(table):
        message = f"an identifier is not corrected; two records that are one:  evcollab merge {table} FROM INTO"
        statement.problem((*place, "field"), message)
        return
    if "note" not in spec and (spec.get("rank") == "deprecated" or spec.get("basis", "stated") != "stated"):
        statement.problem(place, "an inferred, computed or deprecated claim says why: `note: ...`")
    before = len(draft.problems)
    value = cell(statement, (*place, "value"), table, column.name, spec["value"], row.get("country_code", ""))
    if len(draft.problems) > before:
        return
    if table not in draft.register.package.schemas["claims"].fields["table_name"].categories:
        row[column.name] = value
        statement.speaks_of(table, row[draft.key(table)], place)
    elif where := _said_in(statement, place, spec, support):
        Said(statement, place, table, row, column.name).settle(value, *where, spec)


def _said_in(statement: Statement, place: Place, spec: dict[str, Any], support: Support) -> tuple[str, str] | None:
    """The source and locator of a claim; None, and a problem, if it lacks one."""
    source = statement.sources.get(str(spec["source"])) if "source" in spec else support[0][0] if support else None
    locator = tidy(str(spec.get("locator") or dict(support).get(source or "", "")))
    if source and locator:
        return source, locator
    if source:
        statement.problem(place, "say where in the source this is: `locator: p3`")
    elif "source" in spec:
        known = ", ".join(statement.sources)
        statement.problem((*place, "source"), f"no source has the key {spec['source']!r}; there is {known}")
    else:
        statement.problem(place, "say which source states this: `source: key`")
    return None


@dataclass(frozen=True)
class Said:
    """What a document says, at a place, about a cell of a row (`*`: about the row as a whole)."""

    statement: Statement
    place: Place
    table: str
    row: Record
    column: str

    @property
    def record(self) -> str:
        """The identifier of the row."""
        return self.row[self.draft.key(self.table)]

    @property
    def draft(self) -> Draft:
        """The register with what was added so far."""
        return self.statement.draft

    def claims(self, column: str = "") -> list[Record]:
        """The claims on the cell, or on another one of the row."""
        return self.draft.claims_on(self.table, self.record, column or self.column)

    def preferred(self) -> Record | None:
        """The claim that the cell rests on."""
        return next((claim for claim in self.claims() if claim["rank"] == "preferred"), None)

    def settle(self, value: str, source: str, locator: str, spec: Mapping[str, Any]) -> None:
        """Enter a claim on the cell and settle which value the cell shows."""
        known = self.claims()
        if any((claim["source_id"], claim["locator"], claim["value"]) == (source, locator, value) for claim in known):
            return
        preferred, shown = self.preferred(), self.row[self.column]
        if "rank" in spec:
            wins = spec["rank"] == "preferred"
        elif shown in ("", value):
            wins = preferred is None
        else:
            rests_on = preferred or self._best(self.claims(ROW))
            wins = self._tier(source) > self._tier(rests_on["source_id"] if rests_on else "")
            wins = wins and not (preferred and preferred["note"])
        if shown not in ("", value):
            self._prefer_shown()
        if wins:
            for claim in self.claims():
                claim["rank"] = "normal" if claim["rank"] == "preferred" else claim["rank"]
            self.row[self.column] = value
        rank = "preferred" if wins else spec.get("rank", "normal")
        self.enter(value, source, locator, rank, spec.get("basis", "stated"), spec.get("note", ""))

    def enter(self, value: str, source: str, locator: str, rank: str, basis: str = "stated", note: str = "") -> None:
        """Enter a claim, unless it is there."""
        key, note = (self.table, self.record, self.column, source, locator), tidy(str(note))
        self.statement.speaks_of("claims", "|".join(key), self.place)
        claims = self.draft.register.records("claims")
        known = claims.by_key.get(key)
        if known is None:
            cells = dict(zip(claims.key, key, strict=True))
            claims.add({**cells, "value": value, "basis": basis, "rank": rank, "note": note})
        elif known["value"] != value:
            said = f"at {locator!r} the source already says {known['value']!r}, here {value!r}"
            message = f"{self.column} of {self.record}: {said}: give each a more exact locator"
            self.statement.problem(self.place, message)
        elif rank == "preferred":
            known["rank"] = "preferred"
            known["note"] = known["note"] or note

    def _prefer_shown(self) -> None:
        """See to it that the value which a disputed cell shows has a preferred claim of its own."""
        known, shown = self.claims(), self.row[self.column]
        if self.preferred():
            return
        agreeing = [claim for claim in known if claim["value"] == shown and claim["rank"] != "deprecated"]
        if best := self._best(agreeing):
            best["rank"] = "preferred"
            return
        said = {(claim["source_id"], claim["locator"]) for claim in known}
        whole = [claim for claim in self.claims(ROW) if (claim["source_id"], claim["locator"]) not in said]
        elsewhere = [claim for claim in whole if claim["source_id"] not in {source for source, _ in said}]
        if best := self._best(elsewhere or whole):
            self.enter(shown, best["source_id"], best["locator"], "preferred")

    def _best(self, claims: Iterable[Record]) -> Record | None:
        return max(claims, key=lambda claim: self._tier(claim["source_id"]), default=None)

    def _tier(self, source: str) -> int:
        row = self.draft.register.get("sources", source)
        order = list(self.draft.register.package.schemas["sources"].fields["tier"].categories)
        return order.index(row["tier"]) if row and row["tier"] in order else -1
