"""The data package in one zip file, ready to be unzipped, validated and loaded."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Mapping
from pathlib import Path

from evcollab import package
from evcollab.dataset import Dataset
from evcollab.errors import PackageError
from evcollab.exports import about
from evcollab.files import FileError, Snapshot
from evcollab.limits import DEFAULT


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write the package's own files, unchanged, and a `README.txt` to a zip file."""
    source = dataset.package
    for table in dataset.tables:  # what cannot be loaded is not passed on
        dataset[table]
    names = [package.DESCRIPTOR, *source.files.values(), *(schema.file for schema in source.schemas.values())]
    if (source.root / package.WAIVERS).is_file():
        names.append(package.WAIVERS)
    snapshot = Snapshot(source.root)
    try:
        files = {name: snapshot.read(name, DEFAULT.file_bytes) for name in names}
    except FileError as error:
        raise PackageError(f"{source.root / error.file} {error}") from None
    facts = "\n\n".join(filter(None, about.facts(dataset).values()))
    write_zip(path, {**files, "README.txt": f"{facts}\n".encode()}, about.created(dataset))
    return []


def write_zip(path: Path, files: Mapping[str, bytes], moment: dt.datetime) -> None:
    """Write a zip file whose bytes depend on nothing but the contents and the given time."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            item = zipfile.ZipInfo(name, moment.timetuple()[:6])
            item.compress_type = zipfile.ZIP_DEFLATED
            item.create_system = 3  # the same on every system: Unix, with the mode below
            item.external_attr = 0o100644 << 16
            archive.writestr(item, data)
