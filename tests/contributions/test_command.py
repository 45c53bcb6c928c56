from __future__ import annotations

import json
from pathlib import Path

import pytest

import evcollab.cli.contributing as command
from evcollab import package
from evcollab.cli import main
from evcollab.errors import PackageError
from tests.contributions.registers import ROOT, add, content, event, source

EXAMPLE = str(ROOT / "docs/examples/event.yaml")


def test_the_worked_example_is_added_in_words_and_the_register_is_valid(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", EXAMPLE, "--package", str(register)]) == 0
    shown = capsys.readouterr().out
    assert "+ East African Workshop on Plugs for Electric Buses" in shown
    assert "participants: 5 added" in shown
    from evcollab import validation

    assert validation.validate(register).valid


def test_adding_twice_says_that_nothing_changed(register: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["add", EXAMPLE, "--package", str(register)])
    before = content(register)
    capsys.readouterr()
    assert main(["add", EXAMPLE, "--package", str(register)]) == 0
    printed = capsys.readouterr()
    assert printed.out == "Nothing changed: all of it is in the register already.\n"
    assert "the event is in the register as" in printed.err
    assert content(register) == before


def test_a_dry_run_shows_the_changes_and_writes_nothing(register: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = content(register)
    assert main(["add", EXAMPLE, "--dry-run", "--package", str(register)]) == 0
    assert content(register) == before
    tried = capsys.readouterr()
    assert "Nothing was written" in tried.err
    main(["add", EXAMPLE, "--package", str(register)])
    assert capsys.readouterr().out == tried.out


def test_the_changes_can_be_had_as_json(register: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["add", EXAMPLE, "--dry-run", "--format", "json", "--package", str(register)])
    assert json.loads(capsys.readouterr().out)["bump"] == "minor"


def test_a_bad_document_ends_with_its_problems_and_status_1(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(source() + event().replace("forum", "forums").replace("KEN", "XYZ"), encoding="utf-8")
    before = content(register)
    assert main(["add", str(file), "--package", str(register)]) == 1
    assert "nothing was added: 2 problems" in capsys.readouterr().err
    assert content(register) == before


def test_what_would_break_a_rule_of_the_register_is_not_added(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(source() + event() + "    mode: online\n    city: Nairobi\n", encoding="utf-8")
    before = content(register)
    assert main(["add", str(file), "--package", str(register)]) == 1
    assert "[event-online-with-city]" in capsys.readouterr().err
    assert content(register) == before


def test_an_error_that_was_there_before_does_not_stop_a_contribution(register: Path) -> None:
    (register / "data/policies.csv").write_text(
        (register / "data/policies.csv").read_text(encoding="utf-8") + "Bad_Id,Plan,KEN,,,plan,,,,,,,\n",
        encoding="utf-8",
    )
    main(["format", str(register)])
    assert main(["add", EXAMPLE, "--package", str(register)]) == 0


@pytest.mark.parametrize("kind", ["event", "target", "organisation"])
def test_a_template_is_printed_or_written_but_never_over_a_file(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", kind]) == 0
    assert "sources:" in capsys.readouterr().out
    file = tmp_path / "new.yaml"
    assert main(["new", kind, str(file)]) == 0
    written = file.read_bytes()
    assert b"contribution.schema.json" in written.splitlines()[0]
    assert main(["new", kind, str(file)]) == 2
    assert file.read_bytes() == written


def test_an_empty_workbook_is_written(tmp_path: Path) -> None:
    assert main(["template", str(tmp_path / "book.xlsx")]) == 0
    assert (tmp_path / "book.xlsx").stat().st_size > 10_000
    assert main(["template", str(tmp_path / "book.csv")]) == 2
    assert main(["template", str(tmp_path / "nowhere" / "book.xlsx")]) == 2


def test_format_lists_what_it_mends_and_check_names_the_command(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = register / "data/countries.csv"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    before = content(register)
    assert main(["format", "--check", str(register)]) == 1
    printed = capsys.readouterr()
    assert printed.out == "data/countries.csv\n"
    assert f"evcollab format {register}" in printed.err
    assert content(register) == before
    assert main(["format", str(register)]) == 0
    assert main(["format", "--check", str(register)]) == 0


def test_diff_compares_folders(register: Path, bare: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["add", EXAMPLE, "--package", str(register)])
    capsys.readouterr()
    assert main(["diff", str(bare), str(register), "--format", "markdown", "--package", str(register)]) == 0
    assert "#### events: 1 added" in capsys.readouterr().out


def test_release_refuses_with_status_1_and_names_the_tag_when_done(
    register: Path, bare: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["add", EXAMPLE, "--package", str(register)])
    assert main(["release", "0.1.1", "--previous", str(bare), "--package", str(register)]) == 1
    assert main(["release", "0.2.0", "--previous", str(bare), "--package", str(register)]) == 0
    assert "git tag data-v0.2.0" in capsys.readouterr().out


def test_the_data_of_an_installed_evcollab_is_not_changed(
    register: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "site-packages" / "evcollab"
    (register).rename(tmp_path / "data-package")
    installed.mkdir(parents=True)
    (tmp_path / "data-package").rename(installed / "_package")
    monkeypatch.setattr(package, "__file__", str(installed / "package.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PackageError, match="is not changed: work in a checkout"):
        command.writable()
    with pytest.raises(PackageError, match="is not changed"):
        command.writable(str(installed / "_package"))
    monkeypatch.chdir(installed / "_package")
    with pytest.raises(PackageError, match="is not changed"):
        command.writable()


def test_two_records_are_merged_by_a_command(register: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = "organisations:\n  - {name: Savanna Motors, kind: company, country_code: KEN, locator: p1}\n"
    add(register, source() + body + "  - {name: Lake Chargers, kind: company, country_code: KEN, locator: p1}\n")
    before = content(register)
    command_line = ["merge", "organisations", "lake-chargers", "savanna-motors", "--package", str(register)]
    assert main([*command_line, "--dry-run"]) == 0
    assert content(register) == before
    assert main(command_line) == 0
    assert "1 removed" in capsys.readouterr().out
    assert main(command_line) == 2
    assert "there is no record in organisations: 'lake-chargers'" in capsys.readouterr().err


def test_in_a_checkout_the_package_is_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert command.writable() == ROOT / "datapackage.json"
