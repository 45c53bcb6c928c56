from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from evcollab import package
from evcollab.contributions import add as adding
from evcollab.contributions import forms
from evcollab.contributions.checking import check
from evcollab.contributions.document import ContributionError
from evcollab.register import Register
from tests.conftest import examples
from tests.contributions.registers import ROOT, TODAY, content, merge, rows

SOURCE_ANSWERS = {
    "Source: Address": "https://example.org/a",
    "Source: Title": "Report: a forum",
    "Source: Publisher": "Example Herald",
    "Source: Kind": "news",
    "Source: Tier": "secondary",
    "Source: Published": "2025-06-01",
    "Where in the source": "p1",
}
EVENT_ANSWERS = SOURCE_ANSWERS | {
    "Name": "Nairobi Forum",
    "Kind": "forum",
    "Scope": "multilateral",
    "Status": "held",
    "Start": "2025-05",
    "End": "2025-05",
    "Country": "KEN",
    "Topics": "policy, buses",
    "Participants": "40",
    "Summary": "Talks on buses.\nAnd more.",
    "Who took part": "Savanna Motors | KEN | host | confirmed\n- | UGA | speaker | | Jane Doe | Minister\n",
    "New organisations": "Savanna Motors | | company | KEN",
}


def body(form: str, answers: dict[str, str], newline: str = "\n") -> str:
    """What GitHub makes of a form."""
    labels = [question.label for question in forms.questions(package.read(ROOT), form)]
    assert answers.keys() <= set(labels), answers.keys() - set(labels)
    return "\n\n".join(f"### {label}\n\n{answers.get(label, '_No response_')}" for label in labels).replace(
        "\n", newline
    )


def merged(register: Path, text: str) -> None:
    merge(register, forms.parse(text, package.read(register)))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_form_about_an_event_becomes_its_rows(register: Path, newline: str) -> None:
    merged(register, body("event", EVENT_ANSWERS, newline))
    (row,) = rows(register, "events")
    assert (row["event_id"], row["topics"], row["participant_count"]) == ("nairobi-forum-2025", "policy;buses", "40")
    assert row["summary"] == "Talks on buses. And more."
    parties = [
        (row["organisation_id"], row["country_code"], row["person_name"]) for row in rows(register, "participants")
    ]
    assert parties == [("savanna-motors", "KEN", ""), ("", "UGA", "Jane Doe")]
    assert {row["locator"] for row in rows(register, "claims")} == {"p1"}


TARGET_ANSWERS = SOURCE_ANSWERS | {
    "Country": "KEN",
    "Metric": "sales_share",
    "Value": "30.5",
    "Unit": "percent",
    "Target year": "2030",
    "Vehicle category": "car",
    "Strength": "target",
    "Status": "active",
}


def test_a_form_about_a_target_without_policy_becomes_its_row(register: Path) -> None:
    merged(register, body("target", TARGET_ANSWERS))
    (row,) = rows(register, "policy_targets")
    assert (row["country_code"], row["value"], row["policy_id"]) == ("KEN", "30.5", "")


def test_a_form_about_a_target_of_a_policy_becomes_both_rows(register: Path) -> None:
    merged(register, body("target", TARGET_ANSWERS | {"Policy: Name": "Plan", "Policy: Kind": "plan"}))
    assert [row["policy_id"] for row in rows(register, "policy_targets")] == ["ken-plan"]
    assert [row["country_code"] for row in rows(register, "policies")] == ["KEN"]


def test_a_form_with_a_correction_becomes_a_claim(register: Path) -> None:
    merged(register, body("event", EVENT_ANSWERS))
    answers = {"Table": "events", "Record": "nairobi-forum-2025", "Field": "city", "Value": "Nairobi"}
    merged(register, body("correction", SOURCE_ANSWERS | answers))
    assert rows(register, "events")[0]["city"] == "Nairobi"


def test_a_form_with_a_source_becomes_its_row(register: Path) -> None:
    answers = {key: value for key, value in SOURCE_ANSWERS.items() if key != "Where in the source"}
    merged(register, body("source", answers | {"What it says": "### Kind\nA forum."}))
    assert [row["url"] for row in rows(register, "sources")] == ["https://example.org/a"]


def test_problems_of_a_form_are_told_with_their_line(register: Path) -> None:
    text = body(
        "event", EVENT_ANSWERS | {"Country": "Kenia", "Start": "2023-02-30", "Who took part": "| UGA | speeker"}
    )
    with pytest.raises(ContributionError) as caught:
        merged(register, text)
    for problem in caught.value.problems:
        assert text.splitlines()[problem.line - 1] in ("Kenia", "2023-02-30", "| UGA | speeker")
    assert len(caught.value.problems) == 3


