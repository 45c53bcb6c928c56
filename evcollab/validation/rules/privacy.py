"""Rules that keep contact data of people out of the register."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evcollab.package import Field
from evcollab.types import kind_of
from evcollab.validation.catalogue import Cells, rule
from evcollab.validation.data import Data, Finding

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


@rule(
    "privacy-email",
    "error",
    summary="No cell holds an e-mail address.",
    why="The register keeps no contact data of people; names and posts are enough.",
    fix="Delete the address; give the organisation's website if it helps.",
    good=(Cells("events", FORUM, {"url": "https://video.example.org/@forum.channel/1"}),),
    bad=(Cells("events", FORUM, {"summary": "Write to jane.roe@example.org to take part."}),),
    at=("events", FORUM, "summary"),
)
def _email(data: Data) -> Iterator[Finding]:
    for table in data.tables:
        for row in data.rows(table):
            for column, text in row.cells.items():
                if ("@" in text or "%40" in text) and _EMAIL.search(text):
                    yield row, column, "holds an e-mail address; expected no contact data"


@rule(
    "privacy-phone",
    "error",
    summary="No cell holds a telephone number.",
    why="The register keeps no contact data of people; names and posts are enough.",
    fix="Delete the number.",
    good=(Cells("events", FORUM, {"summary": "On 2023-07-07 some 10 000 000 vehicles, 2020-2030, at 150-200 km."}),),
    bad=(Cells("events", FORUM, {"summary": "To take part call +856 21 123 456."}),),
    at=("events", FORUM, "summary"),
)
def _phone(data: Data) -> Iterator[Finding]:
    for table in data.tables.values():
        columns = [field.name for field in table.schema.fields.values() if _is_prose(field)]
        for row in table.in_order:
            for column in columns:
                text = row[column]
                if len(text) >= 7 and _PHONE.search(_ADDRESS.sub(" ", text)):
                    yield row, column, "holds a telephone number; expected no contact data"


def _is_prose(field: Field) -> bool:
    """Whether a column holds words, not identifiers, codes, dates or addresses."""
    return kind_of(field) == "text" and "pattern" not in field.constraints
