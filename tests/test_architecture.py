"""The floors of the library, and how long its parts may be.

Who may import whom is said in `pyproject.toml`, under `tool.importlinter`.
"""

from __future__ import annotations

import ast
from pathlib import Path

from importlinter.cli import lint_imports

from tests.conftest import ROOT


def test_every_import_points_down_and_none_goes_in_a_circle() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


LONG_CLASSES = {"Dataset": "each table is a property, so that editors and type checkers know it"}
"""Classes of more than 150 lines, each with its reason."""


def _modules() -> list[Path]:
    return sorted((ROOT / "evcollab").rglob("*.py"))


def test_no_module_is_longer_than_420_lines() -> None:
    assert [file.name for file in _modules() if file.read_text(encoding="utf-8").count("\n") > 420] == []


def test_no_class_is_longer_than_150_lines_without_a_reason() -> None:
    classes = (
        node
        for file in _modules()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert {node.name for node in classes if (node.end_lineno or 0) - node.lineno >= 150} == LONG_CLASSES.keys()
