"""Croissant 1.0: the data set described for machine-learning tools, beside its tables as Parquet files.

Parquet rather than CSV, since readers of Croissant guess the types of CSV cells: Namibia's code `NA` gets lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evcollab import types
from evcollab.dataset import Dataset
from evcollab.exports import jsonld, parquet
from evcollab.exports.about import as_json
from evcollab.package import Schema

FILE = "croissant.json"
_TERMS = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format"),
    *("includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex"),
    *("repeated", "replace", "samplingRate", "separator", "source", "subField", "transform"),
)
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "conformsTo": "dct:conformsTo",
    **{term: f"cr:{term}" for term in _TERMS},
}


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a folder with the tables as Parquet files and `croissant.json`."""
    parquet.write(dataset, path)
    about = jsonld.data_set(dataset)
    published = about.pop("dateModified", "")
    for name in ("@id", "@type", "creditText", "variableMeasured"):
        about.pop(name, None)
    document = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        **about,
        "name": dataset.name,
        "alternateName": about["name"],
        "datePublished": published,
        "citeAs": dataset.cite(style="bibtex"),
        "distribution": [_file(path / f"{table}.parquet") for table in dataset.tables],
        "recordSet": [_records(schema) for schema in dataset.package.schemas.values()],
    }
    (path / FILE).write_bytes(as_json({key: value for key, value in document.items() if value != ""}))
    return []


def _file(file: Path) -> dict[str, Any]:
    data = file.read_bytes()
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": f"{len(data)} B",
        "encodingFormat": "application/x-parquet",
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _records(schema: Schema) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": schema.table,
        "name": schema.table,
        "description": str(schema.spec.get("description", "")),
        "key": [{"@id": f"{schema.table}/{name}"} for name in schema.primary_key],
        "field": list(_fields(schema)),
    }


def _fields(schema: Schema) -> Iterator[dict[str, Any]]:
    for field in schema.fields.values():
        kind = types.kind_of(field)
        column = _field(schema, field.name, types.NATIVE[kind].schema_org, field.description)
        if field.spec.get("format") == "uri":
            column["dataType"] = ["sc:Text", "sc:URL"]
        if kind == "list":
            column["repeated"] = True
        if field.name in schema.foreign_keys:
            # in words: with `references`, mlcroissant cannot read tables that refer in a circle
            column["description"] += f" Refers to {'/'.join(schema.foreign_keys[field.name])}."
        yield column
        if kind == "partial_date":
            exactness = f"How exact {field.name} is: year, month or day."
            yield _field(schema, field.name + types.PRECISION, types.NATIVE["code"].schema_org, exactness)


def _field(schema: Schema, name: str, data_type: str, description: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{schema.table}/{name}",
        "name": name,
        "description": description,
        "dataType": data_type,
        "source": {"fileObject": {"@id": f"{schema.table}.parquet"}, "extract": {"column": name}},
    }
