"""Claims: which source says what about which cell, and where sources disagree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

ROW = "*"
"""The `field` of a claim that supports a row as a whole."""
CLAIMED = {
    "events": "event_id",
    "participants": "participant_id",
    "organisations": "organisation_id",
    "memberships": "membership_id",
    "policies": "policy_id",
    "policy_targets": "target_id",
}
"""The tables that claims are made on, with their identifiers."""


def claims_for(
    claims: pd.DataFrame, sources: pd.DataFrame, table: str, record: str, column: str | None = None
) -> pd.DataFrame:
    """The claims on a record or cell with their sources, best first (see `Dataset.claims_for`)."""
    chosen = claims[(claims["table_name"] == table) & (claims["record_id"] == record)]
    if column is not None:
        chosen = chosen[chosen["field"].isin([column, ROW])]
    joined = chosen.merge(sources[_OF_SOURCES], on="source_id", how="left")
    best = joined.sort_values(
        ["field", "rank", "tier", "source_id"], ascending=[True, False, False, True], kind="stable", ignore_index=True
    )
    return best[["field", "value", "basis", "rank", "locator", "note", *_OF_SOURCES]]


def conflicts(
    claims: pd.DataFrame, record: Callable[[str, str], dict[str, str]], passing: Container[tuple[str, str, str]] = ()
) -> pd.DataFrame:
    """The claims that disagree, cell by cell (see `Dataset.conflicts`).

    Args:
        claims: the claims table.
        record: returns a row of a table as text, to compare claims with the cell itself.
        passing: table, column and code of states that pass, such as *announced*.
    """
    import pandas as pd

    own = claims[(claims["field"] != ROW) & (claims["rank"] != "deprecated")]
    own = own.assign(value=own["value"].fillna(""), standing=own["rank"].cat.codes)
    cells: dict[tuple[str, str, str], list[dict[Any, Any]]] = defaultdict(list)
    for claim in own.astype("object").to_dict("records"):
        cells[claim["table_name"], claim["record_id"], claim["field"]].append(claim)
    rows: list[dict[Any, Any]] = []
    for (table, identifier, field), said in sorted(cells.items()):
        cell = record(table, identifier)[field]
        if cell and cell not in {claim["value"] for claim in said}:  # the cell rests on the row's claims
            said.append({"table_name": table, "record_id": identifier, "field": field, "value": cell, "standing": 9})
        said = [
            claim for claim in said if claim["value"] == cell or not _has_passed(claim, cell, said, record, passing)
        ]
        if _differ({claim["value"] for claim in said}):
            ranked = sorted(
                said, key=lambda claim: (claim["value"] != cell, -claim["standing"], claim.get("source_id", ""))
            )
            rows += [{**claim, "shown": claim["value"] == cell} for claim in ranked]
    frame = pd.DataFrame(rows, columns=_OF_CONFLICTS)
    return frame.astype({column: "bool" if column == "shown" else "str" for column in _OF_CONFLICTS})


def _has_passed(
    claim: dict[Any, Any],
    cell: str,
    said: list[dict[Any, Any]],
    record: Callable[[str, str], dict[str, str]],
    passing: Container[tuple[str, str, str]],
) -> bool:
    """Whether a claim tells an earlier state of a cell: one that passes, in a source that is not known to be later."""
    if not cell or (claim["table_name"], claim["field"], claim["value"]) not in passing:
        return False

    def published(one: dict[Any, Any]) -> str:
        return record("sources", one["source_id"])["published_date"] if "source_id" in one else ""

    shown, other = max(published(one) for one in said if one["value"] == cell), published(claim)
    known = min(len(shown), len(other))
    return other[:known] <= shown[:known]


def _differ(values: set[str]) -> bool:
    """Whether values exclude each other; 2023-07 and 2023-07-07 do not: one is only more exact."""
    exact = max(values, key=len)
    others = values - {exact}
    return not all(_LESS_EXACT.fullmatch(value) and exact.startswith(f"{value}-") for value in others)


_LESS_EXACT = re.compile("[0-9]{4}(-[0-9]{2})?", re.ASCII)
_OF_SOURCES = ["source_id", "title", "publisher", "url", "tier", "published_date"]
_OF_CONFLICTS = [
    "table_name", "record_id", "field", "value", "shown", "basis", "rank", "source_id", "locator", "note",
]  # fmt: skip
