"""The report as Markdown, for the summary of a CI job."""

from __future__ import annotations

import re

from evcollab.text import plain
from evcollab.validation.report import Report
from evcollab.validation.reports import places

SHOWN = 200


def write(report: Report) -> str:
    """The report as a heading and a table."""
    out = [f"### evcollab: {places.summary(report)}", ""]
    if report.issues:
        out += ["| | where | what | how to mend it |", "|---|---|---|---|"]
    for issue in report.issues[:SHOWN]:
        where = f"{_safe(places.from_here(report, issue.file))}:{issue.line}"
        cell = places.cell(issue)
        what = f"{_safe(issue.message)} ({issue.rule})"
        out.append(
            f"| {issue.severity} | {where}{'<br>' + _safe(cell) if cell else ''} | {what} | {_safe(issue.hint)} |"
        )
    if len(report.issues) > SHOWN:
        out += ["", f"... and {len(report.issues) - SHOWN} more."]
    return "\n".join(out)


def _safe(text: str) -> str:
    """A text that Markdown shows as it is: nothing in it can become a link, a mention or HTML."""
    return re.sub(r"([\\`*_\[\]()<>|#!~@:])", lambda match: f"&#{ord(match[1])};", plain(text))
