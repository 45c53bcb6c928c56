"""DCAT 3: the data set and its tables as a data portal harvests them, as JSON-LD in the terms of DCAT-AP."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from evcollab import publication
from evcollab.dataset import Dataset
from evcollab.exports.about import as_json
from evcollab.publication import filled

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
    path.write_bytes(as_json({"@context": CONTEXT, **_data_set(dataset)}))
    if publication.home(dataset.package.descriptor):
        return []
    return ["the package has no `homepage`: the addresses of the tables are relative to the folder of datapackage.json"]


def _data_set(dataset: Dataset) -> Node:
    descriptor = dataset.package.descriptor
    home, repository = publication.home(descriptor), publication.repository(descriptor)
    title, day = publication.title(descriptor), publication.day(descriptor)
    people = [{"@type": "foaf:Agent", "foaf:name": each["title"]} for each in publication.people(descriptor)]
    contact = {"@type": "vcard:Kind", "vcard:fn": title, "vcard:hasURL": {"@id": f"{repository}/issues"}}
    return filled(
        {
            "@id": publication.address(descriptor) or f"urn:evcollab:{dataset.name}",
            "@type": "dcat:Dataset",
            "dct:identifier": publication.doi(descriptor) or dataset.name,
            "dct:title": _words(title),
            "dct:description": _words(descriptor.get("description") or title),
            "dcat:version": dataset.version,
            "dct:modified": day and {"@value": day, "@type": "xsd:date"},
            "dct:license": _licence(descriptor),
            "dcat:keyword": [_words(word) for word in descriptor.get("keywords", [])],
            "dct:creator": people,
            "dct:publisher": people[0] if people else None,
            "dcat:landingPage": home and {"@id": home, "@type": "foaf:Document"},
            "dcat:contactPoint": repository and contact,
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
    digest = resource.get("hash", "").removeprefix("sha256:")
    checksum = {
        "@type": "spdx:Checksum",
        "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
        "spdx:checksumValue": {"@value": digest, "@type": "xsd:hexBinary"},
    }
    size = resource.get("bytes")
    return filled(
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
    years = dataset.events["start_date"].dropna().dt.year
    if years.empty:
        return None
    first, last = ({"@value": str(int(year)), "@type": "xsd:gYear"} for year in (years.min(), years.max()))
    return {"@type": "dct:PeriodOfTime", "dcat:startDate": first, "dcat:endDate": last}


def _licence(descriptor: dict[str, Any]) -> list[Node]:
    return [{"@id": path} for path in publication.licences(descriptor, "path")]


def _words(text: Any) -> Node:
    return {"@value": str(text), "@language": "en"}
