from __future__ import annotations

import threading
from pathlib import Path

import pandas as pd
import pytest

import evcollab
from evcollab import csvfile, types

from .conftest import ROOT

TABLES = [
    *("events", "participants", "organisations", "policy_targets", "policies", "memberships"),
    *("countries", "subdivisions", "sources", "claims", "former_ids"),
]


@pytest.fixture(scope="module")
def part() -> Path:
    """The whole register: files as large as they are read in earnest."""
    return ROOT


def test_there_is_an_accessor_for_every_table(ds: evcollab.Dataset) -> None:
    assert ds.tables == TABLES
    for table in TABLES:
        assert getattr(ds, table).equals(ds[table])


@pytest.mark.parametrize("table", TABLES)
def test_frames_are_plain_with_the_key_as_a_column(ds: evcollab.Dataset, table: str) -> None:
    frame = ds[table]
    assert type(frame) is pd.DataFrame
    assert frame.index.equals(pd.RangeIndex(len(frame)))
    assert set(ds.schema(table)["primaryKey"]) <= set(frame.columns)


@pytest.mark.parametrize("table", TABLES)
def test_loading_and_writing_gives_the_shipped_file_byte_for_byte(ds: evcollab.Dataset, table: str) -> None:
    schema = ds.package.schema(table)
    text = csvfile.write(list(schema.fields), types.to_text(ds[table], schema))
    assert text.encode() == ds.package.read_bytes(table)


@pytest.mark.parametrize("table", TABLES)
def test_loading_writing_and_loading_is_the_identity(ds: evcollab.Dataset, table: str, package: Path) -> None:
    schema = ds.package.schema(table)
    written = csvfile.write(list(schema.fields), types.to_text(ds[table], schema))
    (package / "data" / f"{table}.csv").write_text(written, encoding="utf-8", newline="")
    pd.testing.assert_frame_equal(evcollab.load(package)[table], ds[table])


@pytest.mark.parametrize("table", TABLES)
def test_describe_has_the_dtype_of_every_loaded_column(ds: evcollab.Dataset, table: str) -> None:
    frame = ds[table]
    described = ds.describe(table)
    assert described["column"].tolist() == [name for name in frame.columns if not name.endswith("_precision")]
    assert described["dtype"].tolist() == [str(frame[name].dtype) for name in described["column"]]


def test_changing_a_frame_changes_nobody_elses(ds: evcollab.Dataset) -> None:
    mine = ds.events
    mine.loc[0, "name"] = "changed"
    mine.loc[0, "topics"].append("changed")
    mine["new"] = 1
    again = ds.events
    assert again.loc[0, "name"] != "changed"
    assert "changed" not in again.loc[0, "topics"]
    assert "new" not in again.columns


def test_changing_a_schema_changes_nobody_elses(ds: evcollab.Dataset) -> None:
    ds.schema("events")["fields"].clear()
    assert ds.schema("events")["fields"]


def test_a_table_is_read_once_by_many_threads(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []
    genuine = types.read
    monkeypatch.setattr(types, "read", lambda *args: (reads.append(args[1]), genuine(*args))[1])
    dataset = evcollab.load(package)
    start = threading.Barrier(8)
    frames: list[pd.DataFrame] = []

    def work() -> None:
        start.wait()
        frames.append(dataset.claims)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reads == ["data/claims.csv"]
    assert all(frame.equals(frames[0]) for frame in frames)


def test_loading_reads_no_table(package: Path) -> None:
    (package / "data" / "events.csv").write_bytes(b"\xff")
    assert evcollab.load(package).version


def test_a_misspelt_table_gets_near_matches(ds: evcollab.Dataset) -> None:
    with pytest.raises(evcollab.UnknownNameError, match="did you mean events"):
        ds["evnts"]


def test_an_unknown_name_is_also_a_lookup_error(ds: evcollab.Dataset) -> None:
    with pytest.raises(LookupError):
        ds.schema("nothing")


def test_namibia_is_not_missing(ds: evcollab.Dataset) -> None:
    countries = ds.countries
    assert countries.loc[countries["country_code"] == "NAM", "alpha2"].tolist() == ["NA"]
    assert not countries[["country_code", "alpha2", "name"]].isna().any().any()


def test_repr_shows_tables_and_counts(ds: evcollab.Dataset) -> None:
    assert "countries (250)" in repr(ds)
    assert ds.version in repr(ds)


def test_a_record_is_the_row_as_text(ds: evcollab.Dataset) -> None:
    record = ds.record("events", "lao-ev-forum-2023")
    assert (record["start_date"], record["edition"], record["venue"]) == ("2023-07-07", "2", "")


def test_a_misspelt_record_gets_near_matches(ds: evcollab.Dataset) -> None:
    with pytest.raises(evcollab.UnknownNameError, match="did you mean lao-ev-forum-2023"):
        ds.record("events", "lao-ev-forum-2032")


def test_a_data_set_is_asked_for_its_tables_like_a_mapping(ds: evcollab.Dataset) -> None:
    assert "events" in ds
    assert "event" not in ds
    assert list(ds) == ds.tables
    assert len(ds) == len(TABLES)


def test_a_notebook_shows_tables_counts_versions_and_citation(ds: evcollab.Dataset) -> None:
    shown = ds._repr_html_()
    assert all(f"<code>{table}</code>" in shown for table in TABLES)
    assert ds.version in shown
    assert evcollab.__version__ in shown
    assert "CC-BY-4.0" in shown
