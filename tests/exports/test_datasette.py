"""A real Datasette serves the export, and shows what the descriptor and the schemas say."""

from __future__ import annotations

import html
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import evcollab
from evcollab import types
from evcollab.exports import export
from tests.conftest import ROOT
from tests.exports import registers
from tests.exports.readers import served
from tests.validation import packages


@pytest.fixture(scope="module")
def folder(made: Any) -> Path:
    return Path(made("datasette"))


def test_the_front_page_says_title_licence_and_citation(ds: evcollab.Dataset, folder: Path) -> None:
    [page] = served(folder, "/")
    assert page.status_code == 200
    for text in (ds.package.descriptor["title"], ds.package.descriptor["licenses"][0]["path"], ds.cite()):
        assert html.escape(text) in page.text


def test_the_page_of_each_table_says_what_it_holds_and_what_each_column_means(
    ds: evcollab.Dataset, folder: Path
) -> None:
    pages = served(folder, *(f"/evcollab/{table}?_size=1" for table in ds.tables))
    for page, schema in zip(pages, ds.package.schemas.values(), strict=True):
        assert page.status_code == 200
        text = html.unescape(page.text)
        for said in (schema.spec["description"], *(field.description for field in schema.fields.values())):
            assert said in text, (schema.table, said)


def test_every_table_that_is_described_is_served_and_none_is_without_a_title(folder: Path) -> None:
    [answer, metadata] = served(folder, "/evcollab.json", "/-/metadata.json")
    described = metadata.json()["databases"]["evcollab"]["tables"]
    assert {table["name"] for table in answer.json()["tables"]} == set(described)
    assert all(table["title"] for table in described.values())


def test_identifiers_are_shown_with_the_names_of_what_they_refer_to(ds: evcollab.Dataset, folder: Path) -> None:
    [answer] = served(folder, "/evcollab/participants.json?_labels=on&_size=100&_shape=objects")
    names = {
        "country_code": ds.countries.set_index("country_code")["name"],
        "organisation_id": ds.organisations.set_index("organisation_id")["name"],
        "event_id": ds.events.set_index("event_id")["name"],
    }
    shown = [
        (row[column]["label"], known[row[column]["value"]])
        for row in answer.json()["rows"]
        for column, known in names.items()
        if row[column]
    ]
    assert len(shown) > 100
    assert all(label == name for label, name in shown)


def test_events_stand_newest_first_and_can_be_narrowed_by_country_and_code(ds: evcollab.Dataset, folder: Path) -> None:
    [answer] = served(folder, "/evcollab/events.json?_size=1000&_shape=objects")
    found = answer.json()
    days = [row["start_date"] for row in found["rows"]]
    known = [day for day in days if day]
    assert known == sorted(known, reverse=True)
    assert days[: len(known)] == known
    facets = found["facet_results"]
    assert {"kind", "status", "country_code"} <= set(facets)
    held = {entry["value"]: entry["count"] for entry in facets["status"]["results"]}["held"]
    assert held == (ds.events["status"] == "held").sum()


def test_facets_are_countries_and_codes_that_every_row_has(ds: evcollab.Dataset, folder: Path) -> None:
    described = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))["databases"]["evcollab"]["tables"]
    for table, schema in ds.package.schemas.items():
        for name in described[table]["facets"]:
            field = schema.field(name)
            if types.kind_of(field) == "code":
                assert ds[table][name].notna().all()
            else:
                assert schema.foreign_keys[name] == ("countries", "country_code")


def write_described(folder: Path, **facts: Any) -> Path:
    """The export of a small register whose descriptor says these facts."""
    made = registers.write(folder / "package", packages.base())
    descriptor = json.loads(made.package.path.read_text(encoding="utf-8"))
    made.package.path.write_text(json.dumps(descriptor | facts), encoding="utf-8")
    export(evcollab.load(made.package.path), "datasette", folder / "made")
    return folder / "made"


def test_a_register_cannot_put_html_on_the_pages(tmp_path: Path) -> None:
    attack = "<script>alert(1)</script>"
    made = write_described(tmp_path, title=attack, description=attack, name="my-register")
    for page in served(made, "/", "/my-register", "/my-register/events"):
        assert page.status_code == 200
        assert attack not in page.text


@pytest.mark.parametrize("path", ["javascript:alert(1)", "LICENSE", "https://["])
def test_only_addresses_of_web_pages_become_links(tmp_path: Path, path: str) -> None:
    made = write_described(tmp_path, licenses=[{"name": "CC0-1.0", "path": path}], id="urn:uuid:1", homepage=path)
    metadata = json.loads((made / "metadata.json").read_text(encoding="utf-8"))
    assert metadata["license"] == "CC0-1.0"
    assert not {"license_url", "source_url"} & set(metadata)


def test_the_home_of_a_register_is_a_link(tmp_path: Path) -> None:
    made = write_described(tmp_path, homepage="https://example.org/register")
    [page] = served(made, "/")
    assert 'href="https://example.org/register"' in page.text


def test_the_command_of_the_page_serves_the_folder(folder: Path) -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    assert "`datasette DEST`" in page
    command = [sys.executable, "-m", "datasette", "--get", "/evcollab/countries/LAO.json?_shape=objects", folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"][0]["country_code"] == "LAO"
