"""Rules on policies and their targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from evcollab import dates
from evcollab.validation.catalogue import Cells, rule
from evcollab.validation.chains import cycles
from evcollab.validation.data import Data, Finding, Row

POLICY = "lao-ev-policy-2021"
OLD = "lao-2021-car-stock-share-2030"
NEW = "lao-2023-car-stock-share-2030"
LATER = "lao-2023-car-stock-share-2035"
CHARGING = "lao-2023-charging-points-2030"
GROUP = "eco-2025-car-sales-2030"
UNITS = {
    "percent": (
        "sales_share",
        "stock_share",
        "import_share",
        "procurement_share",
        "fleet_share",
        "production_share",
    ),
    "vehicles": ("stock", "sales", "production"),
    "points": ("charging_points", "public_charging_points"),
    "stations": ("charging_stations", "public_charging_stations", "swap_stations"),
}
UNIT_OF = {metric: unit for unit, metrics in UNITS.items() for metric in metrics}
INFRASTRUCTURE = frozenset({*UNITS["points"], *UNITS["stations"]})
SCOPE = (
    "country_code",
    "group_id",
    "subdivision_code",
    "city",
    "collective",
    "metric",
    "unit",
    "vehicle_category",
    "vehicle_use",
    "powertrain",
    "strength",
    "conditionality",
)


@rule(
    "policy-scope",
    "error",
    tables=("policies",),
    summary="A policy is that of a country or of a group of countries: exactly one.",
    why="Otherwise it is not clear whom it binds.",
    fix="Fill exactly one of `country_code` and `group_id`.",
    good=(Cells("policies", "eco-vision-2025", {"group_id": "eco", "country_code": ""}),),
    bad=(Cells("policies", POLICY, {"country_code": ""}),),
    at=("policies", POLICY, "country_code"),
)
def _policy_scope(data: Data) -> Iterator[Finding]:
    yield from _exactly_one(data, "policies")


@rule(
    "target-scope",
    "error",
    tables=("policy_targets",),
    summary="A target is that of a country or of a group of countries: exactly one.",
    why="Otherwise it is not clear whom it binds.",
    fix="Fill exactly one of `country_code` and `group_id`.",
    good=(Cells("policy_targets", GROUP, {"group_id": "eco", "country_code": ""}),),
    bad=(Cells("policy_targets", CHARGING, {"group_id": "eco"}),),
    at=("policy_targets", CHARGING, "country_code"),
)
def _target_scope(data: Data) -> Iterator[Finding]:
    yield from _exactly_one(data, "policy_targets")


def _exactly_one(data: Data, table: str) -> Iterator[Finding]:
    for row in data.rows(table):
        if bool(row["country_code"]) == bool(row["group_id"]):
            found = "both" if row["country_code"] else "neither"
            yield row, "country_code", f"has {found} of country_code and group_id; expected exactly one"


@rule(
    "policy-end-before-start",
    "error",
    tables=("policies",),
    summary="A policy does not end before it starts or before it is adopted.",
    why="One of the years is wrong.",
    fix="Check `adopted_date`, `start_year` and `end_year` against the document.",
    good=(Cells("policies", POLICY, {"start_year": "2025", "end_year": "2025"}),),
    bad=(Cells("policies", POLICY, {"start_year": "2031", "end_year": "2030"}),),
    at=("policies", POLICY, "end_year"),
)
def _policy_years(data: Data) -> Iterator[Finding]:
    for row in data.rows("policies"):
        start, end, adopted = row.value("start_year"), row.value("end_year"), row.value("adopted_date")
        if start is not None and end is not None and end < start:
            yield row, "end_year", f"ends in {end}, before it starts in {start}"
        elif adopted and end is not None and end < adopted.earliest.year:
            yield row, "end_year", f"ends in {end}, before it is adopted in {adopted}"


@rule(
    "policy-replaces-cycle",
    "error",
    tables=("policies",),
    summary="No policy replaces itself, directly or through others.",
    why="It could not be told which one is in force.",
    fix="Correct `replaces_id` of one of them.",
    good=(Cells("policies", "eco-vision-2025", {"replaces_id": POLICY}),),
    bad=(Cells("policies", POLICY, {"replaces_id": POLICY}),),
    at=("policies", POLICY, "replaces_id"),
)
def _replaces_cycle(data: Data) -> Iterator[Finding]:
    for row, circle in cycles(data, "policies", "replaces_id"):
        yield row, "replaces_id", f"replaces itself: {' → '.join(circle)}"


@rule(
    "target-share-above-100",
    "error",
    tables=("policy_targets",),
    summary="A share lies between 0 and 100 percent.",
    why="More than everything is not possible; often a number of vehicles stands in the column.",
    fix="Write the share as 0 to 100, or choose the metric and unit that fit the number.",
    good=(Cells("policy_targets", LATER, {"value": "100"}),),
    bad=(Cells("policy_targets", LATER, {"value": "140"}),),
    at=("policy_targets", LATER, "value"),
)
def _share(data: Data) -> Iterator[Finding]:
    for row in data.rows("policy_targets"):
        if UNIT_OF.get(row["metric"]) != "percent" or row["unit"] != "percent":
            continue
        for column in ("value", "value_max"):
            value = row.value(column)
            if value is not None and not 0 <= value <= 100:
                yield row, column, f"is a share of {row[column]} percent; expected 0 to 100"


@rule(
    "target-unit-not-of-metric",
    "error",
    tables=("policy_targets",),
    summary="The unit fits the metric: shares in percent, vehicles, points and stations as counts.",
    why="A number in the wrong unit is added to the wrong sum.",
    fix="Correct the unit or the metric.",
    good=(Cells("policy_targets", CHARGING, {"metric": "charging_stations", "unit": "stations"}),),
    bad=(Cells("policy_targets", CHARGING, {"unit": "stations"}),),
    at=("policy_targets", CHARGING, "unit"),
)
def _unit(data: Data) -> Iterator[Finding]:
    for row in data.rows("policy_targets"):
        expected = UNIT_OF.get(row["metric"])
        if expected and row["unit"] in UNITS and row["unit"] != expected:
            yield row, "unit", f"is {row['metric']} in {row['unit']}; expected {expected}"


@rule(
    "target-range-reversed",
    "error",
    tables=("policy_targets",),
    summary="The upper end of a range is not below its lower end.",
    why="The two were exchanged, or one is wrong.",
    fix="Put the smaller number into `value` and the larger into `value_max`.",
    good=(Cells("policy_targets", LATER, {"value": "40", "value_max": "50"}),),
    bad=(Cells("policy_targets", LATER, {"value": "40", "value_max": "35"}),),
    at=("policy_targets", LATER, "value_max"),
)
def _range(data: Data) -> Iterator[Finding]:
    for row in data.rows("policy_targets"):
        low, high = row.value("value"), row.value("value_max")
        if low is not None and high is not None and high < low:
            yield row, "value_max", f"is {row['value_max']}, below the value {row['value']}"


@rule(
    "target-year-before-announcement",
    "error",
    tables=("policy_targets",),
    summary="A target's year is not over when it is announced.",
    why="A target lies ahead; one of the two is wrong.",
    fix="Check `target_year` and `announced_date` against the source.",
    good=(Cells("policy_targets", CHARGING, {"target_year": "2023"}),),
    bad=(Cells("policy_targets", CHARGING, {"target_year": "2022"}),),
    at=("policy_targets", CHARGING, "target_year"),
)
def _year(data: Data) -> Iterator[Finding]:
    for row in data.rows("policy_targets"):
        year, announced = row.value("target_year"), row.value("announced_date")
        if year is not None and announced and year < announced.earliest.year:
            yield row, "target_year", f"is {year}, but the target was announced in {announced}"


@rule(
    "target-collective-on-country",
    "error",
    tables=("policy_targets",),
    summary="Only the target of a group says whether it is the sum over the members.",
    why="A single country has no members to add up.",
    fix="Leave `collective` empty for a country.",
    good=(Cells("policy_targets", GROUP, {"collective": "false"}),),
    bad=(Cells("policy_targets", CHARGING, {"collective": "true"}),),
    at=("policy_targets", CHARGING, "collective"),
)
def _collective(data: Data) -> Iterator[Finding]:
    for row in data.rows("policy_targets"):
        if row["collective"] and row["country_code"] and not row["group_id"]:
            yield row, "collective", f"is {row['collective']} for the country {row['country_code']}; expected empty"


@rule(
    "target-vehicle-category-missing",
    "error",
    tables=("policy_targets",),
    summary="A target on vehicles says on which.",
    why="30 percent of cars and 30 percent of trucks are different targets.",
    fix="Fill `vehicle_category`; `all` if the source speaks of vehicles in general.",
    good=(Cells("policy_targets", LATER, {"vehicle_category": "all"}),),
    bad=(Cells("policy_targets", LATER, {"vehicle_category": ""}),),
    at=("policy_targets", LATER, "vehicle_category"),
)
def _category_missing(data: Data) -> Iterator[Finding]:
    for row in data.rows("policy_targets"):
        if row["metric"] in UNIT_OF and row["metric"] not in INFRASTRUCTURE and not row["vehicle_category"]:
            yield row, "vehicle_category", f"is empty; expected a category, as {row['metric']} is about vehicles"


@rule(
    "target-vehicle-category-superfluous",
    "error",
    tables=("policy_targets",),
    summary="A target on charging or swapping has no vehicle category.",
    why="Charging points are counted, not vehicles.",
    fix="Leave `vehicle_category` empty.",
    good=(Cells("policy_targets", CHARGING, {"vehicle_category": ""}),),
    bad=(Cells("policy_targets", CHARGING, {"vehicle_category": "car"}),),
    at=("policy_targets", CHARGING, "vehicle_category"),
)
def _category_superfluous(data: Data) -> Iterator[Finding]:
    for row in data.rows("policy_targets"):
        if row["metric"] in INFRASTRUCTURE and row["vehicle_category"]:
            yield row, "vehicle_category", f"is {row['vehicle_category']} for {row['metric']}; expected empty"


@rule(
    "target-supersedes-cycle",
    "error",
    tables=("policy_targets",),
    summary="No target supersedes itself, directly or through others.",
    why="It could not be told which version stands.",
    fix="Correct `supersedes_id`: it stands on the newer line and names the older.",
    good=(Cells("policy_targets", NEW, {"supersedes_id": OLD}),),
    bad=(
        Cells("policy_targets", OLD, {"supersedes_id": NEW, "announced_date": ""}),
        Cells("policy_targets", NEW, {"status": "superseded", "announced_date": ""}),
    ),
    at=("policy_targets", OLD, "supersedes_id"),
)
def _supersedes_cycle(data: Data) -> Iterator[Finding]:
    for row, circle in cycles(data, "policy_targets", "supersedes_id"):
        yield row, "supersedes_id", f"supersedes itself: {' → '.join(circle)}"


@rule(
    "target-two-successors",
    "error",
    tables=("policy_targets",),
    summary="A target is superseded by one target at most.",
    why="Two newest versions of one target contradict each other.",
    fix="Let the second successor supersede the first, or none.",
    good=(Cells("policy_targets", LATER, {"supersedes_id": ""}),),
    bad=(Cells("policy_targets", LATER, {"supersedes_id": OLD}),),
    at=("policy_targets", LATER, "supersedes_id"),
)
def _two_successors(data: Data) -> Iterator[Finding]:
    for (old,), rows in data.groups("policy_targets", "supersedes_id"):
        for row in rows[1:] if old else ():
            yield row, "supersedes_id", f"{old} is already superseded by {rows[0].key}"


@rule(
    "target-supersedes-later",
    "error",
    tables=("policy_targets",),
    summary="A target does not supersede one that was announced after it.",
    why="The two were exchanged, or a date is wrong.",
    fix="`supersedes_id` stands on the newer line and names the older; check both dates.",
    good=(Cells("policy_targets", NEW, {"announced_date": "2021"}),),
    bad=(Cells("policy_targets", NEW, {"announced_date": "2020"}),),
    at=("policy_targets", NEW, "announced_date"),
)
def _supersedes_later(data: Data) -> Iterator[Finding]:
    for row, old in _successions(data):
        announced, before = row.value("announced_date"), old.value("announced_date")
        if announced and before and dates.certainly_after(before, announced):
            yield (
                row,
                "announced_date",
                f"was announced in {announced}, before {old.key}, which it supersedes (announced in {before})",
            )


@rule(
    "target-superseded-status",
    "error",
    tables=("policy_targets",),
    summary="A target has the status `superseded` exactly if another one supersedes it.",
    why="Two versions of a target would count as standing, or none.",
    fix="Correct the status, or `supersedes_id` of the newer target.",
    good=(Cells("policy_targets", OLD, {"status": "superseded"}),),
    bad=(Cells("policy_targets", OLD, {"status": "withdrawn"}),),
    at=("policy_targets", OLD, "status"),
)
def _superseded_status(data: Data) -> Iterator[Finding]:
    successors = {old.key: row for row, old in _successions(data)}
    complete = "policy_targets" in data.tables and data.tables["policy_targets"].complete
    for row in data.rows("policy_targets"):
        newer = successors.get(row.key)
        if newer is not None and row["status"] and row["status"] != "superseded":
            yield row, "status", f"is {row['status']}, but {newer.key} supersedes it; expected superseded"
        elif newer is None and row["status"] == "superseded" and complete:
            yield row, "status", "is superseded, but no target supersedes it"


def _successions(data: Data) -> Iterator[tuple[Row, Row]]:
    for row in data.rows("policy_targets"):
        old = data.find("policy_targets", row["supersedes_id"]) if row["supersedes_id"] else None
        if old is not None:
            yield row, old


@rule(
    "target-path-goes-down",
    "warning",
    layer="policy",
    tables=("policy_targets",),
    summary="Within one policy, the share for a later year is not lower.",
    why="Paths rise; a fall is most often a slip, or another scope.",
    fix="Check values, years and scope; if the policy says so, waive the warning with the place in the document.",
    good=(Cells("policy_targets", LATER, {"value": "25"}),),
    bad=(Cells("policy_targets", LATER, {"value": "20"}),),
    at=("policy_targets", LATER, "value"),
)
def _path_goes_down(data: Data) -> Iterator[Finding]:
    for rows in _same_scope(data, "policy_id"):
        shares = [
            row for row in rows if row["policy_id"] and row["unit"] == "percent" and row["comparator"] != "at_most"
        ]
        shares.sort(key=lambda row: row.value("target_year"))
        for earlier, later in pairwise(shares):
            falls = later.value("value") < earlier.value("value")
            if falls and later.value("target_year") > earlier.value("target_year"):
                yield (
                    later,
                    "value",
                    f"is {later['value']} percent for {later['target_year']}, less than {earlier['value']} percent "
                    f"for {earlier['target_year']} in {earlier.key}",
                )


@rule(
    "target-active-twice",
    "warning",
    layer="policy",
    tables=("policy_targets",),
    summary="No two active targets have the same scope and year but different values.",
    why="One of them is most often an older version, or the scopes differ in something the source says.",
    fix="Let the newer supersede the older, or state the difference in scope.",
    good=(Cells("policy_targets", LATER, {"target_year": "2030", "vehicle_category": "bus"}),),
    bad=(Cells("policy_targets", LATER, {"target_year": "2030"}),),
    at=("policy_targets", LATER, "value"),
)
def _active_twice(data: Data) -> Iterator[Finding]:
    for rows in _same_scope(data, "target_year"):
        for row in rows[1:]:
            if (row.value("value"), row.value("value_max")) != (rows[0].value("value"), rows[0].value("value_max")):
                yield (
                    row,
                    "value",
                    f"is {row['value']}, but {rows[0].key} says {rows[0]['value']} for the same scope and year",
                )


def _same_scope(data: Data, column: str) -> Iterator[list[Row]]:
    """Active targets that agree in scope and in this column, where value and year can be read."""
    found: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in data.rows("policy_targets"):
        readable = row.value("value") is not None and row.value("target_year") is not None
        if row["status"] == "active" and readable:
            found[tuple(row[name] for name in (*SCOPE, column))].append(row)
    yield from found.values()
