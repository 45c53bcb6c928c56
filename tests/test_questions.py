from __future__ import annotations

import datetime as dt
import itertools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evcollab
from evcollab import cli, csvfile, names, search

from .conftest import ROOT
from .validation import packages

Make = Callable[..., evcollab.Dataset]


@pytest.fixture(scope="module")
def ds(part: Path) -> evcollab.Dataset:
    """The shipped register; in a quick run a part of it."""
    return evcollab.load(part)


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Makes a data set of its own out of a few rows: table → rows of filled cells."""
    shell = tmp_path_factory.mktemp("questions")
    shutil.copy(ROOT / "datapackage.json", shell)
    shutil.copytree(ROOT / "schemas", shell / "schemas")
    (shell / "data").mkdir()
    shipped = evcollab.load(ROOT).package
    shutil.copy(ROOT / shipped.files["countries"], shell / "data")

    def build(**tables: list[dict[str, Any]]) -> evcollab.Dataset:
        for table, schema in shipped.schemas.items():
            if table == "countries":
                continue
            header = list(schema.fields)
            rows = [[str(row.get(column, "")) for column in header] for row in tables.get(table, [])]
            (shell / shipped.files[table]).write_text(csvfile.write(header, rows), encoding="utf-8", newline="")
        return evcollab.load(packages.refresh(shell))

    return build


def event(key: str = "e", **cells: Any) -> dict[str, Any]:
    return {"event_id": key, "name": key, "kind": "workshop", "start_date": "2023-05", "status": "held", **cells}


def line(event: str = "e", **cells: Any) -> dict[str, Any]:
    line.number += 1  # type: ignore[attr-defined]
    return {"participant_id": f"{event}-{line.number}", "event_id": event, "role": "participant", **cells}  # type: ignore[attr-defined]


line.number = 0  # type: ignore[attr-defined]


def body(name: str, kind: str, **cells: Any) -> dict[str, Any]:
    return {"organisation_id": name, "name": name.title(), "kind": kind, **cells}


def member(group: str, country: str, **cells: Any) -> dict[str, Any]:
    key = f"{group}-{country.lower()}"
    return {"membership_id": key, "group_id": group, "country_code": country, "role": "member", **cells}


def target(name: str, **cells: Any) -> dict[str, Any]:
    common = {"country_code": "PAK", "metric": "sales_share", "value": 30, "unit": "percent", "target_year": 2030}
    return {"target_id": name, **common, "vehicle_category": "car", "powertrain": "ev", "status": "active", **cells}


def pairs(frame: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(frame["a"], frame["b"], strict=True))


# Who met whom


def test_countries_at_one_event_met(make: Make) -> None:
    ds = make(events=[event()], participants=[line(country_code=code) for code in ("PAK", "LAO", "KOR")])
    met = ds.collaborations()
    assert pairs(met) == {("KOR", "LAO"), ("KOR", "PAK"), ("LAO", "PAK")}
    assert met["event_ids"].tolist() == [["e"]] * 3


def test_whom_one_country_met_is_asked_by_any_of_its_names(make: Make) -> None:
    ds = make(events=[event()], participants=[line(country_code=code) for code in ("PAK", "LAO", "KOR")])
    assert pairs(ds.collaborations(country="Laos")) == {("KOR", "LAO"), ("LAO", "PAK")}
    with pytest.raises(evcollab.EvcollabError, match="pairs of countries"):
        ds.collaborations("organisations", country="Laos")


def test_the_columns_of_collaborations_have_the_documented_dtypes(make: Make) -> None:
    empty = make().collaborations()
    assert {name: str(dtype) for name, dtype in empty.dtypes.items()} == {
        "a": "str", "b": "str", "events": "Int64", "event_ids": "object",
    }  # fmt: skip


def test_a_line_without_a_country_speaks_of_the_country_of_a_national_body(make: Make) -> None:
    ds = make(
        events=[event()],
        organisations=[body("ministry", "government", country_code="LAO"), body("club", "ngo", country_code="USA")],
        participants=[line(organisation_id="ministry"), line(organisation_id="club"), line(country_code="PAK")],
    )
    assert pairs(ds.collaborations()) == {("LAO", "PAK")}
    assert pairs(ds.collaborations("organisations")) == {("club", "ministry")}


def test_neither_the_place_nor_an_invitation_makes_a_party(make: Make) -> None:
    ds = make(
        events=[event(country_code="IND")],
        participants=[
            line(country_code="PAK"),
            line(country_code="LAO", role="target_group"),
            line(country_code="KOR", attendance="invited"),
        ],
    )
    assert ds.parties()["party"].tolist() == ["PAK"]


def test_an_event_that_was_only_announced_is_no_collaboration_unless_asked_for(make: Make) -> None:
    ds = make(
        events=[event(status="announced")],
        participants=[line(country_code="PAK", attendance="expected"), line(country_code="LAO")],
    )
    assert ds.collaborations().empty
    assert pairs(ds.collaborations(status=["announced"], attendance=["expected"])) == {("LAO", "PAK")}


def test_only_the_roles_asked_for_count(make: Make) -> None:
    ds = make(
        events=[event()],
        participants=[line(country_code="PAK", role="trainer"), line(country_code="LAO", role="host")],
    )
    assert ds.parties(roles=["trainer"])["party"].tolist() == ["PAK"]


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        ("2023-05-31", None, True),
        ("2023-06", None, False),
        (None, "2023-05-01", True),
        (None, "2023-04", False),
        ("2023", dt.date(2023, 12, 31), True),
    ],
)
def test_an_event_known_to_the_month_may_be_any_day_of_it(
    make: Make, since: str | None, until: Any, counts: bool
) -> None:
    ds = make(events=[event(start_date="2023-05")], participants=[line(country_code="PAK")])
    assert bool(len(ds.parties(since=since, until=until))) is counts


def test_a_bloc_is_expanded_by_membership_at_the_time_and_counts_no_country_twice(make: Make) -> None:
    ds = make(
        events=[event(start_date="2023-05-02")],
        organisations=[body("asean", "country_group")],
        memberships=[
            member("asean", "LAO", start_date="1997"),
            member("asean", "VNM"),
            member("asean", "TLS", start_date="2025-10-26"),
            member("asean", "THA", start_date="1967", end_date="2022"),
        ],
        participants=[line(organisation_id="asean"), line(country_code="LAO"), line(country_code="KOR")],
    )
    assert ds.parties()["party"].tolist() == ["KOR", "LAO"]
    assert ds.parties(expand_groups=True)["party"].tolist() == ["KOR", "LAO", "VNM"]


CODES = st.sampled_from(["CHN", "DEU", "IND", "LAO", "PAK"])
MEETINGS = st.dictionaries(st.sampled_from(["e1", "e2", "e3", "e4"]), st.lists(CODES, max_size=6), max_size=4)


@given(meetings=MEETINGS)
def test_pairs_are_ordered_and_each_event_of_a_pair_is_counted_once(make: Make, meetings: dict[str, list[str]]) -> None:
    ds = make(
        events=[event(name) for name in meetings],
        participants=[line(name, country_code=code) for name, codes in meetings.items() for code in codes],
    )
    met = ds.collaborations()
    expected: dict[tuple[str, str], list[str]] = {}
    for name, codes in sorted(meetings.items()):
        for pair in itertools.combinations(sorted(set(codes)), 2):
            expected.setdefault(pair, []).append(name)
    found = {(row.a, row.b): row.event_ids for row in met.itertuples()}
    assert found == expected
    assert (met["a"] < met["b"]).all()
    assert met["events"].tolist() == [len(ids) for ids in met["event_ids"]]
    assert met["events"].is_monotonic_decreasing


def test_a_year_as_a_number_and_a_single_role_are_understood(make: Make) -> None:
    ds = make(events=[event()], participants=[line(country_code="PAK", role="trainer"), line(country_code="LAO")])
    assert ds.parties(roles="trainer", since=2023, status="held", attendance="confirmed")["party"].tolist() == ["PAK"]
    assert ds.parties(since=2024).empty


def test_a_misspelt_role_gets_near_matches(ds: evcollab.Dataset) -> None:
    with pytest.raises(evcollab.UnknownNameError, match="did you mean trainer"):
        ds.parties(roles=["trainr"])


def test_parties_are_countries_or_organisations_and_nothing_else(ds: evcollab.Dataset) -> None:
    with pytest.raises(evcollab.EvcollabError, match="expected 'countries' or 'organisations'"):
        ds.parties("people")  # type: ignore[arg-type]


# Who pays


def test_a_donor_at_an_event_pays_for_its_recipients(make: Make) -> None:
    ds = make(
        events=[event(programme_id="green", country_code="KGZ")],
        organisations=[body("koica", "public_agency", country_code="KOR"), body("green", "programme")],
        participants=[
            line(organisation_id="koica", role="donor", amount=100, currency="USD"),
            line(country_code="KGZ", role="recipient"),
            line(country_code="PAK"),
        ],
    )
    paid = ds.funding().iloc[0]
    assert (paid["funder_id"], paid["funder_country"], paid["programme_id"]) == ("koica", "KOR", "green")
    assert (paid["beneficiaries"], paid["beneficiaries_from"]) == (["KGZ"], "recipient")
    assert (paid["amount"], paid["currency"]) == (100, "USD")


def test_those_who_were_only_invited_are_not_taken_for_those_who_came(make: Make) -> None:
    came, asked = line(country_code="LAO"), line(country_code="KGZ", attendance="invited")
    group, payer = line(country_code="PAK", role="target_group"), line(organisation_id="koica", role="funder")

    def told(*lines: dict[str, Any]) -> tuple[list[str], str]:
        ds = make(
            events=[event(country_code="KEN")],
            organisations=[body("koica", "public_agency", country_code="KOR")],
            participants=[payer, *lines],
        )
        [paid] = ds.funding().to_dict("records")
        return paid["beneficiaries"], paid["beneficiaries_from"]

    assert told(came, asked, group) == (["LAO"], "participant")
    assert told(asked, group) == (["KGZ", "PAK"], "invited")
    assert told() == (["KEN"], "place")


def test_without_recipients_the_place_benefits_but_never_the_payers_own_country(make: Make) -> None:
    ds = make(
        events=[event("abroad", country_code="LAO"), event("home", country_code="KOR")],
        organisations=[body("koica", "public_agency", country_code="KOR")],
        participants=[line(name, organisation_id="koica", role="funder") for name in ("abroad", "home")],
    )
    found = ds.funding().set_index("event_id")
    assert found.loc["abroad", "beneficiaries"] == ["LAO"]
    assert found.loc["home", "beneficiaries"] == []


def test_a_funder_among_the_memberships_pays_for_the_countries_in_the_programme(make: Make) -> None:
    ds = make(
        organisations=[body("gef", "foundation"), body("programme", "programme")],
        memberships=[
            {"membership_id": "1", "group_id": "programme", "organisation_id": "gef", "role": "funder", "amount": 5},
            member("programme", "CPV", role="participating_country"),
        ],
    )
    paid = ds.funding().iloc[0]
    assert (paid["programme_id"], paid["beneficiaries"], paid["amount"]) == ("programme", ["CPV"], 5)


def test_the_same_money_is_counted_once(make: Make) -> None:
    gef = {"organisation_id": "gef", "role": "funder", "currency": "USD"}
    ds = make(
        events=[event("launch"), event("signing")],
        organisations=[body("gef", "foundation"), body("programme", "programme")],
        memberships=[{"membership_id": "m", "group_id": "programme", "amount": 33, **gef}],
        participants=[
            line("launch", amount=33, same_money_id="m", **gef),
            line("signing", amount=6, **gef),
            line("signing", organisation_id="gef", role="funder"),
        ],
    )
    assert sorted(ds.funding()["counted"]) == [False, False, True, True]
    total = ds.funding(total=True)
    assert total[["funder_id", "currency", "amount", "statements"]].values.tolist() == [["gef", "USD", 39, 2]]


# Members


def test_members_are_those_of_the_day(make: Make) -> None:
    ds = make(
        organisations=[body("eco", "country_group", short_name="ECO")],
        memberships=[
            member("eco", "IRN", start_date="1985"),
            member("eco", "AZE", start_date="1992-11-28"),
            member("eco", "AFG", end_date="1990-06"),
            member("eco", "TUR"),
        ],
    )
    found = ds.members("ECO", on="1985-03-01").set_index("country_code")["certain"]
    assert found.to_dict() == {"IRN": False, "AFG": False, "TUR": False}
    found = ds.members("eco", on="1995").set_index("country_code")["certain"]
    assert found.to_dict() == {"IRN": True, "AZE": True, "TUR": False}
    assert set(ds.members("eco")["country_code"]) == {"IRN", "AZE", "TUR"}


def test_the_founding_records_of_asean_know_when_a_member_joined(ds: evcollab.Dataset) -> None:
    assert "TLS" not in set(ds.members("ASEAN", on="2023-07-07")["country_code"])
    assert "TLS" in set(ds.members("asean", on=dt.date(2026, 1, 1))["country_code"])


def test_a_misspelt_group_gets_near_matches(ds: evcollab.Dataset) -> None:
    with pytest.raises(evcollab.UnknownNameError, match="did you mean asean"):
        ds.members("aseann")


def test_a_day_that_is_no_date_is_refused(ds: evcollab.Dataset) -> None:
    with pytest.raises(evcollab.EvcollabError, match="expected a date as YYYY"):
        ds.members("asean", on="last year")


# Targets


CHAIN = [
    target("uk-2030", announced_date="2020-11-18", status="superseded"),
    target("uk-2035", announced_date="2023-09-20", status="superseded", supersedes_id="uk-2030", target_year=2035),
    target("uk-again", announced_date="2025-04", supersedes_id="uk-2035"),
]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (None, ["uk-again"]),
        ("2019", []),
        ("2020-12-01", ["uk-2030"]),
        ("2023-09-19", ["uk-2030"]),
        ("2023-09-20", ["uk-2035"]),
        ("2025-04-15", ["uk-again"]),
        (dt.date(2026, 1, 1), ["uk-again"]),
    ],
)
def test_the_version_of_the_day_is_in_force(make: Make, on: Any, expected: list[str]) -> None:
    assert make(policy_targets=CHAIN).targets(on)["target_id"].tolist() == expected


def test_a_target_announced_in_a_month_is_certain_from_its_end(make: Make) -> None:
    ds = make(policy_targets=CHAIN)
    assert ds.targets("2025-04-15")["certain"].tolist() == [False]
    assert ds.targets("2025-05-01")["certain"].tolist() == [True]


def test_a_withdrawn_target_is_in_force_until_its_end_is_reported(make: Make) -> None:
    claim = {"table_name": "policy_targets", "record_id": "t", "source_id": "s", "locator": "p1", "basis": "stated"}
    ds = make(
        policy_targets=[target("t", announced_date="2020", status="withdrawn"), target("u", status="lapsed")],
        sources=[{"source_id": "s", "title": "s", "tier": "secondary", "published_date": "2023-02-01"}],
        claims=[{**claim, "field": "status", "value": "withdrawn", "rank": "normal"}],
    )
    assert ds.targets("2022")["target_id"].tolist() == ["t"]
    assert ds.targets("2023-02-01").empty
    assert ds.targets().empty


def test_an_undated_target_begins_with_its_policy(make: Make) -> None:
    ds = make(
        policies=[{"policy_id": "p", "name": "Plan", "country_code": "PAK", "kind": "plan", "adopted_date": "2021-03"}],
        policy_targets=[target("t", policy_id="p")],
    )
    assert ds.targets("2021-02").empty
    found = ds.targets("2021-04").iloc[0]
    assert (found["policy"], found["policy_kind"], found["certain"]) == ("Plan", "plan", True)


@st.composite
def chains(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Versions of targets, each superseding one before it or none."""
    count = draw(st.integers(1, 6))
    days = st.dates(dt.date(2015, 1, 1), dt.date(2025, 12, 31)).map(str)
    dates = days | days.map(lambda day: day[:7]) | days.map(lambda day: day[:4]) | st.just("")
    rows = []
    for number in range(count):
        older = draw(st.none() | st.integers(0, number - 1)) if number else None
        status = draw(st.sampled_from(["active", "superseded", "withdrawn"]))
        row = target(f"t{number}", announced_date=draw(dates), status=status)
        rows.append(row if older is None else {**row, "supersedes_id": f"t{older}"})
    return rows


