from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import evcollab

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "evcollab", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("evcollab")


@pytest.fixture(scope="session")
def ds() -> evcollab.Dataset:
    return evcollab.load(ROOT)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the shipped package that a test may break."""
    target = tmp_path / "package"
    target.mkdir()
    shutil.copy(ROOT / "datapackage.json", target)
    shutil.copytree(ROOT / "data", target / "data")
    shutil.copytree(ROOT / "schemas", target / "schemas")
    return target
