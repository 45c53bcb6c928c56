"""The data of the site: the package as it is, and every export, with the page that lists them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from evcollab.errors import EvcollabError, MissingExtraError
from evcollab.exports import FORMATS, about, export
from evcollab.exports.archive import write_zip
from evcollab.package import DESCRIPTOR
from evcollab.site import addresses
from evcollab.site.frame import Page, Site

FILES = {
    "zip": ("{}.zip", "application/zip"),
    "csv-wide": ("{}-wide.csv", "text/csv"),
    "xlsx": ("{}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "sqlite": ("{}.sqlite", "application/vnd.sqlite3"),
    "ical": ("{}.ics", "text/calendar"),
    "jsonld": ("{}.jsonld", "application/ld+json"),
    "dcat": ("{}-dcat.jsonld", "application/ld+json"),
    "croissant": ("parquet", ""),
}
"""Export → its name and media type. Croissant's folder holds the Parquet files, which DuckDB reads."""
PACKED = {"csv-wide", "sqlite", "jsonld"}
"""Exports that are put into a zip file each: large ones, of a fifth of the size there."""


def write(site: Site, folder: Path, progress: Callable[[str], object]) -> tuple[list[dict[str, Any]], list[str]]:
    """Write the data into a folder of the site.

    Returns:
        The files, each with `what`, `href`, `type` and `bytes`; and what the user should know.
    """
    notes: list[str] = []
    files: list[dict[str, Any]] = []
    name = addresses.segment(site.ds.name or "register")
    (folder / "data").mkdir(parents=True)
    for format, (pattern, media) in FILES.items():
        progress(f"data as {format}")
        path = f"data/{pattern.format(name)}"
        try:
            told = export(site.ds, format, folder / path)
        except MissingExtraError:
            raise
        except EvcollabError as error:
            notes.append(f"left out, the data as {format}: {error}")
            continue
        notes += [f"{format}: {note}" for note in told]
        if format in PACKED:
            path, media = _packed(site, folder, path), "application/zip"
        if format == "zip":
            files.append(_unpacked(folder, path))
        if format == "croissant":
            what = FORMATS[format].what.removeprefix("folder: ")
            files.append(_file(folder, f"{path}/croissant.json", what, "application/ld+json"))
            files += [
                _file(folder, f"{path}/{table}.parquet", f"{table} as Parquet", "application/vnd.apache.parquet")
                for table in site.ds.tables
            ]
        else:
            files.append(_file(folder, path, FORMATS[format].what, media))
    return files, notes


def _packed(site: Site, folder: Path, path: str) -> str:
    """Put a file into a zip file of its own; returns the path of that."""
    plain = folder / path
    write_zip(folder / f"{path}.zip", {plain.name: plain.read_bytes()}, about.created(site.ds))
    plain.unlink()
    return f"{path}.zip"


def _unpacked(folder: Path, path: str) -> dict[str, Any]:
    """The package as it is, out of its zip file; returns its descriptor."""
    with zipfile.ZipFile(folder / path) as package:
        package.extractall(folder / "data", [name for name in package.namelist() if name != "README.txt"])
    what = "The data package: descriptor of the CSV tables and schemas"
    return _file(folder, f"data/{DESCRIPTOR}", what, "application/json")


def _file(folder: Path, path: str, what: str, media: str) -> dict[str, Any]:
    return {"href": path, "what": what[:1].upper() + what[1:], "type": media, "bytes": (folder / path).stat().st_size}


def page(site: Site, files: list[dict[str, Any]]) -> Iterator[Page]:
    """The page that lists the data."""
    titles = {item["name"]: item for item in site.ds.package.descriptor["resources"]}
    tables = [
        {
            "name": table,
            "title": str(titles[table].get("title") or table),
            "rows": len(site.rows(table)),
            "csv": f"data/{site.ds.package.files[table]}",
            "json": f"{table}.json" if table in addresses.PAGES and site.rows(table) else "",
            "about": str(site.ds.package.schema(table).spec.get("description", "")),
        }
        for table in site.ds.tables
    ]
    yield Page(
        "data/",
        "data.html",
        "Data",
        f"The data of {site.title} as CSV, Excel, SQLite, Parquet, calendar and JSON-LD, with how to load it.",
        {
            "tables": tables,
            "files": [file for file in files if "/parquet/" not in file["href"] or file["href"].endswith(".json")],
            "where": site.address or "",
            "first": site.ds.tables[0],
            "cite": site.ds.cite(),
        },
        table="data",
    )


def size(n: int) -> str:
    """A number of bytes in words."""
    return f"{n / 1e6:.1f} MB" if n >= 1e6 else f"{max(n / 1e3, 0.1):.0f} kB" if n >= 1000 else f"{n} bytes"
