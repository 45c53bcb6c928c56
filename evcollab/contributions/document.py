"""Contribution documents: YAML or JSON in, checked content with the line of everything out.

YAML is read as the plain data language that contributors expect: no tags, no anchors, no duplicate keys, and a
date stays the text that was written.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from evcollab import names, types
from evcollab.contributions.formatting import read_rows
from evcollab.contributions.schema import LISTS, columns_of, document_schema
from evcollab.errors import EvcollabError, MissingExtraError, did_you_mean
from evcollab.package import Package

MAX_BYTES = 2_000_000
MAX_DEPTH = 20

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
    """

    file: str
    line: int
    place: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {self.place}: {self.message}" if self.place else f"{where}: {self.message}"


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
        return Problem(self.file, self.line(place), self.name(place), message)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest thing around it; 0 if there are no lines."""
        return self.lines.get(_nearest(place, self.lines), 0 if self.names else 1)

    def name(self, place: Place) -> str:
        """What a reader calls a place, or the nearest thing around it."""
        return self.names.get(_nearest(place, self.names), "") if self.names else describe(place)


def _nearest(place: Place, known: Mapping[Place, object]) -> Place:
    while place and place not in known:
        place = place[:-1]
    return place


def read(path: Path) -> Document:
    """Read a document from a file.

    Raises:
        ContributionError: the file is missing, too large, not text, or not YAML or JSON of the simple kind.
        MissingExtraError: the extra `contribute` is not installed.
    """
    file = str(path)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise ContributionError([Problem(file, 0, "", f"cannot be read: {error.strerror}")]) from None
    if size > MAX_BYTES:
        message = f"is {size:,} bytes; a document has at most {MAX_BYTES:,}: split it"
        raise ContributionError([Problem(file, 0, "", message)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContributionError([Problem(file, line, "", "is not UTF-8 text: save it as UTF-8")]) from None
    return parse(text, file)


def parse(text: str, file: str = "document") -> Document:
    """Read a document from text; see `read`."""
    try:
        import yaml
    except ImportError:
        raise MissingExtraError("reading a contribution document", "contribute") from None
    if text.lstrip().startswith("{"):
        text = text.replace("\t", "  ")  # JSON may be indented with tabs, and has none elsewhere
    lines: dict[Place, int] = {}
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            line = event.start_mark.line if event.start_mark else 0
            tag = getattr(event, "tag", None)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise _Refused(line, f"nested more than {MAX_DEPTH} levels deep")
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _Refused(line, "anchors (&) and aliases (*) are not allowed: write it out, or quote the text")
            if tag:
                raise _Refused(line, f"the tag {tag!r} is not allowed: leave it out, or quote the text")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = _build(node, (), lines)
    except _Refused as refusal:
        raise ContributionError([Problem(file, refusal.line + 1, "", str(refusal))]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ContributionError([Problem(file, line, "", _yaml_message(error))]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ContributionError([Problem(file, 0, "", f"is not YAML: {error}".replace("\n", " "))]) from None
    if not isinstance(content, dict):
        raise ContributionError([Problem(file, 1, "", "expected a mapping with the key `sources` and what they say")])
    return Document(file, content, lines)


def check(document: Document, package: Package) -> list[Problem]:
    """All problems that a document has in itself: keys, codes, types, dates. Empty if there are none.

    Raises:
        MissingExtraError: the extra `contribute` is not installed.
    """
    errors = _validator(package.root).iter_errors(document.content)
    problems = [problem for error in errors for problem in _explain(document, error)]
    flawed = {problem.place for problem in problems}
    countries = {row[0]: row for row in read_rows(package, "countries")}
    for place, table, record in records(document.content):
        for key, value in record.items():
            here, where = (*place, key), document.name((*place, key))
            column = columns_of(package, table).get(key)
            if key == "country_code" and isinstance(value, str) and value not in countries:
                problems = [problem for problem in problems if problem.place != where]
                problems.append(document.problem(here, _unknown_country(value, countries)))
            elif column is None or column.name != key or isinstance(value, dict):
                continue
            elif not any(flaw.startswith(where) for flaw in flawed):
                try:
                    types.parse(cell_text(value), column)
                except ValueError as error:
                    problems.append(document.problem(here, f"{cell_text(value)!r} is not right; expected {error}"))
    return problems


def _unknown_country(value: str, countries: dict[str, list[str]]) -> str:
    known = {names.key(name): row[0] for row in countries.values() for name in row[1:3]}
    code = known.get(names.key(value))
    near = difflib.get_close_matches(names.key(value), known, n=3, cutoff=0.75)
    options = [code] if code else [known[name] for name in near]
    listed = " or ".join(f"{option} ({countries[option][2]})" for option in options)
    hint = f"; did you mean {listed}?" if options else "; see the table countries"
    return f"{value!r} is not a country code of three letters (ISO 3166-1){hint}"


def records(content: dict[str, Any]) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    """Every record of a document: its place, its table and its keys. Records inside others follow them."""
    for key, table in LISTS.items():
        listed = content.get(key)
        for number, record in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(record, dict):
                yield (key, number), table, record
                for inner in ("participants", "targets"):
                    nested = record.get(inner)
                    for position, item in enumerate(nested if isinstance(nested, list) else []):
                        if isinstance(item, dict):
                            yield (key, number, inner, position), LISTS.get(inner, inner), item


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
    try:
        import yaml
    except ImportError:
        raise MissingExtraError("writing a contribution document", "contribute") from None

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:
            return True

    return str(yaml.dump(content, Dumper=Plain, allow_unicode=True, sort_keys=False, width=110))


def describe(place: Place) -> str:
    """A place in the notation `events[0].participants[2].role`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return text.removeprefix(".")


