"""A data set for the Hugging Face Hub: a card, `README.md`, beside the tables as Parquet files.

Parquet rather than CSV, since the Hub guesses the types of CSV cells: Namibia's code `NA` gets lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evcollab import publication
from evcollab.dataset import Dataset
from evcollab.exports import about, parquet
from evcollab.text import markdown_table

_SIZES = {10**3: "n<1K", 10**4: "1K<n<10K", 10**5: "10K<n<100K", 10**6: "100K<n<1M", 10**7: "1M<n<10M"}


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a folder with a Parquet file per table and the card, ready to be uploaded."""
    parquet.write(dataset, path)
    rows = {table: len(dataset[table]) for table in dataset.tables}
    (path / "README.md").write_bytes(f"---\n{_front(dataset, rows)}---\n\n{_body(dataset, rows)}".encode())
    empty = ", ".join(table for table, count in rows.items() if not count)  # the library `datasets` cannot read them
    return [f"{empty}: without rows, so not a configuration of the card; the Parquet file is there"] if empty else []


def _front(dataset: Dataset, rows: Mapping[str, int]) -> str:
    """The metadata of the card as YAML: each value is JSON, which YAML takes as it is."""
    descriptor = dataset.package.descriptor
    total = sum(rows.values())
    metadata: dict[str, Any] = {
        "pretty_name": publication.title(descriptor),
        "license": [name.lower() for name in publication.licences(descriptor, "name")],
        "tags": [*descriptor.get("keywords", ()), "tabular"],
        "size_categories": [next((size for limit, size in _SIZES.items() if total < limit), "10M<n<100M")],
        "configs": [
            {"config_name": table, "data_files": f"{table}.parquet", **({} if number else {"default": True})}
            for number, table in enumerate(filter(rows.get, rows))
        ],
    }
    return "".join(f"{key}: {publication.yaml_value(value)}\n" for key, value in metadata.items() if value)


def _body(dataset: Dataset, rows: Mapping[str, int]) -> str:
    facts, descriptor = about.facts(dataset), dataset.package.descriptor
    first = next(filter(rows.get, rows), "events")
    tables = [
        [f"`{table}`", str(rows[table]), " ".join(str(schema.spec.get("description", "")).split())]
        for table, schema in dataset.package.schemas.items()
    ]
    people = ", ".join(person["title"] for person in publication.people(descriptor))
    known = {"Home": publication.address(descriptor), "Version": facts["version"], "Licence": facts["licence"]}
    parts = [
        f"# {facts['title']}",
        facts["description"],
        "\n".join(f"- {name}: {value}" for name, value in {**known, "By": people}.items() if value),
        "## Tables",
        markdown_table(["configuration", "rows", "what is in it"], tables),
        "What each column and each code means stands in the metadata of the Parquet files.",
        f'```python\nfrom datasets import load_dataset\n\nload_dataset("OWNER/NAME", "{first}", split="train")\n```',
        "The day of a partial date is a bound, not a fact: `<column>_precision` says how exact it is. "
        "An empty cell means not known, never no.",
        "## Citation",
        f"```bibtex\n{dataset.cite(style='bibtex')}\n```",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
