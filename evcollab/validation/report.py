"""What validation returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from evcollab.issues import Issue


@dataclass(frozen=True)
class Report:
    """The result of a validation. `str(report)` is the report for people.

    Attributes:
        root: folder of the package.
        issues: everything found, in the order of files and lines.
        waived: what was found but is waived in `waivers.csv`.
        lines: (file, line) → text of each line with an issue and of its file's first line, to show them.
    """

    root: Path
    issues: tuple[Issue, ...]
    waived: tuple[Issue, ...] = ()
    lines: Mapping[tuple[str, int], str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def errors(self) -> int:
        """Number of errors."""
        return sum(issue.severity == "error" for issue in self.issues)

    @property
    def warnings(self) -> int:
        """Number of warnings."""
        return sum(issue.severity == "warning" for issue in self.issues)

    @property
    def valid(self) -> bool:
        """Whether there are no errors."""
        return self.errors == 0

    def strict(self) -> Report:
        """The same report with every warning as an error."""
        issues = (replace(issue, severity="error") if issue.severity == "warning" else issue for issue in self.issues)
        return replace(self, issues=tuple(issues))

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON-ready data: `valid`, `errors`, `warnings` and `issues`."""
        return {
            "valid": self.valid,
            "errors": self.errors,
            "warnings": self.warnings,
            "issues": [asdict(issue) for issue in self.issues],
        }

    def __str__(self) -> str:
        from evcollab.validation.reports import render

        return render(self, "text")
