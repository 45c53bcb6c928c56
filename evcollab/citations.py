"""How to cite the data set and its sources: as text, BibTeX or CSL-JSON.

Everything is a CSL-JSON item first (citationstyles.org); text and BibTeX are written from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args

from evcollab import publication
from evcollab.errors import UnknownNameError

Style = Literal["text", "bibtex", "csl-json"]
STYLES: tuple[Style, ...] = get_args(Style)
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
    people = [person["title"] for person in descriptor.get("contributors", []) if person.get("title")]
    licences = ", ".join(licence.get("name", "") for licence in descriptor.get("licenses", []))
    item = {
        "id": "-".join(part for part in (name, version) if part),
        "type": "dataset",
        "title": str(descriptor.get("title") or name),
        "author": [{"literal": person} for person in people],
        "issued": _date(str(descriptor.get("created", ""))[:4]),
        "version": version,
        "genre": "data set",
        "note": licences,
        "URL": publication.address(descriptor),
    }
    return {key: value for key, value in item.items() if value}


def facts(descriptor: Mapping[str, Any]) -> dict[str, str]:
    """Name, title, description, version, date, licence and citation of a data set."""
    licences = [" ".join(filter(None, map(item.get, ("name", "path")))) for item in descriptor.get("licenses", [])]
    name = str(descriptor.get("name", ""))
    return {
        "name": name,
        "title": str(descriptor.get("title") or name),
        "description": str(descriptor.get("description", "")),
        "version": str(descriptor.get("version", "")),
        "created": str(descriptor.get("created", "")),
        "licence": ", ".join(licences),
        "citation": write([package_item(descriptor)], "text"),
    }


def source_item(source: Mapping[str, str]) -> Item:
    """A document as a CSL-JSON item, from a row of `sources` as text."""
    item = {
        "id": source["source_id"],
        "type": _TYPES.get(source["kind"], "webpage"),
        "title": source["title"],
        "author": [{"literal": source["author"]}] if source["author"] else [],
        "publisher": source["publisher"],
        "issued": _date(source["published_date"]),
        "language": source["language"],
        "URL": source["url"],
        "archive_location": source["archive_url"],
        "accessed": _date(source["accessed_date"]),
    }
    return {key: value for key, value in item.items() if value}


def write(items: Sequence[Item], style: str) -> str:
    """Write citations in one of the `STYLES`; raises UnknownNameError if it is none of them."""
    if style not in _WRITERS:
        raise UnknownNameError("citation style", style, STYLES)
    return _WRITERS[style](items)


def _text(items: Sequence[Item]) -> str:
    return "\n".join(_text_of(item) for item in items)


def _text_of(item: Item) -> str:
    publisher = item.get("publisher", "")
    people = ", ".join(person["literal"] for person in item.get("author", ())) or publisher
    parts = [
        f"{people} ({_written(item.get('issued')) or 'n.d.'})".strip(),
        item.get("title", ""),
        publisher if publisher != people else "",
        f"Version {item['version']}" if "version" in item else "",
        item.get("genre", "").capitalize(),
        item.get("note", ""),
    ]
    sentences = ". ".join(part for part in parts if part)
    read = f" (read {_written(item['accessed'])})" if "accessed" in item else ""
    return f"{sentences}. {item.get('URL', '')}{read}".strip()


def _bibtex(items: Sequence[Item]) -> str:
    return "\n\n".join(_bibtex_of(item) for item in items)


def _bibtex_of(item: Item) -> str:
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


def _csl_json(items: Sequence[Item]) -> str:
    return json.dumps(list(items), ensure_ascii=False, indent=2)


_WRITERS: dict[str, Callable[[Sequence[Item]], str]] = {"text": _text, "bibtex": _bibtex, "csl-json": _csl_json}


def _date(text: str) -> dict[str, Any]:
    """A partial date as CSL has it: as many parts as are known; nothing for no date."""
    return {"date-parts": [[int(part) for part in text.split("-")]]} if text else {}


def _written(date: Mapping[str, Any] | None) -> str:
    if not date:
        return ""
    year, *rest = date["date-parts"][0]
    return "-".join([f"{year:04}", *(f"{part:02}" for part in rest)])
