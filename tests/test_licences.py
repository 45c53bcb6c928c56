"""No library comes in whose licence nobody looked at."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import re
from email.message import Message
from typing import Any

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def script() -> Any:
    loader = importlib.machinery.SourceFileLoader("licences", str(ROOT / ".ci" / "licences"))
    spec = importlib.util.spec_from_loader("licences", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


class Library:
    """A distribution as the script sees it."""

    def __init__(self, name: str, *headers: tuple[str, str]) -> None:
        self.name, self.metadata, self.requires = name, Message(), None
        for key, value in headers:
            self.metadata[key] = value


def test_every_library_that_is_brought_is_permissive_or_reviewed(script: Any) -> None:
    assert script.problems() == []


def test_the_page_tells_the_licence_of_every_library_that_is_named_in_pyproject(script: Any) -> None:
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| ([\w.-]+) \| ([^|]+) \|", page.split("## Not permissive")[0], re.MULTILINE))
    assert script.direct() <= listed.keys()
    installed = {name: script.licence(dist) for name, (dist, _) in script.brought().items() if name in script.direct()}
    assert {name: listed[name] for name in installed} == installed


def test_the_page_is_what_the_script_writes_but_for_libraries_that_others_bring(script: Any) -> None:
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    prose = [line for line in script.page().splitlines() if not line.startswith("|")]
    assert [line for line in page.splitlines() if not line.startswith("|")] == prose
    assert page.split("## Not permissive")[1] == script.page().split("## Not permissive")[1]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("License-Expression", "MIT")], "MIT"),
        ([("License-Expression", "BSD-3-Clause AND 0BSD")], "BSD"),
        ([("License-Expression", "Apache-2.0 OR BSD-2-Clause")], "Apache, BSD"),
        ([("License-Expression", "MIT AND (BSD-2-Clause OR LGPL-2.1-or-later)")], "BSD, MIT"),
        ([("License-Expression", "GPL-3.0-or-later")], "GPL"),
        ([("License-Expression", "MIT AND AGPL-3.0-only")], "GPL, MIT"),
        ([("License-Expression", "SSPL-1.0")], "SSPL-1.0"),
        ([("Classifier", "License :: OSI Approved :: BSD License"), ("License", "Copyright (c) …")], "BSD"),
        ([("Classifier", "License :: OSI Approved"), ("License", "MIT")], "MIT"),
        ([("Classifier", "License :: OSI Approved :: GNU General Public License v3 (GPLv3)")], "GPL"),
        ([("Classifier", "License :: OSI Approved :: GNU Lesser General Public License v2 (LGPLv2)")], "LGPL"),
        ([("Classifier", "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)")], "MPL"),
        ([("License", "MPL-2.0 AND MIT")], "MIT, MPL"),
        ([("License", "Mine, ask me")], "Mine, ask me"),
        ([], "unknown"),
    ],
)
def test_a_licence_is_read_from_whatever_a_library_says(
    script: Any, headers: list[tuple[str, str]], expected: str
) -> None:
    assert script.licence(Library("some-library", *headers)) == expected


@pytest.mark.parametrize("licence", ["GPL-3.0-or-later", "MIT AND LGPL-3.0-only", "SSPL-1.0", ""])
def test_a_library_with_another_licence_is_told_with_the_extras_that_bring_it(
    script: Any, licence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library("newcomer", ("License-Expression", licence))
    monkeypatch.setattr(script, "brought", lambda: {"newcomer": (library, ["export", "all"])})
    (told,) = script.problems()
    assert re.fullmatch(r"newcomer \(.+\), brought by export, all: neither permissive nor reviewed .*", told)


def test_a_reviewed_library_whose_licence_changed_is_told_again(script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library("certifi", ("License-Expression", "GPL-3.0-only"))
    monkeypatch.setattr(script, "brought", lambda: {"certifi": (library, ["validate"])})
    assert len(script.problems()) == 1
