"""What validation adds to the reading of files: are they in canonical form, and those that the descriptor means?"""

from __future__ import annotations

from evcollab import csvfile
from evcollab.canonical import canonical
from evcollab.issues import Issue, problem
from evcollab.package import Package
from evcollab.table import Table


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
