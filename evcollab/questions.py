"""What analysts ask of the register: pure functions of a data set that return plain DataFrames.

Each is also a method of `Dataset`, whose docstring tells its columns. Two decisions hold throughout:

- **Whose part a line at an event is.** A participant line speaks of the country in its `country_code`, else of the
  country of its organisation where that is a body of one country (`NATIONAL`); an NGO or an international body has a
  seat but speaks for no country. The place of an event makes nobody a party, nor does an invitation.
- **Partial dates.** A date known to the month or year may be any day of it. What may hold on a day is returned,
  and a column `certain` tells whether it does however the date is completed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from evcollab import dates, names
from evcollab.errors import EvcollabError, UnknownNameError
from evcollab.types import PRECISION

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset

Between = Literal["countries", "organisations"]
Day = str | dt.date
INVITED_ROLES = ("target_group",)
"""Roles that tell whom an event was meant for, not who was part of it."""
NATIONAL = ("government", "local_government", "public_agency", "company", "academic")
"""The kinds of organisation whose country is a party where they are."""
PAYING_ROLES = ("funder", "donor")
BENEFITING_ROLES = ("recipient", "participating_country", "pilot_city", "member")
SCOPE = ("metric", "unit", "vehicle_category", "vehicle_use", "powertrain", "collective", "subdivision_code", "city")
"""The columns that must be equal for two versions of a target to be comparable."""
NO_REGION = "no region in UN M49"
CHANGES = ["raised", "advanced", "unchanged", "mixed", "rescoped", "delayed", "lowered"]
ALLOWED = {
    "bev": "no hybrids",
    "zev": "no hybrids",
    "pev": "plug-in hybrids",
    "nev": "plug-in hybrids",
    "xev": "all hybrids",
    "ev": "not stated",
}
"""Powertrain → which hybrids a share of 100 % still lets in."""


def parties(
    ds: Dataset,
    between: Between = "countries",
    *,
    roles: Sequence[str] | None = None,
    since: Day | None = None,
    until: Day | None = None,
    status: Sequence[str] = ("held",),
    attendance: Sequence[str] = ("confirmed",),
    expand_groups: bool = False,
) -> pd.DataFrame:
    """Who was part of which event (see `Dataset.parties`)."""
    import pandas as pd

    if between not in ("countries", "organisations"):
        raise EvcollabError(f"between={between!r}: expected 'countries' or 'organisations'")
    _known_codes(ds, "participants", "role", roles or ())
    _known_codes(ds, "participants", "attendance", attendance)
    _known_codes(ds, "events", "status", status)
    events = _during(ds.events, since, until)
    events = events[events["status"].isin(list(status))]
    lines = ds.participants.merge(events[["event_id", "start_date", "last_day"]], on="event_id")
    lines = lines[lines["attendance"].isna() | lines["attendance"].isin(list(attendance))]
    lines = lines[lines["role"].isin(list(roles)) if roles is not None else ~lines["role"].isin(INVITED_ROLES)]
    organisations = ds.organisations.set_index("organisation_id")
    if between == "organisations":
        lines["party"] = lines["organisation_id"]
    else:
        home = organisations.loc[organisations["kind"].isin(NATIONAL), "country_code"]
        lines["party"] = lines["country_code"].fillna(_looked_up(lines["organisation_id"], home))
    found = lines[["event_id", "start_date", "party", "role"]]
    if expand_groups and between == "countries":
        blocs = organisations.index[organisations["kind"] == "country_group"]
        bound = lines[lines["party"].isna() & lines["organisation_id"].isin(blocs)]
        expanded = [
            {"event_id": line["event_id"], "start_date": line["start_date"], "party": country, "role": line["role"]}
            for line in bound.to_dict("records")
            for country in _countries_of(ds, line["organisation_id"], line["start_date"], line["last_day"])
        ]
        found = pd.concat([found, pd.DataFrame(expanded, columns=found.columns)]) if expanded else found
    roles_of: dict[tuple[str, Any, str], set[str]] = {}
    for event, date, party, role in found.dropna(subset="party").itertuples(index=False):
        roles_of.setdefault((event, date, party), set()).update([role] if isinstance(role, str) else [])
    rows = [(event, date, party, sorted(roles_of[event, date, party])) for event, date, party in roles_of]
    frame = pd.DataFrame(rows, columns=["event_id", "date", "party", "roles"])
    frame = frame.astype({"event_id": "str", "date": "datetime64[us]", "party": "str", "roles": "object"})
    return frame.sort_values(["event_id", "party"], ignore_index=True)


def collaborations(ds: Dataset, between: Between = "countries", **options: Any) -> pd.DataFrame:
    """Who met whom (see `Dataset.collaborations`)."""
    import pandas as pd

    together: dict[tuple[str, str], list[str]] = {}
    present = parties(ds, between, **options)
    for event, group in present.groupby("event_id", sort=True)["party"]:
        for pair in combinations(sorted(group), 2):
            together.setdefault(pair, []).append(str(event))
    rows = sorted(((a, b, len(events), events) for (a, b), events in together.items()), key=lambda r: (-r[2], r[:2]))
    frame = pd.DataFrame(rows, columns=["a", "b", "events", "event_ids"])
    return frame.astype({"a": "str", "b": "str", "events": "Int64", "event_ids": "object"})


def funding(ds: Dataset) -> pd.DataFrame:
    """Who pays for whom (see `Dataset.funding`)."""
    import pandas as pd

    organisations = ds.organisations.set_index("organisation_id")
    events = ds.events.set_index("event_id")
    lines = ds.participants
    lines["seat"] = lines["country_code"].fillna(_looked_up(lines["organisation_id"], organisations["country_code"]))
    at_event = dict(iter(lines.groupby("event_id")))
    rows: list[dict[str, Any]] = []
    for line in lines[lines["role"].isin(PAYING_ROLES)].to_dict("records"):
        event = events.loc[line["event_id"]]
        others = at_event[line["event_id"]]
        others = others[~others["role"].isin(PAYING_ROLES)]
        gaining, basis = others[others["role"] == "recipient"], "recipient"
        if gaining.empty:
            gaining, basis = others[others["role"].isin(["participant", "target_group"])], "participant"
        countries = set(gaining["seat"].dropna()) - {line["seat"]}
        if not countries and isinstance(event["country_code"], str) and event["country_code"] != line["seat"]:
            countries, basis = {event["country_code"]}, "place"
        rows.append(
            {
                "funder_id": line["organisation_id"],
                "funder_country": line["seat"],
                "role": line["role"],
                "event_id": line["event_id"],
                "programme_id": event["programme_id"],
                "date": event["start_date"],
                "beneficiaries": sorted(countries),
                "beneficiaries_from": basis if countries else None,
                "amount": line["amount"],
                "currency": line["currency"],
            }
        )
    memberships = ds.memberships
    for line in memberships[memberships["role"] == "funder"].to_dict("records"):
        gaining = memberships[
            (memberships["group_id"] == line["group_id"]) & memberships["role"].isin(BENEFITING_ROLES)
        ]
        seats = gaining["country_code"].fillna(_looked_up(gaining["organisation_id"], organisations["country_code"]))
        country = line["country_code"] if isinstance(line["country_code"], str) else None
        if country is None and isinstance(line["organisation_id"], str):
            country = organisations["country_code"].get(line["organisation_id"])
        countries = set(seats.dropna()) - {country}
        rows.append(
            {
                "funder_id": line["organisation_id"],
                "funder_country": country,
                "role": line["role"],
                "event_id": None,
                "programme_id": line["group_id"],
                "date": line["start_date"],
                "beneficiaries": sorted(countries),
                "beneficiaries_from": "member" if countries else None,
                "amount": line["amount"],
                "currency": line["currency"],
            }
        )
    columns = {
        "funder_id": "str", "funder_country": "str", "role": "str", "event_id": "str", "programme_id": "str",
        "date": "datetime64[us]", "beneficiaries": "object", "beneficiaries_from": "str", "amount": "Float64",
        "currency": "str",
    }  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(columns)).astype(columns)
    return frame.sort_values(["funder_id", "funder_country", "event_id", "programme_id"], ignore_index=True)


def members(ds: Dataset, group: str, on: Day | None = None) -> pd.DataFrame:
    """Who is in a group (see `Dataset.members`)."""
    import pandas as pd

    found = ds.memberships
    found = found[found["group_id"] == _group(ds, group)]
    if on is None:
        certain = pd.Series(True, index=found.index)
    else:
        first, last = _interval(on)
        possible, certain = _held(found, first, last)
        found, certain = found[possible], certain[possible]
    countries = ds.countries.set_index("country_code")["name"]
    organisations = ds.organisations.set_index("organisation_id")["name"]
    name = _looked_up(found["country_code"], countries).fillna(_looked_up(found["organisation_id"], organisations))
    frame = found.assign(name=name, certain=certain.astype("boolean"))
    columns = ["group_id", "country_code", "organisation_id", "name", "role", "start_date", "end_date", "certain"]
    return frame[columns].sort_values(["role", "name"], ignore_index=True)


def targets(
    ds: Dataset, on: Day | None = None, *, country: str | None = None, expand_groups: bool = False
) -> pd.DataFrame:
    """The targets in force (see `Dataset.targets`)."""
    import pandas as pd

    frame = ds.policy_targets
    if on is None:
        frame = frame[frame["status"] == "active"]
        frame["certain"] = pd.Series(True, index=frame.index, dtype="boolean")
        first = last = None
    else:
        first, last = _interval(on)
        frame = _in_force(ds, frame, first, last)
    policies = ds.policies.set_index("policy_id")
    frame["policy"] = _looked_up(frame["policy_id"], policies["name"])
    frame["policy_kind"] = _looked_up(frame["policy_id"], policies["kind"].astype("str"))
    if expand_groups:
        each = frame[frame["group_id"].notna() & ~frame["collective"].fillna(False)]
        copies = [
            each[each["group_id"] == group].assign(country_code=code)
            for group in each["group_id"].unique()
            for code in _countries_of(ds, group, first, last)
        ]
        frame = pd.concat([frame.drop(each.index), *copies])
    if country is not None:
        frame = frame[frame["country_code"] == _country(ds, country)]
    frame = frame.astype({"country_code": "str"})
    return frame.sort_values(["country_code", "group_id", "target_id"], kind="stable", ignore_index=True)


def target_history(ds: Dataset) -> pd.DataFrame:
    """How targets changed from version to version (see `Dataset.target_history`)."""
    import pandas as pd

    frame = ds.policy_targets
    frame[list(SCOPE)] = frame[list(SCOPE)].astype("object")
    by_id = {row["target_id"]: row for row in frame.to_dict("records")}
    rows = []
    for newer in by_id.values():
        older = by_id.get(newer["supersedes_id"])
        if older is None:
            continue
        scope = [column for column in SCOPE if not _same(older[column], newer[column])]
        rows.append(
            {
                "country_code": newer["country_code"],
                "group_id": newer["group_id"],
                "metric": newer["metric"],
                "vehicle_category": newer["vehicle_category"],
                "older_id": older["target_id"],
                "newer_id": newer["target_id"],
                "older_date": older["announced_date"],
                "newer_date": newer["announced_date"],
                "older_value": older["value"],
                "newer_value": newer["value"],
                "older_year": older["target_year"],
                "newer_year": newer["target_year"],
                "change": "rescoped" if scope else _change(older, newer),
                "scope": scope,
            }
        )
    columns: dict[str, Any] = {
        "country_code": "str", "group_id": "str", "metric": "str", "vehicle_category": "str", "older_id": "str",
        "newer_id": "str", "older_date": "datetime64[us]", "newer_date": "datetime64[us]", "older_value": "Float64",
        "newer_value": "Float64", "older_year": "Int64", "newer_year": "Int64",
        "change": pd.CategoricalDtype(CHANGES), "scope": "object",
    }  # fmt: skip
    history = pd.DataFrame(rows, columns=list(columns)).astype(columns)
    return history.sort_values(["country_code", "group_id", "newer_date", "newer_id"], ignore_index=True)


def phase_outs(ds: Dataset, on: Day | None = None) -> pd.DataFrame:
    """Targets of 100 % of new sales (see `Dataset.phase_outs`)."""
    frame = targets(ds, on)
    whole = (frame["metric"] == "sales_share") & (frame["value"] >= 100) & (frame["comparator"] != "at_most")
    frame = frame[whole.fillna(False)]
    frame = frame.assign(still_allowed=frame["powertrain"].astype("object").map(ALLOWED).astype("str"))
    columns = [
        "country_code", "group_id", "subdivision_code", "city", "vehicle_category", "vehicle_use", "target_year",
        "powertrain", "still_allowed", "strength", "announced_date", "policy", "target_id",
    ]  # fmt: skip
    return frame[columns].sort_values(["target_year", "country_code", "target_id"], kind="stable", ignore_index=True)


def coverage(ds: Dataset) -> pd.DataFrame:
    """How much of the world the register holds (see `Dataset.coverage`)."""
    import pandas as pd

    rows: list[tuple[str, str, str, int]] = []

    def count(measure: str, groups: pd.Series, subgroups: pd.Series) -> None:
        sizes = Counter(zip(groups, subgroups, strict=True))
        rows.extend((measure, str(group), str(subgroup), n) for (group, subgroup), n in sorted(sizes.items()))

    countries, events, policy_targets, claims = ds.countries, ds.events, ds.policy_targets, ds.claims
    region = countries.set_index("country_code")["region"].astype("str").fillna(NO_REGION)
    place = _looked_up(events["country_code"], region).fillna("no single place")
    count("events", place, events["start_date"].dt.strftime("%Y").fillna("undated"))
    category = policy_targets["vehicle_category"].astype("object").fillna("charging")
    count("targets", policy_targets["country_code"].fillna(policy_targets["group_id"]), category)
    count("sources", ds.sources["tier"].astype("str"), ds.sources["kind"].astype("str"))
    per_row = claims.drop_duplicates(["table_name", "record_id", "source_id"])
    per_row = per_row.groupby(["table_name", "record_id"], as_index=False, observed=True).size()
    count(
        "rows_by_sources", per_row["table_name"].astype("str"), per_row["size"].map(lambda n: str(n) if n < 2 else "2+")
    )
    disputed = ds.conflicts().drop_duplicates(["table_name", "record_id", "field"])
    count("conflicts", disputed["table_name"], disputed["field"])
    meeting = set(ds.participants["country_code"].dropna()) | set(events["country_code"].dropna())
    aiming = set(policy_targets["country_code"].dropna())
    found = countries["country_code"].map(
        lambda code: ("neither", "event only", "target only", "both")[(code in meeting) + 2 * (code in aiming)]
    )
    count("countries", countries["region"].astype("str").fillna(NO_REGION), found)
    frame = pd.DataFrame(rows, columns=["measure", "group", "subgroup", "value"])
    return frame.astype({"measure": "category", "group": "str", "subgroup": "str", "value": "Int64"})


def _interval(day: Day) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last possible day of a date given as text or as a date."""
    import pandas as pd

    if isinstance(day, dt.date):
        return pd.Timestamp(day).normalize(), pd.Timestamp(day).normalize()
    try:
        partial = dates.parse(day)
    except (TypeError, ValueError) as error:
        raise EvcollabError(f"{day!r} is not a date; expected {error}") from None
    return pd.Timestamp(partial.earliest), pd.Timestamp(partial.latest)


