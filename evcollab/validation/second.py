"""The second opinion: what frictionless says of a package, where we say nothing."""

from __future__ import annotations

from pathlib import Path

from evcollab.errors import needed
from evcollab.validation.found import Found
from evcollab.validation.rules import RULES


def check(descriptor: Path, found: Found) -> None:
    """Add what frictionless alone refuses. A package whose files or descriptor are broken is not given to it."""
    if any(RULES[issue.rule].layer in ("bytes", "descriptor") and issue.severity == "error" for issue in found.issues):
        return
    frictionless = needed("frictionless", "a second opinion on a package", "validate")
    known = {(issue.file, issue.line) for issue in found.issues}
    package = frictionless.Package(str(descriptor))
    files = {resource.name: resource.path for resource in package.resources}
    for task in package.validate().tasks:
        for error in task.errors:
            file, line = files[task.name], getattr(error, "row_number", None) or 1
            if (file, line) not in known:
                column = getattr(error, "field_name", "") or ""
                found.add("frictionless", error.message, file=file or "", line=line, column=column, table=task.name)
