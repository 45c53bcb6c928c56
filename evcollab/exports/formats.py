"""Which formats there are to export to."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evcollab.errors import UnknownNameError
from evcollab.exports import archive, calendar, croissant, duckdb, flat, jsonld, parquet, sqlite, xlsx
from evcollab.exports.destination import put

if TYPE_CHECKING:
    from evcollab.dataset import Dataset


@dataclass(frozen=True)
class Format:
    """A format to export to.

    Attributes:
        what: what it is, in a few words.
        write: writes a data set to a path at which nothing stands; returns what the user should know about it.
        folder: the export is a folder of files.
    """

    what: str
    write: Callable[[Dataset, Path], list[str]]
    folder: bool = False


FORMATS: dict[str, Format] = {
    "croissant": Format(
        "folder: metadata for machine learning (Croissant 1.0), with Parquet files", croissant.write, True
    ),
    "csv-wide": Format("one flat CSV table: a row for each party at an event, in words", flat.write),
    "duckdb": Format("DuckDB database, with types, keys and descriptions", duckdb.write),
    "ical": Format("calendar of the events whose day is known (iCalendar)", calendar.write),
    "jsonld": Format("events and organisations in schema.org's words (JSON-LD)", jsonld.write),
    "parquet": Format("folder: one Parquet file per table, with types and descriptions", parquet.write, True),
    "sqlite": Format("SQLite database, with keys, checks and descriptions", sqlite.write),
    "xlsx": Format("Excel workbook: a sheet per table, and what each column means", xlsx.write),
    "zip": Format("the data package itself in one file: CSV tables, schemas, descriptor", archive.write),
}


def export(dataset: Dataset, format: str, destination: str | os.PathLike[str], *, overwrite: bool = False) -> list[str]:
    """Write a data set in another format.

    It is written beside the destination under a temporary name and moved there at the end: an export that fails or
    is interrupted changes nothing at the destination.

    Args:
        dataset: what to write.
        format: one of `FORMATS`.
        destination: the file, or for some formats the folder, to make.
        overwrite: replace what stands there. A folder is replaced only if it is an export of this format itself.

    Returns:
        What the user should know about the result, such as rows that the format cannot hold: a sentence each.

    Raises:
        UnknownNameError: there is no such format.
        MissingExtraError: the extra `export` is not installed.
        EvcollabError: the destination is taken or cannot be written, or the format cannot hold the data.
        PackageError, DataError: the tables cannot be read.
    """
    if format not in FORMATS:
        raise UnknownNameError("export format", format, FORMATS)
    chosen = FORMATS[format]
    return put(
        destination,
        lambda made: chosen.write(dataset, made),
        folder=chosen.folder,
        overwrite=overwrite,
        protected=dataset.package.root,
    )
