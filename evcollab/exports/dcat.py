"""DCAT 3: the data set and its tables as a data portal harvests them, as JSON-LD in the terms of DCAT-AP."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from evcollab import publication, types

if TYPE_CHECKING:
    from evcollab.dataset import Dataset

Node = dict[str, Any]

_MEDIA = "https://www.iana.org/assignments/media-types/"
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write a record of the data set, with a distribution for each table."""
    record = {"@context": CONTEXT, **_data_set(dataset)}
    text = json.dumps(record, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    if publication.home(dataset.package.descriptor):
        return []
    return ["the package has no `homepage`: the addresses of the tables are relative to the folder of datapackage.json"]


def _data_set(dataset: Dataset) -> Node:
    descriptor = dataset.package.descriptor
    home, repository = publication.home(descriptor), publication.repository(descriptor)
    people = [
        {"@type": "foaf:Agent", "foaf:name": person["title"]}
        for person in descriptor.get("contributors", [])
        if person.get("title")
    ]
    where = {"@id": f"{repository}/issues"}
    return _filled(
        {
            "@id": publication.address(descriptor) or f"urn:evcollab:{dataset.name}",
            "@type": "dcat:Dataset",
            "dct:identifier": publication.doi(descriptor) or dataset.name,
            "dct:title": _words(descriptor.get("title") or dataset.name),
            "dct:description": _words(descriptor.get("description") or descriptor.get("title") or dataset.name),
            "dcat:version": dataset.version,
            "dct:modified": _day(str(descriptor.get("created") or "")),
            "dct:license": _licence(descriptor),
            "dcat:keyword": [_words(word) for word in descriptor.get("keywords", [])],
            "dct:creator": people,
            "dct:publisher": people[0] if people else None,
            "dcat:landingPage": home and {"@id": home, "@type": "foaf:Document"},
            "dcat:contactPoint": repository
            and {"@type": "vcard:Kind", "vcard:fn": descriptor.get("title") or dataset.name, "vcard:hasURL": where},
            "dct:source": [{"@id": source["path"]} for source in descriptor.get("sources", []) if source.get("path")],
            "dct:temporal": _period(dataset),
            "dcat:distribution": [_table(dataset, table) for table in dataset.tables],
        }
    )


def _table(dataset: Dataset, table: str) -> Node:
    """A table as a distribution; its address leads to the release, or beside the record while no home is known."""
    descriptor, resource = dataset.package.descriptor, dataset.package.resource(table)
    file, repository = quote(dataset.package.files[table]), publication.repository(descriptor)
    at, download = publication.home(descriptor) or file, "" if publication.home(descriptor) else file
    if repository:
        at, download = (f"{repository}/{kind}/{publication.TAG}{dataset.version}/{file}" for kind in ("blob", "raw"))
    algorithm, _, digest = str(resource.get("hash", "")).rpartition(":")
    checksum = {
        "@type": "spdx:Checksum",
        "spdx:algorithm": {"@id": f"spdx:checksumAlgorithm_{algorithm}"},
        "spdx:checksumValue": {"@value": digest, "@type": "xsd:hexBinary"},
    }
    size = resource.get("bytes")
    return _filled(
        {
            "@type": "dcat:Distribution",
            "dct:title": _words(resource.get("title") or table),
            "dct:description": _words(dataset.package.schema(table).spec.get("description") or table),
            "dcat:accessURL": {"@id": at},
            "dcat:downloadURL": download and {"@id": download},
            "dcat:mediaType": {"@id": f"{_MEDIA}text/csv"},
            "dct:format": {"@id": f"{_FILE_TYPE}CSV"},
            "dcat:byteSize": size is not None and {"@value": str(size), "@type": "xsd:nonNegativeInteger"},
            "spdx:checksum": checksum if digest else None,
            "dct:license": _licence(descriptor),
        }
    )


def _period(dataset: Dataset) -> Node | None:
    """The years of the events."""
    schema = dataset.package.schemas.get("events")
    if (
        schema is None
        or "start_date" not in schema.fields
        or types.kind_of(schema.field("start_date")) != "partial_date"
    ):
        return None
    years = dataset["events"]["start_date"].dropna().dt.year
    if years.empty:
        return None
    first, last = ({"@value": str(int(year)), "@type": "xsd:gYear"} for year in (years.min(), years.max()))
    return {"@type": "dct:PeriodOfTime", "dcat:startDate": first, "dcat:endDate": last}


def _licence(descriptor: dict[str, Any]) -> list[Node]:
    return [{"@id": licence["path"]} for licence in descriptor.get("licenses", []) if licence.get("path")]


def _day(moment: str) -> Node | None:
    return {"@value": moment[:10], "@type": "xsd:date"} if moment else None


def _words(text: Any) -> Node:
    return {"@value": str(text), "@language": "en"}


def _filled(node: Node) -> Node:
    return {key: value for key, value in node.items() if value}
