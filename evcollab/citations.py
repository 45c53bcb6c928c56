"""How to cite the data set and its sources: as text, BibTeX or CSL-JSON.

Everything is a CSL-JSON item first (citationstyles.org); text and BibTeX are written from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evcollab import publication
from evcollab.errors import UnknownNameError

Item = dict[str, Any]
_TYPES = {
    "academic": "article-journal",
    "agreement_text": "treaty",
    "dataset": "dataset",
    "law": "legislation",
    "news": "article-newspaper",
    "report": "report",
    "social": "post",
    "trade_press": "article-magazine",
}
"""Kind of a source → type of a CSL item; all others are web pages."""


def package_item(descriptor: Mapping[str, Any]) -> Item:
    """The data set itself as a CSL-JSON item."""
    name, version = str(descriptor.get("name", "")), str(descriptor.get("version", ""))
    return publication.filled(
        {
            "id": "-".join(filter(None, (name, version))),
            "type": "dataset",
            "title": publication.title(descriptor),
            "author": [{"literal": person["title"]} for person in publication.people(descriptor)],
            "issued": _date(publication.day(descriptor)[:4]),
            "version": version,
            "genre": "data set",
            "note": ", ".join(publication.licences(descriptor, "name")),
            "URL": publication.address(descriptor),
        }
    )


def facts(descriptor: Mapping[str, Any]) -> dict[str, str]:
    """Name, title, description, version, date, licence and citation of a data set."""
    licences = [" ".join(filter(None, map(item.get, ("name", "path")))) for item in descriptor.get("licenses", [])]
    return {
        **{key: str(descriptor.get(key, "")) for key in ("name", "title", "description", "version", "created")},
        "title": publication.title(descriptor),
        "licence": ", ".join(licences),
        "citation": write([package_item(descriptor)], "text"),
    }


def source_item(source: Mapping[str, str]) -> Item:
    """A document as a CSL-JSON item, from a row of `sources` as text."""
    return publication.filled(
        {
            "id": source["source_id"],
            "type": _TYPES.get(source["kind"], "webpage"),
            "title": source["title"],
            "author": source["author"] and [{"literal": source["author"]}],
            "publisher": source["publisher"],
            "issued": _date(source["published_date"]),
            "language": source["language"],
            "URL": source["url"],
            "archive_location": source["archive_url"],
            "accessed": _date(source["accessed_date"]),
        }
    )


def write(items: Sequence[Item], style: str) -> str:
    """Write citations in one of the `STYLES`; raises UnknownNameError if it is none of them."""
    if style not in _WRITERS:
        raise UnknownNameError("citation style", style, STYLES)
    return _WRITERS[style](items)


def _text(item: Item) -> str:
    publisher = item.get("publisher", "")
    people = ", ".join(person["literal"] for person in item.get("author", ())) or publisher
    parts = (
        f"{people} ({_written(item.get('issued')) or 'n.d.'})".strip(),
        item.get("title", ""),
        publisher if publisher != people else "",
        f"Version {item['version']}" if "version" in item else "",
        item.get("genre", "").capitalize(),
        item.get("note", ""),
    )
    sentences = ". ".join(filter(None, parts))
    read = f" (read {_written(item['accessed'])})" if "accessed" in item else ""
    return f"{sentences}. {item.get('URL', '')}{read}".strip()


def _bibtex(item: Item) -> str:
    people = " and ".join(f"{{{_latex(person['literal'])}}}" for person in item.get("author", ()))
    issued = item.get("issued", {}).get("date-parts", [[]])[0]
    address = item.get("URL", "")
    fields = {
        "author": people or f"{{{_latex(item.get('publisher', ''))}}}",
        "title": f"{{{_latex(item.get('title', ''))}}}",  # doubled braces: no style may change the case
        "publisher": _latex(item.get("publisher", "")),
        "year": f"{issued[0]:04}" if issued else "n.d.",
        "date": _written(item.get("issued")),
        "version": _latex(item.get("version", "")),
        "note": _latex(item.get("note", "")),
        "url": "".join(f"%{ord(letter):02X}" if letter in '{}\\" ' else letter for letter in address),
        "urldate": _written(item.get("accessed")),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value not in ("", "{}")]
    if len(issued) > 1:
        lines.append(f"  month = {_MONTHS[issued[1] - 1]},")
    return "\n".join([f"@misc{{{re.sub('[^A-Za-z0-9_.:-]', '-', item['id'])},", *lines, "}"])


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPECIAL = {
    **{letter: f"\\{letter}" for letter in "#$%&_"},
    "{": r"\textbraceleft{}",  # \{ would not do: BibTeX counts it as an open brace
    "}": r"\textbraceright{}",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def _latex(text: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in text)


_WRITERS: dict[str, Callable[[Sequence[Item]], str]] = {
    "text": lambda items: "\n".join(map(_text, items)),
    "bibtex": lambda items: "\n\n".join(map(_bibtex, items)),
    "csl-json": lambda items: json.dumps(list(items), ensure_ascii=False, indent=2),
}
STYLES = tuple(_WRITERS)


def _date(text: str) -> dict[str, Any]:
    """A partial date as CSL has it: as many parts as are known; nothing for no date."""
    return {"date-parts": [[int(part) for part in text.split("-")]]} if text else {}


def _written(date: Mapping[str, Any] | None) -> str:
    if not date:
        return ""
    year, *rest = date["date-parts"][0]
    return "-".join([f"{year:04}", *(f"{part:02}" for part in rest)])
