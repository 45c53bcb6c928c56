from __future__ import annotations

from tests.validation import near


def test_what_rules_say_of_near_misses_has_not_changed() -> None:
    assert list(near.findings()) == near.FILE.read_text(encoding="utf-8").splitlines()
