"""What a spreadsheet does to a table on saving."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evcollab
from evcollab.contributions.formatting import format_package
from evcollab.text import unmangled
from tests.contributions.registers import ROOT, content


def test_a_table_with_semicolons_is_named_as_such_and_converted(package: Path) -> None:
    before = content(package)
    file = package / "data" / "subdivisions.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    messages = [issue.message for issue in evcollab.validate(package).issues if issue.severity == "error"]
    assert any("separated with semicolons" in message for message in messages)
    format_package(package)
    assert content(package) == before


def test_text_in_the_wrong_encoding_is_left_alone_and_said_with_what_was_meant(package: Path) -> None:
    file = package / "data" / "subdivisions.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("California", "BogotÃ¡"), encoding="utf-8")
    before = content(package)
    with pytest.raises(evcollab.DataError, match="'BogotÃ¡' is not right; expected 'Bogotá'"):
        format_package(package)
    assert content(package) == before


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1))
def test_what_was_read_as_latin_1_is_given_back(text: str) -> None:
    mangled = text.encode().decode("latin-1")
    assert unmangled(mangled) == (None if text.isascii() else text)


@pytest.mark.parametrize("text", ["Bogotá", "Ñuble", "Straße", "São Tomé", "中国", "Москва", "Å", "À la carte"])
def test_a_right_word_is_not_taken_for_a_mangled_one(text: str) -> None:
    assert unmangled(text) is None


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples" / "register", tmp_path / "example"))


def _message(example: Path, value: str) -> str:
    [said] = {issue.message for issue in evcollab.validate(example).issues if issue.value == value}
    return said


def _in_events(example: Path, old: str, new: str) -> None:
    file = example / "data" / "events.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_date_that_a_spreadsheet_rewrote_is_offered_back(example: Path) -> None:
    _in_events(example, ",2023-07-07,", ",07/07/2023,")
    assert _message(example, "07/07/2023").endswith("; did you mean 2023-07-07?")


def test_of_two_dates_that_a_spreadsheet_may_have_rewritten_both_are_named(example: Path) -> None:
    _in_events(example, ",2026-12-10,2026-12-10,", ",10/12/2026,2026-12-10,")
    assert _message(example, "10/12/2026").endswith("; did you mean 2026-10-12 or 2026-12-10?")


def test_of_two_dates_that_a_spreadsheet_may_have_rewritten_the_claimed_one_is_offered(example: Path) -> None:
    claims = example / "data" / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8").replace("2023-07-07", "2023-07-08"), encoding="utf-8")
    _in_events(example, ",2023-07-07,", ",08/07/2023,")
    assert _message(example, "08/07/2023").endswith("; did you mean 2023-07-08?")


def test_truth_values_and_whole_powers_that_a_spreadsheet_wrote_are_written_back(example: Path) -> None:
    before = content(example)
    targets = example / "data" / "policy_targets.csv"
    text = targets.read_text(encoding="utf-8")
    spoilt = text.replace(",true,", ",TRUE,").replace(",false,", ",FALSE,").replace(",100000,", ",1E+05,")
    assert {"TRUE", "1E+05"} <= set(spoilt.split(","))
    targets.write_text(spoilt, encoding="utf-8")
    format_package(example)
    assert content(example) == before
