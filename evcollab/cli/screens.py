"""The data set in words and plain tables, for people at a terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import evcollab
from evcollab import types
from evcollab.package import Field, Schema
from evcollab.provenance import ROW

if TYPE_CHECKING:
    from evcollab.dataset import Dataset

WIDTH = 100
"""How wide text is where there is no terminal, and at most where there is one."""


def width() -> int:
    """How wide text may be."""
    return min(WIDTH, terminal() or WIDTH)


def terminal() -> int | None:
    """How many columns the terminal has; None if the output goes elsewhere."""
    return max(shutil.get_terminal_size().columns, 20) if sys.stdout.isatty() else None


def overview(dataset: Dataset) -> str:
    """Name, versions, licence, rows per table, years, countries, and how to cite."""
    from evcollab.questions.coverage import in_short

    descriptor = dataset.package.descriptor
    licences = ", ".join(item.get("name", "") for item in descriptor.get("licenses", [])) or "not stated"
    lines = [
        str(descriptor.get("title") or dataset.name),
        f"data {dataset.version or 'without version'} ({licences}), evcollab {evcollab.__version__}",
        "",
    ]
    titles = {item["name"]: item.get("title", "") for item in descriptor["resources"]}
    lines.append(text_table(["table", "rows", "what"], [[t, str(len(dataset[t])), titles[t]] for t in dataset.tables]))
    lines += ["", *in_short(dataset), "", "How to cite:", *_wrap(dataset.cite(), "  ")]
    return "\n".join(lines)


def describe_table(schema: Schema) -> str:
    """What a table and each of its columns mean."""
    lines = [f"{schema.table}: {schema.spec.get('title', '')}", *_wrap(str(schema.spec.get("description", "")), ""), ""]
    for field in schema.fields.values():
        lines += [f"{field.name}  ({_nature(schema, field)})", *_wrap(field.description, "    ")]
    lines += ["", f"More on one column:  evcollab describe {schema.table} COLUMN"]
    return "\n".join(lines)


def describe_column(schema: Schema, column: str) -> str:
    """What a column means, with its constraints and codes."""
    field = schema.field(column)
    lines = [f"{schema.table}.{field.name}: {field.spec.get('title', '')}", *_wrap(field.description, "")]
    lines += ["", f"type: {_nature(schema, field)}", f"example: {field.spec.get('example', '')}"]
    bounds = {key: value for key, value in field.constraints.items() if key not in ("required", "enum")}
    lines += [f"{key}: {value}" for key, value in bounds.items() if not (key == "pattern" and field.categories)]
    if field.categories:
        room = max(map(len, field.categories)) + 2
        lines += ["", "code".ljust(room) + "meaning"]
        for code, item in field.categories.items():
            lines += _wrap(f"{item['label']}: {item['description']}", code.ljust(room), " " * room)
    return "\n".join(lines)


def explain(dataset: Dataset, table: str, record: str) -> str:
    """Each filled cell of a record with its sources, its basis and what other sources say."""
    cells = dataset.record(table, record)
    claims = dataset.claims_for(table, record)
    own = claims[claims["field"] != ROW]
    lines = [f"{table} {record}", ""]
    for column, value in cells.items():
        said = own[own["field"] == column]
        if not value and said.empty:
            continue
        lines += _wrap(f"{column}: {value or '(empty)'}", "", "    ")
        for _, claim in said.sort_values("rank", ascending=False, kind="stable").iterrows():
            other = "" if claim["value"] == value else f"{_text(claim['value'])!r} says "
            basis = "" if claim["basis"] == "stated" else f", {claim['basis']}"
            rank = ", deprecated" if claim["rank"] == "deprecated" else ""
            note = f": {claim['note']}" if _text(claim["note"]) else ""
            mark = "!" if other and not rank else "-"
            lines += _wrap(
                f"{mark} {other}{claim['source_id']} ({claim['locator']}{basis}{rank}){note}", "    ", "      "
            )
    lines += ["", "All other cells rest on:"]
    for _, claim in claims[claims["field"] == ROW].iterrows():
        lines += _wrap(f"- {claim['source_id']} ({claim['locator']})", "    ", "      ")
    lines += ["", "Sources:"]
    for source_id, group in claims.groupby("source_id", sort=True):
        source = group.iloc[0]
        lines += _wrap(f"{source_id} ({source['tier']}): {source['publisher']}, {source['title']}", "    ", "      ")
        lines.append(f"      {source['url']}")
    if "!" in {line.strip()[:1] for line in lines}:
        lines += ["", "! marks a source that disagrees with the cell."]
    return "\n".join(lines)


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]], clip: int | None = None) -> str:
    """A table of aligned columns, with cells clipped to `clip` characters."""
    shown = [[_clip(cell, clip) for cell in row] for row in rows]
    widths = [max(len(row[n]) for row in [list(header), *shown]) for n in range(len(header))]
    lines = ["  ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in shown]
    top = "  ".join(name.ljust(wide) for name, wide in zip(header, widths, strict=True)).rstrip()
    return "\n".join([top, "  ".join("-" * wide for wide in widths), *lines])


def fitting(header: Sequence[str], rows: Sequence[Sequence[str]], clip: int | None = None) -> str:
    """The table, or its records one below the other if it is wider than the terminal."""
    table = text_table(header, rows, clip)
    limit = terminal()
    return table if limit is None or max(map(len, table.split("\n"))) <= limit else records(header, rows)


def records(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """One record below the other, each with a line for every filled cell; nothing is clipped."""
    room = max((len(name) for name in header), default=0) + 2
    blocks = []
    for row in rows:
        filled = [(name, cell) for name, cell in zip(header, row, strict=True) if cell]
        lines = [line for name, cell in filled for line in _wrap(cell, name.ljust(room), " " * room)]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _nature(schema: Schema, field: Field) -> str:
    kind = types.kind_of(field)
    words = [kind.replace("_", " "), f"pandas {types.NATIVE[kind].pandas}"]
    if field.required:
        words.append("required")
    if field.name in schema.primary_key:
        words.append("key" if len(schema.primary_key) == 1 else "part of the key")
    if field.name in schema.foreign_keys:
        words.append(f"refers to {schema.foreign_keys[field.name][0]}")
    return ", ".join(words)


def _wrap(text: str, first: str, rest: str | None = None) -> list[str]:
    indent = first if rest is None else rest
    return textwrap.wrap(
        text, width(), initial_indent=first, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _clip(text: str, limit: int | None) -> str:
    return text if limit is None or len(text) <= limit else text[: limit - 1] + "…"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
