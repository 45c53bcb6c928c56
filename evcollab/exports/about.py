"""What every export says about itself: title, licence, citation, and what the columns and codes mean."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from evcollab import citations, types
from evcollab.dataset import Dataset

COLUMNS = ("table", "column", "title", "type", "required", "key", "refers_to", "description", "example")
CODES = ("table", "column", "code", "label", "description")


def facts(dataset: Dataset) -> dict[str, str]:
    """Name, title, description, version, date, licence and citation of the data set."""
    return citations.facts(dataset.package.descriptor)


def created(dataset: Dataset) -> dt.datetime:
    """When the data set was made, in UTC; the first of January 1980, the zero of zip files, if that is not told.

    Files bear this time in place of the clock's, so that the same data give the same bytes.
    """
    zero = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
    try:
        moment = dt.datetime.fromisoformat(dataset.package.descriptor["created"]).astimezone(dt.UTC)
    except (KeyError, ValueError, OverflowError):
        return zero
    return max(moment, zero).replace(microsecond=0)


def columns(dataset: Dataset) -> list[list[str]]:
    """What each column means, from the schemas: a row of text per column, as in `COLUMNS`."""
    return [
        [
            table,
            field.name,
            str(field.spec.get("title", "")),
            types.kind_of(field).replace("_", " "),
            "yes" if field.required else "",
            "yes" if field.name in schema.primary_key else "",
            ".".join(schema.foreign_keys.get(field.name, ())),
            field.description,
            str(field.spec.get("example", "")),
        ]
        for table, schema in dataset.package.schemas.items()
        for field in schema.fields.values()
    ]


def codes(dataset: Dataset) -> list[list[str]]:
    """What each code means, from the schemas: a row of text per code, as in `CODES`."""
    return [
        [table, field.name, code, meaning["label"], meaning["description"]]
        for table, schema in dataset.package.schemas.items()
        for field in schema.fields.values()
        for code, meaning in field.categories.items()
    ]


def text_rows(dataset: Dataset, table: str) -> list[list[str]]:
    """The rows of a table as canonical text, `""` where empty."""
    return types.to_text(dataset[table], dataset.package.schema(table))


def records(dataset: Dataset, table: str) -> list[dict[str, str]]:
    """The same rows as mappings from column to text."""
    names = list(dataset.package.schema(table).fields)
    return [dict(zip(names, row, strict=True)) for row in text_rows(dataset, table)]


def as_json(document: Any) -> bytes:
    """A document of JSON for people and machines."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
