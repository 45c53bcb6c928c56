"""Datasette: the SQLite database, and beside it what Datasette says about it on its pages.

Datasette finds the title of a record by itself, in its column `name` or `title`, and the links by the foreign keys.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evcollab import names, publication, types, urls
from evcollab.dataset import Dataset
from evcollab.exports import about, sqlite
from evcollab.package import Schema

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
    (path / "metadata.json").write_bytes(about.as_json(_metadata(dataset, name)))
    return notes


def _metadata(dataset: Dataset, database: str) -> dict[str, Any]:
    """What Datasette shows: title, licence and citation, and for each table its columns, facets and order."""
    descriptor, facts = dataset.package.descriptor, about.facts(dataset)
    shown = {
        "title": facts["title"],
        "description": facts["description"],
        "license": ", ".join(publication.licences(descriptor, "title", "name")),
        "license_url": next(filter(urls.normal_url, publication.licences(descriptor, "path")), ""),
        "source": facts["citation"],
        "source_url": next(filter(urls.normal_url, [publication.address(descriptor)]), ""),
    }
    tables = {table: _table(schema) for table, schema in dataset.package.schemas.items()}
    tables |= {table: {"title": title} for table, title in MADE.items()}
    return publication.filled(shown) | {"databases": {database: {"tables": tables}}}


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
