"""Corruptions that a careful curator would see, each in a record of its own of one register: each is found at its record."""

from __future__ import annotations

from collections import defaultdict

import pytest

from evcollab.issues import Issue
from evcollab.validation import validate
from tests.validation import packages

VENUES = [
    "TBA",
    "à confirmer",
    "por definir",
    "k. A.",
    "unbekannt",
    "desconocido",
    "a definir",
    "belum ditentukan",
    "bilinmiyor",
    "не указано",
    "未定",
    "待定",
    "미정",
    "غير معروف",
    "[insert venue]",
    "xyz",
    "same as above",
    "fill me in",
    "—",
    "Venue goes here",
    "dummy text",
]
SUMMARIES = {
    "cell-debris": [
        "caf\\u00e9",
        "a [[File:Hall.jpg]]",
        "_x000D_",
        "=C3=A9",
        '{"city":"Paris"}',
        "the **host**",
        "<![CDATA[x]]>",
    ],
    "privacy-email-spelt": [
        "janeATgoodDOTorg",
        "jane.doe arroba gmail punto com",
        "jane [at] good.org",
        "jane AT good DOT com",
    ],
    "privacy-phone": [
        "电话 13812345678",
        "tél. 01 23 45 67 89",
        "Signal +44 7700 900123",
        "Tel ０３-１２３４-５６７８",
    ],
    "privacy-papers": [
        *(
            "passport C01X00T47",
            "née le 3 mai 1960",
            "geb. 12.03.1971",
            "CPF 123.456.789-09",
            "IBAN DE89 3704 0044 0532 0130 00",
        ),
        *("DNI 12345678Z", "born 12 March 1971", "生年月日 1971年", "NRIC S1234567D", "Privatanschrift Rosenweg 4"),
    ],
    "privacy-handle": ["twitter.com/janedoe", "微信: wx_12345", "linkedin.com/in/jane-doe"],
}
TITLES = [
    "Page introuvable",
    "Seite nicht gefunden",
    "Página no encontrada",
    "页面不存在",
    "Index of /uploads",
    "Acceso denegado",
    "Home",
]
URLS = {
    "url-not-public": [
        *(
            "http://224.0.0.1/",
            "https://-bad-.com/a",
            "https://good.c/",
            "https://good.org%00.evil.com/",
            "http://①②⑦.⓪.⓪.①/",
        ),
        *("https://127.0.0.1.nip.io/", "https://example.com/a", "http://0300.0250.0.1/", "http://[::ffff:10.0.0.1]/"),
    ],
    "url-not-canonical": [
        *("https://r.jina.ai/https://un.org", "https://docs.google.com/document/d/1/edit", "https://amp.un.org/a"),
        *("https://un.org/login?next=/x", "https://12ft.io/https://un.org", "https://contoso.sharepoint.com/sites/x"),
    ],
}
NAMES = [
    "HE Jane Roe",
    "h.e. Jane Roe",
    "Hon. Jane Roe",
    "Eng. Jane Roe",
    "N. N.",
    "various speakers",
    "Siemens AG",
    "a representative",
    "Herr Müller",
    "Юрий и Анна Ивановы",
    "Sr. Juan Pérez",
    "Jane Doe and John Roe",
]
LOCATORS = [
    "p. ??",
    "siehe oben",
    "xx",
    "p9-p3",
    "ebd.",
    "pp.",
    "unknown page",
    "S. ?",
    "p12345678",
    "somewhere in the text",
]
LANGUAGES = ["en-UK", "en-XX", "eng", "qaa", "jp", "zz"]

FINE_SUMMARIES = [
    "The grant is EU funds number 101006583.",
    "Project 2019-1-DE02-KA202-006464 paid.",
    "Shares rise in 2020 2025 2030.",
    "The minister, born in Kenya, opened it.",
    "The term was left undefined.",
    "Standard IEC 61851-1:2017 and DOI 10.1016/j.enpol.2020.111482.",
    "It costs 1 234 567 890 rupees.",
]
FINE_TITLES = [
    "Access denied: why villages get no chargers",
    "Battery plant under construction in Debrecen",
    "404 days of electric buses",
    "Home charging for everyone",
]
FINE_NAMES = [
    "He Xiaopeng",
    "Eng Bunchhay",
    "Hon Sui Sen",
    "Farokh Engineer",
    "Sukarno",
    "Ng",
    "An Nguyen",
    "Rafael Ramón y Cajal",
    "Ngozi Okonjo-Iweala",
    "Test Sithole",
    "Ursula von der Leyen",
]
FINE_URLS = [
    "https://www.müller.de/straße",
    "https://президент.рф/события",
    "https://un.org:8443/art/1",
    "https://localhost-news.de/ev",
]
FINE_LOCATORS = ["p. xii", "Art. 5(2)", "第3条", "00:12:30", "whole text", "§ 7 Abs. 2", "p3-p9"]
FINE_ORGANISATIONS = ["Undefined Labs", "7-Eleven Ventures", "Embassy Motors", "1KOMMA5°", "МТС Энерго", "Todo Motors"]

