"""Parquet files, one for each table."""

from __future__ import annotations

from pathlib import Path

from evcollab.dataset import Dataset
from evcollab.errors import MissingExtraError


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a folder of Parquet files, `<table>.parquet`."""
    try:
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError("the export to Parquet", "export") from None
    path.mkdir()
    for table in dataset.tables:
        pq.write_table(dataset.to_arrow(table), path / f"{table}.parquet", compression="zstd")
    return []
