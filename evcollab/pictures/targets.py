"""The shares that countries and groups aim at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from evcollab import names, questions
from evcollab.dataset import Dataset
from evcollab.pictures.drawing import GREY, NothingToDrawError, altair, drawn_from, finished, short_names
from evcollab.questions.lookup import facts

if TYPE_CHECKING:
    import altair as alt

METRIC = "sales_share"
FLEETS = {
    "Cars and vans": ("car", "van", "light_duty"),
    "Two- and three-wheelers": ("two_wheeler", "three_wheeler", "two_three_wheeler"),
    "Buses": ("bus", "minibus"),
    "Trucks": ("truck", "heavy_duty"),
    "All vehicles": ("all",),
}
HYBRIDS = {
    "no hybrids": "circle",
    "plug-in hybrids": "square",
    "all hybrids": "triangle-up",
    "not stated": "diamond",
}
"""Which hybrids a target lets in → the shape of its mark."""


def target_chart(ds: Dataset, on: questions.Day | None = None) -> alt.VConcatChart:
    """National targets for shares of sales in force: countries down, years across, a panel for each kind of vehicle.

    Args:
        ds: the data set.
        on: as in `Dataset.targets`.

    Raises:
        MissingExtraError: the extra `plot` is not installed.
        NothingToDrawError: there is no such target in percent.
    """
    alt = altair()
    dots = _dots(ds, on)
    order = sorted(dots["party"].unique(), key=names.key)
    first, last = int(dots["year"].min() // 5 * 5), int(-(-dots["x"].max() // 5) * 5)
    years = list(range(first, last + 1, 5 if last - first <= 15 else 10))
    described = ds.package.schema("policy_targets")
    label = described.field("metric").categories[METRIC]["label"]
    above: dict[str, Any] = {"orient": "top", "symbolFillColor": GREY, "symbolStrokeWidth": 0}
    colour = alt.Color(
        "value:Q",
        scale=alt.Scale(domain=[0, 100], scheme="viridis", reverse=True),
        legend=alt.Legend(title=f"{label}, percent", orient="top", gradientLength=180),
    )
    shape = alt.Shape(
        "lets in:N",
        scale=alt.Scale(domain=list(HYBRIDS), range=list(HYBRIDS.values())),
        legend=alt.Legend(title="still allowed", **above),
    )
    size = alt.Size(
        "strength:N",
        scale=alt.Scale(domain=list(described.field("strength").categories)[::-1], range=[130, 90, 50, 25]),
        legend=alt.Legend(title="strength", **above),
    )
    across = alt.Axis(title=None, format="d", values=years, orient="top", grid=False, labelAngle=0)
    x = alt.X("x:Q", scale=alt.Scale(domain=[first - 1.5, last + 1.5], nice=False), axis=across)
    tooltip = ["party:N", "year:Q", "value:Q", "powertrain:N", "strength:N", "status:N", "target:N"]
    panels: list[Any] = []
    for fleet in FLEETS:
        if (mine := dots[dots["fleet"] == fleet]).empty:
            continue
        down = alt.Axis(
            title=None, labelLimit=220, domain=False, ticks=False, grid=True, gridColor="#EFEFEF", labels=not panels
        )
        y = alt.Y("party:N", sort=order, scale=alt.Scale(domain=order), axis=down)
        marks = drawn_from(mine).mark_point(filled=True, opacity=1).encode(x, y, colour, shape, size, tooltip=tooltip)
        panels.append(marks.properties(width=190, height=alt.Step(14), title=alt.Title(fleet, fontSize=12)))
    chart = alt.hconcat(*panels, spacing=14).resolve_scale(y="shared", color="shared", shape="shared", size="shared")
    when = "in force" if on is None else f"in force on {on}"
    return finished(
        ds,
        chart,
        "What share of new sales shall be electric, and when",
        f"Every target of a country or group {when}, at the year by which it is due; those of one year side by side.",
    )


def _dots(ds: Dataset, on: questions.Day | None) -> pd.DataFrame:
    """The targets to draw; those of one party, fleet and year side by side."""
    found = questions.targets(ds, on)
    found = found[(found["metric"] == METRIC) & (found["unit"] == "percent")]
    found = found[found["subdivision_code"].isna() & found["city"].isna() & found["vehicle_use"].isna()]
    fleet = {category: name for name, categories in FLEETS.items() for category in categories}
    found = found.assign(fleet=found["vehicle_category"].astype("str").map(fleet)).dropna(subset=["fleet", "value"])
    if found.empty:
        raise NothingToDrawError(f"there is no target in force in percent with the metric {METRIC!r} to draw")
    bodies = ds.organisations.set_index("organisation_id")
    groups = bodies["short_name"].fillna(bodies["name"])
    party = found["country_code"].map(short_names(ds)).fillna(found["group_id"].map(groups))
    powertrain = found["powertrain"].astype("object")
    hybrids = facts(ds, "policy_targets", "powertrain", "hybrids")
    dots = pd.DataFrame(
        {
            "party": party.map(lambda name: name if len(name) <= 30 else name[:29] + "…"),
            "year": found["target_year"].astype("int"),
            "value": found["value"].astype("float"),
            "fleet": found["fleet"],
            "lets in": powertrain.map(hybrids).fillna("not stated"),
            "powertrain": powertrain.fillna("not stated"),
            "strength": found["strength"].astype("str"),
            "status": found["status"].astype("str"),
            "target": found["target_id"],
        }
    )
    cell = ["party", "fleet", "year"]
    dots = dots.sort_values([*cell, "value", "target"], kind="stable", ignore_index=True)
    return dots.assign(x=dots["year"] + 0.9 * dots.groupby(cell).cumcount())
