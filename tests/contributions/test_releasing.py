from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from pathlib import Path

import pytest

from evcollab.contributions.formatting import format_package
from evcollab.contributions.merging import merge_records
from evcollab.contributions.releasing import ReleaseError, release
from tests.contributions.registers import add, content, event, rows, source
from tests.contributions.test_diff import git, replace

BODY = "organisations:\n  - {{name: {}, kind: company, country_code: KEN, locator: p1}}\n"


@pytest.fixture
def released(register: Path, tmp_path: Path) -> Path:
    """A released register: one event, two companies."""
    add(register, source() + event() + BODY.format("Savanna Motors"), source("b") + BODY.format("Lake Chargers"))
    return Path(shutil.copytree(register, tmp_path / "released"))


def refused(register: Path, version: str, released: Path) -> list[str]:
    before = content(register)
    with pytest.raises(ReleaseError) as caught:
        release(version, register, previous=str(released))
    assert content(register) == before
    return caught.value.problems


def drop(register: Path, table: str, start: str) -> None:
    file = register / f"data/{table}.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) < len(lines)
    file.write_text("".join(kept), encoding="utf-8")
    claims = register / "data/claims.csv"
    lines = claims.read_text(encoding="utf-8").splitlines(keepends=True)
    claims.write_text("".join(line for line in lines if not line.startswith(f"{table},{start}")), encoding="utf-8")
    format_package(register)


def test_a_version_that_is_too_low_is_refused_with_the_lowest_and_the_reason(register: Path, released: Path) -> None:
    add(register, source("c") + event("Mombasa Forum", "2025-07-01"))
    found = refused(register, "0.1.1", released)
    assert found[0] == "what changed since 0.1.0 is a minor change: the version is at least 0.2.0"
    assert found[1].strip() == "events: added Mombasa Forum"


@pytest.mark.parametrize("version", ["0.2.0", "0.2.1", "1.0.0"])
def test_a_version_that_is_high_enough_is_set(register: Path, released: Path, version: str) -> None:
    add(register, source("c") + event("Mombasa Forum", "2025-07-01"))
    done = release(version, register, previous=str(released))
    assert json.loads((register / "datapackage.json").read_text(encoding="utf-8"))["version"] == version
    assert (done.previous, done.files) == ("0.1.0", ["datapackage.json"])
    assert format_package(register, check=True) == []


def test_nothing_is_released_if_nothing_differs(register: Path, released: Path) -> None:
    assert refused(register, "0.2.0", released) == ["nothing differs from 0.1.0"]


@pytest.mark.parametrize("version", ["1", "1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", ""])
def test_what_is_no_version_is_refused(register: Path, released: Path, version: str) -> None:
    (found,) = refused(register, version, released)
    assert "is not a version; expected three numbers such as 1.2.0" in found


def test_a_released_identifier_that_is_gone_is_refused(register: Path, released: Path) -> None:
    drop(register, "organisations", "lake-chargers")
    (found,) = refused(register, "1.0.0", released)
    assert "organisations: Lake Chargers (lake-chargers) was released in 0.1.0 and is gone" in found
    assert "say in former_ids what became of it, or confirm with  --removed lake-chargers" in found


def test_a_confirmed_removal_is_entered_into_the_former_identifiers(register: Path, released: Path) -> None:
    drop(register, "organisations", "lake-chargers")
    assert release("1.0.0", register, previous=str(released), removed=["lake-chargers"]).version == "1.0.0"
    (row,) = rows(register, "former_ids")
    assert list(row.values()) == ["organisations", "lake-chargers", "", "1.0.0", "removed"]
    assert format_package(register, check=True) == []


def test_the_lines_of_an_event_may_go_with_it(register: Path, released: Path) -> None:
    text = source("c") + event("Mombasa Forum", "2025-07-01") + "    participants: [{country_code: KEN, role: host}]\n"
    add(released, text)
    shutil.rmtree(register)
    shutil.copytree(released, register)
    drop(register, "events", "mombasa-forum")
    drop(register, "participants", "mombasa-forum")
    release("1.0.0", register, previous=str(released), removed=["mombasa-forum-2025"])
    assert {row["former_id"] for row in rows(register, "former_ids")} == {"mombasa-forum-2025", "mombasa-forum-2025-1"}


def test_a_record_with_a_former_identifier_may_go_and_the_entry_gets_the_version(
    register: Path, released: Path
) -> None:
    merge_records("organisations", "lake-chargers", "savanna-motors", register)
    assert rows(register, "former_ids")[0]["version"] == "1.0.0"
    release("2.0.0", register, previous=str(released))
    (row,) = rows(register, "former_ids")
    assert list(row.values()) == ["organisations", "lake-chargers", "savanna-motors", "2.0.0", "merged"]


def test_a_register_that_is_not_in_canonical_form_is_refused(register: Path, released: Path) -> None:
    replace(register, "events", "Nairobi Forum", "  Nairobi Forum")
    assert "data/events.csv is not in canonical form: run  evcollab format" in refused(register, "0.2.0", released)


def test_a_citation_written_by_hand_gets_version_and_day_and_nothing_else(register: Path, released: Path) -> None:
    citation = register / "CITATION.cff"
    citation.write_text('cff-version: 1.2.0\nversion: 0.1.0\ndate-released: "2026-01-01"\ntitle: evcollab\n', "utf-8")
    add(register, source("c") + event("Mombasa Forum", "2025-07-01"))
    release("0.2.0", register, previous=str(released), today=dt.date(2026, 12, 1))
    expected = 'cff-version: 1.2.0\nversion: "0.2.0"\ndate-released: "2026-12-01"\ntitle: evcollab\n'
    assert citation.read_text(encoding="utf-8") == expected


def test_the_highest_tag_is_the_release_before(register: Path) -> None:
    git(register, "init")
    for number, tag in enumerate(["data-v0.9.0", "data-v0.10.0", "data-vnext", "v9.0.0"]):
        add(register, source(f"s{number}") + event(f"Forum {number}", f"2025-05-0{number + 1}"))
        version = "0.9.0" if number == 0 else "0.10.0"
        descriptor = register / "datapackage.json"
        text = descriptor.read_text(encoding="utf-8")
        descriptor.write_text(re.sub(r'"version": "[0-9.]+"', f'"version": "{version}"', text), encoding="utf-8")
        git(register, "add", ".")
        git(register, "commit", "-m", tag)
        git(register, "tag", tag)
    with pytest.raises(ReleaseError, match=r"since 0\.10\.0 is a minor change: the version is at least 0\.11\.0"):
        release("0.10.1", register)


def test_the_first_release_has_nothing_before_it(register: Path) -> None:
    git(register, "init")
    done = release("1.0.0", register)
    assert done.previous == ""
