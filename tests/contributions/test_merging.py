from __future__ import annotations

from pathlib import Path

import pytest

from evcollab import package, validation
from evcollab.contributions.formatting import format_package
from evcollab.contributions.merging import merge_records
from evcollab.errors import EvcollabError, UnknownNameError
from evcollab.register import Register
from tests.contributions.registers import TODAY, add, cell_claims, content, event, problems, rows, source

BODIES = """\
organisations:
  - {name: Savanna Motors, kind: company, country_code: KEN, locator: p1}
  - {name: Savana Motor Works, short_name: SMW, aliases: [Savannah], kind: company, country_code: KEN, locator: p2,
     website: "https://example.org/smw"}
"""
PARTIES = """\
    participants:
      - {organisation: SMW, role: host, attendance: confirmed}
      - {country_code: UGA, role: participant, attendance: confirmed}
"""


def test_what_referred_to_one_organisation_refers_to_the_other(register: Path) -> None:
    add(register, source() + BODIES + event() + PARTIES)
    merge_records("organisations", "smw", "savanna-motors", register)
    (row,) = rows(register, "organisations")
    assert (row["organisation_id"], row["website"]) == ("savanna-motors", "https://example.org/smw")
    assert row["aliases"] == "SMW;Savana Motor Works;Savannah"
    assert {line["organisation_id"] for line in rows(register, "participants")} == {"savanna-motors", ""}
    claimed = {(row["record_id"], row["locator"]) for row in rows(register, "claims") if row["field"] == "*"}
    assert {("savanna-motors", "p1"), ("savanna-motors", "p2")} <= claimed
    assert validation.validate(register, today=TODAY).valid


def test_the_former_identifier_leads_to_the_one_that_stays(register: Path) -> None:
    add(register, source() + BODIES)
    merge_records("organisations", "smw", "savanna-motors", register)
    (row,) = rows(register, "former_ids")
    assert (row["former_id"], row["successor_id"], row["reason"]) == ("smw", "savanna-motors", "merged")
    assert Register.read(package.read(register)).current("organisations", "smw")["organisation_id"] == "savanna-motors"
    add(register, source("b") + event() + PARTIES.replace("SMW", "smw"))
    assert "savanna-motors" in {line["organisation_id"] for line in rows(register, "participants")}


def test_an_identifier_that_was_released_is_not_given_again(register: Path) -> None:
    add(register, source() + BODIES)
    merge_records("organisations", "smw", "savanna-motors", register)
    other = "organisations:\n  - {name: Smart Mobility Works, short_name: SMW, kind: ngo, locator: p1, new: true}\n"
    add(register, source("b") + other.replace("short_name: SMW", "short_name: S.M.W"))
    assert "smw" not in {row["organisation_id"] for row in rows(register, "organisations")}


def test_the_lines_of_an_event_move_and_equal_ones_become_one(register: Path) -> None:
    add(register, source() + BODIES + event() + PARTIES)
    other = PARTIES.replace("UGA", "TZA")
    add(register, source("b") + event("Nairobi Gathering", "2025-05-03") + other)
    merge_records("events", "nairobi-gathering-2025", "nairobi-forum-2025", register)
    lines = {
        (row["participant_id"], row["organisation_id"], row["country_code"]) for row in rows(register, "participants")
    }
    assert lines == {
        ("nairobi-forum-2025-1", "smw", ""),
        ("nairobi-forum-2025-2", "", "UGA"),
        ("nairobi-forum-2025-3", "", "TZA"),
    }
    assert {(row["former_id"], row["successor_id"]) for row in rows(register, "former_ids")} == {
        ("nairobi-gathering-2025", "nairobi-forum-2025"),
        ("nairobi-gathering-2025-1", "nairobi-forum-2025-1"),
        ("nairobi-gathering-2025-2", "nairobi-forum-2025-3"),
    }
    assert validation.validate(register, today=TODAY).valid


@pytest.mark.parametrize("lines", ["", "    participants: [{country_code: KEN, role: host}]\n"])
def test_lines_that_move_are_counted_on_from_those_with_a_number(register: Path, lines: str) -> None:
    add(register, source() + event() + lines)
    for table in ("participants", "claims"):  # somebody named a line by hand
        file = register / f"data/{table}.csv"
        file.write_text(file.read_text(encoding="utf-8").replace("forum-2025-1", "forum-2025-host"), encoding="utf-8")
    format_package(register)
    other = "    participants: [{country_code: UGA, role: participant}, {country_code: TZA, role: participant}]\n"
    add(register, source("b") + event("Nairobi Gathering", "2025-05-03") + other)
    merge_records("events", "nairobi-gathering-2025", "nairobi-forum-2025", register)
    found = {row["country_code"]: row["participant_id"] for row in rows(register, "participants")}
    hand = {"KEN": "nairobi-forum-2025-host"} if lines else {}
    assert found == {"TZA": "nairobi-forum-2025-2", "UGA": "nairobi-forum-2025-1"} | hand


def test_cells_that_differ_stay_a_visible_conflict(register: Path) -> None:
    add(register, source() + event() + "    participant_count: 40\n")
    add(register, source("b") + event("Nairobi Gathering", "2025-05-03") + "    participant_count: 50\n")
    merge_records("events", "nairobi-gathering-2025", "nairobi-forum-2025", register)
    assert rows(register, "events")[0]["participant_count"] == "40"
    assert {value for value, *_ in cell_claims(register, "participant_count")} == {"40", "50"}


