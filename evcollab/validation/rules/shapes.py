"""What declarations of rules share: what holds if a rule does not say otherwise, and the shapes of questions and examples."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any

from evcollab.issues import Severity
from evcollab.package import Field
from evcollab.validation import catalogue
from evcollab.validation.catalogue import Edit, Key, Layer, Queries, SetCells, of_cell, twins

# Records of the small register, which the examples change
FORUM, FIRST, WEBINAR = "lao-forum-2023", "lao-forum-2022", "eco-webinar-2026"
VOLTA = "volta-motors"
POLICY, VISION = "lao-ev-policy-2021", "eco-vision-2025"
OLD, NEW, LATER = "lao-2021-car-stock-share-2030", "lao-2023-car-stock-share-2030", "lao-2023-car-stock-share-2035"
POINTS, GROUP = "lao-2023-charging-points-2030", "eco-2025-car-sales-2030"
HERALD = "herald-2023-07-10"

Edits = Edit | tuple[Edit, ...]


def rule(id: str, severity: Severity = "error", *, at: str | Queries, where: str = "true", **rest: Any) -> None:
    """Put a rule on rows into the catalogue, as `catalogue.rule` does; what is no error is a question to the curator.

    `good` and `bad` are one edit or several. Without `reported`, the bad example is reported at the first cell that it
    sets of the columns in `at`.
    """
    layer: Layer = "rules" if severity == "error" else "policy"
    examples = _examples(at.split() if isinstance(at, str) else (), **rest)
    catalogue.rule(id, severity, at=at, where=where, layer=layer, **examples)


def declare(id: str, *, layer: Layer, severity: Severity = "error", **rest: Any) -> None:
    """Put a rule that a lower layer finds into the catalogue.

    Without `reported`, the bad example is reported at the first cell or key that it sets.
    """
    catalogue.declare(id, layer, severity, **_examples((), **rest))


def _examples(
    places: Sequence[str],
    *,
    bad: Edits,
    good: Edits = (),
    reported: tuple[str, str | int, str] | None = None,
    **rest: Any,
) -> dict[str, Any]:
    good, bad = (edits if isinstance(edits, tuple) else (edits,) for edits in (good, bad))
    return {**rest, "good": good, "bad": bad, "reported": reported or _first(bad, places)}


def _first(bad: tuple[Edit, ...], places: Sequence[str]) -> tuple[str, str | int, str]:
    for edit in bad:
        if isinstance(edit, Key):
            return edit.file, 0, "/" + "/".join(map(str, edit.path))
        if isinstance(edit, SetCells):
            columns = [place.partition(".")[2] for place in places if place.startswith(f"{edit.table}.")]
            asked = [column for column in edit.cells if not places or column in columns] or columns
            if asked:
                return edit.table, edit.record, asked[0]
    raise ValueError(f"the place of the bad example must be given: {bad}")


def row(table: str, key: str, **cells: str) -> SetCells:
    """An example's row: these cells of a record, the others as in a valid package."""
    return SetCells(table, key, cells)


def claim(key: str, **cells: str) -> SetCells:
    """An example's claim: stated by its source, of normal rank."""
    return row("claims", key, **cells, basis="stated", rank="normal")


def pairs(table: str, by: str, where: str, rows: str = "") -> str:
    """A source: `catalogue.twins`, each record with the first one that agrees as `o`."""
    return f"{twins(table, by, where, rows)} JOIN {table} o ON o._key = t.first"


def of_cells(
    wanted: Callable[[Field], bool],
    where: str,
    message: str,
    keep: Callable[..., bool] | None = None,
    skip: Container[str] = (),
) -> Queries:
    """A question on each cell of the columns that are wanted, those of the names in `skip` left out."""
    return lambda schemas: [
        of_cell(schema, field.name, where, message, keep)
        for schema in schemas.values()
        for field in schema.fields.values()
        if wanted(field) and field.name not in skip
    ]
