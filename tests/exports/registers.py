"""Registers with cells that formats like to break."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

import evcollab
from evcollab import csvfile, package, types
from evcollab.package import Field
from tests import strategies
from tests.conftest import THOROUGH
from tests.validation import packages

NASTY = (
    *("=1+1", "=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", "'quoted", '"', 'the "grid"', "a, b", "a|b", "--", "a;b"),
    *("NA", "N/A", "#N/A", "null", "None", "nan", "\\N", "TRUE", "false", "007", "1.0", "1e5", "0x1F", "2020-01-01"),
    *("😀🚗", "e\u0301", "ລາວ", "充电", "<b>&amp;</b>", "]]>", "{}\\", "%_$~^#", "_x0041_", "_x005F_x0041_", "\\n"),
    *("'; DROP TABLE events; --", "x" * 300, " both sides ", "https://example.org/a b", "$HOME", "{{7*7}}"),
)
SCHEMAS = package.read().schemas
TEXTS = st.sampled_from(NASTY) | st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=30
)


def countries(tables: packages.Tables) -> list[dict[str, str]]:
    """The shipped countries; in a quick run one in so many, and those that the tables refer to."""
    rows = packages.base()["countries"]
    meant = {row.get("country_code") for table, rows in tables.items() if table != "countries" for row in rows}
    return [row for number, row in enumerate(rows) if THOROUGH or number % 16 == 0 or row["country_code"] in meant]


def write(folder: Path, tables: packages.Tables) -> evcollab.Dataset:
    """A package with these rows just as they are, and countries."""
    packages.write(folder, {})
    for table, rows in {**tables, "countries": countries(tables)}.items():
        columns = list(SCHEMAS[table].fields)
        text = csvfile.write(columns, [[row.get(column, "") for column in columns] for row in rows])
        (folder / package.read().files[table]).write_text(text, encoding="utf-8", newline="")
    return evcollab.load(packages.refresh(folder))


def nasty(folder: Path) -> evcollab.Dataset:
    """A register in which every free text stands once as every nasty text."""
    tables = packages.base()
    for number, text in enumerate(NASTY):
        free = dict.fromkeys(("name", "name_local", "city", "venue", "summary"), text)
        fixed = {"event_id": f"nasty-{number}", "kind": "forum", "scope": "national", "status": "held"}
        tables["events"].append({**fixed, **free})
        alias = text.replace(";", ",").strip()
        body = {"organisation_id": f"nasty-{number}", "name": text, "kind": "company", "aliases": f"{alias};{alias}2"}
        tables["organisations"].append(body)
    return write(folder, tables)


def _cell(field: Field) -> st.SearchStrategy[str]:
    kind = types.kind_of(field)
    if kind == "number":
        return st.decimals(0, 10**9, places=3).map(types.number_text)
    if kind == "list" and not field.categories:
        items = TEXTS.map(lambda text: text.replace(";", ",").strip()).filter(bool)
        return st.lists(items, min_size=1, max_size=4).map(";".join)
    if kind == "text":
        return TEXTS
    return strategies.cells(field)


@st.composite
def generated(draw: st.DrawFn) -> dict[str, list[dict[str, str]]]:
    """Some rows of the tables with all kinds of columns; they fit their types, and nothing else is asked of them."""
    tables: dict[str, list[dict[str, str]]] = {}
    for table in ("events", "organisations", "policy_targets", "sources"):
        schema = SCHEMAS[table]
        tables[table] = []
        for number in range(draw(st.integers(0, 4))):
            row = {}
            for name, field in schema.fields.items():
                if name in schema.primary_key:
                    row[name] = f"{table}-{number}"
                elif name in schema.foreign_keys:
                    row[name] = draw(st.sampled_from(("", "NAM"))) if name == "country_code" else ""
                elif field.required or draw(st.booleans()):
                    row[name] = draw(_cell(field))
            tables[table].append(row)
    return tables
