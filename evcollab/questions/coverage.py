"""How much of the world the register holds, and how well it is founded."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from evcollab.questions.lookup import looked_up

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset

NO_REGION = "no region in UN M49"
HELD = ("neither", "event only", "target only", "both")


def coverage(ds: Dataset) -> pd.DataFrame:
    """How much of the world, and how well, the register covers, as counts in one long table.

    Returns:
        `measure` (category), `group` (str), `subgroup` (str), `value` (Int64). The measures: `events` by region
        of the place and year; `targets` by country or group and vehicle category; `sources` by tier and kind;
        `rows_by_sources`: rows by table and number of sources (1, 2+); `conflicts`: cells on which sources
        disagree, by table and column; `countries` by region and what is held on them (both, event only, target
        only, neither).
    """
    import pandas as pd

    rows: list[tuple[str, str, str, int]] = []

    def count(measure: str, groups: pd.Series, subgroups: pd.Series) -> None:
        sizes = Counter(zip(groups, subgroups, strict=True))
        rows.extend((measure, str(group), str(subgroup), n) for (group, subgroup), n in sorted(sizes.items()))

    countries, events, policy_targets = ds.countries, ds.events, ds.policy_targets
    region = countries.set_index("country_code")["region"].astype("str").fillna(NO_REGION)
    place = looked_up(events["country_code"], region).fillna("no single place")
    count("events", place, events["start_date"].dt.strftime("%Y").fillna("undated"))
    category = policy_targets["vehicle_category"].astype("object").fillna("charging")
    count("targets", policy_targets["country_code"].fillna(policy_targets["group_id"]), category)
    count("sources", ds.sources["tier"].astype("str"), ds.sources["kind"].astype("str"))
    per_row = ds.claims.drop_duplicates(["table_name", "record_id", "source_id"])
    per_row = per_row.groupby(["table_name", "record_id"], as_index=False, observed=True).size()
    several = per_row["size"].map(lambda n: "1" if n == 1 else "2+")
    count("rows_by_sources", per_row["table_name"].astype("str"), several)
    disputed = ds.conflicts().drop_duplicates(["table_name", "record_id", "field"])
    count("conflicts", disputed["table_name"], disputed["field"])
    count("countries", countries["region"].astype("str").fillna(NO_REGION), held_on(ds))
    frame = pd.DataFrame(rows, columns=["measure", "group", "subgroup", "value"])
    return frame.astype({"measure": "category", "group": "str", "subgroup": "str", "value": "Int64"})


def held_on(ds: Dataset) -> pd.Series:
    """What the register holds on each country, one of `HELD`, by its code."""
    meeting = {*ds.participants["country_code"].dropna(), *ds.events["country_code"].dropna()}
    aiming = {*ds.policy_targets["country_code"].dropna()}
    codes = ds.countries["country_code"]
    return codes.set_axis(codes).map(lambda code: HELD[(code in meeting) + 2 * (code in aiming)])


def in_short(ds: Dataset) -> list[str]:
    """Years, countries and disagreements, as far as the package has the tables for them."""
    events, targets, found = ds.events, ds.policy_targets, held_on(ds)
    years = events["start_date"].dropna().dt.year
    meeting, aiming = (found.isin([what, "both"]).sum() for what in ("event only", "target only"))
    disputed = ds.conflicts().drop_duplicates(["table_name", "record_id", "field"])
    span = " of " + " to ".join(sorted({f"{years.min()}", f"{years.max()}"})) if len(years) else ""
    lines = {
        "events": f"{_counted(len(events), 'event')}{span}, with "
        f"{_counted(meeting, 'host or participating countr', 'y')}",
        "policy_targets": f"{_counted(len(targets), 'policy target')} of {_counted(aiming, 'countr', 'y')} "
        f"and {_counted(targets['group_id'].nunique(), 'group')}",
        "claims": f"{_counted(len(disputed), 'cell')} on which sources disagree",
    }
    return [line for table, line in lines.items() if table in ds]


def _counted(number: int, what: str, ending: str = "") -> str:
    """A number with what it counts, in the singular for one."""
    return f"{number} {what}{ending if number == 1 else 'ies' if ending == 'y' else 's'}"
