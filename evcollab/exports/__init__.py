"""The data set in the formats of other tools."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from evcollab.errors import UnknownNameError

if TYPE_CHECKING:
    from evcollab.dataset import Dataset


class Format(NamedTuple):
    """A format to export to.

    Attributes:
        what: what it is, in a few words.
        module: its module here, whose `write` writes a data set to a path at which nothing stands and returns what the
            user should know about it.
        folder: the export is a folder of files.
    """

    what: str
    module: str
    folder: bool = False


FORMATS: dict[str, Format] = {
    "croissant": Format("folder: metadata for machine learning (Croissant 1.0), with Parquet files", "croissant", True),
    "csv-wide": Format("one flat CSV table: a row for each party at an event, in words", "flat"),
    "datasette": Format("folder: SQLite database, and what Datasette shows about it", "datasette", True),
    "dcat": Format("record for data portals: the data set and its tables (DCAT, JSON-LD)", "dcat"),
    "duckdb": Format("DuckDB database, with types, keys and descriptions", "duckdb"),
    "huggingface": Format("folder: a data set card for the Hugging Face Hub, with Parquet files", "huggingface", True),
    "ical": Format("calendar of the events whose day is known (iCalendar)", "calendar"),
    "jsonld": Format("events and organisations in schema.org's words (JSON-LD)", "jsonld"),
    "parquet": Format("folder: one Parquet file per table, with types and descriptions", "parquet", True),
    "sqlite": Format("SQLite database, with keys, checks and descriptions", "sqlite"),
    "xlsx": Format("Excel workbook: a sheet per table, and what each column means", "xlsx"),
    "zip": Format("the data package itself in one file: CSV tables, schemas, descriptor", "archive"),
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
    from evcollab.exports.destination import put

    _, module, folder = FORMATS[format]
    write = import_module(f"evcollab.exports.{module}").write
    root = dataset.package.root
    return put(destination, lambda made: write(dataset, made), folder=folder, overwrite=overwrite, protected=root)
