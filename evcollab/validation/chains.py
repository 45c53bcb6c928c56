"""Following references from record to record within one table."""

from __future__ import annotations

from collections.abc import Iterator

from evcollab.validation.data import Data, Row


def cycles(data: Data, table: str, column: str) -> Iterator[tuple[Row, list[str]]]:
    """The circles of references within a table: the record with the smallest identifier, and the way round."""
    done: set[str] = set()
    for start in data.rows(table):
        way: dict[str, int] = {}
        row: Row | None = start
        while row is not None and row.key not in done and row.key not in way:
            way[row.key] = len(way)
            row = data.find(table, row[column]) if row[column] else None
        if row is not None and row.key in way:
            circle = list(way)[way[row.key] :]
            turn = circle.index(min(circle))
            circle = circle[turn:] + circle[:turn]
            first = data.find(table, circle[0])
            if first is not None:
                yield first, [*circle, circle[0]]
        done.update(way)
