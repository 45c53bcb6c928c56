"""The errors that evcollab raises. Each message says what is wrong, where, and what would be right."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from evcollab.text import clip


class EvcollabError(Exception):
    """Base of all errors that evcollab raises on purpose."""


class PackageError(EvcollabError):
    """The data package cannot be read: a missing file, a wrong descriptor, a newer data format."""


class UnknownNameError(EvcollabError, LookupError):
    """A table, column or record that does not exist. The message lists near matches."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no {what} {name!r}{did_you_mean(name, known)}")


class MissingExtraError(EvcollabError, ImportError):
    """An optional dependency is not installed. The message names the extra that brings it."""

    def __init__(self, doing: str, extra: str) -> None:
        super().__init__(f'{doing} needs the extra {extra!r}: python -m pip install "evcollab[{extra}]"')


def needed(module: str, doing: str, extra: str) -> Any:
    """A module that an extra brings; without it MissingExtraError says what is not possible."""
    try:
        return import_module(module)
    except ImportError:
        raise MissingExtraError(doing, extra) from None


def reason(error: Exception) -> str:
    """What the system says of an error, without the name of the file."""
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)


@dataclass(frozen=True, order=True)
class BadCell:
    """One cell (or row) that does not fit its schema, with its place in the file."""

    file: str
    line: int
    column: str
    value: str
    expected: str
    message: str = ""

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" + (f", column {self.column}" if self.column else "")
        found = f"{clip(self.value, 80)!r} is not right; " if self.column else ""
        return f"{place}: {self.message}" if self.message else f"{place}: {found}expected {self.expected}"


class DataError(EvcollabError):
    """Cells that do not fit their schema.

    Attributes:
        cells: every bad cell of the table, in file order. The message shows the first 20 and the total.
    """

    def __init__(self, table: str, cells: list[BadCell]) -> None:
        self.cells = cells
        shown = "\n".join(f"  {cell}" for cell in cells[:20])
        more = f"\n  ... and {len(cells) - 20} more" if len(cells) > 20 else ""
        what = "1 problem" if len(cells) == 1 else f"{len(cells)} problems"
        super().__init__(f"the table {table!r} cannot be loaded: {what}\n{shown}{more}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a half sentence with near matches of `name` among `known`, or with all of them if few."""
    options = sorted(known)
    near = difflib.get_close_matches(name.lower(), options, n=3, cutoff=0.6)
    if near:
        return f"; did you mean {' or '.join(near)}?"
    if 0 < len(options) <= 30:
        return f"; there is {', '.join(options)}"
    return ""
