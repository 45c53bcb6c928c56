"""Rules on codes of outside vocabularies: currencies, languages, subdivisions; and the table of countries."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path

from evcollab.errors import needed
from evcollab.validation.catalogue import RemoveRow, rule
from evcollab.validation.rules.shapes import HERALD, row

_HISTORIC = {"BYR": 2016, "HRK": 2022, "LTL": 2014, "LVL": 2013, "EEK": 2010, "MRO": 2017, "STD": 2017, "VEF": 2018,
             "ZMK": 2012, "SKK": 2008, "ZWD": 2009, "BGN": 2025, "ANG": 2025, "CUC": 2021, "SLL": 2022}  # fmt: skip
"""Currencies that ended lately, with the last year in which they were money."""
_OLD_SUBDIVISIONS = {"IN-CT", "IN-OR", "IN-TG", "IN-UT"}
_NO_MONEY = {"XXX", "XTS", "XAU", "XAG", "XPT", "XPD", "XBA", "XBB", "XBC", "XBD"}
"""Codes of ISO 4217 for tests, metals and bonds."""


@cache
def _iso(standard: str, key: str) -> dict[str, str]:
    """The name of each code of a standard, without the thousands of objects of pycountry."""
    pycountry = needed("pycountry", "validating a package", "validate")
    parts = json.loads((Path(pycountry.DATABASE_DIR) / f"iso{standard}.json").read_bytes())[standard]
    return {part[key]: part["name"] for part in parts}


def _subdivisions() -> dict[str, str]:
    return _iso("3166-2", "code")


@cache
def _subdivisions_of(country: str) -> dict[str, set[str]]:
    """The codes of each name in a country; a name such as Punjab may have several."""
    codes: dict[str, set[str]] = {}
    for code, name in _subdivisions().items():
        if code.startswith(country + "-"):
            codes.setdefault(_bare(name), set()).add(code)
    return codes


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def is_another_subdivision(code: str, name: str) -> bool:
    """Tell whether a name is that of other subdivisions of the country than the code."""
    codes = _subdivisions_of(code[:2]).get(_bare(name))
    return codes is not None and code in _subdivisions() and code not in codes


_TWO_LETTERS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv "
    "dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie "
    "ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv "
    "mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm "
    "rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts "
    "tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu zh-Hans zh-Hant"
)
_USUAL_LANGUAGES = frozenset(_TWO_LETTERS.split())
"""Tags that need no look into the register of BCP 47."""


def is_no_currency(code: str) -> bool:
    """Tell whether a code is none of ISO 4217."""
    return code in _NO_MONEY or not (code in _iso("4217", "alpha_3") or code in _HISTORIC)


def is_no_language(tags: str) -> bool:
    """Tell whether one of the tags is none of BCP 47, or is a name or a country's code."""

    def wrong(tag: str) -> bool:
        if tag in _USUAL_LANGUAGES:
            return False
        import langcodes  # takes long

        if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-[a-z0-9]{5,8})*", tag):
            return True
        if not langcodes.tag_is_valid(tag) or re.match(r"(und|mul|zxx|mis|q[a-t][a-z])\b", tag):
            return True
        region = re.search(r"-([A-Z]{2})\b", tag)
        if region and region[1] != "XK" and region[1] not in _iso("3166-1", "alpha_2"):
            return True
        first = tag.split("-")[0]
        return len(first) == 3 and langcodes.standardize_tag(first) != first  # there is a shorter one

    return any(wrong(tag) for tag in tags.split(";"))


def is_no_subdivision(code: str) -> bool:
    """Tell whether a code is none of ISO 3166-2."""
    return code not in _subdivisions() and code not in _OLD_SUBDIVISIONS


