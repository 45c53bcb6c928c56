"""Text as it is written into cells and shown to people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_COMMAND = re.compile(r"^\s*::|##\[")


def tidy(text: str) -> str:
    """A text in NFC, with every run of white space or line breaks as one space, and none at the ends."""
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


def clip(text: str, limit: int = 200) -> str:
    """A text cut to a length that a report can show."""
    return text if len(text) <= limit else text[: limit - 3] + "..."


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in GitHub-flavoured Markdown."""
    escaped = [[cell.replace("\\", "\\\\").replace("|", "\\|") for cell in row] for row in rows]
    lines = [list(header), ["---"] * len(header), *escaped]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def plain(text: str) -> str:
    """A text that is safe to print anywhere: invisible and control characters become their code, as in `<U+200B>`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in text)


def quiet(text: str) -> str:
    """A text as one safe line of a log: printable, and no command to the machine that runs a workflow."""
    return _COMMAND.sub(lambda match: " ".join(match[0].strip()), plain(text))


def unmangled(text: str) -> str | None:
    """What a text was before UTF-8 was read as Windows-1252 or Latin-1 (`BogotÃ¡` was `Bogotá`); None if it was not."""
    if text.isascii():
        return None
    for encoding in ("cp1252", "latin-1"):
        try:
            meant = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if meant != text:
            return meant
    return None
