"""Validation says what it said: rule, table, record, line, column and words, of every kept register and example."""

from __future__ import annotations

import pytest

from tests.validation import corpus

CORPUS = corpus.load()
EXAMPLES = corpus.cases()


@pytest.mark.parametrize(
    "name", [name for name in CORPUS["findings"] if name in CORPUS["registers"] or name in EXAMPLES]
)
def test_what_validation_says_of_a_case_has_not_changed(name: str) -> None:
    case = CORPUS["registers"].get(name) or EXAMPLES[name]
    assert corpus.findings(case) == CORPUS["findings"][name]
