"""Rows and claims of a data set as its pages need them: by identifier, as text, with what each source says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from evcollab.dataset import Dataset
from evcollab.errors import EvcollabError
from evcollab.exports.about import text_rows
from evcollab.package import Field
from evcollab.provenance import ROW

Claim = dict[str, str]


class Row(dict[str, str]):
    """A record as text; a column that its table does not have is empty."""

    def __missing__(self, column: str) -> str:
        return ""


class Register:
    """A data set, indexed for writing pages. A table that the package lacks is empty."""

    def __init__(self, ds: Dataset) -> None:
        self.ds = ds
        self._tables: dict[str, dict[str, Row]] = {}
        self._groups: dict[tuple[str, str], dict[str, dict[str, Row]]] = {}

    def table(self, name: str) -> dict[str, Row]:
        """The records of a table by identifier, in file order.

        Raises:
            EvcollabError: two records have the same identifier, so that one of them would have no page.
        """
        if name not in self._tables:
            rows: dict[str, Row] = {}
            if name in self.ds.tables:
                schema = self.ds.package.schema(name)
                names, keys = list(schema.fields), schema.primary_key
                for cells in text_rows(self.ds, name):
                    row = Row(zip(names, cells, strict=True))
                    key = "|".join(row[column] for column in keys) if name != "claims" else str(len(rows))
                    if key in rows:
                        raise EvcollabError(
                            f"{name} has the identifier {key!r} twice, but a page has one record: "
                            "evcollab validate shows the lines"
                        )
                    rows[key] = row
            self._tables[name] = rows
        return self._tables[name]

    def grouped(self, table: str, column: str) -> dict[str, dict[str, Row]]:
        """The records of a table by the value of a column that is not empty."""
        if (table, column) not in self._groups:
            found = self._groups[table, column] = {}
            for identifier, row in self.table(table).items():
                if row[column]:
                    found.setdefault(row[column], {})[identifier] = row
        return self._groups[table, column]

    def fields(self, table: str) -> dict[str, Field]:
        """The columns of a table; none if the package lacks it."""
        return self.ds.package.schema(table).fields if table in self.ds.tables else {}

    def reference(self, table: str, column: str) -> str:
        """The table that a column points at, or an empty text."""
        keys = self.ds.package.schema(table).foreign_keys if table in self.ds.tables else {}
        return "" if column == "same_money_id" else keys.get(column, ("",))[0]

    @cached_property
    def claims(self) -> dict[tuple[str, str], list[Claim]]:
        """The claims on each record, in the order of `Dataset.claims_for`."""
        found: dict[tuple[str, str], list[Claim]] = {}
        if not {"claims", "sources"} <= set(self.ds.tables):
            return found
        ranks, tiers = (self._order(table, column) for table, column in (("claims", "rank"), ("sources", "tier")))
        sources = self.table("sources")
        rows = list(self.table("claims").values())

        def order(claim: Row) -> tuple[str, int, int, str]:
            tier = sources.get(claim["source_id"], Row())["tier"]
            return claim["field"], -ranks.get(claim["rank"], -1), -tiers.get(tier, -1), claim["source_id"]

        for claim in sorted(rows, key=order):
            found.setdefault((claim["table_name"], claim["record_id"]), []).append(claim)
        return found

    def _order(self, table: str, column: str) -> dict[str, int]:
        return {code: number for number, code in enumerate(self.fields(table)[column].categories)}

    @cached_property
    def conflicts(self) -> dict[tuple[str, str], dict[str, list[Claim]]]:
        """The disputed cells of each record: column → claims, the value shown first (see `Dataset.conflicts`)."""
        found: dict[tuple[str, str], dict[str, list[Claim]]] = {}
        if not {"claims", "sources"} <= set(self.ds.tables):
            return found
        frame = self.ds.conflicts().astype("object").where(lambda cells: cells.notna(), "")
        for claim in frame.to_dict("records"):
            columns = found.setdefault((claim["table_name"], claim["record_id"]), {})
            columns.setdefault(claim["field"], []).append({str(key): value for key, value in claim.items()})
        return found

    def sources_of(self, table: str, record: str) -> list[str]:
        """The sources of a record, best first, each once; what was rejected does not count."""
        claims = self.claims.get((table, record), [])
        return list(dict.fromkeys(claim["source_id"] for claim in claims if claim["rank"] != "deprecated"))

    @cached_property
    def claims_of_source(self) -> dict[str, list[Claim]]:
        """The claims that rest on each source, by record."""
        found: dict[str, list[Claim]] = defaultdict(list)
        for claims in self.claims.values():
            for claim in claims:
                found[claim["source_id"]].append(claim)
        return found

    def as_data(self, table: str, record: str) -> dict[str, Any]:
        """A record with its claims and their sources, each once: what `record` and `claims_for` of `Dataset` return."""
        columns = ("field", "value", "basis", "rank", "locator", "note", "source_id")
        about = ("title", "publisher", "url", "tier", "published_date")
        claims = self.claims.get((table, record), [])
        sources = {claim["source_id"]: self.table("sources").get(claim["source_id"], Row()) for claim in claims}
        return {
            "table": table,
            "id": record,
            "record": dict(self.table(table)[record]),
            "claims": [{column: claim[column] for column in columns} for claim in claims],
            "sources": {source: {column: row[column] for column in about} for source, row in sources.items()},
        }


def whole(claims: Iterable[Claim]) -> list[Claim]:
    """The claims that support a row as a whole."""
    return [claim for claim in claims if claim["field"] == ROW]
