"""What is exported and read back by the format's own reader is, cell by cell, what stands in the tables."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import evcollab
from evcollab.exports import FORMATS, export
from tests.conftest import examples, some
from tests.exports import registers
from tests.exports.readers import READERS, expected

EVERY = pytest.mark.parametrize("format", READERS)


@pytest.mark.parametrize("format", some(READERS, 3))
def test_the_shipped_tables_come_back_cell_by_cell(
    ds: evcollab.Dataset, format: str, made: Callable[[str], Path]
) -> None:
    assert READERS[format](made(format), ds) == expected(ds)


@EVERY
def test_texts_that_look_like_something_else_come_back_as_they_were(
    nasty: evcollab.Dataset, format: str, tmp_path: Path
) -> None:
    export(nasty, format, tmp_path / "made")
    assert READERS[format](tmp_path / "made", nasty) == expected(nasty)


@settings(max_examples=examples(6), deadline=None, suppress_health_check=list(HealthCheck))
@given(registers.generated())
def test_generated_tables_come_back_from_every_format(tables: dict[str, list[dict[str, str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        dataset = registers.write(Path(folder) / "package", tables)
        for format in set(READERS) - {"croissant", "datasette"}:  # they hold what Parquet and SQLite hold
            made = Path(folder) / format
            export(dataset, format, made)
            assert READERS[format](made, dataset) == expected(dataset), format


@pytest.mark.parametrize("format", sorted(set(FORMATS) - {"duckdb"}))
def test_the_same_data_give_the_same_bytes(
    small: evcollab.Dataset, format: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    export(small, format, tmp_path / "first")
    later = time.time() + 10**6
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *seconds: time.gmtime(later))
    export(evcollab.load(small.package.path), format, tmp_path / "second")
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def contents(path: Path) -> dict[str, bytes]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {str(file.relative_to(path)): file.read_bytes() for file in files}
