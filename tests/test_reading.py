"""Reading takes one state of a package, writes nothing, and says what is wrong."""

from __future__ import annotations

import json
import os
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import evcollab
from evcollab import atomic, csvfile, jsonschemas, tableschema
from evcollab import package as packages
from evcollab.contributions.formatting import format_package
from evcollab.errors import PackageError
from evcollab.validation import validate

from .conftest import ROOT
from .test_package import edit
from .validation import packages as examples

EVENTS = "data/events.csv"


@pytest.fixture(scope="module")
def part() -> Path:
    """The whole register: files as large as they are read in earnest."""
    return ROOT


def cut_short(package: Path) -> bytes:
    """Leave a package as a killed writer leaves it; return what the table was before."""
    file = package / EVENTS
    before = file.read_bytes()
    file.with_name(".events.csv.old").write_bytes(before)
    file.write_bytes(b"event_id\nhalf\n")
    (package / atomic.JOURNAL).write_text(json.dumps({EVENTS: True}))
    return before


def state(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_change_that_was_cut_short_is_named_and_the_state_before_it_is_read(package: Path) -> None:
    cut_short(package)
    with pytest.warns(UserWarning, match="cut short.*evcollab format"):
        dataset = evcollab.load(package)
    assert dataset.events.equals(evcollab.load(ROOT).events)


def test_validation_names_a_change_that_was_cut_short_and_nothing_that_follows_from_it(tmp_path: Path) -> None:
    cut_short(examples.write(tmp_path, examples.base()))
    assert [issue.rule for issue in validate(tmp_path, today=examples.TODAY).issues] == ["register-interrupted"]


def test_reading_an_interrupted_package_writes_nothing(package: Path) -> None:
    cut_short(package)
    before = state(package)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        evcollab.load(package).events  # noqa: B018
    assert state(package) == before


@pytest.mark.parametrize("journal", ["{", "[1]", '["../../etc/passwd"]', "[" * 10_000, ""])
def test_a_journal_that_evcollab_did_not_write_does_not_stop_reading(package: Path, journal: str) -> None:
    (package / atomic.JOURNAL).write_text(journal)
    assert len(evcollab.load(package).countries) == 250


def test_tables_that_change_after_loading_are_read_as_they_were(package: Path) -> None:
    dataset = evcollab.load(package)
    (package / EVENTS).write_bytes(b"")
    (package / "data" / "claims.csv").unlink()
    assert dataset.events.equals(evcollab.load(ROOT).events)
    assert dataset.claims.equals(evcollab.load(ROOT).claims)


def test_a_journal_that_goes_while_it_is_looked_at_is_no_change(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_file = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda path: path.name == atomic.JOURNAL or is_file(path))
    assert packages.read(package).contents


def test_loading_beside_a_writer_never_mixes_two_states(package: Path) -> None:
    files = ["data/sources.csv", "data/former_ids.csv"]
    first = {file: (package / file).read_bytes() for file in files}
    lines = first[files[0]].decode().splitlines(keepends=True)
    second = {files[0]: "".join(lines[:-1]).encode(), files[1]: first[files[1]] + b"sources,x,,0.1.0,removed\n"}
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            for files_now in (second, first):
                atomic.replace_files(package, files_now)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = set()
        for _ in range(15):
            contents = packages.read(package).contents
            seen.add(tuple(contents[file] == first[file] for file in files))
    finally:
        stop.set()
        writer.join()
    assert seen <= {(True, True), (False, False)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: b"".join(data.splitlines(keepends=True)[:301]), r"it has 300 rows, not \d+"),
        (lambda data: data.replace(b"Vientiane", b"Vientiana", 1), "the content is another"),
    ],
)
def test_a_table_that_the_descriptor_does_not_describe_is_refused_with_the_way_out(
    package: Path, change: Callable[[bytes], bytes], message: str
) -> None:
    (package / EVENTS).write_bytes(change((package / EVENTS).read_bytes()))
    with pytest.raises(PackageError, match=rf"{message}.*evcollab format .*fetch it again"):
        evcollab.load(package).events  # noqa: B018
    format_package(package)
    assert len(evcollab.load(package).events) >= 300


def test_a_package_that_states_no_sizes_loads(package: Path) -> None:
    def forget(descriptor: dict[str, Any]) -> None:
        for resource in descriptor["resources"]:
            for key in ("hash", "bytes", "rows"):
                del resource[key]

    edit(package / "datapackage.json", forget)
    (package / EVENTS).write_bytes(b"".join((package / EVENTS).read_bytes().splitlines(keepends=True)[:301]))
    assert len(evcollab.load(package).events) == 300


