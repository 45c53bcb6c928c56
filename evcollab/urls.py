"""Addresses of web pages: how they are written, when two of them are the same page, and which lead to no public one."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

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
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([pair for pair in pairs if not _TRACKING.fullmatch(pair[0])])
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    place = host.removeprefix("www.") + (f":{port}" if port not in (None, 80, 443) else "")
    return place + parts.path.rstrip("/") + (f"?{query}" if query else "") + fragment


def tidy_url(url: str) -> str:
    """An address as it is written into the register, beyond ASCII escaped; what is no address stays as it is."""
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc.strip()
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return url
    path, query = quote(parts.path, safe=_SAFE), quote(parts.query, safe=_SAFE)
    return urlunsplit((parts.scheme, host, path, query, parts.fragment))


_LOCAL = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain", "private", "domain",
          "test", "invalid", "onion", "arpa")  # fmt: skip
_INWARDS = re.compile(r"(^|[.-])(127-0-0-1|nip|sslip|xip|localtest|lvh)\b|(^|\.)example\.(com|net|edu)$")
_SCRIPT = re.compile(r"(java|vb)script:|data:text|file:", re.IGNORECASE)


def is_private(url: str) -> bool:
    """Tell whether an address leads to no public host: local, private, of one word, in odd notation, or broken."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return True
    if parts.scheme.lower() not in ("http", "https"):
        return False  # not the address of a page at all: that is another rule's business
    if port == 0 or not host or "\\" in url or parts.username is not None or parts.password is not None:
        return True
    if re.search(r"[\[\]<>{}|^`%\s]", parts.netloc.strip("[]")):
        return True
    try:
        host = host if host.isascii() else host.encode("idna").decode().rstrip(".")
    except UnicodeError:
        return True
    try:
        address = ipaddress.ip_address(unquote(host).strip("[]"))
    except ValueError:
        return _is_no_host(host) or bool(_SCRIPT.search(url))
    return not address.is_global or address.is_multicast


def _is_no_host(host: str) -> bool:
    """Tell whether a name of a host is none of the public network."""
    labels = host.split(".")
    if len(labels) < 2 or labels[-1] in _LOCAL or any(label.strip("-") != label or not label for label in labels):
        return True
    if re.fullmatch(r"[0-9a-fx.]+", host) and re.fullmatch(r"(0x[0-9a-f]+|[0-9]+)", labels[-1]):
        return True  # a number as an address: decimal, octal or hexadecimal
    if len(labels[-1]) < 2 and labels[-1].isascii():
        return True
    return bool(_INWARDS.search(host))
