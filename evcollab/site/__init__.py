"""The register as a static site: a page for every record, with the sources of every cell."""

from __future__ import annotations

from typing import Any

__all__ = ["build"]


def __getattr__(name: str) -> Any:
    """Import the builder when it is first used: templates and charts take a while."""
    if name != "build":
        raise AttributeError(f"module 'evcollab.site' has no attribute {name!r}")
    from evcollab.site.building import build

    return build
