"""Rules on what an organisation is called elsewhere: identifiers of other registers, and its home page."""

from __future__ import annotations

from evcollab.validation.catalogue import quoted, rule
from evcollab.validation.rules.shapes import VOLTA, row

_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _fits(code: str, alphabet: str, places: int, base: str) -> str:
    """SQL: whether the two digits at the end of a code are its check digits (ISO 7064 MOD 97-10).

    Args:
        code: SQL of the code.
        alphabet: its characters, in the order of their values.
        places: how many characters stand before the check digits.
        base: SQL: by what the number so far is multiplied before a character of the value `{value}` is added.
    """
    number = "0"
    for place in range(1, places + 3):
        value = f"(strpos('{alphabet}', substr({code}, {place}, 1)) - 1)"
        number = f"({number} * {base.replace('{value}', value) if place <= places else '10'} + {value}) % 97"
    return f"{number} = 1 AND substr({code}, {places + 1}) BETWEEN '02' AND '98'"


rule(
    "organisation-lei-invalid",
    at="organisations.lei",
    where="{cell} <> '' AND NOT (regexp_full_match({cell}, '[0-9A-Z]{18}[0-9]{2}') AND "
    + _fits("{cell}", _BASE36, 18, "CASE WHEN {value} > 9 THEN 100 ELSE 10 END")
    + ")",
    alone=True,
    message="is not a Legal Entity Identifier: its form or its check digits are wrong",
    summary="A Legal Entity Identifier has 20 characters and right check digits.",
    why="It would lead to nobody, or to somebody else.",
    fix="Copy it again from the register of GLEIF.",
    good=row("organisations", VOLTA, lei="529900T8BM49AURSDO55"),
    bad=row("organisations", VOLTA, lei="529900T8BM49AURSDO56"),
    supersedes=("cell-pattern",),
)
rule(
    "organisation-ror-invalid",
    at="organisations.ror_id",
    where="{cell} <> '' AND NOT (regexp_full_match({cell}, 'https://ror\\.org/0[0-9a-hj-km-np-tv-z]{6}[0-9]{2}') AND "
    + _fits("substr({cell}, 17)", _BASE32, 7, "32")
    + ")",
    alone=True,
    message="is not a ROR identifier: its form or its check digits are wrong",
    summary="A ROR identifier is an address of ror.org, with 9 characters and right check digits.",
    why="It would lead to nobody, or to somebody else.",
    fix="Copy its address again from ror.org, such as https://ror.org/02mhbdp94.",
    good=row("organisations", VOLTA, ror_id="https://ror.org/02mhbdp94"),
    bad=row("organisations", VOLTA, ror_id="https://ror.org/02mhbdp95"),
    supersedes=("cell-pattern",),
)
rule(
    "organisation-wikidata-invalid",
    at="organisations.wikidata_id",
    where="{cell} <> '' AND NOT regexp_full_match({cell}, 'Q[1-9][0-9]{0,9}')",
    alone=True,
    message="is not an item of Wikidata; expected Q and a number",
    summary="An item of Wikidata is Q and a number.",
    why="It would lead to nothing.",
    fix="Copy it again from the page of the item.",
    good=row("organisations", VOLTA, wikidata_id="Q478214"),
    bad=row("organisations", VOLTA, wikidata_id="Q0478214"),
    supersedes=("cell-pattern",),
)
_PAGE = (
    r"(?i)^https?://[^/]+(/[^/]+){5,}|[?#]|\.(pdf|docx?|xlsx?|pptx?|jpe?g|png|zip)$|"
    r"^https?://[^/]+/(.*/)?(news|newsroom|press|press-releases?|articles?|blog|events?|media|publications?|uploads?|archives?|(19|20)[0-9]{2})/."
)
"""RE2: a document, an answer to a question, or what lies under news and the like."""
rule(
    "organisation-website-is-page",
    "info",
    at="organisations.website",
    where=f"regexp_matches({{cell}}, {quoted(_PAGE)})",
    alone=True,
    message="looks like a page or a document of a website, not the home page of the body",
    summary="The website of an organisation is its home page, not one of its pages or documents.",
    why="A single page is soon gone, and does not tell who the body is.",
    fix="Give the home page, or that of its section where a body has only one on a common website; the page is a source.",
    good=row("organisations", VOLTA, website="https://www.example.org/en/organisations/volta-motors"),
    bad=row("organisations", VOLTA, website="https://www.example.org/news/volta-motors-opens-a-plant"),
)