def _latest(days: pd.Series, precisions: pd.Series) -> pd.Series:
    """The last possible days of dates whose first possible days are given."""
    import pandas as pd

    last = days.where(precisions != "month", days + pd.offsets.MonthEnd(1))
    return last.where(precisions != "year", days + pd.offsets.YearEnd(1))


def _earliest(days: pd.Series, precisions: pd.Series) -> pd.Series:
    """The first possible days of dates whose last possible days are given."""
    first = days.where(precisions != "month", days.dt.to_period("M").dt.start_time)
    return first.where(precisions != "year", days.dt.to_period("Y").dt.start_time)


def _looked_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """The value of each key, with the dtype of the values even if none is found."""
    return values.reindex(keys).set_axis(keys.index)


def _during(events: pd.DataFrame, since: Day | None, until: Day | None) -> pd.DataFrame:
    """The events that may have taken place in a span, with their last possible day as `last_day`."""
    last = events["end_date"].fillna(_latest(events["start_date"], events["start_date" + PRECISION]))
    events = events.assign(last_day=last)
    if since is not None:
        events = events[events["last_day"] >= _interval(since)[0]]
    if until is not None:
        events = events[events["start_date"] <= _interval(until)[1]]
    return events


def _held(memberships: pd.DataFrame, first: Any, last: Any) -> tuple[pd.Series, pd.Series]:
    """Which memberships may, and which must, have held from the first day to the last."""
    start, end = memberships["start_date"], memberships["end_date"]
    possible = (start.isna() | (start <= last)) & (end.isna() | (end >= first))
    begun = _latest(start, memberships["start_date" + PRECISION]) <= first
    still = end.isna() | (_earliest(end, memberships["end_date" + PRECISION]) >= last)
    return possible, begun & still


