"""The report for people: by file, with the line shown and the cell marked."""

from __future__ import annotations

from collections import Counter

from evcollab.text import plain
from evcollab.validation.report import Report
from evcollab.validation.reports import places

SHOWN = 20
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
        if seen[kind] > SHOWN:
            continue
        cell = places.cell(issue)
        out += ["", f"  line {issue.line}" + (f", {cell}" if cell else "") + f": {issue.severity} {issue.rule}"]
        shown = places.marked(report, issue)
        if shown:
            out += [f"    | {line}" for line in shown]
        out += [f"    {plain(issue.message)}", f"    -> {issue.hint}"]
        if seen[kind] == SHOWN:
            total = sum((other.file, other.rule) == kind for other in report.issues)
            if total > SHOWN:
                out += ["", f"  ... and {total - SHOWN} more of {issue.rule} in this file"]
    out += ["", places.summary(report)]
    if report.issues:
        out.append("what a rule means: evcollab rules RULE")
    return "\n".join(out).lstrip("\n")
