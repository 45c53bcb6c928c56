"""From files to tables in the engine: a plain file goes straight in, any other through the careful reader."""

from __future__ import annotations

from collections.abc import Sequence

from evcollab.issues import Issue
from evcollab.limits import Limits
from evcollab.package import Schema
from evcollab.table import Table
from evcollab.validation import files
from evcollab.validation.engine import Engine, identifier

_EDGES = r"(^|\x1f)[ =@+-]| (\x1f|$)"
"""RE2: in cells joined with a control character a space at either end, or what a formula begins with."""


def load_plain(engine: Engine, data: bytes, file: str, schema: Schema, limits: Limits) -> bool:
    """Load a file in which the byte layer would find nothing; tell whether it is one."""
    if not files.is_clean(data, schema, limits) or not engine.load_plain(data, file, schema):
        return False
    table = f"file.{identifier(schema.table)}"
    row = f"concat_ws(chr(31), {', '.join(identifier(name) for name in schema.fields)})"
    long = f" OR length({row}) > {limits.cell_characters}" if len(data) > limits.cell_characters else ""
    odd = f"regexp_matches({row}, '{_EDGES}')" + long
    keys = ", ".join(identifier(name) for name in schema.primary_key)
    wrong = engine.ask(
        f"SELECT count(*) FROM {table} WHERE {odd}"
        + (
            f" UNION ALL SELECT count(*) FROM (SELECT row({keys}) AS k, lag(row({keys})) OVER () AS b FROM {table}) "
            "WHERE NOT k > b"
            if keys
            else ""
        )
    )
    if not keys or any(wrong):
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