def _countries_of(ds: Dataset, group: str, first: Any, last: Any) -> list[str]:
    """The countries that may have been members of a group on a day; without a day, those that have not left."""
    import pandas as pd

    found = ds.memberships
    found = found[(found["group_id"] == group) & (found["role"] == "member")].dropna(subset="country_code")
    found = found[found["end_date"].isna() if pd.isna(first) else _held(found, first, last)[0]]
    return sorted(set(found["country_code"]))


def _in_force(ds: Dataset, frame: pd.DataFrame, first: Any, last: Any) -> pd.DataFrame:
    """The versions of targets that may have been in force from the first day to the last, with `certain`."""
    frame = frame.set_index("target_id", drop=False).rename_axis(None)
    own, precision = frame["announced_date"], frame["announced_date" + PRECISION]
    policies = ds.policies.set_index("policy_id")
    adopted = _looked_up(frame["policy_id"], policies["adopted_date"])
    adopted_precision = _looked_up(frame["policy_id"], policies["adopted_date" + PRECISION].astype("str"))
    claims = ds.claims.merge(ds.sources[["source_id", "published_date", "published_date" + PRECISION]], on="source_id")
    claims = claims[(claims["table_name"] == "policy_targets") & (claims["rank"] != "deprecated")]
    reported = _latest(claims["published_date"], claims["published_date" + PRECISION])
    first_report = reported.groupby(claims["record_id"]).min()
    begins = own.fillna(adopted).fillna(first_report.reindex(frame.index))
    surely = _latest(own, precision).fillna(_latest(adopted, adopted_precision)).fillna(begins)
    ending = claims[(claims["field"] == "status") & claims["value"].isin(["withdrawn", "lapsed"])]
    ends = reported[ending.index].groupby(ending["record_id"]).min().reindex(frame.index)
    begun = begins <= last
    gone = frame["status"].isin(["withdrawn", "lapsed"])
    kept = begun & (~gone | (ends > last))
    replaced: set[str] = set()
    after: dict[str, list[str]] = {}
    for newer, older in frame["supersedes_id"].dropna().items():
        after.setdefault(older, []).append(str(newer))
    for older in after:
        waiting, seen = list(after[older]), {older}
        while waiting:
            newer = waiting.pop()
            if newer in seen or newer not in begun.index:
                continue
            seen.add(newer)
            if begun[newer] or begins.isna()[newer]:
                replaced.add(older)
            waiting += after.get(newer, [])
    orphaned = (frame["status"] == "superseded") & ~frame.index.isin(list(after))
    kept &= ~frame.index.isin(list(replaced)) & ~orphaned
    frame["certain"] = (surely <= first).astype("boolean")
    found: pd.DataFrame = frame[kept]
    return found.reset_index(drop=True)


