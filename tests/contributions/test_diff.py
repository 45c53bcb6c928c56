from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evcollab import package
from evcollab.contributions.diff import compare
from evcollab.contributions.difference import Change, Difference, Restructuring, as_json, as_markdown, as_text, raised
from evcollab.contributions.formatting import format_package
from evcollab.contributions.revisions import open_snapshot
from evcollab.errors import PackageError
from evcollab.register import Register
from tests.contributions.registers import add, event, source


def difference(before: Path, after: Path) -> Difference:
    return compare(Register.read(package.read(before)), Register.read(package.read(after)))


def edit(register: Path, table: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a schema."""
    file = register / f"schemas/{table}.schema.json"
    spec = json.loads(file.read_text(encoding="utf-8"))
    change(spec)
    file.write_text(json.dumps(spec), encoding="utf-8")


def replace(register: Path, table: str, old: str, new: str) -> None:
    file = register / f"data/{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def held(register: Path) -> Path:
    """A register with one event."""
    add(
        register,
        source() + event("Lao EV Forum 2023", "2023-07") + "    participants: [{country_code: LAO, role: host}]\n",
    )
    return register


@pytest.fixture
def later(held: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(held, tmp_path / "later"))


def test_a_state_does_not_differ_from_itself(held: Path) -> None:
    found = difference(held, held)
    assert (found.bump, found.records, found.structure) == ("none", (), ())
    assert as_text(found) == "Nothing differs."


def test_a_changed_cell_is_told_in_words(held: Path, later: Path) -> None:
    replace(later, "events", "2023-07,2023-07", "2023-07-07,2023-07")
    found = difference(held, later)
    assert "~ Lao EV Forum 2023 (lao-ev-forum-2023): start date 2023-07 → 2023-07-07" in as_text(found)
    assert found.bump == "patch"


def test_an_added_record_is_told_with_its_cells_and_the_names_of_what_it_links(register: Path, held: Path) -> None:
    full = Register.read(package.read(held))
    text = as_text(compare(full.having({table: [] for table in full.tables}), full))
    assert "+ Lao EV Forum 2023 (lao-ev-forum-2023): kind forum; scope multilateral; start date 2023-07" in text
    assert "+ Laos as host at Lao EV Forum 2023" in text
    assert "This implies a minor version of the data: 0.1.0 → 0.2.0." in text


def test_a_removed_record_is_told_and_implies_a_major_version(held: Path, later: Path) -> None:
    (later / "data/participants.csv").write_text(
        (held / "data/participants.csv").read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8"
    )
    found = difference(held, later)
    assert "- Laos as host at Lao EV Forum 2023" in as_text(found)
    assert found.bump == "major"


def test_lines_are_told_in_the_order_of_their_numbers(register: Path, tmp_path: Path) -> None:
    before = Path(shutil.copytree(register, tmp_path / "before"))
    lines = "".join(f"      - {{country_code: {code}, role: speaker}}\n" for code in
                    "KEN UGA TZA RWA ETH NAM LAO PAK IND CHN KOR".split())  # fmt: skip # noqa: SIM905
    add(register, source() + event() + "    participants:\n" + lines)
    listed = [change.record for change in difference(before, register).by_table()["participants"]]
    assert listed == [f"nairobi-forum-2025-{number}" for number in range(1, 12)]


def test_a_new_source_with_a_claim_is_a_patch(held: Path, later: Path) -> None:
    add(later, source("b") + event("Lao EV Forum 2023", "2023-07"))
    found = difference(held, later)
    assert set(found.by_table()) == {"sources", "claims"}
    assert found.bump == "patch"


Spec = dict[str, Any]


def field(spec: Spec, name: str) -> Spec:
    return next(item for item in spec["fields"] if item["name"] == name)


def drop_code(spec: Spec) -> None:
    field(spec, "mode")["categories"].pop()


def add_code(spec: Spec) -> None:
    field(spec, "mode")["categories"].append({"value": "by_post", "label": "By post", "description": "By post"})


def require_city(spec: Spec) -> None:
    field(spec, "city")["constraints"]["required"] = True


def shorten_city(spec: Spec) -> None:
    field(spec, "city")["constraints"]["maxLength"] = 10


def lengthen_city(spec: Spec) -> None:
    field(spec, "city")["constraints"]["maxLength"] = 1000


def free_city(spec: Spec) -> None:
    del field(spec, "city")["constraints"]["maxLength"]


def describe_city(spec: Spec) -> None:
    field(spec, "city")["description"] = "Town or city."


def retype_edition(spec: Spec) -> None:
    field(spec, "edition")["type"] = "number"


def drop_key(spec: Spec) -> None:
    spec["foreignKeys"].pop()


@pytest.mark.parametrize(
    ("change", "bump", "words"),
    [
        (drop_code, "major", "mode: the codes hybrid are removed"),
        (add_code, "minor", "mode: the codes by_post are new"),
        (require_city, "major", "city: the constraint required is True, no longer None"),
        (shorten_city, "major", "city: the constraint maxLength is 10, no longer 100"),
        (lengthen_city, "minor", "city: the constraint maxLength is 1000, no longer 100"),
        (free_city, "minor", "city: the constraint maxLength is None, no longer 100"),
        (describe_city, "patch", "descriptions in the schema are changed"),
        (retype_edition, "major", "edition: the type is number, no longer integer"),
        (drop_key, "minor", "the foreign keys are changed"),
    ],
)
def test_what_a_changed_schema_implies(
    held: Path, later: Path, change: Callable[[Spec], None], bump: str, words: str
) -> None:
    edit(later, "events", change)
    found = difference(held, later)
    assert [(item.words, item.bump) for item in found.structure if item.words == words] == [(words, bump)]
    assert found.bump == bump


@pytest.mark.parametrize(
    ("names", "bump", "words"),
    [
        (["a", "b", "c"], "minor", "the column c is new"),
        (["a"], "major", "the column b is removed"),
        (["b", "a"], "major", "the columns are in another order"),
        (["a", "z"], "major", "the column b is removed"),
        (["c", "a", "b"], "minor", "the column c is new"),
    ],
)
def test_what_changed_columns_imply(tmp_path: Path, names: list[str], bump: str, words: str) -> None:
    old, new = small(tmp_path / "old", ["a", "b"]), small(tmp_path / "new", names)
    found = difference(old, new)
    assert found.bump == bump
    assert words in [item.words for item in found.structure]


def small(folder: Path, columns: list[str]) -> Path:
    """A package of one table."""
    folder.mkdir()
    fields = [{"name": name, "type": "string"} for name in columns]
    (folder / "t.schema.json").write_text(json.dumps({"fields": fields, "primaryKey": ["a"]}), encoding="utf-8")
    (folder / "t.csv").write_text(",".join(columns) + "\n", encoding="utf-8")
    resource = {"name": "t", "path": "t.csv", "schema": "t.schema.json"}
    (folder / "datapackage.json").write_text(
        json.dumps({"version": "1.2.3", "resources": [resource]}), encoding="utf-8"
    )
    return folder


def test_the_description_of_the_package_is_a_patch_and_its_version_none(held: Path, later: Path) -> None:
    file = later / "datapackage.json"
    file.write_text(
        file.read_text(encoding="utf-8").replace('"version": "0.1.0"', '"version": "0.2.0"'), encoding="utf-8"
    )
    assert difference(held, later).bump == "none"
    file.write_text(file.read_text(encoding="utf-8").replace("open register", "register"), encoding="utf-8")
    assert difference(held, later).bump == "patch"


@pytest.mark.parametrize(
    ("bump", "version"), [("none", "1.2.3"), ("patch", "1.2.4"), ("minor", "1.3.0"), ("major", "2.0.0")]
)
def test_a_version_is_raised_in_one_part(bump: Any, version: str) -> None:
    assert raised("1.2.3", bump) == version


def test_json_tells_every_cell(held: Path, later: Path) -> None:
    replace(later, "events", "2023-07,2023-07", "2023-07-07,2023-07")
    content = json.loads(as_json(difference(held, later)))
    (change,) = content["records"]
    assert change["cells"] == {"start_date": {"before": "2023-07", "after": "2023-07-07"}}
    assert (change["table"], change["record"], content["bump"]) == ("events", "lao-ev-forum-2023", "patch")


def test_markdown_shows_text_of_the_data_as_text(held: Path, later: Path) -> None:
    nasty = "<img src=x> [a](http://evil.example) @everyone #1 `x` **b** | \\ \u202e"
    replace(later, "events", "2023-07,2023-07,held,,KEN,", f"2023-07,2023-07,held,,KEN,{nasty}")
    text = as_markdown(difference(held, later))
    for harmful in ("<img", "[a](", "@everyone", "#1", "http://evil", "`x`", " **b**", "\u202e"):
        assert harmful not in text


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def checkout(held: Path) -> Path:
    """A register under git, with one commit."""
    git(held, "init")
    git(held, "add", ".")
    git(held, "commit", "-m", "first")
    return held


def test_a_revision_is_compared_with_the_folder(checkout: Path) -> None:
    replace(checkout, "events", "2023-07,2023-07", "2023-07-07,2023-07")
    found = compare(open_snapshot("main", checkout), open_snapshot(str(checkout)))
    assert [change.cells for change in found.records] == [(("start_date", "2023-07", "2023-07-07"),)]


def test_a_revision_of_a_package_in_a_subfolder_is_found(tmp_path: Path, held: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    inner = Path(shutil.copytree(held, home / "inner"))
    git(home, "init")
    git(home, "add", ".")
    git(home, "commit", "-m", "first")
    assert open_snapshot("HEAD", inner).tables == Register.read(package.read(inner)).tables


@pytest.mark.parametrize("revision", ["nowhere", "--help", "-x", "HEAD:data", "; rm -rf /", "$(id)", "HEAD~9", ""])
def test_what_is_no_revision_is_said_to_be_none(checkout: Path, revision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout / "data")
    if revision == "":
        revision = " "
    with pytest.raises(PackageError, match="no such revision"):
        open_snapshot(revision, checkout)


def test_a_folder_without_git_has_no_revisions(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(held.parent))
    with pytest.raises(PackageError, match="no such revision"):
        open_snapshot("main", held)


def test_a_revision_with_unsafe_paths_is_refused(checkout: Path) -> None:
    file = checkout / "datapackage.json"
    file.write_text(
        file.read_text(encoding="utf-8").replace("data/events.csv", "../../../etc/passwd"), encoding="utf-8"
    )
    git(checkout, "commit", "-am", "unsafe")
    with pytest.raises(PackageError, match=r"revision HEAD: .*unsafe"):
        open_snapshot("HEAD", checkout)


def test_formatting_changes_no_record(held: Path, later: Path) -> None:
    lines = (later / "data/claims.csv").read_text(encoding="utf-8").splitlines()
    (later / "data/claims.csv").write_text("\r\n".join([lines[0], *lines[:0:-1]]), encoding="utf-8")
    assert difference(held, later).bump == "none"
    assert format_package(later) == ["data/claims.csv"]


def test_an_address_in_a_pull_request_is_whole_and_a_link(register: Path, bare: Path) -> None:
    add(register, source() + event())
    assert "url <https://example.org/a>" in as_markdown(difference(bare, register))


def test_names_of_tables_and_records_stay_text_in_markdown_and_in_logs() -> None:
    item = Restructuring("</summary>[x](http://y)", "the table is new", "minor")
    change = Change("added", "::error::x\n# t", "[r](http://z)", "l\x1b[31m ##[error]", (("a|b", "", "v"),))
    shown = Difference("0.1.0", "0.1.0", (item,), (change,))
    markdown = as_markdown(shown)
    assert not any(part in markdown for part in ("</summary>[", "](http", "\n# t", "\x1b"))
    text = as_text(shown)
    assert "\x1b" not in text
    assert "##[" not in text
    assert not any(line.strip().startswith("::") for line in text.splitlines())
