from __future__ import annotations

import json
from pathlib import Path

import pytest

from evcollab import package
from evcollab.contributions import add as adding
from evcollab.contributions import document as documents
from evcollab.contributions import incoming
from evcollab.contributions.checking import check
from evcollab.contributions.document import ContributionError
from evcollab.register import Register
from tests.contributions.registers import add, content, event, problems, rows, source


def one(register: Path, text: str) -> str:
    found = problems(register, text)
    assert len(found) == 1, found
    return found[0]


def test_an_unknown_code_is_reported_with_the_nearest_one(register: Path) -> None:
    found = one(register, source() + event().replace("kind: forum", "kind: forums"))
    assert "line 10: events[0].kind: 'forums' is not allowed; did you mean forum" in found


def test_a_misspelt_key_is_reported_with_the_nearest_one(register: Path) -> None:
    found = one(register, source() + event().replace("start_date", "startdate"))
    assert "line 13: events[0].startdate: there is no key 'startdate' here; did you mean start_date" in found


def test_every_misspelt_key_is_reported(register: Path) -> None:
    found = problems(register, source() + event() + "    citty: Nairobi\n    moode: online\n    vennue: Hall\n")
    assert [problem.split(": ")[1] for problem in found] == ["events[0].citty", "events[0].moode", "events[0].vennue"]
    assert [problem.split(": ")[0] for problem in found] == [f"1.yaml, line {line}" for line in (17, 18, 19)]


def test_a_day_that_is_not_in_the_calendar_is_reported(register: Path) -> None:
    found = one(register, source() + event().replace("start_date: 2025-05-02", "start_date: 2023-02-30"))
    assert "line 13" in found
    assert "2023-02 has the days 01 to 28" in found


@pytest.mark.parametrize(
    ("written", "hint"),
    [("XYZ", "is not the code (ISO 3166-1, three letters) or name of a country"),
     ("Kenia", "did you mean KEN (Kenya)"), ("Atlantis", "see the table countries")],
)  # fmt: skip
def test_an_unknown_country_is_reported(register: Path, written: str, hint: str) -> None:
    found = one(register, source() + event().replace("country_code: KEN", f"country_code: {written}"))
    assert "line 15: events[0].country_code" in found
    assert hint in found


@pytest.mark.parametrize(
    ("written", "code"),
    [("Kenya", "KEN"), ("KE", "KEN"), ("ken", "KEN"), ("UK", "GBR"), ("South Korea", "KOR"), ("Laos", "LAO"),
     ("Turkey", "TUR"), ("Ivory Coast", "CIV"), ("Deutschland", "DEU"), ("cote d'ivoire", "CIV")],
)  # fmt: skip
def test_a_country_may_have_any_of_its_names(register: Path, written: str, code: str) -> None:
    add(register, source() + event().replace("country_code: KEN", f"country_code: {written}"))
    assert rows(register, "events")[0]["country_code"] == code


def test_a_mapping_in_the_place_of_a_list_is_reported(register: Path) -> None:
    text = source() + "events:\n  name: Nairobi Forum\n"
    assert "line 8: events: expected a list, found a mapping" in one(register, text)


def test_a_text_in_the_place_of_a_mapping_is_reported(register: Path) -> None:
    text = source() + event() + "    participants: [Kenya]\n"
    assert "line 17: events[0].participants[0]: expected a mapping, found a text 'Kenya'" in one(register, text)


def test_a_required_key_that_is_missing_is_reported_with_its_meaning(register: Path) -> None:
    found = one(register, source() + event().replace("    kind: forum\n", ""))
    assert "the key 'kind' is required: What sort of event it was." in found


def test_a_key_without_value_is_reported(register: Path) -> None:
    found = one(register, source() + event() + "    city:\n")
    assert "events[0].city: is empty: leave the key out" in found


def test_a_document_without_sources_is_reported(register: Path) -> None:
    assert "the key 'sources' is required" in one(register, event())