@given(rows=chains(), on=st.dates(dt.date(2014, 1, 1), dt.date(2026, 12, 31)))
def test_no_version_is_ever_in_force_together_with_one_that_supersedes_it(
    make: Make, rows: list[dict[str, Any]], on: dt.date
) -> None:
    older = {row["target_id"]: row.get("supersedes_id") for row in rows}
    found = set(make(policy_targets=rows).targets(on)["target_id"])
    for one in found:
        while (one := older[one]) is not None:
            assert one not in found


def test_targets_of_one_country_are_found_by_code_and_name(make: Make) -> None:
    ds = make(policy_targets=[target("t"), target("u", country_code="LAO")])
    assert ds.targets(country="PAK")["target_id"].tolist() == ["t"]
    assert ds.targets(country="pakistan")["target_id"].tolist() == ["t"]
    with pytest.raises(evcollab.UnknownNameError, match="did you mean Pakistan"):
        ds.targets(country="Pakistn")


def test_a_target_that_binds_each_member_is_listed_per_member_and_a_collective_one_is_not(make: Make) -> None:
    group = {"country_code": "", "group_id": "club", "announced_date": "2021"}
    ds = make(
        organisations=[body("club", "initiative")],
        memberships=[member("club", "PAK", start_date="2020"), member("club", "LAO", start_date="2024")],
        policy_targets=[target("each", **group), target("sum", collective="true", **group)],
    )
    found = ds.targets("2022", expand_groups=True)
    rows = zip(found["target_id"], found["country_code"].fillna(""), strict=True)
    assert sorted(rows) == [("each", "PAK"), ("sum", "")]
    assert ds.targets("2022", country="PAK", expand_groups=True)["target_id"].tolist() == ["each"]


