"""A part of the shipped register for quick runs: small, closed under references, with all records that tests name."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from functools import cache
from pathlib import Path

from evcollab import csvfile, package
from evcollab.register import Record, Register
from tests.validation import packages

ONE_IN = 16
WHOLE = ("countries", "subdivisions", "former_ids")
CHOSEN = ("events", "organisations", "policies", "policy_targets", "memberships")
"""Tables of which one row in so many is kept; of the others what these refer to, and what speaks of them."""
LINKS = (
    *(("claims", "record_id"), ("participants", "event_id")),
    *(("policies", "replaces_id"), ("policy_targets", "supersedes_id")),
)
"""Columns by which a row goes along with the record that it refers to."""
JOURNEYS = (
    *("global-mou-call-cem12-2021", "global-mou-signing-cop26-2021"),  # where Chile and Norway met
    *("kaz-chn-luban-teacher-training-2023", "pak-usaid-ppse-e-mobility-training-2023"),
    *("evi-shanghai-forum-2011", "evi-10-years-cem11-2020", "apec-automotive-dialogue-22"),  # China met many
    *("visit-of-envoys-of-nine-countries-to-changan-s-research-2024", "chl-2021-taxi-sales-share-2035"),
    *("lao-e-mobility-workshop-2022", "asean", "civ-government-fleet-share-2030"),
    *("deu-2019-public-charging-points-2030", "tur-charging-points-2030"),
)
"""Records that tests of the site, pictures and commands ask for by what they are."""


@cache
def named() -> frozenset[str]:
    """The words in the code of the tests that may be identifiers, with those in `JOURNEYS`."""
    texts = (file.read_text(encoding="utf-8") for file in Path(__file__).parent.rglob("*.py"))
    return frozenset(JOURNEYS).union(*(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", text) for text in texts))


def rows_of(register: Register) -> dict[str, list[Record]]:
    """The rows of the part, in the order of the files."""
    schemas = register.package.schemas
    kept: dict[str, set[Record]] = {table: set(register.records(table).rows) for table in WHOLE}
    about: dict[tuple[str, str], list[tuple[str, Record]]] = defaultdict(list)
    for table, column in LINKS:
        for row in register.records(table).rows:
            target = row["table_name"] if table == "claims" else schemas[table].foreign_keys[column][0]
            about[target, row[column]].append((table, row))

    def keep(table: str, row: Record | None) -> None:
        if row is None or row in kept.setdefault(table, set()):
            return
        kept[table].add(row)
        for column, (target, _) in schemas[table].foreign_keys.items():
            keep(target, register.get(target, row[column]))
        if table == "claims" and row["field"] in schemas[row["table_name"]].foreign_keys:
            target, _ = schemas[row["table_name"]].foreign_keys[row["field"]]
            keep(target, register.get(target, row["value"]))
        for other, line in about[table, "|".join(row[column] for column in schemas[table].primary_key)]:
            keep(other, line)

    for table in CHOSEN:
        columns = (*schemas[table].primary_key, *schemas[table].foreign_keys)
        for number, row in enumerate(register.records(table).rows):
            if number % ONE_IN == 0 or not named().isdisjoint(row[column] for column in columns):
                keep(table, row)
    gone = [name for name in JOURNEYS if not any(register.get(table, name) for table in CHOSEN)]
    assert not gone, f"tests ask for {', '.join(gone)}, which the register no longer has: name others in JOURNEYS"
    return {table: [row for row in register.records(table).rows if row in kept[table]] for table in schemas}


def write(folder: Path) -> Path:
    """The part as a package in a folder."""
    whole = package.read(Path(__file__).parent.parent)
    shutil.copy(whole.path, folder)
    shutil.copytree(whole.root / "schemas", folder / "schemas")
    shutil.copytree(whole.root / "docs", folder / "docs")  # the site has them
    (folder / "data").mkdir()
    for table, rows in rows_of(Register.read(whole)).items():
        text = csvfile.write(list(whole.schemas[table].fields), (row.cells for row in rows))
        (folder / whole.files[table]).write_text(text, encoding="utf-8", newline="")
    return packages.refresh(folder)
