"""The static files: style, own script, and the files of others, which are held against `vendor.json`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

HERE = Path(__file__).parent / "static"
_LEAD = re.compile(r"^[ \t]*//.*\n|^[ \t]+", re.MULTILINE)


def copy(folder: Path) -> None:
    """Copy the static files; the own script and style lose their indentation and lines of comments."""
    shutil.copytree(HERE, folder)
    for name in ("site.js", "site.css"):
        (folder / name).write_text(
            _LEAD.sub("", (HERE / name).read_text(encoding="utf-8")), encoding="utf-8", newline="\n"
        )
