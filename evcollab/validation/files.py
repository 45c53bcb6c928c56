"""What validation adds to the reading of files: are they in canonical form, and those that the descriptor means?"""

from __future__ import annotations

import re

from evcollab import characters, csvfile
from evcollab.canonical import canonical
from evcollab.issues import Issue, problem
from evcollab.limits import Limits
from evcollab.package import Package, Schema
from evcollab.table import Table

_QUOTED = re.compile(rb'"(?<=[,\n]")(?![ =@+-])[^",\n]*(?:,|"")(?:[^"\n]|"")*+"(?<! ")(?=[,\n])')
"""A quoted cell that needs its quotes, does not begin as a formula, and has no space at either end."""
_SIGNS = bytes.maketrans(b"=@+-", b"    ")
_PIECE = 4_000_000


def is_clean(data: bytes, schema: Schema, limits: Limits) -> bool:
    """Tell whether a table's file is written as any reader of CSV understands it, so that a quick one may take it.

    It has the header of the schema, one line for each record, quotes only where they are needed, no invisible and no
    broken letter, no cell with a space at its beginning or end or with what begins a formula. Not looked at: rows that
    are too short, and order.
    """
    header = (",".join(schema.fields) + "\n").encode()
    if not data.startswith(header) or not data.endswith(b"\n") or data.count(b"\n") - 1 > limits.rows:
        return False
    if b"\n\n" in data or b"  " in data:
        return False
    bare = _QUOTED.sub(b"", data) if b'"' in data else data
    if b'"' in bare or bare.count(b",") != (len(schema.fields) - 1) * data.count(b"\n"):
        return False
    if b" ," in bare or b" \n" in bare:
        return False
    signs = bare.translate(_SIGNS)
    if b", " in signs or b"\n " in signs:
        return False
    del bare, signs
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + _PIECE) + 1 or len(data)
        try:
            text = data[start:end].decode("utf-8")
        except UnicodeDecodeError:
            return False
        if not characters.is_clean(text.split("\n"), limits.cell_characters):
            return False
        start = end
    return True


def canonical_problem(data: bytes, table: Table) -> Issue | None:
    """The first place where a table that has no other problem is not in canonical form."""
    text = data.decode("utf-8")
    wanted = csvfile.write(list(table.schema.fields), canonical(table.rows, table.schema))
    if wanted == text:
        return None
    lines, right = text.split("\n"), wanted.split("\n")
    number = next(
        (n for n, (a, b) in enumerate(zip(lines, right, strict=False)) if a != b), min(len(lines), len(right))
    )
    message = "is not in canonical form (order of rows, quotes, spaces or composed letters)"
    if sorted(lines) == sorted(right):
        message = f"the rows are not sorted by {', '.join(table.schema.primary_key)}; this is the first out of order"
    return problem("not-canonical", message, file=table.file, line=number + 1, table=table.name)


def stated_problem(package: Package, name: str, rows: int | None) -> Issue | None:
    """How a table's file differs from what the descriptor says of it; one key is enough, as a change fails in all."""
    for key, (stated, actual) in package.differences(name, rows).items():
        number = next(n for n, item in enumerate(package.document.value["resources"]) if item.get("name") == name)
        message = f"{package.files[name]} has {actual}; the descriptor says {stated}"
        return package.document.issue(f"resource-{key}", ("resources", number, key), message, stated)
    return None
