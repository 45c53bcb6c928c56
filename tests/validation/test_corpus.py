"""Validation says what it said: rule, table, record, line, column and words, of every kept register."""

from __future__ import annotations

import pytest

from tests.conftest import some
from tests.validation import corpus

CORPUS = corpus.load()


@pytest.mark.parametrize("name", some(CORPUS["registers"], 8))
def test_what_validation_says_of_a_register_has_not_changed(name: str) -> None:
    assert corpus.findings(CORPUS["registers"][name]) == CORPUS["findings"][name]