def test_a_record_is_not_merged_with_itself_or_with_none(register: Path) -> None:
    add(register, source() + BODIES)
    before = content(register)
    with pytest.raises(EvcollabError, match="are the same record"):
        merge_records("organisations", "smw", "smw", register)
    with pytest.raises(UnknownNameError, match="'smv'; did you mean smw"):
        merge_records("organisations", "smv", "savanna-motors", register)
    with pytest.raises(EvcollabError, match="have no identifier of their own"):
        merge_records("claims", "a", "b", register)
    assert content(register) == before


def test_a_document_still_names_the_merged_organisation(register: Path) -> None:
    add(register, source() + BODIES)
    merge_records("organisations", "smw", "savanna-motors", register)
    assert problems(register, source("b") + event() + PARTIES.replace("SMW", "Savana Motor Works")) == []


def test_merging_twice_leads_from_each_former_identifier_to_the_last(register: Path) -> None:
    third = "  - {name: Acacia Vehicles, kind: company, country_code: KEN, locator: p3}\n"
    add(register, source() + BODIES + third)
    merge_records("organisations", "smw", "savanna-motors", register)
    merge_records("organisations", "savanna-motors", "acacia-vehicles", register)
    entries = {(row["table_name"], row["former_id"], row["successor_id"]) for row in rows(register, "former_ids")}
    assert entries == {
        ("organisations", "smw", "acacia-vehicles"),
        ("organisations", "savanna-motors", "acacia-vehicles"),
    }
    assert [row["organisation_id"] for row in rows(register, "organisations")] == ["acacia-vehicles"]


def test_a_dry_run_tells_the_same_and_writes_nothing(register: Path) -> None:
    add(register, source() + BODIES)
    before = content(register)
    told = merge_records("organisations", "smw", "savanna-motors", register, dry_run=True)
    assert content(register) == before
    done = merge_records("organisations", "smw", "savanna-motors", register)
    assert (told.files, told.notices, told.difference) == (done.files, done.notices, done.difference)
    assert {file for file in done.files if content(register)[file] == before.get(file)} == set()


@pytest.mark.parametrize("way", ["the one that goes is a part", "the one that stays is a part"])
def test_a_body_does_not_become_a_part_of_itself_and_its_parts_stay(register: Path, way: str) -> None:
    part, whole = ("Savana Motor Works", "Savanna Motors")[:: 1 if "goes" in way else -1]
    bodies = BODIES.replace(f"name: {part},", f"name: {part}, parent: {whole},")
    third = "  - {name: Acacia Vehicles, parent: SMW, kind: company, country_code: KEN, locator: p3}\n"
    add(register, source() + bodies + third)
    merge_records("organisations", "smw", "savanna-motors", register)
    parents = {row["organisation_id"]: row["parent_id"] for row in rows(register, "organisations")}
    assert parents == {"savanna-motors": "", "acacia-vehicles": "savanna-motors"}


def test_what_both_records_rest_on_is_said_once_and_one_claim_is_preferred(register: Path) -> None:
    first = event() + "    participant_count: 40\n"
    second = event("Nairobi Gathering", "2025-05-03") + "    participant_count: 50\n"
    claim = (
        "corrections: [{{table: events, record: {}, field: participant_count, value: '{}', rank: preferred, "
        "note: counted again, locator: p1}}]\n"
    )
    add(register, source() + first)
    add(register, source() + second)
    for number, (record, value) in enumerate([("nairobi-forum-2025", "41"), ("nairobi-gathering-2025", "51")]):
        add(register, source(f"c{number}") + claim.format(record, value))
    merge_records("events", "nairobi-gathering-2025", "nairobi-forum-2025", register)
    claims = [row for row in rows(register, "claims") if row["table_name"] == "events"]
    assert {row["record_id"] for row in claims} == {"nairobi-forum-2025"}
    keys = [(row["field"], row["source_id"], row["locator"]) for row in claims]
    assert len(keys) == len(set(keys))
    assert {(row["field"], row["value"]) for row in claims if row["rank"] == "preferred"} == {
        ("participant_count", "41"),
        ("start_date", "2025-05-02"),
        ("end_date", "2025-05-02"),
    }


@pytest.mark.parametrize(
    ("of_other", "rank", "kept"),
    [
        ("normal", "preferred", "preferred"),
        ("normal", "deprecated", "deprecated"),
        ("preferred", "preferred", "normal"),
        ("preferred", "deprecated", "deprecated"),
    ],
)
def test_a_claim_keeps_its_rank_unless_two_would_be_preferred(
    register: Path, of_other: str, rank: str, kept: str
) -> None:
    claim = (
        "corrections: [{{table: events, record: {}, field: venue, value: {}, rank: {}, note: said so, locator: p2}}]\n"
    )
    add(register, source() + event())
    add(register, source("b") + event("Nairobi Gathering", "2025-05-03"))
    add(register, source("c") + claim.format("nairobi-forum-2025", "Hall", of_other))
    add(register, source("d") + claim.format("nairobi-gathering-2025", "Hut", rank))
    merge_records("events", "nairobi-gathering-2025", "nairobi-forum-2025", register)
    assert ("Hut", kept, "stated") in cell_claims(register, "venue")
