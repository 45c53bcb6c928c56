"""From files to tables in the engine: a plain file goes straight in, any other through the careful reader."""

from __future__ import annotations

from evcollab.package import Schema
from evcollab.validation import files
from evcollab.validation.data import Table
from evcollab.validation.engine import Engine, identifier
from evcollab.validation.limits import Limits


def load_plain(engine: Engine, data: bytes, file: str, schema: Schema, limits: Limits) -> bool:
    """Load a file in which the byte layer would find nothing; tell whether it is one."""
    if not files.is_plain(data, schema, limits) or not engine.load_plain(data, file, schema):
        return False
    table = f"file.{identifier(schema.table)}"
    odd = " OR ".join(
        f"({cell} <> trim({cell}) OR length({cell}) > {limits.cell_characters} "
        f"OR {cell}[1] IN ('=', '+', '-', '@') AND NOT regexp_full_match({cell}, '[+-]?[0-9]+([.,][0-9]+)*%?'))"
        for cell in map(identifier, schema.fields)
    )
    keys = [identifier(name) for name in schema.primary_key]
    before = ", ".join(f"lag({key}) OVER () AS before_{number}" for number, key in enumerate(keys))
    ascending = f"({', '.join(keys)}) > ({', '.join(f'before_{number}' for number in range(len(keys)))})"
    wrong = engine.ask(
        f"SELECT count(*) FROM {table} WHERE {odd}"
        + (f" UNION ALL SELECT count(*) FROM (SELECT *, {before} FROM {table}) WHERE NOT {ascending}" if keys else "")
    )
    if not keys or any(wrong):
        engine.drop(schema.table)
        return False
    return True


def load_table(engine: Engine, table: Table) -> None:
    """Load records that were read with care."""
    columns = list(table.schema.fields)
    rows = [[row[column] for column in columns] for row in table.rows]
    engine.load_rows(table.file, table.schema, rows, [row.line for row in table.rows], table.complete)
