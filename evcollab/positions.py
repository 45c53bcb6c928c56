"""Reading JSON with the line of every key."""

from __future__ import annotations

import json
import re
from typing import Any

Path = tuple[str | int, ...]

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)'
_BRACKET = re.compile(rf"{_STRING}|[\[\]{{}}]", re.DOTALL)
_TOKEN = re.compile(rf'{_STRING}|[\[\]{{}},:]|[^\s\[\]{{}},:"]+', re.DOTALL)


class JsonError(ValueError):
    """The text is not JSON as we want it; the message says why."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def depth(text: str) -> tuple[int, int]:
    """How deeply a text is nested at most, and the line on which it is so."""
    deepest, place, level = 0, 0, 0
    for token in _BRACKET.finditer(text):
        level += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if level > deepest:
            deepest, place = level, token.start()
    return deepest, text.count("\n", 0, place) + 1


def parse(text: str) -> tuple[Any, dict[Path, int]]:
    """The value of a JSON text, and the line on which each of its keys and items begins.

    Raises:
        JsonError: it is not JSON, has a key twice, or a number that JSON does not know.
    """

    def refuse(constant: str) -> Any:
        raise JsonError(1, f"{constant} is not a number in JSON")

    try:
        value = json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise JsonError(error.lineno, f"{error.msg} (column {error.colno})") from None
    except JsonError:
        raise
    except (RecursionError, ValueError) as error:
        raise JsonError(1, str(error)) from None
    return value, _lines(text)


def _lines(text: str) -> dict[Path, int]:
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
                raise JsonError(line, f"the key {path[-1]!r} stands there twice")
            lines[path] = line
        else:
            lines.setdefault(tuple(frame[1] for frame in opened), line)
            if what in "[{":
                opened.append([True, None, True] if what == "{" else [False, 0, False])
    return lines
