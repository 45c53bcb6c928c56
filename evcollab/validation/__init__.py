"""Validation of a data package, in layers: bytes, descriptor, tables, rules, policy."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evcollab.issues import Issue
    from evcollab.limits import Limits
    from evcollab.validation.report import Report
    from evcollab.validation.run import validate

_HOME = {
    "Issue": "evcollab.issues",
    "Limits": "evcollab.limits",
    "Report": "evcollab.validation.report",
    "validate": "evcollab.validation.run",
}
__all__ = ["Issue", "Limits", "Report", "validate"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the rules take a while."""
    if name not in _HOME:
        raise AttributeError(f"module 'evcollab.validation' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
