"""Identifiers for new records: readable words of what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from evcollab import names
from evcollab.errors import needed

Cells = Mapping[str, str]


def source_id(cells: Cells) -> str:
    """Publisher, day and title of a source."""
    title = slug(cells["title"], 40)
    if len(title) < 8:
        title = slug(re.sub(r"\.\w+$", "", cells["url"].rstrip("/").rsplit("/", 1)[-1]), 40)
    found = _joined(slug(cells["publisher"], 24), cells.get("published_date", ""), title)
    return found or slug(cells["url"]) or "source"


def organisation_id(given: Mapping[str, Any]) -> str:
    """Short name or name of an organisation; for bodies of a state with its country."""
    name = names.bare(str(given["name"]))
    base = slug(str(given.get("short_name") or name)) or slug(str(given["name"]))
    of_state = given["kind"] in ("government", "local_government", "public_agency")
    return _joined(base, str(given.get("country_code", "")).lower() if base and of_state else "")


def event_id(cells: Cells) -> str:
    """Name and year of an event."""
    year = _year(cells.get("start_date"), cells.get("end_date"))
    base = slug(cells["name"])
    return _joined(base, "" if not base or year in base.split("-") else year)


def participant_id(event: str, lines: Iterable[Cells]) -> str:
    """The event and the next number after those of its lines."""
    numbers = [line["participant_id"].rsplit("-", 1)[-1] for line in lines]
    return f"{event}-{max((int(number) for number in numbers if number.isdecimal()), default=0) + 1}"


def policy_id(cells: Cells) -> str:
    """Scope, name and year of a policy."""
    year = _year(cells.get("adopted_date"), cells.get("start_year"))
    base = slug(cells["name"]) or cells["kind"]
    return _joined(_scope(cells), base, "" if year in base.split("-") else year)


def target_id(cells: Cells, policy: Cells | None) -> str:
    """Scope, year, vehicles, metric and target year of a target."""
    year = _year(cells.get("announced_date"), *((policy["adopted_date"], policy["start_year"]) if policy else ()))
    vehicles = (cells.get("vehicle_category", ""), cells.get("vehicle_use", ""))
    return _joined(_scope(cells), slug(cells.get("city", "")), year, *vehicles, cells["metric"], cells["target_year"])


def membership_id(cells: Cells) -> str:
    """Group, party and role of a membership."""
    party = cells.get("country_code", "").lower() or cells.get("organisation_id", "")
    return _joined(cells.get("group_id", ""), party, cells["role"])


def _joined(*parts: str) -> str:
    return "-".join(part.replace("_", "-") for part in parts if part)


def slug(text: str, limit: int = 60) -> str:
    """`names.slug` of a text in any script.

    Raises:
        MissingExtraError: the text is not ASCII, and the extra `contribute` is not installed.
    """
    if text.isascii():
        return names.slug(text, limit)
    anyascii = needed("anyascii", "an identifier out of letters other than a to z", "contribute")
    return names.slug(anyascii.anyascii(text), limit)


def _scope(cells: Cells) -> str:
    return (cells.get("subdivision_code") or cells.get("country_code") or cells.get("group_id", "")).lower()


def _year(*texts: str | None) -> str:
    return next((text[:4] for text in texts if text), "")
