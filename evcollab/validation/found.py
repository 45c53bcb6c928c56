"""Collecting what the layers find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from evcollab.issues import Issue, problem
from evcollab.validation.rules import RULES


class Found:
    """The issues found so far. The severity and the hint come from the catalogue."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []

    def add(self, rule: str, message: str, **place: Any) -> None:
        """Add a violation of a rule of the catalogue, at a place as `issues.problem` takes it."""
        self.take([problem(rule, message, **place)])

    def take(self, issues: Iterable[Issue]) -> None:
        """Add what the reading layers found."""
        for issue in issues:
            known = RULES[issue.rule]
            self.issues.append(replace(issue, severity=known.severity, hint=known.fix))

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
