"""What a spreadsheet does to a table on saving."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evcollab
from evcollab.contributions.formatting import format_package
from evcollab.text import unmangled
from tests.contributions.registers import content


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
