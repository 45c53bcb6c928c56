"""A register of one's own: started with one command, of any tables, and worked with like ours."""

from __future__ import annotations

import itertools
import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import evcollab
from evcollab import EvcollabError, cli, package, validate
from evcollab.build import build as build_pages
from evcollab.canonical import files_for
from evcollab.contributions import templates
from evcollab.contributions.add import add
from evcollab.contributions.diff import compare
from evcollab.contributions.formatting import format_package
from evcollab.contributions.forms import offered
from evcollab.contributions.releasing import release
from evcollab.contributions.revisions import open_snapshot
from evcollab.contributions.starting import ON_GITHUB, closed, init
from evcollab.exports import export
from evcollab.register import Register
from evcollab.site import build
from tests.conftest import ROOT, examples
from tests.test_workflows import PINNED
from tests.validation import packages

NAMES: dict[str, Any] = {
    "name": "ferry-register",
    "title": "Ferries & trams: a register",
    "contributors": ["Ann Example-Otieno"],
    "today": packages.TODAY,
}
SCHEMAS = package.standard().schemas
CLOSED = [
    frozenset(tables)
    for size in range(1, len(SCHEMAS) + 1)
    for tables in itertools.combinations(SCHEMAS, size)
    if all(target in tables for table in tables for target, _ in SCHEMAS[table].foreign_keys.values())
]
"""The sets of tables that refer to nothing outside of them."""
EVENT = """\
sources:
  - url: https://example.org/{number}
    title: Neighbours agree on plug number {number}
    publisher: Example Herald
    kind: news
    tier: secondary
    published_date: 2025-06-01
events:
  - name: Workshop on plug number {number}
    kind: workshop
    scope: bilateral
    status: held
    start_date: 2025-05-0{number}
    end_date: 2025-05-0{number}
    country_code: KEN
    locator: p1
    participants:
      - {{country_code: KEN, role: host, attendance: confirmed}}
      - {{country_code: UGA, role: participant, attendance: confirmed}}
"""


def start(folder: Path, tables: Iterable[str] = (), **options: Any) -> dict[str, str]:
    return init(folder, **(NAMES | options), tables=list(tables))


def event(folder: Path, number: int = 1, text: str = EVENT) -> Path:
    file = folder / f"event-{number}.yaml"
    file.write_text(text.format(number=number), encoding="utf-8")
    return file


def all_files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_a_register_is_started_filled_validated_exported_and_shown_in_under_ten_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs/own-register.md").read_text(encoding="utf-8")
    commands = [shlex.split(line, comments=True) for line in page.split("```sh\n")[1].split("```")[0].splitlines()]
    assert [words[1] for words in commands] == ["init", "ferries", "new", "add", "validate", "export", "site"]
    folder = tmp_path
    for program, *words in commands:
        if program == "cd":
            folder = folder / words[0]
            continue
        assert program == "evcollab"
        monkeypatch.chdir(folder)
        assert cli.main(words) == 0, words
        if words[0] == "new":  # somebody fills it, with two events
            two = EVENT.format(number=1) + EVENT.format(number=2).split("events:\n")[1]
            (folder / words[-1]).write_text(two, encoding="utf-8")
    assert len(evcollab.load(folder).events) == 2
    assert (folder / "register.xlsx").is_file()
    assert "Workshop on plug number 2" in (folder / "public/events/index.html").read_text(encoding="utf-8")
    assert validate(folder, strict=True, frictionless=True).valid


# What it writes


def test_all_that_is_written_is_canonical_and_valid_for_both_validators(tmp_path: Path) -> None:
    done = start(tmp_path / "own", github=True)
    assert set(done.values()) == {""}
    assert validate(tmp_path / "own", strict=True, frictionless=True).issues == ()
    assert format_package(tmp_path / "own", check=True) == []


def test_the_schemas_and_countries_are_the_standard_ones_and_all_else_is_empty(tmp_path: Path) -> None:
    start(tmp_path / "own")
    ds = evcollab.load(tmp_path / "own")
    assert {table: len(ds[table]) for table in ds if len(ds[table])} == {"countries": len(evcollab.load().countries)}
    for table, schema in SCHEMAS.items():
        assert (tmp_path / "own" / schema.file).read_bytes() == (package.find().parent / schema.file).read_bytes(), (
            table
        )


