"""Finding records by what people call them: identifiers, names, short names, aliases; misspelt or not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from evcollab import names, types

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset

NAMES = {
    "countries": ["name", "alpha2"],
    "organisations": ["name", "short_name", "aliases"],
    "events": ["name", "name_local"],
    "policies": ["name"],
    "policy_targets": [],
    "sources": ["title"],
}
"""Table → the columns, besides the identifier, that hold what its records are called. Ties are in this order."""
COMMON_NAMES = {
    "ARE": ["UAE", "Emirates"],
    "CIV": ["Ivory Coast"],
    "COD": ["DR Congo", "DRC", "Congo-Kinshasa"],
    "COG": ["Congo-Brazzaville", "Republic of the Congo"],
    "CPV": ["Cape Verde"],
    "CZE": ["Czech Republic"],
    "GBR": ["UK", "Great Britain", "Britain"],
    "KOR": ["South Korea"],
    "LAO": ["Laos"],
    "MKD": ["Macedonia"],
    "MMR": ["Burma"],
    "NLD": ["Holland"],
    "PRK": ["North Korea"],
    "RUS": ["Russia"],
    "SWZ": ["Swaziland"],
    "TLS": ["East Timor"],
    "TUR": ["Turkey"],
    "USA": ["US", "United States of America", "America"],
    "VAT": ["Vatican"],
    "VNM": ["Vietnam"],
}
"""Countries that are often called by a name that shares no word with their ISO 3166-1 short name."""
WORD = 0.8
"""From this ratio on, a word may be a misspelling of another."""
SCORE = 0.6
"""Records below this score are not shown."""


def find(ds: Dataset, text: str, limit: int = 20) -> pd.DataFrame:
    """Records by name, best first (see `Dataset.find`)."""
    import pandas as pd

    wanted = names.key(text)
    known: dict[str, list[tuple[str, str, str, str]]] = {}
    for table, record, name, candidate in _candidates(ds):
        known.setdefault(names.key(candidate), []).append((table, record, name, candidate))
    scores = _scores(wanted, known)
    best: dict[tuple[str, str], tuple[float, str, str]] = {}
    for phrase, score in scores.items():
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
    for table in (table for table in NAMES if table in ds.tables):
        schema, frame = ds.package.schema(table), ds[table]
        identifiers = frame[schema.primary_key[0]].tolist()
        shown = frame[NAMES[table][0]].tolist() if NAMES[table] else identifiers
        for record, name in zip(identifiers, shown, strict=True):
            yield table, record, name, record
            if table == "countries":
                yield from ((table, record, name, common) for common in COMMON_NAMES.get(record, ()))
        for column in NAMES[table]:
            listed = types.kind_of(schema.field(column)) == "list"
            for record, name, cell in zip(identifiers, shown, frame[column].tolist(), strict=True):
                for candidate in cell if listed else [cell]:
                    if isinstance(candidate, str):
                        yield table, record, name, candidate


def _scores(wanted: str, phrases: Iterable[str]) -> dict[str, float]:
    """How well phrases fit what is wanted, 0 to 1, those that fit at all.

    Each word that is wanted counts as much as the nearest word of the phrase resembles it; numbers must be equal. Of
    phrases with the same words in them the shorter fits better, and 1 is kept for the phrase itself.
    """
    words = wanted.split()
    if not words:
        return {}
    split = {phrase: frozenset(phrase.split()) for phrase in phrases}
    near = [_near(word, frozenset().union(*split.values())) for word in words]
    found = {}
    for phrase, parts in split.items():
        likeness = sum(max((alike.get(part, 0.0) for part in parts), default=0.0) for alike in near) / len(words)
        score = 1.0 if phrase == wanted else 0.9 * likeness + 0.08 * min(1.0, len(words) / max(len(parts), 1))
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
