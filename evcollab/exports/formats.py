"""Which formats there are, and how an export comes to stand at its destination: whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evcollab.errors import EvcollabError, UnknownNameError
from evcollab.exports import archive, calendar, croissant, duckdb, jsonld, parquet, sqlite, xlsx

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
    target = Path(os.path.realpath(Path(destination).expanduser()))
    try:
        _check(target, chosen, overwrite)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name[:100]}.") as beside:
            made = Path(beside) / target.name
            notes = chosen.write(dataset, made)
            if chosen.folder and target.exists():
                _check_ours(target, made)
            for file in _files(made):
                with file.open("rb") as stream:
                    os.fsync(stream.fileno())
            _move(made, target, Path(beside) / "old")
    except OSError as error:
        if isinstance(error, EvcollabError):
            raise
        raise EvcollabError(f"{target} cannot be written: {error.strerror or error}") from error
    return notes


def _check(target: Path, chosen: Format, overwrite: bool) -> None:
    if not target.parent.is_dir():
        raise EvcollabError(f"there is no folder {target.parent}: make it first, or give another destination")
    if not target.exists():
        return
    if target.is_dir() != chosen.folder:
        made, stands = ("a folder", "a file") if chosen.folder else ("a file", "a folder")
        raise EvcollabError(f"{target} is {stands}, but this export is {made}: give another destination")
    if not overwrite:
        raise EvcollabError(f"{target} exists: give another destination, or --force (overwrite=True) to replace it")


def _check_ours(target: Path, made: Path) -> None:
    """Refuse to replace a folder that holds anything but an earlier export."""
    ours = {file.relative_to(made) for file in _files(made)}
    for file in _files(target):
        if file.relative_to(target) not in ours:
            raise EvcollabError(
                f"{target} holds {file.relative_to(target)}, which is no part of this export: "
                "give another destination, or take it away"
            )


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or all files in a folder."""
    if path.is_dir() and not path.is_symlink():
        for inner in sorted(path.iterdir()):
            yield from _files(inner)
    else:
        yield path


def _move(made: Path, target: Path, old: Path) -> None:
    if not target.is_dir():
        os.replace(made, target)
        return
    os.replace(target, old)  # a folder with content cannot be replaced in one step
    try:
        os.replace(made, target)
    except BaseException:
        os.replace(old, target)
        raise
    shutil.rmtree(old)
