"""Mutants that make no difference, by family: no test can kill them. Each has its argument."""

from __future__ import annotations

import re

FAMILIES: list[tuple[str, str]] = []
"""A pattern on the mutant as it is printed, and why the change makes no difference."""


def why(mutant: str) -> str:
    """The argument that a mutant makes no difference; empty if there is none."""
    return next((reason for pattern, reason in FAMILIES if re.search(pattern, mutant)), "")
