"""Characters that a cell must not hold: invisible ones, spaces at its ends, and what makes it a formula."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ZERO_WIDTH = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d"
    "\u2060-\u2064\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_BIDIRECTIONAL = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NON_BREAKING = "\u00a0\u2007\u2011\u202f"
_CONTROL = "\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f"
_BREAK = "\n\r\u2028\u2029"
_LOST = "\ufffd"
_CHARACTERS = {
    "cell-control-character": re.compile(f"[{_CONTROL}]"),
    "cell-line-break": re.compile(f"[{_BREAK}]"),
    "cell-zero-width-character": re.compile(f"[{_ZERO_WIDTH}]"),
    "cell-bidirectional-character": re.compile(f"[{_BIDIRECTIONAL}]"),
    "cell-non-breaking-character": re.compile(f"[{_NON_BREAKING}]"),
    "file-encoding": re.compile(_LOST),
}
_SUSPECT = f"{_CONTROL}\r\u2028\u2029{_ZERO_WIDTH}{_BIDIRECTIONAL}{_NON_BREAKING}{_LOST}"
_SPACES = " \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000"
_JOINERS = "\u200c\u200d"
_FORMULA = re.compile(r"(?![+-]?[0-9]+([.,][0-9]+)*%?\Z)[=+@\t\r-]", re.ASCII)
"""How a formula begins; a number with its sign is none."""
_UNUSUAL = re.compile(f"[{_SUSPECT}{_SPACES[1:]}]")
_ODD_ROW = re.compile(f"[{_SUSPECT}\n]|(?:^|,)[{_SPACES}=+@-]|[{_SPACES}](?:,|$)")


def is_unremarkable(row: list[str]) -> bool:
    """Whether no cell of a row can have a problem that `problems` would find; False may be a false alarm."""
    return not _ODD_ROW.search(",".join(row))


def is_clean(lines: list[str], longest: int) -> bool:
    """Whether lines, none of them too long, hold composed letters, plain spaces and nothing else that is unusual."""
    text = "\n".join(line for line in lines if not (line.isascii() and line.isprintable()))
    return (
        max(map(len, lines)) <= longest
        and unicodedata.is_normalized("NFC", text)
        and all(_joins_letters(text, match.start()) for match in _UNUSUAL.finditer(text))
    )


def problems(cell: str, longest: int) -> Iterator[tuple[str, str]]:
    """What is wrong with the characters of a cell: rules with what to say."""
    if len(cell) > longest:
        yield "limit-exceeded", f"has {len(cell):,} characters; expected at most {longest:,}"
        return
    if _FORMULA.match(cell):
        yield "cell-formula", f"begins with {_name(cell[0])}, as a formula does; expected a letter, digit or quote"
    for rule, characters in _CHARACTERS.items():
        hit = next((match for match in characters.finditer(cell) if not _joins_letters(cell, match.start())), None)
        if hit is not None:
            lost = "holds a letter that was lost in a wrong encoding" if rule == "file-encoding" else ""
            yield rule, lost or f"holds {_name(hit[0])} after {cell[: hit.start()][-20:]!r}"
    if cell.strip(_SPACES) != cell:
        yield "cell-untrimmed", "has a space at its beginning or end; expected none"


def unformula(text: str) -> str:
    """A cell's text that no spreadsheet runs: one that begins as a formula does gets an apostrophe in front."""
    return f"'{text}" if _FORMULA.match(text) else text


def _joins_letters(cell: str, position: int) -> bool:
    """Whether a joiner stands between letters of a script that needs it, as in Persian or Sinhala."""
    around = cell[position - 1 : position] + cell[position + 1 : position + 2]
    return (
        cell[position] in _JOINERS
        and position > 0
        and len(around) == 2
        and all(ord(letter) > 0x590 and unicodedata.category(letter)[0] in "LM" for letter in around)
    )


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = {"\t": "a tab", "\r": "a carriage return", "\n": "a line feed"}.get(character)
    if name or character.isprintable():
        return name or repr(character)
    known = unicodedata.name(character, "a control character").lower()
    return f"{known} ({code})"
