"""What keeps a workbook from being opened: macros, links, and more than a spreadsheet program would write."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

MAX_UNPACKED = 30_000_000
MAX_CELLS = 300_000


def dangerous(path: Path, data: bytes) -> str:
    """Why a file must not be opened; empty if it may."""
    if path.suffix.lower() != ".xlsx":
        macros = " with macros" if path.suffix.lower() == ".xlsm" else ""
        return f"is a workbook{macros} in the form {path.suffix.lower()}: save it as .xlsx"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return next(_parts(archive), "")
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        return "is not a workbook, or a damaged one: save it as .xlsx, without a password"


def _parts(archive: zipfile.ZipFile) -> Iterator[str]:
    listed = archive.infolist()
    unpacked = sum(item.file_size for item in listed)
    if unpacked > MAX_UNPACKED or len(listed) > 500:
        yield f"unpacks to {unpacked:,} bytes in {len(listed)} parts; allowed are {MAX_UNPACKED:,} and 500"
        return
    cells = 0
    for item in listed:
        name = item.filename.lower()
        if "vba" in name or "macrosheets" in name or "activex" in name:
            yield "has macros: save it as a workbook without them (.xlsx)"
        elif "externallinks" in name or name.endswith("connections.xml") or "querytables" in name:
            yield "has links to other files: break them (Data, Edit Links) and save it again"
        elif "embeddings" in name:
            yield "has other documents embedded: delete them and save it again"
        elif name.endswith((".xml", ".rels", ".vml")):
            text = archive.read(item).replace(b"\0", b"")
            declared = _ENCODING.match(text)
            if b"<!D" in text.upper():
                yield "has a document type declaration in its XML, which no spreadsheet program writes: save it anew"
            elif declared and declared[1].lower() not in (b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-1"):
                yield "has XML in a rare encoding, which no spreadsheet program writes: save it anew"
            cells += len(_CELL.findall(text)) + sum(_area(span) for span in _MERGED.findall(text))
    if cells > MAX_CELLS:
        yield f"has {cells:,} cells, merged ones included; allowed are {MAX_CELLS:,}: delete empty ones, and unmerge"


_ENCODING = re.compile(rb"[^<]{0,4}<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref\s*=\s*[\"']([^\"']*)")


def _area(span: bytes) -> int:
    """The number of cells of a merged range; more than is allowed if it cannot be read."""
    from openpyxl.utils import range_boundaries

    try:
        left, top, right, bottom = range_boundaries(span.decode("ascii").strip().upper())
        return int((abs(right - left) + 1) * (abs(bottom - top) + 1))  # type: ignore[operator]
    except (TypeError, ValueError):  # of whole rows or columns, or none
        return MAX_CELLS + 1
