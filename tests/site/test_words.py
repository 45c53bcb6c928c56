from __future__ import annotations

import pytest

import evcollab
from evcollab.site import addresses, charts, words
from evcollab.site.frame import Site
from evcollab.site.records import Row


@pytest.fixture(scope="module")
def say(ds: evcollab.Dataset) -> words.Words:
    return Site(ds, "", "").words


@pytest.mark.parametrize(
    ("text", "said"),
    [("2023-07-07", "7 July 2023"), ("2023-07", "July 2023"), ("2023", "2023"), ("", ""), ("soon", "soon")],
)
def test_a_date_is_said_as_precisely_as_it_is_known(text: str, said: str) -> None:
    assert words.date(text) == said


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2023-07-07", "2023-07-07", "7 July 2023"),
        ("2023-07-07", "2023-07-09", "7–9 July 2023"),
        ("2023-07-30", "2023-08-02", "30 July – 2 August 2023"),
        ("2023", "", "2023"),
        ("", "2023-08", "August 2023"),
        ("2022-12-30", "2023-01-02", "30 December 2022 – 2 January 2023"),
    ],
)
def test_a_span_says_nothing_twice(start: str, end: str, said: str) -> None:
    assert words.span(start, end) == said


@pytest.mark.parametrize(
    ("text", "said"), [("1234567", "1,234,567"), ("0.5", "0.5"), ("1234.5", "1,234.5"), ("x", "x")]
)
def test_a_number_has_separators(text: str, said: str) -> None:
    assert words.number(text) == said


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            {
                "metric": "sales_share",
                "value": "100",
                "unit": "percent",
                "vehicle_category": "car",
                "powertrain": "zev",
            },
            "100 % of new cars sold to be zero-emission by 2030",
        ),
        (
            {
                "metric": "stock",
                "value": "4400",
                "comparator": "at_least",
                "unit": "vehicles",
                "vehicle_category": "bus",
            },
            "at least 4,400 electric buses in use by 2030",
        ),
        (
            {"metric": "charging_stations", "value": "200", "value_max": "300", "unit": "stations"},
            "200 to 300 charging stations by 2030",
        ),
        (
            {
                "metric": "fleet_share",
                "value": "30",
                "unit": "percent",
                "vehicle_category": "all",
                "vehicle_use": "taxi",
            },
            "30 % of a fleet of vehicles (taxi) to be electric by 2030",
        ),
    ],
)
def test_a_target_is_a_sentence(say: words.Words, cells: dict[str, str], said: str) -> None:
    assert say.target(Row(cells, target_year="2030")) == said


def test_a_country_has_its_common_name(say: words.Words) -> None:
    assert [say.country(code) for code in ("LAO", "KOR", "FRA")] == ["Laos", "South Korea", "France"]


def test_freshness_is_the_day_that_the_library_tells(ds: evcollab.Dataset, say: words.Words) -> None:
    for target, day in ds.targets().set_index("target_id")["status_as_of"].items():
        assert words.last_day(say.freshness("policy_targets", str(target))[0]) == day.date(), target


@pytest.mark.parametrize("tag", ["en", "zh-Hans", "pt-BR"])
def test_a_language_tag_may_stand_in_a_page(tag: str) -> None:
    assert words.language(tag) == tag


@pytest.mark.parametrize("tag", ['en" onload="x', "e", "", "english!"])
def test_what_is_no_language_tag_may_not(tag: str) -> None:
    assert words.language(tag) == ""


def test_marks_of_one_row_of_a_ladder_never_touch() -> None:
    targets = [
        (str(n), Row(target_year=str(year), vehicle_category="car"))
        for n, year in enumerate([2025, 2030, 2030, 2035, 2050])
    ]
    ladder = charts.ladder(targets, lambda *_: {"label": "", "href": "", "active": True})
    assert ladder is not None
    [lane] = ladder["lanes"]
    spans = [
        (m["y"], m["x"] - charts.GAP if m["flip"] else m["x"], m["x"] if m["flip"] else m["x"] + charts.GAP)
        for m in lane["marks"]
    ]
    for n, (y, left, right) in enumerate(spans):
        assert all(y != other or right <= start or left >= end for other, start, end in spans[n + 1 :])


def test_a_ladder_has_a_line_from_what_was_superseded() -> None:
    old = Row(target_year="2030", vehicle_category="car")
    new = Row(target_year="2040", vehicle_category="car", supersedes_id="old")
    ladder = charts.ladder([("old", old), ("new", new)], lambda *_: {})
    assert ladder is not None
    assert len(ladder["lanes"][0]["links"]) == 1
    assert charts.ladder([], lambda *_: {}) is None


def test_a_slug_is_its_own_address_and_nothing_leaves_its_folder() -> None:
    assert addresses.page("events", "lao-ev-forum-2023") == "events/lao-ev-forum-2023/"
    for hostile in ("../../x", "/etc", "..", ".", "", "a b", "é", "%2e%2e", "a\\b", "_s1", "x" * 400):
        step = addresses.segment(hostile)
        assert step
        assert not set(step) & set("/\\%#? ")
        assert not step.startswith((".", "_"))
        assert len(step) < 200


def test_a_year_with_many_events_is_a_stack_of_their_groups() -> None:
    parts = charts.stack(["talk", "learning", "talk"], most=10)
    assert [(part["group"], part["n"], part["height"]) for part in parts] == [("learning", 1, 10.0), ("talk", 2, 20.0)]
