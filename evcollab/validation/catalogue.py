"""The shape of a rule: what it is called, what it means, how to mend it, and an example of right and wrong.

Every rule stands in `RULES`. Rules on rows bring a function that finds their violations; the rules of the lower
layers (bytes, descriptor, tables) are found by those layers and stand here with their documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from evcollab.issues import Severity
from evcollab.validation.data import Data, Finding

Layer = Literal["bytes", "descriptor", "tables", "rules", "policy", "waivers"]
LAYERS: dict[Layer, str] = {
    "bytes": "The files as such: encoding, line ends, characters, rows and headers.",
    "descriptor": "`datapackage.json` and the schemas: are they well-formed, and do they fit each other and the files?",
    "tables": "What a Table Schema says: types, constraints and keys.",
    "rules": "What a Table Schema cannot say: how cells, rows and tables must fit each other.",
    "policy": "What a curator should look at.",
    "waivers": "The exceptions in `waivers.csv`.",
}


@dataclass(frozen=True)
class Cells:
    """An example's row: these cells of a record, the others as in a valid package; a new record if there is none."""

    table: str
    record: str
    cells: dict[str, str]

    def __str__(self) -> str:
        shown = ", ".join(
            f"`{column}` = `{value}`" if value else f"`{column}` empty" for column, value in self.cells.items()
        )
        return f"{self.table} `{self.record}`: {shown or 'as it is'}"


@dataclass(frozen=True)
class Without:
    """An example's missing row."""

    table: str
    record: str

    def __str__(self) -> str:
        return f"{self.table}: no row `{self.record}`"


@dataclass(frozen=True)
class Text:
    """An example's change in a file: `old` stands in a valid package, `new` in the example."""

    file: str
    old: str | bytes
    new: str | bytes

    def __str__(self) -> str:
        return f"{self.file}: `{_shown(self.new)}` instead of `{_shown(self.old)}`"


@dataclass(frozen=True)
class Key:
    """An example's value of a JSON key (None: the key is left out)."""

    file: str
    path: tuple[str | int, ...]
    value: Any

    def __str__(self) -> str:
        place = "/".join(map(str, self.path))
        return f"{self.file}: {place} " + ("left out" if self.value is None else f"= `{self.value!r}`")


Edit = Cells | Without | Text | Key
Check = Callable[[Data], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue.

    Attributes:
        id: stable, readable name; it never changes its meaning.
        layer: the layer that checks it.
        severity: what a violation means.
        tables: the tables that it needs; empty: every table, or the package.
        summary: one sentence: what must be so.
        why: what would go wrong otherwise.
        fix: how to mend a violation.
        good: an example that is fine.
        bad: an example that is not.
        at: where the bad example is reported: table, record and column; or file, line and column.
        instead_of: rules whose finding on the same cell says less and is left out.
        check: finds the violations; None if the layer does.
    """

    id: str
    layer: Layer
    severity: Severity
    tables: tuple[str, ...]
    summary: str
    why: str
    fix: str
    good: tuple[Edit, ...]
    bad: tuple[Edit, ...]
    at: tuple[str, str | int, str]
    instead_of: tuple[str, ...] = ()
    check: Check | None = None


RULES: dict[str, Rule] = {}


def declare(id: str, layer: Layer, severity: Severity, **rest: Any) -> Rule:
    """Put a rule into the catalogue; the other arguments are the attributes of `Rule`."""
    if id in RULES:
        raise ValueError(f"the rule {id!r} is declared twice")
    RULES[id] = Rule(id, layer, severity, **{"tables": (), **rest})
    return RULES[id]


def rule(id: str, severity: Severity, *, layer: Layer = "rules", **rest: Any) -> Callable[[Check], Check]:
    """Put the decorated function into the catalogue as the check of a rule."""

    def register(check: Check) -> Check:
        declare(id, layer, severity, check=check, **rest)
        return check

    return register


def _shown(text: str | bytes) -> str:
    return ascii(text)[1:-1] if isinstance(text, str) else ascii(text)[2:-1]
