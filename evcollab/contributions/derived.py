"""The files of a package that follow from its schemas: the schema of contributions, and the issue forms."""

from __future__ import annotations

import json

from evcollab.contributions.forms import issue_forms
from evcollab.contributions.schema import NEEDED, document_schema
from evcollab.package import Package

SCHEMA = "schemas/contribution.schema.json"
FORMS = ".github/ISSUE_TEMPLATE"


def derived(source: Package, *, schema: bool = True, forms: bool = True) -> dict[str, bytes]:
    """The schema of contributions, the issue forms, or both, as the schemas of a package want them."""
    texts: dict[str, str] = {}
    if schema:
        texts[SCHEMA] = json.dumps(document_schema(source), indent=2, ensure_ascii=False) + "\n"
    if forms:
        texts |= {f"{FORMS}/{name}.yml": text for name, text in issue_forms(source).items()}
    return {file: text.encode("utf-8") for file, text in texts.items()}


def derived_files(source: Package) -> dict[str, bytes]:
    """The derived files that a package has and that are stale, with their right contents."""
    if not source.schemas.keys() >= set(NEEDED):
        return {}
    wanted = derived(source, schema=(source.root / SCHEMA).is_file(), forms=(source.root / FORMS).is_dir())
    return {
        file: data
        for file, data in wanted.items()
        if not (source.root / file).is_file() or (source.root / file).read_bytes() != data
    }
