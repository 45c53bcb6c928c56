"""What `add` promises: all or nothing, under one lock, and never an error that was not there."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from evcollab import atomic, package, validation
from evcollab.contributions import add as adding
from evcollab.contributions import document as documents
from evcollab.errors import PackageError
from tests.contributions.registers import ROOT, TODAY, add, content, event, problems, rows, source


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def document(folder: Path, number: int) -> Path:
    text = source(f"s{number}") + event(f"Forum {number}", f"2025-0{number % 9 + 1}-{number + 1:02}")
    return write(folder, f"{number}.yaml", text)


def refused(register: Path, *texts: str) -> list[str]:
    """What the library's `add` says against documents; the register must not change."""
    before = content(register)
    with TemporaryDirectory() as place:
        files = [write(Path(place), f"{number}.yaml", text) for number, text in enumerate(texts, 1)]
        with pytest.raises(documents.ContributionError) as caught:
            adding.add(files, register, today=TODAY)
    assert content(register) == before
    return [str(problem) for problem in caught.value.problems]


def test_two_commands_at_once_lose_nothing(register: Path, tmp_path: Path) -> None:
    commands = [
        [sys.executable, "-m", "evcollab", "add", str(document(tmp_path, number)), "--package", str(register)]
        for number in range(3)
    ]
    children = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for command in commands]
    assert [child.wait(300) for child in children] == [0, 0, 0]
    assert len(rows(register, "events")) == 3


def test_threads_lose_nothing(register: Path) -> None:
    texts = [source(f"s{number}") + event(f"Forum {number}", f"2025-05-{number + 1:02}") for number in range(20)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda text: add(register, text), texts))
    assert len(rows(register, "events")) == 20


