"""Pictures of the register as Altair charts (extra `plot`): drawn offline, in colours safe for the colour-blind.

Each function returns a chart: it shows itself in a notebook, and `save(chart, "timeline.png")` writes it as PNG, SVG
or HTML. Country shapes come with the library.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from evcollab.dataset import Dataset
from evcollab.errors import EvcollabError, needed
from evcollab.pictures.drawing import NothingToDrawError
from evcollab.pictures.network import network
from evcollab.pictures.targets import target_chart
from evcollab.pictures.timeline import timeline
from evcollab.pictures.worldmap import SHAPES, world_map

__all__ = ["ENDINGS", "PICTURES", "SHAPES", "network", "save", "save_all", "target_chart", "timeline", "world_map"]
ENDINGS = (".svg", ".png", ".pdf", ".html", ".json")
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
    needed("vl_convert", "writing pictures", "plot")
    try:
        chart.save(str(path), **({"ppi": 144} if str(path).lower().endswith(".png") else {}))
    except OSError as error:
        raise EvcollabError(f"{path} cannot be written: {error.strerror or error}") from None


def save_all(ds: Dataset, folder: Path) -> list[Path]:
    """Draw all pictures into a folder for which a data set has something to draw, as SVG; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, draw in PICTURES.items():
        with suppress(NothingToDrawError):
            save(draw(ds), folder / f"{name}.svg")
            files.append(folder / f"{name}.svg")
    return files
