"""Rules on events."""

from evcollab.validation.catalogue import rule
from evcollab.validation.rules.shapes import FORUM, HERALD, WEBINAR, row, twins

EVIDENCE = """(
    SELECT c.record_id,
        bool_or(c.field = 'status' AND c.note <> '' OR s.source_id IS NULL
            OR s.published_date <> '' AND earliest(s.published_date) IS NULL)
            FILTER (c.field IN ('*', 'status') AND c.rank <> 'deprecated') IS TRUE AS proven,
        max(latest(s.published_date)) FILTER (c.field IN ('*', 'status') AND c.rank <> 'deprecated') AS published
    FROM claims c LEFT JOIN sources s ON s.source_id = c.source_id
    WHERE c.table_name = 'events' GROUP BY c.record_id)"""
"""Each claimed event: is it proven (by a note, or a source that cannot be judged), and its newest source."""

rule(
    "event-end-before-start",
    at="events.end_date",
    where="earliest(start_date) > latest(end_date)",
    message="ends on {end_date}, before it starts on {start_date}",
    summary="An event does not end before it starts.",
    why="One of the two dates is wrong, and the event would be found on no day.",
    fix="Check both dates against the source; a one-day event repeats the day.",
    good=row("events", FORUM, start_date="2023-07-07", end_date="2023-07"),
    bad=row("events", FORUM, start_date="2023-07-07", end_date="2023-07-06"),
)
rule(
    "event-edition-without-series",
    at="events.edition",
    where="edition <> '' AND series = ''",
    message="is edition {edition} of no series; expected a series, or no edition",
    summary="An event with an edition names the series it is an edition of.",
    why="The second of what? Editions of a series could not be put in order.",
    fix="Fill `series`, or leave `edition` empty.",
    good=row("events", FORUM, series="lao-forum", edition="7"),
    bad=row("events", FORUM, series="", edition="2"),
)
rule(
    "event-edition-duplicate",
    at="events.edition",
    source=twins("events", by="series, whole(edition)", where="series <> '' AND whole(edition) IS NOT NULL"),
    message="edition {whole(edition)} of {series} is already {first}",
    summary="A series has each edition once.",
    why="Either an event appears twice in the register, or one has the wrong number.",
    fix="Merge the two events if they are the same; if not, correct the edition.",
    good=row("events", FORUM, series="lao-forum", edition="3"),
    bad=row("events", FORUM, series="lao-forum", edition="1"),
    supersedes=("value-not-unique",),
)
rule(
    "event-held-without-evidence",
    at="events.status",
    whole=("claims",),
    source=f"events t JOIN {EVIDENCE} e ON e.record_id = t.event_id",
    where="t.status = 'held' AND earliest(t.start_date) IS NOT NULL AND NOT e.proven "
    "AND NOT coalesce(e.published >= earliest(t.start_date), false)",
    message="is held, but no source on it was published on or after its start on {t.start_date}, "
    "and no claim on status has a note",
    tables=("events", "claims", "sources"),
    summary="A held event has a source published on or after its start, or a claim on `status` with a note.",
    why="An announcement does not prove that the event took place.",
    fix="Add a source that reports the event as past, or set the status to `announced`.",
    good=row("sources", "ministry-2023-forum", published_date="2023"),
    bad=(
        row("sources", "ministry-2023-forum", published_date="2023-07-06"),
        row("sources", HERALD, published_date="2023-07-01"),
    ),
    reported=("events", FORUM, "status"),
)
rule(
    "event-held-in-future",
    at="events.status",
    where="status = 'held' AND earliest(start_date) > this_day()",
    message="is held, but starts on {start_date}, after today ({this_day()})",
    summary="An event that lies in the future is not held yet.",
    why="Nobody can know that it will take place.",
    fix="Set the status to `announced`, or correct the date.",
    good=row("events", WEBINAR, status="announced"),
    bad=row("events", WEBINAR, status="held"),
    supersedes=("event-held-without-evidence",),
)
rule(
    "event-online-with-city",
    at="events.city",
    where="mode = 'online' AND city <> ''",
    message="is online, but has the city {city!r}; expected none",
    summary="An online event has no city.",
    why="It would be counted at a place where nobody met.",
    fix="Leave `city` empty, or set the mode to `hybrid` or `in_person`.",
    good=row("events", FORUM, mode="hybrid", city="Vientiane"),
    bad=row("events", WEBINAR, city="Vientiane"),
)
rule(
    "event-announcement-stale",
    "info",
    at="events.status",
    where="status = 'announced' AND date_diff('day', latest(last_of(start_date, end_date)), this_day()) > 365",
    message="is still announced, more than a year after {last_of(start_date, end_date)}",
    summary="An announced event that is over for a year awaits a word on what became of it.",
    why="Most were held or postponed; a source from after the event may exist by now.",
    fix="Look for a source from after the event and set the status; if there is none, leave it as it is.",
    good=row("events", WEBINAR, start_date="2026", end_date=""),
    bad=row("events", WEBINAR, start_date="2025-03-01", end_date="2025-03-02"),
)
