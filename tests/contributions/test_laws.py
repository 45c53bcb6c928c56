"""What holds for whatever is contributed."""

from __future__ import annotations

import copy
import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from evcollab import package, validation
from evcollab.contributions import document as documents
from evcollab.contributions.add import propose
from evcollab.contributions.diff import compare
from evcollab.contributions.document import Document
from evcollab.contributions.formatting import format_package
from evcollab.register import Register
from tests.conftest import examples
from tests.contributions import registers
from tests.contributions.registers import TODAY, content, rows
from tests.contributions.strategies import contributions

TABLES = ("events", "participants", "organisations", "policies", "policy_targets", "memberships", "sources", "claims")
few = settings(max_examples=examples(20))


class Copy:
    """A register to change, gone afterwards."""

    def __init__(self, bare: Path) -> None:
        self.bare = bare

    def __enter__(self) -> Path:
        self.folder = tempfile.TemporaryDirectory()
        return Path(shutil.copytree(self.bare, Path(self.folder.name) / "register"))

    def __exit__(self, *_: object) -> None:
        self.folder.cleanup()


def merge(register: Path, *given: dict[str, Any]) -> dict[str, bytes]:
    return registers.merge(register, *(Document("document", item) for item in given)).files


@few
@given(listed=contributions())
def test_what_is_added_makes_a_valid_register(bare: Path, listed: list[dict[str, Any]]) -> None:
    with Copy(bare) as register:
        merge(register, *listed)
        report = validation.validate(register, today=TODAY)
    assert [str(issue) for issue in report.issues if issue.severity == "error"] == []


@few
@given(listed=contributions())
def test_what_is_added_is_in_canonical_form(bare: Path, listed: list[dict[str, Any]]) -> None:
    with Copy(bare) as register:
        merge(register, *listed)
        assert format_package(register, check=True) == []


@few
@given(listed=contributions(most=2))
def test_adding_twice_changes_nothing(bare: Path, listed: list[dict[str, Any]]) -> None:
    with Copy(bare) as register:
        merge(register, *listed)
        before = content(register)
        assert merge(register, *listed) == {}
        assert content(register) == before


@few
@given(listed=contributions(least=2, most=3), seed=st.integers(0, 5))
def test_any_order_gives_the_same_tables_up_to_numbers(bare: Path, listed: list[dict[str, Any]], seed: int) -> None:
    shuffled = random.Random(seed).sample(listed, len(listed))
    with Copy(bare) as one, Copy(bare) as other:
        for item in listed:
            merge(one, item)
        for item in shuffled:
            merge(other, item)
        assert unnumbered(one) == unnumbered(other)


@few
@given(listed=contributions(least=2, most=3))
def test_adding_together_is_adding_one_after_another(bare: Path, listed: list[dict[str, Any]]) -> None:
    with Copy(bare) as together, Copy(bare) as apart:
        merge(together, *listed)
        for item in listed:
            merge(apart, item)
        assert unnumbered(together) == unnumbered(apart)


@few
@given(listed=contributions())
def test_the_diff_names_exactly_what_was_added(bare: Path, listed: list[dict[str, Any]]) -> None:
    document = listed[0]
    with Copy(bare) as register:
        merge(register, document)
        difference = compare(Register.read(package.read(bare)), Register.read(package.read(register)))
        keys = {
            (table, "/".join(row[name] for name in package.read(register).schemas[table].primary_key))
            for table in TABLES
            for row in rows(register, table)
        }
    assert {(change.table, change.record) for change in difference.records} == keys
    assert {change.change for change in difference.records} == {"added"}
    added = {change.label for change in difference.records}
    named = [record["name"] for key in ("events", "organisations", "policies") for record in document.get(key, [])]
    assert set(named) <= added
    parties = sum(len(record.get("participants", [])) for record in document.get("events", []))
    assert sum(change.table == "participants" for change in difference.records) == parties


@given(listed=contributions())
def test_a_document_survives_being_written_as_yaml(bare: Path, listed: list[dict[str, Any]]) -> None:
    assert documents.parse(documents.write(listed[0])).content == listed[0]


JUNK = (None, "", "x", 3, -1.5, True, [], {}, [[]], {"a": "b"}, ["x"], "\ud800", "=1+1", "::error::x")


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A document in which something was deleted, replaced or added."""
    document = copy.deepcopy(draw(contributions())[0])
    junk = st.sampled_from(JUNK).map(copy.deepcopy)
    for _ in range(draw(st.integers(1, 4))):
        here: Any = document
        while isinstance(here, dict | list) and here:
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            key = draw(st.sampled_from(keys))
            if draw(st.booleans()) and isinstance(here[key], dict | list) and here[key]:
                here = here[key]
                continue
            action = draw(st.sampled_from(["delete", "replace", "add"]))
            if action == "delete":
                del here[key]
            elif action == "replace":
                here[key] = draw(junk)
            elif isinstance(here, dict):
                extra = draw(st.sampled_from(["claims", "sources", "inferred", "new", "parent", "corrections", "x"]))
                here[extra] = draw(junk)
            break
    return document


@given(document=damaged())
def test_whatever_is_wrong_in_a_document_is_told_and_breaks_nothing(bare: Path, document: dict[str, Any]) -> None:
    draft = propose([Document("document", document)], Register.read(package.read(bare)), TODAY)
    assert all(str(problem).isprintable() for problem in draft.problems)


def unnumbered(register: Path) -> dict[str, list[tuple[str, ...]]]:
    """The tables, with what a participant line says in the place of its number."""
    said = {
        row["participant_id"]: " ".join(value for key, value in row.items() if key != "participant_id")
        for row in rows(register, "participants")
    }
    return {
        table: sorted(tuple(said.get(value, value) for value in row.values()) for row in rows(register, table))
        for table in TABLES
    }
