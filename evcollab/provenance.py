"""Claims: which source says what about which cell, and where sources disagree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

ROW = "*"
"""The `field` of a claim that supports a row as a whole."""


def claims_for(
    claims: pd.DataFrame, sources: pd.DataFrame, table: str, record: str, column: str | None = None
) -> pd.DataFrame:
    """The claims on a record or cell with their sources, best first (see `Dataset.claims_for`)."""
    chosen = claims[(claims["table_name"] == table) & (claims["record_id"] == record)]
    if column is not None:
        chosen = chosen[chosen["field"].isin([column, ROW])]
    joined = chosen.merge(
        sources[["source_id", "title", "publisher", "url", "tier", "published_date"]], on="source_id", how="left"
    )
    joined = joined.sort_values(
        ["field", "rank", "tier", "source_id"], ascending=[True, False, False, True], kind="stable", ignore_index=True
    )
    order = [
        "field",
        "value",
        "basis",
        "rank",
        "locator",
        "note",
        "source_id",
        "title",
        "publisher",
        "url",
        "tier",
        "published_date",
    ]
    return joined[order]


def conflicts(claims: pd.DataFrame, record: Callable[[str, str], dict[str, str]]) -> pd.DataFrame:
    """The claims that disagree, cell by cell (see `Dataset.conflicts`).

    Args:
        claims: the claims table.
        record: returns a row of a table as text, to compare claims with the cell itself.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    own = claims[(claims["field"] != ROW) & (claims["rank"] != "deprecated")]
    for place, group in own.groupby(["table_name", "record_id", "field"], observed=True, sort=True):
        table, identifier, field = map(str, place)
        cell = record(table, identifier)[field]
        said = group.assign(value=group["value"].fillna(""), shown=group["value"].fillna("") == cell)
        cell_rests_on_row = cell != "" and not said["shown"].any()
        if said["value"].nunique() + cell_rests_on_row < 2:
            continue
        if cell_rests_on_row:
            rows.append({"table_name": table, "record_id": identifier, "field": field, "value": cell, "shown": True})
        ranked = said.sort_values(["shown", "rank", "source_id"], ascending=[False, False, True], kind="stable")
        rows.extend(dict(zip(_CONFLICT_COLUMNS, row, strict=True)) for row in ranked[_CONFLICT_COLUMNS].to_numpy())
    frame = pd.DataFrame(rows, columns=_CONFLICT_COLUMNS)
    return frame.astype({column: "bool" if column == "shown" else "str" for column in _CONFLICT_COLUMNS})


_CONFLICT_COLUMNS = [
    "table_name",
    "record_id",
    "field",
    "value",
    "shown",
    "basis",
    "rank",
    "source_id",
    "locator",
    "note",
]
