"""What declarations of rules share: the records of their examples, and the shapes of questions that repeat."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from evcollab.package import Field
from evcollab.validation.catalogue import Queries, SetCells, of_cell

# Records of the small register, which the examples change
FORUM, FIRST, WEBINAR = "lao-forum-2023", "lao-forum-2022", "eco-webinar-2026"
VOLTA = "volta-motors"
POLICY, VISION = "lao-ev-policy-2021", "eco-vision-2025"
OLD, NEW, LATER = "lao-2021-car-stock-share-2030", "lao-2023-car-stock-share-2030", "lao-2023-car-stock-share-2035"
POINTS, GROUP = "lao-2023-charging-points-2030", "eco-2025-car-sales-2030"
HERALD = "herald-2023-07-10"


def row(table: str, key: str, **cells: str) -> SetCells:
    """An example's row: these cells of a record, the others as in a valid package."""
    return SetCells(table, key, cells)


def claim(key: str, **cells: str) -> SetCells:
    """An example's claim: stated by its source, of normal rank."""
    return row("claims", key, **cells, basis="stated", rank="normal")


def twins(table: str, by: str, where: str = "true", rows: str = "") -> str:
    """A source: the second and later records that agree in `by`, each with `first`, the key of the first.

    `rows` is what the records come from if it is more than the table alone, with the record as `t`.
    """
    asked = f"SELECT t.*, concat_ws(chr(31), {by}) AS _same FROM {rows or table + ' t'} WHERE {where}"
    groups = "SELECT _same, min(_key) AS first FROM asked GROUP BY _same HAVING count(*) > 1"
    return (
        f"(WITH asked AS ({asked}), groups AS ({groups}) "
        "SELECT asked.*, groups.first FROM asked JOIN groups USING (_same) WHERE _key <> groups.first) t"
    )


def cycle(table: str, column: str) -> str:
    """A source: the records that refer to themselves through others, each circle once, with `way`, the way round."""
    return f"{table} t JOIN derived.cycles c ON c.table_name = '{table}' AND c.field = '{column}' AND c.key = t._key"


def exactly_one(first: str, second: str) -> dict[str, Any]:
    """Condition and message: one of two columns is filled and the other empty."""
    return {
        "where": f"({first} = '') = ({second} = '')",
        "message": f"has {{CASE WHEN {first} = '' THEN 'neither' ELSE 'both' END}} of {first} and {second}; "
        "expected exactly one",
    }


def pairs(table: str, by: str, where: str, rows: str = "") -> str:
    """A source: `twins`, each record with the first one that agrees as `o`."""
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
