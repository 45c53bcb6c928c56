"""Merging two records that are one: what refers to the first refers to the second, and nothing said is lost."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, field

from evcollab import atomic
from evcollab.canonical import files_for
from evcollab.contributions.claims import fill
from evcollab.contributions.diff import compare
from evcollab.contributions.difference import Difference, raised
from evcollab.contributions.document import Document
from evcollab.contributions.merge import add_names
from evcollab.contributions.releasing import latest_tag
from evcollab.contributions.revisions import open_snapshot
from evcollab.contributions.statement import Draft, Statement
from evcollab.errors import EvcollabError, UnknownNameError
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

    def merge(self, table: str, former: str, into: str) -> None:
        old, new = self._row(table, former), self._row(table, into)
        if old is new:
            raise EvcollabError(f"{former} and {into} are the same record")
        statement = Statement(self.draft, Document("merge", {}))
        key = self.draft.key(table)
        claims = self.draft.group("claims", ("table_name", "record_id"), table, former)
        support = [(row["source_id"], row["locator"]) for row in claims if row["field"] == "*"]
        if table == "events":
            self._move_lines(former, into)
        self._redirect(table, former, into)
        if "aliases" in old:
            add_names(new, spellings(old))
        given = {name: text for name, text in old.items() if text not in ("", into) and name not in (key, "aliases")}
        fill(statement, ("merge",), table, new, given, support)
        self.draft.register.records(table).remove(old)
        self._remember(table, former, into, "merged")

    def _row(self, table: str, identifier: str) -> Record:
        schema = self.draft.register.package.schema(table)
        if len(schema.primary_key) != 1:
            raise EvcollabError(f"the rows of {table} have no identifier of their own: they cannot be merged")
        row = self.draft.register.get(table, identifier)
        if row is None:
            known = [key for (key,) in self.draft.register.records(table).by_key]
            raise UnknownNameError(f"record in {table}:", identifier, known)
        return row

    def _move_lines(self, former: str, into: str) -> None:
        """Give the lines of an event to another one: those that it has already are merged, others get a new number."""
        lines = self.draft.group("participants", ("event_id",), into)
        said = {tuple(line[name] for name in IDENTITY): line["participant_id"] for line in lines}
        numbers = [int(line["participant_id"].rsplit("-", 1)[-1]) for line in lines]
        for line in list(self.draft.group("participants", ("event_id",), former)):
            old = line["participant_id"]
            if same := said.get(tuple(line[name] for name in IDENTITY)):
                line["event_id"] = into
                self.merge("participants", old, same)
                continue
            numbers.append(max(numbers, default=0) + 1)
            new = self.draft.register.free_id("participants", f"{into}-{numbers[-1]}")
            line["participant_id"], line["event_id"] = new, into
            self.draft.register.records("participants").rekey()
            self._redirect("participants", old, new)
            self._remember("participants", old, new, "renamed")

    def _redirect(self, table: str, former: str, into: str) -> None:
        """Let everything that refers to one record refer to another."""
        register = self.draft.register
        for name, schema in register.package.schemas.items():
            columns = [column for column, (target, _) in schema.foreign_keys.items() if target == table]
            for row in register.records(name).rows if columns else ():
                for column in columns:
                    if row[column] == former:
                        own = name == table and row[schema.primary_key[0]] == into
                        row[column] = "" if own else into
        for row in register.records(FORMER).rows:
            if (row["table_name"], row["successor_id"]) == (table, former):
                row["successor_id"] = into
        self._redirect_claims(table, former, into)

    def _redirect_claims(self, table: str, former: str, into: str) -> None:
        records, schemas = self.draft.register.records("claims"), self.draft.register.package.schemas
        gone: set[Record] = set()
        for row in records.rows:
            if (row["table_name"], row["record_id"]) == (table, former):
                key = (table, into, row["field"], row["source_id"], row["locator"])
                preferred = any(
                    claim["rank"] == "preferred" for claim in self.draft.claims_on(table, into, row["field"])
                )
                if key in records.by_key:
                    gone.add(row)
                    continue
                if preferred and row["rank"] == "preferred":
                    row["rank"] = "normal"
                row["record_id"] = into
                records.by_key[key] = row
            linked = schemas[row["table_name"]].foreign_keys if row["table_name"] in schemas else {}
            if row["value"] == former and linked.get(row["field"], ("", ""))[0] == table:
                row["value"] = into
        records.rows = [row for row in records.rows if row not in gone]
        records.rekey()
        self.draft.forget()

    def _remember(self, table: str, former: str, into: str, reason: str) -> None:
        """Enter a released identifier into the former ones; the release that follows sets the version."""
        register = self.draft.register
        if FORMER not in register.tables or self.released.get(table, former) is None:
            return
        if table not in register.package.schemas[FORMER].fields["table_name"].categories:
            raise EvcollabError(f"{FORMER} has no place for the table {table}: its records are not merged")
        version = raised(register.version, "major") or "1.0.0"
        entry = {"table_name": table, "former_id": former, "successor_id": into, "version": version, "reason": reason}
        register.records(FORMER).add(entry)