@pytest.mark.parametrize(
    ("direction", "value", "year", "newer"),
    [
        ("raised", "up", "same", {"value": 40}),
        ("lowered", "down", "same", {"value": 20}),
        ("delayed", "same", "later", {"target_year": 2035}),
        ("advanced", "same", "sooner", {"target_year": 2028}),
        ("unchanged", "same", "same", {}),
        ("raised", "up", "sooner", {"value": 40, "target_year": 2028}),
        ("lowered", "down", "later", {"value": 20, "target_year": 2035}),
        ("mixed", "up", "later", {"value": 100, "target_year": 2040}),
        ("mixed", "down", "sooner", {"value": 20, "target_year": 2028}),
    ],
)
def test_a_change_is_named_by_value_and_year(
    make: Make, direction: str, value: str, year: str, newer: dict[str, Any]
) -> None:
    rows = [target("old", announced_date="2020"), target("new", announced_date="2022", supersedes_id="old", **newer)]
    found = make(policy_targets=rows).target_history().iloc[0]
    assert (found["older_id"], found["newer_id"], found["direction"]) == ("old", "new", direction)
    assert (found["value_direction"], found["year_direction"], found["comparable"]) == (value, year, True)


def test_less_is_more_for_a_target_of_at_most(make: Make) -> None:
    older = target("old", comparator="at_most")
    newer = target("new", comparator="at_most", value=10, supersedes_id="old")
    assert make(policy_targets=[older, newer]).target_history()["direction"].tolist() == ["raised"]