def _change(older: Mapping[Any, Any], newer: Mapping[Any, Any]) -> str:
    """How a target differs from the version before it, of the same scope."""
    downwards = [version["comparator"] == "at_most" for version in (older, newer)]
    if downwards[0] != downwards[1]:
        return "rescoped"
    more = _sign(newer["value"] - older["value"]) * (-1 if downwards[0] else 1)
    later = _sign(newer["target_year"] - older["target_year"])
    if more and later and more == later:
        return "mixed"
    if more:
        return "raised" if more > 0 else "lowered"
    return {1: "delayed", -1: "advanced", 0: "unchanged"}[later]


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _same(a: Any, b: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(a) and pd.isna(b)) or bool(not pd.isna(a) and not pd.isna(b) and a == b)


def _known_codes(ds: Dataset, table: str, column: str, codes: Iterable[str]) -> None:
    allowed = ds.package.schema(table).field(column).categories
    for code in codes:
        if code not in allowed:
            raise UnknownNameError(f"{column} in {table}:", code, allowed)


def _country(ds: Dataset, wanted: str) -> str:
    """The code of a country given by code or name."""
    countries = ds.countries
    for column in ("country_code", "alpha2", "name"):
        found = countries[countries[column].map(names.key) == names.key(wanted)]
        if len(found):
            return str(found["country_code"].iloc[0])
    raise UnknownNameError("country", wanted, [*countries["country_code"], *countries["name"]])


def _group(ds: Dataset, wanted: str) -> str:
    """The identifier of a group given by identifier, name, short name or alias."""
    organisations = ds.organisations
    if wanted in set(organisations["organisation_id"]):
        return wanted
    sought = names.key(wanted)
    named = organisations[
        (organisations["name"].map(names.key) == sought)
        | (organisations["short_name"].fillna("").map(names.key) == sought)
        | organisations["aliases"].map(lambda aliases: sought in {names.key(alias) for alias in aliases})
    ]["organisation_id"]
    having = set(ds.memberships["group_id"])
    found = [one for one in named if one in having] or list(named)
    if len(found) == 1:
        return str(found[0])
    if found:
        raise EvcollabError(f"{wanted!r} is the name of several groups: use an identifier, {' or '.join(found)}")
    raise UnknownNameError("group", wanted, [*having, *organisations["name"]])
