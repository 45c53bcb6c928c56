"""What differs between two states of a package, and how to say it in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Literal

from evcollab.text import quiet

Bump = Literal["none", "patch", "minor", "major"]
BUMPS: tuple[Bump, ...] = ("none", "patch", "minor", "major")
_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")
EVIDENCE = ("sources", "claims")
"""Tables that say where facts come from: a row more in them is not a new fact."""


@dataclass(frozen=True)
class Change:
    """A record that differs.

    Attributes:
        change: what happened to it.
        table: its table.
        record: its identifier; the parts of a compound key are joined with `/`.
        label: what people call it.
        cells: (column, text before, text after) of every cell that differs and is not in the label.
    """

    change: Literal["added", "changed", "removed"]
    table: str
    record: str
    label: str
    cells: tuple[tuple[str, str, str], ...]

    @property
    def bump(self) -> Bump:
        """The part of the data version that this raises."""
        if self.table == "claims" or self.change == "changed":
            return "patch"
        if self.change == "removed":
            return "major"
        return "patch" if self.table in EVIDENCE else "minor"


@dataclass(frozen=True)
class Restructuring:
    """A difference in tables, columns, codes or rules, in words, and the part of the version that it raises."""

    table: str
    words: str
    bump: Bump


@dataclass(frozen=True)
class Difference:
    """All that differs between two states of a package.

    Attributes:
        before, after: versions of the data.
        structure: what differs in the schemas and the descriptor.
        records: what differs in the tables.
    """

    before: str
    after: str
    structure: tuple[Restructuring, ...]
    records: tuple[Change, ...]

    @property
    def bump(self) -> Bump:
        """The least part of the data version that must be raised."""
        bumps = [item.bump for item in self.structure] + [change.bump for change in self.records]
        return max(bumps, key=BUMPS.index, default="none")

    def by_table(self) -> dict[str, list[Change]]:
        """The changed records, by table."""
        return {table: list(changes) for table, changes in groupby(self.records, key=lambda change: change.table)}


def numbers(version: str) -> tuple[int, int, int] | None:
    """The parts of a version such as 1.2.0; None if it is not one."""
    found = _VERSION.fullmatch(version)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def raised(version: str, bump: Bump) -> str:
    """The version after this one with that part raised; empty if this is not a version."""
    if (parts := numbers(version)) is None:
        return ""
    major, minor, patch = parts
    after = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}
    return "{}.{}.{}".format(*after.get(bump, parts))


def as_text(difference: Difference) -> str:
    """A difference for the terminal. What cannot be seen is shown as its code."""
    signs = {"added": "+", "changed": "~", "removed": "-"}
    lines = [f"{item.table + ': ' if item.table else ''}{item.words}" for item in difference.structure]
    for table, changes in difference.by_table().items():
        lines.append(f"{table}: {_counts(changes)}")
        lines += [f"  {signs[change.change]} {_sentence(change)}" for change in changes]
    return "\n".join(quiet(line) for line in [*lines, _verdict(difference)])


def as_markdown(difference: Difference) -> str:
    """A difference for a pull request. All text of the data is escaped, so that it stays text; addresses are links."""
    lines = [_escape(_verdict(difference)), ""]
    for item in difference.structure:
        lines.append(f"- {f'**{_escape(item.table)}**: ' if item.table else ''}{_escape(item.words)}")
    for table, changes in difference.by_table().items():
        title = f"{_escape(table)}: {_counts(changes)}"
        folded = table in EVIDENCE
        lines += ["", f"<details><summary>{title}</summary>" if folded else f"#### {title}", ""]
        lines += [f"- {change.change} {_sentence(change, _escape, '**')}" for change in changes]
        lines += ["", "</details>"] if folded else []
    return "\n".join(lines)


def as_json(difference: Difference) -> str:
    """A difference for programs."""
    content = {
        "before": difference.before,
        "after": difference.after,
        "bump": difference.bump,
        "structure": [asdict(item) for item in difference.structure],
        "records": [
            asdict(change) | {"cells": {column: {"before": old, "after": new} for column, old, new in change.cells}}
            for change in difference.records
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


WRITERS = {"text": as_text, "markdown": as_markdown, "json": as_json}
"""Form → what writes a difference in it."""


def _sentence(change: Change, escape: Callable[[str], str] = str, strong: str = "") -> str:
    def shown(old: str, new: str) -> str:
        if change.change != "changed":
            return escape(new or old)
        return f"{escape(old) or '(empty)'} → {escape(new) or '(empty)'}"

    named = f" ({escape(change.record)})" if change.record != change.label and change.table != "claims" else ""
    cells = "; ".join(f"{escape(word(column))} {shown(old, new)}" for column, old, new in change.cells)
    return f"{strong}{escape(change.label)}{strong}{named}" + (f": {cells}" if cells else "")


def word(column: str) -> str:
    """A column or code as a word."""
    return column.removesuffix("_id").replace("_", " ")


def _counts(changes: Iterable[Change]) -> str:
    listed = [change.change for change in changes]
    return ", ".join(f"{listed.count(kind)} {kind}" for kind in ("added", "changed", "removed") if kind in listed)


def _verdict(difference: Difference) -> str:
    if difference.bump == "none":
        return "Nothing differs."
    after = raised(difference.before, difference.bump)
    told = f": {difference.before} → {after}" if after else ""
    return f"This implies a {difference.bump} version of the data{told}."


def _escape(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no mentions of people or issues; a whole address is a link."""
    if _ADDRESS.fullmatch(text):
        return f"<{text}>"
    visible = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", " ", text)
    silent = re.sub(r"([@#]|://|www\.)", "\\1\u200b", visible)
    marked = silent.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]()!|~])", r"\\\1", marked)


_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]+")
