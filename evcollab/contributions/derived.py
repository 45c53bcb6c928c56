"""The files of a package that follow from its schemas: the schema of contributions, and the issue forms."""

from __future__ import annotations

import json

from evcollab.contributions.forms import issue_forms
from evcollab.contributions.schema import document_schema
from evcollab.package import Package

SCHEMA = "schemas/contribution.schema.json"
FORMS = ".github/ISSUE_TEMPLATE"


def derived_files(source: Package) -> dict[str, bytes]:
    """The derived files that a package has and that are stale, with their right contents."""
    wanted: dict[str, str] = {}
    if (source.root / SCHEMA).is_file():
        wanted[SCHEMA] = json.dumps(document_schema(source), indent=2, ensure_ascii=False) + "\n"
    if (source.root / FORMS).is_dir():
        wanted |= {f"{FORMS}/{name}.yml": text for name, text in issue_forms(source).items()}
    stale = {}
    for file, text in wanted.items():
        target, data = source.root / file, text.encode("utf-8")
        if not target.is_file() or target.read_bytes() != data:
            stale[file] = data
    return stale
