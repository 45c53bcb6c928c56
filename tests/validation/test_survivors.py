"""What rules do beside their examples; each case killed a mutant of a rule (see "Mutation testing" in docs/testing.md).

Every case is a sentence, the changes in the small valid register, and the rules that find something then.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from evcollab.urls import normal_url
from evcollab.validation import validate
from evcollab.validation.catalogue import Edit, Key, RemoveRow, SetCells, Text
from evcollab.validation.report import Report
from evcollab.validation.rules.claims import OTHER, START, WHOLE
from evcollab.validation.rules.parties import DELEGATION, MEMBER
from evcollab.validation.rules.shapes import FORUM, HERALD, LATER, NEW, OLD, POINTS, POLICY, VOLTA, WEBINAR
from tests.conftest import some
from tests.validation import packages

EARLIER = "lao-forum-2022"
MINISTRY = "ministry-lao"
SAME_NAME = SetCells("events", FORUM, {"name": "Forum on Electric Vehicles, Laos"})
JULY = {"start_date": "2023-07", "end_date": "2023-07"}
UNPROVEN = (
    SetCells("sources", "ministry-2023-forum", {"published_date": "2023-07-06"}),
    SetCells("sources", "herald-2023-07-10", {"published_date": "2023-07-01"}),
)


def check(folder: Path, *edits: Edit) -> Report:
    return validate(packages.example(folder, edits), today=packages.TODAY)


def twin(**cells: str) -> tuple[Edit, ...]:
    """Two events of one country, time and name; the first with these cells."""
    return SAME_NAME, SetCells("events", EARLIER, {"name": "Electric vehicles forum of Laos", **JULY, **cells})


def target(record: str, **cells: str) -> SetCells:
    return SetCells("policy_targets", record, cells)


def cell_claim(column: str, source: str, **cells: str) -> SetCells:
    key = f"events|lao-forum-2023|{column}|{source}|{cells.pop('locator', 'p5')}"
    return SetCells("claims", key, {"basis": "stated", "rank": "normal", **cells})


def tier(source: str, name: str) -> SetCells:
    return SetCells("sources", source, {"tier": name})


def named(name: str) -> Key:
    return Key("datapackage.json", ("name",), name)


EXAMPLES = SetCells("sources", HERALD, {"publisher": "Business Recorder", "author": "Ali Ahmed"})

CASES: dict[str, tuple[tuple[Edit, ...], list[str]]] = {
    # claims
    "pages are counted upwards": (
        (cell_claim("venue", HERALD, value="Hall", locator="p7-5"),),
        ["claim-locator-empty"],
    ),
    "pages may be counted from one to the next": ((cell_claim("venue", HERALD, value="Hall", locator="p9-10"),), []),
    "a range of one page is one": ((cell_claim("venue", HERALD, value="Hall", locator="p5-5"),), []),
    "a preferred value smaller than the cell differs from it": (
        (SetCells("claims", START, {"value": "2023-07-06"}),),
        ["claim-cell-differs"],
    ),
    "of two preferred claims neither is held against the cell": (
        (
            SetCells("claims", START, {"rank": "preferred"}),
            SetCells("claims", OTHER, {"rank": "preferred", "value": "2023-07-11"}),
        ),
        ["claim-two-preferred"],
    ),
    "two claims on a whole row may be preferred": (
        (SetCells("claims", WHOLE, {"rank": "preferred"}), cell_claim("*", HERALD, rank="preferred")),
        [],
    ),
    "a currency is money in its last year": (
        (
            SetCells("participants", "lao-forum-2022-1", {"event_id": "lao-forum-2022", "country_code": "VNM"}),
            SetCells("participants", "lao-forum-2022-1", {"role": "funder", "amount": "500", "currency": "HRK"}),
            SetCells(
                "claims",
                "participants|lao-forum-2022-1|*|ministry-2023-forum|p9",
                {"basis": "stated", "rank": "normal"},
            ),
        ),
        [],
    ),
    "a claim with a note does not hide a later one without": (
        (
            SetCells("claims", WHOLE, {"basis": "inferred", "note": "No year is printed."}),
            SetCells("claims", START, {"basis": "computed", "note": ""}),
        ),
        ["claim-note-missing"],
    ),
    "a deprecated claim needs a note": (
        (SetCells("claims", OTHER, {"rank": "deprecated", "note": ""}),),
        ["claim-note-missing"],
    ),
    "sources may differ where none is preferred": ((SetCells("claims", START, {"rank": "normal"}),), []),
    "a lesser source may be preferred if the better one agrees": (
        (
            SetCells("claims", START, {"rank": "normal"}),
            SetCells("claims", OTHER, {"rank": "preferred", "value": "2023-07-07"}),
        ),
        [],
    ),
    "an unknown source is not also a lesser one": (
        (
            SetCells("claims", START, {"rank": "normal", "value": "2023-07-11"}),
            SetCells(
                "claims",
                "events|lao-forum-2023|start_date|nowhere|p1",
                {"rank": "preferred", "value": "2023-07-07", "basis": "stated"},
            ),
        ),
        ["reference-unknown"],
    ),
    "a claim on a whole row has no value": ((SetCells("claims", WHOLE, {"value": "x"}),), ["claim-value-invalid"]),
    "a claim on a required cell has a value": (
        (cell_claim("kind", "ministry-2023-forum", value=""),),
        ["claim-value-invalid"],
    ),
    "a claim that a cell is empty is a claim": ((cell_claim("venue", "ministry-2023-forum", value=""),), []),
    "a claim that cannot be read may be the one that is missing": (
        (
            Text(
                "data/claims.csv",
                "events,lao-forum-2022,*,,ministry-2023-forum,p4,",
                "events,lao-forum-2022,*,,ministry-2023-forum,p4,,",
            ),
        ),
        ["row-ragged"],
    ),
    "a lesser source is found wherever it stands among the claims": (
        (tier("ministry-2023-forum", "secondary"), tier(HERALD, "primary")),
        ["claim-lesser-source-preferred"],
    ),
    "a deprecated claim is not nearer to the fact": (
        (
            SetCells("claims", START, {"rank": "deprecated", "value": "2023-07-11"}),
            SetCells("claims", OTHER, {"rank": "preferred", "value": "2023-07-07"}),
        ),
        ["claim-note-missing"],
    ),
    "a better source that says less is better too": (
        (
            SetCells("claims", START, {"rank": "normal", "value": "2023-07-01"}),
            SetCells("claims", OTHER, {"rank": "preferred", "value": "2023-07-07"}),
        ),
        ["claim-lesser-source-preferred"],
    ),
    "of two sources of one tier either may be preferred": ((tier(HERALD, "primary"),), []),
    "the least tier is a lesser source": (
        (
            tier(HERALD, "tertiary"),
            SetCells("claims", START, {"rank": "normal", "value": "2023-07-11"}),
            SetCells("claims", OTHER, {"rank": "preferred", "value": "2023-07-07"}),
        ),
        ["claim-lesser-source-preferred"],
    ),
    # possible duplicates
    "events of two series are compared in whatever order they stand": (
        twin(series="z-forum"),
        ["event-possible-duplicate"],
    ),
    "events of one name in two years are not the same": (
        twin(series="", edition="", start_date="2022-07-07", end_date="2022-07-08"),
        [],
    ),
    "events of two names in one month are not the same": (
        (SetCells("events", EARLIER, {**JULY, "series": "", "edition": "", "name": "Fair of buses"}),),
        [],
    ),
    "an event without an end lasts as long as its start": (
        twin(series="", edition="", end_date=""),
        ["event-possible-duplicate"],
    ),
    "an event lasts until its end": (
        twin(series="", edition="", start_date="2023-06-01", end_date="2023-07-31"),
        ["event-possible-duplicate"],
    ),
    "an event that ends on the day on which another begins may be the same": (
        twin(series="", edition="", start_date="2023-06-01", end_date="2023-07-07"),
        ["event-possible-duplicate"],
    ),
    "an event that begins on the day on which another ends may be the same": (
        twin(series="", edition="", start_date="2023-07-08", end_date="2023-07-20"),
        ["event-possible-duplicate"],
    ),
    "the year of a vision is not the year of the event": (
        (SetCells("events", FORUM, {"name": "Forum on the Vision 2030"}),),
        [],
    ),
    "a long title may speak of a page that was not found": (
        (SetCells("sources", HERALD, {"title": "Page not found: what drivers see " + "on their way, and why " * 6}),),
        [],
    ),
    "a policy that replaces itself is a circle and nothing else": (
        (SetCells("policies", POLICY, {"replaces_id": POLICY}),),
        ["policy-replaces-cycle"],
    ),
    "a share after a limit from above may be lower": (
        (target(NEW, comparator="at_most", policy_id=""), target(LATER, value="20", policy_id="")),
        [],
    ),
    "two ministries of similar names are compared": (
        (SetCells("organisations", VOLTA, {"name": "Ministery of Energy and Mines", "kind": "government"}),),
        ["organisation-possible-duplicate"],
    ),
    "bodies of one parent are compared": (
        (
            SetCells(
                "organisations",
                "usaid",
                {"name": "Ministery of Energy and Mines", "country_code": "LAO", "parent_id": VOLTA},
            ),
            SetCells("organisations", MINISTRY, {"parent_id": VOLTA}),
        ),
        ["organisation-possible-duplicate"],
    ),
    "the register itself holds the examples of the documentation": ((named("evcollab"), EXAMPLES), []),
    "any other register does not": ((named("a-register"), EXAMPLES), ["value-is-example"]),
    "editions of one series are not compared": (twin(), []),
    "editions of one series are not compared in whatever order they stand": (twin(edition="5"), []),
    "events of two series are compared": (twin(series="a-forum"), ["event-possible-duplicate"]),
    "a bloc is not compared with a body of a similar name": (
        (SetCells("organisations", "eco-secretariat", {"name": "Economic Cooperation Organisation", "parent_id": ""}),),
        [],
    ),
    "a body is not compared with a bloc of a similar name": (
        (
            SetCells("organisations", "eco", {"kind": "intergovernmental"}),
            SetCells(
                "organisations",
                "eco-secretariat",
                {"name": "Economic Cooperation Organisation", "parent_id": "", "kind": "country_group"},
            ),
        ),
        [],
    ),
    "two companies of similar names are compared": (
        (
            SetCells("organisations", MINISTRY, {"kind": "company"}),
            SetCells("organisations", VOLTA, {"name": "Ministery of Energy and Mines"}),
        ),
        ["organisation-kind-of-name", "organisation-possible-duplicate", "policy-issuer-kind"],
    ),
    "a body is not compared with its parent": (
        (SetCells("organisations", VOLTA, {"name": "Ministery of Energy and Mines", "parent_id": MINISTRY}),),
        [],
    ),
    "a parent is not compared with its body": (
        (
            SetCells("organisations", VOLTA, {"name": "Ministery of Energy and Mines"}),
            SetCells("organisations", MINISTRY, {"parent_id": VOLTA}),
        ),
        [],
    ),
    "similar names are found whichever comes first in the alphabet": (
        (
            SetCells("organisations", MINISTRY, {"name": "Ministery of Energy and Mines"}),
            SetCells("organisations", VOLTA, {"name": "Ministry of Energy and Mines"}),
        ),
        ["organisation-kind-of-name", "organisation-possible-duplicate"],
    ),
    # events
    "editions without a series are not editions of one series": (
        (
            SetCells("events", FORUM, {"series": "", "edition": "1"}),
            SetCells("events", EARLIER, {"series": "", "edition": "1"}),
        ),
        ["event-edition-without-series"] * 2,
    ),
    "a held event without any claim lacks a claim and nothing else": (
        (RemoveRow("claims", "events|lao-forum-2022|*|ministry-2023-forum|p4"),),
        ["claim-missing"],
    ),
    "a claim that cannot be read may be the evidence": (
        (
            Text(
                "data/claims.csv",
                "events,lao-forum-2023,*,,ministry-2023-forum,p1,",
                "events,lao-forum-2023,*,,ministry-2023-forum,p1,,",
            ),
        ),
        ["row-ragged"],
    ),
    "a deprecated claim is no evidence": (
        (SetCells("claims", WHOLE, {"rank": "deprecated", "note": "The page is gone."}),),
        ["event-held-without-evidence"],
    ),
    "a claim on the status with a note is evidence": (
        (*UNPROVEN, cell_claim("status", "ministry-2023-forum", value="held", note="A photograph shows it.")),
        [],
    ),
    "a claim on the status without a note is no evidence": (
        (*UNPROVEN, cell_claim("status", "ministry-2023-forum", value="held")),
        ["event-held-without-evidence"],
    ),
    "a note on the whole row is no evidence": (
        (*UNPROVEN, SetCells("claims", WHOLE, {"note": "Read twice."})),
        ["event-held-without-evidence"],
    ),
    "an announcement of one day without an end goes stale": (
        (SetCells("events", WEBINAR, {"start_date": "2025-11-19", "end_date": ""}),),
        ["event-announcement-stale"],
    ),
    "an announcement is not stale on the day a year later": (
        (SetCells("events", WEBINAR, {"start_date": "2025-11-20", "end_date": "2025-11-20"}),),
        [],
    ),
    "an event that did not take place needs no evidence": (
        (*UNPROVEN, SetCells("events", FORUM, {"status": "postponed"})),
        ["participant-confirmed-without-event"],
    ),
    "an unknown source may be the evidence": (
        (
            RemoveRow("claims", WHOLE),
            SetCells("claims", "events|lao-forum-2023|*|nowhere|p1", {"basis": "stated", "rank": "normal"}),
        ),
        ["reference-unknown"],
    ),
    "an event in the future may be postponed": ((SetCells("events", WEBINAR, {"status": "postponed"}),), []),
    "an event of today may be held": (
        (
            SetCells("events", WEBINAR, {"status": "held", "start_date": "2026-11-20", "end_date": "2026-11-20"}),
            SetCells(
                "claims",
                "events|eco-webinar-2026|status|ministry-2023-forum|p5",
                {"value": "held", "basis": "stated", "rank": "normal", "note": "Seen."},
            ),
        ),
        [],
    ),
    # parties
    "a country that sent a speaker only is not counted": (
        (SetCells("events", FORUM, {"country_count": "1"}), SetCells("participants", DELEGATION, {"role": "speaker"})),
        [],
    ),
    "a line that names nobody does not hide a party that stands twice": (
        (
            SetCells("participants", DELEGATION, {"country_code": ""}),
            SetCells(
                "participants",
                "lao-forum-2023-4",
                {"country_code": "", "organisation_id": VOLTA, "person_name": "Jane Roe", "role": "speaker"},
            ),
        ),
        ["participant-nobody-named", "participant-duplicate"],
    ),
    "two posts of one country are two parties": (
        (
            SetCells("participants", DELEGATION, {"post": "Minister"}),
            SetCells("participants", "lao-forum-2023-4", {"country_code": "VNM", "post": "Director"}),
        ),
        [],
    ),
    "a currency needs an amount": (
        (SetCells("participants", "lao-forum-2023-2", {"amount": "", "currency": "USD"}),),
        ["amount-without-currency"],
    ),
    "a country that was invited only is not counted": (
        (
            SetCells("events", FORUM, {"country_count": "1"}),
            SetCells("participants", DELEGATION, {"attendance": "invited"}),
        ),
        [],
    ),
    "an organisation with two names of another is reported once": (
        (
            SetCells(
                "organisations",
                VOLTA,
                {"name": "Ministry of Energy and Mines", "aliases": "Ministry of Energy & Mines"},
            ),
        ),
        ["organisation-kind-of-name", "organisation-name-duplicate"],
    ),
    # policies
    "a policy does not end before it is adopted": (
        (SetCells("policies", POLICY, {"start_year": "", "end_year": "2020"}),),
        ["policy-end-before-start"],
    ),
    "a policy may end in the year of its adoption": (
        (SetCells("policies", POLICY, {"start_year": "", "end_year": "2021"}),),
        [],
    ),
    "a share in a wrong unit is a wrong unit and no share": (
        (target(LATER, unit="vehicles", value="140"),),
        ["target-unit-not-of-metric"],
    ),
    "a share may be zero": ((target(NEW, value="0"), target(LATER, value="0")), []),
    "a successor that cannot be read may be the one that is missing": (
        (
            Text(
                "data/policy_targets.csv",
                "\nlao-2023-car-stock-share-2030,",
                "\nlao-2023-car-stock-share-2030,,",
            ),
        ),
        ["row-ragged"],
    ),
    "a superseded target has a successor": ((target(NEW, supersedes_id=""),), ["target-superseded-status"]),
    "numbers of vehicles may fall": (
        (target(NEW, metric="stock", unit="vehicles"), target(LATER, metric="stock", unit="vehicles", value="20")),
        [],
    ),
    "a limit from above may fall": (
        (target(NEW, comparator="at_most"), target(LATER, comparator="at_most", value="20")),
        [],
    ),
    "targets of no policy are no path": ((target(NEW, policy_id=""), target(LATER, policy_id="", value="20")), []),
    "a lower share in the same year is a contradiction and no fall": (
        (target(LATER, target_year="2030", value="20"),),
        ["target-active-twice"],
    ),
    "equal targets do not contradict each other, but are one": (
        (target(LATER, target_year="2030", value="25"),),
        ["record-twice"],
    ),
    "a range contradicts a single value": (
        (target(LATER, target_year="2030", value="25", value_max="30"),),
        ["target-active-twice"],
    ),
    "a number of vehicles in percent is a wrong unit and no share": (
        (target(LATER, metric="stock", unit="percent", value="140"),),
        ["target-unit-not-of-metric"],
    ),
    "a share is not a little above 100": ((target(LATER, value="100.5"),), ["target-share-above-100"]),
    "stations are not counted in points": (
        (target(POINTS, metric="charging_stations"),),
        ["target-unit-not-of-metric"],
    ),
    "a range of one value is none": ((target(LATER, value_max="40"),), ["target-range-of-one"]),
    "a superseded target is not active": (
        (target(OLD, status="active"),),
        ["target-superseded-status", "target-active-twice"],
    ),
    "a value that is no number is that and nothing else": ((target(LATER, value="many"),), ["cell-type"]),
    # sources
    "a source may be read on the day it is published": (
        (SetCells("sources", HERALD, {"published_date": "2026-01-15"}),),
        [],
    ),
    # privacy
    "a code that looks like a telephone number is none": ((SetCells("events", FORUM, {"series": "555-555-0199"}),), []),
    "a telephone number after a word in capitals is found": (
        (SetCells("events", FORUM, {"summary": "TEL. 5550199"}),),
        ["privacy-phone"],
    ),
}


@pytest.mark.parametrize("case", some(CASES, 8))
def test_beside_the_examples(case: str, tmp_path: Path) -> None:
    edits, expected = CASES[case]
    report = check(tmp_path, *edits)
    found = [
        issue.rule
        for issue in report.issues
        if (issue.severity != "info" and not issue.rule.endswith("-kind")) or issue.rule in expected
    ]
    assert found == expected, str(report)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (
            "lao-form-2023",
            "there is no record 'lao-form-2023' in events; did you mean lao-forum-2023 or lao-forum-2022?",
        ),
        ("qqq", "there is no record 'qqq' in events"),
    ],
)
def test_a_record_of_a_similar_name_is_proposed_if_there_is_one(record: str, message: str, tmp_path: Path) -> None:
    key = f"events|{record}|city|ministry-2023-forum|p4"
    report = check(tmp_path, SetCells("claims", key, {"value": "Vientiane", "basis": "stated", "rank": "normal"}))
    assert [issue.message for issue in report.issues] == [message]


def test_the_second_successor_is_told_the_first(tmp_path: Path) -> None:
    [issue] = check(tmp_path, target(LATER, supersedes_id=OLD)).issues
    assert issue.message == f"{OLD} is already superseded by {NEW}"


def test_the_contradicted_target_is_told(tmp_path: Path) -> None:
    [issue] = check(tmp_path, target(LATER, target_year="2030")).issues
    assert issue.message == f"is 40, but {NEW} says 25 for the same scope and year"


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (SetCells("policies", POLICY, {"country_code": ""}), "neither"),
        (target(POINTS, group_id="eco"), "both"),
        (SetCells("memberships", MEMBER, {"country_code": ""}), "neither"),
    ],
    ids=["policy", "target", "membership"],
)
def test_a_wrong_scope_is_told_as_both_or_neither(edit: Edit, found: str, tmp_path: Path) -> None:
    [issue] = check(tmp_path, edit).issues
    assert f"has {found} of " in issue.message


def test_all_cells_that_equal_the_examples_are_named(tmp_path: Path) -> None:
    [issue] = check(tmp_path, EXAMPLES).issues
    assert issue.message == "is the example of the documentation, as author of this record"


@pytest.mark.parametrize(("port", "kept"), [("", ""), (":80", ""), (":443", ""), (":8080", ":8080")])
def test_the_usual_ports_make_no_other_address(port: str, kept: str) -> None:
    assert normal_url(f"https://example.org{port}/forum") == f"example.org{kept}/forum"


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("https://user@example.org/forum", "example.org/forum"),
        ("https://example.org/forum?page=2", "example.org/forum?page=2"),
        ("https://example.org/forum?page=", "example.org/forum?page="),
        ("https://[example.org/forum", None),
        ("https://example.org:port/forum", None),
    ],
)
def test_an_address_keeps_what_makes_another_page(address: str, normal: str | None) -> None:
    assert normal_url(address) == normal
