"""Limits and lists of rules, each entry at its border: one register for a whole list."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from evcollab import types
from evcollab.validation import validate
from evcollab.validation.catalogue import Edit, Key, SetCells
from evcollab.validation.rules import codes, likelihood
from evcollab.validation.rules.duplicates import OWN_NAME
from tests.conftest import some
from tests.validation import packages
from tests.validation.test_identifiers import BASE32, BASE36, check_digits

YEARS = {currency: (last, last + 1) for currency, last in codes._HISTORIC.items()}
"""Currency that ended → the last year in which it was money, and the first in which it was not."""
EXAMPLES = {
    table: {
        field.name: str(field.spec["example"])
        for field in schema.fields.values()
        if "example" in field.spec
        and types.kind_of(field) == "text"
        and field.name not in (*schema.primary_key, *schema.foreign_keys)
        and len(str(field.spec["example"])) > 3
    }
    for table, schema in packages.SHIPPED.schemas.items()
    if len(schema.primary_key) == 1 and table not in ("countries", "subdivisions")
}
"""Table → the columns of words and addresses, with the example of the documentation."""
KEYS = {
    table: str(schema.field(schema.primary_key[0]).spec["example"])
    for table, schema in packages.SHIPPED.schemas.items()
    if EXAMPLES.get(table)
}
TWO = {
    table: {
        f"{table}-{'-'.join(cells)}": cells
        for first, second in combinations(columns, 2)
        for cells in {(first, second), (first, second, list(columns)[-1])}
        if len(set(cells)) == len(cells)
    }
    for table, columns in EXAMPLES.items()
}
"""Table → records with two of these cells, or three."""
LIMITS = [
    # rule, column, just before, first, last, just after
    ("event-year-impossible", "events.start_date", "1989", "1990", "2036", "2037"),
    ("event-year-impossible", "events.end_date", "1989-12-31", "1990-01-01", "2036-12-31", "2037-01-01"),
    ("policy-year-impossible", "policies.adopted_date", "1969", "1970", "2026-11-20", "2026-11-21"),
    ("policy-span-impossible", "policies.start_year", "1969", "1970", "2056", "2057"),
    ("policy-span-impossible", "policies.end_year", "1969", "1970", "2150", "2151"),
    ("target-announced-impossible", "policy_targets.announced_date", "1989", "1990", "2026-11-20", "2026-11-21"),
    ("target-year-impossible", "policy_targets.target_year", "1989", "1990", "2150", "2151"),
    ("target-year-far", "policy_targets.target_year", "", "2030", "2070", "2071"),
    ("membership-year-impossible", "memberships.start_date", "1849", "1850", "2026-11-20", "2026-11-21"),
    ("membership-year-impossible", "memberships.end_date", "1849", "1850", "2076", "2077"),
    ("organisation-count-day-impossible", "organisations.members_as_of", "1849", "1850", "2026-11-20", "2026-11-21"),
    ("source-year-impossible", "sources.published_date", "1969", "1970", "2026-11-20", "2026-11-21"),
    ("source-accessed-impossible", "sources.accessed_date", "2014-12-31", "2015-01-01", "2026-11-21", "2026-11-22"),
]
WRITTEN = {
    r"\p{Hangul}": "이웃",
    r"[\p{Hiragana}\p{Katakana}]": "カナ",
    r"\p{Han}": "论坛",
    r"\p{Thai}": "ไทย",
    r"\p{Lao}": "ລາວ",
    r"\p{Khmer}": "ខ្មែរ",
    r"\p{Arabic}": "منتدى",
    r"\p{Cyrillic}": "форум",
    r"\p{Greek}{2}": "φόρουμ",
    r"\p{Hebrew}": "פורום",
    r"\p{Georgian}": "ფორუმი",
    r"\p{Armenian}": "ֆորում",
    r"\p{Devanagari}": "मंच",
    r"\p{Bengali}": "ফোরাম",
    r"\p{Myanmar}": "ဖိုရမ်",
    r"\p{Ethiopic}": "መድረክ",
}
"""A word in each script of which titles are held against the language."""


def currencies() -> tuple[Edit, ...]:
    """A funder for each currency that ended, in its last year and in the year after."""
    edits: list[Edit] = []
    for currency, years in YEARS.items():
        for year in years:
            event = f"forum-{currency.lower()}-{year}"
            cells = {"name": f"Forum {currency} {year}", "start_date": str(year), "end_date": str(year)}
            edits.append(SetCells("events", event, cells))
            cells = {"event_id": event, "role": "funder", "amount": "500", "currency": currency}
            edits.append(SetCells("participants", f"{event}-1", cells))
    return tuple(edits)


def examples() -> tuple[Edit, ...]:
    """Records with one cell of the documentation, with two and with three; and one with its key, too."""
    edits: list[Edit] = []
    for table, columns in EXAMPLES.items():
        edits += [SetCells(table, f"{table}-{name}", {name: text}) for name, text in columns.items()]
        edits += [SetCells(table, key, {name: columns[name] for name in cells}) for key, cells in TWO[table].items()]
        edits += [SetCells(table, KEYS[table], columns)] if columns else []
    return tuple(edits)


def limits() -> tuple[Edit, ...]:
    """A record for each side of each limit."""
    edits: list[Edit] = []
    for rule, place, *texts in LIMITS:
        table, column = place.split(".")
        edits += [SetCells(table, f"{rule}-{column}-{number}", {column: text}) for number, text in enumerate(texts)]
    return tuple(edits)


def scripts() -> tuple[Edit, ...]:
    """A source in each script, in each language that is written in it, and in English."""
    return tuple(
        SetCells("sources", f"{number}-{tongue}", {"title": f"{WRITTEN[script]} {number}", "language": tongue})
        for number, (script, tongues) in enumerate(likelihood._SCRIPTS.items())
        for tongue in (*tongues.split(), "en")
    )


def keyed() -> Iterator[dict[str, list[str]]]:
    """The one or two cells of the documentation, by table, that stand beside its identifiers in one register."""
    for size in (1, 2):
        for start in range(max(map(len, EXAMPLES.values())) - size + 1):
            cells = {table: list(columns)[start : start + size] for table, columns in EXAMPLES.items()}
            yield {table: names for table, names in cells.items() if len(names) == size}


def with_keys(cells: dict[str, list[str]]) -> tuple[Edit, ...]:
    """Records with the identifiers of the documentation and these of its cells."""
    return tuple(
        SetCells(table, KEYS[table], {name: EXAMPLES[table][name] for name in cells[table]}) for table in cells
    )


def own() -> tuple[Edit, ...]:
    """The register itself, from which the examples are taken."""
    return (Key("datapackage.json", ("name",), OWN_NAME), *examples())


def identifiers() -> tuple[tuple[str, str, str], ...]:
    """Kind, code and check digits: each character at each place, and the least and greatest check digits."""
    every = {"lei": (BASE36, 18, ""), "ror": (BASE32, 6, "https://ror.org/0")}
    made = []
    for kind, (alphabet, places, start) in every.items():
        codes = [start + (alphabet * 2)[number : number + places] for number in range(len(alphabet))]
        more = (start + f"{number:0{places}}" for number in range(1000))
        digits = {check_digits(kind, code): code for code in more}
        codes += [digits[edge] for edge in ("02", "03", "97", "98")]
        made += [(kind, code, check_digits(kind, code)) for code in codes]
    return tuple(made)


def digits() -> tuple[Edit, ...]:
    """Each of these identifiers with its check digits, with the next ones, and with others of the same remainder."""
    edits: list[Edit] = []
    for kind, code, right in identifiers():
        same = [pair for pair in ("00", "01", "99") if (int(pair) - int(right)) % 97 == 0]
        for which, pair in enumerate([right, f"{int(right) + 1:02}", *same]):
            name = f"{kind}-{code.rpartition('/')[2].lower()}-{which}"
            edits.append(SetCells("organisations", name, {"lei" if kind == "lei" else "ror_id": code + pair}))
    return tuple(edits)


def lengths() -> tuple[Edit, ...]:
    """The title of an error page and a placeholder, of the greatest length at which they are one and of one more."""
    words = "of charging points "
    return (
        *(SetCells("events", f"error-{size}", {"name": f"404 Not Found {words * 9}"[:size]}) for size in (150, 151)),
        *(SetCells("events", f"filler-{size}", {"name": "to be announced".rjust(size, "[")}) for size in (80, 81)),
    )


def found(folder: Path, rule: str, edits: tuple[Edit, ...]) -> list[tuple[str, str]]:
    """The records and columns that a rule finds in a register."""
    report = validate(packages.example(folder, edits), today=packages.TODAY)
    return sorted((issue.record, issue.column) for issue in report.issues if issue.rule == rule)


REGISTERS = (currencies(), examples(), own(), *map(with_keys, keyed()), limits(), scripts(), digits(), lengths())


def test_each_currency_is_money_in_its_last_year_and_not_in_the_next(tmp_path: Path) -> None:
    wrong = [(f"forum-{currency.lower()}-{after}-1", "currency") for currency, (_, after) in YEARS.items()]
    assert found(tmp_path, "currency-ended", currencies()) == sorted(wrong)


def test_two_cells_of_the_documentation_are_found_once_and_one_is_not(tmp_path: Path) -> None:
    wrong = [(key, cells[0]) for records in TWO.values() for key, cells in records.items()]
    wrong += [(key, packages.SHIPPED.schemas[table].primary_key[0]) for table, key in KEYS.items()]
    assert found(tmp_path, "value-is-example", examples()) == sorted(wrong)


def test_an_identifier_of_the_documentation_is_found_beside_each_of_its_cells(tmp_path: Path) -> None:
    for number, cells in enumerate(some(keyed())):
        wrong = [(KEYS[table], packages.SHIPPED.schemas[table].primary_key[0]) for table in cells]
        assert found(tmp_path / str(number), "value-is-example", with_keys(cells)) == sorted(wrong)


def test_the_register_itself_may_have_the_records_of_the_documentation(tmp_path: Path) -> None:
    assert found(tmp_path, "value-is-example", own()) == []


@pytest.mark.parametrize(("kind", "column"), [("lei", "lei"), ("ror", "ror_id")])
def test_an_identifier_is_right_with_its_own_check_digits_only(kind: str, column: str, tmp_path: Path) -> None:
    names = [edit.record for edit in digits() if isinstance(edit, SetCells) and edit.record.startswith(kind)]
    wrong = [(name, column) for name in names if not name.endswith("-0")]
    assert found(tmp_path, f"organisation-{kind}-invalid", digits()) == sorted(wrong)


def test_a_long_name_is_no_placeholder_and_no_error_page(tmp_path: Path) -> None:
    assert found(tmp_path / "a", "cell-error-page", lengths()) == [("error-150", "name")]
    assert found(tmp_path / "b", "cell-says-nothing", lengths()) == [("filler-80", "name")]


def test_each_limit_on_years_and_days_is_met_exactly(tmp_path: Path) -> None:
    report = validate(packages.example(tmp_path, limits()), today=packages.TODAY)
    named = {rule for rule, *_ in LIMITS}
    said = {(issue.rule, issue.record) for issue in report.issues if issue.rule in named}
    for rule, place, before, *_ in LIMITS:
        _, column = place.split(".")
        wrong = [number for number in range(4) if (rule, f"{rule}-{column}-{number}") in said]
        assert wrong == ([0, 3] if before else [3]), f"{rule}, {place}"


def test_a_title_is_in_the_script_of_its_language(tmp_path: Path) -> None:
    wrong = [(f"{number}-en", "language") for number in range(len(likelihood._SCRIPTS))]
    assert found(tmp_path, "source-language-of-title", scripts()) == sorted(wrong)