def test_what_a_table_refers_to_and_its_sources_are_added_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--name", "own", "--title", "Ferries", "--contributor", "Ann", "--tables", "memberships"]
    assert cli.main(["init", str(tmp_path / "own"), *words]) == 0
    said = capsys.readouterr().out
    assert "organisations, memberships, countries, sources, claims" in said
    assert "organisations (memberships refers to it)" in said
    assert "sources (every row has a source)" in said


def test_a_repository_without_files_is_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").touch()
    start(tmp_path, github=True)
    assert validate(tmp_path, strict=True).valid


def test_a_start_that_was_cut_short_can_be_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(old: object, new: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(os, "replace", stop)
        cut.setattr("evcollab.atomic.recover", lambda root: None)
        with pytest.raises(KeyboardInterrupt):
            start(tmp_path / "own")
    assert not (tmp_path / "own/datapackage.json").exists()
    start(tmp_path / "own")
    assert validate(tmp_path / "own", strict=True).valid
    assert {name for name in all_files(tmp_path / "own") if "/." in f"/{name}"} == {".gitattributes"}


# What it refuses


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "My Register"}, "--name: 'My Register' has another form .*; did you mean 'my-register'"),
        ({"name": "../up"}, "--name: '../up' has another form"),
        ({"name": ""}, "--name: '' has another form"),
        ({"title": " "}, "--title: '' is empty"),
        ({"title": "TODO"}, "--title: 'TODO' says nothing"),
        ({"title": "Bo\udcffats"}, "not text"),
        ({"contributors": ["Ann", "Your Name"]}, "--contributor: 'Your Name' says nothing"),
        ({"contributors": []}, "--contributor: .*at least 1"),
        ({"tables": ["events", "event"]}, "there is no table 'event'; did you mean events"),
    ],
)  # fmt: skip
def test_what_no_register_can_be_called_is_refused(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    with pytest.raises(EvcollabError, match=said):
        init(tmp_path / "own", **(NAMES | options))
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize("held", ["datapackage.json", "notes.txt", ".hidden", "data/mine.csv"])
def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path, held: str) -> None:
    (tmp_path / held).parent.mkdir(exist_ok=True)
    (tmp_path / held).write_text("work of years", encoding="utf-8")
    with pytest.raises(EvcollabError, match=f"is not empty, it has {held}"):
        start(tmp_path)
    assert all_files(tmp_path) == {held: b"work of years"}


def test_a_link_to_another_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "own").mkdir()
    (tmp_path / "own/data").symlink_to(tmp_path / "else")
    with pytest.raises(EvcollabError, match="it has data"):
        start(tmp_path / "own")
    assert list((tmp_path / "else").iterdir()) == []


@pytest.mark.parametrize("place", ["file", "file/own", "a\0b", "x" * 300])
def test_what_can_be_no_folder_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EvcollabError, match=r"name a new folder|cannot be made"):
        start(tmp_path / place)


