"""Collecting what the layers find."""

from __future__ import annotations

from evcollab.issues import Issue
from evcollab.text import clip, plain
from evcollab.validation.rules import RULES


class Found:
    """The issues found so far. The severity and the hint come from the catalogue."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def add(
        self,
        rule: str,
        message: str,
        *,
        file: str,
        line: int = 1,
        column: str = "",
        table: str = "",
        record: str = "",
        value: str = "",
    ) -> None:
        """Add a violation of a rule of the catalogue."""
        known = RULES[rule]
        self.issues.append(
            Issue(
                rule,
                known.severity,
                table,
                clip(record),
                file,
                line,
                clip(column),
                clip(value.encode("utf-8", "replace").decode()),
                plain(clip(message, 1000)),
                known.fix,
            )
        )

    def in_file(self, file: str) -> bool:
        """Whether something was found in that file."""
        return any(issue.file == file for issue in self.issues)

    def deduplicated(self) -> list[Issue]:
        """The issues in order, each once, without those that another one on the same cell makes superfluous."""
        said = {
            (less, issue.file, issue.line, issue.column)
            for issue in self.issues
            for less in RULES[issue.rule].supersedes
        }
        return sorted(
            {issue for issue in self.issues if (issue.rule, issue.file, issue.line, issue.column) not in said}
        )
