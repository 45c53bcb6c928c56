"""The report for people: by file, with the line shown and the cell marked."""

from __future__ import annotations

from collections import Counter

from evcollab.text import plain
from evcollab.validation.report import Report
from evcollab.validation.reports import places

SHOWN = {"error": 20, "warning": 20, "info": 3}
"""So many issues of one rule are shown per file; of the rest, the number."""


def write(report: Report) -> str:
    """The report as text."""
    out: list[str] = []
    file, seen = None, Counter[tuple[str, str]]()
    for issue in report.issues:
        kind = (issue.file, issue.rule)
        seen[kind] += 1
        if issue.file != file:
            out += ["", issue.file]
            file = issue.file
        most = SHOWN[issue.severity]
        if seen[kind] > most:
            continue
        cell = places.cell(issue)
        out += ["", f"  line {issue.line}" + (f", {cell}" if cell else "") + f": {issue.severity} {issue.rule}"]
        shown = places.marked(report, issue)
        if shown:
            out += [f"    | {line}" for line in shown]
        out += [f"    {plain(issue.message)}", f"    -> {issue.hint}"]
        if seen[kind] == most:
            total = sum((other.file, other.rule) == kind for other in report.issues)
            if total > most:
                out += ["", f"  ... and {total - most} more of {issue.rule} in this file (all: --format json)"]
    out += ["", places.summary(report)]
    if report.issues:
        out.append("what a rule means: evcollab rules RULE")
    return "\n".join(out).lstrip("\n")
