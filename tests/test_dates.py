from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcollab import dates

partial_dates = st.builds(
    lambda day, length: day.isoformat()[:length], st.dates(min_value=dt.date(1, 1, 1)), st.sampled_from([4, 7, 10])
)


@given(partial_dates)
def test_a_partial_date_is_written_as_it_was_read(text: str) -> None:
    assert str(dates.parse(text)) == text


@given(partial_dates)
def test_the_bounds_hold_each_other_and_have_the_stated_precision(text: str) -> None:
    date = dates.parse(text)
    assert date.earliest <= date.latest
    assert date.earliest.isoformat().startswith(text)
    assert date.latest.isoformat().startswith(text)
    assert date.precision == {4: "year", 7: "month", 10: "day"}[len(text)]


@given(st.text(max_size=12).filter(lambda text: not re.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}", text)))
def test_any_other_text_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        dates.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "23", "2023-7", "2023-07-7", "2023-13", "2023-00", "2023-02-30", "2023-02-00", "0000", "0000-07"),
        *(" 2023", "2023-04-31", "2023-00-01", "2023-13-01"),
        *("2023-07-07\n", "2023/07/07", "+2023", "２０２３", "2023-07-07T00:00", "2023~", "2023-W01"),
    ],
)
def test_a_lax_or_impossible_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY"):
        dates.parse(text)


def test_the_last_day_of_february_depends_on_the_year() -> None:
    assert dates.parse("2024-02").latest == dt.date(2024, 2, 29)
    assert dates.parse("2023-02").latest == dt.date(2023, 2, 28)


@given(st.dates(min_value=dt.date(1970, 1, 1), max_value=dt.date(2060, 1, 1)))
@pytest.mark.parametrize("form", ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%d-%b-%y", "%B %d, %Y", "%Y/%m/%d"])
def test_a_day_that_a_spreadsheet_rewrites_is_among_its_readings(form: str, day: dt.date) -> None:
    written = day.strftime(form)
    assert day.isoformat() in dates.rewritten(written) or ("%y" in form and day.year < 2000)


def test_the_day_number_of_a_spreadsheet_is_read() -> None:
    assert dates.rewritten("45118") == ["2023-07-11"]


@given(st.text(max_size=12))
def test_readings_of_any_text_are_days(text: str) -> None:
    assert all(dates.parse(day).precision == "day" for day in dates.rewritten(text))


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("07/11/2023", ["2023-07-11", "2023-11-07"]),
        ("13/07/23", ["2023-07-13"]),
        ("2023 Jul 11", ["2023-07-11"]),
        (" 11-JUL-23 ", ["2023-07-11"]),
        ("1/1/99", ["2099-01-01"]),
        ("1/1/100", ["0100-01-01"]),
        ("100/1/2", ["0100-01-02"]),
        ("99/1/2", []),
        ("07/11", []),
        ("7/11/2023/1", []),
        ("May/Jun/2023", []),
        ("1/2/12345", []),
        ("x/2/2023", []),
        ("10000", ["1927-05-18"]),
        ("9999", []),
        ("012345", []),
        ("451180", []),
    ],
)
def test_what_a_spreadsheet_wrote_is_read_in_every_order_that_gives_a_day(written: str, days: list[str]) -> None:
    assert dates.rewritten(written) == days


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (("2023-01", "2023-03"), ("2023-03-31", "2023-05"), True),
        (("2023-01", "2023-03"), ("2023-04-01", "2023-05"), False),
        (("2023-01", "2023-12"), ("2023-05", "2023-06"), True),
        (("2023-04", "2023-04"), ("2023-03", "2023-05"), True),
    ],
)
def test_two_spans_overlap_if_they_share_a_day(first: tuple[str, str], second: tuple[str, str], overlap: bool) -> None:
    a, b = ((dates.parse(start), dates.parse(end)) for start, end in (first, second))
    assert dates.may_overlap(a, b) is overlap
    assert dates.may_overlap(b, a) is overlap
