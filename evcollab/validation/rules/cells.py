"""Rules on what a cell of words must not hold: placeholders, debris of programs, and letters that look like others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from evcollab.package import Field, Schema
from evcollab.types import kind_of
from evcollab.validation.catalogue import Queries, Query, of_cell, quoted, rule
from evcollab.validation.rules.shapes import FIRST, FORUM, HERALD, VOLTA, claim, of_cells, row
from evcollab.validation.wordings import (
    BACKWARDS,
    DEBRIS,
    ERROR_PAGE,
    FILLS_UP,
    LOCATOR,
    POINTS_ELSEWHERE,
    SAYS_NOTHING,
)

NOT_ASCII = "strlen({cell}) > length({cell})"
"""SQL: a cell has a letter that is not in ASCII."""


def is_prose(field: Field) -> bool:
    """Whether a column holds words, not identifiers, codes, dates or addresses."""
    return kind_of(field) == "text" and "pattern" not in field.constraints and "format" not in field.spec


def _is_open_list(field: Field) -> bool:
    return kind_of(field) == "list" and not field.categories


def in_words(
    pattern: str,
    message: str,
    *,
    keep: Callable[..., bool] | None = None,
    lists: bool = False,
    skip: tuple[str, ...] = (),
    first: str = "true",
) -> Queries:
    """A question on every column of words: where a pattern (RE2) is found, in an item of a list or in a cell.

    `first` is what SQL quickly says of all cells in which it can be found.
    """
    in_cell = f"{first} AND regexp_matches({{cell}}, {quoted(pattern)})"
    in_item = f"array_length(list_filter(items({{cell}}), lambda item: regexp_matches(item, {quoted(pattern)}))) > 0"

    def queries(schemas: Mapping[str, Schema]) -> Iterator[Query]:
        for schema in schemas.values():
            for field in schema.fields.values():
                words = is_prose(field) or (lists and _is_open_list(field))
                if words and field.name not in skip and field.name not in schema.foreign_keys:
                    yield of_cell(schema, field.name, in_cell if is_prose(field) else in_item, message, keep)

    return queries


_DAY_NUMBER = r"^[0-9]{5}(\.[0-9]+)?$|^[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+$"
_MOJIBAKE = (
    "[ÃÂÐÑØÙ][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e"
    "\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]|â[\u0080-\u00bf\u20ac]|ï»¿|ï¿½|[à-ï][\u0080-\u00bf]{2}"
)
_LEFT = "holds what a program left behind (an error, a tag, an escape or a day number)"
_debris = in_words(DEBRIS, _LEFT, lists=True)
_day_numbers = in_words(_DAY_NUMBER, _LEFT, skip=("value", "locator", "former_id", "version"))
_NOTHING = "says nothing; expected an empty cell where something is not known"
_SHORT = "strlen({cell}) <= 80"
_CODES = ("locator", "short_name", "value")
_placeholders = in_words(SAYS_NOTHING, _NOTHING, lists=True, skip=_CODES, first=_SHORT)
_fillers = in_words(FILLS_UP, _NOTHING, skip=_CODES)
_pointers = in_words(POINTS_ELSEWHERE, _NOTHING, lists=True, skip=("locator", "note", "value"), first=_SHORT)

rule(
    "cell-says-nothing",
    at=lambda schemas: [*_placeholders(schemas), *_fillers(schemas), *_pointers(schemas)],
    summary="No cell of words holds a placeholder such as `TBD`, `n/a`, `unknown`, `?` or `test`.",
    why="An empty cell means that something is not known; a placeholder is taken for a name.",
    fix="Write what the source says, or leave the cell empty.",
    good=row("events", FORUM, venue="Tbilisi Test Centre"),
    bad=row("events", FORUM, venue="TBC"),
)
rule(
    "cell-debris",
    at=lambda schemas: [*_debris(schemas), *_day_numbers(schemas)],
    summary="No cell of words holds spreadsheet errors, HTML, escapes or day numbers.",
    why="A program wrote it, not a person: the text that was meant is lost.",
    fix="Write the text as the source prints it.",
    good=row("organisations", VOLTA, name="Volta & Motors #1 <Lao>"),
    bad=row("organisations", VOLTA, name="Volta &amp; Motors"),
)
rule(
    "cell-wrong-encoding",
    at=in_words(_MOJIBAKE, "holds letters that were read in the wrong encoding", lists=True, first=NOT_ASCII),
    summary="No cell holds text that was read in the wrong encoding, such as `BogotÃ¡`.",
    why="The name is wrong and is found by nobody.",
    fix="Type the letters again as the source prints them.",
    good=row("events", FIRST, city="São Tomé"),
    bad=row("events", FIRST, city="BogotÃ¡"),
)
rule(
    "cell-error-page",
    at=in_words(
        ERROR_PAGE,
        "is the title of an error page or a guard against robots",
        skip=("note", "summary", "locator"),
        first="strlen({cell}) <= 150",
    ),
    summary="No title or name is that of an error page or of a guard against robots.",
    why="The page was not read; its title is not that of the document.",
    fix="Open the page in a browser and write its own title.",
    good=row("sources", HERALD, title="Access to charging in 404 cities"),
    bad=row("sources", HERALD, title="404 Not Found"),
)
rule(
    "claim-locator-empty",
    at="claims.locator",
    where=f"{{cell}} <> '' AND (regexp_matches({{cell}}, {quoted(LOCATOR)}) OR {BACKWARDS})",
    alone=True,
    message="is no place in a document; expected such as p3, title, page 12, table 2",
    summary="A locator names a place in the document, counted from 1.",
    why="Nobody finds the statement again by `p0`, `see above` or the address of the page.",
    fix="Count the paragraph or page, or name the heading, table or list.",
    good=claim("events|lao-forum-2022|*|ministry-2023-forum|page 10"),
    bad=claim("events|lao-forum-2022|*|ministry-2023-forum|p0"),
    supersedes=("cell-says-nothing",),
)

# Letters

_ODD = re.compile(
    "[\u0251\u0261\u1d00-\u1dbf\u02b0-\u02ff\u2800\u3164\uffa0\u115f\u1160\u17b4\u17b5\ufb00-\ufb06\ufb13-\ufb17\uff01-\uff5e\uffe0-\uffe6\u2100-\u2138"
    "\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\ufffc\ufffe\uffff\U000e0000-\U0010ffff\U0001d400-\U0001d7ff\u2460-\u24ff\ufe00-\ufe0f]"
)
_FOREIGN = r"[^\x00-\x{250}\x{252}-\x{260}\x{262}-\x{2AF}\x{2000}-\x{2064}]"
"""RE2: a letter that may be odd, or of another alphabet than the Latin one; dashes and curved quotes are neither."""
_ALLOWED = "\u2116\u2122\u2103\u2109\u212b\u02bc\u02bb\u02b9\u02bf\u02be\u02c8\u02bb"
_LOOSE_MARK = re.compile("(?:^|[\\s;(])[\u0300-\u036f]")
"""An accent without a letter below it."""
_ALPHABETS = {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC", "CHEROKEE", "COPTIC", "GEORGIAN"}
_LETTERS = re.compile(r"[^\W\d_]+")


def mixes_scripts(text: str) -> bool:
    """Tell whether one word has letters of two alphabets, as in a Latin name with a Cyrillic letter."""
    for word in _LETTERS.findall(unicodedata.normalize("NFC", text)):
        if not word.isascii():
            kinds = {_alphabet(letter) for letter in word} - {None}
            if len(kinds) > 1 and not (len(word) == 2 and "GREEK" in kinds):
                return True
    return False


def _alphabet(letter: str) -> str | None:
    if letter in "µΩªº" or ord(letter) in (0x3A9, 0x3BC):
        return None
    name = unicodedata.name(letter, "").split(" ")[0]
    return name if name in _ALPHABETS else None


def has_odd_letter(text: str) -> bool:
    """Tell whether a text has full-width letters, ligatures, private, unassigned or blank letters, or tags.

    U+FFFD, the mark of a lost letter, is left to `file-encoding`.
    """
    if _LOOSE_MARK.search(text):
        return True
    for match in _ODD.finditer(text):
        letter, before = match[0], text[match.start() - 1 : match.start()]
        wide = 0xFF01 <= ord(letter) <= 0xFFE6 and _beside_east_asian(text, match.start())
        varied = 0xFE00 <= ord(letter) <= 0xFE0F and before and unicodedata.category(before) == "So"
        if letter not in _ALLOWED and not wide and not varied:
            return True
    return any(unicodedata.category(letter) == "Cn" for letter in text if ord(letter) > 0x36F)


def _beside_east_asian(text: str, position: int) -> bool:
    """Punctuation of full width is right among Chinese, Japanese and Korean letters; letters and digits are not."""
    return not text[position].isalnum() and any(
        "\u2e80" <= letter <= "\ud7ff" for letter in text[max(0, position - 6) : position + 7]
    )


def _in_letters(message: str, keep: Callable[[str], bool]) -> Queries:
    return of_cells(
        lambda field: is_prose(field) or _is_open_list(field),
        f"{NOT_ASCII} AND regexp_matches({{cell}}, '{_FOREIGN}')",
        message,
        keep,
    )


rule(
    "cell-mixed-scripts",
    at=_in_letters("has a word with letters of two alphabets; one of them only looks right", mixes_scripts),
    summary="No word mixes letters of two alphabets, such as Latin and Cyrillic.",
    why="It looks right, but is found by no search and equals no other name.",
    fix="Type the word again in one alphabet.",
    good=row("events", FORUM, name_local="Форум ЕЭК по электромобилям"),
    bad=row("organisations", VOLTA, name="Vоlta Motors"),
)
rule(
    "cell-odd-letter",
    at=_in_letters(
        "has a letter that only looks right (full width, ligature, private, blank or unassigned)", has_odd_letter
    ),
    summary="Cells have no full-width letters, ligatures, blank look-alikes, private or unassigned characters.",
    why="They look like other letters, or like none, and equal no other name.",
    fix="Type the text again with ordinary letters.",
    good=row("events", FORUM, name_local="第二届（老挝）电动汽车论坛"),
    bad=row("organisations", VOLTA, name="Ｖolta Motors"),
    supersedes=("cell-mixed-scripts",),
)
rule(
    "organisation-look-alike",
    at="organisations.name",
    source="organisations t JOIN derived.skeletons s ON s.text = t.name JOIN derived.skeletons r ON r.skeleton = s.skeleton "
    "AND r.text <> s.text JOIN organisations o ON o.name = r.text",
    where="o._key < t._key",
    message="looks like the name of {o._key}, but has other letters: {o.name!r}",
    summary="No two organisations have names that look the same in other letters.",
    why="A reader takes them for one; a program does not.",
    fix="Type the name again in its own alphabet, or merge the two.",
    good=row("organisations", "eco-secretariat", aliases="АСЕ"),
    bad=(row("organisations", VOLTA, name="АСЕ", aliases=""), row("organisations", "usaid", name="ACE", short_name="")),
)
rule(
    "list-formula-item",
    at=of_cells(
        _is_open_list,
        "regexp_matches({cell}, '; *[=+@-]')",
        "has an item that begins as a formula does; expected a letter, digit or quote",
    ),
    summary="No item of a list begins as a formula: with = + - or @.",
    why="A spreadsheet that splits the list would run it.",
    fix="Write the item without that first character.",
    good=row("organisations", VOLTA, aliases="Volta+;Volta-Lao"),
    bad=row("organisations", VOLTA, aliases="Volta Lao;=1+1"),
)
