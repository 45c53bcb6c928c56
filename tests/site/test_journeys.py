"""What people come for, done in Chromium as they would do it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import evcollab
from tests.site import browser


def test_find_a_misspelt_event_and_see_both_of_its_dates(page: Any) -> None:
    page.goto("")
    page.get_by_role("searchbox").press_sequentially("lao electric vehcle forum")
    page.get_by_role("link", name="2nd Lao Electric Vehicle (EV) Forum").first.click()
    start = page.locator("#start_date")
    assert "7 July 2023" in start.inner_text()
    assert "11 July 2023" in start.inner_text()


def test_from_a_cell_to_its_source_and_back(page: Any) -> None:
    page.goto("events/lao-ev-forum-2023/")
    page.locator("#start_date .said a[href*='sources/']").first.click()
    assert "What rests on it" in page.locator("main").inner_text()
    page.locator(".claims a[href*='events/lao-ev-forum-2023/']").first.click()
    assert page.locator("h1").inner_text() == "2nd Lao Electric Vehicle (EV) Forum"


def test_correct_a_cell(chromium: Any, server: str) -> None:
    context = chromium.new_context(base_url=server)
    asked: list[str] = []
    context.route("https://github.com/**", lambda route: (asked.append(route.request.url), route.fulfill(body="form")))
    page = context.new_page()
    page.goto("events/lao-ev-forum-2023/")
    page.get_by_text("Something wrong or missing?").click()
    page.locator("#_fix").get_by_role("button", name="Kind").click()
    page.wait_for_url("https://github.com/**")
    context.close()
    parts = urlsplit(asked[0])
    assert parts.path == "/example/register/issues/new"
    asked_for = {"template": "correction.yml", "table": "events", "record": "lao-ev-forum-2023", "field": "kind"}
    assert parse_qs(parts.query) == {name: [value] for name, value in asked_for.items()}


def test_the_targets_of_a_country_what_superseded_them_and_a_citation_copied(chromium: Any, server: str) -> None:
    permissions = {"permissions": ["clipboard-read", "clipboard-write"]}
    with browser.opened(chromium, server, **permissions) as page:
        page.goto("countries/CHL/")
        page.locator(".ladder .off a").first.click()
        assert "How it changed" in page.locator("main").inner_text()
        page.locator(".steps li:not([aria-current]) a").first.click()
        page.get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="Copied").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert page.locator("h1").inner_text() in copied
        assert "In: " in copied


def test_trainings_of_a_year_with_a_partner_reloaded_shared_and_saved(
    page: Any, ds: evcollab.Dataset, chromium: Any, server: str
) -> None:
    from playwright.sync_api import expect

    page.goto("events/")
    page.get_by_label("Kind").select_option("training")
    page.get_by_label("Year").select_option("2023")
    page.get_by_label("Country").select_option("chn")
    courses = ds.events[(ds.events["kind"] == "training") & (ds.events["start_date"].dt.year == 2023)]
    shown = page.locator(".found")
    expect(shown).to_have_text(re.compile(rf"^[1-9]\d? rows? of {len(ds.events):,}"))
    found = shown.inner_text()
    count = int(re.match(r"\d+", found)[0])  # type: ignore[index]
    assert 0 < count < len(courses)
    assert page.locator(".listing tbody tr").count() == count
    page.reload()
    page.get_by_text(found, exact=True).wait_for()
    assert page.get_by_label("Year").input_value() == "2023"
    with browser.opened(chromium, server) as other:
        other.goto(page.url)
        other.get_by_text(found, exact=True).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take these rows as CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    assert len(rows) == count
    for row in rows:
        assert row == ds.record("events", row["event_id"])
        assert row["kind"] == "training"


def test_a_list_in_parts_is_filtered_as_a_whole(page: Any, ds: evcollab.Dataset) -> None:
    page.goto("organisations/")
    page.get_by_label("Kind").select_option("development-bank")
    banks = int((ds.organisations["kind"] == "development_bank").sum())
    page.get_by_text(f"{banks} rows of", exact=False).wait_for()
    assert page.locator(".listing tbody tr").count() == banks
    page.locator(".listing tbody a").last.click()
    assert "Development bank" in page.locator(".kicker").inner_text()


def test_words_of_a_filter_need_no_accents(page: Any) -> None:
    page.goto("countries/?q=turkiye")
    page.get_by_text("1 row of", exact=False).wait_for()
    assert page.locator(".listing tbody tr a").first.inner_text() == "Türkiye"


def test_the_map_and_a_list_by_keyboard(page: Any) -> None:
    page.goto("")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator(".map a").first.focus()
    page.keyboard.press("Tab")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert re.fullmatch(r".+, [\d,]+ events?", name)
    page.keyboard.press("Enter")
    page.wait_for_url("**/countries/*/")
    page.goto("policies/")
    page.get_by_label("Words").focus()
    page.keyboard.type("roadmap")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.listing')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/policies/*/")


def test_the_hits_of_a_search_by_keyboard(page: Any) -> None:
    page.goto("data/")
    page.get_by_role("searchbox").press_sequentially("chile")
    page.locator(".hits a").first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".hits").is_hidden()
    page.get_by_role("searchbox").fill("chile")
    page.locator(".hits a").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/countries/CHL/")


def test_the_search_page_keeps_its_question_and_finds_sources(page: Any) -> None:
    from playwright.sync_api import expect

    page.goto("search/?q=driving+the+green+revolution")
    expect(page.locator(".page-hits a").first).to_have_attribute("href", re.compile("/sources/"))
    assert page.get_by_role("searchbox").input_value() == "driving the green revolution"
    page.get_by_role("searchbox").fill("xqxqxq zzzz")
    page.get_by_text("Nothing found").wait_for()
    assert page.url.endswith("?q=xqxqxq+zzzz")


def test_two_countries_side_by_side_by_address_and_by_hand(page: Any) -> None:
    page.goto("compare/?c=CHL")
    page.locator(".compared h2", has_text="Chile").wait_for()
    page.get_by_label("Add a country").select_option("NOR")
    page.locator(".compared h2", has_text="Norway").wait_for()
    assert page.url.endswith("?c=CHL&c=NOR")
    page.reload()
    page.locator(".compared h2", has_text="Norway").wait_for()
    page.get_by_role("button", name="Remove Chile").click()
    page.wait_for_url("**/compare/?c=NOR")


def test_from_a_country_to_whom_it_met_and_the_events_behind_the_number(page: Any, ds: evcollab.Dataset) -> None:
    page.goto("countries/CHL/")
    page.locator(".bars td a").first.click()
    pairs = ds.collaborations()
    most = int(pairs[(pairs["a"] == "CHL") | (pairs["b"] == "CHL")]["events"].max())
    assert page.locator(".rows > li").count() == most


def test_a_link_to_a_cell_opens_its_reasons(page: Any) -> None:
    page.goto("events/lao-ev-forum-2023/#status")
    assert page.locator("#status .said").is_visible()


def test_long_lists_on_a_page_open_at_once(page: Any) -> None:
    page.goto("countries/CHN/")
    before = page.locator(".bars tbody tr:visible").count()
    page.locator(".bars + .morebtn").click()
    assert page.locator(".bars tbody tr:visible").count() > before


def test_an_address_that_does_not_exist_offers_the_lists(chromium: Any, server: str) -> None:
    with browser.opened(chromium, server) as page:
        page.goto("404.html")
        page.locator("main").get_by_role("link", name="events").click()
        assert page.locator("h1").inner_text() == "Events"
