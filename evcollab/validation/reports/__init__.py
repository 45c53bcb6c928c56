"""A report in the forms that people and programs read."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evcollab.validation.report import Report

FORMATS = ("text", "json", "markdown", "github", "sarif", "junit")


def render(report: Report, format: str = "text") -> str:
    """The report in one of `FORMATS`.

    Raises:
        ValueError: there is no such format.
    """
    if format not in FORMATS:
        raise ValueError(f"there is no report format {format!r}; there is {', '.join(FORMATS)}")
    if format == "json":
        return json.dumps(report.to_dict(), indent=2, ensure_ascii=False)
    write: Callable[[Report], str] = import_module(f"evcollab.validation.reports.{format}").write
    return write(report)
