"""Conditions on rows, as people write them: `country_code=Laos`, `start_date>=2023`, `name contains forum`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from evcollab import dates, types
from evcollab.dataset import Dataset
from evcollab.errors import EvcollabError, UnknownNameError
from evcollab.package import Field
from evcollab.questions import lookup

Test = Callable[[Mapping[str, str]], bool]
FORM = re.compile(r"\s*(\w+)\s*(!=|>=|<=|=|\scontains\s)\s*(.*?)\s*", re.DOTALL)
EXPECTED = "COLUMN=VALUE, COLUMN!=VALUE, COLUMN>=VALUE, COLUMN<=VALUE or 'COLUMN contains TEXT'"
ORDERED = ("integer", "number", "date", "partial_date")


def condition(ds: Dataset, table: str, text: str) -> Test:
    """A test of rows (column → text) out of one condition.

    `=` holds if the cell is the value, if the list has it as an item, or if the date lies in it; `!=` if not. `>=` and
    `<=` compare numbers, and dates as far as they may be so. `contains` looks for a part of the text. Case does not
    count. A country may be given by any of its names. An empty value, `COLUMN=`, means an empty cell.

    Raises:
        EvcollabError: it does not have this form, or the value does not fit the column.
        UnknownNameError: there is no such column, code or country.
    """
    match = FORM.fullmatch(text)
    if match is None:
        raise EvcollabError(f"the condition {text!r} is not clear; expected {EXPECTED}")
    column, operator, value = match[1], match[2].strip(), match[3]
    schema = ds.package.schema(table)
    field = schema.field(column)
    if operator == "contains":
        sought = value.casefold()
        return lambda row: sought in row[column].casefold()
    if value and schema.foreign_keys.get(column, ("", ""))[0] == "countries":
        value = lookup.country(ds, value)
    holds = _ordered(field, operator, value) if operator in (">=", "<=") else _equal(field, value)
    return lambda row: holds(row[column]) != (operator == "!=")


def _equal(field: Field, value: str) -> Callable[[str], bool]:
    sought, kind = value.casefold(), types.kind_of(field)
    if not value:
        return lambda text: not text
    if field.categories and sought not in {code.casefold() for code in field.categories}:
        raise UnknownNameError(f"code in {field.name}:", value, field.categories)
    if kind == "list":
        return lambda text: sought in text.casefold().split(str(field.delimiter))
    if kind in ORDERED:
        _parsed(field, value)
    if kind in ("date", "partial_date"):
        return lambda text: text == value or text.startswith(f"{value}-")
    if kind in ("integer", "number"):
        return lambda text: bool(text) and float(text) == float(value)
    return lambda text: text.casefold() == sought


def _ordered(field: Field, operator: str, value: str) -> Callable[[str], bool]:
    if types.kind_of(field) not in ORDERED:
        raise EvcollabError(f"{field.name} has no order for {operator}; expected = or !=")
    low, high = _parsed(field, value)
    if operator == ">=":
        return lambda text: bool(text) and bool(_parsed(field, text)[1] >= low)
    return lambda text: bool(text) and bool(_parsed(field, text)[0] <= high)


def _parsed(field: Field, text: str) -> tuple[Any, Any]:
    """The least and the greatest that a number or a date may be."""
    try:
        if types.kind_of(field) in ("date", "partial_date"):
            partial = dates.parse(text)
            return partial.earliest, partial.latest
        number = types.parse(text, field)
    except ValueError as error:
        raise EvcollabError(f"{text!r} is not a value of {field.name}; expected {error}") from None
    return number, number
