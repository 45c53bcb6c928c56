"""The countries of the world."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from evcollab.dataset import Dataset
from evcollab.pictures.drawing import BLUE, ORANGE, PALE, SKY, altair, finished, short_names
from evcollab.questions.coverage import HELD, held_on

if TYPE_CHECKING:
    import altair as alt

SHAPES = Path(__file__).parent / "world.json"


def world_map(ds: Dataset) -> alt.VConcatChart:
    """The countries that the register knows from events, from targets, from both or not at all.

    Raises:
        MissingExtraError: the extra `plot` is not installed.
    """
    alt = altair()
    called, of = short_names(ds), held_on(ds)
    labels = ("Nothing yet", "Events only", "Targets only", "Events and targets")
    counted = {what: f"{label} ({(of == what).sum()})" for what, label in zip(HELD, labels, strict=True)}
    topology = json.loads(SHAPES.read_text(encoding="utf-8"))
    shapes = topology["objects"]["countries"]["geometries"]
    for shape in shapes:
        shape["properties"] = {"name": called.get(shape["id"], ""), "found": counted[of.get(shape["id"], HELD[0])]}
    shapes.sort(key=lambda shape: shape["type"] == "Point")
    chart = (
        alt.Chart(alt.InlineData(values=topology, format=alt.TopoDataFormat(feature="countries", type="topojson")))
        .mark_geoshape(stroke="white", strokeWidth=0.6)
        .encode(
            color=alt.Color(
                "properties.found:N",
                scale=alt.Scale(domain=list(counted.values())[::-1], range=[BLUE, ORANGE, SKY, PALE]),
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
