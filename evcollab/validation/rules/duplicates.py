"""Warnings on records that may be the same, and on values copied from the documentation."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from evcollab import dates, names
from evcollab.types import kind_of
from evcollab.validation.catalogue import Cells, rule
from evcollab.validation.data import Data, Finding, Row

FORUM = "lao-forum-2023"
OWN_NAME = "evcollab"
"""The package whose records the examples in the schemas come from."""


@rule(
    "event-possible-duplicate",
    "warning",
    layer="policy",
    tables=("events",),
    summary="Events in one country on overlapping days have names that are not alike.",
    why="It may be one event, entered from two sources under two names.",
    fix="If it is one event, merge the two; if not, waive the warning and say why.",
    good=(
        Cells(
            "events",
            "lao-forum-2022",
            {"name": "Forum for electric vehicles of Laos", "start_date": "2023-06-01", "end_date": "2023-06-02"},
        ),
    ),
    bad=(
        Cells(
            "events",
            "lao-forum-2022",
            {
                "name": "Electric vehicles forum of Laos",
                "start_date": "2023-07",
                "end_date": "2023-07",
                "series": "",
                "edition": "",
            },
        ),
        Cells("events", FORUM, {"name": "Forum on Electric Vehicles, Laos"}),
    ),
    at=("events", FORUM, "name"),
)
def _event_possible_duplicate(data: Data) -> Iterator[Finding]:
    for (country,), rows in data.groups("events", "country_code"):
        for first, second in combinations(rows, 2) if country else ():
            editions = first["series"] and first["series"] == second["series"] and first["edition"] != second["edition"]
            if not editions and _overlap(first, second) and _alike(first, second):
                yield (
                    _later(first, second),
                    "name",
                    f"may be the same event as {_earlier(first, second).key}: {first['name']!r} and {second['name']!r}",
                )


def _overlap(first: Row, second: Row) -> bool:
    spans = [(row.value("start_date"), row.value("end_date") or row.value("start_date")) for row in (first, second)]
    return all(start is not None for start, _ in spans) and dates.may_overlap(*spans)


def _alike(first: Row, second: Row) -> bool:
    return bool(first["name"] and second["name"]) and names.similar(first["name"], second["name"])


def _later(first: Row, second: Row) -> Row:
    return max(first, second, key=lambda row: row.key)


def _earlier(first: Row, second: Row) -> Row:
    return min(first, second, key=lambda row: row.key)


@rule(
    "organisation-possible-duplicate",
    "warning",
    layer="policy",
    tables=("organisations",),
    summary="Organisations of one country have names that are not nearly the same.",
    why="It may be one organisation, entered under two spellings.",
    fix="If it is one, merge the two and keep the other spelling as an alias; if not, waive the warning and say why.",
    good=(Cells("organisations", "usaid", {"name": "Ministery of Energy and Mines"}),),
    bad=(Cells("organisations", "volta-motors", {"name": "Ministery of Energy and Mines"}),),
    at=("organisations", "volta-motors", "name"),
)
def _organisation_possible_duplicate(data: Data) -> Iterator[Finding]:
    for _, rows in data.groups("organisations", "country_code"):
        for first, second in combinations(rows, 2):
            if not names.similar(names.bare(first["name"]), names.bare(second["name"])):
                continue
            bloc = (first["kind"] == "country_group") != (second["kind"] == "country_group")
            kin = first["parent_id"] == second.key or second["parent_id"] == first.key
            same = names.key(first["name"]) == names.key(second["name"])
            if not (bloc or kin or same):
                yield second, "name", f"may be the same as {first.key}: {first['name']!r} and {second['name']!r}"


@rule(
    "value-is-example",
    "warning",
    layer="policy",
    summary="A record does not repeat the examples of the documentation.",
    why="It was copied from the documentation or a template and forgotten.",
    fix="Fill in what the source says, or delete the record.",
    good=(Cells("sources", "herald-2023-07-10", {"publisher": "Business Recorder"}),),
    bad=(Cells("sources", "herald-2023-07-10", {"publisher": "Business Recorder", "author": "Ali Ahmed"}),),
    at=("sources", "herald-2023-07-10", "publisher"),
)
def _value_is_example(data: Data) -> Iterator[Finding]:
    """Two cells with words or addresses are telling, one may be chance; the register's own records are the examples."""
    if data.name == OWN_NAME:
        return
    for table in data.tables.values():
        if table.name in ("claims", "countries"):  # claims quote, and countries are given
            continue
        examples = {
            field.name: str(field.spec["example"])
            for field in table.schema.fields.values()
            if "example" in field.spec
            and kind_of(field) == "text"
            and field.name not in table.schema.foreign_keys
            and len(str(field.spec["example"])) > 3
        }
        for row in table.in_order:
            same = [column for column, example in examples.items() if row[column] == example]
            if len(same) > 1:
                yield row, same[0], f"is the example of the documentation, as {' and '.join(same[1:])} of this record"
