"""Finding records by what people call them: identifiers, names, short names, aliases; misspelt or not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from evcollab import names
from evcollab.errors import EvcollabError

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset

NAMES = {
    "countries": ["name", "alpha2", "short_name", "aliases"],
    "subdivisions": ["name"],
    "organisations": ["name", "short_name", "aliases"],
    "events": ["name", "name_local"],
    "policies": ["name"],
    "policy_targets": [],
    "sources": ["title"],
}
"""Table → the columns, besides the identifier, that hold what its records are called. Ties are in this order."""
WORD = 0.8
"""From this ratio on, a word may be a misspelling of another."""
SCORE = 0.6
"""Records below this score are not shown."""


def find(ds: Dataset, text: str, limit: int = 20) -> pd.DataFrame:
    """Records by what they are called: identifier, name, short name, alias or title, misspelt or not.

    Args:
        text: a name, or words of it, in any order. A word that fits nothing is passed over if the others fit.
        limit: at most so many records.

    Returns:
        Best first: `table`, `record_id`, `name` (str), `score` (Float64: 1 is that very name), `matched` (str:
        the identifier, name or alias that fits best).

    Raises:
        EvcollabError: `text` is not a text.
    """
    import pandas as pd

    if not isinstance(text, str):
        raise EvcollabError(f"find looks for a text, such as ds.find('lao forum'); found {text!r}")
    known: dict[str, list[tuple[str, str, str, str]]] = {}
    for each in _candidates(ds):
        known.setdefault(names.key(each[-1]), []).append(each)
    best: dict[tuple[str, str], tuple[float, str, str]] = {}
    for phrase, score in _scores(names.key(text), known).items():
        for table, record, name, candidate in known[phrase]:
            if score > best.get((table, record), (0.0,))[0]:
                best[table, record] = (score, name, candidate)
    order = list(NAMES)
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], order.index(item[0][0]), item[1][1], item[0][1]))
    rows = [(table, record, name, score, matched) for (table, record), (score, name, matched) in ranked[:limit]]
    frame = pd.DataFrame(rows, columns=["table", "record_id", "name", "score", "matched"])
    return frame.astype({"table": "str", "record_id": "str", "name": "str", "score": "Float64", "matched": "str"})


def _candidates(ds: Dataset) -> Iterator[tuple[str, str, str, str]]:
    """Table, identifier, name and one thing that the record is called, for all records."""
    for table in (table for table in NAMES if table in ds):
        frame, key = ds[table], ds.package.schema(table).primary_key[0]
        records, shown = (frame[column].tolist() for column in (key, (NAMES[table] or [key])[0]))
        for column in (column for column in (key, *NAMES[table]) if column in frame.columns):
            for record, name, cell in zip(records, shown, frame[column].tolist(), strict=True):
                for candidate in cell if isinstance(cell, list) else [cell]:
                    if isinstance(candidate, str):
                        yield table, record, name, candidate


def _scores(wanted: str, phrases: Iterable[str]) -> dict[str, float]:
    """How well phrases fit what is wanted, 0 to 1, those that fit at all.

    Each word that is wanted counts as much as the nearest word of the phrase resembles it; numbers must be equal. Of
    phrases with the same words in them the shorter fits better, and 1 is kept for the phrase itself. A word that
    resembles nothing at all is passed over, at a cost.
    """
    words = wanted.split()
    if not words:
        return {}
    split = {phrase: frozenset(phrase.split()) for phrase in phrases}
    vocabulary = frozenset().union(*split.values())
    near = [alike for word in words if (alike := _near(word, vocabulary))]
    understood = 1 - 0.2 * (len(words) - len(near)) / len(words)
    found = {}
    for phrase, parts in split.items():
        likeness = sum(max((alike.get(part, 0.0) for part in parts), default=0.0) for alike in near) / max(len(near), 1)
        score = 0.9 * likeness + 0.08 * min(1.0, len(words) / max(len(parts), 1))
        score = 1.0 if phrase == wanted else score * understood
        if score >= SCORE:
            found[phrase] = round(score, 3)
    return found


def _near(word: str, vocabulary: Iterable[str]) -> dict[str, float]:
    """The words that one may be a misspelling or the beginning of, with their likeness."""
    found = {}
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    for other in vocabulary:
        if other == word:
            found[other] = 1.0
        elif word.isdigit() or other.isdigit():
            continue
        elif len(word) > 2 and other.startswith(word):
            found[other] = 0.9
        else:
            matcher.set_seq1(other)
            if matcher.real_quick_ratio() >= WORD and matcher.quick_ratio() >= WORD and matcher.ratio() >= WORD:
                found[other] = 0.95 * matcher.ratio()
    return found
