"""The data set, its events and its organisations in the words of schema.org, as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from evcollab import publication
from evcollab.dataset import Dataset
from evcollab.exports.about import records
from evcollab.publication import filled
from evcollab.questions.lookup import facts

Node = dict[str, Any]
Iri = Callable[[str, str], str]
CONTEXT = {
    "@vocab": "https://schema.org/",
    **{name: {"@type": "@id"} for name in ("license", "sameAs", "url")},
    **{name: {"@type": "@vocab"} for name in ("eventStatus", "eventAttendanceMode")},
}


def write(dataset: Dataset, path: Path) -> list[str]:
    """Write one JSON-LD document with the data set, its events and its organisations as a graph."""
    graph = [data_set(dataset), *events(dataset), *organisations(dataset)]
    text = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=0, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return []


def data_set(dataset: Dataset) -> Node:
    """The data set as a schema.org Dataset."""
    descriptor = dataset.package.descriptor
    address = publication.address(descriptor)
    return filled(
        {
            "@type": "Dataset",
            "@id": address or f"urn:evcollab:{dataset.name}",
            "name": publication.title(descriptor),
            "description": descriptor.get("description"),
            "version": dataset.version,
            "dateModified": publication.day(descriptor),
            "license": publication.licences(descriptor, "path", "name"),
            "keywords": descriptor.get("keywords"),
            "creator": [{"@type": "Organization", "name": each["title"]} for each in publication.people(descriptor)],
            "creditText": dataset.cite(),
            "url": address,
            "isAccessibleForFree": True,
            "variableMeasured": [resource.get("title") or resource["name"] for resource in descriptor["resources"]],
        }
    )


def events(dataset: Dataset, iri: Iri | None = None) -> list[Node]:
    """The events as schema.org Events; `iri` names a record of a table, by default with a URN."""
    name = iri or partial(_iri, dataset)
    part_of = facts(dataset, "participants", "role", "schema_org")
    status, mode = (facts(dataset, "events", column, "schema_org") for column in ("status", "mode"))
    parties: dict[str, dict[str, list[Node]]] = {}
    for row in records(dataset, "participants"):
        part = part_of.get(row["role"])
        if part == "attendee" and row["attendance"] != "confirmed":
            continue
        if row["organisation_id"] and part:
            party = {"@id": name("organisations", row["organisation_id"])}
            listed = parties.setdefault(row["event_id"], {}).setdefault(part, [])
            if party not in listed:
                listed.append(party)
    countries = {row["country_code"]: row for row in records(dataset, "countries")}
    nodes = []
    for row in records(dataset, "events"):
        country = countries.get(row["country_code"], {})
        address = filled(
            {"addressLocality": row["city"], "addressCountry": country.get("alpha2") or row["country_code"]}
        )
        place = filled({"name": row["venue"], "address": address and {"@type": "PostalAddress", **address}})
        node = {
            "@type": "Event",
            "@id": name("events", row["event_id"]),
            "identifier": row["event_id"],
            "name": row["name"],
            "alternateName": row["name_local"],
            "additionalType": row["kind"],
            "startDate": row["start_date"],
            "endDate": row["end_date"],
            "eventStatus": status.get(row["status"], "EventScheduled"),
            "eventAttendanceMode": mode.get(row["mode"]),
            "location": place and {"@type": "Place", **place},
            "description": row["summary"],
            "keywords": _items(row["topics"]),
            "inLanguage": _items(row["languages"]),
            "url": row["url"],
            **parties.get(row["event_id"], {}),
        }
        nodes.append(filled(node))
    return nodes


def organisations(dataset: Dataset, iri: Iri | None = None) -> list[Node]:
    """The organisations as schema.org Organizations; `iri` as in `events`."""
    name = iri or partial(_iri, dataset)
    kinds = facts(dataset, "organisations", "kind", "schema_org")
    nodes = []
    for row in records(dataset, "organisations"):
        wikidata = row["wikidata_id"] and f"http://www.wikidata.org/entity/{row['wikidata_id']}"
        node = {
            "@type": kinds.get(row["kind"], "Organization"),
            "@id": name("organisations", row["organisation_id"]),
            "identifier": row["organisation_id"],
            "name": row["name"],
            "alternateName": [name for name in (row["short_name"], *_items(row["aliases"])) if name],
            "location": row["country_code"] and {"@type": "Country", "identifier": row["country_code"]},
            "parentOrganization": row["parent_id"] and {"@id": name("organisations", row["parent_id"])},
            "url": row["website"],
            "leiCode": row["lei"],
            "sameAs": [iri for iri in (wikidata, row["ror_id"]) if iri],
        }
        nodes.append(filled(node))
    return nodes


def _iri(dataset: Dataset, table: str, record: str) -> str:
    return f"urn:evcollab:{dataset.name}:{table}:{record}"


def _items(text: str) -> list[str]:
    return text.split(";") if text else []
