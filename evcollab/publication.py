"""What indexes and archives read about a data set: its addresses, `CITATION.cff` and `.zenodo.json`.

Everything follows from the descriptor. The address of the whole project is its `homepage`, and nothing else says it.
The build of the Python package runs this file by itself, so it needs nothing but the standard library.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CITATION, ZENODO = "CITATION.cff", ".zenodo.json"
MARK = "# Written by  evcollab build  from datapackage.json; do not edit.\n"
"""How a CITATION.cff that is derived begins."""
TAG = "data-v"
"""A release of the data is tagged with this and its version."""
Descriptor = Mapping[str, Any]
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ORCID = re.compile(r"https?://orcid\.org/(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_TARGET = r"(?P<target>(?![\w+.-]+:|[#/])[^)\s]+)"
_PICTURE = re.compile(r"(?P<start>!\[[^][]*\]\()" + _TARGET)
_LINK = re.compile(r"(?P<start>\]\()" + _TARGET)
"""A picture or link of Markdown whose target is a file beside the page."""
_UNSEEN = re.compile("[^ -~\\u00a0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]")
"""What YAML does not take as it is, or takes for the end of a line."""


def home(descriptor: Descriptor) -> str:
    """The home address of a data set, without a slash at its end; empty until it is known."""
    return str(descriptor.get("homepage") or "").rstrip("/")


def repository(descriptor: Descriptor) -> str:
    """The home address if it is a repository on GitHub, else nothing."""
    address = home(descriptor)
    return address if re.fullmatch(r"https://github\.com/[^/]+/[^/]+", address) else ""


def site(descriptor: Descriptor) -> str:
    """The home address if a site may stand there: it is no repository."""
    return "" if repository(descriptor) else home(descriptor)


def doi(descriptor: Descriptor) -> str:
    """The DOI that is the `id` of a data set, such as 10.5281/zenodo.1; empty if it has none."""
    found = _DOI.fullmatch(str(descriptor.get("id") or ""))
    return found[1] if found else ""


def address(descriptor: Descriptor) -> str:
    """Where a data set is to be found: by its DOI, else at its `id` if that is a web page, else at home."""
    if found := doi(descriptor):
        return f"https://doi.org/{found}"
    identifier = str(descriptor.get("id") or "")
    return identifier if identifier.startswith(("https://", "http://")) else home(descriptor)


def title(descriptor: Descriptor) -> str:
    """What a data set is called: its title, else its name."""
    return str(descriptor.get("title") or descriptor.get("name") or "data set")


def day(descriptor: Descriptor) -> str:
    """The day on which a data set was made, as YYYY-MM-DD; empty if that is not told."""
    return str(descriptor.get("created") or "")[:10]


def people(descriptor: Descriptor) -> list[Mapping[str, str]]:
    """The contributors who have a name, which is their `title`."""
    return [person for person in descriptor.get("contributors", []) if person.get("title")]


def licences(descriptor: Descriptor, *keys: str) -> list[str]:
    """What is told of each licence: the first of these keys (`name`, `title`, `path`) that is filled."""
    told = (next(filter(None, map(item.get, keys)), "") for item in descriptor.get("licenses", []))
    return [str(text) for text in told if text]


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that hold something."""
    return {key: value for key, value in fields.items() if value}


def links(descriptor: Descriptor) -> dict[str, str]:
    """The addresses that a package index shows, by label; empty until there is a home address."""
    if not home(descriptor):
        return {}
    named = {"Homepage": home(descriptor)}
    if place := repository(descriptor):
        named |= {"Issues": f"{place}/issues", "Changelog": f"{place}/blob/main/CHANGELOG.md"}
    return named


def absolute(markdown: str, descriptor: Descriptor, revision: str) -> str:
    """A page with whole addresses in place of those of files beside it, as an index needs them.

    Args:
        markdown: the page.
        descriptor: says where the repository is. Without one, the page stays as it is.
        revision: the tag or branch that the addresses lead to.
    """
    if place := repository(descriptor):
        for pattern, kind in ((_PICTURE, "raw"), (_LINK, "blob")):
            markdown = pattern.sub(rf"\g<start>{place}/{kind}/{revision}/\g<target>", markdown)
    return markdown


def authors(descriptor: Descriptor) -> list[dict[str, str]]:
    """The names of the contributors, as in the metadata of a Python package."""
    return [{"name": person["title"]} for person in people(descriptor)]


def read(root: Path) -> dict[str, bytes]:
    """The files of a folder that tell how to cite it: name → content.

    Raises:
        OSError: a file cannot be read.
    """
    return {name: (root / name).read_bytes() for name in (CITATION, ZENODO) if (root / name).is_file()}


