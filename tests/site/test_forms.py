"""The links that open the correction form fill fields that the form has, and that a link may fill."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

from evcollab.site import addresses
from tests.conftest import ROOT
from tests.site import reading


def test_the_form_has_the_fields_of_the_link_as_inputs() -> None:
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE" / addresses.FORM).read_text(encoding="utf-8"))
    kinds = {field.get("id"): field["type"] for field in form["body"]}
    query = parse_qs(urlsplit(addresses.correction("https://github.com/x/y", "events", "a", "name")).query)
    assert {name: kinds.get(name) for name in query if name != "template"} == dict.fromkeys(
        ("table", "record", "field"), "input"
    )
    assert query["template"] == [addresses.FORM]


def test_every_cell_has_a_link_that_names_it(small_site: Path) -> None:
    page = reading.parsed(small_site / "events/lao-forum-2023/index.html")
    for cell in page.xpath("//dl[contains(@class, 'cells')]/div"):
        [link] = cell.xpath(".//a[@class='correct']/@href")
        query = parse_qs(urlsplit(link).query)
        assert (query["table"], query["record"], query["field"]) == (["events"], ["lao-forum-2023"], [cell.get("id")])


def test_without_a_repository_there_is_no_link() -> None:
    assert addresses.correction("", "events", "a", "name") == ""