def test_a_line_with_too_many_parts_is_a_problem(register: Path) -> None:
    with pytest.raises(ContributionError, match="there is no key 'too many parts'"):
        merged(
            register, body("event", EVENT_ANSWERS | {"New organisations": "Savanna Motors | | company | KEN | x | y"})
        )


def test_a_question_answered_twice_is_a_problem(register: Path) -> None:
    with pytest.raises(ContributionError, match="this heading appears twice"):
        merged(register, body("event", EVENT_ANSWERS | {"Summary": "one\n\n### Start\n\n2020"}))


@pytest.mark.parametrize("text", ["", "Hello!", "### Name\n\nNairobi", "x" * 300_000])
def test_what_is_no_form_is_refused(register: Path, text: str) -> None:
    before = content(register)
    with pytest.raises(ContributionError):
        merged(register, text)
    assert content(register) == before


def test_a_form_is_added_from_a_markdown_file(register: Path, tmp_path: Path) -> None:
    file = tmp_path / "issue-7.md"
    file.write_bytes(body("event", EVENT_ANSWERS, "\r\n").encode())
    adding.add([file], register, today=TODAY)
    assert len(rows(register, "events")) == 1


@settings(max_examples=examples(40))
@given(text=st.text(max_size=200), label=st.sampled_from(["Name", "Summary", "Who took part", "Start", "Topics"]))
def test_any_answer_gives_a_document_or_problems(text: str, label: str) -> None:
    source = package.read(ROOT)
    try:
        document = forms.parse(body("event", EVENT_ANSWERS | {label: text}), source)
    except ContributionError:
        return
    check(document, Register.read(source))


@pytest.mark.parametrize("form", forms.TITLES)
def test_a_form_is_one_that_github_accepts(form: str) -> None:
    content = yaml.safe_load((ROOT / f".github/ISSUE_TEMPLATE/{form}.yml").read_text(encoding="utf-8"))
    assert {"name", "description", "body", "labels", "title"} == content.keys()
    terms, *fields = content["body"]
    assert terms["type"] == "markdown"
    assert "Creative Commons" in terms["attributes"]["value"]
    assert "Name a person only if" in terms["attributes"]["value"]
    assert (
        len({field["id"] for field in fields}) == len({field["attributes"]["label"] for field in fields}) == len(fields)
    )
    for field in fields:
        assert field["type"] in ("input", "textarea", "dropdown")
        options = field["attributes"].get("options", [])
        assert (field["type"] == "dropdown") == bool(options)
        assert len(set(options)) == len(options)
        assert all(isinstance(option, str) and option.lower() not in ("none", "") for option in options)
        assert (forms.CHOOSE in options) == (bool(options) and field["validations"]["required"])


def test_a_required_list_that_nobody_touched_is_refused(register: Path) -> None:
    with pytest.raises(ContributionError) as caught:
        merged(register, body("event", EVENT_ANSWERS | {"Kind": "(choose)", "Source: Tier": "(choose)"}))
    found = [str(problem) for problem in caught.value.problems]
    assert found == [
        "form, line 19: Source: Tier: nothing was chosen: choose one of the list",
        "form, line 39: Kind: nothing was chosen: choose one of the list",
    ]


def test_a_list_shows_label_and_code_and_both_are_read(register: Path) -> None:
    answers = {"Kind": "Forum (forum)", "Topics": "Policy (policy), Buses (buses)", "Mode": "None"}
    merged(register, body("event", EVENT_ANSWERS | answers))
    (row,) = rows(register, "events")
    assert (row["kind"], row["topics"], row["mode"]) == ("forum", "policy;buses", "")


def test_every_option_of_every_form_is_read_as_its_code() -> None:
    for form in forms.TITLES:
        for question in forms.questions(package.read(ROOT), form):
            for code, option in forms._options(question).items():
                value = forms._value(question, option)
                assert value in (code, [code], code == "true")


def test_a_form_takes_the_name_of_a_country(register: Path) -> None:
    text = body("event", EVENT_ANSWERS | {"Country": "Ivory Coast"})
    merged(register, text)
    assert rows(register, "events")[0]["country_code"] == "CIV"


def test_the_table_of_a_correction_can_be_filled_by_a_link() -> None:
    text = yaml.safe_load(forms.issue_forms(package.read(ROOT))["correction"])
    (table,) = [field for field in text["body"] if field.get("id") == "table"]
    assert table["type"] == "input"


def test_a_short_list_of_codes_is_explained_in_the_form() -> None:
    fields = yaml.safe_load(forms.issue_forms(package.read(ROOT))["event"])["body"]
    told = {field.get("id"): field["attributes"].get("description", "") for field in fields}
    assert "**Tertiary**: Lists what others report." in told["source-tier"]
    assert "**Bilateral**: Parties of exactly two countries." in told["scope"]
    assert "**" not in told["kind"]