def test_workflows_are_refused_where_github_would_not_look(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(EvcollabError, match="is inside the repository"):
        start(tmp_path / "own", github=True)
    start(tmp_path / "own")


# On GitHub


def test_workflows_action_and_hook_are_ours_but_for_where_evcollab_comes_from(tmp_path: Path) -> None:
    start(tmp_path, github=True)
    pinned = f"=={evcollab.__version__}"
    for here, there in ON_GITHUB.items():
        ours, theirs = ((root / file).read_text(encoding="utf-8") for root, file in ((ROOT, here), (tmp_path, there)))
        pairs = zip(ours.splitlines(), theirs.splitlines(), strict=True)
        other = [line for line, their in pairs if line != their]
        assert all("pip install" in line or line.strip() == "- uses: ./" for line in other)
        assert ("pip install" in ours) == (pinned in theirs)
        assert "--editable" not in theirs
        content = yaml.safe_load(theirs)
        parts = content["jobs"].values() if "jobs" in content else [content["runs"]]
        for step in (step for part in parts for step in part["steps"] if "uses" in step):
            assert PINNED.fullmatch(step["uses"])
            assert not step["uses"].startswith("./") or (tmp_path / step["uses"] / "action.yml").is_file()


def test_the_hook_runs_the_command_of_the_package_index(tmp_path: Path) -> None:
    start(tmp_path, github=True)
    config = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    [ours] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    [repository] = config["repos"]
    assert repository["repo"] == "local"
    there = {"additional_dependencies": [f"evcollab[validate]=={evcollab.__version__}"]}
    assert repository["hooks"] == [ours | there]


@pytest.mark.parametrize(
    ("tables", "forms"),
    [
        (["events"], {"event", "correction", "source"}),
        (["policies"], {"correction", "source"}),
        (["policy_targets", "participants"], {"event", "target", "correction", "source"}),
    ],
)
def test_there_is_a_form_for_each_kind_of_record_that_the_register_has(
    tmp_path: Path, tables: list[str], forms: set[str]
) -> None:
    start(tmp_path, tables, github=True)
    assert {file.stem for file in (tmp_path / ".github/ISSUE_TEMPLATE").iterdir()} == forms
    assert set(offered(package.read(tmp_path))) == forms


# Any tables


def test_the_tables_of_a_start_are_the_smallest_closed_set_with_sources() -> None:
    for table in SCHEMAS:
        fitting = [tables for tables in CLOSED if {table, "sources", "claims"} <= tables]
        assert set(closed([table])) == min(fitting, key=len)


def part(folder: Path, tables: Iterable[str]) -> evcollab.Dataset:
    """The small register with these tables only, the claims on them, and the sources of these claims."""
    start(folder, tables)
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [item for item in descriptor["resources"] if item["name"] in tables]
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    register = Register.read(package.read(folder))
    rows = packages.base()
    rows["claims"] = [row for row in rows["claims"] if row["table_name"] in tables]
    if "claims" in tables:
        cited = {row["source_id"] for row in rows["claims"]}
        rows["sources"] = [row for row in rows["sources"] if row["source_id"] in cited]
    wanted = {
        table: [[row.get(column, "") for column in schema.fields] for row in rows[table]]
        for table, schema in register.package.schemas.items()
    }
    for file, data in files_for(register.package, wanted, register.contents).items():
        (folder / file).write_bytes(data)
    return evcollab.load(folder)


ANSWERS = ("coverage", "conflicts", "targets", "phase_outs", "target_history", "funding", "collaborations", "parties")


@settings(max_examples=examples(8))
@given(tables=st.sampled_from(CLOSED))
def test_a_register_of_any_closed_set_of_tables_is_valid_and_can_be_asked(
    tmp_path_factory: pytest.TempPathFactory, tables: frozenset[str]
) -> None:
    folder = tmp_path_factory.mktemp("part")
    ds = part(folder, tables)
    assert validate(folder, strict=True, today=packages.TODAY).valid
    assert set(ds) == tables
    assert all(ds[table].empty for table in SCHEMAS if table not in ds)
    for answer in ANSWERS:
        found = getattr(ds, answer)()
        assert list(ds.named(found).columns)
    assert all(record in tables for record in ds.find("lao forum")["table"])
    for form in ("zip", "jsonld", "sqlite"):
        export(ds, form, folder.parent / f"{folder.name}.{form}")


@settings(max_examples=examples(8))
@given(asked=st.sets(st.sampled_from(list(SCHEMAS)), min_size=1))
def test_a_start_with_any_tables_is_valid_takes_contributions_and_differs_from_nothing(
    tmp_path_factory: pytest.TempPathFactory, asked: set[str]
) -> None:
    folder = tmp_path_factory.mktemp("start")
    done = start(folder, sorted(asked), github=True)
    assert validate(folder, strict=True).issues == ()
    source = package.read(folder)
    for kind, key in templates.KINDS.items():
        if key in done:
            assert templates.template(source, kind)
        else:
            with pytest.raises(EvcollabError, match=f"has no table {key}"):
                templates.template(source, kind)
    if "participants" in done:
        before = shutil.copytree(folder, folder.parent / f"{folder.name}-before")
        add([event(folder.parent)], folder)
        assert compare(open_snapshot(str(before)), open_snapshot(str(folder))).bump == "minor"
        assert validate(folder, strict=True).valid
    else:
        missing = "participants" if "events" in done else "events"
        with pytest.raises(EvcollabError, match=f"there is no key '{missing}' here"):
            add([event(folder.parent)], folder)
    assert compare(open_snapshot(str(folder)), open_snapshot(str(folder))).bump == "none"


@pytest.mark.parametrize("tables", [[], ["organisations"]])
@pytest.mark.parametrize(
    "command",
    [
        *("", "show claims", "show events", "show policy_targets --where value>=3", "find boats", "cite", "conflicts"),
        *("describe events", "targets --names", "phase-outs", "history", "funding --total", "met --names"),
        *("format --check PACKAGE", "release 0.2.0", "build --check", "template OUT.xlsx", "picture map OUT.svg"),
        *("export parquet OUT", "export duckdb OUT", "export xlsx OUT", "export croissant OUT", "validate --strict"),
        "site OUT",
    ],
)
def test_every_command_works_on_an_empty_register(
    empty: dict[tuple[str, ...], Path], tables: list[str], command: str, tmp_path: Path
) -> None:
    folder = str(empty[tuple(tables)])
    words = [word.replace("OUT", str(tmp_path / "out")).replace("PACKAGE", folder) for word in command.split()]
    assert cli.main(["--package", folder, *words]) == 0


@pytest.mark.parametrize("picture", ["timeline", "targets", "network"])
def test_a_picture_of_nothing_is_refused_in_a_sentence(
    empty: dict[tuple[str, ...], Path], picture: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in empty.values():
        assert cli.main(["picture", picture, str(tmp_path / "out.svg"), "--package", str(folder)]) == 2
        assert "to draw" in capsys.readouterr().err


def test_the_pages_of_a_register_are_built_with_the_pictures_that_can_be_drawn(tmp_path: Path) -> None:
    start(tmp_path, ["organisations"])
    (tmp_path / "docs").mkdir()
    assert build_pages(tmp_path) == ["docs/coverage.md", "docs/rules.md", "docs/pictures/map.svg"]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], Path]:
    folder = tmp_path_factory.mktemp("empty")
    made: dict[tuple[str, ...], Path] = {}
    for tables in ((), ("organisations",)):
        start(folder / "-".join(("own", *tables)), tables)
        made[tables] = folder / "-".join(("own", *tables))
    return made


