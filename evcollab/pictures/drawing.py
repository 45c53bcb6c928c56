"""What all pictures share: colours, frame, title and source."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from evcollab.errors import EvcollabError, MissingExtraError

if TYPE_CHECKING:
    import pandas as pd
    from altair import VConcatChart

    from evcollab.dataset import Dataset

BLUE, SKY, GREEN, ORANGE, RED, PURPLE = "#0072B2", "#56B4E9", "#009E73", "#E69F00", "#D55E00", "#CC79A7"
"""Colours that people with any kind of colour vision can tell apart (Okabe and Ito)."""
INK, GREY, PALE = "#333333", "#767676", "#E4E4E4"
REGIONS = {"Africa": ORANGE, "Americas": GREEN, "Asia": BLUE, "Europe": PURPLE, "Oceania": SKY, "Elsewhere": GREY}
OWN: Any = dict.fromkeys(("color", "shape", "size", "strokeWidth"), "independent")


class NothingToDrawError(EvcollabError):
    """The data set has no record that a picture shows."""


def altair() -> Any:
    """The drawing library; raises MissingExtraError."""
    try:
        return import_module("altair")
    except ImportError:
        raise MissingExtraError("drawing pictures", "plot") from None


def inline(frame: pd.DataFrame) -> Any:
    """The rows of a frame as data of a chart."""
    return altair().InlineData(values=frame.to_dict("records"))


def finished(ds: Dataset, chart: Any, title: str, subtitle: str, more: str = "") -> VConcatChart:
    """A chart with its title above and its source below."""
    alt = altair()
    headline = alt.Title(
        title, subtitle=subtitle, anchor="start", fontSize=18, subtitleFontSize=12, subtitleColor=GREY, offset=14,
        color=INK,
    )  # fmt: skip
    descriptor = ds.package.descriptor
    licences = [str(item.get("title") or item.get("name", "")) for item in descriptor.get("licenses", [])]
    about = [str(descriptor.get("title") or ds.name), f"version {ds.version}" if ds.version else "", *licences]
    source = f"Source: {', '.join(filter(None, about))}. {more}".strip()
    note = alt.Title(source, orient="bottom", anchor="start", fontSize=10, fontWeight="normal", color=GREY, offset=12)
    inner = alt.vconcat(chart, title=headline).resolve_scale(**OWN)
    framed: VConcatChart = alt.vconcat(inner, title=note).resolve_scale(**OWN)
    framed.config = alt.Config(font="Helvetica, Arial, sans-serif", padding=16, view=alt.ViewConfig(stroke=None))
    return framed


def short_names(ds: Dataset) -> dict[str, str]:
    """Code → short name of each country."""
    countries = ds.countries
    return dict(zip(countries["country_code"], countries["short_name"].fillna(countries["name"]), strict=True))