@pytest.mark.parametrize(
    ("older", "newer", "scope"),
    [
        ({}, {"vehicle_category": "bus"}, ["vehicle_category"]),
        ({"powertrain": "bev"}, {"powertrain": "xev", "city": "Lahore"}, ["powertrain", "city"]),
        ({}, {"area": "urban"}, ["area"]),
        ({}, {"comparator": "at_most"}, ["comparator"]),
        ({"powertrain": "ev"}, {"powertrain": "bev"}, []),
    ],
)
def test_versions_of_another_scope_have_a_direction_but_are_not_comparable(
    make: Make, older: dict[str, Any], newer: dict[str, Any], scope: list[str]
) -> None:
    rows = [target("old", **older), target("new", supersedes_id="old", target_year=2035, **newer)]
    found = make(policy_targets=rows).target_history().iloc[0]
    assert (found["scope"], found["comparable"], found["direction"]) == (scope, not scope, "delayed")


def test_values_of_different_units_have_no_direction_but_their_years_have(make: Make) -> None:
    rows = [
        target("old"),
        target("new", supersedes_id="old", metric="stock", unit="vehicles", value=9, target_year=2040),
    ]
    found = make(policy_targets=rows).target_history().iloc[0]
    assert pd.isna(found["direction"])
    assert pd.isna(found["value_direction"])
    assert found["year_direction"] == "later"


