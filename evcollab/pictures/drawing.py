"""What all pictures share: colours, frame, title and source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from evcollab import publication
from evcollab.dataset import Dataset
from evcollab.errors import EvcollabError, needed
from evcollab.questions.views import called

if TYPE_CHECKING:
    from altair import VConcatChart

BLUE, SKY, GREEN, ORANGE, RED, PURPLE = "#0072B2", "#56B4E9", "#009E73", "#E69F00", "#D55E00", "#CC79A7"
"""Colours that people with any kind of colour vision can tell apart (Okabe and Ito)."""
INK, GREY, PALE = "#333333", "#767676", "#E4E4E4"
REGIONS = {"Africa": ORANGE, "Americas": GREEN, "Asia": BLUE, "Europe": PURPLE, "Oceania": SKY, "Elsewhere": GREY}
OWN: Any = dict.fromkeys(("color", "shape", "size", "strokeWidth"), "independent")


class NothingToDrawError(EvcollabError):
    """The data set has no record that a picture shows."""


def altair() -> Any:
    """The drawing library; raises MissingExtraError."""
    return needed("altair", "drawing pictures", "plot")


def drawn_from(rows: pd.DataFrame | list[dict[str, Any]]) -> Any:
    """A chart of these rows, which become part of it."""
    alt = altair()
    return alt.Chart(alt.InlineData(values=rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows))


def years(first: int, last: int) -> str:
    """A span of years in words."""
    return f"{first} to {last}" if first < last else str(first)


def finished(ds: Dataset, chart: Any, title: str, subtitle: str, more: str = "") -> VConcatChart:
    """A chart with its title above and its source below."""
    alt = altair()
    headline = alt.Title(
        title, subtitle=subtitle, anchor="start", fontSize=18, subtitleFontSize=12, subtitleColor=GREY, offset=14,
        color=INK,
    )  # fmt: skip
    descriptor, version = ds.package.descriptor, [f"version {ds.version}"] if ds.version else []
    about = [publication.title(descriptor), *version, *publication.licences(descriptor, "title", "name")]
    source = f"Source: {', '.join(about)}. {more}".strip()
    note = alt.Title(source, orient="bottom", anchor="start", fontSize=10, fontWeight="normal", color=GREY, offset=12)
    inner = alt.vconcat(chart, title=headline).resolve_scale(**OWN)
    framed: VConcatChart = alt.vconcat(inner, title=note).resolve_scale(**OWN)
    framed.config = alt.Config(font="Helvetica, Arial, sans-serif", padding=16, view=alt.ViewConfig(stroke=None))
    return framed


def short_names(ds: Dataset) -> dict[str, str]:
    """Code → short name of each country."""
    return dict(called(ds, "countries"))
