"""How a cell is said: dates, numbers, codes and names in words, and a target as a sentence."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from evcollab import dates, types
from evcollab.package import Field
from evcollab.questions.views import CALLED
from evcollab.site.records import Register, Row

_MONTHS = tuple(calendar.month_name)
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ELECTRIC = {
    "bev": "battery-electric",
    "zev": "zero-emission",
    "pev": "plug-in",
    "nev": "new-energy",
    "xev": "electrified",
    "ev": "electric",
}
"""Powertrain → adjective."""
SHARES = {
    "sales_share": "of new {what} sold",
    "stock_share": "of {what} in use",
    "fleet_share": "of a fleet of {what}",
    "procurement_share": "of {what} bought by public bodies",
    "import_share": "of {what} imported",
    "production_share": "of {what} produced",
}
"""Metric in percent → what the percentage is of."""
COUNTS = {"stock": "{what} in use", "sales": "{what} sold", "production": "{what} produced"}
"""Metric in vehicles → what is counted."""
COMPARATORS = {"at_least": "at least ", "about": "about ", "at_most": "at most "}
CHANGES = {
    "raised": "Raised",
    "lowered": "Lowered",
    "delayed": "Delayed",
    "advanced": "Brought forward",
    "unchanged": "Confirmed without change",
    "mixed": "Changed in number and year",
}


def date(text: str) -> str:
    """A partial date as precisely as it is known: `7 July 2023`, `July 2023`, `2023`."""
    try:
        found = dates.parse(text)
    except ValueError:
        return text
    year, month, day = text[:4], _MONTHS[found.earliest.month], found.earliest.day
    return {"year": year, "month": f"{month} {year}", "day": f"{day} {month} {year}"}[found.precision]


def span(start: str, end: str) -> str:
    """Two partial dates as a span; one date if they are equal or one is not known."""
    if not start or not end or start == end:
        return date(start or end)
    if len(start) == len(end) == 10 and start[:7] == end[:7]:
        return f"{int(start[8:])}–{date(end)}"
    if len(start) == len(end) == 10 and start[:4] == end[:4]:
        return f"{date(start).removesuffix(f' {start[:4]}')} – {date(end)}"
    return f"{date(start)} – {date(end)}"


def number(text: str) -> str:
    """A number with separators between thousands; years have none."""
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}" if re.fullmatch(r"-?[0-9]+", whole) else text


def count(n: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(parts: Iterable[str]) -> str:
    """Parts in words: `a, b and c`."""
    *most, last = list(parts) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def lower_first(text: str) -> str:
    """A label inside a sentence; an abbreviation stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def language(tag: str) -> str:
    """A language tag if it may stand in a page, else nothing."""
    return tag if _TAG.fullmatch(tag) else ""


def clipped(text: str, limit: int) -> str:
    """A text of one line, cut at a word."""
    plain = " ".join(text.split())
    if len(plain) <= limit:
        return plain
    return plain[: plain.rfind(" ", 0, limit) if " " in plain[:limit] else limit] + "…"


