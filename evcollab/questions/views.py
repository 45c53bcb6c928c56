"""Tables to put into a paper or a report: names beside identifiers, and one flat table of who was where."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from evcollab.errors import EvcollabError
from evcollab.questions.lookup import looked_up
from evcollab.questions.spans import written
from evcollab.types import PRECISION

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset

CALLED = {
    "countries": ("short_name", "name"),
    "events": ("name",),
    "organisations": ("name",),
    "policies": ("name",),
    "sources": ("title",),
    "subdivisions": ("name",),
}
"""Table → the columns that say what a record is called; the first that is filled."""


def named(ds: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with a column of names beside every column of identifiers.

    Args:
        frame: any table of this data set, or an answer made from it. Its own columns stay as they are.

    Returns:
        The same rows in the same order. Behind each column whose values are identifiers of countries, organisations,
        events, policies, sources or subdivisions follows `<column>_name` (str), without `_id` or `_code`; a list of
        identifiers gets a list of names. A column of that name that is there already is kept, and none is added.
    """
    target_of = _targets(ds)
    known = cache(lambda table: called(ds, table).to_dict())
    result = frame.copy()
    for column in frame.columns:
        label = f"{str(column).removesuffix('_id').removesuffix('_code').removesuffix('_ids')}_name"
        if (tables := target_of.get(str(column))) and label not in result.columns:
            names = {key: name for table in reversed(tables) for key, name in known(table).items()}
            result.insert(list(result.columns).index(column) + 1, label, _renamed(frame[column], names))
    return result


def wide(ds: Dataset, table: str = "participants") -> pd.DataFrame:
    """The flat table that people paste into a report: one row per party at an event, all in words.

    Args:
        table: `participants`, the only one so far.

    Returns:
        In the order of events and lines: `event_id`, `event` (str: name), `kind` (category), `start_date`, `end_date`
        (str: as precisely as known), `place` (str: city and country), `country`, `organisation` (str: names), `role`
        (category), `person_name`, `post` (str), `attendance` (category), `amount` (Float64), `currency` (str),
        `source` (str: address of the first source of the line, else of the event), `participant_id` (str).

    Raises:
        EvcollabError: there is no flat form of that table.
    """
    if table != "participants":
        raise EvcollabError(f"there is no flat form of {table!r}; expected 'participants'")
    lines = ds.participants
    events = ds.events.set_index("event_id")
    countries, organisations = called(ds, "countries"), called(ds, "organisations")
    of = lines["event_id"]
    held_in = looked_up(looked_up(of, events["country_code"]), countries).set_axis(lines.index)
    city = looked_up(of, events["city"])
    place = (city + ", " + held_in).fillna(held_in).fillna(city)
    days = {column: written(events[column], events[column + PRECISION]) for column in ("start_date", "end_date")}
    result = lines.assign(
        event=looked_up(of, events["name"]),
        kind=looked_up(of, events["kind"]),
        start_date=looked_up(of, days["start_date"]),
        end_date=looked_up(of, days["end_date"]),
        place=place,
        country=looked_up(lines["country_code"], countries),
        organisation=looked_up(lines["organisation_id"], organisations),
        source=_first_source(ds, "participants", lines["participant_id"]).fillna(_first_source(ds, "events", of)),
        order=looked_up(of, events["start_date"]),
    )
    result = result.sort_values(["order", "event_id"], kind="stable", ignore_index=True)
    columns = [
        "event_id", "event", "kind", "start_date", "end_date", "place", "country", "organisation", "role",
        "person_name", "post", "attendance", "amount", "currency", "source", "participant_id",
    ]  # fmt: skip
    return result[columns]


def _targets(ds: Dataset) -> dict[str, list[str]]:
    """Column → the tables that its identifiers may be of."""
    found: dict[str, list[str]] = {
        "a": ["countries", "organisations"],
        "b": ["countries", "organisations"],
        "party": ["countries", "organisations"],
        "beneficiaries": ["countries"],
        "event_ids": ["events"],
        "funder_id": ["organisations"],
        "funder_country": ["countries"],
    }
    for table, schema in ds.package.schemas.items():
        keys = {schema.primary_key[0]: table} if len(schema.primary_key) == 1 else {}
        links = {column: target for column, (target, _) in schema.foreign_keys.items()}
        for column, target in (keys | links).items():
            if target in CALLED and target not in found.setdefault(column, []):
                found[column].append(target)
    return {column: tables for column, tables in found.items() if tables}


def called(ds: Dataset, table: str) -> pd.Series:
    """What each record of a table of `CALLED` is called, by its identifier."""
    frame = ds[table].set_index(ds.package.schema(table).primary_key[0])
    first, *others = (frame[column] for column in CALLED[table] if column in frame.columns)
    for other in others:
        first = first.fillna(other)
    return first


def _renamed(column: pd.Series, names: dict[Any, Any]) -> pd.Series:
    """The name of each identifier; item by item in lists."""
    import pandas as pd

    if column.map(lambda cell: isinstance(cell, list)).any():
        return column.map(lambda cell: [names.get(item, item) for item in cell])
    return pd.Series([names.get(cell) for cell in column], index=column.index, dtype="str")


def _first_source(ds: Dataset, table: str, records: pd.Series) -> pd.Series:
    claims = ds.claims
    claims = claims[(claims["table_name"] == table) & (claims["rank"] != "deprecated")]
    claims = claims.merge(ds.sources[["source_id", "url", "tier"]], on="source_id")
    claims = claims.sort_values(["tier", "source_id"], ascending=[False, True], kind="stable")
    return looked_up(records, claims.drop_duplicates("record_id").set_index("record_id")["url"])
