"""Who met whom."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from evcollab import names, questions
from evcollab.dataset import Dataset
from evcollab.errors import EvcollabError
from evcollab.pictures import drawing
from evcollab.pictures.drawing import INK, REGIONS, NothingToDrawError, altair, drawn_from

if TYPE_CHECKING:
    import altair as alt

BETWEEN = "Between regions"
STEPS = 16


def network(ds: Dataset, countries: int = 36, **options: Any) -> alt.VConcatChart:
    """Who met whom: the countries with most events in a circle, a line for each pair that met.

    Args:
        ds: the data set.
        countries: how many countries to show at most.
        options: those of `Dataset.parties`.

    Raises:
        MissingExtraError: the extra `plot` is not installed.
        NothingToDrawError: no two countries met.
    """
    altair()
    if countries < 2:
        raise EvcollabError(f"countries={countries}: expected at least 2, as a line joins two")
    edges = questions.collaborations(ds, **options)
    if edges.empty:
        raise NothingToDrawError("there are no two countries that met to draw")
    shared = pd.concat([edges.explode("event_ids").set_index(end)["event_ids"] for end in ("a", "b")])
    meetings = shared.groupby(level=0).nunique()
    chosen = meetings.sort_index().sort_values(ascending=False, kind="stable").head(countries).index
    edges = edges[edges["a"].isin(chosen) & edges["b"].isin(chosen)]
    nodes = _circle(ds, meetings[chosen[chosen.isin([*edges["a"], *edges["b"]])]])
    whom = f"The {len(nodes)} of {len(meetings)} countries with most meetings"
    return drawing.finished(
        ds,
        _chart(nodes, edges),
        f"Who met whom, {_period(ds, edges)}",
        f"{whom if len(nodes) < len(meetings) else 'Countries'}; the number is that of events shared with others, "
        "the width of a line that of a pair.",
    )


def _circle(ds: Dataset, meetings: pd.Series) -> pd.DataFrame:
    """The countries, region by region, with their places on the circle."""
    region = ds.countries.set_index("country_code")["region"].astype("str").fillna("Elsewhere")
    called, regions = drawing.short_names(ds), list(REGIONS)
    order = sorted(meetings.index, key=lambda code: (regions.index(region[code]), names.key(called[code])))
    nodes = pd.DataFrame({"country": [called[code] for code in order], "region": region[order]}, index=order)
    nodes["name"] = nodes["country"] + " " + meetings[order].astype("str")
    angle = pd.Series([2 * math.pi * (n + 0.5) / len(order) for n in range(len(order))], order)
    nodes["x"], nodes["y"] = angle.map(math.sin), angle.map(math.cos)
    nodes["lx"], nodes["ly"] = nodes["x"] * 1.05, nodes["y"] * 1.05
    nodes["right"] = angle < math.pi
    nodes["turn"] = angle.map(math.degrees) - nodes["right"].map({True: 90, False: 270})
    return nodes


def _curves(nodes: pd.DataFrame, edges: pd.DataFrame) -> list[dict[str, Any]]:
    """The points of the lines, which bend towards the middle: the nearer the two countries are, the more."""
    place = {code: complex(x, y) for code, x, y in nodes[["x", "y"]].itertuples()}
    points = []
    for number, edge in enumerate(edges.sort_values("events", kind="stable").to_dict("records")):
        a, b = edge["a"], edge["b"]
        bend = (place[a] + place[b]) / 2 * (1 - abs(place[a] - place[b]) / 2) * 0.75
        told = {
            "events": int(edge["events"]),
            "region": nodes["region"][a] if nodes["region"][a] == nodes["region"][b] else BETWEEN,
            "pair": f"{nodes['country'][a]} and {nodes['country'][b]}",
        }
        for step in range(STEPS + 1):
            t = step / STEPS
            at = (1 - t) ** 2 * place[a] + 2 * t * (1 - t) * bend + t**2 * place[b]
            points.append({"line": number, "step": step, "x": at.real, "y": at.imag, **told})
    return points


def _chart(nodes: pd.DataFrame, edges: pd.DataFrame) -> Any:
    alt = altair()
    most = int(edges["events"].max())
    scale = alt.Scale(domain=[-1.42, 1.42], nice=False)
    colours = {name: REGIONS[name] for name in REGIONS if name in set(nodes["region"])} | {BETWEEN: "#9A9A9A"}
    legend = alt.Legend(title=None, orient="top", symbolType="circle", symbolOpacity=1, symbolStrokeWidth=0)
    paint = alt.Scale(domain=list(colours), range=list(colours.values()))
    colour = alt.Color("region:N", scale=paint, legend=legend)

    def xy(x: str, y: str) -> dict[str, Any]:
        return {"x": alt.X(f"{x}:Q", scale=scale, axis=None), "y": alt.Y(f"{y}:Q", scale=scale, axis=None)}

    steps = sorted({1, (most + 1) // 2, most})
    width = alt.StrokeWidth(
        "events:Q",
        scale=alt.Scale(domain=[1, max(most, 2)], range=[0.8, 6]),
        legend=alt.Legend(title="events of a pair", orient="bottom-right", values=steps, format="d"),
    )
    faint = alt.Scale(domain=[1, max(min(most, 4), 2)], range=[0.3 if most > 1 else 0.7, 0.9], clamp=True)
    lines = drawn_from(_curves(nodes, edges)).mark_line(interpolate="linear", strokeCap="round")
    lines = lines.encode(
        **xy("x", "y"), detail="line:N", order="step:Q", strokeWidth=width, color=colour,
        opacity=alt.Opacity("events:Q", scale=faint, legend=None), tooltip=["pair:N", "events:Q"],
    )  # fmt: skip
    layers = [lines, drawn_from(nodes).mark_circle(size=70, opacity=1).encode(**xy("x", "y"), color=colour)]
    for align, half in (("left", nodes["right"]), ("right", ~nodes["right"])):
        text = drawn_from(nodes[half]).mark_text(align=align, baseline="middle", fontSize=11, color=INK)
        layers.append(text.encode(**xy("lx", "ly"), text="name:N", angle=alt.Angle("turn:Q", scale=None)))
    return alt.layer(*layers).properties(width=760, height=760)


def _period(ds: Dataset, edges: pd.DataFrame) -> str:
    """The years of the events at which pairs met."""
    met = ds.events[ds.events["event_id"].isin(edges["event_ids"].explode())]
    years = met["start_date"].dropna().dt.year
    return "undated" if years.empty else drawing.years(years.min(), years.max())
