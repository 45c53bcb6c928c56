"""A calendar (iCalendar, RFC 5545) of the events whose first day is known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from evcollab import dates
from evcollab.dataset import Dataset
from evcollab.errors import EvcollabError, needed
from evcollab.exports import about

_STATUS = {"held": "CONFIRMED", "announced": "TENTATIVE", "postponed": "TENTATIVE", "cancelled": "CANCELLED"}


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write an all-day entry per event; an event known to the month or year only has no place in a calendar."""
    icalendar = needed("icalendar", "the export to iCalendar", "export")
    if "events" not in dataset:
        raise EvcollabError("this data package has no table of events, so there is no calendar to make")
    facts, moment = about.facts(dataset), about.created(dataset)
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{facts['name']}//{facts['version']}//EN")
    calendar.add("x-wr-calname", facts["title"])
    calendar.add("x-wr-caldesc", f"{facts['description']} {facts['citation']}".strip())
    places = dict(zip(dataset.countries["country_code"], dataset.countries["name"], strict=True))
    left_out = 0
    for row in about.records(dataset, "events"):
        start, end = (dates.parse(row[name]) if row[name] else None for name in ("start_date", "end_date"))
        if start is None or start.precision != "day":
            left_out += 1
            continue
        event = icalendar.Event()
        event.add("uid", f"{row['event_id']}@{facts['name']}")
        event.add("dtstamp", moment)
        event.add("summary", row["name"])
        event.add("dtstart", start.earliest)
        if end is not None and end.precision == "day" and end.latest >= start.earliest:
            event.add("dtend", end.latest + dt.timedelta(days=1))  # an all-day entry ends before its DTEND
        event.add("transp", "TRANSPARENT")  # nobody is busy because of it
        place = (row["venue"], row["city"], places.get(row["country_code"], row["country_code"]))
        optional = {
            "status": _STATUS.get(row["status"]),
            "description": row["summary"],
            "location": ", ".join(filter(None, place)),
            "url": row["url"],
            "categories": [row["kind"], *filter(None, row["topics"].split(";"))],
        }
        for name, value in optional.items():
            if value:
                event.add(name, value)
        calendar.add_component(event)
    path.write_bytes(calendar.to_ical())
    if not left_out:
        return []
    were = "event is" if left_out == 1 else "events are"
    return [f"{left_out} {were} left out: the day of the start is not known, and a calendar has no partial dates"]
