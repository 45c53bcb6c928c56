"""One home address, and all that follows from the descriptor: with it, and while it is unknown."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from email import message_from_string
from pathlib import Path
from typing import Any

import pytest
import yaml
from hatchling.metadata.core import ProjectMetadata
from hatchling.metadata.spec import get_core_metadata_constructors
from hatchling.plugin.manager import PluginManager
from hypothesis import given
from hypothesis import strategies as st

import evcollab
from evcollab import build, citations, publication
from evcollab.contributions.releasing import release
from tests.conftest import ROOT

HOME = "https://github.com/example/register"
DESCRIPTOR: dict[str, Any] = json.loads((ROOT / "datapackage.json").read_text(encoding="utf-8"))
NOWHERE = {key: value for key, value in DESCRIPTOR.items() if key not in ("homepage", "id")}
README = (ROOT / "README.md").read_text(encoding="utf-8")
PERSON = {
    "title": "Dr Noy Phommachanh",
    "givenName": "Noy",
    "familyName": "Phommachanh",
    "organization": "Example Institute",
    "path": "https://orcid.org/0000-0002-1825-0097",
}
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=40)


def at(address: str, **more: Any) -> dict[str, Any]:
    return {**NOWHERE, "homepage": address, **more}


def metadata(tmp_path: Path, descriptor: dict[str, Any]) -> Any:
    """The metadata of the Python package as an index gets them."""
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "LICENSE-DATA"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "evcollab").mkdir()
    for name in ("__init__.py", "publication.py"):
        shutil.copy(ROOT / "evcollab" / name, tmp_path / "evcollab")
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    project = ProjectMetadata(str(tmp_path), PluginManager())
    return message_from_string(get_core_metadata_constructors()["2.4"](project))


# The Python package


def test_a_package_index_shows_the_home_address_and_what_follows_from_it(tmp_path: Path) -> None:
    assert metadata(tmp_path, at(f"{HOME}/")).get_all("Project-URL") == [
        f"Homepage, {HOME}",
        f"Issues, {HOME}/issues",
        f"Changelog, {HOME}/blob/main/CHANGELOG.md",
    ]


def test_without_a_home_address_a_package_index_shows_none_and_the_readme_as_it_is(tmp_path: Path) -> None:
    found = metadata(tmp_path, NOWHERE)
    assert found.get_all("Project-URL") is None
    assert found.get_all("Dynamic") is None
    assert found.get_payload().strip() == README.strip()


def test_every_picture_and_link_of_the_readme_is_whole_on_a_package_index(tmp_path: Path) -> None:
    text = metadata(tmp_path, at(HOME)).get_payload()
    targets = re.findall(r"\]\(([^)\s]+)", text)
    assert len(targets) == len(re.findall(r"\]\(([^)\s]+)", README))
    assert all(target.startswith("https://") for target in targets)
    tag = f"v{evcollab.__version__}"
    assert f"]({HOME}/raw/{tag}/docs/pictures/site.png)" in text
    assert f"]({HOME}/blob/{tag}/docs/coverage.md)" in text


def test_the_authors_of_the_python_package_are_the_contributors(tmp_path: Path) -> None:
    people = [{"title": "The contributors"}, PERSON]
    assert metadata(tmp_path, at(HOME, contributors=people))["Author"] == "The contributors, Dr Noy Phommachanh"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("![a](docs/a.png)", f"![a]({HOME}/raw/v1/docs/a.png)"),
        ("[a](a.md#b)", f"[a]({HOME}/blob/v1/a.md#b)"),
        ("[![a](a.svg)](a.md)", f"[![a]({HOME}/raw/v1/a.svg)]({HOME}/blob/v1/a.md)"),
        ("[`a`](a) and [b](b)", f"[`a`]({HOME}/blob/v1/a) and [b]({HOME}/blob/v1/b)"),
        ("[a](https://example.org/a)", "[a](https://example.org/a)"),
        ("[a](mailto:a@example.org)", "[a](mailto:a@example.org)"),
        ("[a](#below)", "[a](#below)"),
    ],
)
def test_only_links_to_files_beside_a_page_are_made_whole(before: str, after: str) -> None:
    assert publication.absolute(before, at(HOME), "v1") == after


def test_a_page_that_is_whole_stays_as_it_is() -> None:
    once = publication.absolute(README, at(HOME), "v1")
    assert publication.absolute(once, at(HOME), "v2") == once


# Citations


@pytest.mark.parametrize(
    ("descriptor", "address"),
    [
        (NOWHERE, ""),
        (at(f"{HOME}/"), HOME),
        (at(HOME, id="10.5281/zenodo.1"), "https://doi.org/10.5281/zenodo.1"),
        (at(HOME, id="https://doi.org/10.5281/zenodo.1"), "https://doi.org/10.5281/zenodo.1"),
        (at(HOME, id="https://example.org/register"), "https://example.org/register"),
        (at(HOME, id="b7a1"), HOME),
    ],
)
def test_a_citation_leads_to_the_doi_else_home(descriptor: dict[str, Any], address: str) -> None:
    assert citations.package_item(descriptor).get("URL", "") == address
    assert citations.write([citations.package_item(descriptor)], "text").endswith(address or "CC-BY-4.0.")


def test_a_citation_file_tells_version_day_licence_and_home() -> None:
    text = publication.citation_file(at(HOME, id="https://doi.org/10.5281/zenodo.1"))
    found = yaml.safe_load(text)
    assert text.startswith(publication.MARK)
    assert (found["cff-version"], found["type"]) == ("1.2.0", "dataset")
    assert (found["version"], found["date-released"]) == (DESCRIPTOR["version"], DESCRIPTOR["created"][:10])
    assert (found["license"], found["doi"]) == ("CC-BY-4.0", "10.5281/zenodo.1")
    assert (found["url"], found["repository-code"]) == (HOME, HOME)
    assert found["authors"] == [{"name": "The evcollab contributors"}]


def test_a_citation_file_has_no_address_until_it_is_known() -> None:
    assert not {"url", "repository-code", "doi"} & yaml.safe_load(publication.citation_file(NOWHERE)).keys()
    site = yaml.safe_load(publication.citation_file(at("https://example.org/register")))
    assert (site["url"], site.get("repository-code")) == ("https://example.org/register", None)


def test_a_person_is_cited_by_name_and_orcid() -> None:
    descriptor = at(HOME, contributors=[PERSON])
    assert yaml.safe_load(publication.citation_file(descriptor))["authors"] == [
        {
            "given-names": "Noy",
            "family-names": "Phommachanh",
            "orcid": "https://orcid.org/0000-0002-1825-0097",
            "affiliation": "Example Institute",
        }
    ]
    assert json.loads(publication.zenodo_file(descriptor))["creators"] == [
        {"name": "Phommachanh, Noy", "affiliation": "Example Institute", "orcid": "0000-0002-1825-0097"}
    ]


@given(TEXT, TEXT)
def test_every_text_of_the_descriptor_comes_back_from_the_citation_file(title: str, keyword: str) -> None:
    descriptor = {"title": title, "keywords": [keyword], "contributors": [{"title": keyword, "path": title}]}
    found = yaml.safe_load(publication.citation_file(descriptor))
    assert (found["title"], found["keywords"]) == (title, [keyword])
    assert found["authors"] == [{"name": keyword, "website": title}]


def test_zenodo_is_told_licence_version_and_what_the_data_are_derived_from() -> None:
    found = json.loads(publication.zenodo_file(at(HOME)))
    assert (found["license"], found["version"]) == ("cc-by-4.0", DESCRIPTOR["version"])
    assert {"identifier": HOME, "relation": "isDocumentedBy", "scheme": "url"} in found["related_identifiers"]
    derived = {item["identifier"] for item in found["related_identifiers"] if item["relation"] == "isDerivedFrom"}
    assert derived == {source["path"] for source in DESCRIPTOR["sources"]}


def test_an_empty_descriptor_still_gives_files_with_what_must_be_in_them() -> None:
    assert yaml.safe_load(publication.citation_file({}))["authors"] == [{"name": "data set"}]
    assert json.loads(publication.zenodo_file({}))["creators"] == [{"name": "data set"}]


# The files of a register


def test_the_citation_files_of_the_register_follow_from_its_descriptor() -> None:
    found = publication.read(ROOT)
    assert list(found) == ["CITATION.cff", ".zenodo.json"]
    assert found["CITATION.cff"].startswith(publication.MARK.encode())
    assert publication.renewed(DESCRIPTOR, found) == found


def test_a_build_writes_them_when_the_home_address_becomes_known(package: Path) -> None:
    (package / "CITATION.cff").write_text(publication.MARK, encoding="utf-8")
    (package / ".zenodo.json").write_text("{}", encoding="utf-8")
    (package / "datapackage.json").write_text(json.dumps(at(HOME)), encoding="utf-8")
    assert {"CITATION.cff", ".zenodo.json"} <= set(build.build(package))
    assert yaml.safe_load((package / "CITATION.cff").read_text(encoding="utf-8"))["url"] == HOME
    assert HOME in (package / ".zenodo.json").read_text(encoding="utf-8")
    assert not {"CITATION.cff", ".zenodo.json"} & set(build.build(package, check=True))


def test_what_was_written_by_hand_is_kept(package: Path) -> None:
    text = 'version: "0.0.1"\r\ntitle: "by \\1 hand"\r\nauthors:\r\n  - name: Us\r\n    orcid: x\r\n'
    (package / "CITATION.cff").write_bytes(text.encode())
    (package / ".zenodo.json").write_text('{"notes": "ours"}', encoding="utf-8")
    build.build(package)
    expected = text.replace("0.0.1", DESCRIPTOR["version"])
    assert (package / "CITATION.cff").read_bytes().decode() == expected
    assert (package / ".zenodo.json").read_text(encoding="utf-8") == '{"notes": "ours"}'


def test_a_register_without_a_citation_file_gets_none(package: Path) -> None:
    (package / ".zenodo.json").write_text("{}", encoding="utf-8")
    build.build(package)
    assert not (package / "CITATION.cff").exists()
    assert (package / ".zenodo.json").read_text(encoding="utf-8") == "{}"


def test_a_release_sets_version_and_day_everywhere_at_once(package: Path) -> None:
    (package / "CITATION.cff").write_text(publication.MARK, encoding="utf-8")
    (package / ".zenodo.json").write_text("{}", encoding="utf-8")
    done = release("0.9.0", package, today=dt.date(2027, 2, 3))
    assert sorted(done.files) == [".zenodo.json", "CITATION.cff", "datapackage.json"]
    cited = yaml.safe_load((package / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["version"], cited["date-released"]) == ("0.9.0", "2027-02-03")
    archived = json.loads((package / ".zenodo.json").read_text(encoding="utf-8"))
    assert (archived["version"], archived["publication_date"]) == ("0.9.0", "2027-02-03")
    assert evcollab.load(package).package.descriptor["created"] == "2027-02-03T00:00:00Z"
    assert "(2027)" in evcollab.load(package).cite()


def test_the_page_for_registers_of_others_shows_how_a_derived_citation_file_begins() -> None:
    assert f"```\n{publication.MARK}```" in (ROOT / "docs" / "own-register.md").read_text(encoding="utf-8")


# What else follows from the home address


def test_nothing_but_the_descriptor_says_the_home_address() -> None:
    home = publication.home(DESCRIPTOR)
    files = [ROOT / name for name in ("pyproject.toml", "README.md", "hatch_build.py")]
    texts = {file.name: file.read_text(encoding="utf-8") for file in files}
    assert "[project.urls]" not in texts["pyproject.toml"]
    assert not home or not [name for name, text in texts.items() if home in text]


@pytest.mark.parametrize(
    ("address", "repository", "site"),
    [
        ("", "", ""),
        (HOME, HOME, ""),
        (f"{HOME}/", HOME, ""),
        ("https://github.com/example", "", "https://github.com/example"),
        ("https://example.org/register/", "", "https://example.org/register"),
    ],
)
def test_a_home_address_is_a_repository_or_may_be_the_place_of_the_site(
    address: str, repository: str, site: str
) -> None:
    assert (publication.repository(at(address)), publication.site(at(address))) == (repository, site)
