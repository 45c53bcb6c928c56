"""Mutants that make no difference, by family: no test can kill them. Each has its argument."""

from __future__ import annotations

import re

FAMILIES: list[tuple[str, str]] = [
    (
        r": (1 → 0 in … _same|> → >= in …BY _same) HAVING count\(\*\)",
        "the first of a group is left out anyway, so a group of one finds nothing",
    ),
    (r"^event-scope-of-lines: 0 → 1 in …\(whole\(t\.country_count\), 0\) > 3", "0 and 1 are both not above 3"),
    (r"^event-year-in-name: 1 → 0 in", "what the pattern finds and its only group are the same text"),
    (r"^url-not-public: without t\.\"url\" <> ''$", "`is_private`, which has the last word, says no to an empty text"),
    (
        r"^organisation-lei-invalid: .*(, 1, 1\)\) - 1\) > 9 THEN|, 1, 1\)\) - 1\)\) % 97)",
        "before the first character stands 0, whatever it is multiplied by; its value is below 97",
    ),
    (r"^organisation-ror-invalid: 32 → 3[13] in .*\(0 \* 32", "0 is multiplied"),
    (r": 1 → [02] in .*EXISTS \(SELECT 1 FROM", "EXISTS asks whether there is a row, not what is in it"),
    (
        r"^target-(proposal-supersedes|narrower-powertrain|supersedes-later|predecessor-of-other-scope): "
        r"without t\.supersedes_id <> ''$",
        "no record has an empty identifier to join with",
    ),
    (
        r"^dates: .* without if in   for number, name in enumerate\(calendar",
        "an empty part is never the name of a month",
    ),
    (r"^dates: .* 10 → 11 in", "a day has ten characters: a longer piece of it is the same"),
    (r"^types: .* True → False in .*strict=True", "every row that was read has a cell for each column"),
    (r"^types: .* 0 → -1 in  return meant\[0\] if len\(meant\) == 1", "the list has one item"),
    (r"^provenance: .* returns None in  return False", "who calls asks only whether it is true"),
    (r"^provenance: .* 9 → (10|8) in", "any number above those of the ranks (0 to 2) sorts the same"),
]
"""A pattern on the mutant as it is printed, and why the change makes no difference."""


def why(mutant: str) -> str:
    """The argument that a mutant makes no difference; empty if there is none."""
    return next((reason for pattern, reason in FAMILIES if re.search(pattern, mutant)), "")
