"""The tables of a package as editable text, and the finding of records by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from evcollab import names
from evcollab.canonical import canonical
from evcollab.contributions.formatting import read_rows
from evcollab.package import Package

Row = dict[str, str]
Key = tuple[str, ...]

STATE_KINDS = frozenset({"government", "local_government"})
"""Bodies of one state: the same name in two countries means two bodies."""


@dataclass
class Register:
    """All rows of a package, by table and primary key.

    Attributes:
        package: where they come from.
        tables: table → primary key → row.
    """

    package: Package
    tables: dict[str, dict[Key, Row]]
    _organisations: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _claims: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def read(cls, package: Package) -> Register:
        """Read all tables of a package; raises DataError if one cannot be read."""
        tables = {}
        for table, schema in package.schemas.items():
            rows = (dict(zip(schema.fields, row, strict=True)) for row in canonical(read_rows(package, table), schema))
            tables[table] = {tuple(row[name] for name in schema.primary_key): row for row in rows}
        register = cls(package, tables)
        for row in tables["organisations"].values():
            register.index_organisation(row)
        for row in tables["claims"].values():
            register._claims[row["table_name"], row["record_id"]].append(row)
        return register

    def rows(self) -> dict[str, list[list[str]]]:
        """The rows of every table, in canonical order."""
        return {
            table: canonical([list(row.values()) for row in rows.values()], self.package.schemas[table])
            for table, rows in self.tables.items()
        }

    def get(self, table: str, identifier: str) -> Row | None:
        """The row of a table with a one-column key."""
        return self.tables[table].get((identifier,))

    def new_row(self, table: str, identifier: str) -> Row:
        """Put an empty row with this identifier into a table."""
        row = dict.fromkeys(self.package.schemas[table].fields, "")
        row[self.package.schemas[table].primary_key[0]] = identifier
        self.tables[table][(identifier,)] = row
        return row

    def claims_on(self, table: str, record: str, field: str) -> list[Row]:
        """The claims on one cell, or with `*` on the row as a whole."""
        return [row for row in self._claims[table, record] if row["field"] == field]

    def says(self, table: str, row: Row, column: str, value: str | None) -> bool:
        """Tell whether a cell shows a value, or a claim on it does; an empty value agrees with any disputed cell."""
        if row[column] == (value or ""):
            return True
        claims = self.claims_on(table, row[self.package.schemas[table].primary_key[0]], column)
        return bool(claims) if not value else any(claim["value"] == value for claim in claims)

    def matching(self, table: str, rows: Iterable[Row], columns: Iterable[str], cells: Row) -> Row | None:
        """The first of these rows that shows, or is claimed to have, the given cells in these columns."""
        names = list(columns)
        return next((row for row in rows if all(self.says(table, row, name, cells.get(name)) for name in names)), None)

    def add_claim(self, key: Key, **cells: str) -> None:
        """Put a claim with this primary key and these further cells into the register."""
        schema = self.package.schemas["claims"]
        row = dict.fromkeys(schema.fields, "") | dict(zip(schema.primary_key, key, strict=True)) | cells
        self.tables["claims"][key] = row
        self._claims[row["table_name"], row["record_id"]].append(row)

    def free_id(self, table: str, wanted: str) -> str:
        """This identifier, or the first of `-2`, `-3` … that is free."""
        identifier, number = wanted, 1
        while (identifier,) in self.tables[table]:
            number += 1
            identifier = f"{wanted}-{number}"
        return identifier

    def index_organisation(self, row: Row) -> None:
        """Make an organisation findable by its identifier, names and aliases."""
        for name in organisation_names(row):
            for spelling in (name, names.bare(name)):
                self._organisations[names.key(spelling)].add(row["organisation_id"])

    def organisations_named(self, name: str, country: str = "") -> list[Row]:
        """The organisations of that identifier, name, short name or alias.

        Args:
            name: compared without regard to case, accents and punctuation.
            country: where given, bodies of other states do not count, and those of this country win.
        """
        if row := self.get("organisations", name):
            return [row]
        called = self._organisations[names.key(name)] or self._organisations[names.key(names.bare(name))]
        found = [self.tables["organisations"][(identifier,)] for identifier in sorted(called)]
        if country:
            found = [row for row in found if row["kind"] not in STATE_KINDS or row["country_code"] in ("", country)]
            found = [row for row in found if row["country_code"] == country] or found
        return found

    def similar_organisations(self, row: Row) -> list[Row]:
        """Other organisations, of the same country or of none, with a name much like this one's."""
        own = row["organisation_id"]
        return [
            other
            for other in self.tables["organisations"].values()
            if other["organisation_id"] != own
            and (other["country_code"] == row["country_code"] or not other["country_code"] or not row["country_code"])
            and any(names.similar(a, b) for a in full_names(row) for b in full_names(other))
        ]


def organisation_names(row: Row) -> Iterable[str]:
    """All that an organisation is called."""
    return filter(None, (row["name"], row["short_name"], *row["aliases"].split(";")))


def full_names(row: Row) -> list[str]:
    """What an organisation is called, abbreviations and additions in brackets aside."""
    return [names.bare(name) for name in organisation_names(row) if len(name) > 8]
