"""Comparing names as people do: without regard to case, accents, punctuation and spaces."""

from __future__ import annotations

import difflib
import re
import unicodedata

SIMILAR = 0.9
"""From this ratio (difflib) on, two names are similar enough to ask whether they mean the same."""

_WORD = re.compile(r"\w+")
_ADDITION = re.compile(r"\s*\([^()]*\)\s*$")
_SMALL = frozenset({"the", "of", "and", "for", "in", "on", "de", "la", "el", "et", "du", "des", "y", "a", "an"})


def key(name: str) -> str:
    """The words of a name in lower case, without accents and punctuation; `&` counts as `and`."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ").casefold())
    return " ".join(_WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter))))


def bare(name: str) -> str:
    """A name without the addition in brackets at its end, such as a country or an abbreviation."""
    return _ADDITION.sub("", name) or name


def similarity(a: str, b: str) -> float:
    """How alike two names are, 0 to 1: 1 if they have the same words in any order, small words aside."""
    first, second = (sorted(set(key(name).split()) - _SMALL) for name in (a, b))
    if first == second:
        return 1.0
    if _numbers(first) != _numbers(second):  # "COP26" and "COP27", "2nd forum" and "3rd forum" are never the same
        return 0.0
    return difflib.SequenceMatcher(None, " ".join(first), " ".join(second), autojunk=False).ratio()


def similar(a: str, b: str) -> bool:
    """Tell whether two names are so alike that they may mean the same."""
    return similarity(a, b) >= SIMILAR


def slug(text: str, limit: int = 60) -> str:
    """An identifier out of a text: lower-case ASCII words joined with hyphens, cut at a word within `limit`."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("đ", "d").replace("ı", "i"))
    whole = "-".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode()))
    if len(whole) <= limit:
        return whole
    cut = whole[: limit + 1]
    return cut[: cut.rfind("-")] if "-" in cut else whole[:limit]


def _numbers(words: list[str]) -> list[str]:
    return sorted(digits for word in words for digits in re.findall(r"[0-9]+", word))
