"""The kinds of pages: which function fills them. A page says its address and template; a new kind is one entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evcollab.site import bodies, countries, doubts, events, front, lists, sources, targets
from evcollab.site.frame import Page, Site

KINDS: dict[str, Callable[[Site], Iterator[Page]]] = {
    "home": front.home,
    "event": events.pages,
    "country": countries.pages,
    "pair": countries.pairs,
    "organisation": bodies.pages,
    "target": targets.pages,
    "policy": targets.policies,
    "source": sources.pages,
    "list": lists.pages,
    "disagreements": doubts.disagreements,
    "coverage": doubts.coverage,
    "services": front.services,
    "moved": front.moved,
}


def all_pages(site: Site) -> Iterator[Page]:
    """Every page of the register."""
    for fill in KINDS.values():
        yield from fill(site)
