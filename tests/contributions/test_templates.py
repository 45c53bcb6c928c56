from __future__ import annotations

import re
from pathlib import Path

import pytest

from evcollab import package
from evcollab.contributions import document as documents
from evcollab.contributions.checking import check
from evcollab.contributions.templates import KINDS, scalar, template
from evcollab.register import Register

EXAMPLE = "this is the example of the template: replace it, or delete the line"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("whole", [False, True])
def test_a_template_filled_with_its_own_examples_is_a_valid_document(register: Path, kind: str, whole: bool) -> None:
    source = package.read(register)
    text = template(source, kind)
    document = documents.parse(re.sub(r"(?m)^( *)#(?=[a-z_-])", r"\1", text) if whole else text)
    found = check(document, Register.read(source))
    assert {problem.message for problem in found} == {EXAMPLE}
    assert document.content[KINDS[kind]]


def test_a_template_shows_every_code_and_every_column(register: Path) -> None:
    source = package.read(register)
    text = " ".join(template(source, "event").replace("#", " ").split())
    for field in source.schemas["events"].fields.values():
        assert field.name.removesuffix("_id") in text
        assert ", ".join(field.categories) in text


def test_a_template_names_the_schema_where_an_editor_looks_for_it(register: Path) -> None:
    text = template(package.read(register), "event", "schemas/contribution.schema.json")
    assert text.startswith("# yaml-language-server: $schema=schemas/contribution.schema.json\n")


@pytest.mark.parametrize(
    "value", ["plain", "a: b", "# no", "yes", "true", "null", "1.5", "007", "- x", "[a]", "é", '"', "a,b", "2023-07-07",
              "", " x ", "x ", 3, 0.5, True, ["a", "b, c"], "https://example.org/a?b=c#d", "2023", "a #b", "it's"]
)  # fmt: skip
def test_a_scalar_reads_back_as_it_was(value: object) -> None:
    assert documents.parse(f"a: {scalar(value)}\n").content == {"a": value}
