"""Rules on what holds: policies and targets that are replaced, expired or lapsed, and events that did not take place."""

from evcollab.validation.catalogue import rule
from evcollab.validation.rules.shapes import FORUM, GROUP, LATER, NEW, POINTS, POLICY, VISION, WEBINAR, claim, row

FREE = row("policy_targets", GROUP, policy_id="")
NEWER = "policies t JOIN policies n ON n.replaces_id = t.policy_id AND t.policy_id <> ''"

rule(
    "policy-replaced-without-successor",
    "info",
    at="policies.status",
    source="policies t ANTI JOIN policies n ON n.replaces_id = t.policy_id",
    where="t.status = 'replaced' AND is_whole('policies')",
    message="is replaced, but no policy replaces it",
    summary="A policy with the status `replaced` is named as `replaces_id` by the one that replaced it.",
    why="Nobody could find what holds now.",
    fix="Add the newer policy with `replaces_id`, or correct the status.",
    good=(
        row("policies", POLICY, status="replaced"),
        row("policies", VISION, replaces_id=POLICY, group_id="", country_code="LAO"),
        row("policy_targets", GROUP, policy_id=""),
        *(row("policy_targets", target, status="lapsed") for target in (LATER, NEW, POINTS)),
    ),
    bad=(row("policies", VISION, status="replaced"), FREE),
)
rule(
    "policy-in-force-though-replaced",
    at="policies.status",
    source=NEWER,
    where="t._key <> n._key AND t.status IN ('in_force', 'draft') AND n.status IN ('in_force', 'expired', 'replaced')",
    message="is {t.status}, but {n.policy_id} replaces it",
    summary="A policy that another one in force replaces is not in force any more.",
    why="Two versions of one policy would count as standing.",
    fix="Set the status to `replaced`, or correct `replaces_id` of the newer one.",
    good=row("policies", VISION, status="in_force"),
    bad=(
        row("policies", VISION, status="in_force"),
        row("policies", "asean-vision", name="Vision of the group", group_id="eco", kind="roadmap"),
        row("policies", "asean-vision", status="in_force", replaces_id=VISION),
        claim("policies|asean-vision|*|lao-policy-2021|p2"),
    ),
)
rule(
    "policy-expired-too-early",
    at="policies.status",
    where="status = 'expired' AND whole(end_year) > year(this_day())",
    message="is expired, but runs until {end_year}",
    summary="A policy is not expired before its last year is over.",
    why="One of the two is wrong.",
    fix="Check `end_year`; a policy that was stopped earlier is `withdrawn` or `replaced`.",
    good=row("policies", VISION, status="expired", end_year="2025"),
    bad=(row("policies", VISION, status="expired", end_year="2035"), FREE),
)
rule(
    "policy-in-force-after-its-end",
    "info",
    at="policies.status",
    where="status = 'in_force' AND whole(end_year) < year(this_day())",
    message="is in_force, but ended in {end_year}",
    summary="A policy in force is asked about when its last year is over.",
    why="Most policies expire with their last year; some are prolonged.",
    fix="Look for a newer text; set the status to `expired`, or add the prolongation.",
    good=row("policies", VISION, status="in_force", end_year="2026"),
    bad=row("policies", VISION, status="in_force", end_year="2025"),
)
rule(
    "target-lapsed-too-early",
    "info",
    at="policy_targets.status",
    where="status = 'lapsed' AND whole(target_year) > year(this_day())",
    message="is lapsed, but its year {target_year} is not over",
    summary="A target lapses when its year is over, or with the body that set it.",
    why="A target that was given up earlier is withdrawn or superseded.",
    fix="Check the status; if the body that set it was wound up, leave it.",
    good=row("policy_targets", GROUP, status="lapsed", target_year="2025"),
    bad=row("policy_targets", GROUP, status="lapsed"),
)
rule(
    "target-active-under-ended-policy",
    "info",
    at="policy_targets.status",
    source="policy_targets t JOIN policies p ON p.policy_id = t.policy_id",
    where="t.status = 'active' AND p.status IN ('expired', 'replaced', 'withdrawn')",
    message="is active, but its policy {p.policy_id} is {p.status}",
    summary="A target is asked about when its policy is no longer in force.",
    why="With its policy most often the target ends too.",
    fix="Set the status to `lapsed`, `superseded` or `withdrawn`, or name the policy that carries it now.",
    good=row("policies", VISION, status="draft"),
    bad=row("policies", VISION, status="withdrawn"),
    reported=("policy_targets", GROUP, "status"),
)
NOT_HELD = (
    "(e.status = 'cancelled' OR (e.status = 'postponed' AND coalesce(earliest(e.start_date), this_day()) < this_day()) "
    "OR (e.status IN ('announced', 'postponed') AND earliest(e.start_date) > this_day()))"
)
rule(
    "event-confirmed-without-being-held",
    "warning",
    at="events.status",
    source="events t JOIN events e ON e._key = t._key JOIN (SELECT event_id, count(*) AS lines FROM participants "
    "WHERE attendance = 'confirmed' GROUP BY event_id) p ON p.event_id = t.event_id",
    where=f"p.lines > 1 AND {NOT_HELD}",
    message="is {t.status}, with the start {t.start_date!r}, but {p.lines} lines confirm that parties attended",
    summary="An event that several parties attended was held.",
    why="Attendance is confirmed by what happened: the status or the day is out of date.",
    fix="Correct the status or the dates of the event, or set the attendance to `expected` or `invited`.",
    good=(
        row("participants", "lao-forum-2023-3", attendance="confirmed"),
        row("participants", "lao-forum-2023-4", attendance="confirmed"),
    ),
    bad=(row("events", FORUM, status="cancelled"), row("participants", "lao-forum-2023-3", attendance="confirmed")),
)
rule(
    "participant-confirmed-without-event",
    "warning",
    at="participants.attendance",
    source="participants t JOIN events e ON e.event_id = t.event_id",
    where=f"t.attendance = 'confirmed' AND {NOT_HELD} AND (SELECT count(*) FROM participants p WHERE p.event_id = t.event_id "
    "AND p.attendance = 'confirmed') = 1",
    message="is confirmed, but the event is {e.status} for {e.start_date}",
    summary="Nobody has attended an event that is cancelled or still ahead.",
    why="Attendance is confirmed by what happened.",
    fix="Set the attendance to `expected` or `invited`, or correct the status of the event.",
    good=(
        row("events", WEBINAR, scope="bilateral"),
        row(
            "participants",
            "eco-webinar-2026-1",
            event_id=WEBINAR,
            country_code="PAK",
            role="participant",
            attendance="expected",
        ),
        claim("participants|eco-webinar-2026-1|*|ministry-2023-forum|p1"),
    ),
    bad=(
        row("events", WEBINAR, scope="bilateral"),
        row(
            "participants",
            "eco-webinar-2026-1",
            event_id=WEBINAR,
            country_code="PAK",
            role="participant",
            attendance="confirmed",
        ),
        claim("participants|eco-webinar-2026-1|*|ministry-2023-forum|p1"),
    ),
)