def renewed(descriptor: Descriptor, found: Mapping[str, bytes]) -> dict[str, bytes]:
    """These files as the descriptor would have them.

    A CITATION.cff that begins with `MARK` is written from the descriptor, and so is a `.zenodo.json` beside it. One
    that was written by hand gets version and day; a `.zenodo.json` beside it stays as it is.
    """
    citation = found.get(CITATION)
    if citation is None:
        return {}
    if citation.startswith(MARK.encode()):
        wanted = {CITATION: citation_file(descriptor), ZENODO: zenodo_file(descriptor)}
        return {name: wanted[name].encode("utf-8") for name in found}
    for key, value in (("version", descriptor.get("version")), ("date-released", day(descriptor))):
        if value:
            line = f"{key}: {yaml_value(str(value))}".replace("\\", r"\\").encode()
            citation = re.sub(rb"(?m)^" + key.encode() + rb":[^\r\n]*", line, citation)
    return {CITATION: citation}


def citation_file(descriptor: Descriptor) -> str:
    """The text of CITATION.cff (Citation File Format 1.2.0), which GitHub and reference managers read."""
    fields = {
        "cff-version": "1.2.0",
        "message": "If you use this data set, please cite it as below.",
        "type": "dataset",
        "title": title(descriptor),
        "abstract": descriptor.get("description"),
        "authors": [_cff_author(person) for person in people(descriptor)] or [{"name": title(descriptor)}],
        "version": descriptor.get("version"),
        "date-released": day(descriptor),
        "doi": doi(descriptor),
        "url": home(descriptor),
        "repository-code": repository(descriptor),
        "license": next(iter(licences(descriptor, "name")), ""),
        "keywords": descriptor.get("keywords"),
    }
    return MARK + "".join(_yaml(key, value) for key, value in filled(fields).items())


def zenodo_file(descriptor: Descriptor) -> str:
    """The text of `.zenodo.json`, from which Zenodo describes its copy of a release."""
    related = [{"identifier": home(descriptor), "relation": "isDocumentedBy", "scheme": "url"}]
    related += [
        {"identifier": source["path"], "relation": "isDerivedFrom", "scheme": "url"}
        for source in descriptor.get("sources", [])
        if str(source.get("path", "")).startswith(("https://", "http://"))
    ]
    fields = {
        "upload_type": "dataset",
        "title": title(descriptor),
        "description": f"<p>{html.escape(str(descriptor.get('description') or title(descriptor)), quote=False)}</p>",
        "creators": [_zenodo_author(person) for person in people(descriptor)] or [{"name": title(descriptor)}],
        "version": descriptor.get("version"),
        "publication_date": day(descriptor),
        "access_right": "open",
        "license": next(iter(licences(descriptor, "name")), "").lower(),
        "keywords": descriptor.get("keywords"),
        "related_identifiers": [each for each in related if each["identifier"]],
    }
    return json.dumps(filled(fields), indent=2, ensure_ascii=False) + "\n"


def yaml_value(value: Any) -> str:
    """A value as YAML on one line: it is JSON, which YAML takes if all that cannot be seen is escaped."""
    quoted = json.dumps(value, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _orcid(person: Mapping[str, str]) -> str:
    found = _ORCID.fullmatch(person.get("path", ""))
    return found[1] if found else ""


def _cff_author(person: Mapping[str, str]) -> dict[str, str]:
    where = {"orcid": f"https://orcid.org/{_orcid(person)}"} if _orcid(person) else {"website": person.get("path")}
    if not (person.get("givenName") and person.get("familyName")):
        return filled({"name": person["title"], **where})
    names = {"given-names": person["givenName"], "family-names": person["familyName"]}
    return filled({**names, **where, "affiliation": person.get("organization")})


def _zenodo_author(person: Mapping[str, str]) -> dict[str, str]:
    given, family = person.get("givenName"), person.get("familyName")
    name = f"{family}, {given}" if given and family else person["title"]
    return filled({"name": name, "affiliation": person.get("organization"), "orcid": _orcid(person)})


def _yaml(key: str, value: Any) -> str:
    """A key of YAML with a text, or with a list of texts or mappings."""
    if isinstance(value, str):
        return f"{key}: {yaml_value(value)}\n"
    lines = [f"{key}:\n"]
    for item in value:
        named = item.items() if isinstance(item, dict) else ()
        parts = [f"{name}: {yaml_value(text)}" for name, text in named] or [yaml_value(item)]
        lines += [f"  {'  ' if number else '- '}{part}\n" for number, part in enumerate(parts)]
    return "".join(lines)
