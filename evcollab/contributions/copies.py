"""Lasting copies of sources: the cell `archive_url`, filled with what the Wayback Machine has, or makes.

What was asked without success is remembered in a small file outside the register, so that the next run goes on.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evcollab import atomic
from evcollab.canonical import files_for
from evcollab.errors import EvcollabError, reason
from evcollab.register import Record, Register
from evcollab.urls import is_private
from evcollab.wayback import ArchiveError, RefusedError, Wayback, made_on

BATCH = 25
"""After so many questions what was found is written."""
AGAIN = dt.timedelta(days=30)
"""After so long a page is asked for again."""
FAILURES = 3
"""After so many questions in a row without an answer the run ends."""


@dataclass
class Copies:
    """What a run did, or would do.

    Attributes:
        found: source → address of its copy.
        requested: sources for which the archive was asked to make a copy and has not told its address yet.
        missing: sources without a copy.
        failed: source → why the archive did not answer.
        left: how many sources were not asked about.
        stopped: why the run ended early; empty if it did not.
    """

    found: dict[str, str] = field(default_factory=dict)
    requested: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    left: int = 0
    stopped: str = ""


class Memory:
    """What was asked before: page → "asked" or "saved" → day. It is kept in a file; a damaged one counts as empty."""

    def __init__(self, file: Path, today: dt.date | None = None) -> None:
        self.file, self.today = file, today or dt.date.today()
        try:
            read = json.loads(file.read_bytes())
            self._days = {str(url): {str(key): str(day) for key, day in days.items()} for url, days in read.items()}
        except (OSError, ValueError, AttributeError, RecursionError):
            self._days = {}

    def knows(self, url: str, what: str) -> bool:
        """Whether this was done within the last days."""
        try:
            return self.today - dt.date.fromisoformat(self._days[url][what]) < AGAIN
        except (KeyError, ValueError):
            return False

    def note(self, url: str, *done: str) -> None:
        """Note that this was done today."""
        self._days.setdefault(url, {}).update(dict.fromkeys(done, self.today.isoformat()))

    def forget(self, url: str, what: str) -> None:
        """Let this be done again by the next run."""
        self._days.get(url, {}).pop(what, None)

    def write(self) -> None:
        """Write the file anew, whole or not at all."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            new = self.file.with_name(f"{self.file.name}.{os.getpid()}.new")
            new.write_text(json.dumps(self._days, indent=0, sort_keys=True), encoding="utf-8")
            os.replace(new, self.file)
        except OSError as error:
            raise EvcollabError(f"{self.file} cannot be written: {reason(error)}") from None


def add_copies(
    archive: Wayback,
    path: str | os.PathLike[str] | None = None,
    *,
    memory: Memory,
    save: bool = False,
    limit: int | None = None,
    dry_run: bool = False,
    tell: Callable[[int, int, Copies], None] | None = None,
) -> Copies:
    """Fill `archive_url` of the sources that have none with the copy nearest to the day on which they were read.

    Copies are written a few at a time, each time all files or none, so that an interrupted run loses nothing; a cell
    that somebody else has filled meanwhile is left alone.

    Args:
        archive: whom to ask.
        path: the package, as for `load`.
        memory: what was asked before, and is not asked again yet.
        save: ask the archive to make a copy where it has none.
        limit: ask about so many sources; None: about all.
        dry_run: ask for copies, but request none and write nothing.
        tell: is called before each source with its number, the number of all, and what was done so far.

    Raises:
        EvcollabError: the register has no sources with `archive_url`, or the memory cannot be written.
        PackageError, DataError: the package cannot be read or written.
    """
    with Register.opened(path, to_change=False) as register:
        sources = list(_wanted(register, memory, save))
    asked = sources if limit is None else sources[: max(limit, 0)]
    copies = Copies(left=len(sources))
    run = _Run(archive, register.package.path, memory, save and not dry_run, dry_run, copies)
    try:
        for number, source in enumerate(asked, 1):
            if tell:
                tell(number, len(asked), copies)
            run.ask(source)
            copies.left -= 1
            if number % BATCH == 0:
                run.write()
            if copies.stopped:
                break
    except KeyboardInterrupt:
        copies.stopped = "interrupted"
    finally:
        run.write()
    return copies


def _wanted(register: Register, memory: Memory, save: bool) -> Iterator[Record]:
    """The sources to ask about."""
    table = register.tables.get("sources")
    if table is None or "archive_url" not in table.columns:
        raise EvcollabError(f"{register.package.path} has no table of sources with the column archive_url")
    for source in register.records("sources").rows:
        url = source["url"]
        if source["archive_url"] or not url.startswith(("http://", "https://")) or is_private(url):
            continue
        if not memory.knows(url, "asked") or (save and not memory.knows(url, "saved")):
            yield source


@dataclass
class _Run:
    """The questions of one run, and what is found but not written yet."""

    archive: Wayback
    target: Path
    memory: Memory
    save: bool
    dry_run: bool
    copies: Copies
    unwritten: dict[str, tuple[str, str]] = field(default_factory=dict)
    failures: int = 0

    def ask(self, source: Mapping[str, str]) -> None:
        """Look for the copy of a source."""
        name, url = source["source_id"], source["url"]
        try:
            copy = self._copy(source)
        except ArchiveError as error:
            self.copies.failed[name] = str(error)
            if isinstance(error, RefusedError):
                self.memory.note(url, "asked", *(["saved"] if self.save else []))
                self.failures = 0
                return
            self.failures += 1
            if error.is_down or self.failures == FAILURES:
                self.copies.stopped = str(error)
            return
        self.failures = 0
        if copy:
            self.copies.found[name] = copy
            self.unwritten[name] = (url, copy)

    def _copy(self, source: Mapping[str, str]) -> str | None:
        name, url = source["source_id"], source["url"]
        if not self.memory.knows(url, "asked"):
            copy = self.archive.nearest(url, source["accessed_date"])
            published = source.get("published_date", "").replace("-", "")
            if copy and made_on(copy)[: len(published)] >= published:  # an earlier one is of something else
                return copy
            self.memory.note(url, "asked")
        if not self.save or self.memory.knows(url, "saved"):
            self.copies.missing.append(name)
            return None
        copy = self.archive.save(url)
        self.memory.note(url, "saved")
        if copy is None:
            self.memory.forget(url, "asked")
            self.copies.requested.append(name)
        return copy

    def write(self) -> None:
        """Write what was found into the register as it is now, and what was asked into the memory."""
        if self.dry_run:
            return
        if self.unwritten:
            with Register.opened(self.target, to_change=True) as register:
                for name, (url, copy) in self.unwritten.items():
                    row = register.get("sources", name)
                    if row and row["url"] == url and not row["archive_url"]:
                        row["archive_url"] = copy
                files = files_for(register.package, register.changed(), register.contents)
                atomic.replace_files(register.package.root, files, register.contents)
            self.unwritten.clear()
        self.memory.write()
