"""The Wayback Machine of the Internet Archive: which copy of a page it has, and the request to make one.

It is asked politely: one question at a time, with a pause, under our name, and not before the time that it names.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import re
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from urllib.parse import unquote, urlencode, urljoin

from evcollab.errors import EvcollabError
from evcollab.urls import normal_url, tidy_url

ARCHIVE = "https://archive.org"
COPIES = "https://web.archive.org"
MOST = 1_000_000
"""So many bytes of an answer are read."""
LONGEST = 300
"""So many seconds we wait if we are asked to; if we are asked to wait longer, the run ends."""
_COPY = re.compile(r"https?://web\.archive\.org(?::80|:443)?/web/([0-9]{14})/(https?://\S+)")


class ArchiveError(EvcollabError):
    """The archive does not answer a question.

    Attributes:
        is_down: whether it would not answer another question either.
    """

    def __init__(self, message: str, is_down: bool = False) -> None:
        super().__init__(message)
        self.is_down = is_down


class RefusedError(ArchiveError):
    """The archive does not want this page; to ask again would not help."""


@dataclass
class Wayback:
    """The archive as one run asks it.

    Attributes:
        agent: who asks: the `User-Agent`.
        server: another server that behaves like it, such as `http://localhost:8000`; empty: the archive itself.
        pause: so many seconds lie between two questions; after a failure it is doubled each time.
        timeout: so many seconds an answer may take. To make a copy takes the archive longer: six times as many.
        tries: how often a question is asked.
    """

    agent: str
    server: str = ""
    pause: float = 1.0
    timeout: float = 30.0
    tries: int = 4
    _next: float = field(default=0.0, repr=False)

    def __post_init__(self) -> None:
        self.server = self.server.rstrip("/")
        if self.server and not re.match(r"https?://[^/]", self.server):
            raise EvcollabError(f"{self.server!r} is not a server; expected an address such as http://localhost:8000")

    def nearest(self, url: str, day: str) -> str | None:
        """The address of the copy of a page that was made nearest to a day; None if there is none.

        Args:
            url: the page.
            day: such as 2026-11-20.

        Raises:
            ArchiveError: there is no answer that can be used.
        """
        question = urlencode({"url": url, "timestamp": day.replace("-", "")})
        asked = f"{self.server or ARCHIVE}/wayback/available?{question}"
        return self._ask(asked, lambda headers, data: _closest(data, url), self.timeout, range(200, 300))

    def save(self, url: str) -> str | None:
        """Ask for a copy of a page; return its address, or None if it is not told yet.

        Raises:
            ArchiveError: as for `nearest`.
        """
        asked = f"{self.server or COPIES}/save/{tidy_url(url)}"
        try:
            return self._ask(asked, lambda headers, data: _made(headers, url), 6 * self.timeout, range(200, 400))
        finally:
            self._next = max(self._next, time.monotonic() + 10 * self.pause)

    def _ask(
        self, address: str, read: Callable[[Message, bytes], str | None], timeout: float, good: range
    ) -> str | None:
        """The answer to a question, as `read` reads it; what it cannot read (ValueError) is asked again."""
        reason = ""
        for attempt in range(1, self.tries + 1):
            time.sleep(max(0.0, self._next - time.monotonic()))
            wait = self.pause * 2**attempt
            try:
                status, headers, data = _get(address, self.agent, timeout)
                if status in good:
                    answer = read(headers, data)
                    self._next = time.monotonic() + self.pause
                    return answer
                reason = f"answers {status}"
                wait = max(wait, _asked_to_wait(headers), 30 * self.pause if status == 429 else 0)
            except (OSError, HTTPException, ValueError) as error:
                status, reason = 0, f"gives no answer: {getattr(error, 'reason', None) or error or 'none in time'}"
            self._next = time.monotonic() + wait
            if (300 <= status < 500 and status != 429) or status >= 520:  # from 520 on it is the page that fails
                raise RefusedError(f"{_host(address)} {reason} for {address}")
            if wait > LONGEST:
                raise ArchiveError(f"{_host(address)} asks to be left alone for {wait:.0f} seconds", is_down=True)
        raise ArchiveError(f"{_host(address)} {reason}")


def made_on(copy: str) -> str:
    """The moment of a copy, as 14 digits."""
    match = _COPY.fullmatch(copy)
    return match[1] if match else ""


def _get(address: str, agent: str, timeout: float) -> tuple[int, Message, bytes]:
    """Status, headers and body of an answer. No redirect is followed."""
    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler, urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
        opener.add_handler(handler())
    end = time.monotonic() + timeout
    request = urllib.request.Request(address, headers={"User-Agent": agent, "Accept": "application/json, */*"})
    with opener.open(request, timeout=timeout) as response:
        data = b""
        while part := response.read1(65_536):
            data += part
            if len(data) > MOST:
                raise ValueError(f"it is longer than {MOST:,} bytes")
            if time.monotonic() > end:
                raise TimeoutError("it takes too long")
        return response.status, response.headers, data


def _closest(data: bytes, url: str) -> str | None:
    """The copy that an answer in JSON names; ValueError if it is no such answer, or the copy of another page."""
    try:
        closest = json.loads(data)["archived_snapshots"].get("closest")
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        raise ValueError("it is not the JSON that tells of copies") from None
    if closest is None:
        return None
    if not isinstance(closest, dict) or closest.get("available") is not True or str(closest.get("status")) != "200":
        return None
    copy = _copy_of(str(closest.get("url")), url)
    if copy is None:
        raise ValueError(f"it names {closest.get('url')!r:.200}, which is not a copy of the page")
    return copy


def _made(headers: Message, url: str) -> str | None:
    """The copy that the headers of an answer lead to."""
    named = (urljoin(COPIES, headers[name]) for name in ("Content-Location", "Location") if headers[name])
    return next((copy for address in named if (copy := _copy_of(address, url))), None)


def _copy_of(address: str, url: str) -> str | None:
    """The address of a copy, of which only the moment is taken; None if it is not one of this page."""
    match = _COPY.fullmatch(address)
    if match is None or _page(match[2]) != _page(url):
        return None
    try:
        dt.datetime.strptime(match[1], "%Y%m%d%H%M%S")
    except ValueError:
        return None
    return f"{COPIES}/web/{match[1]}/{url}"


def _page(url: str) -> str:
    """What is the same for two ways to write the address of a page."""
    return unquote(normal_url(tidy_url(url)) or url).lower()


def _asked_to_wait(headers: Message) -> float:
    """The seconds of `Retry-After`, which may be a date; 0 if there are none."""
    text = str(headers["Retry-After"] or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0.0
    return (moment.replace(tzinfo=moment.tzinfo or dt.UTC) - dt.datetime.now(dt.UTC)).total_seconds()


def _host(address: str) -> str:
    return address.split("/")[2]
