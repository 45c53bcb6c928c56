from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import evcollab
from evcollab import package as packages
from evcollab.errors import DataError, EvcollabError, PackageError


def edit(file: Path, change: Any) -> None:
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content), encoding="utf-8")


def test_a_folder_and_its_descriptor_load_the_same(package: Path) -> None:
    assert evcollab.load(package).events.equals(evcollab.load(str(package / "datapackage.json")).events)


def test_without_a_path_the_packaged_data_is_loaded() -> None:
    assert evcollab.load().name == "evcollab"


def test_a_package_of_another_name_with_more_tables_loads(package: Path) -> None:
    def extend(descriptor: dict[str, Any]) -> None:
        descriptor["name"] = "my-register"
        descriptor["resources"].append({**descriptor["resources"][6], "name": "regions", "path": "data/regions.csv"})

    edit(package / "datapackage.json", extend)
    shutil.copy(package / "data" / "countries.csv", package / "data" / "regions.csv")
    assert evcollab.load(package)["regions"].equals(evcollab.load(package).countries)


@pytest.mark.parametrize("name", ["nowhere", "nowhere/datapackage.json"])
def test_a_missing_package_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(PackageError, match="nowhere"):
        evcollab.load(tmp_path / name)


def test_a_folder_without_a_descriptor_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"has no datapackage\.json"):
        evcollab.load(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"line 1: is not JSON: .*column 2"),
        ("[]", "not a JSON object"),
        ("{}", "the key 'resources' is missing"),
        ('{"resources": []}', "at least 1 item"),
        ('{"resources": [1]}', "line 1: /resources/0: '1' is a number; expected an object"),
        ('{"resources": [{"name": "a"}]}', "/resources/0: the key 'path' is missing"),
        ("[" * 100_000, "nested too deeply"),
        ('{"version": ' + "9" * 5000 + "}", "not a number in JSON"),
        ('{"name": "a", "name": "b"}', "the key 'name' appears twice"),
        ('{"name": "\\ud800"}', "half a character"),
    ],
)
def test_a_wrong_descriptor_is_explained(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(PackageError, match=message):
        evcollab.load(tmp_path)


def test_a_descriptor_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "datapackage.json").write_bytes(b'{"name": "\xe9"}')
    with pytest.raises(PackageError, match="not UTF-8"):
        evcollab.load(tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        "../events.csv",
        "/etc/passwd",
        "data/../../x.csv",
        "https://example.org/x.csv",
        "C:\\x.csv",
        "C:/x.csv",
        "a\\b.csv",
        "",
    ],
)
@pytest.mark.parametrize("key", ["path", "schema"])
def test_an_unsafe_path_is_refused(package: Path, key: str, path: str) -> None:
    edit(package / "datapackage.json", lambda d: d["resources"][0].update({key: path}))
    with pytest.raises(PackageError, match=f"/resources/0/{key}: .*(is unsafe|is empty)"):
        evcollab.load(package)


def test_a_link_out_of_the_package_is_refused(package: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    shutil.copy(package / "data" / "events.csv", outside)
    (package / "data" / "events.csv").unlink()
    (package / "data" / "events.csv").symlink_to(outside)
    with pytest.raises(PackageError, match="is outside the package"):
        evcollab.load(package).events  # noqa: B018


def test_a_newer_data_format_asks_for_an_upgrade(package: Path) -> None:
    edit(package / "schemas" / "events.schema.json", lambda s: s.update(version="2.0.0"))
    with pytest.raises(PackageError, match=r"2\.0\.0 is newer than this evcollab.*--upgrade"):
        evcollab.load(package)


def test_another_delimiter_is_refused(package: Path) -> None:
    edit(package / "datapackage.json", lambda d: d["resources"][0].update(dialect={"delimiter": ";"}))
    with pytest.raises(PackageError, match="/resources/0/dialect/delimiter: ';' expected \",\""):
        evcollab.load(package)


@pytest.mark.parametrize("file", ["data/events.csv", "schemas/events.schema.json"])
def test_a_missing_file_is_named(package: Path, file: str) -> None:
    (package / file).unlink()
    with pytest.raises(PackageError, match=f"{Path(file).name}: is missing"):
        evcollab.load(package).events  # noqa: B018


def test_a_missing_table_does_not_keep_the_others_from_loading(package: Path) -> None:
    (package / "data" / "events.csv").unlink()
    assert len(evcollab.load(package).countries) == 250


def change_events(package: Path, change: Any) -> None:
    file = package / "data" / "events.csv"
    file.write_bytes(change(file.read_bytes()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda data: data.replace(b"event_id,name,", b"name,event_id,", 1),
            "line 1: the columns are in another order",
        ),
        (lambda data: data.replace(b"event_id,", b"", 1), "line 1, column event_id: is missing"),
        (lambda data: data.replace(b"event_id,", b" event_id,", 1), "line 1, column event_id: has a space"),
        (lambda data: data.replace(b"event_id,", b"event_id,colour,", 1), "there is no column 'colour' in events"),
        (lambda data: data.replace(b"event_id,", b"event_id,event_id,", 1), "appears twice in the header"),
        (lambda data: b"\xef\xbb\xbf" + data, "byte order mark"),
        (lambda data: b"", "line 1: the file is empty; expected the header event_id"),
        (lambda data: data + b"a,b\n", "has 2 cells; expected 23"),
        (lambda data: data + b"\n", "is empty; expected a record"),
        (lambda data: data + b'"open', "opens a quote that is never closed"),
        (lambda data: data + b"caf\xe9", "lost in a wrong encoding"),
        (lambda data: data + b"x" * 200_000 + b"," * 22 + b"\n", "has 200,000 characters; expected at most 100,000"),
        (lambda data: data.replace(b",held,", b",hold,", 1), "column status: 'hold' .*did you mean held"),
    ],
)
def test_a_broken_table_raises_with_file_and_line(package: Path, change: Any, message: str) -> None:
    change_events(package, change)
    with pytest.raises(DataError, match=message) as caught:
        evcollab.load(package).events  # noqa: B018
    assert "data/events.csv, line" in str(caught.value)


@pytest.mark.parametrize("path", ["a.csv", "data/a.csv", "data/sub/a.csv"])
def test_a_plain_relative_path_is_safe(path: str) -> None:
    assert packages.is_safe(path)


def test_all_errors_are_of_one_family() -> None:
    errors = (evcollab.PackageError, evcollab.DataError, evcollab.UnknownNameError, evcollab.MissingExtraError)
    assert all(issubclass(error, EvcollabError) for error in errors)
