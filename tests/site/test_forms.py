"""The buttons that open the correction form fill fields that the form has, and that an address may fill."""

from __future__ import annotations

from pathlib import Path

import yaml

from evcollab.site import addresses
from tests.conftest import ROOT
from tests.site import reading
from tests.site.conftest import REPOSITORY


def test_the_form_has_the_fields_of_the_buttons_as_inputs(small_site: Path) -> None:
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE" / addresses.FORM).read_text(encoding="utf-8"))
    kinds = {field.get("id"): field["type"] for field in form["body"]}
    page = reading.parsed(small_site / "events/lao-forum-2023/index.html")
    for filled in page.xpath("//form[@class='fix']"):
        assert filled.get("action") == f"{REPOSITORY}/issues/new"
        assert filled.xpath("./input[@name='template']/@value") == [addresses.FORM]
        names = {*filled.xpath("./input/@name"), *filled.xpath(".//button/@name")} - {"template"}
        assert {name: kinds.get(name) for name in names} == dict.fromkeys(("table", "record", "field"), "input")


def test_every_cell_has_a_button_that_names_it(small_site: Path) -> None:
    page = reading.parsed(small_site / "events/lao-forum-2023/index.html")
    [form] = page.xpath("//form[@class='fix'][dl]")
    assert form.xpath("./input[@name='table']/@value") == ["events"]
    assert form.xpath("./input[@name='record']/@value") == ["lao-forum-2023"]
    *named, anything_else = form.xpath("./details[@id='_fix']//button[@name='field']")
    assert [button.get("value") for button in named] == form.xpath("./dl[@class='cells']/div/@id")
    assert not anything_else.get("value")


def test_every_line_has_a_button_that_names_it(small_site: Path) -> None:
    page = reading.parsed(small_site / "events/lao-forum-2023/index.html")
    [form] = page.xpath("//form[@class='fix'][div]")
    assert form.xpath("./input[@name='table']/@value") == ["participants"]
    named = form.xpath(".//button[@name='record']/@value")
    assert named
    assert [addresses.line(each) for each in named] == form.xpath(".//ul/li/@id")


def test_without_a_repository_there_is_no_form() -> None:
    assert addresses.correction("", table="events", record="a") is None
