"""The report as workflow commands, which GitHub shows beside the lines of a pull request."""

from __future__ import annotations

from evcollab.text import plain
from evcollab.validation.report import Report
from evcollab.validation.reports import places

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def write(report: Report) -> str:
    """One command per issue, and the summary."""
    out = []
    for issue in report.issues:
        place = f"file={_property(places.from_here(report, issue.file))},line={issue.line}"
        cell = places.cell(issue)
        message = f"{cell}: {issue.message}" if cell else issue.message
        text = _data(f"{plain(message)}\n{issue.hint}")
        out.append(f"::{_COMMANDS[issue.severity]} {place},title={_property(issue.rule)}::{text}")
    return "\n".join([*out, places.summary(report)])


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