def test_the_best_known_delay_is_told_as_one_and_so_is_its_return(ds: evcollab.Dataset) -> None:
    cars = ds.target_history(country="UK", level="national").query("vehicle_category == 'car'")
    assert cars.set_index("newer_id")["direction"].reindex(
        ["gbr-2020-11-car-sales-share-2030", "gbr-2023-car-sales-share-2035", "gbr-2025-car-sales-share-2030"]
    ).tolist() == ["advanced", "delayed", "advanced"]


def test_a_history_tells_how_binding_both_versions_are(make: Make) -> None:
    rows = [target("old", strength="ambition"), target("new", strength="law", supersedes_id="old")]
    found = make(policy_targets=rows).target_history().iloc[0]
    assert (found["older_strength"], found["newer_strength"]) == ("ambition", "law")


def test_a_state_or_a_city_is_never_mistaken_for_its_country(make: Make) -> None:
    state, city = {"country_code": "CAN", "subdivision_code": "CA-BC"}, {"country_code": "JPN", "city": "Tokyo"}
    group = {"country_code": "", "group_id": "club"}
    rows = [
        target(
            f"{name}-{year}", value=100, target_year=year, supersedes_id=f"{name}-2030" if year == 2035 else "", **of
        )
        for name, of in {"state": state, "city": city, "land": {}, "group": group}.items()
        for year in (2030, 2035)
    ]
    ds = make(organisations=[body("club", "country_group")], policy_targets=rows)
    for level, name in {"national": "land", "subdivision": "state", "city": "city", "group": "group"}.items():
        assert ds.targets(level=level)["target_id"].tolist() == [f"{name}-2030", f"{name}-2035"]
        assert ds.target_history(level=level)["newer_id"].tolist() == [f"{name}-2035"]
        assert set(ds.phase_outs(level=level)["level"]) == {level}
    assert len(ds.targets()) == 8
    with pytest.raises(evcollab.EvcollabError, match="expected one of group, national"):
        ds.targets(level="state")


