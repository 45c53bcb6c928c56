"""Every kind of page in Chromium: axe finds nothing, nothing scrolls sideways or leaves the host."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import some
from tests.site import browser

KINDS = {
    "home": "",
    "event": "events/lao-ev-forum-2023/",
    "country": "countries/CHL/",
    "country of which nothing is known": "countries/ATA/",
    "pair": "pairs/CHL--NOR/",
    "organisation": "organisations/gef/",
    "group": "organisations/global-mou/",
    "target": "policy_targets/pak-2019-car-sales-share-2030/",
    "policy": "policies/ae-az-abu-dhabi-transition-plan-to-green-buses/",
    "source": "sources/2019-10-17-396587/",
    "list": "policies/",
    "part of a list": "lists/organisations/b/",
    "disagreements": "disagreements/",
    "coverage": "coverage/",
    "search": "search/?q=lao+forum",
    "comparison": "compare/?c=CHL&c=NOR",
    "data": "data/",
    "documentation": "docs/",
    "guide": "docs/exports/",
    "tables and codes": "docs/tables/",
    "rules": "docs/rules/",
    "python": "docs/python/",
    "command line": "docs/command-line/",
    "about": "about/",
    "contribute": "contribute/",
    "missing": "404.html",
}
REPEATED = (
    "tbody tr",
    ".rows > li",
    ".columns-of > div",
    ".rule",
    ".entry",
    ".lines section li",
    ".columns > li",
    ".map a",
    ".time li",
)
"""What a page has many of: axe looks at the first ones."""
LOOKS = {"light, desk": ("light", browser.DESK), "dark, phone": ("dark", browser.PHONE)}


@pytest.mark.parametrize(("kind", "look"), some([(kind, look) for look in LOOKS for kind in KINDS]))
def test_axe_finds_nothing_and_nothing_scrolls_sideways(chromium: Any, server: str, kind: str, look: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    scheme, viewport = LOOKS[look]
    with browser.opened(chromium, server, color_scheme=scheme, viewport=viewport) as page:
        page.goto(KINDS[kind])
        page.evaluate("document.fonts.ready.then(() => true)")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        context = {"exclude": [[f"{each}:nth-child(n+9)"] for each in REPEATED]}
        found = Axe().run(page, context=context, options={"resultTypes": ["violations"]}).response["violations"]
    told = [
        (rule["id"], [node["target"] for node in rule["nodes"]][:3], rule["nodes"][0]["failureSummary"])
        for rule in found
    ]
    assert told == []
    assert wide <= 0


@pytest.mark.parametrize("kind", some(KINDS))
def test_what_is_tapped_is_large_enough_and_nothing_moves_while_a_page_loads(
    chromium: Any, server: str, kind: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    # the map and the timeline have tables beside them, which have the same links
    context = {"exclude": [[".time"], [".map"], *([f"{each}:nth-child(n+9)"] for each in REPEATED)]}
    options = {"runOnly": {"type": "rule", "values": ["target-size"]}, "resultTypes": ["violations"]}
    with browser.opened(chromium, server, viewport=browser.PHONE) as page:
        page.add_init_script(
            "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((each) => "
            "(window.moved += each.hadRecentInput ? 0 : each.value))).observe({type: 'layout-shift', buffered: true})"
        )
        page.goto(KINDS[kind])
        page.evaluate("document.fonts.ready.then(() => true)")
        moved = page.evaluate("window.moved")
        found = Axe().run(page, context=context, options=options).response["violations"]
    assert [node["target"] for rule in found for node in rule["nodes"]] == []
    assert moved <= 0.05


@pytest.mark.parametrize("kind", ["event", "country", "list"])
def test_at_two_hundred_percent_nothing_is_lost(chromium: Any, server: str, kind: str) -> None:
    with browser.opened(chromium, server, viewport={"width": 640, "height": 450}, device_scale_factor=2) as page:
        page.goto(KINDS[kind])
        assert page.evaluate("document.documentElement.scrollWidth") <= 640
        assert page.locator("h1").is_visible()
        assert page.get_by_role("searchbox").first.is_visible()


@pytest.mark.parametrize(
    "kind", ["home", "event", "country", "list", "source", "search", "comparison", "disagreements"]
)
def test_without_a_script_all_is_readable(chromium: Any, server: str, kind: str) -> None:
    with browser.opened(chromium, server, java_script_enabled=False) as page:
        page.goto(KINDS[kind])
        assert page.locator(".more:not(:visible)").count() == 0
        text = page.locator("main").inner_text()
        if kind == "event":
            assert "7 July 2023" in text
            assert "11 July 2023" in text
        if kind in ("search", "comparison"):
            assert "needs a script" in text


def test_a_page_prints_with_its_claims_and_the_addresses_of_its_sources(page: Any, tmp_path: Path) -> None:
    page.goto(KINDS["event"])
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("body > header").is_hidden()
    assert page.locator(".said:visible").count() == page.locator(".said").count() > 0
    assert "http" in page.evaluate("getComputedStyle(document.querySelector('.sources .out'), '::after').content")
