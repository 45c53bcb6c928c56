"""Limits and lists of rules, each entry at its border: one register for a whole list."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

from evcollab import types
from evcollab.validation import validate
from evcollab.validation.catalogue import Edit, SetCells
from evcollab.validation.rules import codes
from tests.validation import packages

YEARS = {currency: (last, last + 1) for currency, last in codes._HISTORIC.items()}
"""Currency that ended → the last year in which it was money, and the first in which it was not."""
EXAMPLES = {
    table: {
        field.name: str(field.spec["example"])
        for field in schema.fields.values()
        if "example" in field.spec
        and types.kind_of(field) == "text"
        and field.name not in (*schema.primary_key, *schema.foreign_keys)
        and len(str(field.spec["example"])) > 3
    }
    for table, schema in packages.SHIPPED.schemas.items()
    if len(schema.primary_key) == 1 and table not in ("countries", "subdivisions")
}
"""Table → the columns of words and addresses, with the example of the documentation."""
PAIRS = {
    table: {f"{table}-{first}-{second}": (first, second) for first, second in combinations(columns, 2)}
    for table, columns in EXAMPLES.items()
}


def currencies() -> tuple[Edit, ...]:
    """A funder for each currency that ended, in its last year and in the year after."""
    edits: list[Edit] = []
    for currency, years in YEARS.items():
        for year in years:
            event = f"forum-{currency.lower()}-{year}"
            cells = {"name": f"Forum {currency} {year}", "start_date": str(year), "end_date": str(year)}
            edits.append(SetCells("events", event, cells))
            cells = {"event_id": event, "role": "funder", "amount": "500", "currency": currency}
            edits.append(SetCells("participants", f"{event}-1", cells))
    return tuple(edits)


def examples() -> tuple[Edit, ...]:
    """A record with each cell of the documentation, and one with each two."""
    edits: list[Edit] = []
    for table, columns in EXAMPLES.items():
        edits += [SetCells(table, f"{table}-{name}", {name: text}) for name, text in columns.items()]
        edits += [SetCells(table, key, {name: columns[name] for name in pair}) for key, pair in PAIRS[table].items()]
    return tuple(edits)


REGISTERS = (currencies(), examples())


def test_each_currency_is_money_in_its_last_year_and_not_in_the_next(tmp_path: Path) -> None:
    report = validate(packages.example(tmp_path, currencies()), today=packages.TODAY)
    found = {issue.record for issue in report.issues if issue.rule == "currency-ended"}
    assert found == {f"forum-{currency.lower()}-{year}-1" for currency, (_, year) in YEARS.items()}


def test_two_cells_of_the_documentation_are_found_once_and_one_is_not(tmp_path: Path) -> None:
    report = validate(packages.example(tmp_path, examples()), today=packages.TODAY)
    found = [(issue.record, issue.column) for issue in report.issues if issue.rule == "value-is-example"]
    assert sorted(found) == sorted((key, pair[0]) for pairs in PAIRS.values() for key, pair in pairs.items())
