"""Rules on sources."""

from evcollab.validation.catalogue import RemoveRow, rule
from evcollab.validation.rules.shapes import HERALD, claim, pairs, row

rule(
    "source-url-not-http",
    at="sources.url sources.archive_url",
    source="sources t JOIN derived.urls u ON u.text = {cell}",
    where="u.page IS NULL",
    message="is not the address of a web page; expected http:// or https:// and a host",
    summary="The address of a source begins with http:// or https:// and has a host.",
    why="A reader could not open it.",
    fix="Give the address of the page on the web.",
    good=row("sources", HERALD, url="http://herald.example.org/2023?page=2"),
    bad=row("sources", HERALD, url="ftp://herald.example.org/2023"),
    supersedes=("cell-pattern",),
)
rule(
    "source-url-duplicate",
    at="sources.url",
    source=pairs(
        "sources", by="u.page", where="u.page IS NOT NULL", rows="sources t JOIN derived.urls u ON u.text = t.url"
    ),
    message="is the address of {t.first}: {o.url}",
    summary="Every document has one source: no address appears twice.",
    why="One document would count as two independent ones.",
    fix="Merge the two sources and let the claims cite the one that stays.",
    good=row("sources", HERALD, url="https://www.example.org/ministry/forum-2022"),
    bad=row("sources", "ministry-2023-forum", url="http://example.org/herald/2023/forum/?utm_source=feed#top"),
    supersedes=("value-not-unique", "source-url-same-page", "url-not-canonical"),
)
rule(
    "source-published-after-accessed",
    at="sources.published_date",
    where="earliest(published_date) > day_of(accessed_date)",
    message="is {published_date}, after it was read on {accessed_date}",
    summary="A source was published before it was read.",
    why="One of the two dates is wrong.",
    fix="Check `published_date` on the page; `accessed_date` is the day on which it was read for the register.",
    good=row("sources", HERALD, published_date="2026", accessed_date="2026-01-15"),
    bad=row("sources", HERALD, published_date="2026-02", accessed_date="2026-01-15"),
)
rule(
    "source-unused",
    "warning",
    at="sources.source_id",
    whole=("claims",),
    source="sources t ANTI JOIN claims c ON c.source_id = t.source_id",
    message="is cited by no claim",
    tables=("sources", "claims"),
    summary="Every source is cited by a claim.",
    why="A source that supports nothing is left over, or its claim was forgotten.",
    fix="Add the claim it was meant for, or delete the source.",
    bad=(
        RemoveRow("claims", "events|lao-forum-2023|start_date|herald-2023-07-10|p1"),
        RemoveRow("claims", "participants|lao-forum-2023-5|*|herald-2023-07-10|p3"),
        claim("participants|lao-forum-2023-5|*|ministry-2023-forum|p3"),
    ),
    reported=("sources", HERALD, "source_id"),
)