Case = tuple[str, str, str]
"""What is expected: the rule ("" if nothing is wrong), the table and the record."""


def _register() -> tuple[packages.Tables, list[Case]]:
    """A register with one record for each case, and what is expected of it."""
    tables, cases = packages.base(), list[Case]()

    def put(rule: str, table: str, key: str, **cells: str) -> None:
        tables[table].append(cells)
        cases.append((rule, table, key))

    def event(rule: str, **cells: str) -> None:
        key = f"case-{len(cases)}"
        fixed = {
            "name": f"Meeting {chr(97 + len(cases) // 26)}{chr(97 + len(cases) % 26)}",
            "kind": "meeting",
            "scope": "national",
        }
        put(rule, "events", key, event_id=key, **fixed, status="held", **cells)
        claim("", "events", key)

    def claim(rule: str, table: str, key: str, locator: str = "p1", source: str = "herald-2023-07-10") -> None:
        cells = {"table_name": table, "record_id": key, "field": "*", "source_id": source, "locator": locator}
        put(rule, "claims", f"{table}|{key}|*|{source}|{locator}", **cells, basis="stated", rank="normal")

    def source(rule: str, **cells: str) -> None:
        key = f"case-{len(cases)}"
        fixed = {
            "title": f"Report {key}",
            "url": f"https://www.un.org/{key}",
            "publisher": "The Herald",
            "kind": "news",
        }
        put(
            rule,
            "sources",
            key,
            **{**fixed, "source_id": key, "tier": "secondary", "accessed_date": "2026-01-15", **cells},
        )
        claim("", "events", "lao-forum-2022", source=key)

    for venue in VENUES:
        event("cell-says-nothing", venue=venue)
    for rule, texts in SUMMARIES.items():
        for text in texts:
            event(rule, summary=f"They met. {text}")
    for text in FINE_SUMMARIES:
        event("", summary=text)
    event("", city="Nan", country_code="THA")
    for locator in LOCATORS + FINE_LOCATORS:
        claim("claim-locator-empty" if locator in LOCATORS else "", "events", "lao-forum-2022", locator)
    for title in TITLES + FINE_TITLES:
        source("cell-error-page" if title in TITLES else "", title=title)
    for rule, urls in {**URLS, "": FINE_URLS}.items():
        for url in urls:
            source(rule, url=url)
    for language in LANGUAGES:
        source("language-unknown", language=language)
    for number, name in enumerate(NAMES + FINE_NAMES, 6):
        key = f"lao-forum-2023-{number}"
        cells = {"participant_id": key, "event_id": "lao-forum-2023", "person_name": name, "role": "speaker"}
        put("participant-name-of-person" if name in NAMES else "", "participants", key, **cells)
        claim("", "participants", key)
    for name in FINE_ORGANISATIONS:
        key = f"case-{len(cases)}"
        put("", "organisations", key, organisation_id=key, name=name, kind="company", country_code="LAO")
        claim("", "organisations", key)
    return tables, cases


REGISTER, CASES = _register()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[Issue]]:
    """What is found, by table and record."""
    report = validate(packages.write(tmp_path_factory.mktemp("attacks"), REGISTER), today=packages.TODAY)
    places = defaultdict(list)
    for issue in report.issues:
        places[issue.table, issue.record].append(issue)
    return places


Found = dict[tuple[str, str], list[Issue]]


@pytest.mark.parametrize("case", [case for case in CASES if case[0]], ids=str)
def test_a_corruption_is_found_at_its_record(case: Case, found: Found) -> None:
    rule, *place = case
    assert rule in {issue.rule for issue in found[place[0], place[1]]}


@pytest.mark.parametrize("case", [case for case in CASES if not case[0]], ids=str)
def test_what_is_odd_but_right_raises_no_alarm(case: Case, found: Found) -> None:
    assert [issue.rule for issue in found[case[1], case[2]]] == []
