"""Markdown as pages: the guides of a package's `docs` folder, in the look of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from evcollab.errors import MissingExtraError
from evcollab.site import addresses
from evcollab.site.frame import Page, Site
from evcollab.site.words import clipped

INSTEAD = {"coverage": "coverage/", "rules": "docs/rules/"}
"""Guides that the site makes from the data and the catalogue itself → their addresses."""
FILES = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".ipynb")
"""What the site has beside its guides, for them to show or offer."""
_TITLE = re.compile(r"^#\s+(.+)$", re.MULTILINE)
_COMMENT = re.compile(r"^<!--.*?-->\s*$", re.MULTILINE | re.DOTALL)


def pages(site: Site) -> Iterator[Page]:
    """A page for each guide."""
    for file in found(site):
        text = _COMMENT.sub("", file.read_text(encoding="utf-8"))
        title = _TITLE.search(text)
        name = title[1].strip() if title else file.stem
        path = f"docs/{addresses.segment(file.stem)}/"
        html, contents = render(site, text, addresses.root(path))
        yield Page(
            path, "doc.html", name, clipped(_first_words(text), 200), {"html": html, "contents": contents}, table="docs"
        )


def found(site: Site) -> list[Path]:
    """The guides of the package, by name."""
    folder = site.ds.package.root / "docs"
    if not folder.is_dir() or folder.is_symlink():
        return []
    listed = (file for file in sorted(folder.glob("*.md")) if file.is_file() and not file.is_symlink())
    return [file for file in listed if file.stem not in INSTEAD]


def files(site: Site) -> Iterator[tuple[str, Path]]:
    """The pictures that guides show and the notebooks that they offer: their address and their file."""
    folder = site.ds.package.root / "docs"
    for file in sorted(folder.rglob("*")) if found(site) else []:
        if file.suffix.lower() in FILES and file.is_file() and not file.is_symlink():
            yield f"docs/{file.relative_to(folder).as_posix()}", file


def render(site: Site, text: str, root: str) -> tuple[Any, list[tuple[str, str]]]:
    """Markdown as HTML, raw HTML in it shown as text, and its headings of the second level as (address, title)."""
    try:
        from markdown_it import MarkdownIt
        from mdit_py_plugins.anchors import anchors_plugin
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import get_lexer_by_name
        from pygments.util import ClassNotFound
    except ImportError:
        raise MissingExtraError("the documentation of the site", "site") from None
    import markupsafe

    def coloured(code: str, language: str, attributes: str) -> str:
        try:
            inner = highlight(code, get_lexer_by_name(language), HtmlFormatter(nowrap=True))
        except ClassNotFound:
            return ""
        return f'<pre class="highlight" tabindex="0"><code>{inner}</code></pre>'

    reader = MarkdownIt("commonmark", {"html": False, "highlight": coloured}).enable("table")
    anchors_plugin(reader, min_level=2, max_level=4)
    tokens = reader.parse(text)
    contents = []
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            contents.append((str(token.attrGet("id") or ""), tokens[number + 1].content.replace("`", "")))
        for inner in token.children or []:
            for name in ("href", "src"):
                if isinstance(address := inner.attrGet(name), str):
                    inner.attrSet(name, _address(site, address, root))
    html: str = reader.renderer.render(tokens, reader.options, {})
    html = (
        html.replace("<th></th>", "<td></td>")
        .replace("<pre><code", '<pre tabindex="0"><code')
        .replace("<table>", '<table tabindex="0">')
    )
    return markupsafe.Markup(html), contents


def _address(site: Site, address: str, root: str) -> str:
    """Where a link of a guide leads in the site: to a page, a picture, or the file in the repository."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path:
        return address
    mark = f"#{parts.fragment}" if parts.fragment else ""
    path = Path(parts.path)
    if path.suffix == ".md" and path.parent == Path():
        if path.stem in INSTEAD:
            return f"{root}{INSTEAD[path.stem]}"
        if (site.ds.package.root / "docs" / path.name).is_file():
            return f"{root}docs/{addresses.segment(path.stem)}/{mark}"
    if path.suffix.lower() in FILES and ".." not in path.parts:
        return f"{root}docs/{parts.path}"
    if site.repository:
        whole = (Path("docs") / path).as_posix()
        while "/../" in whole:
            whole = re.sub(r"[^/]+/\.\./", "", whole, count=1)
        return f"{site.repository}/blob/main/{whole}{mark}"
    return root


def _first_words(text: str) -> str:
    """The first paragraph, without marks."""
    for part in re.split(r"\n\s*\n", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)):
        if part.strip() and not part.lstrip().startswith(("#", "|", "```", "!", "-")):
            return re.sub(r"\[([^]]*)\]\([^)]*\)|[`*_]", r"\1", part)
    return "A guide."
