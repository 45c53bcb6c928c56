"""The engine: what its SQL says is what Python says, and every rule can be asked."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evcollab import dates, names
from evcollab.urls import normal_url
from evcollab.validation import derived
from evcollab.validation.asking import answer
from evcollab.validation.catalogue import RULES
from evcollab.validation.engine import Engine
from evcollab.validation.rules.privacy import holds_phone, holds_spelt_email
from tests.conftest import examples
from tests.validation import packages

STANDARD = packages.SHIPPED.schemas
HOSTILE = (
    "", "2023", "2023-07", "2023-07-07", "0000", "0001", "9999", "2023-00", "2023-13", "2023-02-29", "2024-02-29",
    "2023-2", "2023-07-7", " 2023", "2023\n", "٢٠٢٣", "+2023", "2023-07-07T00:00", "12", "-1", "--1", "1.5", "1.", ".5",
    "1e3", "NaN",
    "999999999999999999", "9999999999999999999", "123456789012345.6", "-0", "0x10", "1_000", "½", "²", "true",
)  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as made:
        made.standard(STANDARD, dt.date(2026, 11, 20), "a-register")
        derived.prepare(made)
        yield made


def _date(text: str) -> dates.PartialDate | None:
    try:
        return dates.parse(text)
    except ValueError:
        return None


ANY = st.sampled_from(HOSTILE) | st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}", fullmatch=True) | st.text(max_size=12)
OFTEN = settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@OFTEN
@given(text=ANY.filter(lambda text: text < "\ud800" or text > "\udfff"))
def test_a_date_of_the_engine_is_a_date_of_the_loader(engine: Engine, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    date = _date(text)
    found = engine.run("SELECT earliest($1), latest($1)", [text])[0]
    assert found == ((date.earliest, date.latest) if date else (None, None))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_number_of_the_engine_is_a_number_of_the_loader(engine: Engine, text: str) -> None:
    from evcollab import types

    def parsed(kind: str) -> object:
        try:
            return types.parse(text, types.Field({"name": "x", "type": kind}))
        except ValueError:
            return None

    assert engine.run("SELECT whole($1), number($1)", [text])[0] == (parsed("integer"), parsed("number"))


@OFTEN
@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20))
def test_the_key_of_a_simple_name_is_that_of_python(engine: Engine, text: str) -> None:
    [(key,)] = engine.run(
        f"SELECT CASE WHEN {derived.SIMPLE_NAME} THEN {derived.NAME_KEY} END FROM (SELECT $1 AS text)", [text]
    )
    assert key in (names.key(text), None)


@pytest.mark.parametrize("text", ["NINTH", "First Forum", "the second-hand car"])
def test_a_name_with_a_number_as_a_word_is_left_to_python(engine: Engine, text: str) -> None:
    assert engine.run(f"SELECT {derived.SIMPLE_NAME} FROM (SELECT $1 AS text)", [text]) == [(False,)]


@pytest.mark.parametrize("url", ["https://www.example.org/a/", "http://example.org", "https://a.b-c.de/x_y/~z//"])
def test_the_key_of_a_simple_address_is_that_of_python(engine: Engine, url: str) -> None:
    asked = f"SELECT {derived.SIMPLE_URL}, {derived.URL_KEY} FROM (SELECT $1 AS text)"
    assert engine.run(asked, [url]) == [(True, normal_url(url))]


@pytest.mark.parametrize("url", ["https://www.example.org/A/b", "https://example.org/a.html", "http://a.b.example.org"])
def test_the_page_of_a_simple_address_is_that_of_python(engine: Engine, url: str) -> None:
    asked = f"SELECT {derived.SIMPLE_PAGE}, lower({derived.URL_KEY}) FROM (SELECT $1 AS text)"
    assert engine.run(asked, [url]) == [(True, derived.same_page(url))]


@pytest.mark.parametrize(
    "other",
    [
        "https://m.example.org/a/b",
        "https://example.org/a/./c/../b/index.html",
        "https://example.org//a//%62?utm_source=x",
        "https://example.org/amp/a/b",
        "https://example.org/a/b?print=1",
    ],
)
def test_the_same_page_is_known_however_its_address_is_written(other: str) -> None:
    assert derived.same_page(other) == derived.same_page("https://www.example.org/a/b")


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.queries], ids=lambda rule: rule.id)
def test_a_rule_can_be_asked_of_empty_standard_tables(engine: Engine, rule: object) -> None:
    queries = list(rule.queries(STANDARD))  # type: ignore[attr-defined]
    for query in queries:
        if "file." not in query.source + query.where:  # a table that is not there has no file
            assert list(answer(engine, [query])) == []


def test_the_engine_opens_no_file_once_the_tables_are_loaded(engine: Engine) -> None:
    with pytest.raises(Exception, match="disabled"):
        engine.run("SELECT * FROM read_csv('/etc/hostname')")


@pytest.mark.parametrize(
    "text",
    [
        "Mobile 2020 2025 2030",
        "In 2020, 2025 and 2030 some 10 000 000 vehicles",
        "Decree 123-456/2021, pages 100-200 of 300",
        "ISO 15118-20:2022 and GB/T 20234.3-2023",
    ],
)
def test_years_and_numbers_are_no_telephone_numbers(text: str) -> None:
    assert not holds_phone(text)


@pytest.mark.parametrize("text", ["Call +856 21 123 456", "tel. ٠٢١٥٥٥٠١٩٩", "mobile: 98765 43210", "+4930 1234-567"])
def test_telephone_numbers_are_found_in_any_digits_and_groups(text: str) -> None:
    assert holds_phone(text)


NUMBERS = st.lists(st.sampled_from([*"0123456789 +()-./٠", "00", "+856", "(0", "tel ", "phone", " 20", "2020", "-"]))

SIX_DIGITS = st.from_regex(
    r"(0[0-9]|\+[1-9][0-9]|(tel|fax|phone):? [0-9]{2}|[٠-٩]{2})([ .-][0-9]{2}){2}", fullmatch=True
)


def _is_looked_at(engine: Engine, text: str) -> bool:
    """Whether SQL hands a summary on to the search for telephone numbers."""
    [query] = [query for query in RULES["privacy-phone"].queries(STANDARD) if query.column == "summary"]  # type: ignore[misc]
    return bool(engine.run(f"SELECT {query.where} FROM (SELECT $1 AS summary) t", [text])[0][0])


@OFTEN
@given(text=NUMBERS.map("".join))
def test_sql_leaves_out_no_text_with_a_telephone_number_of_six_digits_or_more(engine: Engine, text: str) -> None:
    if re.search(r"\d([ ./()\u2010-\u2015-]*\d){5}", text) and holds_phone(text):
        assert _is_looked_at(engine, text)


WORDS = ("tel 12 34 56", "phone: 123456", "mobile 12-34-56", "Fax 12 34 56", "WhatsApp 123456")


@pytest.mark.parametrize("text", ["+12 34 56", "02 34 56", "at 02 34 56", "٠٢ ٣٤ ٥٦", "\uff0b12 34 56", *WORDS])
def test_sql_leaves_out_no_telephone_number_of_six_digits(engine: Engine, text: str) -> None:
    assert holds_phone(text)
    assert _is_looked_at(engine, text)


def test_six_digits_alone_are_not_looked_at(engine: Engine) -> None:
    assert not _is_looked_at(engine, "Report 123456 on charging")


@pytest.mark.parametrize("text", ["jane.roe (at) example dot org", "jane @ example . org", "jane＠example．org"])
def test_spelt_addresses_are_found(text: str) -> None:
    assert holds_spelt_email(text)


def test_circles_are_found_once_from_their_smallest_member() -> None:
    links = {"a": "b", "b": "c", "c": "a", "d": "d", "e": "a"}
    assert list(derived.circles(links)) == [["a", "b", "c"], ["d"]]