@pytest.mark.parametrize("file", [EVENTS, "schemas/events.schema.json"])
@pytest.mark.parametrize("kind", ["fifo", "device", "loop", "folder"])
def test_only_regular_files_are_read(package: Path, file: str, kind: str) -> None:
    place = package / file
    place.unlink()
    make: dict[str, Callable[[], object]] = {
        "fifo": lambda: os.mkfifo(place),
        "device": lambda: place.symlink_to("/dev/zero"),
        "loop": lambda: place.symlink_to(place),
        "folder": lambda: place.mkdir(),
    }
    make[kind]()
    with pytest.raises(PackageError, match=r"regular file|outside the package|cannot be read|is missing"):
        evcollab.load(package).events  # noqa: B018
    assert [issue.file for issue in packages.examine(package)[1]] == [file]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("categories",), None),
        (("categories",), [{"label": "x"}]),
        (("categories",), ["x"]),
        (("constraints",), None),
        (("constraints",), []),
        (("constraints",), {"maxLength": "ten"}),
        (("constraints",), {"enum": "x"}),
        (("list",), {}),
        (("list",), {"delimiter": ""}),
        (("list",), {"delimiter": 1}),
        (("partialDate",), "middle"),
        (("name",), "../../x"),
        (("name",), "event_id"),
        (("type",), "geopoint"),
    ],
)
def test_a_column_of_a_wrong_kind_is_refused_in_a_sentence(
    package: Path, place: tuple[str, ...], value: object
) -> None:
    edit(package / "schemas" / "events.schema.json", lambda spec: spec["fields"][1].update({place[0]: value}))
    with pytest.raises(PackageError, match=r"events\.schema\.json, line \d+: /fields/1"):
        evcollab.load(package)


@pytest.mark.parametrize("name", ["../../x", "/tmp/x", "Events", "a b", "a|b", "x" * 101, ""])
def test_the_name_of_a_table_is_an_identifier(package: Path, name: str) -> None:
    edit(package / "datapackage.json", lambda descriptor: descriptor["resources"][0].update(name=name))
    with pytest.raises(PackageError, match="/resources/0/name"):
        evcollab.load(package)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["resources"].extend([{**d["resources"][0], "name": f"t{n}"} for n in range(2000)]), "tables"),
        (lambda d: d.update(title="x" * 6_000_000), "bytes"),
    ],
)
def test_limits_hold_before_the_work(package: Path, change: Callable[[Any], None], message: str) -> None:
    edit(package / "datapackage.json", change)
    with pytest.raises(PackageError, match=f"{message}; expected at most"):
        evcollab.load(package)


def test_a_million_columns_in_a_header_are_one_problem(package: Path) -> None:
    (package / EVENTS).write_bytes(b"a," * 400_000 + b"a\n")
    source = packages.read(package)
    _, found = csvfile.read_table(source.read_bytes("events"), EVENTS, source.schema("events"))
    assert [issue.rule for issue in found] == ["limit-exceeded"]


# Our few keywords of JSON Schema against the library


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "a", "A b", "1.0.0", "string", ";"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
SHIPPED = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
SCHEMA = json.loads((ROOT / "schemas" / "events.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "document"), [("package", SHIPPED), ("schema", SCHEMA)])
@given(data=st.data())
def test_our_reading_of_the_profile_is_that_of_jsonschema(name: str, document: dict[str, Any], data: Any) -> None:
    value = json.loads(json.dumps(document))
    part, path = value, []
    while isinstance(part, dict | list) and part and data.draw(st.booleans()) | (not path):
        keys = sorted(part) if isinstance(part, dict) else range(min(len(part), 3))
        path.append(data.draw(st.sampled_from([*keys])))
        outer, part = part, part[path[-1]]
    if data.draw(st.booleans()) or isinstance(outer, list):
        outer[path[-1]] = data.draw(JSON)
    else:
        del outer[path[-1]]
    definitions = tableschema.definitions()
    wanted = {
        (*error.absolute_path,)
        for error in Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions}).iter_errors(value)
    }
    keys_of = ("additionalProperties",)
    mine = {
        item.place[:-1] if item.keyword in keys_of else item.place
        for item in jsonschemas.violations(value, {"$ref": f"#/$defs/{name}"}, definitions)
    }
    assert mine == wanted


@pytest.mark.parametrize("text", ["null", "1", '"x"', "true", "[]"])
def test_a_descriptor_that_is_no_object_at_all_is_said_in_a_sentence(package: Path, text: str) -> None:
    (package / "datapackage.json").write_text(text, encoding="utf-8")
    assert not evcollab.validate(package).valid
    with pytest.raises(evcollab.PackageError):
        evcollab.load(package)
