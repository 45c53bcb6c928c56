"""Templates of contribution documents: every key with its meaning, its codes and an example."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from evcollab.contributions.schema import document_schema
from evcollab.errors import EvcollabError
from evcollab.package import Package

KINDS = {"event": "events", "target": "policies", "organisation": "organisations"}
"""What a template can be for → the list that it fills."""

USUAL = frozenset({
    "published_date", "language", "short_name", "start_date", "end_date", "country_code", "city", "topics", "summary",
    "participants", "organisation", "role", "attendance", "issuer", "adopted_date", "targets", "vehicle_category",
    "powertrain", "announced_date", "locator",
})  # fmt: skip
"""Keys that stand in a template ready for use, besides the required ones; all others are commented out."""

HIDDEN = frozenset({"sources", "claims", "computed"})
"""Keys for cases that a template need not show."""

INTRODUCTION = """\
# A contribution to the register: {what}.
# Replace the examples, delete what you do not know, and take away the # before a key that you need. Then:
#   evcollab add FILE --dry-run     shows what would change
#   evcollab add FILE               adds it
"""
_PLAIN = re.compile(r"[^\W\d_][\w .,/()'+;-]*|https?://[\w./~%?=+-]+|[0-9]{4}(-[0-9]{2}){1,2}")


def template(source: Package, kind: str, schema: str = "") -> str:
    """Write a template as commented YAML.

    Args:
        source: the package whose schemas say what there is to fill.
        kind: a key of `KINDS`.
        schema: where an editor finds the JSON Schema, as a path relative to the template or an address.

    Raises:
        EvcollabError: the package has no table for records of this kind.
    """
    whole = document_schema(source)
    if KINDS[kind] not in whole["properties"]:
        raise EvcollabError(f"the register {source.name} has no table {KINDS[kind]}, into which this would go")
    lines = [f"# yaml-language-server: $schema={schema}"] if schema else []
    lines += INTRODUCTION.format(what=f"an {kind}" if kind[0] in "eo" else f"a {kind}").splitlines()
    lines += ["", "sources:", *_record(whole, "source", "  ")]
    if kind != "organisation":
        lines += ["", "# Only organisations that the register does not know yet:"]
        lines += ["#organisations:", *_record(whole, "organisations", "  ", off=True)]
    lines += ["", f"{KINDS[kind]}:", *_record(whole, KINDS[kind], "  ")]
    return "\n".join(lines) + "\n"


def _record(whole: dict[str, Any], name: str, indent: str, off: bool = False) -> Iterator[str]:
    """The lines of one list item: `off` comments all of it out."""
    definition = whole["$defs"][name]
    yield f"{indent}{'#' if off else ''}-"
    inner = indent + "  "
    for key, spec in definition["properties"].items():
        if key in HIDDEN:
            continue
        used = not off and (key in definition["required"] or key in USUAL)
        yield from (f"{inner}# {line}" for line in textwrap.wrap(_meaning(spec), 100))
        mark = "" if used else "#"
        if spec.get("items", {}).get("$ref"):
            yield f"{inner}{mark}{key}:"
            yield from _record(whole, spec["items"]["$ref"].rsplit("/", 1)[1], inner + "  ", off=not used)
        elif isinstance(spec["examples"][0], dict):
            ((inside, reason),) = spec["examples"][0].items()
            yield f"{inner}{mark}{key}: {{{inside}: {scalar(reason)}}}"
        else:
            yield f"{inner}{mark}{key}: {scalar(spec['examples'][0])}"


def _meaning(spec: dict[str, Any]) -> str:
    codes = spec.get("enum") or spec.get("items", {}).get("enum")
    few = "one of" if "enum" in spec else "some of"
    return f"{spec['title']}: {spec['description']}" + (f" Write {few} {', '.join(map(str, codes))}." if codes else "")


def scalar(value: Any) -> str:
    """A value as YAML on one line, quoted where it has to be."""
    if isinstance(value, list):
        return f"[{', '.join(scalar(item) for item in value)}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in ("true", "false", "null"):
        return f'"{value}"' if "," in value or value != value.strip() else value
    return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value, ensure_ascii=False)
