from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from evcollab import package
from evcollab.contributions import formatting
from evcollab.contributions.formatting import format_package
from evcollab.contributions.schema import LISTS, document_schema
from tests.contributions.registers import ROOT, add, content, event, rows, source


def test_the_files_derived_from_the_schemas_are_up_to_date() -> None:
    stale = list(formatting.derived_files(package.read(ROOT)))
    assert stale == [], "write them anew with:  evcollab format"


def test_a_changed_schema_makes_them_stale_and_format_mends_that(register: Path) -> None:
    (register / formatting.FORMS).mkdir(parents=True)
    assert len(formatting.derived_files(package.read(register))) == 4
    format_package(register)
    file = register / "schemas/events.schema.json"
    file.write_text(file.read_text(encoding="utf-8").replace("What sort of event it was.", "Sort."), encoding="utf-8")
    assert list(formatting.derived_files(package.read(register))) == [
        formatting.SCHEMA,
        f"{formatting.FORMS}/event.yml",
    ]
    format_package(register)
    assert formatting.derived_files(package.read(register)) == {}


def test_a_schema_without_a_title_goes_by_its_name(register: Path) -> None:
    file = register / "schemas/events.schema.json"
    schema = json.loads(file.read_text(encoding="utf-8"))
    del schema["title"], schema["description"]
    file.write_text(json.dumps(schema), encoding="utf-8")
    assert document_schema(package.read(register))["$defs"]["events"]["title"] == "events"


def test_a_register_without_derived_files_gets_none(register: Path) -> None:
    (register / formatting.SCHEMA).unlink()
    before = content(register)
    assert format_package(register) == []
    assert content(register) == before


SCHEMA = json.loads((ROOT / formatting.SCHEMA).read_text(encoding="utf-8"))


def test_the_schema_of_contributions_is_a_schema_of_draft_2020_12() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", SCHEMA["$defs"])
def test_an_editor_gets_title_description_and_example_of_every_key(name: str) -> None:
    for key, spec in SCHEMA["$defs"][name]["properties"].items():
        assert spec["title"], key
        assert spec["description"], key
        assert spec.get("examples") or "$ref" in spec["items"], key


def test_every_example_fits_its_own_key() -> None:
    for definition in SCHEMA["$defs"].values():
        for spec in definition["properties"].values():
            for example in spec.get("examples", []):
                jsonschema.Draft202012Validator({**spec, "$defs": SCHEMA["$defs"]}).validate(example)


def test_every_column_of_the_tables_can_be_contributed() -> None:
    whole = document_schema(package.read(ROOT))
    for key, table in LISTS.items():
        columns = {name.removesuffix("_id") for name in package.read(ROOT).schemas[table].fields}
        keys = {name.removesuffix("_id") for name in whole["$defs"][key]["properties"]}
        assert columns - keys == ({"participant", "event"} if key == "participants" else set())


def test_every_code_has_its_meaning_beside_it() -> None:
    kind = SCHEMA["$defs"]["events"]["properties"]["kind"]
    assert len(kind["enum"]) == len(kind["markdownEnumDescriptions"])


def example() -> str:
    return (ROOT / "docs/examples/event.yaml").read_text(encoding="utf-8")


def test_the_example_of_contributing_is_the_one_in_the_documentation() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    shown = text.split("<!-- example: docs/examples/event.yaml -->\n```yaml\n")[1].split("```")[0]
    assert shown == example()


def test_the_example_is_short_and_adds_an_event_with_five_participants(register: Path) -> None:
    assert len(example().splitlines()) <= 25
    add(register, example())
    assert len(rows(register, "events")) == 1
    assert len(rows(register, "participants")) == 5
    assert add(register, example()).files == {}


def test_a_document_of_the_tests_fits_the_schema_for_editors() -> None:
    import yaml

    for text in (example(), source() + event()):
        content = yaml.load(text, Loader=yaml.BaseLoader)
        jsonschema.validate(content, SCHEMA)
