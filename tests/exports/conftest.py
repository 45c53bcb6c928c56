from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import evcollab
from evcollab.exports import export
from tests.exports import registers
from tests.validation import packages


@pytest.fixture(scope="session")
def ds(part: Path) -> evcollab.Dataset:
    """The shipped register; in a quick run a part of it."""
    return evcollab.load(part)


@pytest.fixture(scope="session")
def made(ds: evcollab.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function that exports the shipped data, once per format."""
    folder = tmp_path_factory.mktemp("made")

    def make(format: str) -> Path:
        target = folder / format
        if not target.exists():
            export(ds, format, target)
        return target

    return make


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> evcollab.Dataset:
    """A register of a few rows."""
    return registers.write(tmp_path_factory.mktemp("small"), packages.base())


@pytest.fixture(scope="session")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> evcollab.Dataset:
    """A register with cells that formats like to break."""
    return registers.nasty(tmp_path_factory.mktemp("nasty"))
