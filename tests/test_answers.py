"""Each answer of docs/questions.md, on a small register, against what somebody worked out by hand from its tables."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest

import evcollab
from evcollab import build, cli, csvfile

from .conftest import ROOT, some

HERE = Path(__file__).parent / "answers"
PAGE = (ROOT / build.QUESTIONS).read_text(encoding="utf-8")
SECTION = re.compile(r"^### (?P<question>.*)\n(?P<text>(?:(?!##).*\n)*)", re.MULTILINE)


def sections(page: str) -> dict[str, str]:
    """Question → what stands below it."""
    return {found["question"]: found["text"] for found in SECTION.finditer(page)}


def table(text: str) -> str:
    """The lines of the table in a text."""
    return "\n".join(line for line in text.splitlines() if line.startswith("|"))


def code_of(text: str) -> str:
    [block] = build.ANSWER.finditer(text)
    return block["code"]


ASKED = sections(PAGE)
ANSWERED = [question for question, text in ASKED.items() if "```python" in text]
EXPECTED = {question: table(text) for question, text in sections((HERE / "expected.md").read_text("utf-8")).items()}


def write_register(folder: Path) -> Path:
    """The tables beside this file as a package: with the shipped schemas and countries, and all other columns empty."""
    descriptor = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    (folder / "data").mkdir()
    for resource in descriptor["resources"]:
        for fact in ("bytes", "hash", "rows"):
            resource.pop(fact, None)
        target = folder / resource["path"]
        source = HERE / target.name
        if not source.exists():
            shutil.copy(ROOT / resource["path"], target)
            continue
        schema = json.loads((ROOT / resource["schema"]).read_text(encoding="utf-8"))
        header = [field["name"] for field in schema["fields"]]
        with source.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert all(set(row) <= {*header} for row in rows), f"{source} has a column that is none"
        text = csvfile.write(header, [[row.get(column, "") for column in header] for row in rows])
        target.write_text(text, encoding="utf-8", newline="")
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> evcollab.Dataset:
    return evcollab.load(write_register(tmp_path_factory.mktemp("answers")))


def test_every_question_has_an_answer_and_every_answer_an_expectation() -> None:
    assert list(EXPECTED) == list(ASKED)
    assert all(EXPECTED.values())
    assert PAGE.count("```python") == len(ANSWERED) + 1  # the first block only loads the data
    assert len(ANSWERED) >= 28


@pytest.mark.parametrize("question", ANSWERED)
def test_an_answer_is_what_was_worked_out_by_hand(register: evcollab.Dataset, question: str) -> None:
    result = build.shown(build.run(code_of(ASKED[question]), register), rows=100)
    assert table(result) == EXPECTED[question]


@pytest.mark.parametrize("question", some(ANSWERED))
def test_an_answer_has_rows_on_the_shipped_data(ds: evcollab.Dataset, question: str) -> None:
    assert len(build.run(code_of(ASKED[question]), ds))


@pytest.mark.parametrize("question", ANSWERED)
def test_an_answer_is_at_most_five_lines_that_fit_a_screen(question: str) -> None:
    lines = code_of(ASKED[question]).splitlines()
    assert len(lines) <= 5
    assert all(len(line) <= 120 for line in lines)


def test_what_changed_between_two_releases_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "What changed between two releases of the data?"
    [command] = re.findall(r"```sh\n(.*)\n```", ASKED[question])
    older, newer = write_register(tmp_path / "older"), write_register(tmp_path / "newer")
    for name in ("events", "participants"):
        file = older / "data" / f"{name}.csv"
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("zaf-workshop-2025")]
        file.write_text("".join(kept), encoding="utf-8", newline="")
    targets = older / "data" / "policy_targets.csv"
    text = targets.read_text(encoding="utf-8")
    before = re.sub("(?m)^(uga-2025.*?,stock_share),20,", r"\1,25,", text)
    assert before != text
    targets.write_text(before, encoding="utf-8", newline="")

    program, action, *_ = command.split()
    assert program == "evcollab"
    assert cli.main([action, str(older), str(newer), "--format", "json"]) == 0
    records = json.loads(capsys.readouterr().out)["records"]
    rows = [f"| {each['change']} | {each['table']} | {each['record']} |" for each in records]
    assert rows == EXPECTED[question].splitlines()[2:]
