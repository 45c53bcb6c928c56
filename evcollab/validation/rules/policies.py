"""Rules on policies and their targets."""

from evcollab.validation.catalogue import rule
from evcollab.validation.rules.shapes import (
    GROUP,
    LATER,
    NEW,
    OLD,
    POINTS,
    POLICY,
    VISION,
    cycle,
    exactly_one,
    row,
    twins,
)

INFRASTRUCTURE = "unit_of(metric) IN ('points', 'stations')"
_SAME_SCOPE = (
    "concat_ws(chr(31), country_code, group_id, subdivision_code, city, collective, metric, unit, vehicle_category, "
    "vehicle_use, powertrain, strength, conditionality)"
)
PREDECESSOR = "policy_targets t JOIN policy_targets o ON o.target_id = t.supersedes_id AND t.supersedes_id <> ''"
SUCCESSORS = f"(SELECT t.supersedes_id, max(t._key) AS newer FROM {PREDECESSOR} GROUP BY t.supersedes_id)"
_ACTIVE = "status = 'active' AND number(value) IS NOT NULL AND whole(target_year) IS NOT NULL"
PATH = f"""(
    SELECT *, lag(value) OVER w AS before_value, lag(target_year) OVER w AS before_year, lag(_key) OVER w AS before_key
    FROM policy_targets WHERE {_ACTIVE} AND policy_id <> '' AND unit = 'percent' AND comparator <> 'at_most'
    WINDOW w AS (PARTITION BY {_SAME_SCOPE}, policy_id ORDER BY whole(target_year), _key))"""
"""Each active share with the one of the year before in its policy."""
SAME_YEAR = f"""(
    SELECT *, first_value(value) OVER w AS other_value, first_value(value_max) OVER w AS other_max,
        first_value(_key) OVER w AS other_key
    FROM policy_targets WHERE {_ACTIVE} WINDOW w AS (PARTITION BY {_SAME_SCOPE}, target_year ORDER BY _key))"""
"""Each active target with the first of its scope and year."""

