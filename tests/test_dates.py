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


@given(partial_dates, partial_dates)
def test_certainly_after_is_never_true_both_ways_nor_with_an_overlap(a: str, b: str) -> None:
    first, second = dates.parse(a), dates.parse(b)
    after, before = dates.certainly_after(first, second), dates.certainly_after(second, first)
    assert not (after and before)
    assert (after or before) is not dates.may_overlap((first, first), (second, second))


@given(st.text(max_size=12).filter(lambda text: not re.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}", text)))
def test_any_other_text_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        dates.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "23", "2023-7", "2023-07-7", "2023-13", "2023-00", "2023-02-30", "2023-02-00", "0000", " 2023"),
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
