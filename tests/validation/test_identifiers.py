"""Check digits of identifiers, and what counts as a home page."""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import cache

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcollab.validation.rules import RULES

BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
BASE36 = string.digits + string.ascii_uppercase
PAIRS = [f"{number:02}" for number in range(100)]
CODES = {
    "ror": st.text(BASE32, min_size=6, max_size=6).map("https://ror.org/0{}".format),
    "lei": st.text(BASE36, min_size=18, max_size=18),
}


def found(rule: str, column: str, cells: Iterable[str]) -> list[str]:
    """The cells that the rule finds wrong."""
    queries = RULES[rule].queries
    assert queries is not None
    (query,) = queries({})
    table = f"(SELECT unnest($1::VARCHAR[]) AS {column}) t"
    return [
        cell
        for (cell,) in database().execute(f"SELECT {column} FROM {table} WHERE {query.where}", [list(cells)]).fetchall()
    ]


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def accepted(kind: str, cells: list[str]) -> list[str]:
    column = {"ror": "ror_id", "lei": "lei"}[kind]
    wrong = set(found(f"organisation-{kind}-invalid", column, cells))
    return [cell for cell in cells if cell not in wrong]


def check_digits(kind: str, code: str) -> str:
    """ISO 7064 MOD 97-10 as its publishers print it, with whole numbers of any size."""
    if kind == "lei":
        return f"{98 - int(''.join(str(int(letter, 36)) for letter in code) + '00') % 97:02}"
    number = 0
    for letter in code.removeprefix("https://ror.org/"):
        number = number * 32 + BASE32.index(letter)
    return f"{98 - number * 100 % 97:02}"


@pytest.mark.parametrize("kind", CODES)
@given(data=st.data())
def test_of_all_pairs_of_digits_a_code_is_accepted_with_its_check_digits_only(kind: str, data: st.DataObject) -> None:
    code = data.draw(CODES[kind])
    assert accepted(kind, [code + pair for pair in PAIRS]) == [code + check_digits(kind, code)]


@pytest.mark.parametrize("kind", CODES)
@given(data=st.data())
def test_a_code_with_one_wrong_character_or_two_swapped_is_found(kind: str, data: st.DataObject) -> None:
    code = data.draw(CODES[kind])
    right = code + check_digits(kind, code)
    first = len(right) - (8 if kind == "ror" else 20)  # the zero at the beginning of every ROR is no choice
    place = data.draw(st.integers(first, len(right) - 2))
    both = {right[place].isdigit(), right[place + 1].isdigit()}
    alike = string.digits if right[place].isdigit() else string.ascii_uppercase
    letter = data.draw(st.sampled_from(BASE32 if kind == "ror" else alike))  # a letter of a LEI counts as two digits
    mistyped = right[:place] + letter + right[place + 1 :]
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    wrong = [mistyped, swapped] if kind == "ror" or len(both) == 1 else [mistyped]
    assert accepted(kind, [cell for cell in wrong if cell != right]) == []


@pytest.mark.parametrize(
    "code",
    [
        "https://ror.org/015z29x2",
        "https://ror.org/015z29x255",
        "https://ror.org/115z29x25",
        "https://ror.org/015Z29X25",
        "https://ror.org/0l5z29x25",
        "http://ror.org/015z29x25",
        "https://www.ror.org/015z29x25",
        "015z29x25",
        "https://ror.org/015z29x25/",
    ],
)
def test_a_ror_identifier_of_another_form_is_found(code: str) -> None:
    assert accepted("ror", ["https://ror.org/015z29x25", code]) == ["https://ror.org/015z29x25"]


@pytest.mark.parametrize("code", ["529900T8BM49AURSDO5", "529900t8BM49AURSDO55", "529900T8BM49AURSDO555", "lei"])
def test_a_legal_entity_identifier_of_another_form_is_found(code: str) -> None:
    assert accepted("lei", ["529900T8BM49AURSDO55", code]) == ["529900T8BM49AURSDO55"]


@pytest.mark.parametrize(
    "website",
    [
        "https://www.iea.org",
        "https://www.iea.org/",
        "https://www.giz.de/en/html/index.html",
        "https://www.gov.uk/government/organisations/department-for-transport",
        "https://www.regjeringen.no/en/dep/kld/id668/",
        "https://www.blog.example.org/",
        "https://newsroom.example.org/en",
        "https://www.example.org/news/",
        "https://www.example.org/newsletter-foundation",
        "https://www.example.org/2030-initiative",
    ],
)
def test_a_home_page_or_that_of_a_section_is_a_website(website: str) -> None:
    assert found("organisation-website-is-page", "website", [website]) == []


@pytest.mark.parametrize(
    "website",
    [
        "https://www.iea.org/news/global-ev-outlook",
        "https://www.example.org/en/press-release/2024-forum",
        "https://www.example.org/media/forum",
        "https://www.example.org/events/forum-2024",
        "https://www.example.org/2024/forum",
        "https://www.example.org/1999/forum",
        "https://www.example.org/a/b/c/d/e",
        "https://www.example.org/about.pdf",
        "https://www.example.org/About.DOCX",
        "https://www.example.org/logo.jpeg",
        "https://www.example.org/?p=12",
        "https://www.example.org/#contact",
        "https://www.example.org/BLOG/forum",
        "https://www.example.org/wp-content/uploads/about",
    ],
)
def test_one_page_or_document_of_a_website_is_found(website: str) -> None:
    assert found("organisation-website-is-page", "website", [website]) == [website]
