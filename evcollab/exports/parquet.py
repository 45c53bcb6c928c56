"""Parquet files, one for each table."""

from __future__ import annotations

from pathlib import Path

from evcollab.dataset import Dataset
from evcollab.errors import needed


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a folder of Parquet files, `<table>.parquet`."""
    parquet = needed("pyarrow.parquet", "the export to Parquet", "export")
    path.mkdir()
    for table in dataset.tables:
        parquet.write_table(dataset.to_arrow(table), path / f"{table}.parquet", compression="zstd")
    return []
