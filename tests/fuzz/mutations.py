"""Damaged packages: one seed, one package that somebody broke by accident or on purpose."""

from __future__ import annotations

import csv
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.validation import packages

DEEP: Any = []
for _ in range(45):
    DEEP = [DEEP]
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**17, 0.5, "", "x", "a b", "../../x", "/etc/passwd", "events", "event_id", "\u202e"),
    *([], {}, [None], [[]], [{}], {"": None}, {"value": "x"}, [{"value": "x"}], [{"label": "x"}], ["x", "x"], DEEP),
    *(
        "x" * 100_000,
        "\x1b[31m",
        "(" * 500,
        "^(a+)+$",
        "[",
        "(?=a)",
        "9" * 3000 + ".0.0",
        "2.0.0",
        "sha256:" + "0" * 64,
    ),
    *({"delimiter": ""}, {"delimiter": None}, {"delimiter": ";", "categories": None}, {"enum": []}, {"enum": None}),
    *({"maxLength": "ten"}, {"pattern": "("}, {"pattern": 1}, {"required": "yes"}, {"minimum": "x"}, {"unique": True}),
    *(
        "string",
        "integer",
        "year",
        "number",
        "boolean",
        "date",
        "geopoint",
        "latest",
        "earliest",
        [str(n) for n in range(20_000)],
    ),
    *({"fields": ["event_id"], "reference": {"resource": "events", "fields": ["event_id"]}}, {"fields": "x"}),
)
KEYS = (
    *("categories", "constraints", "list", "partialDate", "type", "name", "format", "categoriesOrdered", "trueValues"),
    *("missingValues", "primaryKey", "uniqueKeys", "foreignKeys", "fields", "resources", "path", "schema", "dialect"),
    *("licenses", "contributors", "keywords", "title", "created", "version", "id", "homepage", "_private", "unknown"),
)
CELLS = (
    *("", " ", "x" * 90_000, "=1+1", "-", "NA", "null", "1e999", "9" * 400, "2023-13-45", "0000", "9999-12-31", "-0"),
    *('"', "'", ",", ";", ";;", "\u0000", "\u001b[2J", "\u202e", "\ufeff", "\u200b", "a\nb", "a\r", "\\", "|", "*"),
    *("1@" * 9_000, "+1 2" * 4_000, "http://[", "https://a/\n", "javascript:alert(1)", "events", "LAO", "true", "100"),
)
BYTES = (
    b"\xff",
    b"\x00" * 50,
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\n\n\n",
    b'"',
    b",",
    b"," * 5_000,
    b"\xff\xfe",
    b"a" * 2_000_000,
    b"{",
    b"[" * 9_999,
    b"\\ud800",
)

HOSTILE = (
    *(
        b"&a [*a]",
        b"!!python/object/apply:os.system [x]",
        b"<<: *a",
        b"? ",
        b"- " * 300,
        b"| \n",
        b"%YAML 9.9\n",
        b"---\n",
    ),
    *(
        b"\ncorrections:\n- {}\n",
        b"\nevents: 1\n",
        b"\n### Name\n\n",
        b"\n\t",
        b"1e999",
        b"2024-02-30",
        b"0x1F",
        b": : :",
    ),
)


def damage(folder: Path, seed: int) -> list[str]:
    """Break a package in a few places; return what was done."""
    dice = random.Random(seed)
    done = [dice.choice(WAYS)(folder, dice) for _ in range(dice.choice((1, 1, 1, 2, 3)))]
    whole = {*packages.SHIPPED.files.values(), "datapackage.json"}
    if dice.random() < 0.7 and whole <= {str(file.relative_to(folder)) for file in _regular(folder, "**/*")}:
        try:
            packages.refresh(folder)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, csv.Error):
            return done
    return done


def spoilt(file: Path, dice: random.Random) -> bytes:
    """The bytes of a contribution that somebody broke in a few places."""
    data = file.read_bytes()
    for _ in range(dice.choice((1, 1, 2, 5))):
        words = [place for place in range(len(data)) if data[place : place + 1] in b": \n\"'-"] or [0]
        place = dice.choice(words) if dice.random() < 0.7 else dice.randrange(len(data) + 1)
        put = dice.choice((*BYTES, *(cell.encode("utf-8", "surrogatepass") for cell in CELLS), *HOSTILE))
        data = data[:place] + put + data[place + dice.choice((0, 1, 5, 200)) :]
    return data


def _json_file(folder: Path, dice: random.Random) -> Path:
    return dice.choice(_regular(folder, "datapackage.json") * 3 + _regular(folder, "schemas/*.json"))


