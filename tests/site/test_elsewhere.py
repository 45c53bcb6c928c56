"""The site of other registers: hostile cells, missing and empty tables, other places; and how it comes to be."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

import evcollab
from evcollab import cli
from evcollab.errors import EvcollabError
from evcollab.site import build
from evcollab.site.frame import Site
from evcollab.site.pages import all_pages
from evcollab.site.render import Renderer
from tests.conftest import examples
from tests.exports import registers
from tests.site import reading
from tests.validation import packages

MARKUP = (
    *(
        "<script>alert(1)</script>",
        "</script><img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "' onmouseover='x",
    ),
    *(
        "javascript:alert(1)",
        "data:text/html,<b>",
        'https://x.org/"onclick="x',
        "\u202egnp.exe",
        "{{7*7}}",
        "{% raw %}",
    ),
    *(
        "<!--",
        "]]>",
        "&lt;b&gt;",
        "\\u003c/script>",
        "https://x.org/</a><script>",
        "//x.org",
        "http://[::1",
        "jAvAsCrIpT:x",
    ),
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30)
EVIL = st.sampled_from(MARKUP) | TEXTS
FREE = {
    "events": ("name", "name_local", "city", "venue", "summary", "url", "series"),
    "organisations": ("name", "short_name", "aliases", "website", "wikidata_id"),
    "sources": ("title", "publisher", "url", "archive_url", "language", "author"),
    "participants": ("person_name", "post", "currency"),
    "claims": ("locator", "note"),
    "policies": ("name", "url"),
}


@settings(max_examples=examples(12))
@given(data=st.data())
def test_nothing_in_the_data_breaks_out(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    tables = packages.base()
    for table, columns in FREE.items():
        for row in tables[table]:
            row |= {column: data.draw(EVIL).replace(";", ",").strip() or "x" for column in columns}
    for number, row in enumerate(tables["organisations"]):
        row["name"] += str(number)
    ds = registers.write(tmp_path_factory.mktemp("evil"), tables)
    site = Site(ds, "https://example.org/", "https://github.com/x/y")
    renderer = Renderer(site, {})
    allowed = {"../../static/site.js", "../static/site.js", "./static/site.js", "/static/site.js"}
    for page in all_pages(site):
        if page.table == "countries" and page.path.count("/") == 2:
            continue
        page.jsonld = {"name": page.title}
        tree = html.fromstring(renderer.html(page))
        assert all(
            script.get("src") in allowed or script.get("type") == "application/ld+json"
            for script in tree.iter("script")
        )
        assert not tree.xpath("//@*[starts-with(name(), 'on')]")
        assert not set(tree.xpath("//main//*/@src"))
        for address in reading.links(tree):
            assert address.startswith(("./", "../", "#", "http://", "https://", "/")) or not page.path.count("/"), (
                address
            )
        assert all(json.loads(script.text)["name"] == page.title for script in tree.xpath("//script[@type]"))


def test_hostile_identifiers_stay_in_their_folder(tmp_path: Path) -> None:
    tables = {"events": [{"event_id": "../../../x", "name": "A"}, {"event_id": "a b/ü", "name": "B"}]}
    ds = registers.write(tmp_path / "package", tables)
    folder = tmp_path / "out" / "site"
    folder.parent.mkdir()
    build(ds, folder)
    assert [each.name for each in folder.parent.iterdir()] == ["site"]
    assert len(list(folder.glob("events/*/index.html"))) == 2


def test_an_empty_register_has_a_site(tmp_path: Path) -> None:
    ds = registers.write(tmp_path / "package", {})
    build(ds, tmp_path / "site")
    assert "Nothing" not in (tmp_path / "site/index.html").read_text()
    assert not (tmp_path / "site/events/index.html").exists()
    check_links(tmp_path / "site")


def without(folder: Path, *tables: str) -> evcollab.Dataset:
    """The small register without some of its tables."""
    registers.write(folder, packages.base())
    descriptor = json.loads((folder / "datapackage.json").read_text())
    descriptor["resources"] = [item for item in descriptor["resources"] if item["name"] not in tables]
    descriptor["name"], descriptor["title"] = "other", "Ferries & trams: a register"
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    return evcollab.load(folder)


@pytest.mark.parametrize(
    "gone",
    [("policy_targets", "policies"), ("participants",), ("claims",), ("claims", "sources"), ("former_ids",),
     ("events", "participants", "policy_targets"),
     ("events", "participants", "policy_targets", "policies", "memberships", "organisations", "claims")],
)  # fmt: skip
def test_a_register_with_some_of_the_tables_has_a_site(tmp_path: Path, gone: tuple[str, ...]) -> None:
    build(without(tmp_path / "package", *gone), tmp_path / "site")
    home = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert "Ferries &amp; trams" in home
    check_links(tmp_path / "site")


def test_a_claim_on_a_source_that_is_not_there_is_no_traceback(tmp_path: Path) -> None:
    tables = packages.base()
    claim = next(row for row in tables["claims"] if row["table_name"] == "events")
    claim["source_id"] = "nowhere"
    build(registers.write(tmp_path / "package", tables), tmp_path / "site")
    told = json.loads((tmp_path / f"site/events/{claim['record_id']}.json").read_text(encoding="utf-8"))
    assert told["sources"]["nowhere"]["title"] == ""


def check_links(folder: Path) -> None:
    for path, page in reading.pages(folder):
        if path == "404.html" or (path.startswith("countries/") and path.count("/") == 2 and path[-3] != "A"):
            continue
        for address in reading.links(page):
            aim = reading.local(path, address)
            assert aim is None or reading.file_of(folder, aim[0]).is_file(), (path, address)


@pytest.mark.parametrize(
    ("home", "canonical", "corrections"),
    [("https://github.com/example/register", False, True), ("https://example.org/register/", True, False)],
)
def test_a_home_that_is_a_repository_takes_corrections_and_any_other_is_the_place_of_the_site(
    tmp_path: Path, home: str, canonical: bool, corrections: bool
) -> None:
    dataset = without(tmp_path / "package", "former_ids")
    descriptor = json.loads(dataset.package.path.read_text(encoding="utf-8"))
    dataset.package.path.write_text(json.dumps({**descriptor, "homepage": home}), encoding="utf-8")
    build(evcollab.load(dataset.package.path), tmp_path / "site")
    page = (tmp_path / "site/events/lao-forum-2023/index.html").read_text(encoding="utf-8")
    assert ("https://example.org/register/events/lao-forum-2023/" in page) == ("canonical" in page) == canonical
    assert (f"{home}/issues/new" in page) == corrections


def test_without_an_address_nothing_is_guessed(tmp_path: Path) -> None:
    build(without(tmp_path / "package", "former_ids"), tmp_path / "site")
    page = (tmp_path / "site/events/lao-forum-2023/index.html").read_text(encoding="utf-8")
    assert "canonical" not in page
    assert "issues/new" not in page
    [script] = html.fromstring(page).xpath("//script[@type='application/ld+json']/text()")
    assert "@id" not in json.dumps({key: value for key, value in json.loads(script).items() if key != "@context"})
    assert not (tmp_path / "site/sitemap.xml").exists()


def test_a_former_identifier_leads_to_what_took_its_place(small_site: Path) -> None:
    page = reading.parsed(small_site / "events/old-forum/index.html")
    assert "url=../../events/" in page.xpath("//meta[@http-equiv='refresh']/@content")[0]
    [aim] = page.xpath("//main//a/@href")
    assert reading.file_of(small_site, reading.local("events/old-forum/", aim)[0]).is_file()  # type: ignore[index]
    gone = (small_site / "organisations/gone/index.html").read_text(encoding="utf-8")
    assert "No record took its place" in gone


def test_a_folder_with_anything_else_is_left_alone(small: evcollab.Dataset, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("work of years")
    with pytest.raises(EvcollabError, match=r"holds mine\.txt, which is not part"):
        build(small, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_a_former_site_is_replaced_whole(small: evcollab.Dataset, small_site: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(small_site, folder)
    (folder / "events/left-over").mkdir()
    build(small, folder, address="https://example.org/")
    assert not (folder / "events/left-over").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


def test_an_identifier_that_appears_twice_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    twice = {"event_id": "a", "name": "A"}
    ds = registers.write(tmp_path / "package", {"events": [twice, twice]})
    with pytest.raises(EvcollabError, match="'a' twice"):
        build(ds, tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("address", ["example.org", "javascript:x", "ftp://x.org", "https://x y"])
def test_what_is_no_address_is_refused(small: evcollab.Dataset, tmp_path: Path, address: str) -> None:
    with pytest.raises(EvcollabError, match="not the address of a web page"):
        build(small, tmp_path / "site", address=address)


def test_the_command_writes_the_site_and_says_how_to_look_at_it(
    small: evcollab.Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["site", str(tmp_path / "site"), "--package", str(small.package.root)]) == 0
    assert "http.server" in capsys.readouterr().out
    assert (tmp_path / "site/docs/command-line/index.html").is_file()
