"""The rules. Importing this package fills the catalogue."""

from evcollab.validation.catalogue import RULES
from evcollab.validation.rules import (
    bytes,
    claims,
    descriptor,
    duplicates,
    events,
    parties,
    policies,
    privacy,
    sources,
    tables,
    waivers,
)

__all__ = [
    "RULES",
    "bytes",
    "claims",
    "descriptor",
    "duplicates",
    "events",
    "parties",
    "policies",
    "privacy",
    "sources",
    "tables",
    "waivers",
]
