"""Copies of sources in the Wayback Machine, asked of a server that behaves like it, well or badly."""

from __future__ import annotations

import csv
import datetime as dt
import email.utils
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from evcollab import validation
from evcollab.cli import main
from evcollab.contributions import copies
from evcollab.contributions.copies import Memory, add_copies
from evcollab.errors import EvcollabError
from evcollab.wayback import MOST, ArchiveError, RefusedError, Wayback
from tests.contributions.registers import ROOT, add, content, source

PAGE = "https://example.org/a"
DAY = dt.date(2026, 11, 20)
Answer = tuple[int, dict[str, str], bytes]


def told(copy: str, **closest: object) -> Answer:
    """The answer that names this copy."""
    known = {"available": True, "url": copy, "timestamp": "20250602000000", "status": "200", **closest}
    return 200, {}, json.dumps({"url": PAGE, "archived_snapshots": {"closest": known}}).encode()


def copy_of(page: str, moment: str = "20250602000000") -> str:
    return f"https://web.archive.org/web/{moment}/{page}"


NONE: Answer = (200, {}, b'{"url": "x", "archived_snapshots": {}}')


class Archive(ThreadingHTTPServer):
    """A server with the two interfaces; `answer` says what it answers to a page and the number of the question."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Callable[[str, int], Answer] = lambda page, number: told(copy_of(page))
        self.saved: Callable[[str], Answer] = lambda page: (302, {"Location": f"/web/20261120000000/{page}"}, b"")
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()

    def handle_error(self, *rest: Any) -> None:
        """A client that has gone is no news."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def pages(self) -> list[str]:
        return [page for page, _ in self.asked]


class Handler(BaseHTTPRequestHandler):
    server: Archive

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.agents.add(self.headers["User-Agent"])
        if parts.path == "/wayback/available":
            query = parse_qs(parts.query)
            self.server.asked.append((query["url"][0], query["timestamp"][0]))
            page = query["url"][0]
            status, headers, body = self.server.answer(page, self.server.pages.count(page))
        else:
            page = self.path.removeprefix("/save/")
            self.server.asked.append((page, "save"))
            status, headers, body = self.server.saved(page)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *rest: Any) -> None: ...


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Archive]:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    server = Archive()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def client(archive: Archive, **options: Any) -> Wayback:
    return Wayback("evcollab/test", archive.address, **{"pause": 0, "timeout": 5, **options})


def always(*answer: Any) -> Callable[[str, int], Answer]:
    return lambda page, number: answer  # type: ignore[return-value]


@pytest.fixture
def sources(register: Path, tmp_path: Path) -> Path:
    """A register with the sources a, b and c."""
    for page in "abc":
        add(register, source(page))
    return register


def cells(register: Path) -> dict[str, str]:
    with (register / "data/sources.csv").open(encoding="utf-8", newline="") as file:
        return {row["url"].rsplit("/", 1)[1]: row["archive_url"] for row in csv.DictReader(file)}


# One question


def test_the_copy_nearest_to_the_day_is_asked_for_under_our_name(archive: Archive) -> None:
    assert client(archive).nearest(PAGE, "2026-11-20") == copy_of(PAGE)
    assert archive.asked == [(PAGE, "20261120")]
    assert archive.agents == {"evcollab/test"}


def test_a_page_without_copies_has_none(archive: Archive) -> None:
    archive.answer = always(*NONE)
    assert client(archive).nearest(PAGE, "2026-11-20") is None


@pytest.mark.parametrize("closest", [{"status": "404"}, {"status": "301"}, {"available": False}])
def test_a_copy_of_an_error_or_a_redirect_does_not_count(archive: Archive, closest: dict[str, object]) -> None:
    archive.answer = always(*told(copy_of(PAGE), **closest))
    assert client(archive).nearest(PAGE, "2026-11-20") is None


