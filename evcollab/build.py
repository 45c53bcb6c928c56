"""The pages of the documentation that show results, filled in from the data:  python -m evcollab.build

`docs/questions.md` is its own source: the code of each answer stands in it, and the result below the code is written
anew, as is the coverage in short in the README. `docs/coverage.md` and the pictures are made from the data alone.
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import evcollab
from evcollab.cli.screens import coverage_lines, markdown_table
from evcollab.types import number_text

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset

COMMAND = "python -m evcollab.build"
ANSWER = re.compile(r"```python\n(?P<code>[^`]+)```\n\n<!-- result -->\n(?P<result>.*?)<!-- end -->", re.DOTALL)
"""A block of code in a page with the place for its result."""
COVERAGE = re.compile(r"(<!-- coverage -->\n).*?(<!-- end -->)", re.DOTALL)
"""The place in the README for the coverage in short."""
ROWS = 10
ITEMS = 6
CELL = 70


def answered(page: str, ds: Dataset) -> str:
    """A page with the result of each block of code filled in below it.

    Args:
        page: Markdown with blocks of code as in `ANSWER`. Each runs by itself with `ds` and `pd`; the value of its
            last line is the result.
        ds: the data set that `ds` is.
    """
    return ANSWER.sub(lambda block: _with_result(block, shown(run(block["code"], ds))), page)


def run(code: str, ds: Dataset) -> Any:
    """The value of the last expression of some lines of code, with `ds` and `pd` at hand."""
    import pandas as pd

    names: dict[str, Any] = {"ds": ds, "pd": pd}
    *body, last = ast.parse(code).body
    if not isinstance(last, ast.Expr):
        raise evcollab.EvcollabError(f"the last line gives no result: {ast.unparse(last)}")
    exec(compile(ast.Module(body, []), "<page>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<page>", "eval"), names)


def shown(value: Any, rows: int = ROWS) -> str:
    """A result as Markdown: a table of its first rows for a frame, with its index if that has a name."""
    import pandas as pd

    if isinstance(value, pd.Series):
        value = value.to_frame()
    if not isinstance(value, pd.DataFrame):
        return f"`{value}`\n"
    if any(value.index.names):
        value = value.reset_index()
    if value.empty:
        return "No rows.\n"
    cells = [[_cell(cell) for cell in row] for row in value.head(rows).astype("object").itertuples(index=False)]
    more = f"\n\n… and {len(value) - rows} more rows." if len(value) > rows else ""
    return markdown_table([str(name) for name in value.columns], cells) + more + "\n"


def coverage_page(ds: Dataset) -> str:
    """The page that tells what the register holds, what it lacks, and how well it is founded."""
    import pandas as pd

    counts = ds.coverage()
    names = pd.concat(
        [
            ds.countries.set_index("country_code")["name"],
            ds.organisations.set_index("organisation_id")["name"],
        ]
    )

    def crossed(measure: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        chosen = counts[counts["measure"] == measure]
        table = chosen.pivot_table(index="group", columns="subgroup", values="value", aggfunc="sum", fill_value=0)
        if columns is not None:
            table = table.reindex(columns=[name for name in columns if name in table.columns])
        return table.astype("Int64").rename_axis(columns=None)

    def with_total(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(total=table.sum(axis=1))

    def every_row(table: pd.DataFrame, index: str) -> str:
        return shown(table.rename_axis(index=index).replace({0: pd.NA}), rows=len(table))

    categories = [*ds.package.schema("policy_targets").field("vehicle_category").categories, "charging"]
    targets = with_total(crossed("targets", categories))
    targets.index = targets.index.map(lambda code: str(names.get(code, code)))
    sources = crossed("rows_by_sources", ["1", "2+"]).reindex(columns=["1", "2+"], fill_value=0)
    sources = sources.assign(share=(100 * sources["2+"] / sources.sum(axis=1)).round().astype("Int64"))
    sources = sources.set_axis(["rows with one source", "with two or more", "percent with two or more"], axis=1)
    found = ["both", "event only", "target only", "neither"]
    parts = [
        "# What the register covers, and what it does not",
        f"Made from the data by `{COMMAND}`: {len(ds.events)} events, {len(ds.policy_targets)} targets, "
        f"{len(ds.sources)} sources. An empty cell is a zero. `ds.coverage()` gives the numbers.",
        "![World map of the events and targets on record](pictures/map.svg)",
        "## Events by year and region of the place",
        "![Timeline of events](pictures/timeline.svg)",
        every_row(with_total(crossed("events").T.sort_index(ascending=False)), "year"),
        "## Countries by region",
        "Countries and areas of ISO 3166-1 that were at an event on record, or its place, and that have set a target.",
        every_row(with_total(crossed("countries", found)), "region"),
        "### Blank spots: neither an event nor a target",
        _blank_spots(ds),
        "## How well it is founded",
        "Sources by tier: the instrument or organiser itself; those who report it; those who list what others report.",
        every_row(crossed("sources").sum(axis=1).rename("sources").to_frame(), "tier"),
        "Rows by the number of sources that support them:",
        every_row(sources, "table"),
        "Cells on which sources disagree. All values stand in `ds.conflicts()`; none is hidden.",
        every_row(crossed("conflicts").sum(axis=1).rename("cells").to_frame(), "table"),
        "## Targets by country and vehicle category",
        "All versions, also those superseded or withdrawn.",
        every_row(targets.sort_index(), "country or group"),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _blank_spots(ds: Dataset) -> str:
    targets, events = ds.policy_targets["country_code"], ds.events["country_code"]
    known = {*ds.participants["country_code"].dropna(), *events.dropna(), *targets.dropna()}
    blank = ds.countries[~ds.countries["country_code"].isin(known)]
    region = blank["region"].astype("str").fillna("No region in UN M49")
    lines = [
        f"- **{name}** ({len(group)}): {'; '.join(sorted(group))}" for name, group in blank["name"].groupby(region)
    ]
    return "\n".join(lines) or "None."


def _with_result(block: re.Match[str], result: str) -> str:
    return f"```python\n{block['code']}```\n\n<!-- result -->\n{result}<!-- end -->"


def _cell(value: Any) -> str:
    import pandas as pd

    if isinstance(value, list):
        more = f" … ({len(value)})" if len(value) > ITEMS else ""
        return ", ".join(map(str, value[:ITEMS])) + more
    if pd.isna(value):
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    text = number_text(value) if isinstance(value, float) else str(value)
    return text if len(text) <= CELL or text.startswith("http") else text[: CELL - 1] + "…"


def pages(root: Path, ds: Dataset) -> dict[str, str]:
    """The pages as they should be: path below the root of the project → text."""
    questions = "docs/questions.md"
    in_short = "".join(f"- {line}\n" for line in coverage_lines(ds))
    return {
        "README.md": COVERAGE.sub(lambda mark: mark[1] + in_short + mark[2], (root / "README.md").read_text("utf-8")),
        questions: answered((root / questions).read_text(encoding="utf-8"), ds),
        "docs/coverage.md": coverage_page(ds),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Write the pages and pictures of a checkout anew; return the exit status."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Fill in the pages that show results from the data.")
    parser.add_argument("root", nargs="?", type=Path, default=Path(), help="the checkout; default: this folder")
    parser.add_argument("--no-pictures", action="store_true", help="leave the pictures as they are")
    arguments = parser.parse_args(argv)
    try:
        ds = evcollab.load(arguments.root)
        for file, text in pages(arguments.root, ds).items():
            (arguments.root / file).write_text(text, encoding="utf-8", newline="")
            print(file)
        if not arguments.no_pictures:
            from evcollab import pictures

            for path in pictures.save_all(ds, arguments.root / "docs" / "pictures"):
                print(path.relative_to(arguments.root))
    except evcollab.EvcollabError as error:
        print(f"evcollab: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
