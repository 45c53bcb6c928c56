"""What each format promises beyond the cells: types, keys, descriptions, safety, its own rules."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import icalendar
import mlcroissant
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rdflib
from rdflib.namespace import DCTERMS, RDF, SDO

import evcollab
from evcollab import types
from evcollab.exports import export, xlsx
from tests.conftest import ROOT
from tests.exports import registers
from tests.exports.readers import expected, native
from tests.validation import packages

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")


def fields(ds: evcollab.Dataset) -> list[tuple[str, Any]]:
    return [(table, field) for table in ds.tables for field in ds.package.schema(table).fields.values()]


# Parquet and Arrow


def test_parquet_keeps_types_vocabularies_and_descriptions(ds: evcollab.Dataset, made: Any) -> None:
    types_of = {
        "text": pa.string(),
        "list": pa.list_(pa.field("element", pa.string(), nullable=False)),
        "partial_date": pa.date32(),
        "date": pa.date32(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
    }
    for table, field in fields(ds):
        arrow = pq.read_table(made("parquet") / f"{table}.parquet")
        found = arrow.schema.field(field.name)
        assert found.metadata[b"description"].decode() == field.description
        if types.kind_of(field) == "code":
            listed = arrow[field.name].combine_chunks().dictionary.to_pylist()
            assert listed == list(field.categories) or not arrow.num_rows
            assert found.type.ordered == bool(field.spec.get("categoriesOrdered"))
            assert json.loads(found.metadata[b"codes"]) == field.categories
        elif types.kind_of(field) == "list":
            assert found.type.value_type == pa.string()
        else:
            assert found.type == types_of[types.kind_of(field)]
        assert found.nullable == (not field.required and types.kind_of(field) != "list")


def test_parquet_says_licence_citation_and_schema(ds: evcollab.Dataset, made: Any) -> None:
    metadata = pq.read_schema(made("parquet") / "events.parquet").metadata
    assert metadata[b"data_citation"].decode() == ds.cite()
    assert b"CC-BY-4.0" in metadata[b"data_licence"]
    assert json.loads(metadata[b"table_schema"]) == ds.schema("events")


def test_a_parquet_file_becomes_the_frame_that_it_came_from(ds: evcollab.Dataset, made: Any) -> None:
    import pandas as pd

    frame = pd.read_parquet(made("parquet") / "policy_targets.parquet")
    assert list(frame) == list(ds.policy_targets)
    assert frame["strength"].dtype == ds.policy_targets["strength"].dtype


def test_an_arrow_table_is_a_table_of_the_export(ds: evcollab.Dataset, made: Any) -> None:
    assert ds.to_arrow("events").equals(pq.read_table(made("parquet") / "events.parquet"), check_metadata=True)


def test_an_arrow_table_of_an_unknown_name_gets_near_matches(ds: evcollab.Dataset) -> None:
    with pytest.raises(evcollab.UnknownNameError, match="did you mean events"):
        ds.to_arrow("event")


# SQLite


@pytest.fixture
def database(made: Any) -> Any:
    connection = sqlite3.connect(f"file:{made('sqlite')}?mode=ro", uri=True)
    yield connection
    connection.close()


def test_sqlite_has_the_keys_of_the_schemas(ds: evcollab.Dataset, database: sqlite3.Connection) -> None:
    for table, schema in ds.package.schemas.items():
        columns = database.execute(f"PRAGMA table_info({table})").fetchall()
        assert [
            column[1] for column in sorted(columns, key=lambda column: column[5]) if column[5]
        ] == schema.primary_key
        keys = {row[3]: (row[2], row[4]) for row in database.execute(f"PRAGMA foreign_key_list({table})")}
        assert keys == schema.foreign_keys
        for column in columns:
            field = schema.fields[column[1]]
            assert bool(column[3]) == (field.required or field.name in schema.primary_key)


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE events SET status = 'hold'", "CHECK"),
        ("UPDATE policy_targets SET collective = 2", "CHECK"),
        ("UPDATE events SET name = NULL", "NOT NULL"),
        ("UPDATE events SET country_code = 'XXX'", "FOREIGN KEY"),
        ("INSERT INTO countries SELECT * FROM countries LIMIT 1", "UNIQUE"),
    ],
)
def test_sqlite_refuses_what_the_schema_refuses(made: Any, statement: str, rule: str) -> None:
    copy = sqlite3.connect(":memory:")
    copy.deserialize(made("sqlite").read_bytes())
    copy.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError, match=rule):
        copy.execute(statement)


def test_sqlite_documents_columns_codes_and_the_data_set(ds: evcollab.Dataset, database: sqlite3.Connection) -> None:
    described = {
        (row[0], row[1]): row[2] for row in database.execute('SELECT "table", "column", description FROM columns')
    }
    assert described == {(table, field.name): field.description for table, field in fields(ds)}
    meanings = database.execute("SELECT code, label FROM codes WHERE \"table\" = 'events' AND \"column\" = 'status'")
    assert ("held", "Held") in meanings.fetchall()
    assert database.execute("SELECT value FROM about WHERE name = 'citation'").fetchone() == (ds.cite(),)


def test_sqlite_is_sound(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    ("format", "cells", "message"),
    [
        ("sqlite", {"country_code": "XXX"}, "row 2 of events refers to a row of countries that is not there"),
        ("sqlite", {"event_id": "lao-forum-2022"}, "UNIQUE constraint failed: events.event_id"),
        ("sqlite", {"name": ""}, "NOT NULL constraint failed: events.name"),
        ("duckdb", {"event_id": "lao-forum-2022"}, "lao-forum-2022"),
        ("duckdb", {"name": ""}, 'NOT NULL constraint failed: events."name"'),
    ],
)
def test_data_that_break_their_schema_are_told_and_not_put_in_a_database(
    format: str, cells: dict[str, str], message: str, tmp_path: Path
) -> None:
    tables = packages.base()
    tables["events"][1].update({"event_id": "other", **cells})
    tables["events"][0]["event_id"] = "lao-forum-2022"
    dataset = registers.write(tmp_path / "package", {"events": tables["events"], "organisations": []})
    with pytest.raises(evcollab.EvcollabError, match=message) as caught:
        export(dataset, format, tmp_path / "made")
    assert "evcollab validate" in str(caught.value)


# DuckDB


def test_duckdb_has_types_keys_and_comments(ds: evcollab.Dataset, made: Any) -> None:
    with duckdb.connect(made("duckdb"), read_only=True) as connection:
        comments = connection.execute("SELECT table_name, column_name, comment FROM duckdb_columns()").fetchall()
        described = {(table, column): comment for table, column, comment in comments}
        for table, field in fields(ds):
            assert described[table, field.name] == field.description
        columns = {row[0]: row for row in connection.execute("DESCRIBE policy_targets").fetchall()}
        assert columns["target_id"][2:4] == ("NO", "PRI")
        assert columns["strength"][1].startswith("ENUM(")
        assert {columns[name][1] for name in ("value", "target_year", "collective", "announced_date")} == {
            *("DOUBLE", "BIGINT", "BOOLEAN", "DATE")
        }
        assert connection.execute("SELECT value FROM about WHERE name = 'citation'").fetchone() == (ds.cite(),)


# Excel


@pytest.fixture(scope="module")
def book(small: evcollab.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workbook of a small register, as it is read again."""
    path = tmp_path_factory.mktemp("workbook") / "made"
    export(small, "xlsx", path)
    return opened(path)