@pytest.mark.parametrize(
    "copy",
    [
        "http://web.archive.org/web/20250602000000/http://www.example.org:80/a/",
        "https://web.archive.org/web/20250602000000/https://example.org/a#<script>",
        "https://web.archive.org/web/20250602000000/https://user@EXAMPLE.org/A?utm_source=x",
    ],
)
def test_of_the_answer_only_the_moment_is_taken(archive: Archive, copy: str) -> None:
    archive.answer = always(*told(copy))
    assert client(archive).nearest(PAGE, "2026-11-20") == copy_of(PAGE)


@pytest.mark.parametrize(
    "copy",
    [
        "https://evil.example/web/20250602000000/https://example.org/a",
        "https://web.archive.org.evil.example/web/20250602000000/https://example.org/a",
        "https://web.archive.org/web/20250602000000/https://evil.example/a",
        "https://web.archive.org/web/2025/https://example.org/a",
        "https://web.archive.org/web/20259902000000/https://example.org/a",
        "https://web.archive.org/web/*/https://example.org/a",
        "javascript:alert(1)//web.archive.org/web/20250602000000/https://example.org/a",
        "https://web.archive.org/web/20250602000000/https://example.org/a\nhttps://evil.example",
        "",
    ],
)
def test_a_copy_elsewhere_of_another_page_or_without_moment_is_refused(archive: Archive, copy: str) -> None:
    archive.answer = always(*told(copy))
    with pytest.raises(ArchiveError, match="not a copy of the page"):
        client(archive).nearest(PAGE, "2026-11-20")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>busy</html>",
        b'{"archived',
        b"[]",
        b"null",
        b"{}",
        b'{"archived_snapshots": []}',
        b"[" * 90_000,
        b"\xff\xfe",
        b" " * (MOST + 1),
    ],
)
def test_an_answer_that_is_not_the_expected_json_is_asked_for_again_and_then_given_up(
    archive: Archive, body: bytes
) -> None:
    archive.answer = always(200, {}, body)
    with pytest.raises(ArchiveError, match="gives no answer"):
        client(archive, tries=2).nearest(PAGE, "2026-11-20")
    assert len(archive.asked) == 2


@pytest.mark.parametrize("bad", [(503, {}, b""), (500, {}, b"x"), (200, {}, b""), (429, {"Retry-After": "0"}, b"")])
def test_what_passes_is_asked_again(archive: Archive, bad: Answer) -> None:
    archive.answer = lambda page, number: bad if number < 3 else told(copy_of(page))
    assert client(archive).nearest(PAGE, "2026-11-20") == copy_of(PAGE)
    assert len(archive.asked) == 3


def test_nothing_is_asked_before_the_time_that_the_archive_names(archive: Archive) -> None:
    moments = []

    def answer(page: str, number: int) -> Answer:
        moments.append(time.monotonic())
        return (429, {"Retry-After": "1"}, b"") if number == 1 else told(copy_of(page))

    archive.answer = answer
    assert client(archive).nearest(PAGE, "2026-11-20")
    assert moments[1] - moments[0] >= 1


def test_questions_are_at_least_a_pause_apart(archive: Archive) -> None:
    moments = []
    archive.answer = lambda page, number: (moments.append(time.monotonic()), NONE)[1]
    asking = client(archive, pause=0.2)
    asking.nearest(PAGE, "2026-11-20")
    asking.nearest(PAGE, "2026-11-20")
    assert moments[1] - moments[0] >= 0.2


@pytest.mark.parametrize("after", ["3600", "999999999", "in two hours"])
def test_who_asks_to_be_left_alone_for_long_is_left_alone(archive: Archive, after: str) -> None:
    if after == "in two hours":
        after = email.utils.format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(hours=2))
    archive.answer = always(429, {"Retry-After": after}, b"")
    with pytest.raises(ArchiveError, match="left alone") as error:
        client(archive).nearest(PAGE, "2026-11-20")
    assert error.value.is_down
    assert len(archive.asked) == 1


