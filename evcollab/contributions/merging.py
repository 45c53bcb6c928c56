"""Merging two records that are one: what refers to the first refers to the second, and nothing said is lost."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, field

from evcollab import atomic
from evcollab.canonical import files_for
from evcollab.contributions import identifiers
from evcollab.contributions.claims import fill
from evcollab.contributions.diff import compare
from evcollab.contributions.difference import Difference, raised
from evcollab.contributions.document import Document
from evcollab.contributions.merge import add_names
from evcollab.contributions.releasing import latest_tag
from evcollab.contributions.revisions import open_snapshot
from evcollab.contributions.statement import Draft, Statement
from evcollab.errors import EvcollabError, UnknownNameError
from evcollab.provenance import ROW
from evcollab.register import FORMER, Record, Register, spellings

IDENTITY = ("country_code", "organisation_id", "person_name", "role")


@dataclass(frozen=True)
class Merging:
    """What merging did, or would do.

    Attributes:
        difference: what differs between the register before and after.
        notices: cells in which the two records differ.
        files: the files that change.
    """

    difference: Difference
    notices: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def merge_records(
    table: str, former: str, into: str, path: str | os.PathLike[str] | None = None, *, dry_run: bool = False
) -> Merging:
    """Merge a record into another one of its table.

    References and claims go to the record that stays. Its empty cells are filled; other values become claims. An
    organisation gets the names of the other as aliases; the lines of an event move to the other event. An identifier
    that was in the last release (or, in a register without releases in git, any) is entered into `former_ids`.

    Args:
        table: a table whose key is one column.
        former: identifier of the record that goes.
        into: identifier of the record that stays.
        path: the package, as for `load`.
        dry_run: only tell what would change.

    Raises:
        UnknownNameError: there is no such table or record.
        EvcollabError: the two are the same record, or the table is not one of records.
        PackageError, DataError: the package cannot be read or written, or was changed meanwhile.
    """
    with Register.opened(path, to_change=not dry_run) as before:
        draft = Draft(before.having({}), dt.date.today().isoformat())
        tag = latest_tag(before.package)
        released = open_snapshot(tag, before.package.path) if tag else before
        _Merger(draft, released).merge(table, former, into)
        rows = draft.register.changed()
        files = files_for(before.package, rows, before.contents)
        if not dry_run:
            atomic.replace_files(before.package.root, files, before.contents)
    return Merging(compare(before, before.having(rows)), draft.notices, list(files))


@dataclass
class _Merger:
    """Merges records of one draft; what was in the release that is given gets an entry in former_ids."""

    draft: Draft
    released: Register

    @property
    def register(self) -> Register:
        """The register with what was merged so far."""
        return self.draft.register

    def merge(self, table: str, former: str, into: str) -> None:
        old, new = self._row(table, former), self._row(table, into)
        if old is new:
            raise EvcollabError(f"{former} and {into} are the same record")
        key = self.draft.key(table)
        support = [(row["source_id"], row["locator"]) for row in self.draft.claims_on(table, former, ROW)]
        if table == "events":
            self._move_lines(former, into)
        self._redirect(table, former, into)
        if "aliases" in old:
            add_names(new, spellings(old))
        given = {name: text for name, text in old.items() if text not in ("", into) and name not in (key, "aliases")}
        fill(Statement(self.draft, Document("merge", {})), ("merge",), table, new, given, support)
        self.register.records(table).remove(old)
        self._remember(table, former, into, "merged")

    def _row(self, table: str, identifier: str) -> Record:
        if len(self.register.package.schema(table).primary_key) != 1:
            raise EvcollabError(f"the rows of {table} have no identifier of their own: they cannot be merged")
        row = self.register.get(table, identifier)
        if row is None:
            known = [key for (key,) in self.register.records(table).by_key]
            raise UnknownNameError(f"record in {table}:", identifier, known)
        return row

    def _move_lines(self, former: str, into: str) -> None:
        """Give the lines of an event to another one: those that it has already are merged, others get a new number."""
        records = self.register.records("participants")
        lines = [*records.where(event_id=into)]
        said = {tuple(line[name] for name in IDENTITY): line["participant_id"] for line in lines}
        for line in records.where(event_id=former):
            old = line["participant_id"]
            line["event_id"] = into
            if same := said.get(tuple(line[name] for name in IDENTITY)):
                self.merge("participants", old, same)
                continue
            new = self.register.free_id("participants", identifiers.participant_id(into, lines))
            line["participant_id"] = new
            lines.append(line)
            self._redirect("participants", old, new)
            self._remember("participants", old, new, "renamed")
        records.rekey()

    def _redirect(self, table: str, former: str, into: str) -> None:
        """Let everything that refers to one record refer to another."""
        for name, schema in self.register.package.schemas.items():
            columns = [column for column, (target, _) in schema.foreign_keys.items() if target == table]
            for row in self.register.records(name).rows if columns else ():
                for column in columns:
                    if row[column] == former:
                        own = name == table and row[schema.primary_key[0]] == into
                        row[column] = "" if own else into
        for row in self.register.records(FORMER).rows:
            if (row["table_name"], row["successor_id"]) == (table, former):
                row["successor_id"] = into
        self._redirect_claims(table, former, into)

    def _redirect_claims(self, table: str, former: str, into: str) -> None:
        records, schemas = self.register.records("claims"), self.register.package.schemas
        gone: set[Record] = set()
        for row in records.rows:
            about = schemas.get(row["table_name"])
            if row["value"] == former and about and about.target(row["field"]) == table:
                row["value"] = into
            if (row["table_name"], row["record_id"]) != (table, former):
                continue
            key = (table, into, row["field"], row["source_id"], row["locator"])
            if key in records.by_key:
                gone.add(row)
                continue
            others = self.draft.claims_on(table, into, row["field"])
            if row["rank"] == "preferred" and any(claim["rank"] == "preferred" for claim in others):
                row["rank"] = "normal"
            row["record_id"] = into
            records.by_key[key] = row
        records.remove(*gone)

    def _remember(self, table: str, former: str, into: str, reason: str) -> None:
        """Enter a released identifier into the former ones; the release that follows sets the version."""
        if FORMER not in self.register.tables or self.released.get(table, former) is None:
            return
        if table not in self.register.package.schemas[FORMER].fields["table_name"].categories:
            raise EvcollabError(f"{FORMER} has no place for the table {table}: its records are not merged")
        version = raised(self.register.version, "major") or "1.0.0"
        entry = {"table_name": table, "former_id": former, "successor_id": into, "version": version, "reason": reason}
        self.register.records(FORMER).add(entry)
