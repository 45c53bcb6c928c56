from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from evcollab.cli import main
from evcollab.contributions.formatting import format_package

from .conftest import ROOT
from .validation import packages


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        status = main(arguments)
    except SystemExit as stop:
        status = int(stop.code or 0)
    out, err = capsys.readouterr()
    return status, out, err


def test_no_argument_tells_versions_licence_rows_years_and_how_to_cite(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys)
    assert status == 0
    for word in ("CC-BY-4.0", "countries       250", "events of 20", "How to cite:", "sources disagree"):
        assert word in out


@pytest.mark.parametrize("arguments", [["--help"], ["show", "--help"], ["describe", "--help"], ["explain", "--help"]])
def test_help_is_there(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    status, out, _ = run(capsys, *arguments)
    assert status == 0
    assert "usage: evcollab" in out


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert "evcollab explain lao-ev-forum-2023" in run(capsys, "--help")[1]


def test_show_csv_without_conditions_is_the_file_itself(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "show", "events", "--format", "csv")[1]
    assert out == (Path(__file__).parent.parent / "data" / "events.csv").read_text(encoding="utf-8")


def test_show_chooses_rows_and_columns(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["show", "countries", "--where", "alpha2=na", "--columns", "name,alpha2", "--format", "csv"]
    assert run(capsys, *arguments)[1] == "name,alpha2\nNamibia,NA\n"


def test_several_conditions_must_all_hold(capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--where", "country_code=LAO", "--where", "start_date=2023"]
    out = run(capsys, "show", "events", *where, "--columns", "event_id", "--format", "csv")[1]
    assert "lao-ev-forum-2023" in out
    assert "lao-ev-forum-2022" not in out


def test_json_is_a_list_of_objects_with_text_cells(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(run(capsys, "show", "events", "--limit", "2", "--format", "json")[1])
    assert len(rows) == 2
    assert all(isinstance(cell, str) for row in rows for cell in row.values())


def test_markdown_escapes_the_column_mark(capsys: pytest.CaptureFixture[str], package: Path) -> None:
    file = package / "data" / "countries.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Namibia", "Nam|ibia"), encoding="utf-8")
    format_package(package)
    where = ["--where", "country_code=NAM", "--package", str(package)]
    assert "Nam\\|ibia" in run(capsys, "show", "countries", *where, "--format", "markdown")[1]


def test_the_table_tells_how_many_rows_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert "3 of 250 rows" in run(capsys, "show", "countries", "--limit", "3")[1]


def test_csv_output_can_be_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.reader(io.StringIO(run(capsys, "show", "claims", "--format", "csv")[1])))
    assert len({len(row) for row in rows}) == 1


def test_describe_lists_codes_with_their_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "describe", "policy_targets", "metric")[1]
    assert "Percent of new vehicles sold" in out
    assert "required" in out


def test_describe_lists_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "describe", "events")[1]
    assert "costs_covered  (list" in out
    assert "refers to countries" in out


def test_explain_shows_sources_basis_and_conflicts(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "explain", "events", "ecosf-electric-mobility-beijing-2024")[1]
    assert "start_date: 2024-04-15" in out
    assert "inferred" in out
    assert "! '2023-07-11' says" in run(capsys, "explain", "events", "lao-ev-forum-2023")[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shwo"], "did you mean show"),
        (["show", "event"], "did you mean events"),
        (["show", "events", "--columns", "nmae"], "did you mean name"),
        (["show", "events", "--where", "contry_code=LAO"], "did you mean country_code"),
        (["show", "events", "--where", "LAO"], "expected COLUMN=VALUE"),
        (["show", "events", "--where", "kind=fourm"], "did you mean forum"),
        (["show", "events", "--where", "country_code=LAP"], "there is no country 'LAP'"),
        (["show", "events", "--where", "start_date>=last year"], "is not a value of start_date; expected a date"),
        (["show", "events", "--where", "name>=A"], "name has no order"),
        (["explain", "lao-ev-form-2023"], "did you mean lao-ev-forum-2023"),
        (["explain", "events", "a", "b"], "expected an identifier, or a table and an identifier"),
        (["targets", "--country", "Atlantis"], "there is no country 'Atlantis'"),
        (["describe", "events", "stat_date"], "did you mean start_date"),
        (["explain", "events", "lao-ev-forum"], "did you mean lao-ev-forum-202"),
        (["show", "events", "--package", "/nowhere"], "there is no file or folder"),
    ],
)
def test_wrong_usage_is_explained_and_exits_with_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_bad_data_is_explained_without_a_traceback(capsys: pytest.CaptureFixture[str], package: Path) -> None:
    file = package / "data" / "events.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",held,", ",hold,"), encoding="utf-8")
    status, _, err = run(capsys, "show", "events", "--package", str(package))
    assert status == 2
    assert re.search(r"data/events.csv, line \d+, column status: 'hold'", err)


def test_a_closed_pipe_ends_quietly() -> None:
    command = f"{sys.executable} -m evcollab show countries --format json | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == "[\n"
    assert done.stderr.splitlines()[1:] == []


@pytest.mark.parametrize(
    "command",
    ["conflicts", "targets", "phase-outs", "history", "members asean", "funding", "funding --total", "met"],
)
def test_every_answer_is_a_command_in_every_format(
    capsys: pytest.CaptureFixture[str], part: Path, command: str
) -> None:
    words = [*command.split(), "--limit", "2", "--package", str(part)]
    table = json.loads(run(capsys, *words, "--format", "json")[1])
    assert len(table) == 2
    lines = run(capsys, *words, "--format", "csv")[1].splitlines()
    assert lines[0].split(",") == list(table[0])
    assert len(lines) == 3
    assert run(capsys, *words, "--format", "markdown")[1].startswith(f"| {next(iter(table[0]))} |")
    assert "2 of " in run(capsys, *words, "--names")[1]


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)


