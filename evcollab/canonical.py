"""The one written form of a register: for one content, one sequence of bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from itertools import chain
from operator import itemgetter
from typing import Any

from evcollab import csvfile
from evcollab.package import Package, Schema
from evcollab.text import tidy

Rows = list[list[str]]


def files_for(source: Package, tables: Mapping[str, Rows], contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that change if these are to be the rows of some tables: the tables, and the descriptor.

    Args:
        source: the package.
        tables: table → its rows, which are brought into canonical form.
        contents: path → bytes of the tables and the descriptor, as they were read.
    """
    wanted: dict[str, bytes] = {}
    descriptor = json.loads(contents[source.path.name])
    for resource in descriptor["resources"]:
        if resource["name"] in tables:
            schema = source.schemas[resource["name"]]
            data = csvfile.write(list(schema.fields), canonical(tables[schema.table], schema)).encode("utf-8")
            wanted[resource["path"]] = data
            resource["bytes"] = len(data)
            resource["hash"] = f"sha256:{hashlib.sha256(data).hexdigest()}"
            resource["rows"] = len(tables[schema.table])
    wanted[source.path.name] = descriptor_bytes(descriptor)
    return {file: data for file, data in wanted.items() if contents[file] != data}


def descriptor_bytes(descriptor: Mapping[str, Any]) -> bytes:
    """A descriptor in canonical form."""
    return (json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def canonical(rows: Rows, schema: Schema) -> Rows:
    """The rows of a table in canonical form: cells in NFC and trimmed, rows sorted by primary key."""
    columns = list(schema.fields)
    odd = {cell: tidied for cell in set(chain.from_iterable(rows)) if (tidied := tidy(cell)) != cell}
    trimmed = [[odd.get(cell, cell) for cell in row] for row in rows] if odd else list(rows)
    trimmed.sort()
    if schema.primary_key:
        trimmed.sort(key=itemgetter(*(columns.index(name) for name in schema.primary_key)))
    return trimmed
