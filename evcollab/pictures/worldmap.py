"""The countries of the world."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from evcollab.dataset import Dataset
from evcollab.pictures.drawing import BLUE, ORANGE, PALE, SKY, altair, finished, short_names

if TYPE_CHECKING:
    import altair as alt

SHAPES = Path(__file__).parent / "world.json"


def world_map(ds: Dataset) -> alt.VConcatChart:
    """The countries that the register knows from events, from targets, from both or not at all.

    Raises:
        MissingExtraError: the extra `plot` is not installed.
    """
    alt = altair()
    meeting = {*ds.participants["country_code"].dropna(), *ds.events["country_code"].dropna()}
    aiming = set(ds.policy_targets["country_code"].dropna())
    called = short_names(ds)
    classes = ("Nothing yet", "Events only", "Targets only", "Events and targets")
    of = {code: classes[(code in meeting) + 2 * (code in aiming)] for code in called}
    counted = {name: f"{name} ({list(of.values()).count(name)})" for name in reversed(classes)}
    topology = json.loads(SHAPES.read_text(encoding="utf-8"))
    shapes = topology["objects"]["countries"]["geometries"]
    for shape in shapes:
        shape["properties"] = {"name": called.get(shape["id"], ""), "found": counted[of.get(shape["id"], classes[0])]}
    shapes.sort(key=lambda shape: shape["type"] == "Point")
    chart = (
        alt.Chart(alt.InlineData(values=topology, format=alt.TopoDataFormat(feature="countries", type="topojson")))
        .mark_geoshape(stroke="white", strokeWidth=0.6)
        .encode(
            color=alt.Color(
                "properties.found:N",
                scale=alt.Scale(domain=list(counted.values()), range=[BLUE, ORANGE, SKY, PALE]),
                legend=alt.Legend(title=None, orient="bottom", columns=4, symbolType="square", labelLimit=300),
            ),
            tooltip=["properties.name:N", "properties.found:N"],
        )
        .project("equalEarth", pointRadius=3.2)
        .properties(width=900, height=440)
    )
    return finished(
        ds,
        chart,
        "What the register knows of each country",
        "Countries that took part in or hosted an event, and that set a target. Circles: countries too small to draw.",
        "Shapes: Natural Earth; boundaries imply no opinion.",
    )
