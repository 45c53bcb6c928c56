"""Spans of time in columns of partial dates."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from evcollab import dates
from evcollab.errors import EvcollabError
from evcollab.types import PRECISION

if TYPE_CHECKING:
    import pandas as pd

Day = str | int | dt.date
"""A day, month or year: `"2023-07-07"`, `"2023-07"`, `"2023"`, `2023` or a `datetime.date`."""


def interval(day: Day) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last possible day of a date given as text, as a year or as a date; EvcollabError if it is none."""
    import pandas as pd

    if isinstance(day, dt.date):
        return pd.Timestamp(day).normalize(), pd.Timestamp(day).normalize()
    try:
        partial = dates.parse(str(day))
    except ValueError as error:
        raise EvcollabError(f"{day!r} is not a date; expected {error}") from None
    return pd.Timestamp(partial.earliest), pd.Timestamp(partial.latest)


def latest(days: pd.Series, precisions: pd.Series) -> pd.Series:
    """The last possible days of dates whose first possible days are given."""
    import pandas as pd

    last = days.where(precisions != "month", days + pd.offsets.MonthEnd(1))
    return last.where(precisions != "year", days + pd.offsets.YearEnd(1))


def earliest(days: pd.Series, precisions: pd.Series) -> pd.Series:
    """The first possible days of dates whose last possible days are given."""
    first = days.where(precisions != "month", days.dt.to_period("M").dt.start_time)
    return first.where(precisions != "year", days.dt.to_period("Y").dt.start_time)


def written(days: pd.Series, precisions: pd.Series) -> pd.Series:
    """Partial dates as text, each only as precise as it is known; missing where there is no date."""
    import pandas as pd

    width = precisions.astype("object").map({"year": 4, "month": 7, "day": 10}).fillna(10)
    text = days.dt.strftime("%Y-%m-%d")
    cut = [day[: int(n)] if isinstance(day, str) else None for day, n in zip(text, width, strict=True)]
    return pd.Series(cut, index=days.index, dtype="str")


def during(events: pd.DataFrame, since: Day | None, until: Day | None) -> pd.DataFrame:
    """The events that may have taken place in a span, with their last possible day as `last_day`."""
    last = events["end_date"].fillna(latest(events["start_date"], events["start_date" + PRECISION]))
    events = events.assign(last_day=last)
    if since is not None:
        events = events[events["last_day"] >= interval(since)[0]]
    if until is not None:
        events = events[events["start_date"] <= interval(until)[1]]
    return events


def held(memberships: pd.DataFrame, first: Any, last: Any) -> tuple[pd.Series, pd.Series]:
    """Which memberships may, and which must, have held from the first day to the last."""
    start, end = memberships["start_date"], memberships["end_date"]
    possible = (start.isna() | (start <= last)) & (end.isna() | (end >= first))
    begun = latest(start, memberships["start_date" + PRECISION]) <= first
    still = end.isna() | (earliest(end, memberships["end_date" + PRECISION]) >= last)
    return possible, begun & still