def test_phase_outs_of_whole_countries_hold_no_state_and_no_city(ds: evcollab.Dataset) -> None:
    found = ds.phase_outs(level="national")
    assert len(found)
    assert found[["subdivision_code", "city", "group_id"]].isna().all(axis=None)


def test_how_fresh_a_status_is_is_the_latest_day_of_its_sources(make: Make) -> None:
    claim = {"table_name": "policy_targets", "field": "*", "locator": "p1", "basis": "stated", "rank": "normal"}
    sources = [("old", "2019-05-02", ""), ("new", "2024", ""), ("undated", "", "2026-01-15")]
    ds = make(
        policy_targets=[target("t"), target("u")],
        sources=[{"source_id": key, "title": key, "tier": "primary", "published_date": day, "accessed_date": read}
                 for key, day, read in sources],
        claims=[claim | {"record_id": record, "source_id": key}
                for record, key in [("t", "old"), ("t", "new"), ("u", "undated")]],
    )  # fmt: skip
    days = ds.targets().set_index("target_id")["status_as_of"].dt.strftime("%Y-%m-%d")
    assert days.to_dict() == {"t": "2024-12-31", "u": "2026-01-15"}


def test_a_phase_out_is_all_of_new_sales_and_says_what_is_still_allowed(make: Make) -> None:
    ds = make(
        policy_targets=[
            target("clean", value=100, powertrain="zev", target_year=2035),
            target("mild", value=100, powertrain="xev", target_year=2030),
            target("most", value=90),
            target("fleet", value=100, metric="fleet_share"),
        ]
    )
    found = ds.phase_outs()
    assert found["target_id"].tolist() == ["mild", "clean"]
    assert found["still_allowed"].tolist() == ["all hybrids", "no hybrids"]