def test_a_hand_edit_made_meanwhile_is_not_written_over(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = register / "data/events.csv"
    edited = file.read_bytes() + b"by,hand\n"

    def edit(*_: object) -> list[object]:
        file.write_bytes(edited)
        return []

    monkeypatch.setattr(adding, "_broken_rules", edit)
    with pytest.raises(PackageError, match="was changed meanwhile by something else: nothing was written"):
        adding.add([write(tmp_path, "a.yaml", source() + event())], register, today=TODAY)
    assert file.read_bytes() == edited
    assert [file.name for file in register.rglob(".*") if file.is_file()] == []


def test_reading_a_package_repairs_nothing(register: Path) -> None:
    (register / atomic.JOURNAL).write_text("{}")
    with pytest.warns(UserWarning, match="a change that was cut short"):
        package.read(register)
    assert (register / atomic.JOURNAL).exists()


def test_the_library_refuses_what_the_register_must_not_hold(register: Path) -> None:
    (found,) = refused(register, source() + event() + "    mode: online\n    city: Nairobi\n")
    assert "1.yaml, line 18: events[0].city: " in found
    assert "[event-online-with-city]" in found


def test_problems_of_all_stages_are_listed_together(register: Path) -> None:
    text = (
        source()
        + event()
        + "    kindd: x\n"
        + event("Mombasa Forum", "2025-03-01").removeprefix("events:\n")
        + "    participants: [{organisation: Unheard Of, role: host}]\n"
        + event("Kisumu Forum", "2025-04-01").removeprefix("events:\n")
        + "    mode: online\n    city: Kisumu\n"
    )
    found = refused(register, text)
    assert [problem.split(": ")[1] for problem in found] == [
        "events[0].kindd",
        "events[1].participants[0].organisation",
        "events[2].city",
    ]


def test_what_follows_from_a_problem_is_not_told(register: Path) -> None:
    body = "organisations:\n  - {name: Lake Chargers, kind: companny, country_code: KEN}\n"
    text = source() + body + event() + "    participants: [{organisation: Lake Chargers, role: host}]\n"
    (found,) = refused(register, text)
    assert "'companny' is not allowed" in found


def test_a_register_that_can_be_validated_stays_valid(register: Path, tmp_path: Path) -> None:
    adding.add([write(tmp_path, "a.yaml", source() + event())], register, today=TODAY)
    assert validation.validate(register, today=TODAY).valid


def test_the_changes_are_written_even_if_nobody_reads_what_is_printed(register: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "evcollab", "add", str(document(tmp_path, 1)), "--package", str(register)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert child.stdout is not None
    child.stdout.close()
    assert child.wait(300) == 0
    assert len(rows(register, "events")) == 1


def test_a_folder_that_cannot_be_written_is_left_with_a_sentence(
    register: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(atomic, "_write", failing)
    before = content(register)
    with pytest.raises(PackageError, match=r"cannot be changed: Permission denied\. Everything is as it was"):
        add(register, source() + event())
    assert content(register) == before


# duplicates


@pytest.mark.parametrize("name", ["Gathering of bus makers", "Second Nairobi Forum", "Foro"])
def test_an_event_of_the_same_country_and_day_is_asked_about(register: Path, name: str) -> None:
    add(register, source() + event("Nairobi Forum"))
    (found,) = problems(register, source("b") + event(name).replace("kind: forum", "kind: workshop"))
    assert "this may be the event nairobi-forum-2025" in found


def test_a_number_in_words_is_a_number(register: Path) -> None:
    add(register, source() + event("2nd Nairobi Forum"))
    result = add(register, source("b") + event("Second Nairobi Forum", "2025-05"))
    assert len(rows(register, "events")) == 1
    assert any("this adds to it" in notice for notice in result.notices)


@pytest.mark.parametrize("name", ["TAITRAA", "Taiwan External Trade Dev Council"])
def test_an_organisation_that_resembles_a_known_one_is_suggested(register: Path, name: str) -> None:
    body = (
        "organisations:\n  - {name: Taiwan External Trade Development Council, short_name: TAITRA, kind: association, "
    )
    add(register, source() + body + "country_code: TWN, locator: p1}\n")
    (found,) = problems(register, source("b") + event() + f"    participants: [{{organisation: {name}, role: host}}]\n")
    assert "did you mean Taiwan External Trade Development Council (TAITRA)?" in found
    new = f"organisations:\n  - {{name: {name}, kind: association, country_code: TWN, locator: p1}}\n"
    (found,) = problems(register, source("b") + new)
    assert "did you mean Taiwan External Trade Development Council (taitra)?" in found


def test_a_document_that_keeps_two_texts_of_the_template_is_refused(register: Path) -> None:
    text = source() + event("2nd Lao Electric Vehicle Forum") + "    city: Vientiane\n"
    found = problems(register, text)
    assert len(found) == 2
    assert all("this is the example of the template: replace it, or delete the line" in problem for problem in found)
    assert problems(register, text.replace("Vientiane", "Pakse")) == []


def test_a_post_that_many_people_have_is_no_example_that_was_left(register: Path) -> None:
    people = [
        {"country_code": "LAO", "person_name": name, "post": "Chief Executive Officer"} for name in ("A B", "C D")
    ]
    assert problems(register, source() + event() + f"    participants: {people}\n") == []


# names and places


def test_a_name_in_any_script_becomes_readable_words(register: Path) -> None:
    body = "organisations:\n  - {name: 한국전력공사, kind: company, country_code: KOR, locator: p1}\n"
    add(register, source() + body + "  - {name: Łódź Autobusy, kind: company, country_code: POL, locator: p1}\n")
    assert [row["organisation_id"] for row in rows(register, "organisations")] == [
        "hangugjeonlyeoggongsa",
        "lodz-autobusy",
    ]


def test_a_name_without_letters_needs_an_identifier(register: Path) -> None:
    body = "organisations:\n  - {name: '!!!', kind: company, country_code: KEN, locator: p1}\n"
    (found,) = problems(register, source() + body)
    assert "its name has no letter for an identifier: say which, `organisation_id: ...`" in found


POLICY = "policies:\n  - {{name: Plan, kind: plan, country_code: USA, subdivision_code: {}, locator: p1}}\n"


def test_a_subdivision_that_is_new_is_entered_with_name_and_country(register: Path) -> None:
    add(register, source() + POLICY.format("US-CA"))
    assert rows(register, "subdivisions") == [
        {"subdivision_code": "US-CA", "country_code": "USA", "name": "California"}
    ]
    add(register, source("b") + POLICY.format("California").replace("Plan", "Other Plan"))
    assert {row["subdivision_code"] for row in rows(register, "policies")} == {"US-CA"}


def test_a_subdivision_that_does_not_exist_is_a_problem(register: Path) -> None:
    (found,) = problems(register, source() + POLICY.format("US-ZZ"))
    assert "'US-ZZ' is not the code of a subdivision (ISO 3166-2), such as US-CA" in found


@pytest.mark.parametrize(
    ("table", "record", "column", "value"),
    [
        ("events", "nairobi-forum-2025", "name", "Nairobi Bus Forum"),
        ("events", "nairobi-forum-2025", "country_code", "Uganda"),
        ("sources", "example-herald-2025-06-01-report-a", "title", "Report A, revised"),
        ("participants", "nairobi-forum-2025-1", "role", "speaker"),
    ],
)
def test_any_cell_can_be_corrected(register: Path, table: str, record: str, column: str, value: str) -> None:
    add(register, source() + event() + "    participants: [{country_code: KEN, role: host}]\n")
    correction = (
        f"{{table: {table}, record: {record}, field: {column}, value: '{value}', rank: preferred, locator: p1}}"
    )
    add(register, source("b") + f"corrections:\n  - {correction}\n")
    (row,) = [row for row in rows(register, table) if record in row.values()]
    assert row[column] == {"Uganda": "UGA"}.get(value, value)


def test_an_identifier_is_merged_not_corrected(register: Path) -> None:
    add(register, source() + event())
    correction = "{table: events, record: nairobi-forum-2025, field: event_id, value: x, locator: p1}"
    (found,) = problems(register, source("b") + f"corrections:\n  - {correction}\n")
    assert "evcollab merge events FROM INTO" in found


# hostile


def test_half_a_character_is_refused_with_its_line(register: Path) -> None:
    (found,) = problems(register, source().replace("Report a", '"\\ud800"'))
    assert "line 3: sources[0].title: holds half a character" in found


def test_half_a_character_in_a_document_that_was_not_yaml_is_refused(register: Path, tmp_path: Path) -> None:
    given = documents.parse(source() + event()).content
    given["events"][0]["city"] = "\udcff"
    with pytest.raises(documents.ContributionError, match="half a character"):
        adding.add([write(tmp_path, "a.json", json.dumps(given))], register, today=TODAY)


def test_a_key_cannot_give_commands_to_the_log_of_a_workflow(register: Path) -> None:
    keys = '    "\\n::error title=x::y": 1\n    "##[error]z": 1\n'
    shown = "\n".join(problems(register, source() + event() + keys))
    assert not any(line.strip().startswith("::") for line in shown.splitlines())
    assert "##[" not in shown


def test_a_device_is_not_read(register: Path) -> None:
    for name in ("/dev/zero", "/dev/stdin"):
        with pytest.raises(documents.ContributionError, match="is not a file"):
            adding.add([name], register, today=TODAY)


def test_a_document_of_too_many_records_is_refused() -> None:
    text = "events:\n" + "  - {name: x}\n" * (documents.MAX_RECORDS + 1)
    with pytest.raises(documents.ContributionError, match="has more than 2,000 records: split it"):
        documents.parse(text)