def opened(path: Path) -> Any:
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


def cells_of(book: Any) -> Any:
    return ((sheet, cell) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_no_cell_of_a_workbook_executes(nasty: evcollab.Dataset, tmp_path: Path) -> None:
    export(nasty, "xlsx", tmp_path / "made")
    texts = [cell for _, cell in cells_of(opened(tmp_path / "made")) if not isinstance(cell.value, int | float)]
    assert {cell.data_type for cell in texts} == {"s"}
    assert all(cell.quotePrefix for cell in texts)
    assert "=cmd|'/C calc'!A0" in {cell.value for cell in texts}
    with zipfile.ZipFile(tmp_path / "made") as book:
        assert not [name for name in book.namelist() if b"<f>" in book.read(name) or "external" in name.lower()]


def test_numbers_of_a_workbook_are_numbers(small: evcollab.Dataset, book: Any) -> None:
    kinds = {(table, field.name): types.kind_of(field) for table, field in fields(small)}
    found = {
        cell.data_type
        for sheet, cell in cells_of(book)
        if kinds.get((sheet.title, sheet.cell(1, cell.column).value)) in ("integer", "number") and cell.row > 1
    }
    assert found == {"n"}


def test_a_workbook_has_a_sheet_per_table_and_tells_licence_columns_and_codes(
    small: evcollab.Dataset, book: Any
) -> None:
    assert book.sheetnames == ["README", *small.tables, "columns", "codes"]
    facts = {row[0]: row[1] for row in book["README"].iter_rows(values_only=True)}
    assert facts["citation"] == small.cite()
    assert "CC-BY-4.0" in facts["licence"]
    links = {cell.value: cell.hyperlink.location for cell in book["README"]["A"] if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in book.sheetnames[1:]}
    described = {row[:2]: row[7] for row in book["columns"].iter_rows(values_only=True)}
    for table, field in fields(small):
        assert described[table, field.name] == field.description


def test_the_header_of_each_sheet_is_frozen_and_filters_all_rows(small: evcollab.Dataset, book: Any) -> None:
    for table in small.tables:
        sheet = book[table]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.max_row == len(small[table]) + 1


def test_addresses_are_links_and_nothing_else_is(small: evcollab.Dataset, book: Any) -> None:
    found = {cell.hyperlink.target for sheet, cell in cells_of(book) if cell.hyperlink and sheet.title == "sources"}
    assert found == set(small.sources["url"]) | set(small.sources["archive_url"].dropna())


def test_a_workbook_bears_the_date_of_the_data_not_of_its_making(nasty: evcollab.Dataset, tmp_path: Path) -> None:
    export(nasty, "xlsx", tmp_path / "made")
    with zipfile.ZipFile(tmp_path / "made") as book:
        assert len({item.date_time for item in book.infolist()}) == 1
        core = book.read("docProps/core.xml").decode()
    created, modified = (re.search(f"<dcterms:{name}[^>]*>([^<]+)<", core) for name in ("created", "modified"))
    assert created is not None
    assert modified is not None
    assert created[1] == modified[1]


@pytest.mark.parametrize(("text", "what"), [("x" * 40_000, "40,000 characters"), ("a\x0bb", "a control character")])
def test_a_text_that_excel_cannot_hold_is_told_with_its_place(text: str, what: str, tmp_path: Path) -> None:
    tables = packages.base()
    tables["events"][0]["summary"] = text
    dataset = registers.write(tmp_path / "package", tables)
    with pytest.raises(evcollab.EvcollabError, match=f"events, row 2, column summary: the text has {what}"):
        export(dataset, "xlsx", tmp_path / "made")


def test_more_rows_than_a_sheet_holds_are_told(
    ds: evcollab.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 100)
    with pytest.raises(evcollab.EvcollabError, match="countries has 250 rows, but a sheet of Excel holds 99"):
        export(evcollab.load(packages.write(tmp_path / "package", {})), "xlsx", tmp_path / "made")


# JSON-LD


@pytest.fixture(scope="session")
def graph(made: Any) -> rdflib.Graph:
    return rdflib.Graph().parse(data=made("jsonld").read_text(encoding="utf-8"), format="json-ld")


def test_json_ld_uses_terms_of_schema_org_only(graph: rdflib.Graph) -> None:
    terms = set(graph.predicates()) | set(graph.objects(None, RDF.type))
    terms |= set(graph.objects(None, SDO.eventStatus)) | set(graph.objects(None, SDO.eventAttendanceMode))
    assert {str(term) for term in terms - {RDF.type} if term not in SDO} == set()


def test_every_event_and_organisation_is_in_json_ld_with_its_cells(ds: evcollab.Dataset, graph: rdflib.Graph) -> None:
    cells = {
        "events": {"name": SDO.name, "start_date": SDO.startDate, "end_date": SDO.endDate, "summary": SDO.description},
        "organisations": {"name": SDO.name, "lei": SDO.leiCode},
    }
    for table, columns in cells.items():
        for row in expected(ds)[table]:
            record = dict(zip(ds.package.schema(table).fields, row, strict=True))
            node = rdflib.URIRef(f"urn:evcollab:{ds.name}:{table}:{row[0]}")
            assert (node, RDF.type, None) in graph
            for column, term in columns.items():
                assert str(graph.value(node, term) or "") == record[column]


def test_whoever_organised_and_paid_is_linked_to_the_event(ds: evcollab.Dataset, graph: rdflib.Graph) -> None:
    people = ds.participants
    organised = people[(people["role"] == "organiser") & people["organisation_id"].notna()]
    for event, organisation in zip(organised["event_id"], organised["organisation_id"], strict=True):
        start = f"urn:evcollab:{ds.name}"
        assert (
            rdflib.URIRef(f"{start}:events:{event}"),
            SDO.organizer,
            rdflib.URIRef(f"{start}:organisations:{organisation}"),
        ) in graph


def test_who_was_only_invited_is_no_attendee(tmp_path: Path) -> None:
    tables = packages.base()
    line = {"event_id": "lao-forum-2023", "role": "participant"}
    for attendance, body in (("invited", "volta-motors"), ("confirmed", "eco-secretariat")):
        tables["participants"].append(
            {**line, "participant_id": f"new-{body}", "organisation_id": body, "attendance": attendance}
        )
    export(registers.write(tmp_path / "package", tables), "jsonld", tmp_path / "made")
    graph = json.loads((tmp_path / "made").read_text())["@graph"]
    event = next(node for node in graph if node["@type"] == "Event" and node["@id"].endswith("lao-forum-2023"))
    assert [party["@id"].split(":")[-1] for party in event["attendee"]] == ["eco-secretariat"]


def test_no_person_is_named_in_json_ld(ds: evcollab.Dataset, made: Any) -> None:
    text = made("jsonld").read_text(encoding="utf-8")
    listed = {*ds.organisations["name"], *ds.organisations["short_name"].dropna()}
    assert not [name for name in ds.participants["person_name"].dropna() if f'"{name}"' in text and name not in listed]


def test_json_ld_has_a_data_set_with_licence_and_citation(ds: evcollab.Dataset, graph: rdflib.Graph) -> None:
    (node,) = graph.subjects(RDF.type, SDO.Dataset)
    assert str(graph.value(node, SDO.license)) == "https://creativecommons.org/licenses/by/4.0/"
    assert str(graph.value(node, SDO.creditText)) == ds.cite()
    assert 50 <= len(str(graph.value(node, SDO.description))) <= 5000  # what search engines ask for


# Croissant


def test_croissant_passes_its_validator_without_a_warning(ds: evcollab.Dataset, made: Any) -> None:
    metadata = mlcroissant.Dataset(made("croissant") / "croissant.json").metadata
    assert (metadata.ctx.issues.errors, metadata.ctx.issues.warnings) == (set(), set())
    assert str(metadata.ctx.conforms_to.value) == "http://mlcommons.org/croissant/1.0"
    assert metadata.version == ds.version
    assert {record.name for record in metadata.record_sets} == set(ds.tables)


# Hugging Face


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The library of the Hub, without the Hub."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    import huggingface_hub

    return huggingface_hub


def test_the_hub_reads_the_card_without_a_complaint(ds: evcollab.Dataset, made: Any, hub: Any) -> None:
    card = hub.DatasetCard.load(made("huggingface") / "README.md", ignore_metadata_errors=False)
    metadata = card.data.to_dict()
    size = "10K<n<100K" if sum(len(ds[table]) for table in ds) > 10_000 else "1K<n<10K"
    assert (metadata["license"], metadata["size_categories"]) == (["cc-by-4.0"], [size])
    assert metadata["tags"] == [*ds.package.descriptor["keywords"], "tabular"]
    assert [config["config_name"] for config in metadata["configs"] if config.get("default")] == [ds.tables[0]]
    assert ds.cite(style="bibtex") in card.text


def test_the_library_datasets_loads_every_table_of_the_card(
    ds: evcollab.Dataset, made: Any, hub: Any, tmp_path: Path
) -> None:
    import datasets

    folder, texts = str(made("huggingface")), expected(ds)
    names = datasets.get_dataset_config_names(folder)
    assert names == [table for table in ds.tables if texts[table]]
    for table in names:
        loaded = datasets.load_dataset(folder, table, split="train", cache_dir=str(tmp_path))
        assert native(loaded, ds.package.schema(table)) == texts[table]


def test_a_table_without_rows_is_no_configuration_and_told(hub: Any, tmp_path: Path) -> None:
    dataset = registers.write(tmp_path / "package", {})
    notes = export(dataset, "huggingface", tmp_path / "made")
    card = hub.DatasetCard.load(tmp_path / "made" / "README.md", ignore_metadata_errors=False)
    filled = [table for table in dataset.tables if len(dataset[table])]
    assert [config["config_name"] for config in card.data.to_dict()["configs"]] == filled == ["countries"]
    assert [note.split(":")[0] for note in notes] == [
        ", ".join(table for table in dataset.tables if table not in filled)
    ]
    assert (tmp_path / "made" / "events.parquet").is_file()


# DCAT


def record(dataset: evcollab.Dataset, file: Path) -> rdflib.Graph:
    export(dataset, "dcat", file)
    return rdflib.Graph().parse(file, format="json-ld", publicID="https://portal.example/register/")


def test_a_portal_finds_what_dcat_ap_demands_of_a_data_set_and_its_tables(ds: evcollab.Dataset, tmp_path: Path) -> None:
    graph = record(ds, tmp_path / "made")
    (data_set,) = graph.subjects(RDF.type, DCAT.Dataset)
    for needed in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, DCTERMS.modified):
        assert list(graph.objects(data_set, needed))
    assert str(graph.value(data_set, DCAT.version)) == ds.version
    assert {str(word) for word in graph.objects(data_set, DCAT.keyword)} == set(ds.package.descriptor["keywords"])
    tables = list(graph.objects(data_set, DCAT.distribution))
    assert len(tables) == len(ds.tables)
    for table in tables:
        for needed in (
            DCTERMS.title,
            DCAT.accessURL,
            DCTERMS.license,
            DCTERMS["format"],
            DCAT.mediaType,
            DCAT.byteSize,
        ):
            assert len(list(graph.objects(table, needed))) == 1