@pytest.mark.parametrize(
    "command",
    [
        "",
        "conflicts --limit 9",
        "describe policy_targets metric",
        "describe events",
        "find lao forum",
        "funding --limit 9",
        "history --limit 9",
        "phase-outs --limit 9 --names",
        "show events --limit 9",
        "targets --limit 9 --names",
    ],
)
def test_in_a_terminal_of_80_columns_only_words_that_cannot_be_broken_are_longer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, part: Path, command: str
) -> None:
    at_a_terminal(monkeypatch, 80)
    lines = run(capsys, *command.split(), "--package", str(part))[1].splitlines()
    assert lines
    assert [line for line in lines if len(line) > 80 and len(line.split()[-1]) < 40] == []


def test_a_wide_terminal_shows_a_table_and_a_narrow_one_the_same_cells_below_each_other(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["show", "countries", "--where", "country_code=LAO", "--package", str(ROOT)]
    at_a_terminal(monkeypatch, 400)
    assert run(capsys, *words)[1].startswith("country_code  ")
    at_a_terminal(monkeypatch, 40)
    narrow = run(capsys, *words)[1]
    assert "country_code  LAO\n" in narrow
    assert run(capsys, *words, "--format", "records")[1] == narrow


def test_an_answer_prints_a_date_only_as_exact_as_it_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["targets", "--country", "LAO", "--package", str(ROOT), "--format", "json"]
    found = {row["target_id"]: row for row in json.loads(run(capsys, *words)[1])}
    assert found["lao-2021-stock-share-2025"]["announced_date"] == "2021-10"
    assert "announced_date_precision" not in found["lao-2021-stock-share-2025"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["met", "CHN"], "usage: evcollab met [-h] [--country NAME]"),
        (["build", "--chek"], "not expected here: '--chek'; did you mean --check"),
        (["explain"], "usage: evcollab explain [-h] [--package PATH] [TABLE] RECORD\n"),
    ],
)
def test_a_wrong_call_shows_the_usage_of_its_command(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    status, _, err = run(capsys, *words)
    assert status == 2
    assert said in err


def test_a_record_is_found_by_its_identifier_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "explain", "lao-ev-forum-2023")[1] == run(capsys, "explain", "events", "lao-ev-forum-2023")[1]
    assert run(capsys, "cite", "lao-ev-forum-2023")[1] == run(capsys, "cite", "events", "lao-ev-forum-2023")[1]


def test_a_former_identifier_leads_to_the_record_that_took_its_place(
    capsys: pytest.CaptureFixture[str], package: Path
) -> None:
    with (package / "data" / "former_ids.csv").open("a", encoding="utf-8") as file:
        file.write("events,laos-forum,lao-ev-forum-2023,1.0.0,renamed\n")
    main(["format", str(package)])
    capsys.readouterr()
    shown = run(capsys, "explain", "laos-forum", "--package", str(package))
    assert shown[:2] == run(capsys, "explain", "lao-ev-forum-2023", "--package", str(package))[:2]


def test_a_command_reads_the_register_of_the_folder_it_is_called_in_and_says_so(
    capsys: pytest.CaptureFixture[str], package: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(package / "data")
    assert run(capsys, "show", "countries", "--limit", "1")[2] == f"register: {package}\n"
    monkeypatch.chdir(tmp_path)
    assert "came with evcollab" in run(capsys, "show", "countries", "--limit", "1")[2]


def test_a_cell_cannot_control_the_terminal_and_no_spreadsheet_runs_one(
    capsys: pytest.CaptureFixture[str], package: Path
) -> None:
    file = package / "data" / "events.csv"
    header, row, *rest = file.read_text(encoding="utf-8").split("\n")
    row = row.replace(row.split(",")[1], "=1+1\x1b[31m\u202e", 1)
    file.write_text("\n".join([header, row, *rest]), encoding="utf-8")
    main(["format", str(package)])
    capsys.readouterr()
    words = ["show", "events", "--limit", "1", "--columns", "name", "--package", str(package)]
    assert "=1+1<U+001B>[31m<U+202E>" in run(capsys, *words)[1]
    assert run(capsys, *words, "--format", "csv")[1].splitlines()[1].lstrip('"').startswith("'=1+1")


def test_a_register_with_errors_that_a_question_cannot_bear_is_told_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    packages.write(tmp_path, packages.base())
    file = tmp_path / "data" / "events.csv"
    file.write_text(file.read_text(encoding="utf-8") * 2, encoding="utf-8")
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for n, line in enumerate(lines) if n == 0 or line != lines[0]), encoding="utf-8")
    packages.refresh(tmp_path)
    status, _, err = run(capsys, "funding", "--package", str(tmp_path))
    assert status == 2
    assert "data/events.csv, line" in err
    assert "evcollab validate lists them all" in err


def test_validation_without_a_path_reads_the_register_of_this_folder_and_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, package: Path
) -> None:
    (package / "data" / "events.csv").write_text("event_id\n", encoding="utf-8")
    monkeypatch.chdir(package / "data")
    status, _, err = run(capsys, "validate", "--format", "json")
    assert status == 1
    assert err == f"register: {package}\n"