def test_contributions_to_a_register_without_claims_are_refused(tmp_path: Path) -> None:
    part(tmp_path / "own", ["events", "organisations", "countries"])
    with pytest.raises(EvcollabError, match="contributions need the tables sources, claims"):
        add([event(tmp_path)], tmp_path / "own")
    assert format_package(tmp_path / "own") == []


def test_a_claim_on_a_table_that_is_not_there_is_reported(tmp_path: Path) -> None:
    part(tmp_path, set(SCHEMAS) - {"memberships"})
    claims = tmp_path / "data/claims.csv"
    text = claims.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("events,"))
    claims.write_text(text + line.replace("events,", "memberships,", 1) + "\n", encoding="utf-8")
    format_package(tmp_path)
    found = [issue for issue in validate(tmp_path, today=packages.TODAY).issues if issue.severity == "error"]
    assert [issue.rule for issue in found] == ["claim-unknown-table"]
    assert found[0].message == "there is no table 'memberships' in this package"


def test_a_table_with_nearly_the_name_of_a_standard_one_is_reported(tmp_path: Path) -> None:
    start(tmp_path, ["events"])
    file = tmp_path / "datapackage.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"name": "claims"', '"name": "claim"'), encoding="utf-8")
    [issue] = validate(tmp_path).issues
    assert issue.rule == "descriptor-standard"
    assert issue.message == "'claim' is not a table of the data format; did you mean 'claims'?"


# An own column and an own code


