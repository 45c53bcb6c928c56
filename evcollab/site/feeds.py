"""What programs read: JSON-LD, the Atom feed, the sitemap and llms.txt."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from evcollab import publication
from evcollab.exports import jsonld
from evcollab.site import addresses
from evcollab.site.frame import Page, Site
from evcollab.site.records import Row

ENTRIES = 60
"""How many entries the feed has."""


class Linked:
    """The nodes of schema.org for pages, made by the export's own functions, with the page as identifier."""

    def __init__(self, site: Site, files: list[dict[str, Any]]) -> None:
        self.site, self.files = site, files
        self._nodes: dict[str, dict[str, Any]] = {}
        self._add("events", jsonld.events(site.ds, self._iri))
        self._add("organisations", jsonld.organisations(site.ds, self._iri))

    def _iri(self, table: str, identifier: str) -> str:
        return f"{self.site.address}{addresses.page(table, identifier)}" if self.site.address else ""

    def _add(self, table: str, nodes: list[dict[str, Any]]) -> None:
        for node in nodes:
            self._nodes[addresses.page(table, node["identifier"])] = node

    def of(self, page: Page) -> dict[str, Any]:
        """The JSON-LD of a page: the data set, an event, an organisation, or a page that belongs to it."""
        if page.path in ("", "data/"):
            node = {**jsonld.data_set(self.site.ds), "distribution": self._distribution(), **self._reach()}
            if self.site.address:
                node |= {"@id": self.site.address, "url": self.site.address}
        elif page.path in self._nodes:
            node = self._nodes[page.path]
        else:  # relative addresses are enough for what says no more than that it is a page of the site
            node = {"@type": "WebPage", "@id": "./", "isPartOf": {"@id": addresses.root(page.path)}}
        own = {term: told for term, told in jsonld.CONTEXT.items() if term == "@vocab" or term in node}
        context = "https://schema.org/" if node["@type"] == "WebPage" else own
        return {"@context": context, **(node if self.site.address else _without_ids(node))}

    def _distribution(self) -> list[dict[str, Any]]:
        return [
            {
                "@type": "DataDownload",
                "name": file["what"],
                "encodingFormat": file["type"],
                "contentUrl": f"{self.site.address}{file['href']}" if self.site.address else file["href"],
                "contentSize": f"{file['bytes']} B",
            }
            for file in self.files
        ]

    def _reach(self) -> dict[str, Any]:
        """Time and place that the events cover."""
        years = sorted(row["start_date"][:4] for row in self.site.rows("events").values() if row["start_date"])
        reach: dict[str, Any] = {"temporalCoverage": f"{years[0]}/{years[-1]}"} if years else {}
        if self.site.rows("countries"):
            reach["spatialCoverage"] = {"@type": "Place", "name": "World"}
        return reach


def _without_ids(node: Any) -> Any:
    """A node without identifiers, and without what only they would have told."""
    if isinstance(node, list):
        return [each for item in node if (each := _without_ids(item)) not in ({}, [], None)]
    if not isinstance(node, dict):
        return node
    kept = {key: _without_ids(value) for key, value in node.items() if key != "@id"}
    return {key: value for key, value in kept.items() if value not in ({}, [], None, "")}


def atom(site: Site, pages: list[Page]) -> str:
    """What is new: the records whose sources were read last."""
    newest = sorted(pages, key=lambda page: (page.modified, _day(site, page), page.path), reverse=True)[:ENTRIES]
    name = f"urn:evcollab:{site.ds.name}"
    updated = max((page.modified for page in newest), default="") or "1980-01-01"
    link = (
        f'<link href={quoteattr(site.address)}/><link rel="self" href={quoteattr(site.address + "feed.xml")}/>'
        if site.address
        else ""
    )
    entries = "".join(
        f"<entry><id>{escape(f'{name}:{page.path}')}</id><title>{escape(page.title)}</title>"
        f"<updated>{page.modified}T00:00:00Z</updated><link href={quoteattr(site.address + page.path)}/>"
        f"<summary>{escape(page.description)}</summary></entry>\n"
        for page in newest
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>{escape(name)}</id>'
        f"<title>{escape(site.title)}: what is new</title><updated>{updated}T00:00:00Z</updated>"
        f"<author><name>{escape(site.title)}</name></author>{link}\n{entries}</feed>\n"
    )


def _day(site: Site, page: Page) -> str:
    row = site.rows(page.table).get(str(page.content.get("id", "")), Row())
    return row["start_date"] or row["announced_date"]


def sitemap(site: Site, pages: list[tuple[str, str]]) -> str:
    """Every page with the last day on which something about it was read."""
    lines = "".join(
        f"<url><loc>{escape(site.address + path)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>\n"
        for path, day in sorted(pages)
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n'


def llms(site: Site, files: list[dict[str, Any]]) -> str:
    """What a language model should know before it reads the site (llms.txt)."""
    descriptor = site.ds.package.descriptor
    tables = {item["name"]: str(item.get("title") or item["name"]) for item in descriptor["resources"]}
    lines = [
        f"# {publication.title(descriptor)}",
        "",
        f"> {descriptor.get('description', '')}",
        "",
        "Every record has a page `<table>/<identifier>/`, and as JSON, with claims, at `<table>/<identifier>.json`.",
        "An empty cell means not known, never no. Where sources disagree, say so and name both values.",
        f"Cite: {site.ds.cite()}",
        "",
        "## Tables",
        "",
        *(
            f"- [{tables[table]}]({site.address}{table}.json): {len(site.rows(table))} records"
            for table in addresses.PAGES
            if site.rows(table)
        ),
        "",
        "## Data",
        "",
        *(f"- [{file['what']}]({site.address}{file['href']})" for file in files),
        "",
        "## Documentation",
        "",
        f"- [Tables and codes]({site.address}docs/tables/)",
        "",
    ]
    return "\n".join(lines)
