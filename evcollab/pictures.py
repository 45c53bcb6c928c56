"""Pictures of the register as Altair charts (extra `plot`): drawn offline, in colours safe for the colour-blind.

Each function returns a chart: it shows itself in a notebook, and `save(chart, "timeline.png")` writes it as PNG, SVG
or HTML. Country shapes come with the library.
"""

from __future__ import annotations

import json
import math
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcollab import names, questions
from evcollab.errors import EvcollabError, MissingExtraError
from evcollab.questions.lookup import facts

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from evcollab.dataset import Dataset

BLUE, SKY, GREEN, ORANGE, RED, PURPLE = "#0072B2", "#56B4E9", "#009E73", "#E69F00", "#D55E00", "#CC79A7"
"""Colours that people with any kind of colour vision can tell apart (Okabe and Ito)."""
INK, GREY, PALE = "#333333", "#767676", "#E4E4E4"
REGIONS = {"Africa": ORANGE, "Americas": GREEN, "Asia": BLUE, "Europe": PURPLE, "Oceania": SKY, "Elsewhere": GREY}
SORTS = {
    "Learning: trainings, workshops, study tours, webinars": ("training", "workshop", "study_tour", "webinar"),
    "Commitments: signings and declarations": ("signing", "declaration"),
    "Deliveries: launches and handovers": ("launch", "handover"),
    "Talks: conferences, dialogues, meetings and others": (),
}
"""The kinds of event by what comes of them; the last takes all others."""
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
OWN: Any = dict.fromkeys(("color", "shape", "size", "strokeWidth"), "independent")
ONLINE, NO_PLACE = "Online", "No single place on record"
ENDINGS = (".svg", ".png", ".pdf", ".html", ".json")
SHAPES = Path(__file__).parent / "world.json"


def timeline(ds: Dataset) -> alt.VConcatChart:
    """All dated events: a dot each, piled up by quarter, in a lane for each region of their place.

    Raises:
        MissingExtraError: the extra `plot` is not installed.
        EvcollabError: no event has a date.
    """
    import pandas as pd

    alt = _altair()
    events = ds.events.dropna(subset="start_date").sort_values(["start_date", "event_id"], kind="stable")
    if events.empty:
        raise EvcollabError("there is no event with a date to draw")
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
    x = alt.X(
        "x:Q",
        scale=alt.Scale(domain=[first, last + 1], nice=False),
        axis=alt.Axis(
            title=None, format="d", values=list(range(first, last + 1)), labelAlign="left", gridColor="#EDEDED"
        ),
    )
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, sum(heights.values())], nice=False), axis=None)
    colour = alt.Color(
        "sort:N",
        scale=alt.Scale(domain=list(SORTS), range=[BLUE, ORANGE, GREEN, "#999999"]),
        legend=alt.Legend(title=None, orient="top", columns=2, labelLimit=420, symbolOpacity=1),
    )
    size = pitch * pitch * 0.62
    marks = alt.Chart(_inline(dots)).mark_circle(size=size, opacity=1)
    hollow = alt.Chart(_inline(dots[~dots["held"]])).mark_circle(size=size * 0.36, color="white", opacity=1)
    lines = alt.Chart(_inline(labels)).mark_rule(color="#BBBBBB").encode(y)
    names = alt.Chart(_inline(labels)).mark_text(align="right", dx=-8, dy=-7, fontWeight="bold", color=INK)
    layers = [
        lines,
        marks.encode(x, y, colour, tooltip=["event:N", "date:N"]),
        hollow.encode(x, y, tooltip=["event:N", "date:N"]),
        names.encode(y, text="lane:N", x=alt.value(0)),
    ]
    chart = alt.layer(*layers).properties(width=width, height=max(sum(heights.values()) * pitch, 60))
    span = f"{first} to {last}" if first < last else str(first)
    subtitle = "One dot per event, by year and region of the place. Hollow: announced, not known to have been held."
    return _finished(ds, chart, f"{len(events)} events, {span}", subtitle)


