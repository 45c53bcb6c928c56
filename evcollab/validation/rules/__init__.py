"""The rules. Importing this package fills the catalogue."""

from importlib import import_module
from pkgutil import iter_modules

from evcollab.validation.catalogue import RULES

__all__ = ["RULES"]

for module in sorted(found.name for found in iter_modules(__path__)):
    import_module(f"{__name__}.{module}")
