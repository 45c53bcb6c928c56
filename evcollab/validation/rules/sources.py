"""Rules on sources."""

from __future__ import annotations

from collections.abc import Iterator

from evcollab.urls import normal_url
from evcollab.validation.catalogue import Cells, Without, rule
from evcollab.validation.data import Data, Finding, Row

HERALD = "herald-2023-07-10"


@rule(
    "source-url-not-http",
    "error",
    tables=("sources",),
    summary="The address of a source begins with http:// or https:// and has a host.",
    why="A reader could not open it.",
    fix="Give the address of the page on the web.",
    good=(Cells("sources", HERALD, {"url": "http://herald.example.org/2023?page=2"}),),
    bad=(Cells("sources", HERALD, {"url": "ftp://herald.example.org/2023"}),),
    at=("sources", HERALD, "url"),
    instead_of=("cell-pattern",),
)
def _url_not_http(data: Data) -> Iterator[Finding]:
    for row in data.rows("sources"):
        for column in ("url", "archive_url"):
            if row[column] and normal_url(row[column]) is None:
                yield row, column, "is not the address of a web page; expected http:// or https:// and a host"


@rule(
    "source-url-duplicate",
    "error",
    tables=("sources",),
    summary="Every document has one source: no address stands twice.",
    why="One document would count as two independent ones.",
    fix="Merge the two sources and let the claims cite the one that stays.",
    good=(Cells("sources", HERALD, {"url": "https://www.example.org/ministry/forum-2022"}),),
    bad=(
        Cells("sources", "ministry-2023-forum", {"url": "http://example.org/herald/2023/forum/?utm_source=feed#top"}),
    ),
    at=("sources", "ministry-2023-forum", "url"),
    instead_of=("value-not-unique",),
)
def _url_duplicate(data: Data) -> Iterator[Finding]:
    seen: dict[str, Row] = {}
    for row in data.rows("sources"):
        address = normal_url(row["url"])
        first = seen.setdefault(address, row) if address else row
        if first is not row:
            yield row, "url", f"is the address of {first.key}: {first['url']}"


@rule(
    "source-published-after-accessed",
    "error",
    tables=("sources",),
    summary="A source was published before it was read.",
    why="One of the two dates is wrong.",
    fix="Check `published_date` on the page; `accessed_date` is the day on which it was read for the register.",
    good=(Cells("sources", HERALD, {"published_date": "2026", "accessed_date": "2026-01-15"}),),
    bad=(Cells("sources", HERALD, {"published_date": "2026-02", "accessed_date": "2026-01-15"}),),
    at=("sources", HERALD, "published_date"),
)
def _published_after_accessed(data: Data) -> Iterator[Finding]:
    for row in data.rows("sources"):
        published, accessed = row.value("published_date"), row.value("accessed_date")
        if published and accessed and published.earliest > accessed:
            yield row, "published_date", f"is {published}, after it was read on {accessed}"


@rule(
    "source-unused",
    "warning",
    layer="policy",
    tables=("sources", "claims"),
    summary="Every source is cited by a claim.",
    why="A source that supports nothing is left over, or its claim was forgotten.",
    fix="Add the claim it was meant for, or delete the source.",
    good=(),
    bad=(
        Without("claims", "events|lao-forum-2023|start_date|herald-2023-07-10|p1"),
        Without("claims", "participants|lao-forum-2023-5|*|herald-2023-07-10|p3"),
        Cells(
            "claims", "participants|lao-forum-2023-5|*|ministry-2023-forum|p3", {"basis": "stated", "rank": "normal"}
        ),
    ),
    at=("sources", HERALD, "source_id"),
)
def _unused(data: Data) -> Iterator[Finding]:
    if "claims" not in data.tables or not data.tables["claims"].complete:
        return
    used = {claim["source_id"] for claim in data.rows("claims")}
    for row in data.rows("sources"):
        if row.key not in used:
            yield row, "source_id", "is cited by no claim"
