"""Small changes in Python modules, and whether the tests that judge a module notice them.

Each mutant is tried in a process of its own, which is forked from this one: the libraries are imported once.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TESTS = {
    "dates": ["tests/test_dates.py"],
    "types": ["tests/test_types.py"],
    "provenance": ["tests/test_provenance.py"],
    "contributions.merge": [
        "tests/contributions/test_adding.py",
        "tests/contributions/test_add.py",
        "tests/contributions/test_document.py",
        "tests/contributions/test_laws.py",
    ],
    "contributions.merging": ["tests/contributions/test_merging.py"],
}
"""Module of evcollab → the tests that judge it."""
PATIENCE = 20
"""A mutant that takes so many times as long as the module itself (and a minute) is killed: it never ends."""
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Mult: ast.Add,
}
Change = tuple[str, Callable[[], None]]


@dataclass(frozen=True)
class Mutant:
    """One change in a module: the how-manieth, and what it is."""

    module: str
    number: int
    what: str

    def __str__(self) -> str:
        return f"{self.module}: {self.what}"


def file_of(module: str) -> Path:
    """The file of a module of evcollab."""
    return ROOT / "evcollab" / f"{module.replace('.', '/')}.py"


def mutants(module: str) -> list[Mutant]:
    """All mutants of a module."""
    text = file_of(module).read_text(encoding="utf-8")
    return [
        Mutant(module, number, what) for number, (what, _) in enumerate(_changes(ast.parse(text), text.split("\n")))
    ]


def judge(asked: Sequence[Mutant], progress: Callable[[str], None]) -> list[Mutant]:
    """The mutants that the tests of their module do not notice."""
    left = []
    _warm()
    patience = {}
    for number, mutant in enumerate(asked):
        if mutant.module not in patience:
            progress(f"{mutant.module}: unchanged")
            start = time.monotonic()
            if _notices(mutant.module, None, 3600):
                raise SystemExit(f"the tests of {mutant.module} fail without any change: {TESTS[mutant.module]}")
            patience[mutant.module] = 60 + PATIENCE * (time.monotonic() - start)
        progress(f"{number} of {len(asked)} tried, {len(left)} left; {mutant}")
        if not _notices(mutant.module, mutant.number, patience[mutant.module]):
            left.append(mutant)
    return left


def _warm() -> None:
    """Import what does not depend on the mutants."""
    import duckdb
    import hypothesis
    import jsonschema
    import pandas
    import pytest
    import yaml

    assert all((duckdb, hypothesis, jsonschema, pandas, pytest, yaml))
    for name in [name for name in sys.modules if name.split(".")[0] in ("evcollab", "tests")]:
        del sys.modules[name]


def _notices(module: str, number: int | None, seconds: float) -> bool:
    """Whether the tests of a module fail with a change, or do not end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _silence()
            code = _run(module, number)
        finally:
            os._exit(code)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.02)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return True


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)


def _run(module: str, number: int | None) -> int:
    """Run the tests of a module with a change in it; 0 if they pass."""
    import pytest

    if number is not None:
        tree = ast.parse(file_of(module).read_text(encoding="utf-8"))
        list(_changes(tree))[number][1]()
        sys.meta_path.insert(0, _Finder(f"evcollab.{module}", compile(ast.fix_missing_locations(tree), module, "exec")))
    os.chdir(ROOT)
    options = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "-W", "ignore"]
    return int(pytest.main([*options, *TESTS[module]], plugins=[_Quick()]))


class _Quick:
    """A failing law is not made small: that it fails is enough."""

    def pytest_sessionstart(self) -> None:
        from hypothesis import Phase, settings

        settings.register_profile("mutants", settings(), phases=[Phase.explicit, Phase.generate], database=None)
        settings.load_profile("mutants")


class _Finder:
    """Finds one module with another code."""

    def __init__(self, name: str, code: CodeType) -> None:
        self.name, self.code = name, code

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        code = self.code

        class Loader(SourceFileLoader):
            def get_code(self, fullname: str) -> CodeType:
                return code

        file = str(file_of(name.removeprefix("evcollab.")))
        return importlib.util.spec_from_file_location(name, file, loader=Loader(name, file))


def _changes(tree: ast.Module, lines: Sequence[str] = ()) -> Iterator[Change]:
    """What may be changed in a module, and how; in the order of its lines. A number is told with its line, if given."""
    for node in _inside(tree):
        line = getattr(node, "lineno", 0)
        for what, change in _of(node):
            told = lines[line - 1].strip() if lines and isinstance(node, ast.Constant) else ast.unparse(node)
            yield f"line {line}: {what} in  {told.splitlines()[0][:90]}", change


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes in which a change can matter: neither types nor docstrings nor decorators."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST):
                continue
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue
            yield child
            yield from _inside(child)


def _of(node: ast.AST) -> Iterator[Change]:
    """The changes of one node; each can be made once."""
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                other = _COMPARED[type(operator)]
                yield (
                    f"{type(operator).__name__} → {other.__name__}",
                    lambda place=place, other=other: node.ops.__setitem__(place, other()),
                )
        case ast.BoolOp():
            other_junctor = ast.Or if isinstance(node.op, ast.And) else ast.And
            yield f"{type(node.op).__name__} → {other_junctor.__name__}", lambda: setattr(node, "op", other_junctor())
        case ast.BinOp() if type(node.op) in _COMPUTED:
            computed = _COMPUTED[type(node.op)]
            yield f"{type(node.op).__name__} → {computed.__name__}", lambda: setattr(node, "op", computed())
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", lambda: _truth(node)
        case ast.Constant(value=bool()):
            yield f"{node.value} → {not node.value}", lambda: setattr(node, "value", not node.value)
        case ast.Constant(value=int()):
            for step in (1, -1):
                yield f"{node.value} → {node.value + step}", lambda step=step: setattr(node, "value", node.value + step)
        case ast.Return() if node.value is not None and not _is_none(node.value):
            yield "returns None", lambda: setattr(node, "value", ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield "does nothing", lambda: setattr(node, "value", ast.Constant(None))
        case ast.If() | ast.IfExp() | ast.While() if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            yield "if not", lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.comprehension():
            for place in range(len(node.ifs)):
                yield "without if", lambda place=place: node.ifs.__setitem__(place, ast.Constant(True))


def _truth(node: ast.UnaryOp) -> None:
    """`not x` becomes the truth of x."""
    node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
