"""Which targets hold, how they changed, and when combustion engines end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

from evcollab.errors import EvcollabError
from evcollab.questions import lookup
from evcollab.questions.groups import countries_of
from evcollab.questions.lookup import looked_up
from evcollab.questions.spans import Day, interval, latest
from evcollab.types import PRECISION

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset

Level = Literal["group", "national", "subdivision", "city"]
LEVELS: tuple[Level, ...] = get_args(Level)
SCOPE = (
    *("metric", "unit", "vehicle_category", "vehicle_use", "powertrain", "collective"),
    *("subdivision_code", "city", "area", "conditionality"),
)
"""The columns that must be equal for two versions of a target to be comparable."""
DIRECTIONS = ["raised", "advanced", "unchanged", "mixed", "delayed", "lowered"]


def targets(
    ds: Dataset,
    on: Day | None = None,
    *,
    country: str | None = None,
    level: Level | None = None,
    expand_groups: bool = False,
) -> pd.DataFrame:
    """The policy targets in force, today or on a day.

    Without `on`, the status of a target decides: `active`. With it, a version is in force from its announcement
    (else the adoption of its policy, else the first dated report of it) until a later version in its
    `supersedes_id` chain is announced. A withdrawn or lapsed target ends with the first dated report of that. One
    of which the beginning, or the end that it had, has no date is left out: it cannot be said when it held. A
    target whose year has passed stays in force.

    Args:
        on: a day, month or year: what may have been in force in it; None: today.
        country: only targets of this country, by code or any name.
        level: only those of a `group` of countries, of whole countries (`national`), of a state or province
            (`subdivision`), or of a `city`; None: all.
        expand_groups: list a target of a group that binds each member once per member on that day, with the
            member as `country_code`. Otherwise, and for collective ones always, `country_code` is empty.

    Returns:
        The columns of `policy_targets`, with `level` (category), `certain` (boolean: announced before that day
        however the date is completed), `policy` (str: name), `policy_kind` (str), and `status_as_of` (datetime64: the
        latest day on which a source of the row was published; without any, on which it was read).

    Raises:
        UnknownNameError: there is no such country.
        EvcollabError: `on` is not a date, or there is no such level.
    """
    import pandas as pd

    frame = ds.policy_targets
    if on is None:
        frame = frame[frame["status"] == "active"]
        frame["certain"] = pd.Series(True, index=frame.index, dtype="boolean")
        first = last = None
    else:
        first, last = interval(on)
        frame = _in_force(ds, frame, first, last)
    policies = ds.policies.set_index("policy_id")
    frame["policy"] = looked_up(frame["policy_id"], policies["name"])
    frame["policy_kind"] = looked_up(frame["policy_id"], policies["kind"].astype("str"))
    frame["level"] = _levels(frame)
    frame["status_as_of"] = looked_up(frame["target_id"], _freshness(ds))
    if expand_groups:
        each = frame[frame["group_id"].notna() & ~frame["collective"].fillna(False)]
        copies = [
            each[each["group_id"] == group].assign(country_code=code)
            for group in each["group_id"].unique()
            for code in countries_of(ds, group, first, last)
        ]
        frame = pd.concat([frame.drop(each.index), *copies])
    frame = _chosen(ds, frame, country, level).astype({"country_code": "str"})
    return frame.sort_values(["country_code", "group_id", "target_id"], kind="stable", ignore_index=True)


def target_history(ds: Dataset, *, country: str | None = None, level: Level | None = None) -> pd.DataFrame:
    """How targets changed, one row per version that supersedes another.

    `direction` sums up value and year: `raised` or `lowered` if the value goes up or down (the other way round for
    "at most"), unless the year moves against it (more but later, less but sooner): `mixed`. With the same value it is
    `delayed`, `advanced` or `unchanged`. It is empty where the two values have different units. Where `comparable` is
    false, the versions also differ in what they count: `scope` names the columns. A powertrain that is not specified
    (`ev`) is comparable with any.

    Args:
        country: only targets of this country, by code or any name.
        level: as in `targets`.

    Returns:
        `country_code`, `group_id` (str), `level` (category), `subdivision_code`, `city` (str), `area`, `metric`,
        `vehicle_category`, `vehicle_use`, `powertrain` (str), all of the newer version; `older_id`, `newer_id` (str),
        `older_date`, `newer_date` (datetime64: first possible day of announcement), `older_date_precision`,
        `newer_date_precision` (str: year, month or day), `older_value`, `newer_value` (Float64), `older_year`,
        `newer_year` (Int64), `older_strength`, `newer_strength` (str),
        `direction` (category), `value_direction` (str: up, down or same), `year_direction` (str: later, sooner or
        same), `comparable` (bool), `scope` (list of str: the columns that differ).

    Raises:
        UnknownNameError: there is no such country.
        EvcollabError: there is no such level.
    """
    import pandas as pd

    frame = ds.policy_targets
    frame["level"] = _levels(frame)
    frame = frame.astype(dict.fromkeys(SCOPE, "object"))
    by_id = {row["target_id"]: row for row in frame.to_dict("records")}
    rows = [_step(by_id[newer["supersedes_id"]], newer) for newer in by_id.values() if newer["supersedes_id"] in by_id]
    vocabularies = {"level": pd.CategoricalDtype(list(LEVELS)), "direction": pd.CategoricalDtype(DIRECTIONS)}
    history = pd.DataFrame(rows, columns=list(_HISTORY)).astype(_HISTORY | vocabularies)
    history = _chosen(ds, history, country, level)
    return history.sort_values(["country_code", "group_id", "newer_date", "newer_id"], ignore_index=True)


_TOLD = {
    "id": ("target_id", "str"),
    "date": ("announced_date", "datetime64[us]"),
    "date" + PRECISION: ("announced_date" + PRECISION, "str"),
    "value": ("value", "Float64"),
    "year": ("target_year", "Int64"),
    "strength": ("strength", "str"),
}
"""What `target_history` tells of both versions → the column it is read from, and the dtype."""
_HISTORY: dict[str, Any] = {
    **dict.fromkeys(("country_code", "group_id", "level", "subdivision_code", "city", "area"), "str"),
    **dict.fromkeys(("metric", "vehicle_category", "vehicle_use", "powertrain"), "str"),
    **{f"{version}_{told}": dtype for told, (_, dtype) in _TOLD.items() for version in ("older", "newer")},
    **dict.fromkeys(("direction", "value_direction", "year_direction"), "str"),
    "comparable": "bool",
    "scope": "object",
}


def phase_outs(
    ds: Dataset, on: Day | None = None, *, country: str | None = None, level: Level | None = None
) -> pd.DataFrame:
    """When new combustion cars, buses or others shall no longer be sold: targets of 100 % of new sales.

    Args:
        on: as in `targets`.
        country: as in `targets`.
        level: as in `targets`.

    Returns:
        One row per target, earliest year first: `country_code`, `group_id` (str), `level` (category),
        `subdivision_code`, `city` (str), `area`, `vehicle_category`, `vehicle_use` (category), `target_year` (Int64),
        `powertrain` (category), `still_allowed` (str: no hybrids, plug-in hybrids, all hybrids, not stated),
        `strength` (category), `announced_date` (datetime64: first possible day), `announced_date_precision` (category:
        year, month, day), `status_as_of` (datetime64, as in `targets`), `policy` (str: name), `target_id` (str).

    Raises:
        UnknownNameError: there is no such country.
        EvcollabError: `on` is not a date, or there is no such level.
    """
    frame = targets(ds, on, country=country, level=level)
    whole = (frame["metric"] == "sales_share") & (frame["value"] >= 100) & (frame["comparator"] != "at_most")
    frame = frame[whole.fillna(False)]
    hybrids = lookup.facts(ds, "policy_targets", "powertrain", "hybrids")
    frame = frame.assign(still_allowed=frame["powertrain"].astype("object").map(hybrids).astype("str"))
    columns = [
        "country_code", "group_id", "level", "subdivision_code", "city", "area", "vehicle_category", "vehicle_use",
        "target_year", "powertrain", "still_allowed", "strength", "announced_date",
        "announced_date_precision", "status_as_of", "policy", "target_id",
    ]  # fmt: skip
    return frame[columns].sort_values(["target_year", "country_code", "target_id"], kind="stable", ignore_index=True)


def _levels(frame: pd.DataFrame) -> pd.Series:
    """Whom each target binds."""
    import pandas as pd

    level = pd.Series("national", index=frame.index)
    level = level.mask(frame["group_id"].notna(), "group").mask(frame["subdivision_code"].notna(), "subdivision")
    return level.mask(frame["city"].notna(), "city").astype(pd.CategoricalDtype(list(LEVELS)))


def _chosen(ds: Dataset, frame: pd.DataFrame, country: str | None, level: Level | None) -> pd.DataFrame:
    """The rows of a country and of a level, if any is wanted."""
    if level is not None and level not in LEVELS:
        raise EvcollabError(f"level={level!r}: expected one of {', '.join(LEVELS)}, or None for all")
    if level is not None:
        frame = frame[frame["level"] == level]
    return frame if country is None else frame[frame["country_code"] == lookup.country(ds, country)]


def _reports(ds: Dataset) -> pd.DataFrame:
    """The claims on targets, with the last day on which their source may have been published, as `reported`."""
    claims, sources = ds.claims, ds.sources
    sources["reported"] = latest(sources["published_date"], sources["published_date" + PRECISION])
    claims = claims[(claims["table_name"] == "policy_targets") & (claims["rank"] != "deprecated")]
    return claims.merge(sources[["source_id", "reported", "accessed_date"]], on="source_id")


def _freshness(ds: Dataset) -> pd.Series:
    """Target → the latest day on which a source of the row was published, else read."""
    newest = _reports(ds).groupby("record_id")[["reported", "accessed_date"]].max()
    return newest["reported"].fillna(newest["accessed_date"])


def _in_force(ds: Dataset, frame: pd.DataFrame, first: Any, last: Any) -> pd.DataFrame:
    """The versions of targets that may have been in force from the first day to the last, with `certain`."""
    frame = frame.set_index("target_id", drop=False).rename_axis(None)
    own, precision = frame["announced_date"], frame["announced_date" + PRECISION]
    policies = ds.policies.set_index("policy_id")
    adopted = looked_up(frame["policy_id"], policies["adopted_date"])
    adopted_precision = looked_up(frame["policy_id"], policies["adopted_date" + PRECISION].astype("str"))
    reports = _reports(ds)
    begins = own.fillna(adopted).fillna(reports.groupby("record_id")["reported"].min().reindex(frame.index))
    surely = latest(own, precision).fillna(latest(adopted, adopted_precision)).fillna(begins)
    ending = reports[(reports["field"] == "status") & reports["value"].isin(["withdrawn", "lapsed"])]
    ends = ending.groupby("record_id")["reported"].min().reindex(frame.index)
    begun = begins <= last
    gone = frame["status"].isin(["withdrawn", "lapsed"])
    followed = frame["supersedes_id"].dropna()
    orphaned = (frame["status"] == "superseded") & ~frame.index.isin(list(followed))
    frame["certain"] = (surely <= first).astype("boolean")
    replaced = _replaced(followed, begun | begins.isna())
    found: pd.DataFrame = frame[begun & (~gone | (ends > last)) & ~frame.index.isin(replaced) & ~orphaned]
    return found.reset_index(drop=True)


def _replaced(followed: pd.Series, standing: pd.Series) -> list[str]:
    """The targets of which a later version, direct or not, is standing; `followed`: newer → older."""
    replaced: set[str] = set()
    for newest in standing.index[standing]:
        chain, older = {newest}, followed.get(newest)
        while older is not None and older not in chain:
            chain.add(older)
            older = followed.get(older)
        replaced |= chain - {newest}
    return list(replaced)


def _step(older: Mapping[Any, Any], newer: Mapping[Any, Any]) -> dict[str, Any]:
    """One change: the newer version beside the older."""
    downwards = [version["comparator"] == "at_most" for version in (older, newer)]
    scope = [column for column in SCOPE if not _same(column, older[column], newer[column])]
    scope += ["comparator"] if downwards[0] != downwards[1] else []
    more, later = _sign(newer["value"] - older["value"]), _sign(newer["target_year"] - older["target_year"])
    one_unit = _same("unit", older["unit"], newer["unit"])
    return {
        **{column: newer[column] for column in _HISTORY if column in newer},
        **{
            f"{name}_{short}": version[column]
            for name, version in (("older", older), ("newer", newer))
            for short, (column, _) in _TOLD.items()
        },
        "direction": _direction(-more if downwards[1] else more, later) if one_unit else None,
        "value_direction": {1: "up", -1: "down", 0: "same"}[more] if one_unit else None,
        "year_direction": {1: "later", -1: "sooner", 0: "same"}[later],
        "comparable": not scope,
        "scope": scope,
    }


def _direction(more: int, later: int) -> str:
    if more and more == later:
        return "mixed"
    if more:
        return "raised" if more > 0 else "lowered"
    return {1: "delayed", -1: "advanced", 0: "unchanged"}[later]


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _same(column: str, a: Any, b: Any) -> bool:
    import pandas as pd

    if pd.isna(a) or pd.isna(b):
        return bool(pd.isna(a) and pd.isna(b))
    return bool(a == b) or (column == "powertrain" and "ev" in (a, b))
