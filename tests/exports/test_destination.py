"""An export stands at its destination whole, or what stood there stands there still."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import evcollab
from evcollab.cli import main
from evcollab.exports import FORMATS, export
from evcollab.exports.destination import put

from ..conftest import ROOT

EVERY = pytest.mark.parametrize("format", FORMATS)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@EVERY
def test_an_export_leaves_nothing_but_itself(small: evcollab.Dataset, format: str, tmp_path: Path) -> None:
    export(small, format, tmp_path / "made")
    assert names(tmp_path) == ["made"]


@EVERY
def test_what_stands_there_is_replaced_only_on_request(small: evcollab.Dataset, format: str, tmp_path: Path) -> None:
    export(small, format, tmp_path / "made")
    with pytest.raises(evcollab.EvcollabError, match="exists: give another destination, or --force"):
        export(small, format, tmp_path / "made")
    export(small, format, tmp_path / "made", overwrite=True)
    assert names(tmp_path) == ["made"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device"), RuntimeError])
@EVERY
def test_an_interrupted_export_changes_nothing(
    small: evcollab.Dataset,
    format: str,
    stop: BaseException | type[BaseException],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def half(dataset: evcollab.Dataset, path: Path) -> list[str]:
        if FORMATS[format].folder:
            path.mkdir()
            path = path / "events.parquet"
        path.write_bytes(b"half")
        raise stop

    export(small, "jsonld", tmp_path / "file")
    before = (tmp_path / "file").read_bytes()
    monkeypatch.setattr(f"evcollab.exports.{FORMATS[format].module}.write", half)
    target = tmp_path / ("new" if FORMATS[format].folder else "file")
    with pytest.raises((KeyboardInterrupt, RuntimeError, evcollab.EvcollabError)):
        export(small, format, target, overwrite=True)
    assert names(tmp_path) == ["file"]
    assert (tmp_path / "file").read_bytes() == before


@pytest.mark.parametrize("moves", [0, 1])
@pytest.mark.parametrize("format", ["sqlite", "parquet"])
def test_a_killed_export_loses_nothing_and_the_next_one_clears_up(
    small: evcollab.Dataset, format: str, moves: int, tmp_path: Path
) -> None:
    export(small, format, tmp_path / "made")
    before = {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    code = f"""
import os, evcollab
from evcollab.exports import export
replace, done = os.replace, []
def stop(*paths):
    if len(done) == {moves}:
        os._exit(9)
    done.append(replace(*paths))
