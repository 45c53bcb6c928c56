"""From files to tables in the engine: a plain file goes straight in, any other through the careful reader."""

from __future__ import annotations

from collections.abc import Sequence

from evcollab.issues import Issue
from evcollab.package import Schema
from evcollab.table import Table
from evcollab.validation.catalogue import identifier
from evcollab.validation.engine import Engine


def load_plain(engine: Engine, data: bytes, file: str, schema: Schema) -> bool:
    """Load a clean file if its rows are in order; tell whether they are. The byte layer would find nothing in it."""
    keys = ", ".join(identifier(name) for name in schema.primary_key)
    if not keys or not engine.load_plain(data, file, schema):
        return False
    key = f"row({keys})" if len(schema.primary_key) > 1 else keys
    in_order = f"SELECT {key} AS k, lag(k) OVER () AS before FROM file.{identifier(schema.table)}"
    if engine.ask(f"SELECT count(*) FROM ({in_order}) WHERE NOT k > before")[0]:
        engine.drop(schema.table)
        return False
    return True


def load_table(engine: Engine, table: Table, issues: Sequence[Issue]) -> None:
    """Load records that were read with care: trimmed, without those whose identifier cannot be told."""
    key = table.schema.primary_key
    unknown = {
        issue.line for issue in issues if issue.column in key and issue.rule not in ("cell-untrimmed", "cell-formula")
    }
    kept = [(line, row) for line, row in zip(table.lines, table.rows, strict=True) if line not in unknown]
    rows = [[cell.strip() for cell in row] for _, row in kept]
    engine.load_rows(table.file, table.schema, rows, [line for line, _ in kept], table.complete)