@pytest.mark.parametrize("after", ["", "soon", "-5", "Wed, 21 Oct 2015 07:28:00 GMT", "9" * 400])
def test_an_odd_time_to_wait_counts_as_none(archive: Archive, after: str) -> None:
    archive.answer = lambda page, number: (503, {"Retry-After": after}, b"") if number == 1 else NONE
    assert client(archive).nearest(PAGE, "2026-11-20") is None


@pytest.mark.parametrize("status", [301, 302, 307, 400, 403, 404, 523])
def test_a_refusal_or_a_redirect_is_not_asked_again_and_no_redirect_is_followed(archive: Archive, status: int) -> None:
    elsewhere = Archive()
    threading.Thread(target=elsewhere.serve_forever, args=(0.01,), daemon=True).start()
    headers = {"Location": f"{elsewhere.address}/wayback/available?url={PAGE}&timestamp=1"}
    archive.answer = always(status, headers, told(copy_of(PAGE))[2])
    with pytest.raises(RefusedError, match=str(status)):
        client(archive).nearest(PAGE, "2026-11-20")
    elsewhere.shutdown()
    elsewhere.server_close()
    assert (len(archive.asked), elsewhere.asked) == (1, [])


def test_a_server_that_hangs_is_given_up(archive: Archive) -> None:
    released = threading.Event()
    archive.answer = lambda page, number: (released.wait(10), NONE)[1]
    with pytest.raises(ArchiveError, match="gives no answer"):
        client(archive, timeout=0.1, tries=2).nearest(PAGE, "2026-11-20")
    released.set()


def test_a_server_that_sends_drop_by_drop_is_given_up(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(self: Handler) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.02)

    monkeypatch.setattr(Handler, "do_GET", drip)
    with pytest.raises(ArchiveError, match="too long"):
        client(archive, timeout=0.3, tries=1).nearest(PAGE, "2026-11-20")


def test_a_server_that_is_not_there_is_told_so() -> None:
    with pytest.raises(ArchiveError, match=r"127\.0\.0\.1:9 "):
        Wayback("evcollab/test", "http://127.0.0.1:9", pause=0).nearest(PAGE, "2026-11-20")


@pytest.mark.parametrize("server", ["file:///etc", "ftp://example.org", "example.org", "http:///x"])
def test_only_a_server_of_the_web_is_asked(server: str) -> None:
    with pytest.raises(EvcollabError, match="not a server"):
        Wayback("evcollab/test", server)


@pytest.mark.parametrize("header", ["Location", "Content-Location"])
def test_the_copy_that_the_archive_makes_is_read_from_its_headers(archive: Archive, header: str) -> None:
    archive.saved = lambda page: (200, {header: f"/web/20261120000000/{page}"}, b"<html>")
    assert client(archive).save(PAGE) == copy_of(PAGE, "20261120000000")


@pytest.mark.parametrize("headers", [{}, {"Location": "https://evil.example/web/20261120000000/https://example.org/a"}])
def test_a_copy_whose_address_is_not_told_is_known_later(archive: Archive, headers: dict[str, str]) -> None:
    archive.saved = lambda page: (302, headers, b"")
    assert client(archive).save(PAGE) is None


# A run


def run(register: Path, archive: Archive, state: Path, **options: Any) -> copies.Copies:
    return add_copies(client(archive), register, memory=Memory(state, DAY), **options)


def test_what_is_found_is_written_and_the_register_stays_valid(sources: Path, archive: Archive, tmp_path: Path) -> None:
    archive.answer = lambda page, number: NONE if page.endswith("b") else told(copy_of(page))
    done = run(sources, archive, tmp_path / "state.json")
    assert cells(sources) == {"a": copy_of(PAGE), "b": "", "c": copy_of("https://example.org/c")}
    assert (len(done.found), len(done.missing), done.left, done.stopped) == (2, 1, 0, "")
    assert validation.validate(sources).valid


