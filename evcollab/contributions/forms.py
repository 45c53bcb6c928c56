"""Issue forms on GitHub: written from the schemas, and a submitted form read as a contribution document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evcollab.contributions.document import ContributionError, Document, Place, Problem, refused, write
from evcollab.contributions.incoming import read_text
from evcollab.contributions.schema import LOCATOR, document_schema, from_text
from evcollab.package import Package

MAX_CHARACTERS = 200_000
NOTHING = frozenset({"_No response_", "None", ""})
"""What GitHub makes of a question without an answer."""
CHOOSE = "(choose)"
"""The first option of a required list, which is chosen until somebody chooses."""
SOURCE = ("url", "title", "publisher", "kind", "tier", "language", "published_date")
PARTICIPANT = ("organisation", "country_code", "role", "attendance", "person_name", "post")
ORGANISATION = ("name", "short_name", "kind", "country_code")
EVENT = (
    *("name", "kind", "scope", "status", "start_date", "end_date", "mode"),
    *("country_code", "city", "venue", "topics", "participant_count", "summary", "url"),
)
POLICY = ("name", "kind", "issuer", "adopted_date", "status")
TARGET = (
    *("metric", "value", "value_max", "comparator", "unit", "target_year", "vehicle_category"),
    *("vehicle_use", "powertrain", "strength", "conditionality", "status", "announced_date"),
)


@dataclass(frozen=True)
class Question:
    """One field of a form.

    Attributes:
        label: its heading, unique in the form.
        place: the list of the document and the key that the answer goes to; an empty key: the reader's comment.
        spec: what the JSON Schema says about the key.
        required: whether it must be answered.
        columns: for a question that takes a record per line: the keys of its parts, separated with `|`.
    """

    label: str
    place: tuple[str, str]
    spec: dict[str, Any]
    required: bool = False
    columns: tuple[str, ...] = ()


TITLES = {
    "event": ("Report an event", "An event about electric vehicles that brought parties of two countries together."),
    "target": ("Report a target", "A numeric target for electric vehicles or charging that a government has set."),
    "correction": ("Correct a record", "Something in the register that a source contradicts or completes."),
    "source": ("Suggest a source", "A page that should be in the register; somebody else will work it in."),
}
"""The forms: file name → title and description."""
LISTED: dict[str, Place] = {
    "source": ("sources",),
    "correction": ("corrections",),
    "participants": ("events", 0, "participants"),
}
"""What the questions are about → where the records of a document stand, if not in the list of that name."""
LOCATED = ("organisations", "events", "policies", "targets", "corrections")
"""The lists whose records stand where the source was told to say it."""
NEEDS = {"event": "events", "target": "policy_targets"}
"""Form → the table that a register must have for it."""

MEANINGS = 4
"""Up to how many codes are explained beside the list of a form."""


def offered(source: Package) -> list[str]:
    """The forms for the tables that a package has."""
    return [form for form in TITLES if form not in NEEDS or NEEDS[form] in source.schemas]


def questions(source: Package, form: str) -> list[Question]:
    """The questions of a form, in order."""
    whole = document_schema(source)["$defs"]

    def ask(name: str, key: str, prefix: str = "", optional: bool = False) -> Question:
        spec = whole[name]["properties"][key]
        required = key in whole[name]["required"] and not optional
        return Question(f"{prefix}{spec['title']}", (name, key), spec, required)

    def lines(name: str, title: str, columns: tuple[str, ...], hint: str) -> Question:
        properties = whole[name]["properties"]
        examples = [str((properties[column]["examples"])[0]) for column in columns]
        codes = [f"{column}: {', '.join(spec['enum'])}" for column in columns if "enum" in (spec := properties[column])]
        told = f"{hint} One per line: {' | '.join(columns)}. {'. '.join(codes)}."
        return Question(title, (name, ""), {"description": told, "examples": [" | ".join(examples)]}, columns=columns)

    asked = [ask("source", key, "Source: ") for key in SOURCE]
    if form == "source":
        told = {"description": "In your own words, for whoever works it in.", "examples": ["A forum in Vientiane."]}
        return [*asked, Question("What it says", ("", ""), told)]
    where = Question("Where in the source", ("", "locator"), LOCATOR, required=True)
    if form == "correction":
        return [*asked, where, *(ask("correction", key) for key in ("table", "record", "field", "value", "note"))]
    bodies = lines("organisations", "New organisations", ORGANISATION, "Only those that the register does not know.")
    if form == "event":
        hint = "Leave a part empty, or the rest."
        parties = [lines("participants", "Who took part", PARTICIPANT, hint)] if "participants" in whole else []
        return [*asked, where, *(ask("events", key) for key in EVENT), *parties, bodies]
    scope = [ask("targets", key) for key in ("country_code", "group")]
    policy = [ask("policies", key, "Policy: ", optional=True) for key in POLICY]
    return [*asked, where, *scope, *policy, *(ask("targets", key) for key in TARGET), bodies]


def issue_forms(source: Package) -> dict[str, str]:
    """The forms as GitHub reads them: file name without ending → YAML."""
    texts = {}
    for form in offered(source):
        title, description = TITLES[form]
        content = {
            "name": title,
            "description": description,
            "title": f"{form.capitalize()}: ",
            "labels": [f"contribution: {form}"],
            "body": [
                {"type": "markdown", "attributes": {"value": _terms(source)}},
                *(_field(question) for question in questions(source, form)),
            ],
        }
        texts[form] = "# Written by  evcollab format  from the schemas; do not edit.\n" + write(content)
    return texts


def _terms(source: Package) -> str:
    """What somebody who fills a form agrees to."""
    listed = source.descriptor.get("licenses")
    licences = [str(item.get("title") or item.get("name")) for item in listed or () if isinstance(item, dict)]
    shared = f"What you send is published under {' and '.join(licences)}. " if licences else ""
    return f"{shared}Name a person only if a public source shows them at the event in their post."


def _field(question: Question) -> dict[str, Any]:
    spec = question.spec
    attributes: dict[str, Any] = {"label": question.label, "description": spec["description"]}
    options = list(_options(question).values())
    if options:
        kind = "dropdown"
        meanings = spec.get("markdownEnumDescriptions", ())
        if len(meanings) <= MEANINGS:
            attributes["description"] = " ".join([spec["description"], *(f"{meaning}." for meaning in meanings)])
        attributes["options"] = [CHOOSE, *options] if question.required else options
        if spec.get("type") == "array":
            attributes["multiple"] = True
    else:
        kind = "textarea" if question.columns or not question.place[1] or question.place[1] == "summary" else "input"
        attributes["placeholder"] = str(spec["examples"][0])
    identifier = re.sub("[^a-z0-9]+", "-", question.label.lower()).strip("-")
    return {"type": kind, "id": identifier, "attributes": attributes, "validations": {"required": question.required}}


def _options(question: Question) -> dict[str, str]:
    """Code → what a list shows for it; empty for a question that takes text. A link can fill the table: it is text."""
    spec = question.spec
    if spec.get("type") == "boolean":
        return {"true": "true", "false": "false"}
    told = spec if "enum" in spec else spec.get("items", {})
    if question.place == ("correction", "table") or "enum" not in told:
        return {}
    labels = [text.split("**")[1] for text in told["markdownEnumDescriptions"]]
    return {code: f"{label} ({code})" for code, label in zip(told["enum"], labels, strict=True)}


def read(path: Path, source: Package) -> Document:
    """Read a submitted form from a file; see `parse`."""
    return parse(read_text(path, MAX_CHARACTERS), source, str(path))


def parse(text: str, source: Package, file: str = "form") -> Document:
    """Turn the Markdown of a submitted issue form into a contribution document.

    Args:
        text: the body of the issue: a heading `### <label>` for every field, its answer below it.
        source: the package whose schemas the forms were written from.
        file: what to call it in messages.

    Raises:
        ContributionError: it is not one of the forms, too long, or answers a question twice.
    """
    if len(text) > MAX_CHARACTERS:
        raise refused(file, f"is longer than {MAX_CHARACTERS:,} characters: split it")
    lines = text.splitlines()
    headings = {line[4:].strip() for line in lines if line.startswith("### ")}
    forms = [questions(source, form) for form in offered(source)]
    asked = max(forms, key=lambda form: sum(1 if item.label in headings else -1 for item in form))
    if missing := [item.label for item in asked if item.required and item.label not in headings]:
        message = "is not a form of this register as it was submitted: the heading "
        raise refused(file, f"{message}{missing[0]!r} is missing")
    problems: list[Problem] = []
    answers = list(_answers(lines, asked, file, problems))
    if problems:
        raise ContributionError(problems)
    document = Document(file, {}, names={(): ""})
    given = {question.place: answer for question, _, answer in answers}
    policy: Place = ("policies", 0) if ("policies", "name") in given else ()
    for question, line, answer in answers:
        _enter(document, question, line, answer, policy)
    if locator := given.get(("", "locator")):
        for record in [record for key in LOCATED for record in document.content.get(key, ())]:
            record["locator"] = " ".join(locator.split())
    return document


def _answers(
    lines: list[str], asked: list[Question], file: str, problems: list[Problem]
) -> Iterator[tuple[Question, int, str]]:
    """The answered questions with the line of the answer."""
    labels = {question.label: question for question in asked}
    starts = [
        (number, labels[line[4:].strip()])
        for number, line in enumerate(lines)
        if line.startswith("### ") and line[4:].strip() in labels
    ]
    seen = set()
    for (start, question), (end, _) in zip(starts, [*starts[1:], (len(lines), None)], strict=True):
        if question.label in seen:
            problems.append(Problem(file, start + 1, question.label, "this heading appears twice"))
        seen.add(question.label)
        body = lines[start + 1 : end]
        answer = "\n".join(body).strip()
        if answer in NOTHING:
            continue
        line = start + 2 + next(number for number, text in enumerate(body) if text.strip())
        if CHOOSE in answer.split(", ") and _options(question):
            problems.append(Problem(file, line, question.label, "nothing was chosen: choose one of the list"))
        else:
            yield question, line, answer


def _enter(document: Document, question: Question, line: int, answer: str, policy: Place) -> None:
    """Put an answer into the records that it belongs to; targets into that of the policy, if there is one."""
    name, key = question.place
    place: Place = {**LISTED, "targets": (*policy, "targets")}.get(name, (name,))
    if question.columns:
        told = [[part.strip() for part in text.strip().removeprefix("- ").split("|")] for text in answer.splitlines()]
        for number, (below, parts) in enumerate(item for item in enumerate(told) if any(item[1])):
            record = document.record((*place, number), question.label, line + below)
            record |= {column: part for column, part in zip(question.columns, parts, strict=False) if part}
            if extra := parts[len(question.columns) :]:
                record["too many parts"] = " | ".join(extra)
    elif name:
        value = _value(question, answer)
        document.record((*place, 0), question.label, line)[key] = value
        document.lines[*place, 0, key], document.names[*place, 0, key] = line, question.label
        if policy and name == "targets" and key in ("country_code", "group"):
            document.record(policy, question.label, line)[key] = value


def _value(question: Question, answer: str) -> Any:
    """The codes that were chosen, or what was typed."""
    chosen = [code for code, option in _options(question).items() if option in answer]
    if question.spec.get("type") == "array":
        return chosen or from_text(answer, question.spec)
    if chosen and answer in _options(question).values():
        return from_text(chosen[0], question.spec) if chosen[0] in ("true", "false") else chosen[0]
    return from_text(" ".join(answer.split()), question.spec)
