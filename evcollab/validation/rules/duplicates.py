"""Warnings on records that may be the same, and on values copied from the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evcollab.package import Schema
from evcollab.types import kind_of
from evcollab.validation.catalogue import Query, quoted, rule
from evcollab.validation.rules.shapes import FIRST, FORUM, HERALD, VOLTA, row

OWN_NAME = "evcollab"
"""The package whose records the examples in the schemas come from."""


def _examples(schemas: Mapping[str, Schema]) -> Iterator[Query]:
    """Two cells with words or addresses are telling, one may be chance; the register's own records are the examples."""
    for schema in schemas.values():
        if schema.table in ("claims", "countries", "subdivisions"):  # claims quote, and places are given
            continue
        same = {
            field.name: f"t.{field.name} = {quoted(example)}"
            for field in schema.fields.values()
            if kind_of(field) == "text" and field.name not in schema.foreign_keys
            if len(example := str(field.spec.get("example", ""))) > 3
        }
        columns = list(same)
        for number, column in enumerate(columns[:-1]):
            earlier = "".join(f" AND NOT {same[name]}" for name in columns[:number])
            others = columns[number + 1 :]
            named = ", ".join(f"CASE WHEN {same[name]} THEN {quoted(name)} END" for name in others)
            yield Query(
                schema.table,
                column,
                f"package_name() <> '{OWN_NAME}' AND {same[column]}{earlier} AND ({' OR '.join(same[name] for name in others)})",
                f"is the example of the documentation, as {{concat_ws(' and ', {named})}} of this record",
                f"file.{schema.table} t",
            )


rule(
    "event-possible-duplicate",
    "warning",
    at="events.name",
    source="events t JOIN derived.alike a ON a.list = 'events' AND a.later = t._key "
    "JOIN events o ON o._key = a.earlier",
    where="NOT (t.series <> '' AND t.series = o.series AND t.edition <> o.edition) "
    "AND earliest(t.start_date) <= latest(last_of(o.start_date, o.end_date)) "
    "AND earliest(o.start_date) <= latest(last_of(t.start_date, t.end_date))",
    message="may be the same event as {o._key}: {o.name!r} and {t.name!r}",
    summary="Events in one country on overlapping days have names that are not alike.",
    why="It may be one event, entered from two sources under two names.",
    fix="If it is one event, merge the two; if not, waive the warning and say why.",
    good=row(
        "events", FIRST, name="Forum for electric vehicles of Laos", start_date="2023-06-01", end_date="2023-06-02"
    ),
    bad=(
        row(
            "events",
            FIRST,
            name="Electric vehicles forum of Laos",
            start_date="2023-07",
            end_date="2023-07",
            series="",
            edition="",
        ),
        row("events", FORUM, name="Forum on Electric Vehicles, Laos"),
    ),
    reported=("events", FORUM, "name"),
)
rule(
    "organisation-possible-duplicate",
    "warning",
    at="organisations.name",
    source="organisations t JOIN derived.alike a ON a.list = 'organisations' AND a.later = t._key "
    "JOIN organisations o ON o._key = a.earlier",
    where="(t.kind = 'country_group') = (o.kind = 'country_group') AND t.parent_id <> o._key AND o.parent_id <> t._key "
    "AND NOT a.same",
    message="may be the same as {o._key}: {o.name!r} and {t.name!r}",
    summary="Organisations of one country have names that are not nearly the same.",
    why="It may be one organisation, entered under two spellings.",
    fix="If it is one, merge the two and keep the other spelling as an alias; if not, waive the warning and say why.",
    good=row("organisations", "usaid", name="Ministery of Energy and Mines"),
    bad=row("organisations", VOLTA, name="Ministery of Energy and Mines"),
)
rule(
    "value-is-example",
    "warning",
    at=_examples,
    summary="A record does not repeat the examples of the documentation.",
    why="It was copied from the documentation or a template and forgotten.",
    fix="Fill in what the source says, or delete the record.",
    good=row("sources", HERALD, publisher="Business Recorder"),
    bad=row("sources", HERALD, publisher="Business Recorder", author="Ali Ahmed"),
)
