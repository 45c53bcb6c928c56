"""Partial dates: `2023`, `2023-07` or `2023-07-07` (ISO 8601-2, EDTF level 0)."""

from __future__ import annotations

import calendar
import contextlib
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Precision = Literal["year", "month", "day"]
PRECISIONS: tuple[Precision, ...] = ("year", "month", "day")
EXPECTED = "a date as YYYY, YYYY-MM or YYYY-MM-DD"
_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_DAY_ZERO = dt.date(1899, 12, 30)
"""Spreadsheets count the days from here."""


@dataclass(frozen=True)
class PartialDate:
    """A date that is known to the year, the month or the day, as the interval of days that it may be.

    Attributes:
        earliest: first possible day.
        latest: last possible day.
        precision: `year`, `month` or `day`.
    """

    earliest: dt.date
    latest: dt.date
    precision: Precision

    def __str__(self) -> str:
        return write(self.earliest, self.precision)


def parse(text: str) -> PartialDate:
    """Parse a partial date; raise ValueError with what was expected if it is none or not in the calendar."""
    match = _FORM.fullmatch(text)
    if match is None or match[1] == "0000":
        raise ValueError(EXPECTED)
    year = int(match[1])
    month, day = (int(part) if part else None for part in match.group(2, 3))
    if month is None:
        return PartialDate(dt.date(year, 1, 1), dt.date(year, 12, 31), "year")
    if not 1 <= month <= 12:
        raise ValueError(f"{EXPECTED}, with a month from 01 to 12")
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return PartialDate(dt.date(year, month, 1), dt.date(year, month, last), "month")
    if not 1 <= day <= last:
        raise ValueError(f"{EXPECTED}; {year:04}-{month:02} has the days 01 to {last}")
    exact = dt.date(year, month, day)
    return PartialDate(exact, exact, "day")


def write(day: dt.date, precision: str) -> str:
    """Write the partial date of this precision that holds `day`; the inverse of `parse`."""
    return day.isoformat()[: {"year": 4, "month": 7, "day": 10}[precision]]


def may_overlap(a: tuple[PartialDate, PartialDate], b: tuple[PartialDate, PartialDate]) -> bool:
    """Tell whether two spans (first day, last day) may share a day."""
    return a[0].earliest <= b[1].latest and b[0].earliest <= a[1].latest


def rewritten(text: str) -> list[str]:
    """The days that a spreadsheet may have rewritten as this text (`07/11/2023`, `11-Jul-23`, `45118`), in order."""
    if re.fullmatch("[1-9][0-9]{4}", text, re.ASCII):
        return [(_DAY_ZERO + dt.timedelta(int(text))).isoformat()]
    parts = [_MONTHS.get(part.lower(), part) for part in re.split(r"[\s./,-]+", text.strip())]
    named = [isinstance(part, int) for part in parts]
    if len(parts) != 3 or not all(re.fullmatch("[0-9]{1,4}", str(part), re.ASCII) for part in parts):
        return []
    found = set()
    for order in ("dmy", "mdy", "ymd"):
        day, month, year = (int(parts[order.index(part)]) for part in "dmy")
        if named.count(True) == named[order.index("m")] and not (order == "ymd" and year < 100):
            with contextlib.suppress(ValueError):
                found.add(dt.date(year + (2000 if year < 100 else 0), month, day).isoformat())
    return sorted(found)
