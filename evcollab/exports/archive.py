"""The data package in one zip file, ready to be unzipped, validated and loaded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from evcollab import package
from evcollab.errors import PackageError
from evcollab.exports import about

if TYPE_CHECKING:
    from evcollab.dataset import Dataset


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write the package's own files, unchanged, and a `README.txt` to a zip file."""
    source = dataset.package
    for table in dataset.tables:  # what cannot be loaded is not passed on
        dataset[table]
    names = [package.DESCRIPTOR, *source.files.values(), *(schema.file for schema in source.schemas.values())]
    if (source.root / package.WAIVERS).is_file():
        names.append(package.WAIVERS)
    try:
        files = {name: _inside(source.root, name).read_bytes() for name in dict.fromkeys(names)}
    except OSError as error:
        raise PackageError(f"{error.filename} cannot be read: {error.strerror}") from None
    facts = "\n\n".join(value for value in about.facts(dataset).values() if value)
    write_zip(path, {**files, "README.txt": f"{facts}\n".encode()}, about.created(dataset))
    return []


def _inside(root: Path, name: str) -> Path:
    """A file of the package; PackageError if a link leads out of it."""
    file = root / name
    if not file.resolve().is_relative_to(root.resolve()):
        raise PackageError(f"{file} leads out of the package: put the file itself there, not a link to it")
    return file


def write_zip(path: Path, files: Mapping[str, bytes], moment: dt.datetime) -> None:
    """Write a zip file whose bytes depend on nothing but the contents and the given time."""
    import zipfile

    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            item = zipfile.ZipInfo(name, moment.timetuple()[:6])
            item.compress_type = zipfile.ZIP_DEFLATED
            item.create_system = 3  # the same on every system: Unix, with the mode below
            item.external_attr = 0o100644 << 16
            archive.writestr(item, data)
