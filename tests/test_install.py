"""What an installation brings: the wheel, the sdist, the editable checkout, and a cheap import."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

LOAD = "import evcollab; ds = evcollab.load(); print(ds.package.path, *(len(ds[table]) for table in ds.tables))"


def python(code: str, path: str, cwd: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-P", "-c", code]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist of the checkout, and the wheel built from that sdist."""
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return target


def test_the_wheel_holds_the_data_and_the_schemas(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "evcollab/py.typed" in names
    assert "evcollab/_package/datapackage.json" in names
    for folder in ("data", "schemas"):
        shipped = {
            f"evcollab/_package/{folder}/{file.name}" for file in (ROOT / folder).iterdir() if file.name[0] != "."
        }
        assert shipped <= names


def test_the_sdist_holds_the_tests_and_no_build_rubbish(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    assert {"tests/conftest.py", "data/events.csv", "README.md", "LICENSE-DATA"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(".git/")]


def test_the_same_checkout_gives_the_same_wheel_byte_for_byte(built: Path, tmp_path: Path) -> None:
    """Once from the sdist, once from the checkout, by users with other settings."""
    (wheel,) = built.glob("*.whl")
    settings = {**os.environ, "TZ": "Asia/Vientiane", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env=settings, umask=0o077, check=True, capture_output=True)
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_the_wheel_loads_away_from_the_checkout(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    where, *counts = python(LOAD, str(tmp_path / "site"), tmp_path).split()
    assert Path(where).is_relative_to(tmp_path / "site")
    assert counts == python(LOAD, str(ROOT), tmp_path).split()[1:]


def test_the_wheel_starts_the_same_register_as_the_checkout(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    start = "from evcollab.contributions.starting import init; "
    start += "init({!r}, name='own', title='Ferries', contributors=['Ann'], github=True)"
    for folder, path in (("there", tmp_path / "site"), ("here", ROOT)):
        python(start.format(folder), str(path), tmp_path)
    there, here = (
        {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}
        for root in (tmp_path / "there", tmp_path / "here")
    )
    assert there == here


def test_a_checkout_on_the_path_reads_its_live_files(tmp_path: Path) -> None:
    assert python(LOAD, str(ROOT), tmp_path).split()[0] == str(ROOT / "datapackage.json")


def test_the_import_brings_no_heavy_module(tmp_path: Path) -> None:
    heavy = {"pandas", "numpy", "frictionless", "jsonschema", "yaml", "pyarrow", "duckdb", "openpyxl", "altair"}
    code = f"import sys, evcollab, evcollab.cli; print(*{heavy} & set(sys.modules))"
    assert python(code, str(ROOT), tmp_path) == ""


def test_loading_needs_pandas_and_no_extra(tmp_path: Path) -> None:
    code = f"import sys; {LOAD}; print(*{{'frictionless', 'jsonschema', 'yaml', 'hypothesis'}} & set(sys.modules))"
    assert len(python(code, str(ROOT), tmp_path).splitlines()) == 1


def test_every_public_name_can_be_reached(tmp_path: Path) -> None:
    code = "import evcollab as e; print(all(hasattr(e, name) for name in e.__all__), hasattr(e, 'nothing'))"
    assert python(code, str(ROOT), tmp_path) == "True False"