def test_the_next_run_goes_on_and_asks_again_after_30_days(sources: Path, archive: Archive, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    archive.answer = lambda page, number: NONE if page.endswith("a") else told(copy_of(page))
    assert run(sources, archive, state, limit=2).left == 1
    assert run(sources, archive, state).left == 0
    assert run(sources, archive, state).missing == []
    assert sorted(page[-1] for page in archive.pages) == ["a", "b", "c"]
    later = add_copies(client(archive), sources, memory=Memory(state, DAY + dt.timedelta(days=30)))
    assert len(later.missing) == 1


def test_a_copy_of_before_the_publication_is_one_of_something_else(
    sources: Path, archive: Archive, tmp_path: Path
) -> None:
    archive.answer = lambda page, number: told(copy_of(page, "20250601000000" if page == PAGE else "20250531235959"))
    assert len(run(sources, archive, tmp_path / "state.json").missing) == 2
    assert cells(sources) == {"a": copy_of(PAGE, "20250601000000"), "b": "", "c": ""}


def test_a_dry_run_asks_but_writes_nothing_and_requests_no_copies(
    sources: Path, archive: Archive, tmp_path: Path
) -> None:
    before = content(sources)
    archive.answer = lambda page, number: NONE if page == PAGE else told(copy_of(page))
    done = run(sources, archive, tmp_path / "state.json", dry_run=True, save=True)
    assert (len(done.found), len(done.missing)) == (2, 1)
    assert content(sources) == before
    assert not (tmp_path / "state.json").exists()
    assert "save" not in [what for _, what in archive.asked]


def test_copies_are_requested_only_if_asked_for_and_once(sources: Path, archive: Archive, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    archive.answer = always(*NONE)
    archive.saved = lambda page: (200, {} if page.endswith("c") else {"Location": f"/web/20261120000000/{page}"}, b"")
    run(sources, archive, state)
    assert "save" not in [what for _, what in archive.asked]
    archive.asked.clear()
    done = run(sources, archive, state, save=True)
    assert sorted(archive.asked) == [(f"https://example.org/{page}", "save") for page in "abc"]
    assert (len(done.found), len(done.requested)) == (2, 1)
    archive.asked.clear()
    archive.answer = lambda page, number: told(copy_of(page))
    assert list(run(sources, archive, state, save=True).found.values()) == [copy_of("https://example.org/c")]


def test_a_run_ends_when_the_archive_is_down_and_forgets_nothing(
    sources: Path, archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "FAILURES", 2)
    archive.answer = lambda page, number: told(copy_of(page)) if page == PAGE else (503, {}, b"")
    done = run(sources, archive, tmp_path / "state.json")
    assert "answers 503" in done.stopped
    assert cells(sources)["a"] == copy_of(PAGE)
    archive.answer = lambda page, number: told(copy_of(page))
    assert len(run(sources, archive, tmp_path / "state.json").found) == 2


def test_what_is_found_is_written_while_the_run_goes_on(
    sources: Path, archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "BATCH", 2)
    written = {}

    def answer(page: str, number: int) -> Answer:
        written[page[-1]] = sum(map(bool, cells(sources).values()))
        return told(copy_of(page))

    archive.answer = answer
    run(sources, archive, tmp_path / "state.json")
    assert written == {"a": 0, "b": 0, "c": 2}


def test_a_cell_that_was_filled_meanwhile_is_left_alone(sources: Path, archive: Archive, tmp_path: Path) -> None:
    mine = "https://archive.ph/AbCdE"

    def answer(page: str, number: int) -> Answer:
        if page == PAGE:
            file = sources / "data/sources.csv"
            text = file.read_text(encoding="utf-8").replace("https://example.org/b,,", f"https://example.org/b,{mine},")
            file.write_text(text, encoding="utf-8")
            main(["format", str(sources)])
        return told(copy_of(page))

    archive.answer = answer
    run(sources, archive, tmp_path / "state.json")
    assert cells(sources) == {"a": copy_of(PAGE), "b": mine, "c": copy_of("https://example.org/c")}


def test_sources_that_have_a_copy_or_are_not_public_are_not_asked_about(
    sources: Path, archive: Archive, tmp_path: Path
) -> None:
    file = sources / "data/sources.csv"
    text = file.read_text(encoding="utf-8").replace("https://example.org/b,,", "http://192.168.1.1/b,,")
    file.write_text(text.replace(f"{PAGE},,", f"{PAGE},https://archive.ph/AbCdE,"), encoding="utf-8")
    main(["format", str(sources)])
    run(sources, archive, tmp_path / "state.json")
    assert archive.pages == ["https://example.org/c"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"https://example.org/a": 1}', "\x00", '{"https://example.org/a": {"asked": "x"}}']
)
def test_a_damaged_memory_counts_as_empty(sources: Path, archive: Archive, tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text, encoding="utf-8")
    assert len(run(sources, archive, tmp_path / "state.json").found) == 3


# The command


def command(register: Path, archive: Archive, *more: str) -> list[str]:
    options = ["--server", archive.address, "--pause", "0"]
    return ["archive", "--package", str(register), *options, *more]


def test_the_command_tells_what_it_found(sources: Path, archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    archive.answer = lambda page, number: NONE if page == PAGE else told(copy_of(page))
    assert main(command(sources, archive, "--limit", "2")) == 0
    printed = capsys.readouterr()
    assert "1 found, 1 without a copy, 1 not asked about" in printed.out
    assert "\r" not in printed.err
    (agent,) = archive.agents
    assert agent.startswith("evcollab/")
    assert main(command(sources, archive)) == 0
    assert main(command(sources, archive)) == 0
    assert capsys.readouterr().out.endswith("There is nothing to ask about.\n")


def test_on_a_terminal_the_command_tells_how_far_it_is(
    sources: Path,
    archive: Archive,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(command(sources, archive)) == 0
    assert "3 of 3, 2 found" in capsys.readouterr().err


def test_the_command_fails_when_the_archive_is_down(
    sources: Path, archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    archive.answer = always(429, {"Retry-After": "4000"}, b"")
    assert main(command(sources, archive)) == 1
    assert "stopped: 127.0.0.1" in capsys.readouterr().err


@pytest.mark.parametrize("option", [("--limit", "0"), ("--limit", "x"), ("--pause", "-1"), ("--pause", "nan")])
def test_odd_options_are_refused(sources: Path, archive: Archive, option: tuple[str, str]) -> None:
    with pytest.raises(SystemExit):
        main(command(sources, archive, *option))
    assert archive.asked == []


def test_a_register_without_sources_is_told_so(register: Path, tmp_path: Path) -> None:
    descriptor = json.loads((register / "datapackage.json").read_text(encoding="utf-8"))
    descriptor["resources"] = [one for one in descriptor["resources"] if one["name"] == "countries"]
    (register / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(EvcollabError, match="no table of sources"):
        add_copies(Wayback("evcollab/test"), register, memory=Memory(tmp_path / "state.json"))


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process")
def test_an_interrupt_keeps_what_was_found(sources: Path, archive: Archive) -> None:
    reached, released = threading.Event(), threading.Event()

    def answer(page: str, number: int) -> Answer:
        if page.endswith("c"):
            reached.set()
            released.wait(20)
        return told(copy_of(page))

    archive.answer = answer
    started = subprocess.Popen(
        [sys.executable, "-m", "evcollab", *command(sources, archive)],
        cwd=ROOT,
        env={**os.environ, "no_proxy": "*"},
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a suite in the background ignores it
    )
    assert reached.wait(30)
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=30)
    released.set()
    assert started.returncode == 130
    assert "stopped: interrupted" in errors
    assert cells(sources) == {"a": copy_of(PAGE), "b": copy_of("https://example.org/b"), "c": ""}
