"""An R session with the package `frictionless` reads the data package: right types, and the rows that we read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import evcollab
from evcollab import types
from evcollab.package import Field
from tests.conftest import ROOT
from tests.exports import registers
from tests.exports.readers import Rows, expected, written

SCRIPT = Path(__file__).with_name("tables.R")
CLASSES = {
    "boolean": "logical",
    "code": "factor",
    "date": "Date",
    "integer": "numeric",
    "list": "character",
    "number": "numeric",
    "partial_date": "character",
    "text": "character",
}
"""Kind of a column → its class in R."""
Reader = Callable[..., Any]


def block() -> str:
    """The lines of R on the page."""
    page = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    [code] = [part.split("```")[0] for part in page.split("<!-- tested -->\n```r\n")[1:]]
    return code


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """What R sees in the package of a folder; skips where R or its package is missing, unless EVCOLLAB_R=required."""
    program = shutil.which("Rscript")
    probe = [program or "", "-e", "library(frictionless)"]
    if program is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        missing = "Rscript is not installed" if program is None else "R has no package frictionless (it is on CRAN)"
        if os.environ.get("EVCOLLAB_R") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    work = tmp_path_factory.mktemp("r")
    (work / "page.R").write_text(block(), encoding="utf-8")

    def run(folder: Path, package: str = "datapackage.json") -> Any:
        command = [program, SCRIPT, work / "page.R", work / "seen.json", package]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads((work / "seen.json").read_text(encoding="utf-8"))

    return run


@pytest.fixture(scope="module")
def seen(read: Reader) -> Any:
    return read(ROOT)


def rows(tables: Any, dataset: evcollab.Dataset) -> dict[str, Rows]:
    """What R saw, in the notation of the CSV files."""

    def cell(value: Any, field: Field) -> str:
        return value if isinstance(value, str) else written(value, field)

    found = {}
    for table, schema in dataset.package.schemas.items():
        assert list(tables[table]) == list(schema.fields)
        columns = [
            [cell(value, schema.fields[name]) for value in tables[table][name]["values"]] for name in schema.fields
        ]
        found[table] = [list(row) for row in zip(*columns, strict=True)]
    return found


def test_r_reads_the_rows_that_we_read(ds: evcollab.Dataset, seen: Any) -> None:
    assert rows(seen["tables"], ds) == expected(ds)


def test_r_reads_texts_that_look_like_something_else_as_they_are(tmp_path: Path, read: Reader) -> None:
    dataset = registers.nasty(tmp_path)
    assert rows(read(dataset.package.root)["tables"], dataset) == expected(dataset)


def test_r_reads_a_package_from_an_address(read: Reader) -> None:
    register = ROOT / "examples" / "register"
    handler = partial(SimpleHTTPRequestHandler, directory=str(register))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        seen = read(register, f"http://127.0.0.1:{server.server_port}/datapackage.json")
        server.shutdown()
    dataset = evcollab.load(register)
    assert rows(seen["tables"], dataset) == expected(dataset)


def test_columns_have_the_type_of_the_schema_and_codes_are_factors_with_all_their_levels(
    ds: evcollab.Dataset, seen: Any
) -> None:
    for table, schema in ds.package.schemas.items():
        for name, field in schema.fields.items():
            column = seen["tables"][table][name]
            kind = types.kind_of(field)
            assert column["class"] == [CLASSES[kind]], (table, name)
            levels = list(field.categories) if kind == "code" and column["values"] else []  # readr: none without rows
            assert column["levels"] == levels, (table, name)


def test_the_country_code_of_namibia_is_no_missing_value(ds: evcollab.Dataset, seen: Any) -> None:
    countries = seen["tables"]["countries"]
    assert countries["alpha2"]["values"][countries["country_code"]["values"].index("NAM")] == "NA"


def test_the_lines_of_the_page_count_what_we_count(ds: evcollab.Dataset, seen: Any) -> None:
    answers = {name: {key: count for key, [count] in counts.items()} for name, counts in seen["answers"].items()}
    held = ds.events.query("status == 'held'")
    assert answers == {
        "years": {str(year): count for year, count in Counter(held["start_date"].dropna().dt.year).items()},
        "topics": Counter(topic for topics in ds.events["topics"] for topic in topics),
    }
