from __future__ import annotations

import contextlib
import http.server
import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import evcollab
from evcollab import cli
from evcollab.site import build
from tests.exports import registers
from tests.site import browser
from tests.validation import packages

ADDRESS = "https://example.org/register/"
REPOSITORY = "https://github.com/example/register"


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that one of the processes of a test run makes, for all of them."""
    import fcntl

    root = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    target = root / name
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            make(target)
    return target


@pytest.fixture(scope="session")
def ds(part: Path) -> evcollab.Dataset:
    """The shipped register; in a quick run a part of it."""
    return evcollab.load(part)


@pytest.fixture(scope="session")
def built(ds: evcollab.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the shipped register."""
    make = partial(build, ds, address=ADDRESS, repository=REPOSITORY, commands=cli._parser())
    return once(tmp_path_factory, "built", make)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> evcollab.Dataset:
    """A register of a few rows, with disputes, persons, money and a former identifier."""
    return registers.write(tmp_path_factory.mktemp("small"), with_former_ids(packages.base()))


def with_former_ids(tables: packages.Tables) -> packages.Tables:
    event = tables["events"][0]["event_id"]
    tables["former_ids"] = [
        {
            "table_name": "events",
            "former_id": "old-forum",
            "successor_id": "older-forum",
            "version": "0.2.0",
            "reason": "renamed",
        },
        {
            "table_name": "events",
            "former_id": "older-forum",
            "successor_id": event,
            "version": "0.3.0",
            "reason": "merged",
        },
        {
            "table_name": "organisations",
            "former_id": "gone",
            "successor_id": "",
            "version": "0.3.0",
            "reason": "removed",
        },
    ]
    return tables


@pytest.fixture(scope="session")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> evcollab.Dataset:
    return registers.nasty(tmp_path_factory.mktemp("nasty"))


@pytest.fixture(scope="session")
def small_site(small: evcollab.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small-site") / "site"
    build(small, folder, address=ADDRESS, repository=REPOSITORY)
    return folder


@pytest.fixture(scope="session")
def nasty_site(nasty: evcollab.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nasty-site") / "site"
    build(nasty, folder, address=ADDRESS, repository=REPOSITORY)
    return folder


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def server(built: Path) -> Iterator[str]:
    """The address at which the site of the shipped register is served, below a path."""
    (built.parent / "served").mkdir(exist_ok=True)
    below = built.parent / "served" / "register"
    if not below.exists():
        with contextlib.suppress(FileExistsError):
            below.symlink_to(built)
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(below.parent)))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}/register/"
    httpd.shutdown()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    yield from browser.launched()


@pytest.fixture
def page(chromium: Any, server: str) -> Iterator[Any]:
    with browser.opened(chromium, server) as page:
        yield page
