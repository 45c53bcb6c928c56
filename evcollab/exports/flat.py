"""One flat CSV table of who was at which event, in words, for a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from evcollab import csvfile, types
from evcollab.characters import unformula
from evcollab.dataset import Dataset


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write `Dataset.wide` as CSV with a byte order mark, which Excel needs to see that it is UTF-8."""
    frame = dataset.wide()
    cells = [[unformula(types.shown(cell)) for cell in row] for row in frame.astype("object").itertuples(index=False)]
    path.write_bytes(b"\xef\xbb\xbf" + csvfile.write([str(name) for name in frame.columns], cells).encode())
    return []
