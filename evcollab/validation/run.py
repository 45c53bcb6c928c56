"""Validation from the first byte to the last rule."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from pathlib import Path

from evcollab import csvfile, package
from evcollab.files import FileError, Snapshot
from evcollab.issues import Issue
from evcollab.limits import DEFAULT as DEFAULT_LIMITS
from evcollab.limits import Limits
from evcollab.package import Package
from evcollab.text import clip
from evcollab.validation import descriptor, files, tables, waivers
from evcollab.validation.data import Data, Table, as_data
from evcollab.validation.found import Found
from evcollab.validation.report import Report
from evcollab.validation.rules import RULES


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
    root = package.find(path).parent
    day = today or dt.datetime.now(dt.UTC).date()
    found = Found()
    read, issues = package.examine(path, limits)
    found.take(issues)
    contents: dict[str, bytes] = {}
    if read is not None:
        different, odd = descriptor.compare(read, issues)
        found.take(different)
        contents |= {read.path.name: read.document.text.encode(), **read.contents}
        readable = _read_tables(read, found, limits)
        usual = {name: table for name, table in readable.items() if name not in odd}
        tables.check(usual, found)
        _apply_rules(Data(usual, day, read.name), found)
    data, listed = waivers.read(root, found, limits)
    if data is not None:
        contents[waivers.FILE] = data
    issues, waived = waivers.apply(listed, found.sifted(), day, found)
    known = set(issues) | set(waived)
    issues += [issue for issue in found.sifted() if issue.rule.startswith("waiver-") and issue not in known]
    report = Report(root, tuple(sorted(issues)), tuple(waived), _lines(root, issues, contents, limits))
    return report.strict() if strict else report


def _read_tables(read: Package, found: Found, limits: Limits) -> dict[str, Table]:
    readable: dict[str, Table] = {}
    for name, file in read.files.items():
        if file not in read.contents:
            continue
        rows = None
        if name in read.schemas:
            table, issues = csvfile.read_table(read.contents[file], file, read.schemas[name], limits)
            found.take(issues)
            if table is not None and not any(issue.line == 1 and issue.rule != "file-bom" for issue in issues):
                readable[name] = as_data(table, issues)
                rows = len(table.rows) if table.complete else None
                problem = None if issues else files.canonical_problem(read.contents[file], table)
                found.take([problem] if problem else [])
        problem = files.stated_problem(read, name, rows)
        found.take([problem] if problem else [])
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
                contents[issue.file] = _text_of(root, issue.file, limits)
            text = contents[issue.file].decode("utf-8", "replace")
            split[issue.file] = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for line in {1, issue.line}:
            if line <= len(split[issue.file]):
                lines[issue.file, line] = clip(split[issue.file][line - 1], 5000)
    return lines


def _text_of(root: Path, file: str, limits: Limits) -> bytes:
    try:
        return Snapshot(root).read(file, limits.file_bytes)
    except FileError:
        return b""