def test_each_powertrain_tells_which_hybrids_it_allows(ds: evcollab.Dataset) -> None:
    powertrain = ds.package.schema("policy_targets").field("powertrain")
    assert set(powertrain.facts("hybrids")) == set(powertrain.categories)


# Coverage


def test_coverage_counts_every_event_target_source_and_country_once(ds: evcollab.Dataset) -> None:
    totals = ds.coverage().groupby("measure", observed=True)["value"].sum()
    assert totals["events"] == len(ds.events)
    assert totals["targets"] == len(ds.policy_targets)
    assert totals["sources"] == len(ds.sources)
    assert totals["countries"] == len(ds.countries)
    assert totals["rows_by_sources"] == ds.claims.drop_duplicates(["table_name", "record_id"]).shape[0]


def test_an_empty_register_is_covered_by_zeros_not_by_an_error(make: Make) -> None:
    found = make().coverage()
    assert found["measure"].unique().tolist() == ["countries"]


# Finding


@pytest.mark.parametrize(
    ("text", "table", "record"),
    [
        ("lao-ev-forum-2023", "events", "lao-ev-forum-2023"),
        ("LAO", "countries", "LAO"),
        ("laos", "countries", "LAO"),
        ("Pakisten", "countries", "PAK"),
        ("South Korea", "countries", "KOR"),
        ("Turkiye", "countries", "TUR"),
        ("USAID", "organisations", "usaid-usa"),
        ("united states agency international developement", "organisations", "usaid-usa"),
        ("UNESCAP", "organisations", "escap"),
        ("이온어스", "organisations", "aeonus"),
        ("pak-2019-truck-sales-share-2030", "policy_targets", "pak-2019-truck-sales-share-2030"),
    ],
)
def test_a_record_is_found_first_by_what_people_call_it(
    ds: evcollab.Dataset, text: str, table: str, record: str
) -> None:
    best = ds.find(text).iloc[0]
    assert (best["table"], best["record_id"]) == (table, record)


def test_nothing_is_found_for_what_is_not_there(ds: evcollab.Dataset) -> None:
    assert ds.find("qwxzvkj").empty
    assert ds.find("").empty
    assert ds.find("?!").empty


def test_numbers_must_be_equal(make: Make) -> None:
    ds = make(events=[event("forum-2022", name="Forum 2022"), event("forum-2023", name="Forum 2023")])
    assert ds.find("forum 2023")["record_id"].iloc[0] == "forum-2023"
    assert ds.find("forum 2023")["score"].tolist()[0] == 1


def test_results_are_ranked_and_limited(ds: evcollab.Dataset) -> None:
    found = ds.find("electric vehicle", limit=5)
    assert len(found) == 5
    assert found["score"].is_monotonic_decreasing
    assert not found.duplicated(["table", "record_id"]).any()


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), max_size=30))
def test_whatever_is_sought_scores_lie_between_the_bound_and_one(make: Make, text: str) -> None:
    found = make(events=[event("a", name="Forum"), event("b", name=text.strip() or "x")]).find(text)
    assert found["score"].between(search.SCORE, 1).all()
    if names.key(text):
        assert found["score"].iloc[0] == 1


def test_the_command_line_finds_records_and_says_if_there_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["find", "lao", "ev", "form", "--package", str(ROOT), "--limit", "2"]) == 0
    shown = capsys.readouterr().out
    assert "lao-ev-forum-2022" in shown
    assert len(shown.splitlines()) == 4
    assert cli.main(["find", "qwxzvkj", "--package", str(ROOT)]) == 0
    assert capsys.readouterr().out == "Nothing found.\n"


