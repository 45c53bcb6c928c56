"""The data set: one plain DataFrame per table, with its documentation and its provenance beside it."""

from __future__ import annotations

import copy
import os
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evcollab import citations, package, provenance, questions, search, types
from evcollab.errors import EvcollabError, UnknownNameError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def load(path: str | os.PathLike[str] | None = None) -> Dataset:
    """Open a data package as it is now. Its files are read at once, and parsed when they are first asked for.

    Nothing is written. Of a package that another program changes meanwhile, one state is read; if a change was cut
    short, the state before it, with a warning.

    Args:
        path: a folder with a `datapackage.json`, or that file: a checkout, or somebody's own register with
            the same tables. None: the data that came with this version of evcollab.

    Returns:
        The data set.

    Raises:
        PackageError: there is no such package, its descriptor or a schema is wrong or missing, a path in it
            is unsafe, or its data format is newer than this code.
    """
    return Dataset(package.read(path))


class Dataset:
    """The tables of a data package as plain pandas DataFrames.

    Get a table by name, `ds["events"]`, or as an attribute, `ds.events`. Every call returns a frame of its own:
    changing it changes nobody else's. The key stays a column; rows are in file order. The dtypes of all columns
    are in `ds.describe(table)`; partial dates have a second column `<column>_precision`.
    """

    def __init__(self, source: package.Package) -> None:
        self.package = source
        self._frames: dict[str, pd.DataFrame] = {}
        self._lock = threading.RLock()

    @property
    def name(self) -> str:
        """Name of the data package."""
        return str(self.package.descriptor.get("name", ""))

    @property
    def version(self) -> str:
        """Version of the data (not of the code), from the descriptor."""
        return str(self.package.descriptor.get("version", ""))

    @property
    def tables(self) -> list[str]:
        """The names of the tables."""
        return list(self.package.schemas)

    def __getitem__(self, table: str) -> pd.DataFrame:
        """The table of that name.

        Raises:
            UnknownNameError: there is no such table.
            PackageError: its file is missing, or is not the one that the descriptor describes: another number of rows,
                another size, another hash.
            DataError: a cell does not fit its type; every such cell is listed with its line and column.
        """
        import pandas as pd

        schema = self.package.schema(table)
        with self._lock:
            if table not in self._frames:
                frame = types.read(self.package.read_bytes(table), self.package.files[table], schema)
                self.package.check(table, len(frame))
                self._frames[table] = frame
            frame = self._frames[table].copy(deep=False)  # pandas copies a column on its first write
        for field in schema.fields.values():
            if types.kind_of(field) == "list":  # but equal cells share one list
                items = frame[field.name].tolist()
                frame[field.name] = pd.Series([item.copy() for item in items], dtype="object")
        return frame

    @property
    def events(self) -> pd.DataFrame:
        """Events: what happened or was announced, one row each."""
        return self["events"]

    @property
    def participants(self) -> pd.DataFrame:
        """Participants: one line per party at an event."""
        return self["participants"]

    @property
    def organisations(self) -> pd.DataFrame:
        """Organisations: whoever acts, from ministries to blocs of states."""
        return self["organisations"]

    @property
    def policy_targets(self) -> pd.DataFrame:
        """Policy targets: each row a single figure with its scope, year and version."""
        return self["policy_targets"]

    @property
    def policies(self) -> pd.DataFrame:
        """Policies: the instruments that targets stand in."""
        return self["policies"]

    @property
    def memberships(self) -> pd.DataFrame:
        """Memberships: dated links between groups and those in them."""
        return self["memberships"]

    @property
    def countries(self) -> pd.DataFrame:
        """Countries and areas of ISO 3166-1."""
        return self["countries"]

    @property
    def subdivisions(self) -> pd.DataFrame:
        """Subdivisions of ISO 3166-2 that a row refers to."""
        return self["subdivisions"]

    @property
    def former_ids(self) -> pd.DataFrame:
        """Identifiers that were in a release and are no more, with their successors."""
        return self["former_ids"]

    @property
    def sources(self) -> pd.DataFrame:
        """Sources: the documents that claims rest on."""
        return self["sources"]

    @property
    def claims(self) -> pd.DataFrame:
        """Claims: what each source says about which row or cell."""
        return self["claims"]

    def schema(self, table: str) -> dict[str, Any]:
        """The Table Schema (Data Package v2) of a table, as a dictionary of your own.

        Raises:
            UnknownNameError: there is no such table.
        """
        return copy.deepcopy(self.package.schema(table).spec)

    def describe(self, table: str) -> pd.DataFrame:
        """The documentation of a table's columns, from its schema.

        Returns:
            One row per column, all `str` but for `required` (bool) and `values`: `column`, `title`, `dtype`
            (of the loaded column), `required`, `description`, `example`, `values` (the list of allowed codes,
            `[]` if free).

        Raises:
            UnknownNameError: there is no such table.
        """
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "column": field.name,
                    "title": field.spec.get("title", ""),
                    "dtype": types.NATIVE[types.kind_of(field)].pandas,
                    "required": field.required,
                    "description": field.description,
                    "example": str(field.spec.get("example", "")),
                    "values": list(field.categories),
                }
                for field in self.package.schema(table).fields.values()
            ]
        )

    def to_arrow(self, table: str) -> pa.Table:
        """A table as an Arrow table, for polars (`polars.from_arrow`), DuckDB and others.

        Returns:
            The columns of the DataFrame: text is `string`, a code a dictionary (ordered where its schema says so) with
            its whole vocabulary, a list `list<string>`, a date `date32`, `int64`, `double`, `bool`. Descriptions are
            in the metadata of the fields; licence, citation and the Table Schema in that of the table.

        Raises:
            UnknownNameError: there is no such table.
            MissingExtraError: the extra `export` is not installed.
            PackageError, DataError: as for `ds[table]`.
        """
        from evcollab.exports.parquet import to_arrow

        return to_arrow(self, table)

    def record(self, table: str, record: str) -> dict[str, str]:
        """One row as text in the notation of the CSV file: column → cell, `""` where empty.

        Raises:
            UnknownNameError: there is no such table, or no such record in it.
        """
        schema = self.package.schema(table)
        frame, key = self[table], schema.primary_key[0]
        found = frame[frame[key] == record]
        if found.empty:
            raise UnknownNameError(f"record in {table}:", record, frame[key].dropna())
        return dict(zip(schema.fields, types.to_text(found.head(1), schema)[0], strict=True))

    def claims_for(self, table: str, record: str, column: str | None = None) -> pd.DataFrame:
        """Where a record, or one cell of it, comes from.

        Args:
            table: name of the table.
            record: identifier of the row.
            column: only the claims that this cell rests on: its own and those on the whole row (`*`).

        Returns:
            One row per claim, best first: `field`, `value`, `basis`, `rank`, `locator`, `note` as in claims, and
            `source_id`, `title`, `publisher`, `url`, `tier`, `published_date` as in sources.

        Raises:
            UnknownNameError: there is no such table, record or column.
        """
        self.record(table, record)
        if column is not None:
            self.package.schema(table).field(column)
        return provenance.claims_for(self.claims, self.sources, table, record, column)

    def conflicts(self) -> pd.DataFrame:
        """The cells on which sources disagree: two or more distinct values, deprecated claims aside.

        Returns:
            One row per claim in a conflict, cell by cell, the value shown in the table first: `table_name`,
            `record_id`, `field`, `value`, `shown` (bool: this is the cell's value), `basis`, `rank`, `source_id`,
            `locator`, `note`. A cell's value that only row-wide claims support stands with no source of its own.
        """
        rows: dict[str, dict[str, dict[str, str]]] = {}

        def record(table: str, identifier: str) -> dict[str, str]:
            if table not in rows:
                schema = self.package.schema(table)
                texts = [dict(zip(schema.fields, cells, strict=True)) for cells in types.to_text(self[table], schema)]
                rows[table] = {cells[schema.primary_key[0]]: cells for cells in texts}
            return rows[table].get(identifier) or self.record(table, identifier)

        return provenance.conflicts(self.claims, record)

    def parties(
        self,
        between: questions.Between = "countries",
        *,
        roles: Sequence[str] | None = None,
        since: questions.Day | None = None,
        until: questions.Day | None = None,
        status: Sequence[str] = ("held",),
        attendance: Sequence[str] = ("confirmed",),
        expand_groups: bool = False,
    ) -> pd.DataFrame:
        """Who was part of which event, each party once per event.

        A participant line speaks of the country in its `country_code`, else of the country of its organisation if that
        is a government, local government, public agency, company or university: others have a seat, but speak for no
        country. The place of an event makes nobody a party, nor does being whom an announcement was meant for.

        Args:
            between: `countries` or `organisations`.
            roles: only lines with one of these roles; None: all but `target_group`.
            since: only events that may have lasted until this day or later; `2020`, `2020-06` or `2020-06-15`, or a
                `datetime.date`. Events without a date are left out.
            until: only events that may have begun on this day or before; likewise.
            status: only events of these statuses.
            attendance: only lines of these kinds of attendance, and those that state none.
            expand_groups: count each country that may have been a member of a bloc (`country_group`) at the time of
                the event where the line names the bloc; otherwise a bloc is no country.

        Returns:
            One row per event and party, sorted: `event_id` (str), `date` (datetime64: first possible day),
            `party` (str: country code or organisation identifier), `roles` (list of str).

        Raises:
            UnknownNameError: there is no such role, status or attendance.
            EvcollabError: a day is no date, or `between` is neither of the two.
        """
        return questions.parties(
            self,
            between,
            roles=roles,
            since=since,
            until=until,
            status=status,
            attendance=attendance,
            expand_groups=expand_groups,
        )

    def collaborations(self, between: questions.Between = "countries", **options: Any) -> pd.DataFrame:
        """Who met whom: the pairs of countries or organisations that were part of the same events.

        Args:
            between: `countries` or `organisations`.
            options: those of `parties`, which tells who counts as part of an event.

        Returns:
            One row per pair, most events first: `a` and `b` (str, a < b), `events` (Int64: how many different
            events), `event_ids` (list of str, sorted).

        Raises:
            UnknownNameError, EvcollabError: as `parties` does.
        """
        return questions.collaborations(self, between, **options)

    def funding(self) -> pd.DataFrame:
        """Who pays for whom, one row per statement that somebody pays: amounts may be added up, currencies aside.

        Statements are lines with the role funder or donor at an event, and funders among the memberships. Whom it
        benefits is read from the event's recipients; without any, from its participants and target groups; else
        from its place; `beneficiaries_from` tells which. For a programme it is read from its participating countries,
        pilot cities and members. The payer's own country is never a beneficiary.

        Returns:
            `funder_id` (str), `funder_country` (str), `role` (str: funder or donor), `event_id` (str),
            `programme_id` (str: the event's programme, or the group that is funded), `date` (datetime64: first
            possible day of the event or of the membership), `beneficiaries` (list of country codes),
            `beneficiaries_from` (str: recipient, participant, place or member), `amount` (Float64) and `currency`
            (str) exactly as stated.
        """
        return questions.funding(self)

    def members(self, group: str, on: questions.Day | None = None) -> pd.DataFrame:
        """Who is, or on a day was, in a group, in any role.

        Args:
            group: identifier, name, short name or alias of a bloc, initiative, programme or declaration.
            on: a day, or a month or year; None: every membership on record.

        Returns:
            One row per membership that may have held on that day: `group_id`, `country_code`, `organisation_id`,
            `name` (str), `role` (category), `start_date` (datetime64: first possible day), `end_date` (datetime64:
            last possible day), `certain` (boolean: it held throughout, however its dates are completed; a
            membership without a start is never certain).

        Raises:
            UnknownNameError: there is no such group.
            EvcollabError: the name is that of several groups, or `on` is no date.
        """
        return questions.members(self, group, on)

    def targets(
        self, on: questions.Day | None = None, *, country: str | None = None, expand_groups: bool = False
    ) -> pd.DataFrame:
        """The policy targets in force, today or on a day.

        Without `on`, the status of a target decides: `active`. With it, a version is in force from its announcement
        (else the adoption of its policy, else the first dated report of it) until a later version in its
        `supersedes_id` chain is announced. A withdrawn or lapsed target ends with the first dated report of that. One
        of which the beginning, or the end that it had, has no date is left out: it cannot be said when it held. A
        target whose year has passed stays in force.

        Args:
            on: a day, or a month or year: what may have been in force in it.
            country: only targets of this country, by code or name.
            expand_groups: list a target of a group that binds each member once per member on that day, with the
                member as `country_code`. Otherwise, and for collective ones always, `country_code` is empty.

        Returns:
            The columns of `policy_targets`, with `certain` (boolean: announced before that day however the date
            is completed), `policy` (str: name) and `policy_kind` (str).

        Raises:
            UnknownNameError: there is no such country.
            EvcollabError: `on` is no date.
        """
        return questions.targets(self, on, country=country, expand_groups=expand_groups)

    def target_history(self) -> pd.DataFrame:
        """How targets changed, one row per version that supersedes another.

        `change` is `rescoped` if a column of `scope` differs, so that the numbers cannot be compared (metric, unit,
        vehicle category or use, powertrain, collective, subdivision, city; or "at most" against another comparator).
        Else it is `raised` or `lowered` if the value goes up or down (the other way round for "at most"), unless the
        year moves against it (more but later, less but sooner): `mixed`. With the same value it is `delayed`,
        `advanced` or `unchanged`.

        Returns:
            `country_code`, `group_id`, `metric`, `vehicle_category` (str, of the newer), `older_id`, `newer_id`
            (str), `older_date`, `newer_date` (datetime64: first possible day of announcement), `older_value`,
            `newer_value` (Float64), `older_year`, `newer_year` (Int64), `change` (category), `scope` (list of str:
            the columns that differ).
        """
        return questions.target_history(self)

    def phase_outs(self, on: questions.Day | None = None) -> pd.DataFrame:
        """When new combustion cars, buses or others shall no longer be sold: targets of 100 % of new sales.

        Args:
            on: as in `targets`.

        Returns:
            One row per target, earliest year first: `country_code`, `group_id`, `subdivision_code`, `city` (str),
            `vehicle_category`, `vehicle_use` (category), `target_year` (Int64), `powertrain` (category),
            `still_allowed` (str: no hybrids, plug-in hybrids, all hybrids, not stated), `strength` (category),
            `announced_date` (datetime64), `policy` (str: name), `target_id` (str).

        Raises:
            EvcollabError: `on` is no date.
        """
        return questions.phase_outs(self, on)

    def coverage(self) -> pd.DataFrame:
        """How much of the world, and how well, the register covers, as counts in one long table.

        Returns:
            `measure` (category), `group` (str), `subgroup` (str), `value` (Int64). The measures: `events` by region
            of the place and year; `targets` by country or group and vehicle category; `sources` by tier and kind;
            `rows_by_sources`: rows by table and number of sources (1, 2+); `conflicts`: cells on which sources
            disagree, by table and column; `countries` by region and what is held on them (both, event only, target
            only, neither).
        """
        return questions.coverage(self)

    def find(self, text: str, limit: int = 20) -> pd.DataFrame:
        """Records by what they are called: identifier, name, short name, alias or title, misspelt or not.

        Args:
            text: a name, or words of it, in any order.
            limit: at most so many records.

        Returns:
            Best first: `table`, `record_id`, `name` (str), `score` (Float64: 1 is that very name), `matched` (str:
            the identifier, name or alias that fits best).
        """
        return search.find(self, text, limit)

    def cite(self, table: str | None = None, record: str | None = None, style: str = "text") -> str:
        """A citation of the data set, or of the sources of one record.

        Args:
            table: name of the table of the record. None, and no record: the data set itself.
            record: identifier of the row.
            style: `text` (a source per line), `bibtex` or `csl-json`.

        Returns:
            The citations, in the order of `claims_for`. A date is given as precisely as it is known, `n.d.` if not.

        Raises:
            UnknownNameError: there is no such table, record or style.
            EvcollabError: only one of table and record was given.
        """
        if table is None and record is None:
            return citations.write([citations.package_item(self.package.descriptor)], style)
        if table is None or record is None:
            raise EvcollabError('to cite a record give its table and its name: cite("events", "lao-ev-forum-2023")')
        cited = dict.fromkeys(self.claims_for(table, record)["source_id"])
        return citations.write([citations.source_item(self.record("sources", source)) for source in cited], style)

    def __repr__(self) -> str:
        rows = {item["name"]: item.get("rows", "?") for item in self.package.descriptor["resources"]}
        listed = ", ".join(f"{table} ({count})" for table, count in rows.items())
        return f"<evcollab.Dataset {self.name} {self.version}: {listed}>"
