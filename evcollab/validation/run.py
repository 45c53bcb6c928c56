"""Validation from the first byte to the last rule."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from evcollab import csvfile, package
from evcollab.files import FileError, Snapshot
from evcollab.issues import Issue
from evcollab.limits import DEFAULT as DEFAULT_LIMITS
from evcollab.limits import Limits
from evcollab.package import Package, Schema
from evcollab.text import clip
from evcollab.validation import columns, derived, descriptor, second, waivers
from evcollab.validation import files as form
from evcollab.validation.asking import Hit, answer
from evcollab.validation.engine import Engine
from evcollab.validation.found import Found
from evcollab.validation.report import Report
from evcollab.validation.rules import RULES

LARGE = 8_000_000
"""With so many bytes of one table a register is large."""
MANY = 100
"""Where more rows than this are wrong for one cause, it is said once."""


def validate(
    path: str | os.PathLike[str] | None = None,
    *,
    strict: bool = False,
    today: dt.date | None = None,
    limits: Limits = DEFAULT_LIMITS,
    frictionless: bool = False,
    files: Mapping[str, bytes] | None = None,
    errors_only: bool = False,
) -> Report:
    """Check a data package in all its layers and report every problem at once. No file is changed.

    Args:
        path: a folder with a `datapackage.json`, or that file. None: the data that came with evcollab.
        strict: count warnings as errors.
        today: the day that counts as today, for rules on the future and for waivers. None: the current day (UTC).
        limits: sizes beyond which a file is not read but reported.
        frictionless: let frictionless give a second opinion, and report what it alone refuses.
        files: contents of files, by path in the package, that count instead of those on disk: what a change would
            bring. frictionless and the waivers do not see them.
        errors_only: leave out the rules on rows whose violation is not an error.

    Returns:
        The report. Bad data never raises.

    Raises:
        PackageError: there is no package at that path.
        MissingExtraError: duckdb or jsonschema is not installed.
    """
    root = package.find(path).parent
    day = today or dt.datetime.now(dt.UTC).date()
    found = Found()
    read, issues = package.examine(path, limits, files)
    found.take(issues)
    if read is not None:
        different, odd = descriptor.compare(read, issues)
        found.take(different)
        found.take(descriptor.contradictions(read, day))
        with Engine(any(len(data) > LARGE for data in read.contents.values())) as engine:
            asked = load(engine, read, odd, day, found, limits, errors_only)
            _ask(engine, [*asked, *questions(engine, errors_only)], found)
    if frictionless and read is not None:
        second.check(read.path, found)
    listed = waivers.read(root, found, limits, day)
    listed = [waiver for waiver in listed if not errors_only or RULES[waiver.rule].severity == "error"]
    issues, waived = waivers.apply(listed, found.deduplicated(), day)
    report = Report(root, tuple(issues), tuple(waived), _lines(Snapshot(root, files), issues, limits))
    return report.strict() if strict else report


def load(
    engine: Engine,
    read: Package,
    odd: Container[str],
    today: dt.date,
    found: Found,
    limits: Limits = DEFAULT_LIMITS,
    errors_only: bool = False,
) -> list[columns.Asked]:
    """Read the tables and make what rules need beside them; return the questions of the schemas."""
    tables = {file: name for name, file in reversed(read.files.items()) if file in read.contents}
    clean = {name: file for file, name in tables.items() if name in read.schemas and name not in odd}

    def loads(name: str) -> bool:
        data, schema = read.contents[clean[name]], read.schemas[name]
        return csvfile.is_clean(data, schema, limits) and engine.load_plain(data, clean[name], schema)

    by_size = sorted(clean, key=lambda name: -len(read.contents[clean[name]]))
    with ThreadPoolExecutor(2) as pool:  # the engine reads one table while another is looked at
        plain = {name for name, is_loaded in zip(by_size, pool.map(loads, by_size), strict=True) if is_loaded}
    engine.tables = {name: engine.tables[name] for name in clean if name in plain}
    for file, name in tables.items():
        data, schema, rows = read.contents[file], read.schemas.get(name), None
        if name in plain:
            rows = data.count(b"\n") - 1
        elif schema is not None:
            rows = _read_with_care(engine, data, file, schema, name not in odd, found, limits)
        problem = form.stated_problem(read, name, rows)
        found.take([problem] if problem else [])
        del data, read.contents[file]  # the engine has it now
    found.take(columns.unasked(engine))
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(lambda: list(columns.questions(engine, frozenset(plain))))
        standard = package.standard().schemas
        absent = standard.keys() - {item["name"] for item in read.descriptor["resources"]}
        engine.standard(standard, today, read.name, plain, sorted(absent))
        derived.prepare(engine, with_alike=not errors_only)
    return asked.result()


def _read_with_care(
    engine: Engine, data: bytes, file: str, schema: Schema, usable: bool, found: Found, limits: Limits
) -> int | None:
    """Read a table row by row, report what is wrong, and load it if it is usable; return its number of records.

    Cells are trimmed, and records whose identifier cannot be told are left out.
    """
    table, issues = csvfile.read_table(data, file, schema, limits)
    found.take(issues)
    if table is None or any(issue.line == 1 and issue.rule != "file-bom" for issue in issues):
        return None
    if usable:
        harmless = ("cell-untrimmed", "cell-formula")
        unknown = {item.line for item in issues if item.column in schema.primary_key and item.rule not in harmless}
        kept = [(line, row) for line, row in zip(table.lines, table.rows, strict=True) if line not in unknown]
        rows = [[cell.strip() for cell in row] for _, row in kept]
        engine.load_rows(file, schema, rows, [line for line, _ in kept], table.complete)
    problem = None if issues else form.canonical_problem(data, table)
    found.take([problem] if problem else [])
    return len(table.rows) if table.complete else None


def questions(engine: Engine, errors_only: bool = False) -> Iterator[columns.Asked]:
    """The questions of the rules."""
    whole = {name for name, loaded in engine.tables.items() if loaded.complete}
    schemas = {**package.standard().schemas, **{name: loaded.schema for name, loaded in engine.tables.items()}}
    for rule in RULES.values():
        wanted = rule.severity == "error" or not errors_only
        if rule.queries is not None and wanted and whole.issuperset(rule.whole):
            for query in rule.queries(schemas):
                if query.table in engine.tables:
                    yield rule.id, query


def _ask(engine: Engine, asked: Sequence[columns.Asked], found: Found) -> None:
    said = set()
    for number, hits in answer(engine, [query for _, query in asked]):
        rule, query = asked[number]
        for hit in _causes(hits):
            place = (rule, query.table, hit.line, query.column)
            if place in said and rule == "cell-pattern":  # of an address: it is said already that it is none
                continue
            said.add(place)
            found.add(
                rule,
                hit.message,
                file=engine.tables[query.table].file,
                line=hit.line,
                column=query.column,
                table=query.table,
                record=hit.key,
                value=hit.value,
            )


def _causes(hits: list[Hit]) -> Iterator[Hit]:
    """The findings of one question; what hundreds of rows say of one cause is said once, with the count."""
    counts = Counter(hit.message for hit in hits)
    said: set[str] = set()
    for hit in hits:
        if counts[hit.message] <= MANY or hit.value == "":
            yield hit
        elif hit.message not in said:
            said.add(hit.message)
            yield replace(hit, message=f"{hit.message}; {counts[hit.message] - 1:,} more rows say the same")


def _lines(snapshot: Snapshot, issues: Iterable[Issue], limits: Limits) -> dict[tuple[str, int], str]:
    """The text of the lines that have issues, and of the first line of their files."""
    wanted: defaultdict[str, set[int]] = defaultdict(set)
    for issue in issues:
        wanted[issue.file] |= {1, issue.line}
    lines: dict[tuple[str, int], str] = {}
    for file, numbers in wanted.items():
        try:
            split = snapshot.read(file, limits.file_bytes).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        except FileError:
            split = [b""]
        for line in numbers:
            if line <= len(split):
                lines[file, line] = clip(split[line - 1].decode("utf-8", "replace"), 5000)
    return lines
