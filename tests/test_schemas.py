"""The shipped descriptor and schemas: complete, consistent, and true about the files."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from typing import Any

import pytest

import evcollab
from evcollab import types
from evcollab.contributions.formatting import format_package
from evcollab.package import Field
from tests.conftest import ROOT

SCHEMAS = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "schemas").glob("*.schema.json"))
    if path.name != "contribution.schema.json"
}
FIELDS = [(table, field) for table, schema in SCHEMAS.items() for field in schema["fields"]]
each_field = pytest.mark.parametrize(("table", "field"), FIELDS, ids=[f"{t}.{f['name']}" for t, f in FIELDS])


@each_field
def test_every_field_has_title_description_example_and_constraints(table: str, field: dict[str, Any]) -> None:
    assert all(field.get(key) not in (None, "") for key in ("title", "description", "example", "constraints"))


@each_field
def test_every_example_fits_its_own_field(table: str, field: dict[str, Any]) -> None:
    types.parse(field["example"], Field(field))


@each_field
def test_codes_stand_twice_and_have_a_label_and_a_meaning(table: str, field: dict[str, Any]) -> None:
    categories = field.get("list", field).get("categories", [])
    assert all(item["label"] and item["description"] for item in categories)
    assert len({item["value"] for item in categories}) == len(categories)
    if "list" not in field:
        assert field["constraints"].get("enum", []) == [item["value"] for item in categories]


@pytest.mark.parametrize("descriptor", ["datapackage.json", "examples/register/datapackage.json"])
def test_tables_are_called_so_as_the_standard_does_and_as_it_did_before_for_r(descriptor: str) -> None:
    resources = json.loads((ROOT / descriptor).read_text(encoding="utf-8"))["resources"]
    assert {(item["type"], item["profile"]) for item in resources} == {("table", "tabular-data-resource")}


@pytest.mark.parametrize("table", SCHEMAS)
def test_keys_name_columns_that_exist(table: str) -> None:
    def columns(name: str) -> set[str]:
        return {field["name"] for field in SCHEMAS[name]["fields"]}

    schema = SCHEMAS[table]
    assert set(schema["primaryKey"]) <= columns(table)
    for key in schema.get("uniqueKeys", []):
        assert set(key) <= columns(table)
    for key in schema.get("foreignKeys", []):
        assert set(key["fields"]) <= columns(table)
        assert set(key["reference"]["fields"]) <= columns(key["reference"].get("resource", table))


def test_all_schemas_have_one_version_and_the_official_address() -> None:
    assert {schema["version"] for schema in SCHEMAS.values()} == {"1.0.0"}
    assert {schema["$schema"] for schema in SCHEMAS.values()} == {
        "https://datapackage.org/profiles/2.0/tableschema.json"
    }


def test_the_descriptor_tells_the_truth_about_every_file(ds: evcollab.Dataset) -> None:
    for resource in ds.package.descriptor["resources"]:
        data = (ROOT / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["rows"] == len(ds[resource["name"]])


def test_the_shipped_package_is_in_canonical_form() -> None:
    assert format_package(ROOT, check=True) == [], "run  evcollab format"


def test_frictionless_finds_the_package_valid() -> None:
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["valid"], done.stdout
