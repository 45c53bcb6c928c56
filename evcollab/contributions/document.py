"""Contribution documents: YAML or JSON in, plain data with the line of everything out.

YAML is read as the plain data language that contributors expect: no tags, no anchors, no duplicate keys, and a
date stays the text that was written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evcollab import types
from evcollab.contributions.schema import LISTS
from evcollab.errors import EvcollabError, needed
from evcollab.text import quiet

MAX_DEPTH = 20
MAX_RECORDS = 2_000

Place = tuple[str | int, ...]
"""Where something stands in a document: keys and list positions from the top."""


@dataclass(frozen=True, order=True)
class Problem:
    """Something in a document that keeps it from being added.

    Attributes:
        file: the document.
        line: its line, counted from 1; 0 if the whole file is meant.
        place: where in the document, such as `events[0].kind`.
        message: what is wrong, what would be right, what to do.
        at: the same place as keys and positions.
    """

    file: str
    line: int
    place: str
    message: str
    at: Place = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return quiet(f"{where}: {self.place}: {self.message}" if self.place else f"{where}: {self.message}")


class ContributionError(EvcollabError):
    """Documents that cannot be added. Nothing was changed.

    Attributes:
        problems: all of them, in the order of files and lines.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        listed = "\n".join(f"  {problem}" for problem in self.problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__(f"nothing was added: {count}\n{listed}")


def refused(file: str, message: str, line: int = 0, place: str = "") -> ContributionError:
    """The error of a document with this one problem."""
    return ContributionError([Problem(file, line, place, message)])


@dataclass(frozen=True)
class Document:
    """The content of a contribution document.

    Attributes:
        file: where it came from, for messages.
        content: the data: mappings, lists, texts, numbers and truth values.
        lines: place → line.
        names: place → what a reader calls it, where that is not the notation of `describe`.
    """

    file: str
    content: dict[str, Any]
    lines: dict[Place, int] = field(default_factory=dict)
    names: dict[Place, str] = field(default_factory=dict)

    def problem(self, place: Place, message: str) -> Problem:
        """A problem at a place of this document."""
        return Problem(self.file, self.line(place), self.name(place), message, place)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it; 0 if there are no lines."""
        return self.lines.get(_nearest(place, self.lines), 0 if self.names else 1)

    def name(self, place: Place) -> str:
        """What a reader calls a place, or the nearest thing around it."""
        return self.names.get(_nearest(place, self.names), "") if self.names else describe(place)

    def check_size(self) -> None:
        """Raise ContributionError if there are more records than a document may have."""
        if sum(1 for _ in records(self.content)) > MAX_RECORDS:
            raise refused(self.file, f"has more than {MAX_RECORDS:,} records: split it")

    def record(self, place: Place, name: str, line: int = 0) -> dict[str, Any]:
        """The record at a place, such as `("events", 0)`; a new one with that name and line if it is not there yet."""
        record = self.content
        for key, number in zip(place[::2], place[1::2], strict=True):
            listed = record.setdefault(str(key), [])
            listed += [{}] if number == len(listed) else []
            record = listed[number]
        self.lines.setdefault(place, line)
        self.names.setdefault(place, name)
        return record


def _nearest(place: Place, known: Mapping[Place, object]) -> Place:
    while place and place not in known:
        place = place[:-1]
    return place


def parse(text: str, file: str = "document") -> Document:
    """Read a document from text.

    Raises:
        ContributionError: it is not YAML or JSON of the simple kind.
        MissingExtraError: the extra `contribute` is not installed.
    """
    yaml = needed("yaml", "reading a contribution document", "contribute")
    if text.lstrip().startswith("{"):
        text = text.replace("\t", "  ")  # JSON may be indented with tabs, and has none elsewhere
    builder = _Builder(yaml.parse(text, Loader=yaml.SafeLoader))
    try:
        content = builder.document()
    except _Refused as refusal:
        raise refused(file, str(refusal), refusal.line) from None
    except yaml.MarkedYAMLError as error:
        raise refused(file, _yaml_message(error), error.problem_mark.line + 1 if error.problem_mark else 0) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise refused(file, f"is not YAML: {error}".replace("\n", " ")) from None
    if not isinstance(content, dict):
        raise refused(file, "expected a mapping with the key `sources` and what they say", 1)
    document = Document(file, content, builder.lines)
    document.check_size()
    return document


def records(content: dict[str, Any]) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    """Every record of a document: its place, its table and its keys. Records inside others follow them."""
    for key, table in LISTS.items():
        for number, record in listed(content, key):
            yield (key, number), table, record
            for inner in ("participants", "targets"):
                for position, item in listed(record, inner):
                    yield (key, number, inner, position), LISTS[inner], item


def listed(content: dict[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
    """The records of a list, which may be no list and hold other things, with their positions in it."""
    found = content.get(key)
    return [item for item in enumerate(found) if isinstance(item[1], dict)] if isinstance(found, list) else []


def cell_text(value: Any) -> str:
    """A value of a document in the notation of the CSV files."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(cell_text(item) for item in value)
    if isinstance(value, float):
        return types.number_text(value)
    return "" if value is None else str(value)


def write(content: dict[str, Any]) -> str:
    """A document as YAML.

    Raises:
        MissingExtraError: the extra `contribute` is not installed.
    """
    yaml = needed("yaml", "writing a contribution document", "contribute")
    unshared = json.loads(json.dumps(content))  # or it would be written with anchors
    return str(yaml.safe_dump(unshared, allow_unicode=True, sort_keys=False, width=110))


def describe(place: Place) -> str:
    """A place in the notation `events[0].participants[2].role`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".")


class _Refused(Exception):  # noqa: N818
    def __init__(self, event: Any, message: str) -> None:
        super().__init__(message)
        self.line = _line(event)


class _Builder:
    """The data of a stream of YAML events, with the line of every part."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.lines: dict[Place, int] = {}

    def document(self) -> Any:
        """The data of the one document in the stream."""
        import yaml

        content, started = None, False
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if started:
                    raise _Refused(event, "is not YAML of one document: `---` begins another")
                content, started = self.value(next(self.events), ()), True
        return content

    def value(self, event: Any, place: Place) -> Any:
        """The data that begins with an event."""
        import yaml

        self.lines.setdefault(place, _line(event))
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise _Refused(event, "anchors (&) and aliases (*) are not allowed: write it out, or quote the text")
        if event.tag:
            raise _Refused(event, f"the tag {event.tag!r} is not allowed: leave it out, or quote the text")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if len(place) >= MAX_DEPTH:
            raise _Refused(event, f"nested more than {MAX_DEPTH} levels deep")
        return self.mapping(place) if isinstance(event, yaml.MappingStartEvent) else self.sequence(place)

    def mapping(self, place: Place) -> dict[str, Any]:
        import yaml

        content: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.tag or event.anchor:
                raise _Refused(event, "a key must be a plain word")
            if (key := event.value) in content:
                raise _Refused(event, f"the key {key!r} appears twice")
            self.lines[*place, key] = _line(event)
            content[key] = self.value(next(self.events), (*place, key))
        return content

    def sequence(self, place: Place) -> list[Any]:
        import yaml

        content: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            content.append(self.value(event, (*place, len(content))))
        return content


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any) -> Any:
    """Resolve a scalar as JSON would: whole numbers, decimals, true and false, null; all else is text."""
    text = str(event.value)
    if event.style is not None:
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "null", "~"):
        return None
    if re.fullmatch("-?(0|[1-9][0-9]{0,17})", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text) and len(text.removeprefix("-")) <= 16:
        return float(text)
    return text


def _yaml_message(error: Any) -> str:
    problem = str(error.problem or error)
    if "'\\t'" in problem:
        return "a tab stands where YAML wants spaces: indent with two spaces"
    if "mapping values are not allowed" in problem:
        return "a colon where none may stand: quote a text that contains `: `, and check the indent"
    context = f"{error.context}: " if error.context else ""
    return f"is not YAML: {context}{problem}; check indent and quotes"
