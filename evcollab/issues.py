"""What validation finds: one type for every problem, whichever layer found it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import total_ordering
from typing import Literal

from evcollab.text import clip, plain

Severity = Literal["error", "warning", "info"]
SEVERITIES: dict[Severity, str] = {
    "error": "The register would be wrong or unreadable: it must be fixed before the data can be published.",
    "warning": "Probably wrong, but it may be right: somebody has to look. Counts as an error with --strict.",
    "info": "Nothing is wrong; a reminder that something may be due.",
}


@total_ordering
@dataclass(frozen=True)
class Issue:
    """One problem at one place. Issues sort by place: file, line, column.

    Attributes:
        rule: id of the rule in the catalogue.
        severity: `error`, `warning` or `info`.
        table: table that it is about; empty if it is about the package.
        record: identifier of the row; the parts of a composite key joined with `|`; empty if no row is meant.
        file: file relative to the package.
        line: line in that file, counted from 1 (the header is 1).
        column: column of the cell, or the JSON Pointer of a key; empty if a whole line or file is meant.
        value: what stands there, cut at 200 characters.
        message: what is wrong and what would be right.
        hint: how to fix it.
    """

    rule: str
    severity: Severity
    table: str
    record: str
    file: str
    line: int
    column: str
    value: str
    message: str
    hint: str

    def __lt__(self, other: Issue) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[str, int, str, str, str, str, str]:
        return (self.file, self.line, self.column, self.rule, self.record, self.message, self.value)


def problem(
    rule: str,
    message: str,
    *,
    file: str,
    line: int = 1,
    column: str = "",
    table: str = "",
    record: str = "",
    value: str = "",
    severity: Severity = "error",
) -> Issue:
    """An issue as the reading layers know it: `error` means that strict readers refuse the file.

    Severity and hint of the rule are those of the catalogue, which validation fills in.
    """
    shown = clip(value.encode("utf-8", "replace").decode())
    said = plain(clip(message, 1000))
    return Issue(rule, severity, table, clip(record), file, line, clip(column), shown, said, "")