def test_size_and_checksum_in_a_dcat_record_are_those_of_the_file(ds: evcollab.Dataset, tmp_path: Path) -> None:
    graph = record(ds, tmp_path / "made")
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    found = {
        str(graph.value(table, DCAT.downloadURL)).removeprefix("https://portal.example/register/"): (
            graph.value(table, DCAT.byteSize).toPython(),
            str(graph.value(graph.value(table, spdx.checksum), spdx.checksumValue)),
        )
        for table in graph.subjects(RDF.type, DCAT.Distribution)
    }
    contents = {file: (ds.package.root / file).read_bytes() for file in ds.package.files.values()}
    assert found == {file: (len(data), hashlib.sha256(data).hexdigest()) for file, data in contents.items()}


@pytest.mark.parametrize(
    ("home", "access", "download"),
    [
        (
            "https://github.com/example/register",
            "https://github.com/example/register/blob/data-v{}/data/events.csv",
            "https://github.com/example/register/raw/data-v{}/data/events.csv",
        ),
        ("https://example.org/register", "https://example.org/register", None),
        ("", "https://portal.example/register/data/events.csv", "https://portal.example/register/data/events.csv"),
    ],
)
def test_the_addresses_of_a_dcat_record_follow_from_the_home_address(
    home: str, access: str, download: str | None, tmp_path: Path
) -> None:
    file = registers.write(tmp_path / "package", packages.base()).package.path
    descriptor = json.loads(file.read_text(encoding="utf-8"))
    packages.write_json(file, descriptor | ({"homepage": home} if home else {}))
    graph = record(evcollab.load(file), tmp_path / "made")
    (table,) = (node for node in graph.subjects(DCTERMS.title, rdflib.Literal("Events", lang="en")))
    version = evcollab.load(file).version
    assert str(graph.value(table, DCAT.accessURL)) == access.format(version)
    assert graph.value(table, DCAT.downloadURL) == (download and rdflib.URIRef(download.format(version)))
    page = graph.value(next(iter(graph.subjects(RDF.type, DCAT.Dataset))), DCAT.landingPage)
    assert str(page or "") == home


