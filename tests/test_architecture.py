"""The floors of the library: who may import whom is said in `pyproject.toml`, under `tool.importlinter`."""

from __future__ import annotations

from importlinter.cli import lint_imports

from tests.conftest import ROOT


def test_every_import_points_down_and_none_goes_in_a_circle() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0
