"""Who was part of which event, and who met whom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from evcollab.errors import EvcollabError
from evcollab.questions import lookup
from evcollab.questions.groups import countries_of
from evcollab.questions.lookup import codes, facts, looked_up
from evcollab.questions.spans import Day, during

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset

Between = Literal["countries", "organisations"]


def parties(
    ds: Dataset,
    between: Between = "countries",
    *,
    roles: str | Sequence[str] | None = None,
    since: Day | None = None,
    until: Day | None = None,
    status: str | Sequence[str] = ("held",),
    attendance: str | Sequence[str] = ("confirmed",),
    expand_groups: bool = False,
) -> pd.DataFrame:
    """Who was part of which event, each party once per event.

    A participant line speaks of the country in its `country_code`, else of the country of its organisation if that
    is a government, local government, public agency, company or university: others have a seat, but speak for no
    country. The place of an event makes nobody a party, nor does being whom an announcement was meant for.

    Args:
        between: `countries` or `organisations`.
        roles: only lines with this role, or one of these; None: all but `target_group`.
        since: only events that may have lasted until this day or later; `2020`, `2020-06` or `2020-06-15`, or a
            `datetime.date`. Events without a date are left out.
        until: only events that may have begun on this day or before; likewise.
        status: only events of this status, or of these.
        attendance: only lines of this kind of attendance, or of these, and those that state none.
        expand_groups: count each country that may have been a member of a bloc (`country_group`) at the time of
            the event where the line names the bloc; otherwise a bloc is no country.

    Returns:
        One row per event and party, sorted: `event_id` (str), `date` (datetime64: first possible day),
        `party` (str: country code or organisation identifier), `roles` (list of str).

    Raises:
        UnknownNameError: there is no such role, status or attendance.
        EvcollabError: a day is no date, or `between` is neither of the two.
    """
    import pandas as pd

    if between not in ("countries", "organisations"):
        raise EvcollabError(f"between={between!r}: expected 'countries' or 'organisations'")
    events = during(ds.events, since, until)
    events = events[events["status"].isin(codes(ds, "events", "status", status))]
    lines = ds.participants.merge(events[["event_id", "start_date", "last_day"]], on="event_id")
    present = codes(ds, "participants", "attendance", attendance)
    lines = lines[lines["attendance"].isna() | lines["attendance"].isin(present)]
    if roles is None:
        lines = lines[~lines["role"].isin(list(facts(ds, "participants", "role", "invited")))]
    else:
        lines = lines[lines["role"].isin(codes(ds, "participants", "role", roles))]
    organisations = ds.organisations.set_index("organisation_id")
    if between == "organisations":
        lines["party"] = lines["organisation_id"]
    else:
        national = facts(ds, "organisations", "kind", "national")  # others have a seat, but speak for no country
        home = organisations.loc[organisations["kind"].isin(list(national)), "country_code"]
        lines["party"] = lines["country_code"].fillna(looked_up(lines["organisation_id"], home))
    found = lines[["event_id", "start_date", "party", "role"]]
    if expand_groups and between == "countries":
        blocs = organisations.index[organisations["kind"] == "country_group"]
        bound = lines[lines["party"].isna() & lines["organisation_id"].isin(blocs)]
        expanded = [
            line | {"party": country}
            for line in bound.to_dict("records")
            for country in countries_of(ds, line["organisation_id"], line["start_date"], line["last_day"])
        ]
        found = pd.concat([found, pd.DataFrame(expanded, columns=found.columns)]) if expanded else found
    roles_of: dict[tuple[str, Any, str], set[str]] = {}
    for event, date, party, role in found.dropna(subset="party").itertuples(index=False):
        roles_of.setdefault((event, date, party), set()).update([role] if isinstance(role, str) else [])
    rows = [(*party, sorted(each)) for party, each in roles_of.items()]
    frame = pd.DataFrame(rows, columns=["event_id", "date", "party", "roles"])
    frame = frame.astype({"event_id": "str", "date": "datetime64[us]", "party": "str", "roles": "object"})
    return frame.sort_values(["event_id", "party"], ignore_index=True)


def collaborations(
    ds: Dataset,
    between: Between = "countries",
    *,
    roles: str | Sequence[str] | None = None,
    since: Day | None = None,
    until: Day | None = None,
    status: str | Sequence[str] = ("held",),
    attendance: str | Sequence[str] = ("confirmed",),
    expand_groups: bool = False,
    country: str | None = None,
) -> pd.DataFrame:
    """Who met whom: the pairs of countries or organisations that were part of the same events.

    Args:
        between: `countries` or `organisations`.
        roles: as in `parties`, like all that follow: who counts as part of an event.
        since: as in `parties`.
        until: as in `parties`.
        status: as in `parties`.
        attendance: as in `parties`.
        expand_groups: as in `parties`.
        country: only the pairs of countries with this one, by code or any name.

    Returns:
        One row per pair, most events first: `a` and `b` (str, a < b), `events` (Int64: how many different
        events), `event_ids` (list of str, sorted).

    Raises:
        UnknownNameError: there is no such role, status, attendance or country.
        EvcollabError: as `parties` does, or `country` is given with `between="organisations"`.
    """
    import pandas as pd

    if country is not None and between != "countries":
        raise EvcollabError("country chooses among pairs of countries: leave out between='organisations'")
    wanted = None if country is None else lookup.country(ds, country)
    together: dict[tuple[str, str], list[str]] = {}
    present = parties(
        ds, between, roles=roles, since=since, until=until, status=status, attendance=attendance,
        expand_groups=expand_groups,
    )  # fmt: skip
    for event, group in present.groupby("event_id", sort=True)["party"]:
        for pair in combinations(sorted(group), 2):
            if wanted is None or wanted in pair:
                together.setdefault(pair, []).append(str(event))
    rows = sorted(((a, b, len(events), events) for (a, b), events in together.items()), key=lambda r: (-r[2], r[:2]))
    frame = pd.DataFrame(rows, columns=["a", "b", "events", "event_ids"])
    return frame.astype({"a": "str", "b": "str", "events": "Int64", "event_ids": "object"})
