"""A data set for the Hugging Face Hub: a card, `README.md`, beside the tables as Parquet files.

Parquet rather than CSV, since the Hub guesses the types of CSV cells: Namibia's code `NA` gets lost.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from evcollab import publication
from evcollab.exports import about, parquet
from evcollab.text import markdown_table

if TYPE_CHECKING:
    from evcollab.dataset import Dataset

CARD = "README.md"
_SIZES = {10**3: "n<1K", 10**4: "1K<n<10K", 10**5: "10K<n<100K", 10**6: "100K<n<1M", 10**7: "1M<n<10M"}


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a folder with a Parquet file per table and the card, ready to be uploaded."""
    parquet.write(dataset, path)
    text = f"---\n{_front(dataset)}---\n\n{_body(dataset)}"
    (path / CARD).write_text(text, encoding="utf-8", newline="\n")
    return _empty(dataset)


def _empty(dataset: Dataset) -> list[str]:
    """What the user should know of tables that the library `datasets` cannot read."""
    empty = [table for table in dataset.tables if dataset[table].empty]
    if not empty:
        return []
    return [f"{', '.join(empty)}: without rows, so not a configuration of the card; the Parquet file is there"]


def _front(dataset: Dataset) -> str:
    """The metadata of the card as YAML: each value is JSON, which YAML takes as it is."""
    descriptor = dataset.package.descriptor
    rows = sum(len(dataset[table]) for table in dataset.tables)
    filled = [table for table in dataset.tables if not dataset[table].empty]
    metadata: dict[str, Any] = {
        "pretty_name": str(descriptor.get("title") or dataset.name),
        "license": [str(item["name"]).lower() for item in descriptor.get("licenses", []) if item.get("name")],
        "tags": [*descriptor.get("keywords", ()), "tabular"],
        "size_categories": [next((size for limit, size in _SIZES.items() if rows < limit), "10M<n<100M")],
        "configs": [
            {"config_name": table, "data_files": f"{table}.parquet", **({} if number else {"default": True})}
            for number, table in enumerate(filled)
        ],
    }
    return "".join(f"{key}: {publication.yaml_value(value)}\n" for key, value in metadata.items() if value)


def _body(dataset: Dataset) -> str:
    facts, descriptor = about.facts(dataset), dataset.package.descriptor
    first = next((table for table in dataset.tables if not dataset[table].empty), "events")
    tables = [
        [f"`{table}`", str(len(dataset[table])), " ".join(str(schema.spec.get("description", "")).split())]
        for table, schema in dataset.package.schemas.items()
    ]
    home = publication.address(descriptor)
    people = ", ".join(person["title"] for person in descriptor.get("contributors", []) if person.get("title"))
    known = {"Home": home, "Version": facts["version"], "Licence": facts["licence"], "By": people}
    parts = [
        f"# {facts['title']}",
        facts["description"],
        "\n".join(f"- {name}: {value}" for name, value in known.items() if value),
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
