"""Datasette: the SQLite database, and beside it what Datasette says about it on its pages.

Datasette finds the title of a record by itself, in its column `name` or `title`, and the links by the foreign keys.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcollab import citations, names, types, urls
from evcollab.exports import about, sqlite
from evcollab.package import Schema

if TYPE_CHECKING:
    from evcollab.dataset import Dataset

FILE = "metadata.json"
MADE = {
    "columns": "What the columns of all tables mean",
    "codes": "What the codes mean",
    "about": "About the data: version, licence, citation",
}
"""Tables that the database has beside those of the package."""


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a folder with the SQLite database and `metadata.json`: `datasette FOLDER` serves it."""
    path.mkdir()
    name = names.slug(dataset.name) or "register"
    notes = sqlite.write(dataset, path / f"{name}.db")
    text = json.dumps(metadata(dataset, name), ensure_ascii=False, indent=1)
    (path / FILE).write_text(text + "\n", encoding="utf-8", newline="\n")
    return notes


def metadata(dataset: Dataset, database: str) -> dict[str, Any]:
    """What Datasette shows: title, licence and citation, and for each table its columns, facets and order.

    Args:
        dataset: what is shown.
        database: what Datasette calls the database: the name of its file, without `.db`.
    """
    descriptor, facts = dataset.package.descriptor, about.facts(dataset)
    licences = descriptor.get("licenses", [])
    paths = [licence.get("path", "") for licence in licences]
    shown = {
        "title": facts["title"],
        "description": facts["description"],
        "license": ", ".join(licence.get("title") or licence.get("name", "") for licence in licences),
        "license_url": next(filter(urls.normal_url, paths), ""),
        "source": facts["citation"],
        "source_url": next(filter(urls.normal_url, [citations.package_item(descriptor).get("URL", "")]), ""),
    }
    tables = {table: _table(schema) for table, schema in dataset.package.schemas.items()}
    tables |= {table: {"title": title} for table, title in MADE.items()}
    return {**{name: text for name, text in shown.items() if text}, "databases": {database: {"tables": tables}}}


def _table(schema: Schema) -> dict[str, Any]:
    """A table: sorted by its first date, the newest first; facets are countries and codes that every row has."""
    fields = schema.fields.values()
    dates = [field.name for field in fields if types.kind_of(field) in ("date", "partial_date")]
    facets = [
        field.name
        for field in fields
        if schema.foreign_keys.get(field.name, ("",))[0] == "countries"
        or (field.required and types.kind_of(field) == "code")
    ]
    return {
        "title": str(schema.spec.get("title") or schema.table),
        "description": str(schema.spec.get("description", "")),
        "columns": {field.name: field.description for field in fields},
        "facets": facets,
        **({"sort_desc": dates[0]} if dates else {}),
    }