class _Refused(Exception):  # noqa: N818
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def _build(node: Any, place: Place, lines: dict[Place, int]) -> Any:
    """Build the data of a YAML node and note the line of every part."""
    import yaml

    if node is None:
        return None
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str):
                raise _Refused(key_node.start_mark.line, "a key must be a plain word")
            if key in mapping:
                raise _Refused(key_node.start_mark.line, f"the key {key!r} stands here twice")
            lines[(*place, key)] = key_node.start_mark.line + 1
            mapping[key] = _build(value_node, (*place, key), lines)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*place, number), lines) for number, item in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: Any) -> Any:
    """Resolve a scalar as JSON would: whole numbers, decimals, true and false, null; all else is text."""
    text = node.value
    if node.style is not None:
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in ("", "null", "~"):
        return None
    unsigned = text.removeprefix("-")
    if unsigned.isascii() and unsigned.isdigit() and len(unsigned) <= 18 and (unsigned == "0" or unsigned[0] != "0"):
        return int(text)
    whole, dot, rest = unsigned.partition(".")
    if dot and whole.isascii() and rest.isascii() and whole.isdigit() and rest.isdigit() and len(unsigned) <= 16:
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


@lru_cache(maxsize=8)
def _validator(root: Path) -> Any:
    try:
        import jsonschema
    except ImportError:
        raise MissingExtraError("checking a contribution document", "contribute") from None
    from evcollab import package

    return jsonschema.Draft202012Validator(document_schema(package.read(root)))


def _explain(document: Document, error: Any) -> Iterator[Problem]:
    """Say a jsonschema error in the words of a contributor."""
    place: Place = tuple(error.absolute_path)
    rule, wanted, found = error.validator, error.validator_value, error.instance
    if rule == "additionalProperties":
        known = error.schema.get("properties", {})
        for extra in (key for key in found if key not in known):
            message = f"there is no key {extra!r} here{did_you_mean(extra, known)}"
            yield document.problem((*place, extra), message)
        return
    if rule == "required":
        missing = error.message.split("'")[1]
        title = error.schema["properties"].get(missing, {}).get("description", "")
        message = f"the key {missing!r} is required: {title}"
    elif rule == "enum":
        message = f"{cell_text(found)!r} is not allowed{did_you_mean(str(found), map(str, wanted))}"
        if "did you mean" not in message:
            message = f"{cell_text(found)!r} is not allowed; one of {', '.join(map(str, wanted))}"
    elif found is None:
        message = "is empty: leave the key out if the value is not known"
    elif rule == "type":
        words = {"object": "a mapping", "array": "a list", "string": "a text (in quotes if it looks like a number)"}
        kinds = wanted if isinstance(wanted, list) else [str(wanted)]
        expected = " or ".join(words.get(kind, str(kind)) for kind in kinds)
        message = f"expected {expected}, found {_kind(found)}"
    elif rule == "pattern":
        example = (error.schema.get("examples") or [""])[0]
        message = f"{cell_text(found)!r} does not have the right form; for example {cell_text(example)!r}"
    elif rule in ("maxLength", "minLength"):
        message = (
            f"has {len(found)} characters; allowed are {'at most' if rule == 'maxLength' else 'at least'} {wanted}"
        )
    elif rule in ("minimum", "maximum"):
        message = f"{found} is out of range; expected {'at least' if rule == 'minimum' else 'at most'} {wanted}"
    elif rule == "uniqueItems":
        message = "an item stands there twice"
    elif rule in ("minItems", "minProperties"):
        message = "is empty: leave the key out, or fill it"
    else:
        message = str(error.message)
    yield document.problem(place, message)


def _kind(value: Any) -> str:
    names = {
        dict: "a mapping",
        list: "a list",
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
    }
    shown = f" {value!r}" if isinstance(value, str | int | float) and len(str(value)) < 60 else ""
    return names.get(type(value), "nothing") + shown
