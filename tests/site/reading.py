"""Reading a built site as a browser would."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html


def parsed(file: Path) -> Any:
    return html.fromstring(file.read_text(encoding="utf-8"))


def pages(folder: Path) -> Iterator[tuple[str, Any]]:
    """Each page with its path from the top."""
    for path, text in texts(folder):
        yield path, html.fromstring(text)


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """The text of each page with its path from the top."""
    for file in sorted(folder.rglob("*.html")):
        yield file.relative_to(folder).as_posix().removesuffix("index.html"), file.read_text(encoding="utf-8")


def links(page: Any) -> list[str]:
    """The addresses in a page that its browser may follow or load."""
    found = [each.get(name) for name in ("href", "src", "action") for each in page.xpath(f"//*[@{name}]")]
    return [address for address in found if address is not None]


def local(path: str, address: str) -> tuple[str, str] | None:
    """The page and fragment that a link on a page leads to; None if it leaves the site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    if not parts.path:
        return path, unquote(parts.fragment)
    base = path if path.endswith("/") or not path else path.rpartition("/")[0] + "/" if "/" in path else ""
    whole = normpath(base + parts.path) if base + parts.path else ""
    whole = "" if whole == "." else whole
    return whole + ("/" if parts.path.endswith("/") and whole else ""), unquote(parts.fragment)


def file_of(folder: Path, path: str) -> Path:
    return folder / path / "index.html" if path.endswith("/") or not path else folder / path


@cache
def ids(file: Path) -> frozenset[str]:
    return frozenset(parsed(file).xpath("//@id"))
