"""Validation of a data package, in layers: bytes, descriptor, tables, rules, policy."""

from evcollab.validation.issue import Issue
from evcollab.validation.limits import Limits
from evcollab.validation.report import Report
from evcollab.validation.run import validate

__all__ = ["Issue", "Limits", "Report", "validate"]
