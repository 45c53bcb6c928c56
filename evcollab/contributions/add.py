"""Adding contribution documents to a package: read, merge, validate and write, under one lock."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evcollab import atomic, names
from evcollab.canonical import files_for
from evcollab.contributions import document as documents
from evcollab.contributions import incoming
from evcollab.contributions.checking import check, without
from evcollab.contributions.diff import compare
from evcollab.contributions.difference import Difference
from evcollab.contributions.document import ContributionError, Document, Place, Problem
from evcollab.contributions.merge import merge
from evcollab.contributions.schema import document_key, document_schema
from evcollab.contributions.statement import Draft, Statement
from evcollab.issues import Issue
from evcollab.package import Package
from evcollab.register import Register


@dataclass(frozen=True)
class Addition:
    """What adding documents did, or would do.

    Attributes:
        difference: what differs between the register before and after.
        notices: what a contributor should know: details that the register keeps as they are, claims that disagree.
        files: the files that change, with their new contents.
    """

    difference: Difference
    notices: list[str]
    files: dict[str, bytes]


def add(
    files: Sequence[str | os.PathLike[str]],
    path: str | os.PathLike[str] | None = None,
    *,
    dry_run: bool = False,
    today: dt.date | None = None,
) -> Addition:
    """Add contribution documents to a package: all of them, or nothing.

    Args:
        files: the documents: YAML or JSON, workbooks (.xlsx), or the Markdown of issue forms (.md).
        path: the package, as for `load`.
        dry_run: only tell what would change.
        today: the day on which the sources count as read; None: the current day.

    Returns:
        What changed.

    Raises:
        ContributionError: a document has problems, names something unknown or ambiguous, seems to repeat a record, or
            would give the register an error that it does not have. All problems of all documents are listed and
            nothing is changed.
        PackageError, DataError: the package cannot be read or written, or was changed meanwhile.
        MissingExtraError: the extra `contribute` (or `xlsx`, for a workbook) is not installed.
    """
    with Register.opened(path, to_change=not dry_run) as before:
        contributions: list[Document] = []
        problems: list[Problem] = []
        for file in files:
            try:
                contributions.append(open_document(Path(file), before.package))
            except ContributionError as error:
                problems += error.problems
        draft = propose(contributions, before, today)
        draft.problems += problems
        rows = draft.register.changed()
        changed = files_for(before.package, rows, before.contents)
        draft.problems += _broken_rules(before.package, changed, draft)
        if draft.problems:
            raise ContributionError(draft.problems)
        if not dry_run:
            atomic.replace_files(before.package.root, changed, before.contents)
    return Addition(compare(before, before.having(rows)), draft.notices, changed)


def open_document(file: Path, source: Package) -> Document:
    """Read a document from a file of any form: YAML, JSON, a workbook, or the Markdown of an issue form.

    Raises:
        ContributionError: it cannot be read.
        MissingExtraError: the extra `contribute` or `xlsx` is not installed.
    """
    kind = file.suffix.lower()
    if kind in (".xlsx", ".xlsm", ".xls", ".ods"):
        from evcollab.contributions import workbook

        return workbook.read(file, source)
    if kind == ".md":
        from evcollab.contributions import forms

        return forms.read(file, source)
    return incoming.read(file)


def propose(contributions: Sequence[Document], register: Register, today: dt.date | None = None) -> Draft:
    """The register with what is right in some documents, and all that is wrong in them. Nothing is written."""
    draft = Draft(register.having({}), (today or dt.date.today()).isoformat())
    schema = document_schema(register.package)
    statements = []
    for item in contributions:
        problems = check(item, draft.register)
        sound = without(item, problems, schema) if problems else item
        statements.append(Statement(draft, sound, whole=not problems))
        draft.problems += problems
        for place, _, record in documents.records(item.content) if problems else ():
            if not _at(sound, place):
                own = [record.get(name) for name in ("name", "short_name", f"{str(place[-2])[:-1]}_id")]
                aliases = record.get("aliases")
                listed = aliases if isinstance(aliases, list) else []
                draft.unfinished |= {names.key(str(name)) for name in (*own, *listed) if name}
    merge(statements)
    return draft


def _at(document: Document, place: Place) -> object:
    content: object = document.content
    for part in place:
        if isinstance(content, dict):
            content = content.get(part)
        elif isinstance(content, list) and isinstance(part, int) and part < len(content):
            content = content[part]
        else:
            return None
    return content


def _broken_rules(source: Package, files: Mapping[str, bytes], draft: Draft) -> list[Problem]:
    """The errors that the register would have after a change and has not now, at their places in the documents.

    A record that has another problem already is left out: its errors may follow from that.
    """
    if not files:
        return []
    issues = _new_errors(source, files)
    flawed = {(problem.file, problem.at[:2]) for problem in draft.problems} | draft.waiting
    whole = {problem.file for problem in draft.problems if len(problem.at) < 2}
    problems = []
    for issue in issues:
        origin = draft.origins.get((issue.table, issue.record))
        message = f"{issue.message} [{issue.rule}] {issue.hint}"
        if origin is None:
            if not draft.problems:
                where = f"{issue.table} {issue.record} {issue.column}".strip()
                problems.append(Problem(issue.file, 0, where, message))
            continue
        document, place = origin
        if document.file in whole or (document.file, place[:2]) in flawed:
            continue
        if issue.column and issue.table != "claims":
            place = (*place, document_key(source, issue.table, issue.column))
        problems.append(document.problem(place, message))
    return problems


def _new_errors(source: Package, files: Mapping[str, bytes]) -> list[Issue]:
    """The errors that a package would have with these files and has not now."""
    from evcollab.validation import validate

    def key(issue: Issue) -> Issue:
        return replace(issue, line=0, file="", message="", hint="")

    after = [
        issue for issue in validate(source.path, files=files, errors_only=True).issues if issue.severity == "error"
    ]
    if not after:
        return []
    before = {key(issue) for issue in validate(source.path, errors_only=True).issues}
    return [issue for issue in after if key(issue) not in before]
