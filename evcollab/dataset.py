"""The data set: one plain DataFrame per table, with its documentation and its provenance beside it."""

from __future__ import annotations

import copy
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from evcollab import arrow, citations, package, provenance, questions, search, types
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
    are in `ds.describe(table)`; partial dates have a second column `<column>_precision`. A standard table that the
    package does not have is empty.
    """

    def __init__(self, source: package.Package) -> None:
        self.package = source
        self._frames: dict[str, pd.DataFrame] = {}
        self._lock = threading.RLock()

    @property
    def name(self) -> str:
        """Name of the data package."""
        return self.package.name

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
                data = self.package.read_bytes(table)
                with ThreadPoolExecutor(1) as pool:
                    digest = pool.submit(self.package.digest, table) if table in self else None
                    frame = types.read(data, self.package.files.get(table, table), schema)
                if digest:
                    self.package.check(table, len(frame), digest.result())
                self._frames[table] = frame
            frame = self._frames[table].copy(deep=False)  # pandas copies a column on its first write
        for field in schema.fields.values():
            if types.kind_of(field) == "list":  # but equal cells share one list
                items = frame[field.name].tolist()
                frame[field.name] = pd.Series([item.copy() for item in items], dtype="object")
        return frame

    def __contains__(self, table: object) -> bool:
        """Whether there is a table of that name."""
        return table in self.package.schemas

    def __iter__(self) -> Iterator[str]:
        """The names of the tables."""
        return iter(self.tables)

    def __len__(self) -> int:
        """How many tables there are."""
        return len(self.tables)

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
        """Released identifiers that are gone, with their successors."""
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
        return arrow.table(self[table], self.package.schema(table), citations.facts(self.package.descriptor))

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

    def tables_with(self, record: str) -> list[str]:
        """The tables that have, or in a former release had, a record of that identifier."""
        found = []
        for table, schema in self.package.schemas.items():
            if len(schema.primary_key) == 1 and (self[table][schema.primary_key[0]] == record).any():
                found.append(table)
        return found or sorted(set(self._former().get(record, {})))

    def current_id(self, table: str, record: str) -> str:
        """The identifier that a record has now: itself, or what took the place of a former one."""
        seen = {record}
        while (successor := self._former().get(record, {}).get(table)) and successor not in seen:
            seen.add(record := successor)
        return record

    def _former(self) -> dict[str, dict[str, str]]:
        """Former identifier → table → successor, where there is one."""
        former: dict[str, dict[str, str]] = {}
        for row in self.former_ids.dropna(subset="successor_id").to_dict("records"):
            former.setdefault(row["former_id"], {})[row["table_name"]] = row["successor_id"]
        return former

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

        A day and its own month or year, such as 2023-07-07 and 2023-07, do not disagree: one is only more exact. Nor do
        an earlier state and a later one, such as *announced* and *held*, unless the source of the earlier is younger.

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

        claims = self.claims
        passing = {
            (table, field.name, code)
            for table, schema in self.package.schemas.items()
            for field in schema.fields.values()
            for code in field.facts("passing")
        }
        return provenance.conflicts(claims[claims["table_name"].isin(self.tables)], record, passing)

    # What analysts ask: each function has its signature and documentation where it stands.
    parties = questions.parties
    collaborations = questions.collaborations
    funding = questions.funding
    members = questions.members
    targets = questions.targets
    target_history = questions.target_history
    phase_outs = questions.phase_outs
    coverage = questions.coverage
    named = questions.named
    wide = questions.wide
    find = search.find

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
            raise EvcollabError(
                'to cite a record give its table and its identifier: cite("events", "lao-ev-forum-2023")'
            )
        cited = dict.fromkeys(self.claims_for(table, record)["source_id"])
        return citations.write([citations.source_item(self.record("sources", source)) for source in cited], style)

    def __repr__(self) -> str:
        listed = ", ".join(f"{table} ({count})" for table, count in self._counts().items())
        return f"<evcollab.Dataset {self.name} {self.version}: {listed}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the tables with their numbers of rows, both versions, and how to cite the data."""
        from html import escape

        import evcollab

        titles = {item["name"]: str(item.get("title") or item["name"]) for item in self.package.descriptor["resources"]}
        rows = "".join(
            f"<tr><td><code>{escape(table)}</code></td><td>{escape(titles[table])}</td>"
            f"<td style='text-align:right'>{escape(str(count))}</td></tr>"
            for table, count in self._counts().items()
        )
        return (
            f"<p><b>{escape(self.name)}</b>, data {escape(self.version)}, read with evcollab {evcollab.__version__}</p>"
            f"<table><thead><tr><th>table</th><th></th><th>rows</th></tr></thead><tbody>{rows}</tbody></table>"
            f"<p>{escape(self.cite())}</p>"
        )

    def _counts(self) -> dict[str, Any]:
        return {item["name"]: item.get("rows", "?") for item in self.package.descriptor["resources"]}
