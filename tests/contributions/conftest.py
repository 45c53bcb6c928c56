from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.contributions.registers import empty_register


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with the countries and nothing else. Copy it; do not change it."""
    return empty_register(tmp_path_factory.mktemp("registers") / "bare")


@pytest.fixture
def register(bare: Path, tmp_path: Path) -> Path:
    """A register with the countries and nothing else, to be changed."""
    target = tmp_path / "register"
    shutil.copytree(bare, target)
    return target