rule(
    "policy-scope",
    at="policies.country_code",
    **exactly_one("country_code", "group_id"),
    summary="A policy is that of a country or of a group of countries: exactly one.",
    why="Otherwise it is not clear whom it binds.",
    fix="Fill exactly one of `country_code` and `group_id`.",
    good=row("policies", VISION, group_id="eco", country_code=""),
    bad=row("policies", POLICY, country_code=""),
)
rule(
    "target-scope",
    at="policy_targets.country_code",
    **exactly_one("country_code", "group_id"),
    summary="A target is that of a country or of a group of countries: exactly one.",
    why="Otherwise it is not clear whom it binds.",
    fix="Fill exactly one of `country_code` and `group_id`.",
    good=row("policy_targets", GROUP, group_id="eco", country_code=""),
    bad=row("policy_targets", POINTS, group_id="eco"),
)
rule(
    "policy-end-before-start",
    at="policies.end_year",
    where="whole(end_year) < whole(start_year) OR whole(end_year) < year(earliest(adopted_date))",
    message="ends in {whole(end_year)}, before it {CASE WHEN whole(end_year) < whole(start_year) "
    "THEN 'starts in ' || whole(start_year) ELSE 'is adopted in ' || adopted_date END}",
    summary="A policy does not end before it starts or before it is adopted.",
    why="One of the years is wrong.",
    fix="Check `adopted_date`, `start_year` and `end_year` against the document.",
    good=row("policies", POLICY, start_year="2025", end_year="2025"),
    bad=row("policies", POLICY, start_year="2031", end_year="2030"),
)
rule(
    "policy-replaces-cycle",
    at="policies.replaces_id",
    source=cycle("policies", "replaces_id"),
    message="replaces itself: {c.way}",
    summary="No policy replaces itself, directly or through others.",
    why="It could not be told which one is in force.",
    fix="Correct `replaces_id` of one of them.",
    good=row("policies", VISION, replaces_id=POLICY),
    bad=row("policies", POLICY, replaces_id=POLICY),
)
rule(
    "target-share-above-100",
    at="policy_targets.value policy_targets.value_max",
    where="unit_of(metric) = 'percent' AND unit = 'percent' AND number({cell}) NOT BETWEEN 0 AND 100",
    message="is a share of {cell} percent; expected 0 to 100",
    summary="A share lies between 0 and 100 percent.",
    why="More than everything is not possible; often a number of vehicles stands in the column.",
    fix="Write the share as 0 to 100, or choose the metric and unit that fit the number.",
    good=row("policy_targets", LATER, value="100"),
    bad=row("policy_targets", LATER, value="140"),
)
rule(
    "target-unit-not-of-metric",
    at="policy_targets.unit",
    where="is_unit(unit) AND unit <> unit_of(metric)",
    message="is {metric} in {unit}; expected {unit_of(metric)}",
    summary="The unit fits the metric: shares in percent, vehicles, points and stations as counts.",
    why="A number in the wrong unit is added to the wrong sum.",
    fix="Correct the unit or the metric.",
    good=row("policy_targets", POINTS, metric="charging_stations", unit="stations"),
    bad=row("policy_targets", POINTS, unit="stations"),
)
rule(
    "target-range-reversed",
    at="policy_targets.value_max",
    where="number(value_max) < number(value)",
    message="is {value_max}, below the value {value}",
    summary="The upper end of a range is not below its lower end.",
    why="The two were exchanged, or one is wrong.",
    fix="Put the smaller number into `value` and the larger into `value_max`.",
    good=row("policy_targets", LATER, value="40", value_max="50"),
    bad=row("policy_targets", LATER, value="40", value_max="35"),
)
rule(
    "target-year-before-announcement",
    at="policy_targets.target_year",
    where="whole(target_year) < year(earliest(announced_date))",
    message="is {whole(target_year)}, but the target was announced in {announced_date}",
    summary="A target's year is not over when it is announced.",
    why="A target lies ahead; one of the two is wrong.",
    fix="Check `target_year` and `announced_date` against the source.",
    good=row("policy_targets", POINTS, target_year="2023"),
    bad=row("policy_targets", POINTS, target_year="2022", status="lapsed"),
)
rule(
    "target-collective-on-country",
    at="policy_targets.collective",
    where="collective <> '' AND country_code <> '' AND group_id = ''",
    message="is {collective} for the country {country_code}; expected empty",
    summary="Only the target of a group says whether it is the sum over the members.",
    why="A single country has no members to add up.",
    fix="Leave `collective` empty for a country.",
    good=row("policy_targets", GROUP, collective="false"),
    bad=row("policy_targets", POINTS, collective="true"),
)
rule(
    "target-vehicle-category-missing",
    at="policy_targets.vehicle_category",
    where=f"NOT {INFRASTRUCTURE} AND vehicle_category = ''",
    message="is empty; expected a category, as {metric} is about vehicles",
    summary="A target on vehicles says on which.",
    why="30 percent of cars and 30 percent of trucks are different targets.",
    fix="Fill `vehicle_category`; `all` if the source speaks of vehicles in general.",
    good=row("policy_targets", LATER, vehicle_category="all"),
    bad=row("policy_targets", LATER, vehicle_category=""),
)
rule(
    "target-vehicle-category-superfluous",
    at="policy_targets.vehicle_category",
    where=f"{INFRASTRUCTURE} AND vehicle_category <> ''",
    message="is {vehicle_category} for {metric}; expected empty",
    summary="A target on charging or swapping has no vehicle category.",
    why="Charging points are counted, not vehicles.",
    fix="Leave `vehicle_category` empty.",
    good=row("policy_targets", POINTS, vehicle_category=""),
    bad=row("policy_targets", POINTS, vehicle_category="car"),
)
rule(
    "target-supersedes-cycle",
    at="policy_targets.supersedes_id",
    source=cycle("policy_targets", "supersedes_id"),
    message="supersedes itself: {c.way}",
    summary="No target supersedes itself, directly or through others.",
    why="It could not be told which version stands.",
    fix="Correct `supersedes_id`: it stands on the newer line and names the older.",
    good=row("policy_targets", NEW, supersedes_id=OLD),
    bad=(
        row("policy_targets", OLD, supersedes_id=NEW, announced_date=""),
        row("policy_targets", NEW, status="superseded", announced_date=""),
    ),
)
rule(
    "target-two-successors",
    at="policy_targets.supersedes_id",
    source=twins("policy_targets", by="supersedes_id", where="supersedes_id <> ''"),
    message="{supersedes_id} is already superseded by {first}",
    summary="A target is superseded by one target at most.",
    why="Two newest versions of one target contradict each other.",
    fix="Let the second successor supersede the first, or none.",
    good=row("policy_targets", LATER, supersedes_id=""),
    bad=row("policy_targets", LATER, supersedes_id=OLD),
)
rule(
    "target-supersedes-later",
    at="policy_targets.announced_date",
    source=PREDECESSOR,
    where="earliest(o.announced_date) > latest(t.announced_date)",
    message="was announced in {t.announced_date}, before {o.target_id}, which it supersedes "
    "(announced in {o.announced_date})",
    summary="A target does not supersede one that was announced after it.",
    why="The two were exchanged, or a date is wrong.",
    fix="`supersedes_id` stands on the newer line and names the older; check both dates.",
    good=row("policy_targets", NEW, announced_date="2021"),
    bad=row("policy_targets", NEW, announced_date="2020"),
)
rule(
    "target-superseded-status",
    at="policy_targets.status",
    source=f"policy_targets t LEFT JOIN {SUCCESSORS} s ON s.supersedes_id = t.target_id",
    where="CASE WHEN s.newer IS NULL THEN t.status = 'superseded' AND is_whole('policy_targets') "
    "ELSE t.status NOT IN ('', 'superseded') END",
    message="is {CASE WHEN s.newer IS NULL THEN 'superseded, but no target supersedes it' "
    "ELSE t.status || ', but ' || s.newer || ' supersedes it; expected superseded' END}",
    summary="A target has the status `superseded` exactly if another one supersedes it.",
    why="Two versions of a target would count as standing, or none.",
    fix="Correct the status, or `supersedes_id` of the newer target.",
    good=row("policy_targets", OLD, status="superseded"),
    bad=row("policy_targets", OLD, status="withdrawn"),
)
rule(
    "target-path-goes-down",
    "warning",
    at="policy_targets.value",
    source=f"{PATH} t",
    where="number(value) < number(before_value) AND whole(target_year) > whole(before_year)",
    message="is {value} percent for {target_year}, less than {before_value} percent for {before_year} in {before_key}",
    summary="Within one policy, the share for a later year is not lower.",
    why="Paths rise; a fall is most often a slip, or another scope.",
    fix="Check values, years and scope; if the policy says so, waive the warning with the place in the document.",
    good=row("policy_targets", LATER, value="25"),
    bad=row("policy_targets", LATER, value="20"),
)
rule(
    "target-active-twice",
    "warning",
    at="policy_targets.value",
    source=f"{SAME_YEAR} t",
    where="number(value) <> number(other_value) OR number(value_max) IS DISTINCT FROM number(other_max)",
    message="is {value}, but {other_key} says {other_value} for the same scope and year",
    summary="No two active targets have the same scope and year but different values.",
    why="One of them is most often an older version, or the scopes differ in something the source says.",
    fix="Let the newer supersede the older, or state the difference in scope.",
    good=row("policy_targets", LATER, target_year="2030", vehicle_category="bus"),
    bad=row("policy_targets", LATER, target_year="2030"),
)
