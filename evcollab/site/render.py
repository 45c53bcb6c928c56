"""Pages as HTML: the templates, and what they can call."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from evcollab import publication
from evcollab.errors import MissingExtraError
from evcollab.site import addresses
from evcollab.site.doubts import covers
from evcollab.site.downloads import size
from evcollab.site.frame import Page, Site
from evcollab.site.words import date

try:
    import jinja2
    import markupsafe
except ImportError:
    raise MissingExtraError("building the site", "site") from None

HERE = Path(__file__).parent
TURNING = {"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""The classes of signs that change the direction of a text."""
_TAG = re.compile(r"<[a-z][^<>]*>")
_QUOTED = re.compile(r"""="([^"\s'`=<>]+)"(?=[ >])""")
"""Quotes that HTML lets one leave out: a twentieth of the site."""
NAVIGATION = (
    ("events", "Events"),
    ("countries", "Countries"),
    ("organisations", "Organisations"),
    ("policy_targets", "Targets"),
    ("sources", "Sources"),
)


class Renderer:
    """Fills the templates."""

    def __init__(self, site: Site, services: dict[str, Any]) -> None:
        self.site = site
        descriptor = site.ds.package.descriptor
        self.shared = {
            "site": site,
            "navigation": [(table, title) for table, title in NAVIGATION if site.rows(table)],
            "issues": f"{site.repository}/issues" if site.repository else "",
            "form_host": f" {addresses.host(site.repository)}" if site.repository else "",
            "created": date(publication.day(descriptor)),
            "licence": next(iter(publication.licences(descriptor, "name")), ""),
            "has_coverage": covers(site),
            "has_disagreements": "claims" in site.ds.tables,
            "feed": True,
            "world": None,
            **services,
        }

    def html(self, page: Page) -> str:
        """A page as HTML."""
        root = addresses.root(page.path) if page.path != "404.html" else self._top()
        beside = f"{page.path.rstrip('/')}.json" if page.data is not None else ""
        own = {"page": page, "root": root, "beside": beside, "table": page.table}
        text: str = _templates().get_template(page.template).render({**self.shared, **page.content, **own})
        folder, _, rest = page.path.partition("/")
        if rest.count("/") == 1:  # what lies beside the page is one step away
            text = text.replace(f'="../../{folder}/', '="../')
        text = _TAG.sub(lambda tag: _QUOTED.sub(r"=\1", tag[0]), text)
        if "<pre" in text:
            return text
        return "\n".join(line for raw in text.split("\n") if (line := raw.strip())) + "\n"

    def _top(self) -> str:
        """The way to the top from an address that does not exist: known only if the site's own address is."""
        return f"{urlsplit(self.site.address).path.rstrip('/')}/" if self.site.address else "/"


@cache
def _templates() -> Any:
    """The templates: they take longer to compile than to fill for a small register."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    templates.globals["tongue"] = tongue
    templates.filters |= {"json_script": json_script, "verbatim": verbatim, "size": size, "ticks": ticks}
    templates.filters["thousands"] = lambda n: f"{n:,}"
    return templates


def tongue(text: str, language: str = "") -> Any:
    """The attributes that the text of others needs: its language, and its direction if that can be another one."""
    turned = not text.isascii() and any(unicodedata.bidirectional(sign) in TURNING for sign in text)
    said = markupsafe.escape(language)
    return markupsafe.Markup((f' lang="{said}"' if language not in ("", "en") else "") + ' dir="auto"' * turned)


def verbatim(text: str) -> Any:
    """A text to be copied from between two tags: there, quotes stay what they are."""
    return markupsafe.Markup(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def ticks(text: str) -> Any:
    """A text in which what stands between ticks is code."""
    return markupsafe.Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(markupsafe.escape(text))))


def json_text(value: Any) -> str:
    """A value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def json_script(value: Any) -> Any:
    """A value as JSON inside a script element: nothing in it can end the element."""
    text = json_text(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return markupsafe.Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))