@pytest.mark.parametrize(
    ("name", "code"),
    {
        "UK": "GBR",
        "South Korea": "KOR",
        "Laos": "LAO",
        "Turkey": "TUR",
        "Ivory Coast": "CIV",
        "Deutschland": "DEU",
    }.items(),
)
def test_a_country_answers_to_all_its_names(ds: evcollab.Dataset, name: str, code: str) -> None:
    assert set(ds.targets(country=name)["country_code"]) == {code}
    assert ds.find(name)["record_id"].iloc[0] == code


def test_no_two_countries_answer_to_one_name(ds: evcollab.Dataset) -> None:
    frame = ds.countries
    called = [
        {names.key(name) for name in (row.name, row.short_name, *row.aliases) if isinstance(name, str)}
        for row in frame.itertuples(index=False)
    ]
    assert sum(map(len, called)) == len(set().union(*called))


def test_one_word_that_fits_nothing_does_not_hide_what_the_others_find(ds: evcollab.Dataset) -> None:
    assert ds.find("lao zzqxk forum")["record_id"].iloc[0] == "lao-ev-forum-2022"


def test_looking_for_something_that_is_not_text_is_refused_in_a_sentence(ds: evcollab.Dataset) -> None:
    with pytest.raises(evcollab.EvcollabError, match="looks for a text"):
        ds.find(None)  # type: ignore[arg-type]


# Views


def test_a_name_stands_beside_every_identifier_and_nothing_else_changes(ds: evcollab.Dataset) -> None:
    for frame in (ds.events, ds.participants, ds.policy_targets, ds.collaborations(since=2022), ds.funding()):
        shown = ds.named(frame)
        assert shown[list(frame.columns)].equals(frame)
        assert len(shown.columns) > len(frame.columns)
        assert ds.named(shown).equals(shown)


def test_names_are_those_of_the_records(make: Make) -> None:
    ds = make(
        events=[event("e", name="The Forum", country_code="LAO", programme_id="green")],
        organisations=[body("green", "programme")],
        participants=[line("e", country_code="KOR"), line("e", country_code="LAO")],
    )
    row = ds.named(ds.events).iloc[0]
    assert (row["event_name"], row["country_name"], row["programme_name"]) == ("The Forum", "Laos", "Green")
    met = ds.named(ds.collaborations()).iloc[0]
    assert (met["a_name"], met["b_name"], met["event_name"]) == ("South Korea", "Laos", ["The Forum"])


def test_the_flat_table_has_a_row_for_each_line_in_words(ds: evcollab.Dataset) -> None:
    flat = ds.wide()
    assert sorted(flat["participant_id"]) == sorted(ds.participants["participant_id"])
    row = flat.set_index("participant_id").loc["lao-ev-forum-2023-1"]
    assert row["start_date"] == ds.record("events", "lao-ev-forum-2023")["start_date"]
    assert row["place"].endswith("Laos")
    assert flat["source"].str.startswith("http").all()
    with pytest.raises(evcollab.EvcollabError, match="expected 'participants'"):
        ds.wide("claims")


def test_every_date_of_an_answer_says_how_exact_it_is(ds: evcollab.Dataset) -> None:
    answers = {
        "funding": ds.funding(),
        "history": ds.target_history(),
        "members": ds.members("ASEAN"),
        "phase_outs": ds.phase_outs(),
        "targets": ds.targets(),
    }
    unsaid = [
        (name, column)
        for name, frame in answers.items()
        for column in frame.columns
        if column.endswith("date") and f"{column}_precision" not in frame.columns
    ]
    assert unsaid == []


def test_a_day_that_is_a_number_with_a_fraction_is_refused_in_one_sentence(ds: evcollab.Dataset) -> None:
    with pytest.raises(evcollab.EvcollabError, match=r"^2022\.5 is not a date; expected a date as YYYY"):
        ds.targets(on=2022.5)  # type: ignore[arg-type]
