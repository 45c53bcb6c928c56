"""Questions to the curator: nothing is surely wrong, but somebody should look."""

from evcollab.validation.catalogue import rule
from evcollab.validation.rules.shapes import FIRST, FORUM, LATER, NEW, OLD, POINTS, WEBINAR, claim, row

_COUNTRIES = (
    "(SELECT p.event_id, count(DISTINCT coalesce(nullif(p.country_code, ''), nullif(o.country_code, ''))) AS countries, "
    "count(*) FILTER (o.kind IN ('intergovernmental', 'country_group', 'development_bank', 'initiative')) AS bodies "
    "FROM participants p LEFT JOIN organisations o ON o.organisation_id = p.organisation_id "
    "WHERE p.role <> 'target_group' GROUP BY p.event_id)"
)
_SEEN = (
    "(SELECT c.record_id, max(latest(s.published_date)) AS seen FROM claims c JOIN sources s "
    "ON s.source_id = c.source_id WHERE c.table_name = 'policy_targets' GROUP BY c.record_id)"
)

rule(
    "event-scope-of-lines",
    "info",
    at="events.scope",
    source=f"events t JOIN {_COUNTRIES} l ON l.event_id = t.event_id",
    where="CASE t.scope "
    "WHEN 'multilateral' THEN greatest(l.countries, coalesce(whole(t.country_count), 0)) < 3 AND l.bodies = 0 "
    "WHEN 'bilateral' THEN greatest(l.countries, coalesce(whole(t.country_count), 0)) > 3 "
    "WHEN 'national' THEN coalesce(whole(t.country_count), 0) > 3 ELSE false END",
    message="is {t.scope}, but the lines show {l.countries} countries and country_count is {t.country_count!r}",
    summary="The scope of an event fits the countries of its lines and its `country_count`.",
    why="Figures by scope would be wrong, or parties are missing.",
    fix="Add the missing parties, or correct the scope.",
    good=row("events", FORUM, scope="multilateral"),
    bad=row("events", FORUM, country_count="5"),
)
rule(
    "event-announced-and-past",
    "info",
    at="events.status",
    where="status = 'announced' AND date_diff('day', latest(last_of(start_date, end_date)), this_day()) BETWEEN 60 AND 365",
    message="is still announced, more than 60 days after {last_of(start_date, end_date)}",
    summary="An announced event is looked at again when it is over for 60 days.",
    why="A source from after the event may exist by now.",
    fix="Look for a source from after the event and set the status.",
    good=row("events", WEBINAR, start_date="2026-10-10", end_date="2026-10-10"),
    bad=row("events", WEBINAR, start_date="2026-06-10", end_date="2026-06-10"),
)
rule(
    "participant-attendance-empty",
    "info",
    at="participants.attendance",
    source="participants t JOIN events e ON e.event_id = t.event_id",
    where="t.attendance = '' AND e.status = 'held' AND (t.person_name <> '' OR t.country_code <> '') "
    "AND implies_presence(t.role)",
    message="is empty, but the role {t.role} at a held event implies presence",
    summary="Where a role implies presence at a held event, the attendance is filled.",
    why="Figures of who was there would be too low.",
    fix="Write `confirmed`, `expected` or `invited`, by what the page says.",
    good=row("participants", "lao-forum-2023-4", role="signatory", attendance="confirmed"),
    bad=row("participants", "lao-forum-2023-4", role="signatory", attendance=""),
)
rule(
    "target-active-not-seen",
    "info",
    at="policy_targets.status",
    source=f"policy_targets t JOIN {_SEEN} s ON s.record_id = t.target_id",
    where="t.status = 'active' AND whole(t.target_year) < year(this_day()) AND s.seen + INTERVAL 3 YEAR < this_day()",
    message="is active, but its year {t.target_year} is over and no source is younger than {s.seen}",
    summary="An active target whose year is over is supported by a source of the last three years.",
    why="It was reached, missed or replaced; a newer source may say so.",
    fix="Look for a newer source and set the status.",
    good=row("policy_targets", LATER, announced_date="2023"),
    bad=(
        row("policy_targets", POINTS, target_year="2025"),
        row("sources", "ministry-2023-forum", published_date="2023-07-08"),
    ),
)
rule(
    "target-proposal-stale",
    "info",
    at="policy_targets.strength",
    where="strength = 'proposal' AND status = 'active' AND latest(announced_date) + INTERVAL 2 YEAR < this_day()",
    message="is a proposal of {announced_date} that was not followed up",
    summary="A proposal is followed up within two years.",
    why="It was adopted or dropped; a newer source may say so.",
    fix="Look for a newer source; set the strength or the status.",
    good=row("policy_targets", LATER, strength="proposal", announced_date="2025-07"),
    bad=row("policy_targets", LATER, strength="proposal"),
)
rule(
    "target-proposal-supersedes",
    "info",
    at="policy_targets.strength",
    source="policy_targets t JOIN policy_targets o ON o.target_id = t.supersedes_id AND t.supersedes_id <> ''",
    where="t.strength = 'proposal' AND o.strength IN ('law', 'target')",
    message="is a proposal that supersedes {o.target_id}, which is adopted",
    summary="A proposal does not supersede what is adopted.",
    why="Until it is adopted, the older target holds.",
    fix="Take `supersedes_id` out until the proposal is adopted.",
    good=row("policy_targets", NEW, strength="law"),
    bad=row("policy_targets", NEW, strength="proposal", announced_date="2025-07"),
)
rule(
    "target-narrower-powertrain",
    "info",
    at="policy_targets.powertrain",
    source="policy_targets t JOIN policy_targets o ON o.target_id = t.supersedes_id AND t.supersedes_id <> ''",
    where="(t.powertrain = 'bev' AND o.powertrain IN ('zev', 'pev', 'nev', 'xev')) "
    "OR (t.powertrain IN ('zev', 'pev') AND o.powertrain IN ('nev', 'xev')) "
    "OR (t.powertrain = 'nev' AND o.powertrain = 'xev')",
    message="is {t.powertrain}, but {o.target_id}, which it supersedes, counts {o.powertrain}",
    summary="A version of a target does not count fewer powertrains than the one before.",
    why="Then the two are not versions of one target, or the powertrain of one is wrong.",
    fix="Check the powertrain of both, and whether the older one still holds.",
    good=(row("policy_targets", NEW, powertrain="pev"), row("policy_targets", OLD, powertrain="bev")),
    bad=(row("policy_targets", NEW, powertrain="bev"), row("policy_targets", OLD, powertrain="xev")),
)
_SUMS = (
    "(SELECT *, first_value(_key) OVER w AS first, row_number() OVER w AS place FROM participants "
    "WHERE amount <> '' AND number(amount) >= 10000 AND same_money_id = '' "
    "WINDOW w AS (PARTITION BY number(amount), currency ORDER BY _key)) t"
)
rule(
    "participant-sum-twice",
    "info",
    at="participants.amount",
    source=_SUMS,
    where="t.place > 1 AND t._key NOT IN (SELECT same_money_id FROM participants WHERE same_money_id <> '') "
    "AND t.first NOT IN (SELECT same_money_id FROM participants WHERE same_money_id <> '')",
    message="is {amount} {currency}, as in {first}: is it the same money?",
    summary="Equal large sums at two places are marked if they are the same money.",
    why="The sum would be counted twice.",
    fix="Name the other line in `same_money_id`, if it is the same money.",
    good=row(
        "participants", "lao-forum-2023-3", role="recipient", attendance="confirmed", amount="50001", currency="USD"
    ),
    bad=row(
        "participants", "lao-forum-2023-3", role="recipient", attendance="confirmed", amount="50000", currency="USD"
    ),
)
rule(
    "organisation-member-count",
    "info",
    at="organisations.member_count",
    source="organisations t JOIN (SELECT group_id, count(DISTINCT country_code || '|' || organisation_id) AS members "
    "FROM memberships WHERE role IN ('member', 'signatory', 'participating_country', 'lead') "
    "AND (end_date = '' OR latest(end_date) > this_day()) GROUP BY group_id) m ON m.group_id = t.organisation_id",
    where="whole(t.member_count) <> m.members",
    message="is {t.member_count}, but {m.members} memberships are listed",
    summary="The number of members that a source states is the number of memberships listed.",
    why="Members are missing, or left, or the count is old.",
    fix="Add the missing members, or the count with its newer day.",
    good=row("organisations", "eco", member_count="1", members_as_of="2024"),
    bad=row("organisations", "eco", member_count="10", members_as_of="2024"),
)
rule(
    "event-national-without-foreigner",
    "info",
    at="events.scope",
    source="events t JOIN (SELECT p.event_id, bool_or(coalesce(nullif(p.country_code, ''), o.country_code, '') "
    "<> e.country_code) AS foreign_party FROM participants p JOIN events e ON e.event_id = p.event_id "
    "LEFT JOIN organisations o ON o.organisation_id = p.organisation_id GROUP BY p.event_id) l "
    "ON l.event_id = t.event_id",
    where="t.scope = 'national' AND t.country_code <> '' AND NOT l.foreign_party",
    message="is national, but no line names a foreign or international party",
    summary="A national event has a foreign or international organiser, funder or trainer among its lines.",
    why="Without one it is not international, and does not belong here.",
    fix="Add the foreign party that the source names, or remove the event.",
    good=row("events", FORUM, scope="national"),
    bad=(
        row("participants", "lao-forum-2022-1", event_id=FIRST, country_code="LAO"),
        row("participants", "lao-forum-2022-1", role="participant"),
        claim("participants|lao-forum-2022-1|*|ministry-2023-forum|p9"),
    ),
    reported=("events", FIRST, "scope"),
)
rule(
    "target-share-over-time",
    "info",
    at="policy_targets.value",
    source="policy_targets t JOIN policy_targets o ON o.country_code = t.country_code AND o.metric = t.metric "
    "AND o.vehicle_category = t.vehicle_category AND o.vehicle_use = t.vehicle_use AND o.powertrain = t.powertrain "
    "AND o.subdivision_code = t.subdivision_code AND o.city = t.city AND o.area = t.area AND o.status = 'active' "
    "AND o.conditionality = t.conditionality AND o.unit = 'percent' AND o.policy_id <> t.policy_id",
    where="t.status = 'active' AND t.country_code <> '' AND t.unit = 'percent' AND whole(t.target_year) > whole(o.target_year) "
    "AND number(t.value) < number(o.value) AND t.comparator <> 'at_most' AND o.comparator <> 'at_most'",
    message="is {t.value} percent for {t.target_year}, but {o.target_id} says {o.value} percent for {o.target_year} already",
    summary="Two active targets of one scope in two policies do not contradict each other.",
    why="Most often the older one is superseded.",
    fix="Check which one holds, and set the status of the other.",
    good=row("policy_targets", LATER, policy_id="", value="26"),
    bad=row("policy_targets", LATER, policy_id="", value="20"),
)