def enlarged(folder: Path) -> Path:
    """A register of events with a column and a code of its own."""
    start(folder, ["participants"], github=True)
    file = folder / "schemas/events.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    kind = next(field for field in schema["fields"] if field["name"] == "kind")
    kind["categories"].append({"value": "regatta", "label": "Regatta", "description": "A race of electric boats."})
    kind["constraints"]["enum"].append("regatta")
    told = {"title": "Harbour", "type": "string", "description": "Where boats meet.", "example": "Mombasa"}
    schema["fields"].append({"name": "harbour", **told})
    file.write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")
    table = folder / "data/events.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("\n", ",harbour\n"), encoding="utf-8")
    assert ".github/ISSUE_TEMPLATE/event.yml" in format_package(folder)
    return folder


def test_an_own_column_and_an_own_code_survive_everything(tmp_path: Path) -> None:
    before = enlarged(tmp_path / "before")
    folder = Path(shutil.copytree(before, tmp_path / "own"))
    text = EVENT.replace("kind: workshop", "kind: regatta").replace("    locator", "    harbour: Old Port\n    locator")
    add([event(tmp_path, text=text)], folder)
    report = validate(folder, strict=True, frictionless=True)
    assert report.valid, report.issues
    assert format_package(folder, check=True) == []
    [change] = compare(open_snapshot(str(before)), open_snapshot(str(folder))).by_table()["events"]
    assert {("kind", "", "regatta"), ("harbour", "", "Old Port")} <= set(change.cells)
    release("0.2.0", folder, previous=str(before))

    ds = evcollab.load(folder)
    for form in ("zip", "sqlite", "parquet"):
        export(ds, form, tmp_path / form)
    zipfile.ZipFile(tmp_path / "zip").extractall(tmp_path / "back")
    back = next((tmp_path / "back").rglob("datapackage.json"))
    assert compare(open_snapshot(str(folder)), open_snapshot(str(back))).bump == "none"
    assert evcollab.load(back).events[["kind", "harbour"]].to_numpy().tolist() == [["regatta", "Old Port"]]
    with sqlite3.connect(tmp_path / "sqlite") as database:
        assert database.execute("SELECT kind, harbour FROM events").fetchall() == [("regatta", "Old Port")]

    import pyarrow.parquet

    assert pyarrow.parquet.read_table(tmp_path / "parquet/events.parquet")["harbour"].to_pylist() == ["Old Port"]
    build(ds, tmp_path / "site")
    page = (tmp_path / "site/events/workshop-on-plug-number-1-2025/index.html").read_text(encoding="utf-8")
    assert "Regatta" in page
    assert "Old Port" in page


def test_a_state_or_province_is_no_example_of_the_documentation(tmp_path: Path) -> None:
    start(tmp_path, ["subdivisions"])
    (tmp_path / "data/subdivisions.csv").write_text("subdivision_code,country_code,name\nUS-CA,USA,California\n")
    format_package(tmp_path)
    assert validate(tmp_path, strict=True).issues == ()


def test_windows_line_ends_are_put_right_by_format(tmp_path: Path) -> None:
    start(tmp_path, ["organisations"])
    before = all_files(tmp_path)
    for file in (tmp_path / "data").iterdir():
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert not validate(tmp_path).valid
    format_package(tmp_path)
    assert all_files(tmp_path) == before


def test_a_release_of_another_register_in_the_repository_is_not_the_last_one(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.c", *words], check=True)

    (tmp_path / "other").touch()
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "other"], ["tag", "data-v3.0.0"]):
        git(*words)
    start(tmp_path / "own")
    assert release("0.1.0", tmp_path / "own").previous == ""


# Of a plain install


def test_starting_comparing_and_formatting_need_no_extra(tmp_path: Path) -> None:
    extras = ("duckdb", "jsonschema", "frictionless", "yaml", "openpyxl", "pyarrow", "pycountry", "jinja2", "altair")
    code = f"""
import sys
sys.modules.update(dict.fromkeys({extras!r}))
from evcollab.cli import main
words = ["--name", "own", "--title", "Ferries", "--contributor", "Ann"]
for command in (["init", "a", *words], ["init", "b", *words], ["format", "b"], ["diff", "a", "b"]):
    assert main(command) == 0, command
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Nothing differs." in done.stdout
