"""How much evcollab is willing to read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Sizes beyond which something is not read but reported (rule `limit-exceeded`).

    Attributes:
        file_bytes: size of one file.
        json_bytes: size of the descriptor, and of one schema.
        depth: nesting of the descriptor and the schemas.
        tables: tables of one package.
        columns: columns of one table.
        codes: codes of one column.
        rows: records of one table.
        cells: cells of one table, where it has to be read row by row.
        line_characters: length of one line of a table.
        cell_characters: length of one cell.
        issues: problems of one file; when there are more, the rest of it is not looked at.
    """

    file_bytes: int = 100_000_000
    json_bytes: int = 5_000_000
    depth: int = 50
    tables: int = 200
    columns: int = 1_000
    codes: int = 10_000
    rows: int = 1_000_000
    cells: int = 10_000_000
    line_characters: int = 1_000_000
    cell_characters: int = 100_000
    issues: int = 10_000


DEFAULT = Limits()
