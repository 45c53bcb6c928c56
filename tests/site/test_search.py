"""Known-item questions, drawn with a seed from the register's own names, as people would type them."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

import evcollab
from evcollab.site import addresses, search
from evcollab.site.frame import Site
from tests.site import browser

QUESTIONS = 150
SMALL = {"the", "of", "and", "for", "in", "on", "to", "a", "de", "la", "at", "with"}


def questions(ds: evcollab.Dataset, seed: int, slip: bool = False) -> list[tuple[str, set[str]]]:
    """Questions with the addresses that answer them: every record that the words name as well."""
    chance, asked = random.Random(seed), []
    named = [
        *(("countries", row["country_code"], row["short_name"] if isinstance(row["short_name"], str) else row["name"])
          for row in ds.countries.to_dict("records")),
        *(("organisations", row["organisation_id"], row["name"]) for row in ds.organisations.to_dict("records")),
        *(("organisations", row["organisation_id"], row["short_name"])
          for row in ds.organisations.dropna(subset="short_name").to_dict("records")),
        *(("events", row["event_id"], row["name"]) for row in ds.events.to_dict("records")),
        *(("policies", row["policy_id"], row["name"]) for row in ds.policies.to_dict("records")),
    ]  # fmt: skip
    while len(asked) < QUESTIONS:
        table, record, name = chance.choice(named)
        words = re.findall(r"\w+", name.lower())
        kept = [word for word in words if word not in SMALL] or words
        if len(kept) > 4 and chance.random() < 0.5:  # people leave words out
            kept = sorted(chance.sample(kept, max(3, len(kept) * 2 // 3)), key=kept.index)
        answers = {
            addresses.page(other, each)
            for other, each, called in named
            if set(kept) <= set(re.findall(r"\w+", called.lower()))
        }
        if len(answers) > 3:  # nobody could tell which of them is meant
            continue
        if slip:
            kept = _slipped(kept, chance)
        asked.append((" ".join(kept), answers | {addresses.page(table, record)}))
    return asked


def _slipped(words: list[str], chance: random.Random) -> list[str]:
    """Words with one slip of the finger in the longest: a letter lost, doubled, swapped or changed."""
    longest = max(range(len(words)), key=lambda n: len(words[n]))
    word = words[longest]
    if len(word) < 5:
        return words
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    slip = chance.choice(
        (before + after, before + 2 * letter + after, f"{before}e{after}", before + after[0] + letter + after[1:])
    )
    return [*words[:longest], slip, *words[longest + 1 :]]


def ranks(chromium: Any, server: str, asked: list[tuple[str, set[str]]]) -> list[int | None]:
    """The place of the first right answer to each question, from 0; None if there is none."""
    with browser.opened(chromium, server) as page:
        page.goto("about/")
        found = page.evaluate(
            "async (asked) => { const all = []; for (const each of asked) all.push((await evcollab.search(each))"
            ".slice(0, 10).map((hit) => hit.href)); return all; }",
            [question for question, _ in asked],
        )
    return [
        next((n for n, href in enumerate(hits) if href in right), None)
        for hits, (_, right) in zip(found, asked, strict=True)
    ]


def share(places: list[int | None], within: int) -> float:
    return sum(place is not None and place < within for place in places) / len(places)


def test_what_people_look_for_is_first_or_nearly(chromium: Any, server: str, ds: evcollab.Dataset) -> None:
    places = ranks(chromium, server, questions(ds, seed=20261121))
    assert share(places, 1) >= 0.92
    assert share(places, 5) >= 0.98


def test_a_slip_of_the_finger_is_forgiven(chromium: Any, server: str, ds: evcollab.Dataset) -> None:
    assert share(ranks(chromium, server, questions(ds, seed=20261122, slip=True)), 5) >= 0.9


def test_accents_case_codes_nicknames_and_other_scripts_do_not_matter(chromium: Any, server: str) -> None:
    asked = [
        ("TURKIYE", {"countries/TUR/"}),
        ("uk", {"countries/GBR/"}),
        ("cote d'ivoire", {"countries/CIV/"}),
        ("LAO", {"countries/LAO/"}),
        ("south korea", {"countries/KOR/"}),
        ("giz", {"organisations/giz-deu/"}),
        ("ລາວ", {"countries/LAO/"}),
        ("대한민국", {"countries/KOR/"}),
    ]
    assert ranks(chromium, server, asked) == [0] * len(asked)


def test_the_names_of_persons_are_not_found(chromium: Any, server: str, ds: evcollab.Dataset) -> None:
    named = {name for name in ds.participants["person_name"].dropna() if " " in name}
    with browser.opened(chromium, server) as page:
        page.goto("search/")
        files = page.evaluate(
            "Promise.all(['names', 'more'].map(async (name) => (await fetch(`${name}.json`)).text()))"
        )
    assert not [name for name in named if any(name in text for text in files)]


def test_the_file_of_names_stays_small_and_what_is_left_out_stands_in_the_second(
    ds: evcollab.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(ds, "", "")
    whole = search.files(site)
    monkeypatch.setattr(search, "NAMES", 300)
    files = search.files(site)
    assert not whole["names"]["cut"]
    assert files["names"]["cut"]
    assert len(files["names"]["rows"]) == 300
    assert {row[0] for row in files["names"]["rows"][: len(ds.countries)]} == {0}
    rest = [row[:-1] for row in files["more"]["rows"]][: len(whole["names"]["rows"]) - 300]
    assert sorted(files["names"]["rows"] + rest) == sorted(whole["names"]["rows"])
