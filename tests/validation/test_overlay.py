"""Validating a package as it would be with other contents of some files."""

from __future__ import annotations

from pathlib import Path

from evcollab.validation import validate
from evcollab.validation.rules import codes
from tests.validation import packages


def test_contents_given_count_instead_of_those_on_disk(tmp_path: Path) -> None:
    folder = packages.example(tmp_path, [])
    file = "data/events.csv"
    given = (folder / file).read_bytes().replace(b"2023-07-0", b"2023-77-0")
    asked = validate(folder, today=packages.TODAY, files={file: given})
    (folder / file).write_bytes(given)
    written = validate(folder, today=packages.TODAY)
    assert asked.issues == written.issues
    assert any(issue.rule == "cell-date" for issue in asked.issues)


def test_the_usual_languages_are_languages() -> None:
    import langcodes

    assert all(langcodes.tag_is_valid(tag) for tag in codes._USUAL_LANGUAGES)
