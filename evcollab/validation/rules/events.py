"""Rules on events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from evcollab import dates
from evcollab.validation.catalogue import Cells, rule
from evcollab.validation.data import Data, Finding, Row

FORUM = "lao-forum-2023"
WEBINAR = "eco-webinar-2026"


@rule(
    "event-end-before-start",
    "error",
    tables=("events",),
    summary="An event does not end before it starts.",
    why="One of the two dates is wrong, and the event would be found on no day.",
    fix="Check both dates against the source; a one-day event repeats the day.",
    good=(Cells("events", FORUM, {"start_date": "2023-07-07", "end_date": "2023-07"}),),
    bad=(Cells("events", FORUM, {"start_date": "2023-07-07", "end_date": "2023-07-06"}),),
    at=("events", FORUM, "end_date"),
)
def _end_before_start(data: Data) -> Iterator[Finding]:
    for row in data.rows("events"):
        start, end = row.value("start_date"), row.value("end_date")
        if start and end and dates.certainly_after(start, end):
            yield row, "end_date", f"ends on {end}, before it starts on {start}"


@rule(
    "event-edition-without-series",
    "error",
    tables=("events",),
    summary="An event with an edition names the series it is an edition of.",
    why="The second of what? Editions of a series could not be put in order.",
    fix="Fill `series`, or leave `edition` empty.",
    good=(Cells("events", FORUM, {"series": "lao-forum", "edition": "7"}),),
    bad=(Cells("events", FORUM, {"series": "", "edition": "2"}),),
    at=("events", FORUM, "edition"),
)
def _edition_without_series(data: Data) -> Iterator[Finding]:
    for row in data.rows("events"):
        if row["edition"] and not row["series"]:
            yield row, "edition", f"is edition {row['edition']} of no series; expected a series, or no edition"


@rule(
    "event-edition-duplicate",
    "error",
    tables=("events",),
    summary="A series has each edition once.",
    why="Either an event stands twice in the register, or one has the wrong number.",
    fix="Merge the two events if they are the same; if not, correct the edition.",
    good=(Cells("events", FORUM, {"series": "lao-forum", "edition": "3"}),),
    bad=(Cells("events", FORUM, {"series": "lao-forum", "edition": "1"}),),
    at=("events", FORUM, "edition"),
    instead_of=("value-not-unique",),
)
def _edition_duplicate(data: Data) -> Iterator[Finding]:
    seen: dict[tuple[str, int], Row] = {}
    for row in data.rows("events"):
        edition = row.value("edition")
        if row["series"] and edition is not None:
            first = seen.setdefault((row["series"], edition), row)
            if first is not row:
                yield row, "edition", f"edition {edition} of {row['series']} is already {first.key}"


@rule(
    "event-held-without-evidence",
    "error",
    tables=("events", "claims", "sources"),
    summary="A held event has a source published on or after its start, or a claim on `status` with a note.",
    why="An announcement does not prove that the event took place.",
    fix="Add a source that reports the event as past, or set the status to `announced`.",
    good=(Cells("sources", "ministry-2023-forum", {"published_date": "2023"}),),
    bad=(
        Cells("sources", "ministry-2023-forum", {"published_date": "2023-07-06"}),
        Cells("sources", "herald-2023-07-10", {"published_date": "2023-07-01"}),
    ),
    at=("events", FORUM, "status"),
)
def _held_without_evidence(data: Data) -> Iterator[Finding]:
    if "claims" not in data.tables or not data.tables["claims"].complete:
        return
    for row in data.rows("events"):
        start = row.value("start_date")
        claims = data.claims.get(("events", row.key))
        if row["status"] != "held" or not start or not claims:
            continue
        if not any(_proves(data, claim, start) for claim in claims):
            yield (
                row,
                "status",
                f"is held, but no source on it was published on or after its start on {start}, "
                "and no claim on status has a note",
            )


def _proves(data: Data, claim: Row, start: dates.PartialDate) -> bool:
    if claim["field"] not in ("*", "status") or claim["rank"] == "deprecated":
        return False
    if claim["field"] == "status" and claim["note"]:
        return True
    source = data.find("sources", claim["source_id"])
    if source is None:  # reported elsewhere
        return True
    published = source.value("published_date")
    return bool(source["published_date"]) if published is None else not dates.certainly_after(start, published)


@rule(
    "event-held-in-future",
    "error",
    tables=("events",),
    summary="An event that lies in the future is not held yet.",
    why="Nobody can know that it will take place.",
    fix="Set the status to `announced`, or correct the date.",
    good=(Cells("events", WEBINAR, {"status": "announced"}),),
    bad=(Cells("events", WEBINAR, {"status": "held"}),),
    at=("events", WEBINAR, "status"),
    instead_of=("event-held-without-evidence",),
)
def _held_in_future(data: Data) -> Iterator[Finding]:
    for row in data.rows("events"):
        start = row.value("start_date")
        if row["status"] == "held" and start and start.earliest > data.today:
            yield row, "status", f"is held, but starts on {start}, after today ({data.today})"


@rule(
    "event-online-with-city",
    "error",
    tables=("events",),
    summary="An online event has no city.",
    why="It would be counted at a place where nobody met.",
    fix="Leave `city` empty, or set the mode to `hybrid` or `in_person`.",
    good=(Cells("events", FORUM, {"mode": "hybrid", "city": "Vientiane"}),),
    bad=(Cells("events", WEBINAR, {"city": "Vientiane"}),),
    at=("events", WEBINAR, "city"),
)
def _online_with_city(data: Data) -> Iterator[Finding]:
    for row in data.rows("events"):
        if row["mode"] == "online" and row["city"]:
            yield row, "city", f"is online, but has the city {row['city']!r}; expected none"


@rule(
    "event-announcement-stale",
    "info",
    layer="policy",
    tables=("events",),
    summary="An announced event that is over for a year awaits a word on what became of it.",
    why="Most were held or postponed; a source from after the event may exist by now.",
    fix="Look for a source from after the event and set the status; if there is none, leave it as it is.",
    good=(Cells("events", WEBINAR, {"start_date": "2026", "end_date": ""}),),
    bad=(Cells("events", WEBINAR, {"start_date": "2025-03-01", "end_date": "2025-03-02"}),),
    at=("events", WEBINAR, "status"),
)
def _announcement_stale(data: Data) -> Iterator[Finding]:
    for row in data.rows("events"):
        end = row.value("end_date") or row.value("start_date")
        if row["status"] == "announced" and end and (data.today - end.latest) > dt.timedelta(days=365):
            yield row, "status", f"is still announced, more than a year after {end}"
