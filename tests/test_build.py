"""Everything generated comes from one command, which also tells what is stale."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import evcollab
from evcollab import build, cli
from evcollab.contributions.formatting import format_package

from .conftest import ROOT

PAGE = "# A\n\n```python\nlen(ds)\n```\n\n<!-- result -->\nold\n<!-- end -->\n\nB\n"
README = "# A\n<!-- coverage -->\nold\n<!-- end -->\nB\n"
ALL = [
    *("README.md", "docs/questions.md", "docs/questions.ipynb", "docs/coverage.md", "docs/rules.md"),
    "schemas/contribution.schema.json",
    *(f".github/ISSUE_TEMPLATE/{name}.yml" for name in ("event", "target", "correction", "source")),
]
PICTURES = [f"docs/pictures/{name}.svg" for name in ("map", "network", "targets", "timeline")]


@pytest.fixture
def checkout(package: Path) -> Path:
    """A register with a place for everything that is generated, all of it stale."""
    (package / "docs").mkdir()
    (package / "docs" / "questions.md").write_text(PAGE, encoding="utf-8")
    (package / "README.md").write_text(README, encoding="utf-8")
    (package / ".github" / "ISSUE_TEMPLATE").mkdir(parents=True)
    (package / "schemas" / "contribution.schema.json").write_text("{}", encoding="utf-8")
    return package


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def run(folder: Path, *options: str) -> int:
    return cli.main(["build", "--package", str(folder), *options])


def test_everything_generated_is_written_by_one_command(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(checkout) == 0
    assert sorted(capsys.readouterr().out.split()) == sorted([*ALL, *PICTURES])
    readme = (checkout / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# A\n<!-- coverage -->\n- ")
    assert readme.endswith(" disagree\n<!-- end -->\nB\n")
    assert (checkout / "docs" / "questions.md").read_text(encoding="utf-8") == PAGE.replace("old", "`11`")
    assert "Blank spots" in (checkout / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert "event-end-before-start" in (checkout / "docs" / "rules.md").read_text(encoding="utf-8")
    assert run(checkout, "--check") == 0
    assert capsys.readouterr().out == "Everything generated is up to date.\n"


def test_check_names_what_is_stale_and_writes_nothing(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(checkout)
    assert run(checkout, "--check") == 1
    said = capsys.readouterr()
    assert sorted(said.out.split()) == sorted(ALL)
    assert f"{len(ALL)} files are stale; write them anew with:  evcollab build" in said.err
    assert contents(checkout) == before


def test_a_register_without_places_gets_nothing(package: Path) -> None:
    (package / "schemas" / "contribution.schema.json").unlink()
    before = contents(package)
    assert build.build(package) == []
    assert contents(package) == before


def test_pictures_are_drawn_where_there_is_a_folder_of_documentation(checkout: Path) -> None:
    pictures = [file for file in build.build(checkout) if file.endswith(".svg")]
    assert sorted(pictures) == PICTURES
    assert all((checkout / file).read_text(encoding="utf-8").startswith("<svg") for file in pictures)


def test_an_answer_that_fails_ends_in_a_sentence_and_changes_nothing(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "docs" / "questions.md").write_text(PAGE.replace("len(ds)", "ds.nothing"), encoding="utf-8")
    before = contents(checkout)
    assert run(checkout) == 2
    assert "this code fails with AttributeError" in capsys.readouterr().err
    assert contents(checkout) == before


@pytest.mark.parametrize("code", ["x = 1", "if True:\n    1", "1 +", "", "raise SystemExit(0)"])
def test_code_without_a_result_is_refused(ds: evcollab.Dataset, code: str) -> None:
    with pytest.raises(evcollab.EvcollabError):
        build.run(code, ds)


def test_a_folder_without_data_ends_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 2
    assert "has no datapackage.json" in capsys.readouterr().err


def test_a_page_that_is_not_text_ends_in_a_sentence(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "README.md").write_bytes(b"\xff\xfe")
    assert run(checkout) == 2
    assert "README.md cannot be read" in capsys.readouterr().err


def test_a_long_result_says_how_many_rows_are_left() -> None:
    assert "… and 2 more rows." in build.shown(pd.DataFrame({"a": range(12)}))
    assert build.shown(pd.DataFrame({"a": []})) == "No rows.\n"


def test_the_register_has_a_place_for_everything_that_is_generated(tmp_path: Path) -> None:
    for part in ("docs", "schemas", "data", ".github"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "datapackage.json", tmp_path)
    shutil.copy(ROOT / "README.md", tmp_path)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert len(build.NUMBERS.findall(readme)) == 1
    for file in ALL:
        text = {"README.md": README, "docs/questions.md": PAGE}.get(file, "stale")
        (tmp_path / file).write_text(text, encoding="utf-8")
    assert sorted(build.build(tmp_path, check=True)) == sorted(ALL)


def test_the_example_register_is_in_canonical_form() -> None:
    assert format_package(ROOT / "examples" / "register", check=True) == []
