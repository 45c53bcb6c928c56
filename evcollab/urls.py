"""Addresses of web pages: how they are written, and when two of them are the same page."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(r"utm_.*|fbclid|gclid|mc_[ce]id", re.ASCII)
_HOST = re.compile(r"[^\s.@:/]+(\.[^\s.@:/]+)+|[0-9a-f:.]*:[0-9a-f:.]+")
_SIMPLE = re.compile(r"https?://((?:[a-z0-9-]+\.)+(?=[0-9-]*[a-z])[a-z0-9-]+(?:/[A-Za-z0-9._~/-]*)?)")
"""Most addresses, of which there is nothing to leave out but the beginning and the end."""
_SAFE = "/%:@!$&'()*+,;=-._~?"


def normal_url(url: str) -> str | None:
    """An address without what makes no difference to the page; None if it is not that of a web page."""
    if simple := _SIMPLE.fullmatch(url):
        return simple[1].removeprefix("www.").rstrip("/")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    query = urlencode(
        [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
    )
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    place = host.removeprefix("www.") + (f":{port}" if port not in (None, 80, 443) else "")
    return place + parts.path.rstrip("/") + (f"?{query}" if query else "") + fragment


def tidy_url(url: str) -> str:
    """An address as it is written into the register, beyond ASCII escaped; what is no address stays as it is."""
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:
        return url
    path, query = quote(parts.path, safe=_SAFE), quote(parts.query, safe=_SAFE)
    return urlunsplit((parts.scheme, host, path, query, parts.fragment))