# iCalendar


def calendar_of(tables: Any, tmp_path: Path) -> tuple[dict[str, Any], list[str]]:
    notes = export(registers.write(tmp_path / "package", tables), "ical", tmp_path / "made")
    calendar = icalendar.Calendar.from_ical((tmp_path / "made").read_bytes())
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}, notes


def test_every_event_with_a_known_day_is_in_the_calendar(ds: evcollab.Dataset, made: Any) -> None:
    calendar = icalendar.Calendar.from_ical(made("ical").read_bytes())
    found = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    known = ds.events[ds.events["start_date_precision"] == "day"]
    assert set(found) == {f"{event}@{ds.name}" for event in known["event_id"]}
    for _, row in known.iterrows():
        event = found[f"{row['event_id']}@{ds.name}"]
        assert not event.errors
        assert event.start == row["start_date"].date()
        if row["end_date_precision"] == "day":
            assert event.end == row["end_date"].date() + dt.timedelta(days=1)
        assert str(event["summary"]) == row["name"]


def test_an_event_known_to_the_month_is_left_out_and_counted(tmp_path: Path) -> None:
    found, notes = calendar_of(packages.base(), tmp_path)
    assert set(found) == {"lao-forum-2023@example-register", "eco-webinar-2026@example-register"}
    assert [note.split(":")[0] for note in notes] == ["1 event is left out"]