def _any_file(folder: Path, dice: random.Random) -> Path:
    return dice.choice(_regular(folder, "**/*"))


def _regular(folder: Path, pattern: str) -> list[Path]:
    return [file for file in sorted(folder.glob(pattern)) if file.is_file() and not file.is_symlink()]


def change_json(folder: Path, dice: random.Random) -> str:
    """Give a random key another value, or take it away, or add one."""
    file = _json_file(folder, dice)
    try:
        top = json.loads(file.read_bytes())
    except (ValueError, OSError):
        return "nothing"
    part, path = top, []
    while isinstance(part, dict | list) and part and (not path or dice.random() < 0.75):
        outer = part
        key = dice.choice(list(part) if isinstance(part, dict) else range(len(part)))
        path.append(key)
        part = part[key]
    value = dice.choice(VALUES)
    if dice.random() < 0.15:
        del outer[key]
        value = "(gone)"
    elif isinstance(part, dict) and dice.random() < 0.5:
        path.append(dice.choice(KEYS))
        part[path[-1]] = value
    elif dice.random() < 0.1 and isinstance(outer, list):
        outer.extend([part] * dice.choice((1, 2_500)))
    else:
        outer[key] = value
    file.write_text(json.dumps(top, ensure_ascii=dice.random() < 0.5), encoding="utf-8")
    return f"{file.name} {path} = {str(value)[:60]}"


def change_cell(folder: Path, dice: random.Random) -> str:
    """Put something hostile into a cell of a table, as it is or quoted."""
    file = dice.choice(_regular(folder, "data/*.csv"))
    try:
        lines = file.read_bytes().decode().split("\n")
    except (OSError, ValueError):
        return "nothing"
    number = dice.randrange(len(lines)) if dice.random() < 0.9 else 0
    cells = lines[number].split(",")
    place, cell = dice.randrange(len(cells)), dice.choice(CELLS)
    quoted = '"' + cell.replace('"', '""') + '"' if dice.random() < 0.7 else cell
    cells[place] = quoted
    lines[number] = ",".join(cells)
    file.write_text("\n".join(lines), encoding="utf-8", newline="")
    return f"{file.name} line {number + 1} cell {place} = {cell[:40]!r}"


def change_bytes(folder: Path, dice: random.Random) -> str:
    """Cut a file, or put bytes into it."""
    file = _any_file(folder, dice)
    data = file.read_bytes()
    place = dice.randrange(len(data) + 1)
    put = dice.choice((None, *BYTES))
    file.write_bytes(data[:place] if put is None else data[:place] + put + data[place + dice.choice((0, 1, 40)) :])
    return f"{file.name} at {place}: {str(put)[:30]}"


def replace_file(folder: Path, dice: random.Random) -> str:
    """Put something else in the place of a file."""
    file = _any_file(folder, dice)
    file.unlink()
    kinds: dict[str, Callable[[], object]] = {
        "nothing": lambda: None,
        "a folder": file.mkdir,
        "a pipe": lambda: os.mkfifo(file),
        "a device": lambda: file.symlink_to("/dev/zero"),
        "a loop": lambda: file.symlink_to(file),
        "a link": lambda: file.symlink_to("/etc/passwd"),
        "an empty file": file.touch,
    }
    kind = dice.choice(sorted(kinds))
    kinds[kind]()
    return f"{file.name} is {kind}"


def shuffle_lines(folder: Path, dice: random.Random) -> str:
    """Lose, double or move lines of a table."""
    file = dice.choice(_regular(folder, "data/*.csv"))
    try:
        lines = file.read_bytes().splitlines(keepends=True)
    except OSError:
        return "nothing"
    kept = dice.choices(lines, k=dice.randrange(len(lines) + 2)) if lines else []
    file.write_bytes(b"".join(lines[:1] * (dice.random() < 0.9) + kept))
    return f"{file.name}: {len(kept)} lines of {len(lines)}"


def leave_journal(folder: Path, dice: random.Random) -> str:
    """Leave the journal of a change that was cut short, or something that looks like one."""
    text = dice.choice(('["data/events.csv"]', "[]", "{", "[[]]", '["../x"]', "null", "[" * 3000))
    (folder / ".evcollab-journal").write_text(text)
    return f"journal {text[:20]}"


WAYS = (
    change_json,
    change_json,
    change_json,
    change_json,
    change_cell,
    change_cell,
    change_bytes,
    shuffle_lines,
    replace_file,
    leave_journal,
)
