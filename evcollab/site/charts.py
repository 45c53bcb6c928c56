"""Charts of one page as data for a template: places in percent of the width, so that they fit any screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from evcollab.pictures.targets import FLEETS
from evcollab.site.records import Row

LANES = {**FLEETS, "Charging": ("",)}
"""Kinds of vehicle by lane of a ladder; no kind is charging."""
GROUPS = {
    "learning": ("Learning", ("training", "workshop", "study_tour", "webinar")),
    "commitment": ("Commitments", ("signing", "declaration")),
    "delivery": ("Deliveries", ("launch", "handover")),
    "talk": ("Talks", ()),
}
"""Classes of kinds of event for colours; the last takes all others."""
ROW = 28
"""Height of a row of marks in pixels."""
GAP = 36
"""The percentage of the width that a mark with its label needs on a telephone."""
FLIP = 60
"""From this place on, in percent of the width, a label stands left of its mark."""


def lane_of(row: Row) -> str:
    """The lane of a ladder that a target belongs to."""
    return next((lane for lane, kinds in LANES.items() if row["vehicle_category"] in kinds), "All vehicles")


def group_of(kind: str) -> str:
    """The class of a kind of event."""
    return next((name for name, (_, kinds) in GROUPS.items() if kind in kinds), "talk")


def ladder(targets: Sequence[tuple[str, Row]], mark: Callable[[str, Row], dict[str, Any]]) -> dict[str, Any] | None:
    """Targets over the years: a lane per kind of vehicle, marks side by side where their labels leave room.

    Args:
        targets: identifier and row of each.
        mark: what a mark says: at least `label`, `href` and `active`.

    Returns:
        First and last year, ticks, and lanes of marks with `x` in percent, `y` in pixels and `flip`, whether the label
        stands left of the mark; `links` from each superseded mark to its successor. None without targets.
    """
    dated = [(each, row) for each, row in targets if row["target_year"].isdecimal()]
    if not dated:
        return None
    years = [int(row["target_year"]) for _, row in dated]
    first, last = min(years) - 1, max(years) + 1
    lanes: list[dict[str, Any]] = []
    places: dict[str, tuple[str, float, int]] = {}
    for name in LANES:
        mine = [(each, row) for each, row in dated if lane_of(row) == name]
        if not mine:
            continue
        places_of = [round(100 * (int(row["target_year"]) - first) / (last - first), 2) for _, row in mine]
        marks, rows = [], _packed(places_of)
        height = (max(rows) + 1) * ROW
        for (each, row), x, level in zip(mine, places_of, rows, strict=True):
            marks.append({**mark(each, row), "x": x, "y": level * ROW + ROW // 2, "flip": x > FLIP})
            places[each] = (name, x, level * ROW + ROW // 2)
        lanes.append({"name": name, "height": height, "marks": marks, "links": []})
    by_name: dict[str, dict[str, Any]] = {str(lane["name"]): lane for lane in lanes}
    for each, row in dated:
        older = places.get(row["supersedes_id"])
        if older and older[0] == places[each][0]:
            by_name[older[0]]["links"].append((older[1], older[2], places[each][1], places[each][2]))
    step = 5 if last - first <= 40 else 10
    ticks = [year for year in range(first, last + 1) if year % step == 0]
    return {
        "lanes": lanes,
        "ticks": [{"year": year, "x": round(100 * (year - first) / (last - first), 2)} for year in ticks],
    }


def _packed(places: Sequence[float]) -> list[int]:
    """A row for each mark, so that the marks of one row and their labels do not touch."""
    rows: list[list[tuple[float, float]]] = []
    found = [0] * len(places)
    for position in sorted(range(len(places)), key=lambda n: places[n]):
        x = places[position]
        start, end = (x - GAP, x + 4) if x > FLIP else (x - 4, x + GAP)
        fits = (n for n, taken in enumerate(rows) if all(end <= left or start >= right for left, right in taken))
        level = next(fits, len(rows))
        if level == len(rows):
            rows.append([])
        rows[level].append((start, end))
        found[position] = level
    return found


def bars(counts: Iterable[tuple[Any, int]]) -> list[dict[str, Any]]:
    """Numbers as bars: each with its share of the longest in percent."""
    listed = list(counts)
    most = max((n for _, n in listed), default=1) or 1
    return [{"what": what, "n": n, "width": round(100 * n / most, 1)} for what, n in listed]


def stack(groups: Iterable[str], most: int) -> list[dict[str, Any]]:
    """The groups of a year's events, from the bottom: how many are in each, and its height in percent of `most`."""
    counts = Counter(groups)
    return [
        {"group": name, "label": label.lower(), "n": counts[name], "height": round(100 * counts[name] / most, 1)}
        for name, (label, _) in GROUPS.items()
        if counts[name]
    ]
