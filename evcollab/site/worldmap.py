"""The map of the first page: drawn at build time, with a named link on every country."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from evcollab.errors import MissingExtraError
from evcollab.pictures import SHAPES
from evcollab.site import addresses
from evcollab.site.frame import Site
from evcollab.site.words import count, listed

CLASSES = (1, 3, 8, 16, 32)
"""The least number of events of each class of colour."""
SIZE = (1100, 500)
RADIUS = 3
"""Of the circles for countries too small to draw."""
_SHAPE = re.compile(r'<path aria-label="([^"]*)"[^>]* d="([^"]*)"')
_POINT = re.compile(r"M(-?[\d.]+),(-?[\d.]+)m0,")


def draw(site: Site) -> dict[str, Any] | None:
    """The map as SVG that takes its colours from the style sheet, with its title and classes; None without events."""
    if not site.events_of or not site.rows("countries"):
        return None
    counts = {code: len(site.events_of.get(code, {})) for code in site.rows("countries")}
    meeting = [n for n in counts.values() if n]
    first = sorted(counts, key=lambda code: (-counts[code], code))[: min(3, len(meeting))]
    most = listed(map(site.words.country, first))
    return {
        "marks": [
            {
                "name": f"{site.words.country(code)}, {count(counts[code], 'event')}",
                "href": addresses.page("countries", code),
                "class": f"m{_class(counts[code])}",
                **shape,
            }
            for code, shape in _shapes()
            if code in counts
        ],
        "size": SIZE,
        "title": f"{count(len(meeting), 'country', 'countries')} took part or hosted, most often {most}",
        "classes": [(f"m{n}", _range(n)) for n in sorted(set(map(_class, meeting)))],
    }


def _class(n: int) -> int:
    return sum(n >= least for least in CLASSES)


def _range(n: int) -> str:
    if n == len(CLASSES):
        return f"{CLASSES[-1]} and more"
    return f"{CLASSES[n - 1]}–{CLASSES[n] - 1}"


@cache
def _shapes() -> list[tuple[str, dict[str, str]]]:
    """The code of each country with its outline, projected; the smallest ones as circles, last."""
    try:
        import altair as alt
        import vl_convert
    except ImportError:
        raise MissingExtraError("drawing the map", "site") from None
    topology = json.loads(SHAPES.read_text(encoding="utf-8"))
    topology["objects"]["countries"]["geometries"].sort(key=lambda shape: shape["type"] == "Point")
    chart = (
        alt.Chart(alt.InlineData(values=topology, format=alt.TopoDataFormat(feature="countries", type="topojson")))
        .mark_geoshape()
        .encode(description=alt.Description("id:N"))
        .transform_filter("datum.id != 'ATA'")
        .project("equalEarth", pointRadius=RADIUS)
        .properties(width=SIZE[0], height=SIZE[1], padding=0)
    )
    shapes = []
    for code, path in _SHAPE.findall(vl_convert.vegalite_to_svg(chart.to_dict())):
        point = _POINT.match(path)
        shapes.append((code, {"x": point[1], "y": point[2]} if point else {"d": _short(path)}))
    return shapes


def _short(path: str) -> str:
    """An outline with steps of a tenth of a pixel in place of absolute coordinates: a third of the characters."""
    parts = []
    for ring in path.removesuffix("Z").split("Z"):
        points = [tuple(round(10 * float(number)) for number in point.split(",")) for point in ring[1:].split("L")]
        x, y = points[0]
        steps = []
        for u, v in points[1:]:
            if (u, v) != (x, y):
                steps.append(f"{(u - x) / 10:g},{(v - y) / 10:g}")
                x, y = u, v
        parts.append(f"M{points[0][0] / 10:g},{points[0][1] / 10:g}l{' '.join(steps)}z" if steps else "")
    return "".join(parts)
