"""What the metadata of the Python package take from `datapackage.json`: authors, addresses, links of the README."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class FromDescriptor(MetadataHookInterface):
    """Fills in `authors`, `urls` and `readme`, which pyproject.toml declares as dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add what follows from the descriptor to the metadata."""
        root = Path(self.root)
        descriptor = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
        publication = runpy.run_path(str(root / "evcollab" / "publication.py"))
        readme = (root / "README.md").read_text(encoding="utf-8")
        text = publication["absolute"](readme, descriptor, f"v{metadata['version']}")
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
        metadata["authors"] = publication["authors"](descriptor)
        metadata["urls"] = publication["links"](descriptor)
