"""Rules that keep contact data of people out of the register."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from evcollab.package import Field, Schema
from evcollab.types import kind_of
from evcollab.validation.catalogue import Query, SetCells, quoted, rule

FORUM = "lao-forum-2023"


_EMAIL = re.compile(r"(?<![@\w.+%-])[\w.+%-]{1,64}(?:@|%40)(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}\b", re.IGNORECASE)


_ADDRESS = re.compile(r"\S*(?:://|www\.)\S*")


_PHONE = re.compile(
    r"""
    (?<![\w.+-])(?:
        (?:\+|00\ ?)[1-9]\d{0,3}(?:[ ./()-]{0,3}\d{1,5}){2,6}        # +856 21 123 456
      | \(0?\d{2,4}\)[ -]?\d{3,4}[ -]?\d{3,4}                         # (021) 555 0199
      | 0\d{1,4}[ /-]\d{3,4}[ -]?\d{3,5}                              # 021-5550199
      | \d{3}-\d{3}-\d{4}                                             # 555-555-0199
      | (?:tel|phone|telephone|mobile|fax|whatsapp)\b[.:]?\s*[+(]?\d(?:[ ./()-]?\d){5,14}
    )(?![\w-])
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


_DIGITS = r"[+(]?[0-9]([ ./()-]*[0-9]){5}"
"""RE2: at least six digits with nothing but spaces and punctuation between them."""


def _anywhere(schemas: Mapping[str, Schema]) -> Iterator[Query]:
    for schema in schemas.values():
        for column in schema.fields:
            yield Query(
                schema.table,
                column,
                f"contains(t.\"{column}\", '@') OR contains(t.\"{column}\", '%40')",
                "holds an e-mail address; expected no contact data",
                f'file."{schema.table}" t',
                keep=lambda text: _EMAIL.search(text) is not None,
            )


def _in_prose(schemas: Mapping[str, Schema]) -> Iterator[Query]:
    for schema in schemas.values():
        for field in schema.fields.values():
            if _is_prose(field):
                yield Query(
                    schema.table,
                    field.name,
                    f'regexp_matches(t."{field.name}", {quoted(_DIGITS)})',
                    "holds a telephone number; expected no contact data",
                    f'file."{schema.table}" t',
                    keep=lambda text: len(text) >= 7 and _PHONE.search(_ADDRESS.sub(" ", text)) is not None,
                )


def _is_prose(field: Field) -> bool:
    """Whether a column holds words, not identifiers, codes, dates or addresses."""
    return kind_of(field) == "text" and "pattern" not in field.constraints


rule(
    "privacy-email",
    "error",
    at=_anywhere,
    summary="No cell holds an e-mail address.",
    why="The register keeps no contact data of people; names and posts are enough.",
    fix="Delete the address; give the organisation's website if it helps.",
    good=(SetCells("events", FORUM, {"url": "https://video.example.org/@forum.channel/1"}),),
    bad=(SetCells("events", FORUM, {"summary": "Write to jane.roe@example.org to take part."}),),
    reported=("events", FORUM, "summary"),
)


rule(
    "privacy-phone",
    "error",
    at=_in_prose,
    summary="No cell holds a telephone number.",
    why="The register keeps no contact data of people; names and posts are enough.",
    fix="Delete the number.",
    good=(SetCells("events", FORUM, {"summary": "On 2023-07-07 some 10 000 000 vehicles, 2020-2030, at 150-200 km."}),),
    bad=(SetCells("events", FORUM, {"summary": "To take part call +856 21 123 456."}),),
    reported=("events", FORUM, "summary"),
)