rule(
    "currency-unknown",
    at="participants.currency memberships.currency",
    where="{cell} <> ''",
    alone=True,
    keep=is_no_currency,
    message="is not a currency of ISO 4217",
    summary="Currencies are codes of ISO 4217.",
    why="A sum in an unknown currency means nothing.",
    fix="Write the three letters of the currency, such as USD, EUR or CNY.",
    good=row("participants", "lao-forum-2023-2", currency="LAK"),
    bad=row("participants", "lao-forum-2023-2", currency="UDS"),
    supersedes=("cell-pattern",),
)
_ENDED = "CASE t.currency " + " ".join(f"WHEN '{code}' THEN {year}" for code, year in _HISTORIC.items()) + " END"
rule(
    "currency-ended",
    "warning",
    at="participants.currency",
    source="participants t JOIN events e ON e.event_id = t.event_id",
    where=f"year(earliest(e.start_date)) > {_ENDED}",
    message=f"is {{t.currency}}, which ended in {{{_ENDED}}}; the event is of {{e.start_date}}",
    summary="A sum is in a currency that was money in the year of the event.",
    why="The code or the year is wrong.",
    fix="Check the currency against the source.",
    good=row("participants", "lao-forum-2023-2", currency="BYN"),
    bad=row("participants", "lao-forum-2023-2", currency="HRK"),
)
rule(
    "language-unknown",
    at="sources.language events.languages",
    where="{cell} <> ''",
    alone=True,
    keep=is_no_language,
    message="is not a language of BCP 47 (such as en, zh, pt-BR); a country's code is none",
    summary="Languages are tags of BCP 47.",
    why="`cn` and `jp` are countries; the languages are `zh` and `ja`.",
    fix="Write the tag of the language, two or three small letters.",
    good=row("sources", HERALD, language="zh-Hans"),
    bad=row("sources", HERALD, language="jp"),
    supersedes=("cell-pattern",),
)
rule(
    "subdivision-unknown",
    at="subdivisions.subdivision_code",
    where="{cell} <> ''",
    alone=True,
    keep=is_no_subdivision,
    message="is not a subdivision of ISO 3166-2",
    summary="Subdivisions are codes of ISO 3166-2.",
    why="A code that is not in the standard means nothing to others.",
    fix="Look the code up in ISO 3166-2.",
    good=row("subdivisions", "LA-VT", country_code="LAO", name="Viangchan"),
    bad=row("subdivisions", "LA-ZZ", country_code="LAO", name="Viangchan"),
)
rule(
    "subdivision-name-of-other",
    at="subdivisions.name",
    where="t.name <> ''",
    keep=is_another_subdivision,
    on=("t.subdivision_code", "t.name"),
    message="is {t.name!r}, which in ISO 3166-2 is another subdivision than {t.subdivision_code}",
    summary="The name of a subdivision is not that of another one of its country.",
    why="The code or the name is wrong: targets would stand under the wrong province.",
    fix="Look both up in ISO 3166-2.",
    good=row("subdivisions", "LA-VT", country_code="LAO", name="Vientiane Prefecture"),
    bad=row("subdivisions", "LA-VT", country_code="LAO", name="Xékong"),
)
rule(
    "subdivision-country",
    at="subdivisions.country_code",
    source="subdivisions t JOIN countries c ON c.country_code = t.country_code",
    where="left(t.subdivision_code, 2) <> c.alpha2",
    message="is {t.country_code}, but {t.subdivision_code} is a part of another country",
    summary="A subdivision's country is the one that its code begins with.",
    why="One of the two codes is wrong.",
    fix="Correct the country or the code.",
    good=row("subdivisions", "LA-VT", country_code="LAO", name="Viangchan"),
    bad=row("subdivisions", "LA-VT", country_code="THA", name="Viangchan"),
)
rule(
    "country-differs",
    at="countries.alpha2 countries.name countries.region countries.subregion countries.short_name",
    source="countries t JOIN derived.standard s ON s.country_code = t.country_code AND s.field = '{column}'",
    where="s.value <> {cell}",
    message="is {cell!r}; the standard says {s.value!r}",
    summary="Countries have the names, codes and regions that come with evcollab (ISO 3166-1, UN M49).",
    why="Figures by country and region would be wrong.",
    fix="Copy the row from the table that comes with evcollab.",
    bad=row("countries", "LAO", region="Europe"),
)
_SAYINGS = (
    "(SELECT country_code, name AS said FROM countries UNION SELECT country_code, short_name FROM countries "
    "UNION SELECT country_code, unnest(items(aliases)) FROM countries)"
)
rule(
    "country-alias-of-other",
    at="countries.aliases",
    source="(SELECT *, unnest(items(aliases)) AS alias FROM countries) t "
    f"JOIN {_SAYINGS} o ON lower(o.said) = lower(t.alias) AND o.country_code <> t.country_code",
    where="t.alias <> ''",
    message="has {t.alias!r}, which is a name of {o.country_code}",
    summary="An alias of a country is not a name of another one.",
    why="Whoever looks for the one country would find the other.",
    fix="Remove the alias, or copy the row from the table that comes with evcollab.",
    bad=row("countries", "LAO", aliases="Viet Nam"),
)
rule(
    "country-unknown",
    at="countries.country_code",
    source="countries t ANTI JOIN derived.standard s ON s.country_code = t.country_code",
    where="t.country_code <> ''",
    message="is not a country of ISO 3166-1",
    summary="The table of countries holds only those of ISO 3166-1, and Kosovo.",
    why="An invented country is in no region and no figure.",
    fix="Remove the row, or correct the code.",
    bad=row("countries", "XYZ", alpha2="XY", name="Nowhere", region="Asia", subregion="Southern Asia"),
)
rule(
    "country-missing",
    at="countries.country_code",
    source="(SELECT DISTINCT s.country_code, 1 AS _line, s.country_code AS _key FROM derived.standard s "
    "ANTI JOIN countries c ON c.country_code = s.country_code) t",
    whole=("countries",),
    where="(SELECT count(*) FROM file.countries) < (SELECT count(DISTINCT country_code) FROM derived.standard)",
    message="{t.country_code} is missing; expected all countries of ISO 3166-1",
    summary="No country of ISO 3166-1 is missing.",
    why="References to it, and figures by region, would be wrong.",
    fix="Copy the row from the table that comes with evcollab.",
    bad=RemoveRow("countries", "AGO"),
    reported=("data/countries.csv", 1, "country_code"),
)
