"""How much a validator is willing to read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes beyond which a file is not read but reported (rule `limit-exceeded`).

    Attributes:
        file_bytes: size of one file.
        rows: records of one table.
        cell_characters: length of one cell.
        depth: nesting of the descriptor and the schemas.
    """

    file_bytes: int = 100_000_000
    rows: int = 1_000_000
    cell_characters: int = 100_000
    depth: int = 50
