"""Adding contribution documents to a package: names become identifiers, statements become rows and claims."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evcollab import atomic, dates, names, package, types
from evcollab.canonical import files_for
from evcollab.contributions import document as documents
from evcollab.contributions.document import ContributionError, Document, Place, Problem, cell_text
from evcollab.contributions.register import STATE_KINDS, Register, Row, organisation_names
from evcollab.contributions.schema import columns_of
from evcollab.text import tidy
from evcollab.urls import normal_url, tidy_url

OWN_WORDS = frozenset({"name", "kind", "scope", "topics", "audience", "summary", "url", "short_name", "website"})
"""Columns in which the register speaks for itself: a second document does not dispute them."""


Support = list[tuple[str, str]]
"""The sources of a record: (source_id, locator)."""


@dataclass(frozen=True)
class Addition:
    """What adding documents did, or would do.

    Attributes:
        before: the rows of every table before.
        after: the rows of every table now.
        notices: what a contributor should know: details that the register keeps as they are, claims that disagree.
        files: the files that change, with their new contents.
    """

    before: dict[str, list[list[str]]]
    after: dict[str, list[list[str]]]
    notices: list[str]
    files: dict[str, bytes]


def add(
    files: Sequence[str | os.PathLike[str]],
    path: str | os.PathLike[str] | None = None,
    *,
    dry_run: bool = False,
    today: dt.date | None = None,
) -> Addition:
    """Add contribution documents to a package: all of them, or nothing.

    Args:
        files: the documents: YAML or JSON, workbooks (.xlsx), or the Markdown of issue forms (.md).
        path: the package, as for `load`.
        dry_run: only tell what would change.
        today: the day on which the sources count as read; None: the current day.

    Returns:
        What changed.

    Raises:
        ContributionError: a document has problems, names something unknown or ambiguous, or seems to repeat a
            record; all problems of all documents are listed and nothing is changed.
        PackageError, DataError: the package cannot be read.
        MissingExtraError: the extra `contribute` is not installed.
    """
    contributions, problems = [], []
    for file in files:
        try:
            contributions.append(open_document(Path(file), path))
        except ContributionError as error:
            problems += error.problems
    if problems:
        raise ContributionError(problems)
    return merge(contributions, path, dry_run=dry_run, today=today)


def open_document(file: Path, path: str | os.PathLike[str] | None = None) -> Document:
    """Read a document from a file of any form: YAML, JSON, a workbook, or the Markdown of an issue form.

    Raises:
        ContributionError: it cannot be read.
        MissingExtraError: the extra `contribute` or `xlsx` is not installed.
    """
    from evcollab.contributions import forms, workbook

    kind = file.suffix.lower()
    if kind in workbook.SUFFIXES:
        return workbook.read(file, package.read(path))
    return forms.read(file, package.read(path)) if kind == ".md" else documents.read(file)


def merge(
    contributions: Sequence[Document],
    path: str | os.PathLike[str] | None = None,
    *,
    dry_run: bool = False,
    today: dt.date | None = None,
) -> Addition:
    """Add documents that have been read; see `add`."""
    source = package.read(path)
    problems = [problem for item in contributions for problem in documents.check(item, source)]
    if problems:
        raise ContributionError(problems)
    with atomic.locked(source.root):
        register = Register.read(source)
        before = register.rows()
        merger = _Merger(register, (today or dt.date.today()).isoformat())
        merger.add(contributions)
        if merger.problems:
            raise ContributionError(merger.problems)
        after = register.rows()
        changed = files_for(source, after)
        if not dry_run:
            atomic.replace_files(source.root, changed)
    return Addition(before, after, merger.notices, changed)


@dataclass
class _Merger:
    register: Register
    today: str
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def add(self, contributions: Sequence[Document]) -> None:
        parts = [_Part(self, item) for item in contributions]
        for step in (
            _Part.add_sources,
            _Part.add_organisations,
            _Part.add_events,
            _Part.add_policies,
            _Part.add_targets,
            _Part.add_memberships,
            _Part.add_self_links,
            _Part.add_cell_claims,
            _Part.add_corrections,
        ):
            for part in parts:
                step(part)
            if self.problems and step in (_Part.add_sources, _Part.add_organisations):
                return  # everything below would only repeat them


@dataclass
class _Part:
    """One document on its way into the register."""

    merger: _Merger
    document: Document
    sources: dict[str, str] = field(default_factory=dict)  # key in the document → source_id
    self_links: list[tuple[str, str, str, str, Place]] = field(default_factory=list)
    stated: list[tuple[str, str, dict[str, Any], Support, Place]] = field(default_factory=list)

    @property
    def register(self) -> Register:
        return self.merger.register

    def listed(self, key: str) -> Iterable[tuple[Place, dict[str, Any]]]:
        for number, record in enumerate(self.document.content.get(key, [])):
            yield (key, number), record

    def problem(self, place: Place, message: str) -> None:
        self.merger.problems.append(self.document.problem(place, message))

    def notice(self, place: Place, message: str) -> None:
        self.merger.notices.append(str(self.document.problem(place, message)))

    # sources

    def add_sources(self) -> None:
        for place, given in self.listed("sources"):
            cells = {name: tidy(cell_text(value)) for name, value in given.items() if name != "key"}
            cells["url"] = tidy_url(cells["url"])
            wanted = normal_url(cells["url"]) or cells["url"]
            rows = self.register.tables["sources"].values()
            row = next((row for row in rows if normal_url(row["url"]) == wanted), None)
            if row is None:
                row = self.register.new_row(
                    "sources", self.register.free_id("sources", cells.get("source_id") or _source_id(cells))
                )
                row["accessed_date"] = self.merger.today
            for name, value in cells.items():
                row[name] = row[name] or value
            key = str(given.get("key", place[1]))
            if key in self.sources:
                self.problem((*place, "key"), f"the key {key!r} is used twice")
            self.sources[key] = row["source_id"]

    def support(self, place: Place, record: dict[str, Any], inherited: Support | None = None) -> Support:
        """Where a record comes from: its own sources, or those of what it stands in."""
        if "sources" in record:
            known = {key: where for key, where in record["sources"].items() if key in self.sources}
            for key in record["sources"].keys() - known.keys():
                self.problem(
                    (*place, "sources", key), f"no source has the key {key!r}; there is {', '.join(self.sources)}"
                )
            return [(self.sources[key], tidy(where)) for key, where in known.items()]
        if "locator" in record and (len(self.sources) == 1 or (inherited and len(inherited) == 1)):
            source = inherited[0][0] if inherited else next(iter(self.sources.values()))
            return [(source, tidy(record["locator"]))]
        if inherited and "locator" not in record:
            return inherited
        if len(self.sources) > 1:
            self.problem(
                place, "the document has several sources: say which one states this: `sources: {key: locator}`"
            )
        else:
            self.problem(place, "say where in the source this stands: `locator: p3`")
        return []

    # organisations

    def add_organisations(self) -> None:
        for place, given in self.listed("organisations"):
            found = self.known_organisations(given)
            if len(found) > 1:
                options = ", ".join(row["organisation_id"] for row in found)
                self.problem(place, f"{given['name']!r} may be {options}: add `organisation_id` to say which")
                continue
            cells = self.cells("organisations", place, given)
            if found:
                row = found[0]
                called = {names.key(name): name for name in organisation_names(row)}
                given_names = [cells["name"], *filter(None, cells.pop("aliases", "").split(";"))]
                new = {names.key(name): name.replace(";", ",") for name in given_names}
                if more := {name for key, name in new.items() if key not in called}:
                    row["aliases"] = ";".join(sorted({*filter(None, row["aliases"].split(";")), *more}))
                self.fill(place, "organisations", row, cells, [])
            else:
                wanted = given.get("organisation_id") or _organisation_id(given)
                row = self.register.new_row("organisations", self.register.free_id("organisations", wanted))
                row.update({name: value for name, value in cells.items() if name != "organisation_id"})
                similar = [] if given.get("new") else self.register.similar_organisations(row)
                if similar:
                    options = " or ".join(f"{other['name']} ({other['organisation_id']})" for other in similar[:3])
                    self.problem(place, f"{given['name']!r}: did you mean {options}? Use that name, or add `new: true`")
            self.register.index_organisation(row)
            mentions = self.mentions(given)
            if mentions is None and not {"locator", "sources"} & given.keys():
                self.problem(place, "nothing in this document refers to it: leave it out, or say where it stands")
                continue
            support = self.support(place, given, mentions)
            self.state("organisations", row["organisation_id"], place, given, support)

    def known_organisations(self, given: dict[str, Any]) -> list[Row]:
        """The rows that a declared organisation may be: those of the same name and seat."""
        country = given.get("country_code", "")
        if "organisation_id" in given and (row := self.register.get("organisations", given["organisation_id"])):
            return [row]
        found = [
            row
            for row in self.register.organisations_named(given["name"], country)
            if row["country_code"] == country
            or (not (country and row["country_code"]) and row["kind"] not in STATE_KINDS)
        ]
        if found or "short_name" not in given:
            return found
        return [
            row
            for row in self.register.organisations_named(given["short_name"], country)
            if row["country_code"] == country and names.similar(row["name"], given["name"])
        ]

    def mentions(self, organisation: dict[str, Any], depth: int = 5) -> Support | None:
        """The support of the first record of this document that names an organisation."""
        if "locator" in organisation or "sources" in organisation or not depth:
            return None
        own = [organisation.get(name, "") for name in ("name", "short_name", "organisation_id")]
        spellings = [*own, *organisation.get("aliases", []), names.bare(organisation["name"])]
        called = {names.key(spelling) for spelling in spellings if spelling}
        for place, table, record in documents.records(self.document.content):
            links = [record.get(name) for name in ("organisation", "group", "programme", "issuer", "parent")]
            if any(isinstance(link, str) and names.key(link) in called for link in links):
                inside: Any = self.document.content[str(place[0])][place[1]]
                if table == "organisations":
                    return self.mentions(record, depth - 1) or self.support(place, record)
                return self.support(place, record, self.support(place[:2], inside) if len(place) > 2 else None)
        return None

    def organisation(self, place: Place, name: str, country: str = "") -> str:
        """The identifier of an organisation that a record names."""
        found = self.register.organisations_named(name, country)
        if len(found) == 1:
            return found[0]["organisation_id"]
        if found:
            options = ", ".join(f"{row['organisation_id']} ({row['country_code'] or 'international'})" for row in found)
            self.problem(place, f"{name!r} may be {options}: use the identifier")
            return ""
        if elsewhere := self.register.organisations_named(name):
            options = ", ".join(f"{row['organisation_id']} ({row['country_code']})" for row in elsewhere)
            self.problem(
                place, f"{name!r} is in the register as a body of another country, {options}: use its identifier"
            )
            return ""
        near = [row for row in self.register.tables["organisations"].values() if names.similar(row["name"], name)]
        hint = f"; did you mean {' or '.join(row['name'] for row in near[:3])}?" if near else "."
        self.problem(
            place,
            f"the organisation {name!r} is not in the register{hint} "
            "Declare a new one under `organisations` with its kind",
        )
        return ""

    # events and participants

    def add_events(self) -> None:
        for place, given in self.listed("events"):
            support = self.support(place, given)
            cells = self.cells("events", place, given)
            row = self.known_event(place, given, cells, support)
            if row is None:
                wanted = given.get("event_id") or _event_id(cells)
                row = self.register.new_row("events", self.register.free_id("events", wanted))
            event = row["event_id"]
            self.fill(place, "events", row, cells, support)
            self.state("events", event, place, given, support)
            for number, line in enumerate(given.get("participants", [])):
                self.add_participant(event, (*place, "participants", number), line, support)

    def known_event(self, place: Place, given: dict[str, Any], cells: Row, support: Support) -> Row | None:
        """The row of an event that is already there; a problem if it only may be the same."""
        if "event_id" in given and (row := self.register.get("events", given["event_id"])):
            return row
        here = [
            row
            for row in self.register.tables["events"].values()
            if self.register.says("events", row, "country_code", cells.get("country_code", ""))
        ]
        listed = {identifier for table, identifier, *_ in self.stated if table == "events"}
        alike = []
        for row in here:
            same_name = names.key(row["name"]) == names.key(cells["name"])
            days = _same_days(row, cells)
            if days is False:
                days = self.register.says("events", row, "start_date", cells.get("start_date"))
            if same_name and days:
                self.notice(place, f"the event is in the register as {row['event_id']}: this adds to it")
                return row
            claims = self.register.claims_on("events", row["event_id"], "*")
            shared = {claim["source_id"] for claim in claims} & {source for source, _ in support}
            apart = row["event_id"] in listed  # the same document lists both: they are two
            similar = names.similar(row["name"], cells["name"]) or (
                shared and not apart and row["kind"] == cells["kind"]
            )
            if similar and days is not False:
                alike.append(row)
        for row in alike if not given.get("new") else []:
            self.problem(
                place,
                f"this may be the event {row['event_id']} ({row['name']}, {row['start_date'] or 'undated'}): "
                f"add `event_id: {row['event_id']}` to add to it, or `new: true`",
            )
        return None

    def add_participant(self, event: str, place: Place, given: dict[str, Any], inherited: Support) -> None:
        cells = self.cells("participants", place, given) | {"event_id": event}
        if not any(key in given for key in ("country_code", "organisation", "person_name")):
            self.problem(place, "a participant needs a country_code, an organisation or a person_name")
            return
        identity = ("event_id", "country_code", "organisation_id", "person_name", "role")
        lines = [row for row in self.register.tables["participants"].values() if row["event_id"] == event]
        row = self.register.matching("participants", lines, identity, cells)
        if row is None:
            numbers = [int(row["participant_id"].rsplit("-", 1)[1]) for row in lines]
            row = self.register.new_row("participants", f"{event}-{max(numbers, default=0) + 1}")
        support = self.support(place, given, inherited)
        self.fill(place, "participants", row, cells, support)
        self.state("participants", row["participant_id"], place, given, support)

    # policies and targets

    def add_policies(self) -> None:
        for place, given in self.listed("policies"):
            support = self.support(place, given)
            cells = self.cells("policies", place, given)
            row = self.known_policy(given, cells)
            if row is None:
                wanted = given.get("policy_id") or _policy_id(cells)
                row = self.register.new_row("policies", self.register.free_id("policies", wanted))
            self.fill(place, "policies", row, cells, support)
            self.state("policies", row["policy_id"], place, given, support)

    def known_policy(self, given: dict[str, Any], cells: Row) -> Row | None:
        if "policy_id" in given:
            return self.register.get("policies", given["policy_id"])
        scope = ("country_code", "group_id", "subdivision_code")
        for row in self.register.tables["policies"].values():
            same_scope = all(self.register.says("policies", row, name, cells.get(name, "")) for name in scope)
            apart = (
                row["adopted_date"]
                and cells.get("adopted_date")
                and row["adopted_date"][:4] != cells["adopted_date"][:4]
            )
            if same_scope and not apart and names.key(row["name"]) == names.key(cells["name"]):
                return row
        return None

    def add_targets(self) -> None:
        for place, given in self.listed("policies"):
            policy = self.known_policy(given, self.cells("policies", place, given))
            inherited: dict[str, Any] = {
                name: given[name] for name in ("country_code", "group", "subdivision_code") if name in given
            }
            if "adopted_date" in given:
                inherited["announced_date"] = given["adopted_date"]
            for number, target in enumerate(given.get("targets", [])):
                own = {**inherited, **target}
                if "country_code" in target or "group" in target:
                    own = {**own, **{name: None for name in ("country_code", "group") if name not in target}}
                self.add_target((*place, "targets", number), own, self.support(place, given), policy)
        for place, given in self.listed("targets"):
            self.add_target(place, given, None, None)

    def add_target(self, place: Place, given: dict[str, Any], inherited: Support | None, policy: Row | None) -> None:
        given = {name: value for name, value in given.items() if value is not None}
        cells = self.cells("policy_targets", place, given)
        if policy is not None:
            cells["policy_id"] = policy["policy_id"]
        if ("country_code" in given) == ("group" in given):
            self.problem(place, "a target needs exactly one of country_code and group")
            return
        support = self.support(place, given, inherited)
        row = (
            self.register.get("policy_targets", given["target_id"])
            if "target_id" in given
            else self.known_target(cells)
        )
        if row is None:
            wanted = given.get("target_id") or _target_id(cells, policy)
            row = self.register.new_row("policy_targets", self.register.free_id("policy_targets", wanted))
        self.fill(place, "policy_targets", row, cells, support)
        self.state("policy_targets", row["target_id"], place, given, support)

    def known_target(self, cells: Row) -> Row | None:
        scope = (
            *("policy_id", "country_code", "group_id", "subdivision_code", "city", "metric", "value", "value_max"),
            *("target_year", "vehicle_category", "vehicle_use", "powertrain", "conditionality", "event_id"),
        )
        return self.register.matching("policy_targets", self.register.tables["policy_targets"].values(), scope, cells)

    # memberships

    def add_memberships(self) -> None:
        for place, given in self.listed("memberships"):
            cells = self.cells("memberships", place, given)
            party = cells.get("country_code", "").lower() or cells.get("organisation_id", "")
            if ("country_code" in given) == ("organisation" in given):
                self.problem(place, "a membership needs exactly one of country_code and organisation")
                continue
            identity = ("group_id", "country_code", "organisation_id", "role")
            rows = self.register.tables["memberships"].values()
            row = self.register.matching("memberships", rows, identity, cells)
            if row is None:
                wanted = (
                    given.get("membership_id") or f"{cells.get('group_id')}-{party}-{cells['role'].replace('_', '-')}"
                )
                row = self.register.new_row("memberships", self.register.free_id("memberships", wanted))
            support = self.support(place, given)
            self.fill(place, "memberships", row, cells, support)
            self.state("memberships", row["membership_id"], place, given, support)

    # cells and claims

    def cells(self, table: str, place: Place, given: dict[str, Any]) -> Row:
        """The cells of a record in CSV notation, links resolved; links within the table come later."""
        cells: Row = {}
        for key, column in columns_of(self.register.package, table).items():
            if key not in given or given[key] is None:
                continue
            value = given[key]
            if self.is_self_link(table, column.name):
                continue
            cells[column.name] = self.cell((*place, key), table, column.name, value, str(given.get("country_code", "")))
        return cells

    def is_self_link(self, table: str, column: str) -> bool:
        """Tell whether a column refers to another row of its own table."""
        return self.register.package.schemas[table].foreign_keys.get(column, ("", ""))[0] == table

    def cell(self, place: Place, table: str, column: str, value: Any, country: str = "") -> str:
        """One value in CSV notation."""
        schema = self.register.package.schemas[table]
        target = schema.foreign_keys.get(column, ("", ""))[0]
        text = tidy(cell_text(value))
        if target == "organisations":
            return self.organisation(place, text, country if column == "organisation_id" else "")
        if target == "countries" and not self.register.get("countries", text):
            self.problem(place, f"{text!r} is not a country code of three letters (ISO 3166-1)")
        if target in ("policies", "events", "policy_targets") and column not in schema.primary_key:
            return self.linked(place, target, text)
        field = schema.fields[column]
        if field.spec.get("format") == "uri":
            return tidy_url(text)
        if types.kind_of(field) in ("number", "integer"):
            try:
                return types.write(types.parse(text, field), field)
            except ValueError as error:
                self.problem(place, f"{text!r} is not right; expected {error}")
        return text

    def linked(self, place: Place, table: str, text: str) -> str:
        """The identifier of a policy, event or target that a record names."""
        if self.register.get(table, text):
            return text
        key = self.register.package.schemas[table].primary_key[0]
        rows = self.register.tables[table].values()
        found = [row[key] for row in rows if names.key(row.get("name", "")) == names.key(text) and row.get("name")]
        if len(found) == 1:
            return found[0]
        what = (
            f"may be {', '.join(found)}: use the identifier"
            if found
            else f"is not in {table}, and in no document added with it"
        )
        self.problem(place, f"{text!r} {what}")
        return ""

    def fill(self, place: Place, table: str, row: Row, cells: Row, support: Support) -> None:
        """Put cells into a row: gaps are filled, what stands there stays; a different value becomes a claim."""
        key = self.register.package.schemas[table].primary_key[0]
        differing = []
        for column, value in cells.items():
            if not row[column] or not value:
                row[column] = row[column] or value
            elif row[column] != value and column != key:
                differing.append(column)
        for column in differing:
            if column in OWN_WORDS or not support:
                if column not in ("name", "summary"):
                    self.notice(
                        place, f"{row[key]}: the register keeps {column} {row[column]!r}, not {cells[column]!r}"
                    )
                continue
            shown = row[column]
            self.decide(place, table, row, column, cells[column], *support[0], {})
            self.notice(
                place,
                f"{row[key]}: {column} is {shown!r} in the register, here {cells[column]!r}: kept as a conflict; "
                f"the cell shows {row[column]!r}",
            )

    def state(self, table: str, identifier: str, place: Place, given: dict[str, Any], support: Support) -> None:
        """Claim a row as a whole, and note what is said about its cells for later."""
        for source, locator in support:
            self.claim(place, (table, identifier, "*", source, locator), "", {"rank": "normal"})
        self.stated.append((table, identifier, given, support, place))
        for key, column in columns_of(self.register.package, table).items():
            if self.is_self_link(table, column.name) and given.get(key):
                self.self_links.append((table, identifier, column.name, str(given[key]), (*place, key)))

    def add_self_links(self) -> None:
        for table, identifier, column, text, place in self.self_links:
            row = self.register.get(table, identifier)
            target = self.organisation(place, text) if table == "organisations" else self.linked(place, table, text)
            if row is not None:
                row[column] = row[column] or target

    def add_cell_claims(self) -> None:
        for table, identifier, given, support, place in self.stated:
            columns = columns_of(self.register.package, table)
            row = self.register.get(table, identifier)
            if row is None or not support:
                continue
            for basis in ("inferred", "computed"):
                for key, reason in given.get(basis, {}).items():
                    column = columns[key].name
                    if not row[column]:
                        self.problem((*place, basis, key), f"{key} is marked {basis} but has no value here")
                        continue
                    if any(
                        claim["rank"] == "preferred" for claim in self.register.claims_on(table, identifier, column)
                    ):
                        continue
                    spec = {"basis": basis, "rank": "preferred", "note": tidy(reason)}
                    self.claim((*place, basis, key), (table, identifier, column, *support[0]), row[column], spec)
            claims = list(enumerate(given.get("claims", [])))
            for number, spec in sorted(claims, key=lambda item: item[1].get("rank") != "preferred"):
                self.add_cell_claim((*place, "claims", number), table, identifier, spec, support)

    def add_cell_claim(self, place: Place, table: str, identifier: str, spec: dict[str, Any], support: Support) -> None:
        columns = columns_of(self.register.package, table)
        by_name = {column.name: column for column in columns.values()}
        column = columns.get(spec["field"]) or by_name.get(spec["field"])
        row = self.register.get(table, identifier)
        if column is None or row is None:
            known = ", ".join(columns)
            self.problem((*place, "field"), f"{table} has no column {spec['field']!r}; there is {known}")
            return
        value = self.cell((*place, "value"), table, column.name, spec["value"], row.get("country_code", ""))
        if "note" not in spec and (spec.get("rank") == "deprecated" or spec.get("basis", "stated") != "stated"):
            self.problem(place, "an inferred, computed or deprecated claim says why: `note: ...`")
        try:
            types.parse(value, column)
        except ValueError as error:
            self.problem((*place, "value"), f"{value!r} is not right; expected {error}")
            return
        if "source" in spec:
            source = self.sources.get(str(spec["source"]), "")
            if not source:
                self.problem(
                    (*place, "source"), f"no source has the key {spec['source']!r}; there is {', '.join(self.sources)}"
                )
                return
        elif support:
            source = support[0][0]
        else:
            self.problem(place, "say which source states this: `source: key`")
            return
        locator = tidy(str(spec.get("locator") or dict(support).get(source, "")))
        if not locator:
            self.problem(place, "say where in the source this stands: `locator: p3`")
            return
        self.decide(place, table, row, column.name, value, source, locator, spec)

    def decide(
        self,
        place: Place,
        table: str,
        row: Row,
        column: str,
        value: str,
        source: str,
        locator: str,
        spec: dict[str, Any],
    ) -> None:
        """Enter a claim on a cell and settle which value the cell shows."""
        identifier = row[self.register.package.schemas[table].primary_key[0]]
        standing = self.register.claims_on(table, identifier, column)
        if any(
            (claim["source_id"], claim["locator"], claim["value"]) == (source, locator, value) for claim in standing
        ):
            return
        preferred = next((claim for claim in standing if claim["rank"] == "preferred"), None)
        shown = row[column]
        if "rank" in spec:
            wins = spec["rank"] == "preferred"
        elif not shown or shown == value:
            wins = preferred is None
        else:
            rests_on = preferred["source_id"] if preferred else self.best_source(table, identifier)
            wins = self.tier(source) > self.tier(rests_on) and not (preferred and preferred["note"])
        if shown not in ("", value):
            self.prefer_cell(place, table, identifier, column)
        if wins:
            for claim in self.register.claims_on(table, identifier, column):
                claim["rank"] = "normal" if claim["rank"] == "preferred" else claim["rank"]
            row[column] = value
        extra: dict[str, Any] = {name: spec[name] for name in ("basis", "note") if name in spec}
        rank = "preferred" if wins else spec.get("rank", "normal")
        self.claim(place, (table, identifier, column, source, locator), value, {**extra, "rank": rank})

    def prefer_cell(self, place: Place, table: str, identifier: str, column: str) -> None:
        """See to it that the value which a disputed cell shows has a preferred claim of its own."""
        row = self.register.get(table, identifier)
        standing = self.register.claims_on(table, identifier, column)
        if row is None or not row[column] or any(claim["rank"] == "preferred" for claim in standing):
            return
        agreeing = [claim for claim in standing if claim["value"] == row[column] and claim["rank"] != "deprecated"]
        if agreeing:
            max(agreeing, key=lambda claim: self.tier(claim["source_id"]))["rank"] = "preferred"
            return
        disputing = {(claim["source_id"], claim["locator"]) for claim in standing}
        whole = [
            claim
            for claim in self.register.claims_on(table, identifier, "*")
            if (claim["source_id"], claim["locator"]) not in disputing
        ]
        elsewhere = [claim for claim in whole if claim["source_id"] not in {source for source, _ in disputing}] or whole
        if elsewhere:
            best = max(elsewhere, key=lambda claim: self.tier(claim["source_id"]))
            self.claim(
                place,
                (table, identifier, column, best["source_id"], best["locator"]),
                row[column],
                {"rank": "preferred"},
            )

    def claim(self, place: Place, key: tuple[str, str, str, str, str], value: str, extra: dict[str, Any]) -> None:
        """Enter a claim, unless it is there."""
        _, identifier, column, _, locator = key
        standing = self.register.tables["claims"].get(key)
        if standing is not None:
            if standing["value"] != value:
                self.problem(
                    place,
                    f"{column} of {identifier}: at {locator!r} the source already says {standing['value']!r}, "
                    f"here {value!r}: give each a more exact locator",
                )
            elif extra.get("rank") == "preferred":
                standing.update(rank="preferred", note=standing["note"] or extra.get("note", ""))
            return
        self.register.add_claim(
            key,
            value=value,
            basis=extra.get("basis", "stated"),
            rank=extra["rank"],
            note=tidy(str(extra.get("note", ""))),
        )

    def tier(self, source: str) -> int:
        row = self.register.get("sources", source)
        order = list(self.register.package.schemas["sources"].fields["tier"].categories)
        return order.index(row["tier"]) if row and row["tier"] in order else -1

    def best_source(self, table: str, identifier: str) -> str:
        whole = self.register.claims_on(table, identifier, "*")
        return max((claim["source_id"] for claim in whole), key=self.tier, default="")

    # corrections

    def add_corrections(self) -> None:
        for place, given in self.listed("corrections"):
            table, record = given["table"], given["record"]
            if self.register.get(table, record) is None:
                self.problem((*place, "record"), f"there is no record {record!r} in {table}")
                continue
            only = [(next(iter(self.sources.values())), "")] if len(self.sources) == 1 else []
            self.add_cell_claim(place, table, record, given, only)


def _same_days(a: Row, b: Row) -> bool | None:
    """Whether two events may share a day; two without dates do, and None means that only one has a date."""
    first, second = _span(a), _span(b)
    if first and second:
        return dates.may_overlap(first, second)
    return None if first or second else True


def _span(row: Row) -> tuple[dates.PartialDate, dates.PartialDate] | None:
    start, end = row.get("start_date") or row.get("end_date"), row.get("end_date") or row.get("start_date")
    try:
        return (dates.parse(start), dates.parse(end)) if start and end else None
    except ValueError:
        return None


def _year(*texts: str | None) -> str:
    return next((text[:4] for text in texts if text), "")


def _source_id(cells: Row) -> str:
    title = names.slug(cells["title"], 40)
    if len(title) < 8:
        title = names.slug(re.sub(r"\.\w+$", "", cells["url"].rstrip("/").rsplit("/", 1)[-1]), 40)
    parts = (names.slug(cells["publisher"], 24), cells.get("published_date", ""), title)
    return "-".join(filter(None, parts)) or names.slug(cells["url"], 60)


def _organisation_id(given: dict[str, Any]) -> str:
    name = names.bare(str(given["name"]))
    base = names.slug(str(given.get("short_name") or name)) or names.slug(str(given["name"])) or "organisation"
    country = str(given.get("country_code", "")).lower()
    return (
        f"{base}-{country}"
        if country and given["kind"] in ("government", "local_government", "public_agency")
        else base
    )


def _event_id(cells: Row) -> str:
    year = _year(cells.get("start_date"), cells.get("end_date"))
    base = names.slug(cells["name"]) or "event"
    return base if not year or year in base.split("-") else f"{base}-{year}"


def _policy_id(cells: Row) -> str:
    scope = (cells.get("subdivision_code") or cells.get("country_code") or cells.get("group_id", "")).lower()
    year = _year(cells.get("adopted_date"), cells.get("start_year"))
    base = names.slug(cells["name"]) or cells["kind"].replace("_", "-")
    return "-".join(filter(None, (scope, base, "" if year in base.split("-") else year)))


def _target_id(cells: Row, policy: Row | None) -> str:
    scope = (cells.get("subdivision_code") or cells.get("country_code") or cells.get("group_id", "")).lower()
    adopted = policy["adopted_date"] or policy["start_year"] if policy else ""
    parts = (
        scope,
        names.slug(cells.get("city", "")),
        _year(cells.get("announced_date"), adopted),
        cells.get("vehicle_category", ""),
        cells.get("vehicle_use", ""),
        cells["metric"],
        cells["target_year"],
    )
    return "-".join(part.replace("_", "-") for part in parts if part)