def test_all_problems_of_all_documents_are_reported_at_once(register: Path) -> None:
    bad = source() + event().replace("kind: forum", "kind: forums").replace("KEN", "XYZ").replace("name", "nom")
    found = problems(register, bad, source("b") + event().replace("status", "stats"))
    assert len([problem for problem in found if problem.startswith("1.yaml")]) == 4
    assert len([problem for problem in found if problem.startswith("2.yaml")]) == 2


BOMB = "a: &a [x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        (BOMB, 1, "anchors (&) and aliases (*) are not allowed"),
        ("sources: !!python/object/apply:os.system ['true']\n", 1, "the tag"),
        ("sources: []\ndate: !!timestamp 2023-01-01\n", 2, "the tag"),
        ("sources: []\nevents: []\nsources: []\n", 3, "the key 'sources' appears twice"),
        ("sources:\n\t- url: x\n", 2, "indent with two spaces"),
        ("sources: [\n", 2, "is not YAML"),
        ("sources: a: b\n", 1, "quote a text that contains"),
        ("- a\n", 1, "expected a mapping"),
        ("just words\n", 1, "expected a mapping"),
        ("", 1, "expected a mapping"),
        ("a: " + "[" * 50 + "]" * 50, 1, "nested more than"),
        ("? [a, b]\n: c\n", 1, "a key must be a plain word"),
        ("a: 1\n---\nb: 2\n", 2, "is not YAML"),
        ("a: \x07\n", 0, "is not YAML"),
    ],
)
def test_yaml_that_is_more_than_plain_data_is_refused_with_its_line(text: str, line: int, hint: str) -> None:
    with pytest.raises(ContributionError) as caught:
        documents.parse(text)
    (problem,) = caught.value.problems
    assert problem.line == line
    assert hint in problem.message


def test_deeply_nested_brackets_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ContributionError):
        documents.parse("[" * 100_000)


def test_a_file_of_50_megabytes_is_refused_without_being_read(register: Path, tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    before = content(register)
    with pytest.raises(ContributionError, match="is 50,000,000 bytes; a document has at most 2,000,000: split it"):
        adding.add([file], register)
    assert content(register) == before


@pytest.mark.parametrize("data", [b"sources: \xff\xfe", b"a: 1\n\x80"])
def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(data)
    with pytest.raises(ContributionError, match="is not UTF-8 text"):
        incoming.read(file)


def test_files_that_are_missing_or_broken_are_all_reported(register: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [", encoding="utf-8")
    with pytest.raises(ContributionError) as caught:
        adding.add([tmp_path / "missing.yaml", broken], register)
    assert len(caught.value.problems) == 2


def test_json_is_read_like_yaml_and_may_be_indented_with_tabs() -> None:
    content = {"sources": [{"url": "https://example.org/a", "title": "1.50", "n": 1, "x": 0.5, "t": True}]}
    assert documents.parse(json.dumps(content, indent="\t")).content == content


def test_dates_and_words_such_as_no_stay_text() -> None:
    parsed = documents.parse("a: 2023-07-07\nb: no\nc: 012\nd: 1e5\ne: 2023\n").content
    assert parsed == {"a": "2023-07-07", "b": "no", "c": "012", "d": "1e5", "e": 2023}


def test_a_problem_in_a_list_item_is_at_its_own_line(register: Path) -> None:
    text = source() + event() + "    topics:\n      - policy\n      - polici\n"
    assert "line 19: events[0].topics[1]: 'polici' is not allowed; did you mean policy" in one(register, text)


def test_every_problem_of_the_worst_document_has_a_line(register: Path) -> None:
    text = source() + "events:\n  - 3\n  - {name: [], kind: 1, scope: {}, status: true}\ntargets: x\nfoo: 1\n"
    found = check(documents.parse(text), Register.read(package.read(register)))
    assert len(found) >= 6
    assert all(problem.line > 0 and problem.message for problem in found)
