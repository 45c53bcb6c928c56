"""Reading files that somebody sent: regular ones only, and of limited size."""

from __future__ import annotations

import stat
from pathlib import Path

from evcollab.contributions.document import Document, parse, refused
from evcollab.errors import reason

MAX_BYTES = 2_000_000


def read(path: Path) -> Document:
    """Read a document from a file.

    Raises:
        ContributionError: the file is missing, too large, not text, or not YAML or JSON of the simple kind.
        MissingExtraError: the extra `contribute` is not installed.
    """
    return parse(read_text(path, MAX_BYTES), str(path))


def read_text(path: Path, limit: int) -> str:
    """The text of a file that somebody sent; raises ContributionError."""
    data = read_bytes(path, limit)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refused(str(path), "is not UTF-8 text: save it as UTF-8", line) from None


def read_bytes(path: Path, limit: int) -> bytes:
    """The bytes of a regular file of limited size; raises ContributionError."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            message = "is not a file"
        elif status.st_size > limit:
            message = f"is {status.st_size:,} bytes; a document has at most {limit:,}: split it"
        else:
            with path.open("rb") as stream:
                return stream.read(limit)
    except (OSError, ValueError) as error:
        message = f"cannot be read: {reason(error)}"
    raise refused(str(path), message)