@pytest.mark.parametrize("end", ["", "2023-07", "2023-07-01"])
def test_an_end_that_is_unknown_inexact_or_wrong_is_not_made_up(end: str, tmp_path: Path) -> None:
    tables = packages.base()
    next(row for row in tables["events"] if row["event_id"] == "lao-forum-2023")["end_date"] = end
    assert "dtend" not in calendar_of(tables, tmp_path)[0]["lao-forum-2023@example-register"]


def test_every_nasty_text_comes_back_from_the_calendar(tmp_path: Path) -> None:
    tables = packages.base()
    rows = [
        {**tables["events"][0], "event_id": f"nasty-{number}", "name": text, "summary": text}
        for number, text in enumerate(registers.NASTY)
    ]
    found, _ = calendar_of({**tables, "events": rows}, tmp_path)
    for number, text in enumerate(registers.NASTY):
        event = found[f"nasty-{number}@example-register"]
        if "\\N" not in text:  # icalendar writes it as a line break
            assert (str(event["summary"]), str(event["description"])) == (text, text)


# Zip


def test_the_unzipped_package_is_valid_and_loads(ds: evcollab.Dataset, made: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(made("zip")) as archive:
        archive.extractall(tmp_path)
    report = evcollab.validate(tmp_path)
    assert report.valid, report
    assert expected(evcollab.load(tmp_path)) == expected(ds)


def test_frictionless_validates_the_zip_file_itself(made: Any, tmp_path: Path) -> None:
    (tmp_path / "evcollab.zip").write_bytes(made("zip").read_bytes())
    report = frictionless.validate(str(tmp_path / "evcollab.zip"))
    assert report.valid
    assert {task.name for task in report.tasks} == set(evcollab.load(ROOT).tables)


def test_waivers_go_along_in_the_zip_file(package: Path, tmp_path: Path) -> None:
    (package / "waivers.csv").write_text("rule,table,record,reason,until\n")
    export(evcollab.load(package), "zip", tmp_path / "made")
    with zipfile.ZipFile(tmp_path / "made") as archive:
        assert {"waivers.csv", "README.txt", "datapackage.json"} <= set(archive.namelist())


# The page


def test_the_duckdb_example_of_the_page_runs(ds: evcollab.Dataset, made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    code = page.split("<!-- tested -->\n```python\n")[1].split("```")[0]
    monkeypatch.chdir(made("parquet").parent)
    names: dict[str, Any] = {}
    exec(code, names)
    assert sum(count for _, count in names["targets"]) == len(ds.policy_targets)


def test_the_page_names_every_format() -> None:
    from evcollab.exports import FORMATS

    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \| (?:file|folder) \|", page, re.M) == list(FORMATS)


def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe() -> None:
    from evcollab.characters import unformula

    assert [unformula(text) for text in ("=1+1", "@a", "-5", "+4.5%", "a=b", "")] == [
        "'=1+1", "'@a", "-5", "+4.5%", "a=b", "",
    ]  # fmt: skip


def test_the_flat_table_has_a_line_for_each_party(ds: evcollab.Dataset, made: Any) -> None:
    text = made("csv-wide").read_text(encoding="utf-8-sig")
    assert text.count("\n") == len(ds.participants) + 1
    assert text.startswith("event_id,event,kind,")