def target_chart(ds: Dataset, metric: str = "sales_share", on: questions.Day | None = None) -> alt.VConcatChart:
    """National targets in force: countries down, years across, a panel for each kind of vehicle.

    Args:
        ds: the data set.
        metric: one whose unit is percent, such as `sales_share` or `stock_share`.
        on: as in `Dataset.targets`.

    Raises:
        MissingExtraError: the extra `plot` is not installed.
        EvcollabError: there is no such target in percent.
    """
    import pandas as pd

    alt = _altair()
    found = questions.targets(ds, on)
    found = found[(found["metric"] == metric) & (found["unit"] == "percent")]
    found = found[found["subdivision_code"].isna() & found["city"].isna() & found["vehicle_use"].isna()]
    fleet = {category: name for name, categories in FLEETS.items() for category in categories}
    found = found.assign(fleet=found["vehicle_category"].astype("str").map(fleet)).dropna(subset=["fleet", "value"])
    if found.empty:
        raise EvcollabError(f"there is no target in force in percent with the metric {metric!r} to draw")
    groups = ds.organisations.set_index("organisation_id")
    party = (
        found["country_code"]
        .map(_short_names(ds))
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
        marks = alt.Chart(_inline(mine)).mark_point(filled=True, opacity=1)
        marks = marks.encode(x, y, colour, shape, size, tooltip=tooltip)
        charts.append(marks.properties(width=190, height=alt.Step(14), title=alt.Title(panel, fontSize=12)))
    chart = alt.hconcat(*charts, spacing=14).resolve_scale(y="shared", color="shared", shape="shared", size="shared")
    when = "in force" if on is None else f"in force on {on}"
    title = f"What share of {_metric_object(metric)} shall be electric, and when"
    return _finished(
        ds,
        chart,
        title,
        f"Every target of a country or group {when}, at the year by which it is due; those of one year side by side.",
    )


def network(ds: Dataset, countries: int = 36, **options: Any) -> alt.VConcatChart:
    """Who met whom: the countries with most events in a circle, a line for each pair that met.

    Args:
        ds: the data set.
        countries: how many countries to show at most.
        options: those of `Dataset.parties`.

    Raises:
        MissingExtraError: the extra `plot` is not installed.
        EvcollabError: no two countries met.
    """
    import pandas as pd

    alt = _altair()
    if countries < 2:
        raise EvcollabError(f"countries={countries}: expected at least 2, as a line joins two")
    edges = questions.collaborations(ds, **options)
    if edges.empty:
        raise EvcollabError("there are no two countries that met to draw")
    shared = pd.concat([edges.explode("event_ids").set_index(end)["event_ids"] for end in ("a", "b")])
    meetings = shared.groupby(level=0).nunique()
    chosen = meetings.sort_index().sort_values(ascending=False, kind="stable").head(countries).index
    edges = edges[edges["a"].isin(chosen) & edges["b"].isin(chosen)]
    chosen = chosen[chosen.isin([*edges["a"], *edges["b"]])]
    region = ds.countries.set_index("country_code")["region"].astype("str").fillna("Elsewhere")
    called = _short_names(ds)
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
    dots = alt.Chart(_inline(nodes)).mark_circle(size=70, opacity=1).encode(**xy("x", "y"), color=colour)
    layers = [lines, dots]
    for align, half in (("left", nodes["right"]), ("right", ~nodes["right"])):
        text = alt.Chart(_inline(nodes[half])).mark_text(align=align, baseline="middle", fontSize=11, color=INK)
        layers.append(text.encode(**xy("lx", "ly"), text="name:N", angle=alt.Angle("turn:Q", scale=None)))
    chart = alt.layer(*layers).properties(width=760, height=760)
    whom = (
        f"The {len(order)} of {len(meetings)} countries with most meetings"
        if len(order) < len(meetings)
        else "Countries"
    )
    return _finished(
        ds,
        chart,
        f"Who met whom, {_period(ds, edges)}",
        f"{whom}; the number is that of events shared with others, the width of a line that of a pair.",
    )


def world_map(ds: Dataset) -> alt.VConcatChart:
    """The countries that the register knows from events, from targets, from both or not at all.

    Raises:
        MissingExtraError: the extra `plot` is not installed.
    """
    alt = _altair()
    meeting = {*ds.participants["country_code"].dropna(), *ds.events["country_code"].dropna()}
    aiming = set(ds.policy_targets["country_code"].dropna())
    called = _short_names(ds)
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
    return _finished(
        ds,
        chart,
        "What the register knows of each country",
        "Countries that took part in or hosted an event, and that set a target. Circles: countries too small to draw.",
        "Shapes: Natural Earth; boundaries imply no opinion.",
    )


PICTURES = {"timeline": timeline, "targets": target_chart, "network": network, "map": world_map}
"""Name of the file → what draws it."""


def save(chart: Any, path: str | Path) -> None:
    """Write a chart to a file: PNG, SVG, PDF, HTML or Vega-Lite JSON, by the ending of its name.

    Raises:
        EvcollabError: the name has another ending, or the file cannot be written.
        MissingExtraError: the extra `plot` is not installed.
    """
    if Path(path).suffix.lower() not in ENDINGS:
        raise EvcollabError(f"{path}: a picture is written as {', '.join(ENDINGS)}; give the name one of these endings")
    try:
        import_module("vl_convert")
    except ImportError:
        raise MissingExtraError("writing pictures", "plot") from None
    try:
        chart.save(str(path), **({"ppi": 144} if str(path).lower().endswith(".png") else {}))
    except OSError as error:
        raise EvcollabError(f"{path} cannot be written: {error.strerror or error}") from None


def save_all(ds: Dataset, folder: Path) -> list[Path]:
    """Draw all pictures of a data set into a folder, as SVG; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, draw in PICTURES.items():
        files.append(folder / f"{name}.svg")
        save(draw(ds), files[-1])
    return files


def _altair() -> Any:
    try:
        return import_module("altair")
    except ImportError:
        raise MissingExtraError("drawing pictures", "plot") from None


def _inline(frame: pd.DataFrame) -> Any:
    return _altair().InlineData(values=frame.to_dict("records"))


def _finished(ds: Dataset, chart: Any, title: str, subtitle: str, more: str = "") -> alt.VConcatChart:
    """A chart with its title above and its source below."""
    altair = _altair()
    headline = altair.Title(
        title, subtitle=subtitle, anchor="start", fontSize=18, subtitleFontSize=12, subtitleColor=GREY, offset=14,
        color=INK,
    )  # fmt: skip
    descriptor = ds.package.descriptor
    licences = [str(item.get("title") or item.get("name", "")) for item in descriptor.get("licenses", [])]
    about = [str(descriptor.get("title") or ds.name), f"version {ds.version}" if ds.version else "", *licences]
    source = f"Source: {', '.join(filter(None, about))}. {more}".strip()
    note = altair.Title(
        source, orient="bottom", anchor="start", fontSize=10, fontWeight="normal", color=GREY, offset=12
    )
    inner = altair.vconcat(chart, title=headline).resolve_scale(**OWN)
    framed: alt.VConcatChart = altair.vconcat(inner, title=note).resolve_scale(**OWN)
    framed.config = altair.Config(font="Helvetica, Arial, sans-serif", padding=16, view=altair.ViewConfig(stroke=None))
    return framed


def _short_names(ds: Dataset) -> dict[str, str]:
    countries = ds.countries
    return dict(zip(countries["country_code"], countries["short_name"].fillna(countries["name"]), strict=True))


def _period(ds: Dataset, edges: pd.DataFrame) -> str:
    """The years of the events at which pairs met."""
    met = ds.events[ds.events["event_id"].isin(edges["event_ids"].explode())]
    years = met["start_date"].dropna().dt.year
    if years.empty:
        return "undated"
    return f"{years.min()} to {years.max()}" if years.min() < years.max() else str(years.min())


def _metric_label(ds: Dataset, metric: str) -> str:
    return ds.package.schema("policy_targets").field("metric").categories[metric]["label"]


def _metric_object(metric: str) -> str:
    return {"sales_share": "new sales", "stock_share": "all vehicles"}.get(metric, metric.replace("_share", ""))
