"""The static files: style, own script, and the files of others, which are held against `vendor.json`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

HERE = Path(__file__).parent / "static"
_COMMENTS = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
_LEAD = re.compile(r"^[ \t]*//.*\n|^[ \t]+", re.MULTILINE)


def copy(folder: Path) -> None:
    """Copy the static files; scripts and style lose indentation and comments; licences lie beside them."""
    shutil.copytree(HERE, folder)
    for name in ("site.js", "site.css", "vendor/minisearch.js"):
        text = _LEAD.sub("", _COMMENTS.sub("", (HERE / name).read_text(encoding="utf-8")))
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
