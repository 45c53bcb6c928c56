"""Writing the site into a folder: whole, or not at all."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from evcollab import publication
from evcollab.dataset import Dataset
from evcollab.errors import EvcollabError
from evcollab.exports import destination
from evcollab.site import addresses, assets, downloads, feeds, guides, reference, search, worldmap
from evcollab.site.frame import Page, Site
from evcollab.site.pages import all_pages
from evcollab.site.render import Renderer, json_text

MARK = ".evcollab-site"
"""A file that tells a folder made by this command from all others."""


def build(
    dataset: Dataset,
    folder: str | os.PathLike[str],
    *,
    address: str | None = None,
    repository: str | None = None,
    commands: argparse.ArgumentParser | None = None,
    progress: Callable[[str], object] = lambda _: None,
) -> list[str]:
    """Write the static site of a data set.

    Args:
        dataset: what to show; any package with some of the tables.
        folder: where to; it must not exist, be empty, or hold a site that this function wrote, which is replaced.
        address: where the site will stand, such as `https://example.org/register`; None: the descriptor's `homepage`,
            unless that is a repository. Without one, canonical links and the sitemap are left out.
        repository: the repository on GitHub whose issue forms take corrections; None: the descriptor's `homepage` if
            that is one.
        commands: the parser of the command line, to document it; None: its page is left out.
        progress: called with a short sentence for each step.

    Returns:
        What the user should know, such as an export that is left out: a sentence each.

    Raises:
        MissingExtraError: the extra `site` is not installed.
        EvcollabError: the folder holds something else or cannot be written, an address is not one, or an identifier
            appears twice.
        PackageError, DataError: the tables cannot be read.
    """
    descriptor = dataset.package.descriptor
    site = Site(
        dataset,
        _checked(address if address is not None else publication.site(descriptor), "address"),
        _checked(repository if repository is not None else publication.repository(descriptor), "repository"),
    )

    def make(made: Path) -> list[str]:
        made.mkdir()
        notes = _write(site, made, commands, progress)
        put(made, MARK, "Written by  evcollab site; do not edit.\n")
        return notes

    return destination.put(folder, make, folder=True, overwrite=True, protected=dataset.package.root, mark=MARK)


def _write(
    site: Site, folder: Path, commands: argparse.ArgumentParser | None, progress: Callable[[str], object]
) -> list[str]:
    for table in site.ds.tables:  # what cannot be shown stops before anything is written
        site.rows(table)
    progress("map")
    renderer = Renderer(site, {"world": worldmap.draw(site)})
    files, notes = downloads.write(site, folder, progress)
    linked = feeds.Linked(site, files)
    listed: list[tuple[str, str]] = []
    records: list[Page] = []
    titles: set[str] = set()
    progress("pages")
    for page in (*all_pages(site), *downloads.page(site, files), *reference.pages(site, commands)):
        if page.title in titles:
            page.head = f"{page.title} ({page.path.strip('/').rpartition('/')[2]})"
        titles.add(page.title)
        page.jsonld = linked.of(page) if page.listed else None
        put(folder, addresses.target(page.path), renderer.html(page))
        if page.data is not None:
            put(folder, f"{page.path.rstrip('/')}.json", json_text(page.data) + "\n")
        if page.listed:
            listed.append((page.path, page.modified))
        if page.table in ("events", "policy_targets") and "id" in page.content and page.modified:
            page.content = {"id": page.content["id"]}  # the rest has been written
            records.append(page)
    progress("search and feeds")
    for name, content in search.files(site).items():
        put(folder, f"search/{name}.json", json_text(content) + "\n")
    put(folder, "feed.xml", feeds.atom(site, records))
    put(folder, "llms.txt", feeds.llms(site, files))
    if site.address:
        put(folder, "sitemap.xml", feeds.sitemap(site, listed))
    for path, file in guides.files(site):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / path)
    assets.copy(folder / "static")
    put(folder, ".nojekyll", "")
    return notes


def put(folder: Path, file: str, text: str) -> None:
    """Write a file of the site."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _checked(address: str, what: str) -> str:
    if address and not addresses.is_web(address):
        raise EvcollabError(
            f"the {what} {address!r} is not the address of a web page, such as https://example.org/register"
        )
    return address
