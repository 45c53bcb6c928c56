from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

import evcollab

ROOT = Path(__file__).resolve().parent.parent

THOROUGH = os.environ.get("EVCOLLAB_TESTS") == "thorough"
"""Whether every case and many generated examples are tried; else every law and every rule, with fewer of both."""
T = TypeVar("T")


def examples(most: int) -> int:
    """How many generated examples a law is held against: so many in a thorough run."""
    return most if THOROUGH else -(-most // 5)


def some(cases: Iterable[T], one_in: int = 4) -> list[T]:
    """All cases in a thorough run, else every so many."""
    return list(cases)[:: 1 if THOROUGH else one_in]


settings.register_profile(
    "evcollab", max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("evcollab")


@pytest.fixture(scope="session")
def ds() -> evcollab.Dataset:
    return evcollab.load(ROOT)


@pytest.fixture(scope="session")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the shipped package; in a quick run of a part of it, see `tests.part`."""
    if THOROUGH:
        return ROOT
    from tests import part

    return part.write(tmp_path_factory.mktemp("part"))


@pytest.fixture
def package(part: Path, tmp_path: Path) -> Path:
    """A copy of the shipped package, or of a part of it, that a test may break."""
    target = tmp_path / "package"
    target.mkdir()
    shutil.copy(part / "datapackage.json", target)
    shutil.copytree(part / "data", target / "data")
    shutil.copytree(part / "schemas", target / "schemas")
    return target
