"""What holds of every page: of the shipped register, and of a small one with cells that break things."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import html5lib
import pytest
from lxml import etree

import evcollab
from evcollab import cli
from evcollab.exports import about
from evcollab.site import addresses
from tests.conftest import THOROUGH
from tests.site import reading
from tests.site.conftest import ADDRESS

SITES = ("built", "small_site", "nasty_site") if THOROUGH else ("small_site", "nasty_site")
OF = {"built": "ds", "small_site": "small", "nasty_site": "nasty"}


@pytest.fixture(params=SITES)
def site(request: pytest.FixtureRequest) -> tuple[evcollab.Dataset, Path]:
    """A data set with its site."""
    return request.getfixturevalue(OF[request.param]), request.getfixturevalue(request.param)


def key(ds: evcollab.Dataset, table: str) -> str:
    return str(ds.schema(table)["primaryKey"][0])


def test_every_record_has_its_page_and_every_filled_cell_has_its_address(site: tuple[evcollab.Dataset, Path]) -> None:
    ds, folder = site
    for table in addresses.PAGES:
        for cells in about.text_rows(ds, table):
            row = dict(zip(ds.package.schema(table).fields, cells, strict=True))
            there = reading.ids(folder / addresses.page(table, row[key(ds, table)]) / "index.html")
            assert {column for column, cell in row.items() if cell} <= there, row


def test_every_line_has_its_address_on_the_page_of_its_record(site: tuple[evcollab.Dataset, Path]) -> None:
    ds, folder = site
    for table in addresses.LINES:
        for record, row in ((row[key(ds, table)], row) for row in ds[table].to_dict("records")):
            path, _, fragment = addresses.place(table, row, record).partition("#")
            assert fragment in reading.ids(folder / path / "index.html"), (table, record)


def test_every_claim_stands_at_its_record_and_at_its_source(site: tuple[evcollab.Dataset, Path]) -> None:
    ds, folder = site
    rows = {
        table: ds[table].set_index(key(ds, table), drop=False).to_dict("index")
        for table in addresses.PAGES + tuple(addresses.LINES)
    }
    by_page: dict[str, list[Any]] = {}
    for claim in ds.claims.astype("object").to_dict("records"):
        home = addresses.place(claim["table_name"], rows[claim["table_name"]][claim["record_id"]], claim["record_id"])
        by_page.setdefault(home.partition("#")[0], []).append((home, claim))
        by_page.setdefault(addresses.page("sources", claim["source_id"]), []).append((home, claim))
    for path, claims in by_page.items():
        page = reading.parsed(folder / path / "index.html")
        hrefs = {reading.local(path, address) for address in reading.links(page)}
        elements = {each.get("id"): each for each in page.xpath("//*[@id]")}
        for home, claim in claims:
            where, _, line = home.partition("#")
            if path == where:
                assert (addresses.page("sources", claim["source_id"]), "") in hrefs
                mark = line or (claim["field"] if claim["field"] != "*" else "_record")
                assert claim["locator"] in elements[mark].text_content() or claim["field"] == "*", claim
            else:
                assert (where, line) in hrefs
                assert claim["locator"] in elements["_main"].text_content()


def test_every_conflict_stands_on_the_page_of_disagreements_and_open_at_its_cell(
    site: tuple[evcollab.Dataset, Path],
) -> None:
    ds, folder = site
    conflicts = ds.conflicts()
    cells = set(zip(conflicts["table_name"], conflicts["record_id"], conflicts["field"], strict=True))
    page = reading.parsed(folder / "disagreements/index.html")
    listed = page.xpath("//ul[contains(@class, 'disputes')]/li")
    assert len(listed) == len(cells)
    for table, record, column in cells:
        row = ds.record(table, record)
        path, _, line = addresses.place(table, row, record).partition("#")
        [element] = reading.parsed(folder / path / "index.html").xpath("//*[@id=$mark]", mark=line or column)
        assert element.xpath(".//details[@open]"), (table, record, column)
        assert "sources disagree" in element.text_content()


def test_the_json_of_a_record_is_what_the_library_returns(site: tuple[evcollab.Dataset, Path]) -> None:
    ds, folder = site
    for table in addresses.PAGES:
        for record in ds[table][key(ds, table)].iloc[:: max(1, len(ds[table]) // 8)]:
            told = json.loads((folder / f"{table}/{addresses.segment(record)}.json").read_text(encoding="utf-8"))
            assert told["record"] == ds.record(table, record)
            claims = ds.claims_for(table, record).drop(columns="published_date").astype("object")
            expected = claims.where(claims.notna(), "").to_dict("records")
            full = [claim | told["sources"][claim["source_id"]] for claim in told["claims"]]
            assert [{name: claim[name] for name in claims.columns} for claim in full] == expected


def test_the_json_of_a_source_has_every_claim_that_rests_on_it(site: tuple[evcollab.Dataset, Path]) -> None:
    ds, folder = site
    usual = {"value": "", "basis": "stated", "rank": "normal", "note": ""}
    claims = ds.claims.astype("object").where(ds.claims.notna(), "")
    claims = claims[~claims["field"].isin(["person_name", "post"])]
    for source in ds.sources["source_id"].iloc[:: max(1, len(ds.sources) // 40)]:
        file = folder / f"sources/{addresses.segment(source)}.json"
        told = [
            {"table_name": table, "record_id": record, "source_id": source, **usual, **claim}
            for table, records in json.loads(file.read_text(encoding="utf-8"))["supports"].items()
            for record, listed in records.items()
            for claim in listed
        ]
        expected = claims[claims["source_id"] == source].to_dict("records")
        assert sorted(told, key=repr_of) == sorted(expected, key=repr_of)


def repr_of(claim: dict[str, str]) -> str:
    return json.dumps(claim, sort_keys=True)


def test_the_json_of_a_table_is_its_rows(site: tuple[evcollab.Dataset, Path]) -> None:
    ds, folder = site
    for table in addresses.PAGES:
        told = json.loads((folder / f"{table}.json").read_text(encoding="utf-8")) if len(ds[table]) else []
        assert [row[key(ds, table)] for row in told] == list(ds[table][key(ds, table)])


def test_every_link_leads_somewhere_and_identifiers_are_unique(site: tuple[evcollab.Dataset, Path]) -> None:
    _, folder = site
    wrong = []
    for path, page in reading.pages(folder):
        own = page.xpath("//@id")
        assert len(own) == len(set(own)), path
        for address in set(reading.links(page)):
            aim = reading.local(
                "" if path == "404.html" else path,
                address.removeprefix("/register/") if path == "404.html" else address,
            )
            if aim is None:
                assert address.startswith(("https://", "http://")), (path, address)
                continue
            file = reading.file_of(folder, aim[0])
            if not file.is_file() or (aim[1] and file.suffix == ".html" and aim[1] not in reading.ids(file)):
                wrong.append((path, address))
    assert not wrong


def test_the_sitemap_is_the_pages(site: tuple[evcollab.Dataset, Path]) -> None:
    _, folder = site
    root = etree.parse(folder / "sitemap.xml").getroot()
    listed = {element.text.removeprefix(ADDRESS) for element in root.iter("{*}loc")}
    found = {path for path, text in reading.texts(folder) if "name=robots" not in text}
    assert listed == found


def test_pages_are_strict_html(site: tuple[evcollab.Dataset, Path]) -> None:
    _, folder = site
    seen: dict[str, int] = {}
    for file in sorted(folder.rglob("*.html")):
        kind = file.relative_to(folder).parts[0]
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= 4 or "nasty" in str(file.relative_to(folder)):
            html5lib.HTMLParser(strict=True).parse(file.read_text(encoding="utf-8"))


def test_every_page_has_a_title_of_its_own_a_description_and_a_language(site: tuple[evcollab.Dataset, Path]) -> None:
    _, folder = site
    titles: dict[str, str] = {}
    for path, page in reading.pages(folder):
        [title], [description] = (
            page.xpath("/html/head/title/text()"),
            page.xpath("//meta[@name='description']/@content"),
        )
        assert description.strip()
        assert page.xpath("/html/@lang") == ["en"]
        assert page.xpath("//meta[@name='viewport']/@content") == ["width=device-width"]
        assert titles.setdefault(title, path) == path


def test_no_script_holds_up_a_page(site: tuple[evcollab.Dataset, Path]) -> None:
    _, folder = site
    for path, page in reading.pages(folder):
        scripts = page.xpath("//script[not(@type='application/ld+json')]")
        assert [each.get("src", "").endswith("static/site.js") and "defer" in each.attrib for each in scripts] == [True]
        assert len(page.xpath("//link[@rel='stylesheet']")) == 1, path


def test_countries_that_met_more_than_once_have_a_page_and_others_lead_to_their_event(
    site: tuple[evcollab.Dataset, Path],
) -> None:
    ds, folder = site
    pairs = ds.collaborations()
    known = set(ds.countries["country_code"])
    for a, b, events in zip(pairs["a"], pairs["b"], pairs["event_ids"], strict=True):
        if {a, b} <= known:
            aim = addresses.pair(a, b) if len(events) > 1 else addresses.page("events", events[0])
            for code in (a, b):
                page = reading.parsed(folder / f"countries/{code}/index.html")
                hrefs = page.xpath("//table[@class='bars']//td/a/@href")
                assert aim in {reading.local(f"countries/{code}/", href)[0] for href in hrefs}  # type: ignore[index]
            assert (folder / addresses.pair(a, b)).is_dir() == (len(events) > 1)


def test_the_feed_is_a_feed_and_its_links_are_pages(site: tuple[evcollab.Dataset, Path]) -> None:
    _, folder = site
    feed = etree.parse(folder / "feed.xml").getroot()
    entries = feed.findall("{*}entry")
    assert entries
    for entry in entries:
        path = entry.find("{*}link").get("href").removeprefix(ADDRESS)
        assert reading.file_of(folder, path).is_file()
        assert entry.find("{*}title").text


def test_every_page_says_what_it_is_in_json_ld(site: tuple[evcollab.Dataset, Path]) -> None:
    _, folder = site
    kinds = set()
    for path, text in reading.texts(folder):
        if "name=robots" in text or path.startswith("lists/"):
            continue
        [script] = re.findall(r"<script type=application/ld\+json>(.*?)</script>", text)
        node = json.loads(script)
        kinds.add(node["@type"])
        assert urljoin(ADDRESS + path, node["@id"]) == ADDRESS + path.removesuffix("data/")
        if node["@type"] == "Dataset":
            assert {each["@type"] for each in node["distribution"]} == {"DataDownload"}
            assert all((folder / each["contentUrl"].removeprefix(ADDRESS)).is_file() for each in node["distribution"])
    assert {"Dataset", "Event", "WebPage"} <= kinds


def test_persons_stand_on_the_page_of_the_event_only(ds: evcollab.Dataset, built: Path) -> None:
    titles = " ".join(ds.sources["title"])  # which are as printed
    named = ds.participants.dropna(subset="person_name")
    named = named[[name not in titles for name in named["person_name"]]]
    name, event = named["person_name"].iloc[0], named["event_id"].iloc[0]
    page = reading.parsed(built / f"events/{event}/index.html")
    assert all(
        each.xpath("ancestor-or-self::*[@data-nosnippet]") for each in page.xpath("//*[text()=$name]", name=name)
    )
    for file in [*built.glob("search/*.json"), built / "feed.xml", built / "events.json", built / "events/index.html"]:
        assert name not in file.read_text(encoding="utf-8")
    personal = ["person_name", "post"]
    said = ds.claims[(ds.claims["table_name"] == "participants") & ds.claims["field"].isin(personal)]
    for source, claims in said.groupby("source_id"):
        told = json.loads((built / f"sources/{addresses.segment(source)}.json").read_text(encoding="utf-8"))
        lines = told["supports"].get("participants", {}).values()
        assert not [claim for line in lines for claim in line if claim["field"] in personal and "value" in claim]
        text = json.dumps(told["supports"], ensure_ascii=False)
        for name in claims.loc[claims["field"] == "person_name", "value"]:
            assert " " not in name or name not in text


def test_same_data_same_bytes_whatever_the_hash_seed(small: evcollab.Dataset, tmp_path: Path) -> None:
    words = ["--package", str(small.package.root), "--address", ADDRESS]
    assert cli.main(["site", str(tmp_path / "here"), *words]) == 0
    command = [sys.executable, "-m", "evcollab", "site", str(tmp_path / "there"), *words]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": other_seed()}, capture_output=True)
    here, there = (
        {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
        for folder in (tmp_path / "here", tmp_path / "there")
    )
    assert here.keys() == there.keys()
    assert [name for name, data in here.items() if data != there[name]] == []


def other_seed() -> str:
    """A hash seed that is not the one of this process, which is random unless it is told."""
    return "77" if os.environ.get("PYTHONHASHSEED") != "77" else "1"
