"""evcollab: the open register of international electric-vehicle collaboration.

import evcollab
ds = evcollab.load()
ds.events
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evcollab.dataset import Dataset, load
    from evcollab.errors import (
        BadCell,
        DataError,
        EvcollabError,
        MissingExtraError,
        PackageError,
        UnknownNameError,
    )
    from evcollab.validation import Report, validate

__version__ = "0.1.0"

_HOME = {
    "BadCell": "errors",
    "DataError": "errors",
    "Dataset": "dataset",
    "EvcollabError": "errors",
    "MissingExtraError": "errors",
    "PackageError": "errors",
    "Report": "validation",
    "UnknownNameError": "errors",
    "load": "dataset",
    "validate": "validation",
}
__all__ = [
    "BadCell",
    "DataError",
    "Dataset",
    "EvcollabError",
    "MissingExtraError",
    "PackageError",
    "Report",
    "UnknownNameError",
    "__version__",
    "load",
    "validate",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import evcollab` stays cheap."""
    if name not in _HOME:
        raise AttributeError(f"module 'evcollab' has no attribute {name!r}")
    return getattr(import_module(f"evcollab.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