os.replace = stop
export(evcollab.load({str(small.package.root)!r}), {format!r}, {str(tmp_path / "made")!r}, overwrite=True)
"""
    status = subprocess.run([sys.executable, "-c", code], check=False).returncode
    assert status == (0 if (format, moves) == ("sqlite", 1) else 9)
    with pytest.raises(evcollab.EvcollabError, match="exists"):
        export(small, format, tmp_path / "made")
    assert {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before
    assert names(tmp_path) == ["made"]


def test_nothing_is_exported_over_the_package_itself(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    shutil.copy(ROOT / "datapackage.json", tmp_path)
    ds = evcollab.load(tmp_path)
    for inside in ("datapackage.json", "data/events.csv", "schemas/new", "waivers.csv"):
        with pytest.raises(evcollab.EvcollabError, match="belongs to the data package"):
            export(ds, "jsonld", tmp_path / inside, overwrite=True)
    assert export(ds, "jsonld", tmp_path / "beside.jsonld") == []


def test_two_exports_to_one_place_do_not_mix(small: evcollab.Dataset, tmp_path: Path) -> None:
    def within(path: Path) -> list[str]:
        with pytest.raises(evcollab.EvcollabError, match="another export is just being written"):
            export(small, "jsonld", tmp_path / "made")
        path.write_text("done")
        return []

    assert put(tmp_path / "made", within, folder=False, overwrite=False) == []
    assert (tmp_path / "made").read_text() == "done"


def test_a_folder_comes_back_when_the_new_one_cannot_be_moved_in(
    small: evcollab.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(small, "parquet", tmp_path / "made")
    before = names(tmp_path / "made")
    moved = []

    def once(source: Path, target: Path, rename: object = os.replace) -> None:
        moved.append(target)
        if len(moved) == 2:
            raise OSError(5, "Input/output error")
        rename(source, target)  # type: ignore[operator]

    monkeypatch.setattr(os, "replace", once)
    with pytest.raises(evcollab.EvcollabError, match="Input/output error"):
        export(small, "parquet", tmp_path / "made", overwrite=True)
    assert names(tmp_path) == ["made"]
    assert names(tmp_path / "made") == before


def test_a_folder_with_anything_else_in_it_is_never_replaced(small: evcollab.Dataset, tmp_path: Path) -> None:
    export(small, "parquet", tmp_path / "made")
    (tmp_path / "made" / "thesis.docx").write_text("years of work")
    with pytest.raises(evcollab.EvcollabError, match=r"thesis\.docx, which is not part of what is written"):
        export(small, "parquet", tmp_path / "made", overwrite=True)
    assert (tmp_path / "made" / "thesis.docx").read_text() == "years of work"


def test_an_empty_folder_may_be_filled_on_request(small: evcollab.Dataset, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    export(small, "parquet", tmp_path / "made", overwrite=True)
    assert "events.parquet" in names(tmp_path / "made")


def test_a_link_is_followed_and_stays(small: evcollab.Dataset, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "inner" / "made")
    export(small, "jsonld", tmp_path / "link", overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert names(tmp_path / "inner") == ["made"]


@pytest.mark.parametrize(
    ("format", "destination", "message"),
    [
        ("sqlite", "nowhere/made", "there is no folder"),
        ("sqlite", "folder", "is a folder, but this export is a file"),
        ("parquet", "file", "is a file, but this export is a folder"),
        ("jsonld", "file", "exists: give another destination, or --force"),
        ("jsonld", "x" * 300, "cannot be written: File name too long"),
        ("xslx", "made", "did you mean xlsx"),
    ],
)
def test_a_wrong_destination_or_format_is_explained_and_exits_with_2(
    small: evcollab.Dataset,
    format: str,
    destination: str,
    message: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine")
    try:
        status = main(["export", format, str(tmp_path / destination), "--package", str(small.package.root)])
    except SystemExit as stop:
        status = int(stop.code or 0)
    assert status == 2
    assert message in capsys.readouterr().err
    assert names(tmp_path) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "mine"


def test_the_command_line_exports_and_tells_what_was_left_out(
    small: evcollab.Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = str(small.package.root)
    assert main(["export", "jsonld", str(tmp_path / "made"), "--package", package]) == 0
    shown = capsys.readouterr()
    assert f"{tmp_path / 'made'} is written: " in shown.out
    assert shown.err == f"register: {package}\n"
    assert main(["export", "ical", str(tmp_path / "made"), "--package", package, "--force"]) == 0
    assert "1 event is left out" in capsys.readouterr().err
    assert (tmp_path / "made").read_bytes().startswith(b"BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    ("format", "module"),
    [
        ("parquet", "pyarrow.parquet"),
        ("croissant", "pyarrow.parquet"),
        ("huggingface", "pyarrow.parquet"),
        ("duckdb", "duckdb"),
        ("duckdb", "pyarrow"),
        ("xlsx", "openpyxl"),
        ("ical", "icalendar"),
    ],
)
def test_a_missing_library_is_told_with_the_extra_that_brings_it(
    small: evcollab.Dataset, format: str, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(evcollab.MissingExtraError, match=r"evcollab\[export\]"):
        export(small, format, tmp_path / "made")
    assert names(tmp_path) == []


@pytest.mark.parametrize("format", ["sqlite", "jsonld", "dcat", "zip"])
def test_some_formats_need_no_extra(small: evcollab.Dataset, format: str, tmp_path: Path) -> None:
    # in a process of its own: pandas decides when it is imported whether its texts are those of pyarrow
    code = (
        "import sys\n"
        "for module in ('pyarrow', 'duckdb', 'openpyxl', 'icalendar', 'frictionless', 'jsonschema'):\n"
        "    sys.modules[module] = None\n"
        "from evcollab.cli import main\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    place = ["--package", str(small.package.root)]
    command = [sys.executable, "-c", code, "export", format, str(tmp_path / "made"), *place]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert names(tmp_path) == ["made"]


@EVERY
def test_data_that_cannot_be_loaded_are_not_exported(format: str, package: Path, tmp_path: Path) -> None:
    file = package / "data" / "events.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",held,", ",hold,"), encoding="utf-8")
    with pytest.raises(evcollab.DataError, match="'hold' is not right"):
        export(evcollab.load(package), format, tmp_path / "made")
    assert names(tmp_path) == ["package"]