class Words:
    """What the cells of a register are in words."""

    def __init__(self, register: Register) -> None:
        self.register = register

    @cached_property
    def _labels(self) -> dict[tuple[str, str], dict[str, str]]:
        return {
            (table, name): {code: item["label"] for code, item in field.categories.items()}
            for table in self.register.ds.tables
            for name, field in self.register.fields(table).items()
        }

    def label(self, table: str, column: str, code: str) -> str:
        """The label of a code; the code itself if it has none."""
        return self._labels.get((table, column), {}).get(code, code)

    def name(self, table: str, identifier: str) -> str:
        """What a record is called; its identifier if nothing else is known."""
        row = self.register.table(table).get(identifier)
        if row is None:
            return identifier
        if table == "policy_targets":
            return ": ".join(filter(None, (self.whose(row), self.target(row))))
        return next((row[column] for column in CALLED.get(table, ()) if row[column]), identifier)

    def country(self, code: str) -> str:
        """The name of a country in common use."""
        return self.name("countries", code)

    def whose(self, row: Mapping[str, str]) -> str:
        """Whom a target or policy binds: city, subdivision, country or group."""
        code, group = row["country_code"], row["group_id"]
        land = self.country(code) if code else self.short("organisations", group)
        parts = [row.get("city", ""), self.name("subdivisions", row["subdivision_code"]), land]
        return ", ".join(filter(None, dict.fromkeys(parts)))

    def short(self, table: str, identifier: str) -> str:
        """A short name where there is one."""
        row = self.register.table(table).get(identifier)
        return (row["short_name"] if row else "") or self.name(table, identifier)

    def vehicles(self, row: Row) -> str:
        """Which vehicles a target is about, without their drive: `buses (public transport)`."""
        what = self.label("policy_targets", "vehicle_category", row["vehicle_category"] or "")
        what = "vehicles" if row["vehicle_category"] in ("", "all") else lower_first(what)
        use = lower_first(self.label("policy_targets", "vehicle_use", row["vehicle_use"])) if row["vehicle_use"] else ""
        return f"{what} ({use})" if use else what

    def amount(self, row: Row) -> str:
        """The number of a target with comparator, range and percent sign."""
        value = number(row["value"]) + (f" to {number(row['value_max'])}" if row["value_max"] else "")
        sign = " %" if row["unit"] == "percent" else ""
        return f"{COMPARATORS.get(row['comparator'], '')}{value}{sign}"

    def target(self, row: Row, year: bool = True) -> str:
        """A target in words: `100 % of new cars sold to be zero-emission by 2035`."""
        drive, metric = ELECTRIC.get(row["powertrain"], "electric"), row["metric"]
        if metric in SHARES:
            text = f"{SHARES[metric].format(what=self.vehicles(row))} to be {drive}"
        elif metric in COUNTS:
            text = COUNTS[metric].format(what=f"{drive} {self.vehicles(row)}")
        else:
            text = lower_first(self.label("policy_targets", "metric", metric))
        by = f" by {row['target_year']}" if year and row["target_year"] else ""
        return f"{self.amount(row)} {text}{by}"

    def cell(self, table: str, column: str, text: str) -> str:
        """A cell in words; what does not fit its column stays as it is."""
        field = self.register.fields(table).get(column)
        if field is None or not text:
            return text
        if types.kind_of(field) == "list":
            items = text.split(str(field.delimiter))
            return ", ".join(self.label(table, column, item) for item in items)
        return self._said(table, field, text)

    def _said(self, table: str, field: Field, text: str) -> str:
        kind = types.kind_of(field)
        if kind == "code":
            return self.label(table, field.name, text)
        if kind in ("partial_date", "date"):
            return date(text)
        if kind == "boolean":
            return "Yes" if text in field.spec.get("trueValues", ["true"]) else "No"
        if kind in ("integer", "number") and not field.name.endswith("_year"):
            return number(text)
        if aimed := self.register.reference(table, field.name):
            return self.name(aimed, text)
        return text

    def freshness(self, table: str, record: str) -> tuple[str, str]:
        """How fresh a record is: the day of its latest source, and whether that was `published` or only `read` then."""
        sources = self.register.table("sources")
        rows = [sources[each] for each in self.register.sources_of(table, record) if each in sources]
        published = max((row["published_date"] for row in rows), key=last_day, default="")
        read = max((row["accessed_date"] for row in rows), default="")
        return (published, "published") if published else (read, "read" if read else "")

    def confirmed(self, table: str, record: str) -> str:
        """How fresh a record is, in words; nothing without sources."""
        day, how = self.freshness(table, record)
        said = {"published": "last confirmed by a source of {}", "read": "last read in an undated source on {}", "": ""}
        return said[how].format(date(day))

    def tongue(self, table: str, record: str) -> str:
        """The language of names that a record's owners print: that of its first source that is not English."""
        for source in self.register.sources_of(table, record):
            tag = self.register.table("sources").get(source, Row())["language"]
            if tag and not tag.startswith("en"):
                return language(tag)
        return ""


def last_day(text: str) -> dt.date:
    """The last possible day of a partial date; that of no date is before all others."""
    try:
        return dates.parse(text).latest
    except ValueError:
        return dt.date.min
