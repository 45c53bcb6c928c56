"""Giving a state of the data a version: never one that promises more than the changes keep."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evcollab import atomic, publication
from evcollab.canonical import descriptor_bytes, files_for
from evcollab.contributions.diff import compare
from evcollab.contributions.difference import Difference, numbers, raised
from evcollab.contributions.formatting import uncanonical
from evcollab.contributions.revisions import git, open_snapshot
from evcollab.errors import EvcollabError, PackageError
from evcollab.package import Package
from evcollab.publication import TAG
from evcollab.register import FORMER, Register


class ReleaseError(EvcollabError):
    """The data cannot be released like this. Nothing was changed.

    Attributes:
        problems: all that stands in the way.
    """

    def __init__(self, version: str, problems: list[str]) -> None:
        self.problems = problems
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"the data cannot be released as {version}:\n{listed}")


@dataclass(frozen=True)
class Release:
    """A version that was set.

    Attributes:
        version: the version.
        previous: the release before it; empty for the first.
        files: the files that were changed, relative to the package.
    """

    version: str
    previous: str
    files: list[str]


def release(
    version: str,
    path: str | os.PathLike[str] | None = None,
    *,
    previous: str | None = None,
    removed: Sequence[str] = (),
    today: dt.date | None = None,
) -> Release:
    """Set version and day of the data in the descriptor, and in CITATION.cff and .zenodo.json where they are.

    Args:
        version: the new version, such as 1.2.0.
        path: the package, as for `load`.
        previous: the release before: a folder or a git revision. None: the highest tag `data-vX.Y.Z` of the checkout.
        removed: identifiers of released records that are gone on purpose and have no successor, such as the line of a
            person who asked for it. They are entered into the table `former_ids`, if there is one.
        today: the day of the release; None: the current day in UTC.

    Raises:
        ReleaseError: the version is no version or too low for what changed, nothing changed, an identifier that was
            released is gone and not in `former_ids`, or a file is not in canonical form.
        PackageError, DataError: the package or the release before cannot be read, or the files cannot be written.
    """
    if numbers(version) is None:
        raise ReleaseError(version, [f"{version!r} is not a version; expected three numbers such as 1.2.0"])
    with Register.opened(path, to_change=True) as after:
        tag = previous or latest_tag(after.package)
        before = open_snapshot(tag, after.package.path) if tag else None
        problems = [f"{file} is not in canonical form: run  evcollab format" for file in uncanonical(after)]
        if before:
            difference = compare(before, after)
            problems += _too_low(version, before.version, difference)
            problems += _enter_former(before, after, difference, version, set(removed))
        if problems:
            raise ReleaseError(version, problems)
        files, read = _versioned(after, version, (today or dt.datetime.now(dt.UTC).date()).isoformat())
        atomic.replace_files(after.package.root, files, read)
    return Release(version, before.version if before else "", list(files))


def latest_tag(source: Package, before: str = "") -> str | None:
    """The tag of the last release of this package that the checkout stands on; None if there is none.

    Args:
        source: the package.
        before: take only releases before this version.
    """
    try:
        tags = git(source.root, "tag", "--list", f"{TAG}*", "--merged", "HEAD").decode().split()
    except PackageError:
        return None
    versions = {found: tag for tag in tags if (found := numbers(tag.removeprefix(TAG)))}
    limit = numbers(before)
    released = [versions[found] for found in sorted(versions, reverse=True) if limit is None or found < limit]
    return next((tag for tag in released if _has(tag, source)), None)


def _has(tag: str, source: Package) -> bool:
    """Whether a release has this package: a repository may hold others, or have had it later."""
    try:
        git(source.root, "cat-file", "-e", f"{tag}:./{source.path.name}")
    except PackageError:
        return False
    return True


def _too_low(version: str, before: str, difference: Difference) -> Iterator[str]:
    needed = raised(before, difference.bump)
    if not needed:
        yield f"the release before has the version {before!r}, which is none; expected three numbers such as 1.2.0"
    elif difference.bump == "none":
        yield f"nothing differs from {before}"
    elif (numbers(version) or ()) < (numbers(needed) or ()):
        yield f"what changed since {before} is a {difference.bump} change: the version is at least {needed}"
        reasons = [f"{item.table}: {item.words}" for item in difference.structure if item.bump == difference.bump]
        changes = [change for change in difference.records if change.bump == difference.bump]
        reasons += [f"{change.table}: {change.change} {change.label}" for change in changes]
        yield from (f"  {reason}" for reason in reasons[:5])
        if len(reasons) > 5:
            yield f"  ... and {len(reasons) - 5} more"


def _enter_former(
    before: Register, after: Register, difference: Difference, version: str, removed: set[str]
) -> Iterator[str]:
    """Give this version to the new entries of former_ids; tell which released identifiers are gone without one."""
    former = after.records(FORMER)
    for row in former.rows:
        if before.get(FORMER, row["table_name"], row["former_id"]) is None:
            row["version"] = version
    for change in difference.records:
        key = (change.table, change.record)
        if change.change != "removed" or change.table in ("claims", FORMER) or key in former.by_key:
            continue
        gone = before.get(*key) if change.table == "participants" else None  # a line goes with its event
        if not {change.record, gone["event_id"] if gone else ""} & removed:
            yield (
                f"{change.table}: {change.label} ({change.record}) was released in {before.version} and is gone: put "
                f"it back, say in {FORMER} what became of it, or confirm with  --removed {change.record}"
            )
        elif FORMER in after.tables:
            cells = {"table_name": change.table, "former_id": change.record, "version": version, "reason": "removed"}
            former.add(cells)


def _versioned(register: Register, version: str, today: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files with the new version, and those that they were made from."""
    source, read = register.package, dict(register.contents)
    files = files_for(source, register.changed(), read)
    descriptor = json.loads(files.get(source.path.name, read[source.path.name]))
    descriptor |= {"version": version, "created": f"{today}T00:00:00Z"}
    citations = publication.read(source.root)
    files |= {source.path.name: descriptor_bytes(descriptor), **publication.renewed(descriptor, citations)}
    read |= citations
    return {file: data for file, data in files.items() if read[file] != data}, read
