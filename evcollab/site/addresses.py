"""The only place that writes an address: of pages, of lines and cells in them, of the form that corrects a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

PAGES = ("events", "countries", "organisations", "policy_targets", "policies", "sources")
"""The tables whose records have a page of their own."""
LINES = {
    "participants": ("events", "event_id"),
    "memberships": ("organisations", "group_id"),
    "subdivisions": ("countries", "country_code"),
}
"""The tables whose records are lines on the page of another record: table → that table, column with its identifier."""
FORM = "correction.yml"
LONGEST = 120
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]|^[._]")


def segment(identifier: str) -> str:
    """An identifier as one step of an address and of a path on disk: a slug stays what it is.

    Every other character becomes `~` and its UTF-8 bytes in hexadecimal digits, so that none leaves its folder.
    """
    safe = _UNSAFE.sub(
        lambda found: "".join(f"~{byte:02x}" for byte in found[0].encode("utf-8", "surrogatepass")), identifier
    )
    if len(safe) <= LONGEST:
        return safe or "~"
    import hashlib

    return f"{safe[:LONGEST]}~{hashlib.sha256(identifier.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def page(table: str, identifier: str) -> str:
    """The address of a record's page, from the top of the site."""
    return f"{table}/{segment(identifier)}/"


def place(table: str, row: Mapping[str, str], identifier: str) -> str:
    """The address of a record: its page, or its line on the page of another."""
    if table not in LINES:
        return page(table, identifier)
    home, column = LINES[table]
    return f"{page(home, row[column])}#{line(identifier)}"


def line(identifier: str) -> str:
    """The fragment of a line. Those of cells are the names of columns, those of sections begin with `_`."""
    return segment(identifier) if "-" in identifier else f"line-{segment(identifier)}"


def pair(a: str, b: str) -> str:
    """The address of the page on two countries."""
    first, second = sorted((a, b))
    return f"pairs/{segment(first)}--{segment(second)}/"


def root(path: str) -> str:
    """The way from a page to the top of the site."""
    return "../" * path.count("/") or "./"


def target(path: str) -> str:
    """The file that holds the page of an address."""
    return f"{path}index.html" if path.endswith("/") or not path else path


def is_web(address: str) -> bool:
    """Tell whether a text may become a link: only addresses of the web do."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s<>\"\\^`{|}]", address)


def host(address: str) -> str:
    """The scheme and host of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def correction(repository: str, **filled: str) -> dict[str, object] | None:
    """The form that takes corrections: its `action`, and the `fields` that are filled in; None without a repository.

    The page adds the last field with the button that is pressed: the column of a cell, or the identifier of a line.
    """
    if not repository:
        return None
    return {"action": f"{repository.rstrip('/')}/issues/new", "fields": {"template": FORM, **filled}}
