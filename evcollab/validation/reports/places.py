"""Where an issue is, in words and in the line."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

from evcollab.issues import Issue
from evcollab.text import plain
from evcollab.validation.report import Report

WINDOW = 100
_CELL = re.compile(r'(?:^|,)((?:"[^"]*(?:"|$)|[^",])*)')
"""A cell of a line of CSV, with the comma before it."""


def from_here(report: Report, file: str) -> str:
    """A file's path relative to the current folder if the package lies in it, else relative to the package."""
    root, here = report.root.resolve(), Path.cwd().resolve()
    return (root / file).relative_to(here).as_posix() if root.is_relative_to(here) else file


def cell(issue: Issue) -> str:
    """The record and column of an issue, as far as it has them."""
    return plain(", ".join(part for part in (issue.record, issue.column) if part))


def count(number: int, what: str) -> str:
    """A number with its noun."""
    return f"{number} {what}" + ("" if number == 1 else "s")


def summary(report: Report) -> str:
    """How many problems there are, in one sentence."""
    infos = len(report.issues) - report.errors - report.warnings
    counts = [(report.errors, "error"), (report.warnings, "warning"), (infos, "note")]
    files = len({issue.file for issue in report.issues})
    found = ", ".join(count(number, what) for number, what in counts if number)
    where = f"{found} in {count(files, 'file')}" if found else "no problems"
    waived = f"; {len(report.waived)} waived" if report.waived else ""
    return f"{'valid' if report.valid else 'not valid'}: {where}{waived}"


def marked(report: Report, issue: Issue) -> tuple[str, str] | None:
    """The part of the line around an issue's cell, and a line that marks the cell; None if there is nothing to show."""
    line = report.lines.get((issue.file, issue.line))
    if not line:
        return None
    start, end = _span(report, issue, line)
    left = max(0, start - (WINDOW - min(end - start, WINDOW)) // 2)
    right = min(len(line), left + WINDOW)
    before = ("..." if left else "") + plain(line[left:start])
    within = plain(line[start : min(end, right)])
    after = plain(line[min(end, right) : right]) + ("..." if right < len(line) else "")
    return before + within + after, " " * _width(before) + "^" * max(1, _width(within))


def _span(report: Report, issue: Issue, line: str) -> tuple[int, int]:
    if issue.file.endswith(".csv") and issue.column:
        header = report.lines.get((issue.file, 1), "")
        try:
            names = next(csv.reader([header.removeprefix("\ufeff")]), [])
        except csv.Error:
            names = []
        spans = [match.span(1) for match in _CELL.finditer(line)]
        if issue.column in names and names.index(issue.column) < len(spans):
            return spans[names.index(issue.column)]
    elif issue.column.startswith("/"):
        key = f'"{issue.column.rpartition("/")[2]}"'
        if key in line:
            return line.index(key), line.index(key) + len(key)
    indent = len(line) - len(line.lstrip())
    return indent, max(len(line.rstrip()), indent)


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
