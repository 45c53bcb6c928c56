"""Rules on addresses: they lead to a public page, and to the page itself."""

from __future__ import annotations

from evcollab.package import Field
from evcollab.urls import is_private
from evcollab.validation.catalogue import quoted, rule
from evcollab.validation.rules.shapes import HERALD, of_cells, pairs, row

_PUBLIC = r"^https?://([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+(com|org|net|int|edu|gov|eu|info|[a-z]{2})(/[^\s\\<>\x22{}|^`\[\]]*)?$"
"""RE2: an address that needs no closer look, but for what leads into somebody's own network or to nobody."""
_INWARDS = r"(?i)^https?://[^/]*(\.(nip|sslip|xip)\.io|localtest\.me|lvh\.me)(/|$)|^https?://([^/]*\.)?example\.(com|net|edu)([:/]|$)"


def _is_address(field: Field) -> bool:
    return field.spec.get("format") == "uri" or "https?" in str(field.constraints.get("pattern", ""))


rule(
    "url-not-public",
    at=of_cells(
        _is_address,
        f"{{cell}} <> '' AND (NOT regexp_matches({{cell}}, {quoted(_PUBLIC)}) OR regexp_matches({{cell}}, {quoted(_INWARDS)}))",
        "leads to no public page; expected https:// and the name of a public host",
        is_private,
    ),
    summary="Addresses lead to public hosts: not to local or private ones, odd ports, or scripts.",
    why="A reader could not open the page, and a program that opens it could be led into a private network.",
    fix="Give the public address of the page.",
    good=row("sources", HERALD, url="https://herald.example.org:8443/2023"),
    bad=row("sources", HERALD, url="http://192.168.1.10/2023"),
    supersedes=("source-url-not-http", "cell-pattern"),
)
rule(
    "source-archive-is-url",
    at="sources.archive_url",
    where="archive_url <> '' AND lower(rtrim(regexp_replace(archive_url, '^https?://(www\\.)?', ''), '/')) = "
    "lower(rtrim(regexp_replace(url, '^https?://(www\\.)?', ''), '/'))",
    message="is the address of the page itself; expected that of a copy in an archive",
    summary="The archived copy of a source is at another address than the source.",
    why="When the page is gone, its copy would be gone too.",
    fix="Give the address of the copy, or leave the cell empty.",
    good=row("sources", HERALD, archive_url="https://web.archive.org/web/2023/https://www.example.org/herald"),
    bad=row("sources", HERALD, archive_url="https://www.example.org/herald/2023/forum"),
    supersedes=("source-archive-of-other",),
)
_ARCHIVE = r"^https?://([a-z0-9-]+\.)*(archive\.(org|is|ph|today|vn|md|fo|li)|perma\.cc|webcitation\.org|megalodon\.jp|[a-z.-]*archive[a-z.-]*)/"
rule(
    "source-archive-of-other",
    "warning",
    at="sources.archive_url",
    where=f"archive_url <> '' AND (NOT regexp_matches(archive_url, {quoted(_ARCHIVE)}) OR (contains(archive_url, '/http') "
    "AND NOT contains(lower(archive_url), lower(regexp_extract(url, '^https?://(www\\.)?([^/]+)', 2)))))",
    message="is not a copy in an archive of {url}",
    summary="`archive_url` is the address of a copy of the source's own page in a web archive.",
    why="A page of somebody else proves nothing when the source is gone.",
    fix="Give the address of the copy, such as https://web.archive.org/web/2024/https://..., or leave the cell empty.",
    good=row("sources", HERALD, archive_url="https://archive.ph/AbCdE"),
    bad=row("sources", HERALD, archive_url="https://web.archive.org/web/2023/https://www.un.org/1"),
)
rule(
    "source-url-same-page",
    at="sources.url",
    source=pairs(
        "sources", by="p.page", where="p.page IS NOT NULL", rows="sources t JOIN derived.pages p ON p.text = t.url"
    ),
    message="is the page of {t.first}, written in another way: {o.url}",
    summary="No page is given twice by two ways to write its address.",
    why="One document would count as two independent ones.",
    fix="Merge the two sources and let the claims cite the one that stays.",
    good=row("sources", HERALD, url="https://www.example.org/ministry/forum-2024"),
    bad=row("sources", "ministry-2023-forum", url="https://m.example.org/herald/2023/forum/index.html"),
)
_NOT_ITSELF = (
    r"(?i)^https?://((www|scholar|news|cse)\.)?(google|bing|yandex|baidu|duckduckgo|yahoo)\.[a-z.]+/(search|url|amp|news|scholar|s\b|\?q=)|"
    r"^https?://(search\.|webcache\.)|"
    r"^https?://(www\.)?(bit\.ly|t\.co|tinyurl\.com|goo\.gl|ow\.ly|buff\.ly|is\.gd|lnkd\.in|rebrand\.ly|cutt\.ly|shorturl\.at|"
    r"rb\.gy|t\.ly|dlvr\.it|fb\.me|youtu\.be)/|translate\.goog|translate\.google|^https?://[^/]*(proxy|ezproxy)[^/]*/|"
    r"^https?://(web\.archive\.org|archive\.(is|ph|today|org)|perma\.cc|webcitation\.org|megalodon\.jp)/|"
    r"^https?://([^/]*\.)?(12ft\.io|r\.jina\.ai|cc\.bingj\.com|cdn\.ampproject\.org|perplexity\.ai|chatgpt\.com|sharepoint\.com|dropbox\.com|"
    r"wetransfer\.com|onedrive\.live\.com|1drv\.ms|safelinks\.protection\.outlook\.com|urldefense\.com|l\.facebook\.com|lm\.facebook\.com|"
    r"(docs|drive|mail|news)\.google\.com|outlook\.[a-z0-9.]+)/|^https?://amp\.|/(log-?in|sign-?in|sso|oauth)([/?.]|$)|"
    r"^https?://(www\.|m\.)?(facebook|twitter|x|linkedin|instagram|youtube|weibo|vk)\.com/?$|"
    r"[?&](utm_[a-z]+|fbclid|gclid|mc_[ce]id|igshid|yclid|msclkid|_ga|ref_src)="
)
rule(
    "url-not-canonical",
    "info",
    at=of_cells(
        _is_address,
        f"{{cell}} <> '' AND regexp_matches({{cell}}, {quoted(_NOT_ITSELF)})",
        "is not the page's own address (a search, shortener, translation, archive, login or tracking)",
        skip=("archive_url",),
    ),
    summary="An address is the page's own: no search, shortener, translation, archive, login or tracking.",
    why="Such addresses change or end, and hide who published the page.",
    fix="Open it and copy the page's own address; an archived copy belongs into `archive_url`.",
    good=row("sources", HERALD, url="https://www.example.org/search/forum"),
    bad=row("sources", HERALD, url="https://bit.ly/3xYzAbC"),
)
_VARIANT = r"(?i)/amp(/|$)|[?&]amp=|[?&](p|page_id)=[0-9]+$|/(tag|tags|category|topic|search)/|[?&](s|q|search|query)="
rule(
    "source-url-variant",
    "info",
    at="sources.url",
    where=f"regexp_matches({{cell}}, {quoted(_VARIANT)})",
    alone=True,
    message="looks like a variant or a list (AMP, a number, a tag or a search), not the page's own address",
    summary="The address of a source is that of the document, not of a list or a variant of it.",
    why="Lists change every day, and a document would be given twice.",
    fix="Open the page and copy its own address.",
    good=row("sources", HERALD, url="https://www.example.org/amplified/forum"),
    bad=row("sources", HERALD, url="https://www.example.org/amp/forum"),
)
