"""Who met whom."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from evcollab import names, questions
from evcollab.errors import EvcollabError
from evcollab.pictures.drawing import INK, REGIONS, NothingToDrawError, altair, finished, inline, short_names

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from evcollab.dataset import Dataset


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
    import pandas as pd

    alt = altair()
    if countries < 2:
        raise EvcollabError(f"countries={countries}: expected at least 2, as a line joins two")
    edges = questions.collaborations(ds, **options)
    if edges.empty:
        raise NothingToDrawError("there are no two countries that met to draw")
    shared = pd.concat([edges.explode("event_ids").set_index(end)["event_ids"] for end in ("a", "b")])
    meetings = shared.groupby(level=0).nunique()
    chosen = meetings.sort_index().sort_values(ascending=False, kind="stable").head(countries).index
    edges = edges[edges["a"].isin(chosen) & edges["b"].isin(chosen)]
    chosen = chosen[chosen.isin([*edges["a"], *edges["b"]])]
    region = ds.countries.set_index("country_code")["region"].astype("str").fillna("Elsewhere")
    called = short_names(ds)
    order = sorted(chosen, key=lambda code: (list(REGIONS).index(region[code]), names.key(called[code])))
    angle = {code: 2 * math.pi * (n + 0.5) / len(order) for n, code in enumerate(order)}
    place = {code: (math.sin(turn), math.cos(turn)) for code, turn in angle.items()}
    most = int(edges["events"].max())
    curves = []
    for number, edge in enumerate(edges.sort_values("events", kind="stable").to_dict("records")):
        (ax, ay), (bx, by) = place[edge["a"]], place[edge["b"]]
        apart = math.dist((ax, ay), (bx, by)) / 2
        pull = (1 - apart) * 0.75
        cx, cy = (ax + bx) / 2 * pull, (ay + by) / 2 * pull
        same = region[edge["a"]] == region[edge["b"]]
        for step in range(17):
            t = step / 16
            curves.append(
                {
                    "line": number,
                    "step": step,
                    "x": (1 - t) ** 2 * ax + 2 * t * (1 - t) * cx + t**2 * bx,
                    "y": (1 - t) ** 2 * ay + 2 * t * (1 - t) * cy + t**2 * by,
                    "events": int(edge["events"]),
                    "region": region[edge["a"]] if same else "Between regions",
                    "pair": f"{called[edge['a']]} and {called[edge['b']]}",
                }
            )
    nodes = pd.DataFrame(
        [
            {
                "name": f"{called[code]} {meetings[code]}",
                "region": region[code],
                "events": int(meetings[code]),
                "x": place[code][0],
                "y": place[code][1],
                "lx": place[code][0] * 1.05,
                "ly": place[code][1] * 1.05,
                "right": angle[code] < math.pi,
                "turn": math.degrees(angle[code]) - (90 if angle[code] < math.pi else 270),
            }
            for code in order
        ]
    )
    scale = alt.Scale(domain=[-1.42, 1.42], nice=False)
    shown = [name for name in REGIONS if name in set(nodes["region"])]
    domain = [*shown, "Between regions"]
    colour = alt.Color(
        "region:N",
        scale=alt.Scale(domain=domain, range=[*(REGIONS[name] for name in shown), "#9A9A9A"]),
        legend=alt.Legend(title=None, orient="top", symbolType="circle", symbolOpacity=1, symbolStrokeWidth=0),
    )

    def xy(x: str, y: str) -> dict[str, Any]:
        return {"x": alt.X(f"{x}:Q", scale=scale, axis=None), "y": alt.Y(f"{y}:Q", scale=scale, axis=None)}

    width = alt.StrokeWidth(
        "events:Q",
        scale=alt.Scale(domain=[1, max(most, 2)], range=[0.8, 6]),
        legend=alt.Legend(
            title="events of a pair", orient="bottom-right", values=sorted({1, (most + 1) // 2, most}), format="d"
        ),
    )
    lines = alt.Chart(alt.InlineData(values=curves)).mark_line(interpolate="linear", strokeCap="round")
    lines = lines.encode(
        **xy("x", "y"), detail="line:N", order="step:Q", strokeWidth=width, color=colour,
        opacity=alt.Opacity(
            "events:Q",
            scale=alt.Scale(domain=[1, max(min(most, 4), 2)], range=[0.3 if most > 1 else 0.7, 0.9], clamp=True),
            legend=None,
        ),
        tooltip=["pair:N", "events:Q"],
    )  # fmt: skip
    dots = alt.Chart(inline(nodes)).mark_circle(size=70, opacity=1).encode(**xy("x", "y"), color=colour)
    layers = [lines, dots]
    for align, half in (("left", nodes["right"]), ("right", ~nodes["right"])):
        text = alt.Chart(inline(nodes[half])).mark_text(align=align, baseline="middle", fontSize=11, color=INK)
        layers.append(text.encode(**xy("lx", "ly"), text="name:N", angle=alt.Angle("turn:Q", scale=None)))
    chart = alt.layer(*layers).properties(width=760, height=760)
    whom = (
        f"The {len(order)} of {len(meetings)} countries with most meetings"
        if len(order) < len(meetings)
        else "Countries"
    )
    return finished(
        ds,
        chart,
        f"Who met whom, {_period(ds, edges)}",
        f"{whom}; the number is that of events shared with others, the width of a line that of a pair.",
    )


def _period(ds: Dataset, edges: pd.DataFrame) -> str:
    """The years of the events at which pairs met."""
    met = ds.events[ds.events["event_id"].isin(edges["event_ids"].explode())]
    years = met["start_date"].dropna().dt.year
    if years.empty:
        return "undated"
    return f"{years.min()} to {years.max()}" if years.min() < years.max() else str(years.min())
