from __future__ import annotations

import json
from pathlib import Path

import bibtexparser
import pytest
from bibtexparser import middlewares
from hypothesis import given
from hypothesis import strategies as st

import evcollab
from evcollab import citations
from evcollab.cli import main

# names of the CSL-JSON schema (github.com/citation-style-language/schema, csl-data.json)
CSL_TYPES = {
    *("article-journal", "article-magazine", "article-newspaper", "dataset", "document", "legislation", "post"),
    *("report", "treaty", "webpage"),
}
FORUM = ("events", "lao-ev-forum-2023")
CSL = {
    *("id", "type", "title", "author", "publisher", "issued", "language", "URL", "archive_location", "accessed"),
    *("version", "genre", "note"),
}
TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40).filter(
    str.strip
)
LATEX = TEXT | st.text("\\{}%$&#_~^ab\"'-", min_size=1, max_size=12).filter(str.strip)


def source(**cells: str) -> dict[str, str]:
    names = ["author", "archive_url", "language", "published_date"]
    base = {"source_id": "x-1", "title": "T", "publisher": "P", "url": "https://example.org", "kind": "news"}
    return {**dict.fromkeys(names, ""), **base, "accessed_date": "2026-01-15", **cells}


def bibtex(*rows: dict[str, str]) -> bibtexparser.Library:
    library = bibtexparser.parse_string(citations.write([citations.source_item(row) for row in rows], "bibtex"))
    assert not library.failed_blocks
    return library


def plain(value: str) -> str:
    """What LaTeX prints: the inverse of escaping, written out on its own."""
    names = {"textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}", "textasciitilde": "~"}
    names["textasciicircum"] = "^"
    out, at = "", 0
    while at < len(value):
        if value[at] != "\\":
            assert value[at] not in "#$%&_~^", f"{value[at]!r} has a meaning in LaTeX"
            out, at = out + value[at], at + 1
        elif value[at + 1] in "#$%&_":
            out, at = out + value[at + 1], at + 2
        else:
            name = value[at + 1 : value.index("{}", at)]
            out, at = out + names[name], at + len(name) + 3
    return out


@given(LATEX, LATEX)
def test_bibtex_prints_the_very_title_and_author_whatever_characters_they_have(title: str, author: str) -> None:
    fields = bibtex(source(title=title, author=author)).entries[0].fields_dict
    for name, expected in (("title", title), ("author", author)):
        value = fields[name].value
        assert (value[0], value[-1]) == ("{", "}")
        assert plain(value[1:-1]) == expected


def test_a_latex_decoder_reads_common_escapes_back() -> None:
    text = citations.write([citations.source_item(source(title="R&D at 50% of #1_x"))], "bibtex")
    library = bibtexparser.parse_string(text, append_middleware=[middlewares.LatexDecodingMiddleware()])
    assert library.entries[0].fields_dict["title"].value == "R&D at 50% of #1_x"


def test_an_organisation_with_and_in_its_name_is_one_author() -> None:
    text = citations.write([citations.source_item(source(author="Ministry of Energy and Mines"))], "bibtex")
    library = bibtexparser.parse_string(text, append_middleware=[middlewares.SeparateCoAuthors()])
    assert len(library.entries[0].fields_dict["author"].value) == 1


@given(st.text("{}\\ab%_&/", max_size=12))
def test_an_address_has_no_open_brace_in_bibtex(path: str) -> None:
    assert bibtex(source(url=f"https://example.org/{path}")).entries[0].fields_dict["url"].value.isprintable()


@pytest.mark.parametrize(
    ("published", "parts", "year", "month", "text"),
    [
        ("", None, "n.d.", None, "(n.d.)"),
        ("2023", [2023], "2023", None, "(2023)"),
        ("2023-07", [2023, 7], "2023", "jul", "(2023-07)"),
        ("2023-07-09", [2023, 7, 9], "2023", "jul", "(2023-07-09)"),
    ],
)
def test_a_partial_date_stays_partial_in_each_style(
    published: str, parts: list[int] | None, year: str, month: str | None, text: str
) -> None:
    item = citations.source_item(source(published_date=published))
    assert item.get("issued") == (parts and {"date-parts": [parts]})
    fields = {
        name: field.value for name, field in bibtex(source(published_date=published)).entries[0].fields_dict.items()
    }
    assert (fields["year"], fields.get("month"), fields.get("date", "")) == (year, month, published)
    assert text in citations.write([item], "text")


@pytest.mark.parametrize("style", citations.STYLES)
def test_every_style_cites_each_source_of_a_record(ds: evcollab.Dataset, style: str) -> None:
    citation = ds.cite(*FORUM, style=style)
    claims = ds.claims_for(*FORUM)
    assert all(url in citation for url in claims["url"])


def test_every_source_of_the_register_is_valid_bibtex_and_csl(ds: evcollab.Dataset) -> None:
    from evcollab import types

    schema = ds.package.schema("sources")
    rows = [dict(zip(schema.fields, row, strict=True)) for row in types.to_text(ds.sources, schema)]
    items = json.loads(citations.write([citations.source_item(row) for row in rows], "csl-json"))
    assert [item["id"] for item in items] == [row["source_id"] for row in rows]
    for item, row in zip(items, rows, strict=True):
        assert set(item) <= CSL
        assert (item["title"], item["URL"]) == (row["title"], row["url"])
        assert all(name == {"literal": row["author"]} for name in item.get("author", []))
        for date in ("issued", "accessed"):
            assert 1 <= len(item.get(date, {"date-parts": [[1]]})["date-parts"][0]) <= 3
    assert [entry.key for entry in bibtex(*rows).entries] == [row["source_id"] for row in rows]


def test_every_kind_of_source_has_a_type_that_csl_knows(ds: evcollab.Dataset) -> None:
    kinds = ds.package.schema("sources").field("kind").categories
    assert {citations.source_item(source(kind=kind))["type"] for kind in kinds} <= CSL_TYPES
    assert set(citations.package_item(ds.package.descriptor)) <= CSL


@pytest.mark.parametrize("style", citations.STYLES)
def test_the_data_set_is_cited_with_title_version_and_licence(ds: evcollab.Dataset, style: str) -> None:
    citation = ds.cite(style=style)
    for part in (ds.version, "CC-BY-4.0", "international electric-vehicle collaboration"):
        assert part in citation


def test_a_source_without_day_of_access_or_publisher_is_cited_all_the_same() -> None:
    assert citations.write([citations.source_item(source(accessed_date="", publisher=""))], "text")


def test_an_unknown_style_gets_near_matches(ds: evcollab.Dataset) -> None:
    with pytest.raises(evcollab.UnknownNameError, match="did you mean bibtex"):
        ds.cite(style="bibtx")


def test_a_table_without_a_record_cannot_be_cited(ds: evcollab.Dataset) -> None:
    with pytest.raises(evcollab.EvcollabError, match="give its table and its identifier"):
        ds.cite("events")


def test_the_command_line_cites_as_the_library_does(ds: evcollab.Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    root = str(Path(__file__).parent.parent)
    assert main(["cite", *FORUM, "--style", "bibtex", "--package", root]) == 0
    assert capsys.readouterr().out == ds.cite(*FORUM, style="bibtex") + "\n"
    assert main(["cite", "--package", root]) == 0
    assert capsys.readouterr().out == ds.cite() + "\n"
    assert main(["cite", "events", "--package", root]) == 2
