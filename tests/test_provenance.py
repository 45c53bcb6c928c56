from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import evcollab
from evcollab import provenance
from evcollab.contributions.formatting import format_package

FORUM = ("events", "lao-ev-forum-2023")


def test_the_claims_on_a_record_come_with_their_sources(ds: evcollab.Dataset) -> None:
    claims = ds.claims_for(*FORUM)
    assert {"*", "start_date"} <= set(claims["field"])
    assert not claims[["url", "publisher", "tier", "locator"]].isna().any().any()


def test_the_claims_on_a_cell_are_its_own_and_those_on_the_row(ds: evcollab.Dataset) -> None:
    assert set(ds.claims_for(*FORUM, "start_date")["field"]) == {"*", "start_date"}
    assert set(ds.claims_for(*FORUM, "country_code")["field"]) == {"*"}


def test_the_preferred_claim_comes_first(ds: evcollab.Dataset) -> None:
    dates = ds.claims_for(*FORUM, "start_date")
    assert dates[dates["field"] == "start_date"].iloc[0]["rank"] == "preferred"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("event", "x"), "did you mean events"),
        (("events", "lao-ev-forum-2024"), "did you mean lao-ev-forum-202"),
        ((*FORUM, "startdate"), "did you mean start_date"),
    ],
)
def test_a_misspelt_name_gets_near_matches(ds: evcollab.Dataset, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(evcollab.UnknownNameError, match=message):
        ds.claims_for(*arguments)


def test_the_two_dates_of_the_lao_forum_are_a_conflict(ds: evcollab.Dataset) -> None:
    conflicts = ds.conflicts()
    forum = conflicts[(conflicts["record_id"] == FORUM[1]) & (conflicts["field"] == "start_date")]
    assert dict(zip(forum["value"], forum["shown"], strict=True)) == {"2023-07-07": True, "2023-07-11": False}


def test_in_each_conflict_the_cell_stands_first_and_values_differ(ds: evcollab.Dataset) -> None:
    for (table, record, field), group in ds.conflicts().groupby(["table_name", "record_id", "field"]):
        assert group["value"].nunique() > 1
        assert group["shown"].iloc[0]
        assert ds.record(str(table), str(record))[str(field)] == group["value"].iloc[0]


def add_claim(package: Path, line: str) -> None:
    with (package / "data" / "claims.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(line + "\n")
    format_package(package)


SOURCE = "voa-lao-report-on-the-second-electric-vehicle"
EXACT = "bdi-electric-mobility-awareness-workshop-2023-07"


def test_a_claim_against_a_cell_that_only_the_row_supports_is_a_conflict(package: Path) -> None:
    add_claim(package, f"events,lao-ev-forum-2023,country_code,THA,{SOURCE},p9,stated,normal,")
    conflicts = evcollab.load(package).conflicts()
    found = conflicts[(conflicts["record_id"] == FORUM[1]) & (conflicts["field"] == "country_code")]
    assert found["value"].tolist() == ["LAO", "THA"]
    assert found["source_id"].isna().tolist() == [True, False]


def test_a_deprecated_claim_is_no_conflict(package: Path) -> None:
    before = conflicting(package)
    add_claim(package, f"events,lao-ev-forum-2023,country_code,THA,{SOURCE},p9,stated,deprecated,a slip")
    assert conflicting(package) == before


def test_a_claim_that_agrees_is_no_conflict(package: Path) -> None:
    before = conflicting(package)
    add_claim(package, f"events,lao-ev-forum-2023,country_code,LAO,{SOURCE},p9,stated,normal,")
    assert conflicting(package) == before


@pytest.mark.parametrize(("said", "more"), [("2023", 0), ("2023-07", 0), ("2023-08", 1), ("2022", 1)])
def test_a_date_that_is_only_less_exact_is_no_conflict(package: Path, said: str, more: int) -> None:
    before = len(conflicting(package))
    add_claim(package, f"events,{EXACT},start_date,{said},{SOURCE},p9,stated,normal,")
    assert len(conflicting(package)) == before + more


def conflicting(package: Path) -> set[tuple[str, str]]:
    found = evcollab.load(package).conflicts()
    return set(zip(found["record_id"], found["field"], strict=True))


def test_the_data_set_is_cited_with_version_and_licence(ds: evcollab.Dataset) -> None:
    assert ds.version in ds.cite()
    assert "CC-BY-4.0" in ds.cite()


def test_a_record_is_cited_by_its_sources(ds: evcollab.Dataset) -> None:
    citation = ds.cite(*FORUM)
    assert "https://lao.voanews.com/a/7177224.html" in citation
    assert len(citation.splitlines()) == ds.claims_for(*FORUM)["source_id"].nunique()


RANKS = pd.CategoricalDtype(["deprecated", "normal", "preferred"], ordered=True)
TIERS = pd.CategoricalDtype(["tertiary", "secondary", "primary"], ordered=True)
CLAIM = ["field", "value", "rank", "source_id"]


def frame_of(*claims: tuple[str, str, str, str]) -> pd.DataFrame:
    """Claims on one record."""
    frame = pd.DataFrame([dict(zip(CLAIM, claim, strict=True)) for claim in claims])
    frame = frame.assign(table_name="events", record_id="forum", basis="stated", locator="p1", note="")
    return frame.astype({"rank": RANKS})


def test_claims_are_in_the_order_of_cell_rank_tier_and_source() -> None:
    claims = frame_of(
        ("venue", "x", "preferred", "a"),
        ("city", "x", "normal", "d"),
        ("city", "x", "normal", "c"),
        ("city", "x", "normal", "b"),
        ("city", "x", "preferred", "d"),
        ("*", "", "deprecated", "d"),
    )
    tiers = {"a": "primary", "b": "secondary", "c": "primary", "d": "primary"}
    sources = pd.DataFrame({"source_id": list(tiers), "tier": pd.Series(tiers.values(), dtype=TIERS)})
    sources = sources.assign(title="", publisher="", url="", published_date="")
    found = provenance.claims_for(claims, sources, "events", "forum")
    assert list(zip(found["field"], found["source_id"], strict=True)) == [
        ("*", "d"),
        *(("city", source) for source in ("d", "c", "d", "b")),
        ("venue", "a"),
    ]
    assert found.index.tolist() == list(range(6))


@pytest.mark.parametrize(
    ("cell", "claims", "found"),
    [
        ("", [("city", "A", "normal", "b"), ("city", "B", "normal", "a")], [("B", False), ("A", False)]),
        ("", [("city", "A", "normal", "a"), ("city", "B", "preferred", "b")], [("B", False), ("A", False)]),
        ("A", [("city", "B", "preferred", "a")], [("A", True), ("B", False)]),
        ("A", [("city", "B", "preferred", "a"), ("city", "A", "normal", "b")], [("A", True), ("B", False)]),
        ("", [("city", "A", "normal", "a")], []),
        ("A", [("city", "B", "deprecated", "a")], []),
        ("A", [("*", "", "normal", "a")], []),
        ("2023-07-07", [("city", "2023-07", "normal", "a"), ("city", "2023", "normal", "b")], []),
        ("2023-07", [("city", "2023-0", "normal", "a")], [("2023-07", True), ("2023-0", False)]),
        ("A-1", [("city", "A", "normal", "a")], [("A-1", True), ("A", False)]),
    ],
)
def test_conflicts_are_the_values_that_exclude_each_other_the_cell_first(
    cell: str, claims: list[tuple[str, str, str, str]], found: list[tuple[str, bool]]
) -> None:
    conflicts = provenance.conflicts(frame_of(*claims), lambda table, record: {"city": cell})
    assert list(zip(conflicts["value"], conflicts["shown"], strict=True)) == found


@pytest.mark.parametrize(
    ("earlier", "later", "disputed"),
    [
        (("announced", "2023-05"), ("held", "2023-08-01"), False),
        (("announced", ""), ("held", "2023-08-01"), False),
        (("announced", "2023-08"), ("held", "2023-08-01"), False),
        (("announced", "2024"), ("held", "2023-08-01"), True),
        (("cancelled", "2023-05"), ("held", "2023-08-01"), True),
    ],
)
def test_a_state_that_passed_is_no_conflict(earlier: tuple[str, str], later: tuple[str, str], disputed: bool) -> None:
    said = dict([earlier, later])
    claims = [("status", value, "preferred" if value == "held" else "normal", value) for value in said]
    rows = {value: {"published_date": day} for value, day in said.items()}
    found = provenance.conflicts(
        frame_of(*claims),
        lambda table, record: rows[record] if table == "sources" else {"status": "held"},
        {("events", "status", "announced")},
    )
    assert bool(len(found)) == disputed
