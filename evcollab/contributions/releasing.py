"""Giving a state of the data a version: never one that promises more than the changes keep."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evcollab import atomic, names, package
from evcollab.canonical import descriptor_bytes
from evcollab.contributions.diff import Change, Difference, State, compare, git, open_state, raised
from evcollab.contributions.formatting import format_package
from evcollab.errors import EvcollabError, PackageError
from evcollab.package import Package

TAG = "data-v"
"""A release of the data is tagged with this and its version."""

CITATION = "CITATION.cff"
RETIRED = frozenset({"cancelled", "withdrawn"})
"""Statuses after which a record may go in a later release."""

_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")


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
        difference: what changed since then; None for the first.
        files: the files that were changed, relative to the package.
    """

    version: str
    previous: str
    difference: Difference | None
    files: list[str]


def release(
    version: str,
    path: str | os.PathLike[str] | None = None,
    *,
    previous: str | None = None,
    removed: Sequence[str] = (),
    today: dt.date | None = None,
) -> Release:
    """Set the version of the data in the descriptor, and in CITATION.cff if there is one.

    Args:
        version: the new version, such as 1.2.0.
        path: the package, as for `load`.
        previous: the release before: a folder or a git revision. None: the highest tag `data-vX.Y.Z` of the checkout.
        removed: identifiers of released records that are gone on purpose, such as a person who asked for it.
        today: the day of the release; None: the current day.

    Raises:
        ReleaseError: the version is no version or too low for what changed, nothing changed, a released record is
            gone that was not deprecated, or a file is not in canonical form.
        PackageError, DataError: the package or the release before cannot be read.
    """
    source = package.read(path)
    if not _VERSION.fullmatch(version):
        raise ReleaseError(version, [f"{version!r} is not a version; expected three numbers such as 1.2.0"])
    tag = previous or latest_tag(source)
    before, after = (open_state(tag, source.path) if tag else None), State.of(source)
    difference = compare(before, after) if before else None
    problems = [
        f"{file} is not in canonical form: run  evcollab format" for file in format_package(source.path, check=True)
    ]
    if before and difference:
        problems += _too_low(version, before.version, difference)
        problems += _missing(before, after, difference, set(removed))
    if problems:
        raise ReleaseError(version, problems)
    files = _versioned(source, version, (today or dt.date.today()).isoformat())
    atomic.replace_files(source.root, files)
    return Release(version, before.version if before else "", difference, list(files))


def latest_tag(source: Package) -> str | None:
    """The tag of the last release that this checkout stands on; None if there is none, or no repository."""
    try:
        tags = git(source.root, "tag", "--list", f"{TAG}*", "--merged", "HEAD").decode().split()
    except PackageError:
        return None
    released = [tag for tag in tags if _VERSION.fullmatch(tag.removeprefix(TAG))]
    return max(released, key=lambda tag: _numbers(tag.removeprefix(TAG)), default=None)


def _too_low(version: str, before: str, difference: Difference) -> Iterator[str]:
    if not _VERSION.fullmatch(before):
        yield f"the release before has the version {before!r}, which is none; expected three numbers such as 1.2.0"
        return
    if difference.bump == "none":
        yield f"nothing differs from {before}"
        return
    needed = raised(before, difference.bump)
    if _numbers(version) < _numbers(needed):
        yield f"what changed since {before} is a {difference.bump} change: the version is at least {needed}"
        reasons = [f"{item.table}: {item.words}" for item in difference.structure if item.bump == difference.bump]
        reasons += [
            f"{change.table}: {change.change} {change.label}"
            for change in difference.records
            if change.bump == difference.bump
        ]
        yield from (f"  {reason}" for reason in reasons[:5])
        if len(reasons) > 5:
            yield f"  ... and {len(reasons) - 5} more"


def _missing(before: State, after: State, difference: Difference, confirmed: set[str]) -> Iterator[str]:
    for change in difference.records:
        gone = change.change == "removed" and change.table != "claims" and change.record not in confirmed
        if gone and not _retired(before, after, change):
            yield (
                f"{change.table}: {change.label} ({change.record}) was released in {before.version} and is gone: put "
                f"it back and deprecate it (see CONTRIBUTING), or confirm with  --removed {change.record}"
            )


def _retired(before: State, after: State, change: Change) -> bool:
    """Whether a released record was marked for removal: by its status, its claims, or as part of what went."""
    row = before.tables[change.table][(change.record,)]
    if row.get("status") in RETIRED:
        return True
    event = row.get("event_id", "") if change.table == "participants" else ""
    if event and (event,) not in after.tables["events"]:
        return before.tables["events"].get((event,), {}).get("status") in RETIRED
    if change.table == "organisations":  # merged into another that now bears its name
        called = {
            names.key(name)
            for other in after.tables["organisations"].values()
            for name in (other["name"], *other["aliases"].split(";"))
        }
        if names.key(row["name"]) in called:
            return True
    claims = [
        claim["rank"]
        for claim in before.tables.get("claims", {}).values()
        if (claim["table_name"], claim["record_id"], claim["field"]) == (change.table, change.record, "*")
    ]
    return bool(claims) and set(claims) == {"deprecated"}


def _versioned(source: Package, version: str, today: str) -> dict[str, bytes]:
    descriptor = {**source.descriptor, "version": version}
    files = {source.path.name: descriptor_bytes(descriptor)}
    citation = source.root / CITATION
    if citation.is_file():
        text = re.sub(r"(?m)^version:.*$", f"version: {version}", citation.read_text(encoding="utf-8"))
        text = re.sub(r"(?m)^date-released:.*$", f"date-released: {json.dumps(today)}", text)
        files[CITATION] = text.encode("utf-8")
    return {file: data for file, data in files.items() if (source.root / file).read_bytes() != data}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
