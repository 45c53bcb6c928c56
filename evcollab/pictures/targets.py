"""The shares that countries and groups aim at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evcollab import names, questions
from evcollab.pictures.drawing import GREY, NothingToDrawError, altair, finished, inline, short_names
from evcollab.questions.lookup import facts

if TYPE_CHECKING:
    import altair as alt

    from evcollab.dataset import Dataset

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


def target_chart(ds: Dataset, metric: str = "sales_share", on: questions.Day | None = None) -> alt.VConcatChart:
    """National targets in force: countries down, years across, a panel for each kind of vehicle.

    Args:
        ds: the data set.
        metric: one whose unit is percent, such as `sales_share` or `stock_share`.
        on: as in `Dataset.targets`.

    Raises:
        MissingExtraError: the extra `plot` is not installed.
        NothingToDrawError: there is no such target in percent.
    """
    import pandas as pd

    alt = altair()
    found = questions.targets(ds, on)
    found = found[(found["metric"] == metric) & (found["unit"] == "percent")]
    found = found[found["subdivision_code"].isna() & found["city"].isna() & found["vehicle_use"].isna()]
    fleet = {category: name for name, categories in FLEETS.items() for category in categories}
    found = found.assign(fleet=found["vehicle_category"].astype("str").map(fleet)).dropna(subset=["fleet", "value"])
    if found.empty:
        raise NothingToDrawError(f"there is no target in force in percent with the metric {metric!r} to draw")
    groups = ds.organisations.set_index("organisation_id")
    party = (
        found["country_code"]
        .map(short_names(ds))
        .fillna(found["group_id"].map(groups["short_name"].fillna(groups["name"])))
    )
    dots = pd.DataFrame(
        {
            "party": party.map(lambda name: name if len(name) <= 30 else name[:29] + "…"),
            "year": found["target_year"].astype("int"),
            "value": found["value"].astype("float"),
            "fleet": found["fleet"],
            "lets in": found["powertrain"]
            .astype("object")
            .map(facts(ds, "policy_targets", "powertrain", "hybrids"))
            .fillna("not stated"),
            "powertrain": found["powertrain"].astype("object").fillna("not stated"),
            "strength": found["strength"].astype("str"),
            "status": found["status"].astype("str"),
            "target": found["target_id"],
        }
    )
    cell = ["party", "fleet", "year"]
    dots = dots.sort_values([*cell, "value", "target"], kind="stable", ignore_index=True)
    dots["x"] = dots["year"] + 0.9 * dots.groupby(cell).cumcount()
    order = sorted(dots["party"].unique(), key=names.key)
    panels = [name for name in FLEETS if (dots["fleet"] == name).any()]
    first, last = int(dots["year"].min() // 5 * 5), int(-(-dots["x"].max() // 5) * 5)
    years = list(range(first, last + 1, 5 if last - first <= 15 else 10))
    colour = alt.Color(
        "value:Q",
        scale=alt.Scale(domain=[0, 100], scheme="viridis", reverse=True),
        legend=alt.Legend(title=_metric_label(ds, metric) + ", percent", orient="top", gradientLength=180),
    )
    shape = alt.Shape(
        "lets in:N",
        scale=alt.Scale(domain=list(HYBRIDS), range=list(HYBRIDS.values())),
        legend=alt.Legend(title="still allowed", orient="top", symbolFillColor=GREY, symbolStrokeWidth=0),
    )
    strengths = list(ds.package.schema("policy_targets").field("strength").categories)
    size = alt.Size(
        "strength:N",
        scale=alt.Scale(domain=strengths[::-1], range=[130, 90, 50, 25]),
        legend=alt.Legend(title="strength", orient="top", symbolFillColor=GREY, symbolStrokeWidth=0),
    )
    shown = ("party", "year", "value", "powertrain", "strength", "status", "target")
    tooltip = [f"{name}:{'Q' if name in ('year', 'value') else 'N'}" for name in shown]
    charts: list[Any] = []
    for panel in panels:
        mine = dots[dots["fleet"] == panel]
        y = alt.Y(
            "party:N",
            sort=order,
            scale=alt.Scale(domain=order),
            axis=alt.Axis(
                title=None, labelLimit=220, domain=False, ticks=False, grid=True, gridColor="#EFEFEF", labels=not charts
            ),
        )
        x = alt.X(
            "x:Q",
            scale=alt.Scale(domain=[first - 1.5, last + 1.5], nice=False),
            axis=alt.Axis(title=None, format="d", values=years, orient="top", grid=False, labelAngle=0),
        )
        marks = alt.Chart(inline(mine)).mark_point(filled=True, opacity=1)
        marks = marks.encode(x, y, colour, shape, size, tooltip=tooltip)
        charts.append(marks.properties(width=190, height=alt.Step(14), title=alt.Title(panel, fontSize=12)))
    chart = alt.hconcat(*charts, spacing=14).resolve_scale(y="shared", color="shared", shape="shared", size="shared")
    when = "in force" if on is None else f"in force on {on}"
    title = f"What share of {_metric_object(metric)} shall be electric, and when"
    return finished(
        ds,
        chart,
        title,
        f"Every target of a country or group {when}, at the year by which it is due; those of one year side by side.",
    )


def _metric_label(ds: Dataset, metric: str) -> str:
    return ds.package.schema("policy_targets").field("metric").categories[metric]["label"]


def _metric_object(metric: str) -> str:
    return {"sales_share": "new sales", "stock_share": "all vehicles"}.get(metric, metric.replace("_share", ""))
