"""Who is in a bloc, initiative, programme or declaration."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from evcollab.questions import lookup
from evcollab.questions.lookup import looked_up
from evcollab.questions.spans import Day, held, interval
from evcollab.types import PRECISION

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset


def members(ds: Dataset, group: str, on: Day | None = None) -> pd.DataFrame:
    """Who is, or on a day was, in a group, in any role.

    Args:
        group: identifier, name, short name or alias of a bloc, initiative, programme or declaration.
        on: a day, month or year; None: today. `ds.memberships` has all that are on record, with their dates.

    Returns:
        One row per membership that may have held on that day: `group_id`, `country_code`, `organisation_id`,
        `name` (str), `role` (category), `start_date` (datetime64: first possible day), `end_date` (datetime64:
        last possible day), each followed by `<column>_precision` (category: year, month, day), `certain` (boolean:
        it held throughout, however its dates are completed; a membership without a start is never certain).

    Raises:
        UnknownNameError: there is no such group.
        EvcollabError: the name is that of several groups, or `on` is no date.
    """
    found = ds.memberships
    found = found[found["group_id"] == lookup.group(ds, group)]
    first, last = interval(dt.date.today() if on is None else on)
    possible, certain = held(found, first, last)
    found, certain = found[possible], certain[possible]
    countries = ds.countries.set_index("country_code")["name"]
    organisations = ds.organisations.set_index("organisation_id")["name"]
    name = looked_up(found["country_code"], countries).fillna(looked_up(found["organisation_id"], organisations))
    frame = found.assign(name=name, certain=certain.astype("boolean"))
    dates = ["start_date", "start_date" + PRECISION, "end_date", "end_date" + PRECISION]
    columns = ["group_id", "country_code", "organisation_id", "name", "role", *dates, "certain"]
    return frame[columns].sort_values(["role", "name"], ignore_index=True)


def countries_of(ds: Dataset, group: str, first: Any, last: Any) -> list[str]:
    """The countries that may have been members of a group on a day; without a day, those that have not left."""
    import pandas as pd

    found = ds.memberships
    found = found[(found["group_id"] == group) & (found["role"] == "member")].dropna(subset="country_code")
    found = found[found["end_date"].isna() if pd.isna(first) else held(found, first, last)[0]]
    return sorted(set(found["country_code"]))
