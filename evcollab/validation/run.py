"""Validation from the first byte to the last rule."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path

from evcollab import package
from evcollab.issues import Issue
from evcollab.text import clip
from evcollab.validation import descriptor, files, tables, waivers
from evcollab.validation.data import Data, Table
from evcollab.validation.found import Found
from evcollab.validation.limits import Limits
from evcollab.validation.report import Report
from evcollab.validation.rules import RULES

DEFAULT_LIMITS = Limits()


def validate(
    path: str | os.PathLike[str] | None = None,
    *,
    strict: bool = False,
    today: dt.date | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Report:
    """Check a data package in all its layers and report every problem at once. No file is changed.

    Args:
        path: a folder with a `datapackage.json`, or that file. None: the data that came with evcollab.
        strict: count warnings as errors.
        today: the day that counts as today, for rules on the future and for waivers. None: the current day (UTC).
        limits: sizes beyond which a file is not read but reported.

    Returns:
        The report. Bad data never raises.

    Raises:
        PackageError: there is no package at that path.
        MissingExtraError: frictionless or jsonschema is not installed.
    """
    place = package.find(path)
    day = today or dt.datetime.now(dt.UTC).date()
    found = Found()
    contents: dict[str, bytes] = {}
    described = descriptor.read(place, found, limits)
    if described is not None:
        readable = _read_tables(place.parent, described, found, limits, contents)
        usual = {name: table for name, table in readable.items() if name not in described.odd}
        tables.check(usual, found)
        _apply_rules(Data(usual, day, described.name), found)
    data, listed = waivers.read(place.parent, found, limits)
    if data is not None:
        contents[waivers.FILE] = data
    issues, waived = waivers.apply(listed, found.sifted(), day, found)
    known = set(issues) | set(waived)
    issues += [issue for issue in found.sifted() if issue.rule.startswith("waiver-") and issue not in known]
    report = Report(place.parent, tuple(sorted(issues)), tuple(waived), _lines(place.parent, issues, contents, limits))
    return report.strict() if strict else report


def _read_tables(
    root: Path, described: descriptor.Descriptor, found: Found, limits: Limits, contents: dict[str, bytes]
) -> dict[str, Table]:
    readable: dict[str, Table] = {}
    for resource in described.resources:
        data = files.read_bytes(root, resource.file, found, limits, resource.name)
        if data is None:
            continue
        contents[resource.file] = data
        table = None
        if resource.schema is not None:
            table = files.read_table(data, resource.file, resource.schema, found, limits)
        rows = len(table.rows) if table is not None and table.complete else None
        descriptor.check_file(described.document, resource, data, rows, found)
        if table is not None:
            readable[resource.name] = table
    return readable


def _apply_rules(data: Data, found: Found) -> None:
    for rule in RULES.values():
        if rule.check is None:
            continue
        for row, column, message in rule.check(data):
            found.add(
                rule.id,
                message,
                file=row.table.file,
                line=row.line,
                column=column,
                table=row.table.name,
                record=row.key,
                value=row[column],
            )


def _lines(
    root: Path, issues: Iterable[Issue], contents: dict[str, bytes], limits: Limits
) -> dict[tuple[str, int], str]:
    """The text of the lines that have issues, and of the first line of their files."""
    split: dict[str, list[str]] = {}
    lines: dict[tuple[str, int], str] = {}
    for issue in issues:
        if issue.file not in split:
            if issue.file not in contents:
                contents[issue.file] = files.read_bytes(root, issue.file, Found(), limits) or b""
            text = contents[issue.file].decode("utf-8", "replace")
            split[issue.file] = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for line in {1, issue.line}:
            if line <= len(split[issue.file]):
                lines[issue.file, line] = clip(split[issue.file][line - 1], 5000)
    return lines
