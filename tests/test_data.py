"""The shipped data: the countries are complete, and the founding records say what their sources say."""

from __future__ import annotations

import pandas as pd
import pycountry

import evcollab


def test_every_country_of_iso_3166_is_there_and_kosovo(ds: evcollab.Dataset) -> None:
    ours = {row.country_code: (row.alpha2, row.name) for row in ds.countries.itertuples(index=False)}
    theirs = {country.alpha_3: (country.alpha_2, country.name) for country in pycountry.countries}
    assert ours == theirs | {"XKX": ("XK", "Kosovo (user-assigned code)")}


def test_only_those_without_a_place_in_m49_have_no_region(ds: evcollab.Dataset) -> None:
    countries = ds.countries
    bare = countries[countries["region"].isna() | countries["subregion"].isna()]
    assert set(bare["country_code"]) == {"ATA", "TWN", "XKX"}


def parties(ds: evcollab.Dataset, event: str) -> pd.DataFrame:
    participants = ds.participants
    return participants[participants["event_id"] == event]


def claims_on(ds: evcollab.Dataset, table: str, record: str, column: str) -> pd.DataFrame:
    claims = ds.claims_for(table, record, column)
    return claims[claims["field"] == column]


def test_the_beijing_training_stays_announced_with_an_inferred_year(ds: evcollab.Dataset) -> None:
    event = "ecosf-electric-mobility-beijing-2024"
    record = ds.record("events", event)
    assert (record["start_date"], record["end_date"], record["status"]) == ("2024-04-15", "2024-04-29", "announced")
    assert record["costs_covered"] == "accommodation;meals;local_transport"
    assert set(record["audience"].split(";")) == {"government", "business", "academia"}
    assert claims_on(ds, "events", event, "start_date")["basis"].tolist() == ["inferred"]


def test_the_eco_states_are_the_target_group_and_nobody_is_said_to_have_attended(ds: evcollab.Dataset) -> None:
    lines = parties(ds, "ecosf-electric-mobility-beijing-2024")
    assert lines[lines["role"] == "target_group"]["organisation_id"].tolist() == ["eco"]
    assert not (lines["attendance"] == "confirmed").any()


def test_seven_countries_came_to_the_indian_study_tour_and_the_host_is_none_of_them(ds: evcollab.Dataset) -> None:
    lines = parties(ds, "alp-ev-study-tour-india-2024")
    came = set(lines[lines["role"] == "participant"]["country_code"])
    assert came == {"BGD", "BTN", "IDN", "LKA", "PHL", "THA", "VNM"}
    assert ds.record("events", "alp-ev-study-tour-india-2024")["country_count"] == "7"


def test_the_video_signing_has_both_hosts_and_open_roles_stay_open(ds: evcollab.Dataset) -> None:
    lines = parties(ds, "zi-solar-aeonus-mou-2021")
    assert len(lines[lines["role"] == "host"]) == 2
    assert set(lines[lines["role"].isna()]["person_name"]) == {"Zaigham Hassan", "Zaigham Mahmood Rizvi"}
    assert ds.record("events", "zi-solar-aeonus-mou-2021")["start_date"] == "2021-07-26"


def test_misprinted_names_are_aliases(ds: evcollab.Dataset) -> None:
    aliases = ds.organisations.set_index("organisation_id")["aliases"]
    assert "Aenous" in aliases["aeonus"]
    assert "Korea Trade-Investment Cooperation Agency" in aliases["kotra-kor"]


def test_the_pakistani_targets_of_2019_are_complete(ds: evcollab.Dataset) -> None:
    targets = ds.policy_targets
    mine = targets[(targets["policy_id"] == "pak-nevp-2019") & (targets["metric"] == "sales_share")]
    shares = mine.pivot_table(index="vehicle_category", columns="target_year", values="value", observed=True)
    assert shares.loc["car"].tolist() == [30, 90]
    assert shares.loc["truck"].tolist() == [30, 90]
    assert shares.loc["two_three_wheeler"].tolist() == [50, 90]
    assert shares.loc["bus"].tolist() == [50, 90]
    totals = targets[(targets["policy_id"] == "pak-nevp-2019") & (targets["unit"] == "vehicles")]
    assert sorted(totals["value"]) == [1000, 1000, 100_000, 500_000]


def test_the_share_of_trucks_is_disputed(ds: evcollab.Dataset) -> None:
    said = claims_on(ds, "policy_targets", "pak-2019-truck-sales-share-2030", "value")
    assert set(said["value"]) == {"30", "50"}


def test_eco_has_ten_members(ds: evcollab.Dataset) -> None:
    memberships = ds.memberships
    members = memberships[(memberships["group_id"] == "eco") & (memberships["role"] == "member")]
    assert set(members["country_code"].dropna()) == {
        "AFG", "AZE", "IRN", "KAZ", "KGZ", "PAK", "TJK", "TKM", "TUR", "UZB",
    }  # fmt: skip


def test_every_row_that_needs_a_claim_has_one(ds: evcollab.Dataset) -> None:
    claims = ds.claims
    for table in ("events", "participants", "organisations", "memberships", "policies", "policy_targets"):
        key = ds.schema(table)["primaryKey"][0]
        claimed = set(claims[claims["table_name"] == table]["record_id"])
        assert set(ds[table][key]) <= claimed
