"""A Chromium to look at the site with; none is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


def launched() -> Iterator[Any]:
    """The browser; skips with a sentence where there is none, unless EVCOLLAB_BROWSER=required."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        sentence = "the tests of the site in a browser need Chromium (apt-get install chromium) and playwright"
        if os.environ.get("EVCOLLAB_BROWSER") == "required":
            pytest.fail(sentence)
        pytest.skip(sentence)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


def failed(request: Any) -> bool:
    """Whether a request failed, and was not given up because the reader went on to another page."""
    return "ERR_ABORTED" not in str(request.failure)


@contextmanager
def opened(browser: Any, server: str, **options: Any) -> Iterator[Any]:
    """A page that fails the test when a request leaves the host, fails, or something is written to the console."""
    context = browser.new_context(**{"viewport": DESK, "base_url": server, "accept_downloads": True, **options})
    page, wrong = context.new_page(), []
    host = server.split("/register/")[0]
    page.on("request", lambda request: request.url.startswith((host, "blob:", "data:")) or wrong.append(request.url))
    page.on("requestfailed", lambda request: failed(request) and wrong.append(f"failed: {request.url}"))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert wrong == []
