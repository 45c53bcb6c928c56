"""Reading JSON with the line of every key."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from evcollab.files import decode
from evcollab.issues import Issue, problem
from evcollab.limits import DEFAULT, Limits

Path = tuple[str | int, ...]

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)'
_BRACKET = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_HALF = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_TOKEN = re.compile(rf'{_STRING}|[\[\]{{}},:]|[^\s\[\]{{}},:"]+', re.DOTALL)


class JsonError(ValueError):
    """The text is not JSON as we want it; the message says why, and `rule` against which rule that is."""

    def __init__(self, line: int, message: str, rule: str = "descriptor-json") -> None:
        super().__init__(message)
        self.line, self.rule = line, rule


@dataclass(frozen=True)
class Document:
    """A JSON file: what it holds, and the line of each of its keys.

    Attributes:
        file: its path, relative to the package.
        value: its content.
        text: its text.
        table: the table that it is about, if any.
    """

    file: str
    value: dict[str, Any]
    text: str = field(repr=False)
    table: str = ""

    @cached_property
    def lines(self) -> dict[Path, int]:
        """Key or position, from the top → the line on which it begins."""
        return lines_of(self.text)

    def issue(
        self, rule: str, path: Path, message: str, value: Any = "", severity: Literal["error", "warning"] = "error"
    ) -> Issue:
        """A problem at a key, or at the nearest one that the file has."""
        place = path
        while place not in self.lines:
            place = place[:-1]
        shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
        return problem(
            rule,
            message,
            file=self.file,
            line=self.lines[place],
            column=pointer,
            table=self.table,
            value=shown,
            severity=severity,
        )


def read(data: bytes, file: str, table: str, limits: Limits = DEFAULT) -> tuple[Document | None, list[Issue]]:
    """Read a JSON object; None, and an issue, if there is none that can be used."""
    text, found = decode(data, file, table)

    def refuse(rule: str, message: str, line: int = 1) -> tuple[None, list[Issue]]:
        return None, [*found, problem(rule, message, file=file, line=line, table=table)]

    if text is None:
        return None, found
    if "\ufffd" in text:
        return refuse("file-encoding", "is not UTF-8 text; save it as UTF-8", _line(text, text.index("\ufffd")))
    try:
        value = parse(text, limits.depth)
    except JsonError as error:
        said = f"is not JSON: {error}" if error.rule == "descriptor-json" else str(error)
        return refuse(error.rule, said, error.line)
    if not isinstance(value, dict):
        return refuse("descriptor-json", "is not a JSON object; expected { ... }")
    return Document(file, value, text, table), found


def parse(text: str, depth: int) -> Any:
    """The value of a JSON text.

    Raises:
        JsonError: it is not JSON, nested more deeply than `depth`, has a key twice, a number that JSON does not know,
            or half a character.
    """

    def refuse(constant: str) -> Any:
        raise JsonError(_line(text, text.find(constant)), f"{constant[:20]} is not a number in JSON")

    def number(digits: str) -> float:
        value = float(digits)
        return value if math.isfinite(value) else refuse(digits)

    def whole(digits: str) -> int:
        return int(digits) if len(digits) <= 18 else refuse(digits)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            lines_of(text)  # raises, with the line
        return made

    try:
        value = json.loads(text, parse_constant=refuse, parse_float=number, parse_int=whole, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        _check_depth(text, depth)
        raise JsonError(error.lineno, f"{error.msg} (column {error.colno})") from None
    except RecursionError:
        _check_depth(text, depth)
        raise JsonError(1, "is nested too deeply") from None
    if _is_deeper(value, depth):
        _check_depth(text, depth)
    if half := _HALF.search(text):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise JsonError(_line(text, half.start()), f"{half[0]} is half a character; expected both halves") from None
    return value


def _is_deeper(value: Any, limit: int) -> bool:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(limit + 1):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _check_depth(text: str, limit: int) -> None:
    """Raise JsonError, with the line, if a text is nested more deeply than the limit."""
    level = 0
    for token in _BRACKET.finditer(text):
        level += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if level > limit:
            message = f"is nested too deeply; expected at most {limit} levels"
            raise JsonError(_line(text, token.start()), message, "limit-exceeded")


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def lines_of(text: str) -> dict[Path, int]:
    """The line on which each key and each item of a JSON text begins; raises JsonError if a key appears twice."""
    lines: dict[Path, int] = {}
    opened: list[list[Any]] = []  # for each open container: is it an object, its current key, is a key next
    line, seen = 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", seen, token.start())
        seen = token.start()
        what = token[0]
        if what == ":":
            continue
        if what == ",":
            if opened[-1][0]:
                opened[-1][2] = True
            else:
                opened[-1][1] += 1
        elif what in "]}":
            opened.pop()
        elif opened and opened[-1][2]:
            opened[-1][1:] = [json.loads(what), False]
            path = tuple(frame[1] for frame in opened)
            if path in lines:
                raise JsonError(line, f"the key {path[-1]!r} appears twice")
            lines[path] = line
        else:
            lines.setdefault(tuple(frame[1] for frame in opened), line)
            if what in "[{":
                opened.append([True, None, True] if what == "{" else [False, 0, False])
    return lines
