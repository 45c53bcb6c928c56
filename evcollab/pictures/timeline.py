"""The events on a line of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evcollab.dataset import Dataset
from evcollab.pictures import drawing
from evcollab.pictures.drawing import BLUE, GREEN, INK, ORANGE, REGIONS, NothingToDrawError, altair, drawn_from

if TYPE_CHECKING:
    import altair as alt

SORTS = {
    "Learning: trainings, workshops, study tours, webinars": ("training", "workshop", "study_tour", "webinar"),
    "Commitments: signings and declarations": ("signing", "declaration"),
    "Deliveries: launches and handovers": ("launch", "handover"),
    "Talks: conferences, dialogues, meetings and others": (),
}
"""The kinds of event by what comes of them; the last takes all others."""
ONLINE, NO_PLACE = "Online", "No single place on record"


def timeline(ds: Dataset) -> alt.VConcatChart:
    """All dated events: a dot each, piled up by quarter, in a lane for each region of their place.

    Raises:
        MissingExtraError: the extra `plot` is not installed.
        NothingToDrawError: no event has a date.
    """
    alt = altair()
    events = ds.events.dropna(subset="start_date").sort_values(["start_date", "event_id"], kind="stable")
    if events.empty:
        raise NothingToDrawError("there is no event with a date to draw")
    region = ds.countries.set_index("country_code")["region"].astype("str")
    place = events["country_code"].map(region)
    nowhere = events["mode"].map({"online": ONLINE}).astype("object").fillna(NO_PLACE)
    place = place.where(events["country_code"].notna(), nowhere).fillna("Elsewhere")
    year = events["start_date"].dt.year.astype("int")
    first, last = int(year.min()), int(year.max())
    width, pitch = 860, 8 if len(events) > 60 else 13
    abreast = max(1, int((width / (last - first + 1) - 2) // pitch))
    number = events.groupby([place, year]).cumcount()
    lanes = [lane for lane in [*REGIONS, ONLINE, NO_PLACE] if (place == lane).any()]
    heights = {lane: int(number[place == lane].max()) // abreast + 2 for lane in lanes}
    base = {lane: sum(list(heights.values())[n + 1 :]) for n, lane in enumerate(lanes)}
    sort = events["kind"].astype("str").map({kind: name for name, kinds in SORTS.items() for kind in kinds})
    dots = pd.DataFrame(
        {
            "event": events["name"],
            "date": events["start_date"].dt.strftime("%Y-%m-%d"),
            "x": year + (number % abreast + 0.5) * pitch * (last - first + 1) / width,
            "y": number // abreast + place.map(base) + 0.7,
            "sort": sort.fillna(list(SORTS)[-1]),
            "held": events["status"].astype("str") == "held",
        }
    )
    labels = pd.DataFrame({"lane": [f"{lane} ({(place == lane).sum()})" for lane in lanes], "y": list(base.values())})
    ticks = list(range(first, last + 1))
    axis = alt.Axis(title=None, format="d", values=ticks, labelAlign="left", gridColor="#EDEDED")
    x = alt.X("x:Q", scale=alt.Scale(domain=[first, last + 1], nice=False), axis=axis)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, sum(heights.values())], nice=False), axis=None)
    colour = alt.Color(
        "sort:N",
        scale=alt.Scale(domain=list(SORTS), range=[BLUE, ORANGE, GREEN, "#999999"]),
        legend=alt.Legend(title=None, orient="top", columns=2, labelLimit=420, symbolOpacity=1),
    )
    size = pitch * pitch * 0.62
    lines = drawn_from(labels).mark_rule(color="#BBBBBB")
    marks = drawn_from(dots).mark_circle(size=size, opacity=1)
    hollow = drawn_from(dots[~dots["held"]]).mark_circle(size=size * 0.36, color="white", opacity=1)
    names = drawn_from(labels).mark_text(align="right", dx=-8, dy=-7, fontWeight="bold", color=INK)
    chart = alt.layer(
        lines.encode(y),
        marks.encode(x, y, colour, tooltip=["event:N", "date:N"]),
        hollow.encode(x, y, tooltip=["event:N", "date:N"]),
        names.encode(y, text="lane:N", x=alt.value(0)),
    ).properties(width=width, height=max(sum(heights.values()) * pitch, 60))
    subtitle = "One dot per event, by year and region of the place. Hollow: announced, not known to have been held."
    return drawing.finished(ds, chart, f"{len(events)} events, {drawing.years(first, last)}", subtitle)
