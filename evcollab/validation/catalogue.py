"""The shape of a rule: what it is called, what it means, how to fix a violation, and an example of right and wrong.

Every rule is in `RULES`. A rule on rows says in SQL which rows are wrong; `engine.py` runs it. The rules of the lower
layers (bytes, descriptor, tables) are found by those layers and are here with their documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evcollab.issues import Severity
from evcollab.package import Schema
from evcollab.text import clip

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
class SetCells:
    """An example's row: these cells of a record, the others as in a valid package; a new record if there is none."""

    table: str
    record: str
    cells: dict[str, str]

    def __str__(self) -> str:
        shown = ", ".join(
            f"`{column}` = `{_shown(value)}`" if value else f"`{column}` empty" for column, value in self.cells.items()
        )
        return f"{self.table} `{self.record}`: {shown or 'as it is'}"


@dataclass(frozen=True)
class RemoveRow:
    """An example's missing row."""

    table: str
    record: str

    def __str__(self) -> str:
        return f"{self.table}: no row `{self.record}`"


@dataclass(frozen=True)
class Text:
    """An example's change in a file: `old` is in a valid package, `new` in the example."""

    file: str
    old: str | bytes
    new: str | bytes

    def __str__(self) -> str:
        return f"{self.file}: `{_escaped(self.new)}` instead of `{_escaped(self.old)}`"


@dataclass(frozen=True)
class Key:
    """An example's value of a JSON key (None: the key is left out)."""

    file: str
    path: tuple[str | int, ...]
    value: Any

    def __str__(self) -> str:
        place = "/".join(map(str, self.path))
        return f"{self.file}: {place} " + ("left out" if self.value is None else f"= `{self.value!r}`")


Edit = SetCells | RemoveRow | Text | Key


@dataclass(frozen=True)
class Query:
    """Which rows are wrong, and what is said of each.

    Attributes:
        table: the table whose rows are wrong.
        column: the column that is wrong.
        where: SQL condition on a row, called `t`; what it says of NULL is not wrong.
        message: what is said; in braces SQL expressions, with `!r` for a text in quotes.
        source: what the rows come from, if it is more than the table alone: an SQL `FROM` with the row as `t`.
        keep: the last word in Python on what SQL has found; it gets the values of `on`.
        on: SQL expressions for `keep` and `say`; the cell itself if there are none.
        say: makes the message in Python, from a look-up of SQL and the values of `on`.
        alone: whether `where` looks at the cell alone, as `{cell}`, so that it can be asked of each distinct text once.
    """

    table: str
    column: str
    where: str
    message: str = ""
    source: str = ""
    keep: Callable[..., bool] | None = None
    on: tuple[str, ...] = ()
    say: Callable[..., str] | None = None
    alone: bool = False


def of_cell(
    schema: Schema, column: str, where: str, message: str = "", keep: Callable[..., bool] | None = None, **rest: Any
) -> Query:
    """A question on the cells of a column, each looked at alone, as `{cell}`."""
    where = where.replace("{cell}", f"t.{identifier(column)}")
    source = f"file.{identifier(schema.table)} t"
    return Query(schema.table, column, where, message, source, keep, alone=True, **rest)


Queries = Callable[[Mapping[str, Schema]], Iterable[Query]]


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
        fix: how to fix a violation.
        good: an example that is fine.
        bad: an example that is not.
        reported: where the bad example is reported: table, record and column; or file, line and column.
        supersedes: rules whose finding on the same cell says less and is left out.
        whole: tables that must be complete for the rule to be judged.
        queries: which rows are wrong, for the schemas of a package; None if a lower layer finds them.
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
    reported: tuple[str, str | int, str]
    supersedes: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    queries: Queries | None = None


RULES: dict[str, Rule] = {}


Edits = Edit | tuple[Edit, ...]


def declare(
    id: str,
    layer: Layer,
    severity: Severity = "error",
    *,
    bad: Edits,
    good: Edits = (),
    reported: tuple[str, str | int, str] | None = None,
    tables: tuple[str, ...] = (),
    at: Sequence[str] = (),
    **rest: Any,
) -> None:
    """Put a rule into the catalogue; see `Rule`. `good` and `bad` are one edit or several.

    Without `reported`, the bad example is reported at the first cell (of the columns in `at`, if there are any) or key
    that it sets.
    """
    if id in RULES:
        raise ValueError(f"the rule {id!r} is declared twice")
    good, bad = (edits if isinstance(edits, tuple) else (edits,) for edits in (good, bad))
    RULES[id] = Rule(id, layer, severity, tables, good=good, bad=bad, reported=reported or _first(bad, at), **rest)


def rule(
    id: str,
    severity: Severity = "error",
    *,
    at: str | Queries,
    where: str = "true",
    message: str = "",
    source: str = "",
    keep: Callable[..., bool] | None = None,
    on: tuple[str, ...] = (),
    say: Callable[..., str] | None = None,
    alone: bool = False,
    **rest: Any,
) -> None:
    """Put a rule on rows into the catalogue; what is no error is a question to the curator.

    Args:
        id: its name.
        severity: what a violation means.
        at: the columns that may be wrong, such as `events.end_date`, separated by spaces: each is asked alone, as
            `{cell}` (SQL) and `{column}` (its name) in the other texts. Or a function that makes the queries.
        where: see `Query`; so are `message`, `source`, `keep`, `on`, `say` and `alone`.
        message: see `Query`.
        source: see `Query`.
        keep: see `Query`.
        on: see `Query`.
        say: see `Query`.
        alone: see `Query`.
        rest: see `declare`.
    """
    layer: Layer = "rules" if severity == "error" else "policy"
    if not isinstance(at, str):
        declare(id, layer, severity, queries=at, **rest)
        return
    made = []
    for place in at.split():
        table, column = place.split(".")

        def fill(text: str, table: str = table, column: str = column) -> str:
            return text.replace("{cell}", f't."{column}"').replace("{column}", column).replace("{table}", table)

        said = fill(message.replace("{cell", "{{cell}"))
        asked = Query(table, column, fill(where), said, fill(source), keep, tuple(map(fill, on)), say, alone)
        made.append(asked)
    tables = tuple(dict.fromkeys(query.table for query in made))
    declare(id, layer, severity, queries=lambda schemas: made, at=at.split(), **{"tables": tables, **rest})


def _first(bad: tuple[Edit, ...], places: Sequence[str]) -> tuple[str, str | int, str]:
    for edit in bad:
        if isinstance(edit, Key):
            return edit.file, 0, "/" + "/".join(map(str, edit.path))
        if isinstance(edit, SetCells):
            columns = [place.partition(".")[2] for place in places if place.startswith(f"{edit.table}.")]
            asked = [column for column in edit.cells if not places or column in columns] or columns
            if asked:
                return edit.table, edit.record, asked[0]
    raise ValueError(f"the place of the bad example must be given: {bad}")


def listed(values: Iterable[str]) -> str:
    """An SQL list in round brackets, for IN."""
    return "(" + ", ".join(quoted(value) for value in values) + ")"


def identifier(name: str) -> str:
    """A name in quotes, as SQL wants a name of any form."""
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _escaped(text: str | bytes) -> str:
    return clip(ascii(text)[1:-1] if isinstance(text, str) else ascii(text)[2:-1])


def _shown(text: str) -> str:
    return clip(text)
