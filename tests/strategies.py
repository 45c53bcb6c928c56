"""Hypothesis strategies for registers: cells and rows from the schemas, and whole packages that break no rule."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from evcollab import package
from evcollab.package import Field
from evcollab.types import kind_of

SHIPPED = package.read()
METRIC = SHIPPED.schema("policy_targets").field("metric")
COUNTRIES = ("CHN", "IRN", "LAO", "NAM", "PAK", "THA", "USA", "VNM")
LATE = "gen-source-late"
"""A source that is published after everything that is generated, and so proves that events were held."""

WORDS = ("Électricité", "forum", "d'été", "المركبات", "充电", "a, b", 'the "grid"', "Straße", "N.A.", "NA", "&", "ລາວ")
NOTHING = ("N.A.", "NA", "&")
"""Words that say nothing where they are alone."""
NAMES = ("Ana Núñez", "Jane Roe", "Sơn Trần", "王小明", "Seán O'Neill")

Row = dict[str, str]
Tables = dict[str, list[Row]]


def texts(limit: int = 60) -> st.SearchStrategy[str]:
    """Words as people write them, in several scripts, with commas and quotes."""
    words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
    return words.filter(lambda text: len(text) <= limit and text[0] not in "=+-@&" and text not in NOTHING)


def days(first: int = 2000, last: int = 2025) -> st.SearchStrategy[str]:
    """Days as YYYY-MM-DD."""
    return st.dates(dt.date(first, 1, 1), dt.date(last, 12, 31)).map(str)


def partial_dates(first: int = 2000, last: int = 2025) -> st.SearchStrategy[str]:
    """Dates known to the year, the month or the day."""
    return st.tuples(days(first, last), st.sampled_from((4, 7, 10))).map(lambda pair: pair[0][: pair[1]])


def numbers(constraints: dict[str, Any], largest: int = 10**9) -> st.SearchStrategy[int]:
    """Whole numbers within the constraints of a field."""
    return st.integers(int(constraints.get("minimum", 0)), int(constraints.get("maximum", largest)))


def cells(field: Field) -> st.SearchStrategy[str]:
    """Texts that fit a column and are not empty, in canonical form."""
    kind = kind_of(field)
    pattern = field.constraints.get("pattern")
    if kind == "code":
        return st.sampled_from(list(field.categories))
    if kind == "list":
        items = st.sampled_from(list(field.categories) or ["en", "lo", "zh-Hans"])
        return st.lists(items, min_size=1, max_size=3, unique=True).map(str(field.delimiter).join)
    if kind == "partial_date":
        return partial_dates()
    if kind == "date":
        return days(2020, 2026)
    if kind == "boolean":
        return st.sampled_from(("true", "false"))
    if kind in ("integer", "number"):
        return numbers(field.constraints).map(str)
    if pattern:
        limit = field.constraints.get("maxLength", 100)
        return st.from_regex(f"(?a:{pattern})", fullmatch=True).filter(lambda text: 0 < len(text) <= min(limit, 200))
    return texts(field.constraints.get("maxLength", 60))


@st.composite
def rows(draw: st.DrawFn, table: str, fixed: Row) -> Row:
    """A row of a table: the fixed cells as given, required ones filled, others filled or empty.

    References, and texts of a prescribed form such as addresses, stay empty unless they are given.
    """
    schema = SHIPPED.schemas[table]
    row = dict(fixed)
    if table == "participants" and "person_name" not in row:
        row["person_name"] = draw(st.sampled_from(("", *NAMES)))
        if row["person_name"]:
            row["headcount"] = ""
    for name, field in schema.fields.items():
        given_form = kind_of(field) == "text" and "pattern" in field.constraints
        if name in row or name in schema.foreign_keys or given_form:
            continue
        if field.required or draw(st.booleans()):
            row[name] = draw(cells(field))
    return row


@st.composite
def registers(draw: st.DrawFn) -> Tables:
    """The tables of a register that breaks no rule, on the day 2026-11-20. Countries are left out: use the shipped."""
    tables: Tables = {table: [] for table in SHIPPED.schemas if table != "countries"}
    countries = st.sampled_from(COUNTRIES)

    def add(table: str, fixed: Row) -> Row:
        row = draw(rows(table, fixed))
        tables[table].append(row)
        return row

    for number in range(draw(st.integers(1, 3))):
        identifier = f"gen-source-{number}" if number else LATE
        add(
            "sources",
            {
                "source_id": identifier,
                "title": f"Page {3000 + number} {draw(texts())}",
                "url": f"https://www.example.org/gen/{number}",
                "published_date": draw(st.sampled_from(("2026", "2026-11", "2026-11-20")))
                if identifier == LATE
                else draw(partial_dates()),
                "accessed_date": "2026-11-20" if identifier == LATE else "2026-01-15",
            },
        )
    sources = [row["source_id"] for row in tables["sources"]]

    for number in range(draw(st.integers(1, 4))):
        row = add(
            "organisations",
            {
                "organisation_id": f"gen-org-{number}",
                "name": f"Body {1000 + number} {draw(texts())}",
                "aliases": "",
                "short_name": "",
            },
        )
        row["kind"] = draw(st.sampled_from(("initiative", "programme", "country_group")))
        row |= {"member_count": "", "members_as_of": ""}
        if row["kind"] != "country_group" and draw(st.booleans()):
            row["country_code"] = draw(countries)
        if number and row["kind"] != "country_group" and draw(st.booleans()):
            row["parent_id"] = f"gen-org-{draw(st.integers(0, number - 1))}"
    bodies = [row["organisation_id"] for row in tables["organisations"]]

    for number in range(draw(st.integers(1, 3))):
        first, last = sorted((draw(days()), draw(days())))
        precision = draw(st.sampled_from((4, 7, 10)))
        row = add(
            "events",
            {
                "event_id": f"gen-event-{number}",
                "name": f"Meeting {2000 + number} {draw(texts())}",
                "series": f"gen-series-{number}",
                "start_date": first[:precision],
                "end_date": draw(st.sampled_from(("", last, last[:precision]))),
                "country_count": "",
                "participant_count": draw(st.sampled_from(("", "500"))),
                "country_code": draw(countries),
            },
        )
        if row["kind"] == "webinar":
            row["mode"] = "online"
        if row.get("mode") == "online":
            row |= {"city": "", "venue": "", "costs_covered": ""}
        for order in range(draw(st.integers(0, 3))):
            line = add(
                "participants",
                {
                    "participant_id": f"gen-event-{number}-{order}",
                    "event_id": row["event_id"],
                    "country_code": COUNTRIES[order],
                    "organisation_id": draw(st.sampled_from(["", *bodies])),
                    "headcount": draw(st.sampled_from(("", "7"))),
                    "amount": "",
                },
            )
            if line.get("role") in ("funder", "donor", "recipient"):
                line |= draw(st.sampled_from(({}, {"amount": "500", "currency": "USD"})))

    for number in range(draw(st.integers(0, 2))):
        first, last = sorted((draw(days()), draw(days())))
        group = draw(st.sampled_from(bodies))
        organisation = ("organisation_id", bodies[0] if group != bodies[0] else "")
        party = draw(st.sampled_from([pair for pair in (("country_code", draw(countries)), organisation) if pair[1]]))
        add(
            "memberships",
            {
                "membership_id": f"gen-membership-{number}",
                "group_id": group,
                party[0]: party[1],
                "start_date": first[:7],
                "end_date": last,
                "amount": "",
                "currency": "",
            },
        )

    for number in range(draw(st.integers(1, 2))):
        scope = draw(st.sampled_from((("country_code", draw(countries)), ("group_id", bodies[0]))))
        adopted = draw(partial_dates(2000, 2020))
        add(
            "policies",
            {
                "policy_id": f"gen-policy-{number}",
                "name": f"Law {4000 + number} {draw(texts())}",
                scope[0]: scope[1],
                "adopted_date": adopted,
                "subdivision_code": "",
                "status": "in_force",
                "start_year": "2021",
                "end_year": draw(st.sampled_from(("", "2021", "2040"))),
            },
        )

    previous, before = "", [""]
    for number in range(draw(st.integers(0, 4))):
        units = METRIC.facts("unit")
        metric = draw(st.sampled_from(list(units)))
        share = units[metric] == "percent"
        group = draw(st.booleans())
        row = add(
            "policy_targets",
            {
                "target_id": f"gen-target-{number}",
                "policy_id": "",
                "group_id" if group else "country_code": bodies[0] if group else draw(countries),
                "city": f"City {number}",
                "collective": draw(st.sampled_from(("", "true", "false"))) if group else "",
                "metric": metric,
                "unit": units[metric],
                "value": str(draw(st.integers(0 if share else 1, 50 if share else 10**6))),
                "value_max": draw(st.sampled_from(("", "100" if share else "1000001"))),
                "target_year": str(draw(st.integers(2026, 2100))),
                "vehicle_category": "" if units[metric] in ("points", "stations") else "car",
                "status": "active",
                "announced_date": draw(st.sampled_from(("", "2020", "2021-05"))),
                "event_id": draw(st.sampled_from(("", "gen-event-0"))),
            },
        )
        scope = [row.get(name, "") for name in ("country_code", "group_id")]
        if previous and scope == before and draw(st.booleans()):
            row["supersedes_id"], row["announced_date"] = previous, ""
            tables["policy_targets"][-2]["status"] = "superseded"
        previous, before = row["target_id"], scope

    _add_claims(draw, tables, sources)
    return tables


def _add_claims(draw: st.DrawFn, tables: Tables, sources: list[str]) -> None:
    unused = iter(sources)
    for table in ("events", "participants", "organisations", "memberships", "policies", "policy_targets"):
        for row in tables[table]:
            record = row[SHIPPED.schemas[table].primary_key[0]]
            whole = {"table_name": table, "record_id": record, "field": "*", "value": "", "note": ""}
            whole |= {"source_id": LATE, "locator": "p1", "basis": "stated", "rank": "normal"}
            tables["claims"].append(whole)
            filled = [
                column for column, cell in row.items() if cell and column not in SHIPPED.schemas[table].primary_key
            ]
            if draw(st.booleans()):
                column = draw(st.sampled_from(filled))
                source = next(unused, LATE)
                cell = {**whole, "field": column, "value": row[column], "source_id": source, "rank": "preferred"}
                tables["claims"].append(cell)
