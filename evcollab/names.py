"""Comparing names as people do: without regard to case, accents, punctuation and spaces."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

SIMILAR = 0.9
"""From this ratio (difflib) on, two names are similar enough to ask whether they mean the same."""

_WORD = re.compile(r"\w+")
_ADDITION = re.compile(r"\s*\([^()]*\)\s*$")
ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th",
    "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th", "eleventh": "11th", "twelfth": "12th",
}  # fmt: skip
"""A number as a word → with digits."""
_SMALL = frozenset({"the", "of", "and", "for", "in", "on", "de", "la", "el", "et", "du", "des", "y", "a", "an"})


def key(name: str) -> str:
    """The words of a name in lower case, without accents and punctuation; `&` is `and`, and `second` is `2nd`."""
    plain = name.replace("&", " and ").casefold()
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = _WORD.findall(plain)
    return " ".join(ORDINALS.get(word, word) for word in words)


def bare(name: str) -> str:
    """A name without the addition in brackets at its end, such as a country or an abbreviation."""
    return _ADDITION.sub("", name) or name


def similar(a: str, b: str) -> bool:
    """Tell whether two names are so alike that they may mean the same: the same words in any order, or nearly.

    Small words do not count. Names whose numbers differ are never alike: COP26 and COP27, a 2nd and a 3rd forum.
    """
    (first, first_numbers), (second, second_numbers) = compared(a), compared(b)
    return first_numbers == second_numbers and similar_words(first, second)


def similar_words(first: str, second: str) -> bool:
    """Tell whether two texts, as `compared` makes them, are nearly the same."""
    if first == second:
        return True
    both = len(first) + len(second)
    if 2 * min(len(first), len(second)) < SIMILAR * both:  # too different in length to reach the ratio
        return False
    shared = len(_letters(first) & _letters(second))
    if 2 * shared / both < SIMILAR:  # too few letters in common
        return False
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio() >= SIMILAR


@lru_cache(maxsize=20_000)
def _letters(text: str) -> frozenset[tuple[str, int]]:
    return numbered(text)


def numbered(parts: Iterable[str]) -> frozenset[tuple[str, int]]:
    """The parts of a text, such as its letters, each with how often it came before."""
    return frozenset((part, number) for part, count in Counter(parts).items() for number in range(count))


def resembles(a: str, b: str) -> bool:
    """Tell whether one name may be meant by the other: they are similar, or one shortens words of the other.

    So do TAITRA and TAITRAA, Trade Dev Council and Trade Development Council. Names of four letters must be equal.
    """
    if key(a) == key(b):
        return True
    return min(len(a), len(b)) > 4 and (similar(a, b) or _shortens(a, b))


def _shortens(a: str, b: str) -> bool:
    first, second = _words(a), _words(b)
    pairs = list(zip(first, second, strict=False))
    return (
        len(first) == len(second) > 1
        and any(one == other for one, other in pairs)
        and all(min(map(len, pair)) > 2 and max(pair).startswith(min(pair)) for pair in pairs)
    )


@lru_cache(maxsize=20_000)
def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in key(name).split() if word not in _SMALL)


@lru_cache(maxsize=20_000)
def compared(name: str) -> tuple[str, tuple[str, ...]]:
    """What of a name is compared: its words in alphabetical order, small ones aside, and its numbers."""
    words = " ".join(sorted(set(key(name).split()) - _SMALL))
    return words, tuple(sorted(re.findall(r"[0-9]+", words)))


def slug(text: str, limit: int = 60) -> str:
    """An identifier out of a text: lower-case ASCII words joined with hyphens, cut at a word within `limit`."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("đ", "d").replace("ı", "i"))
    whole = "-".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode()))
    if len(whole) <= limit:
        return whole
    cut = whole[: limit + 1]
    return cut[: cut.rfind("-")] if "-" in cut else whole[:limit]
