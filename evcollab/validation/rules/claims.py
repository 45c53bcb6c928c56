"""Rules on claims: every row and every disputed cell comes from somewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from evcollab import types
from evcollab.errors import did_you_mean
from evcollab.package import Field
from evcollab.provenance import ROW
from evcollab.validation.catalogue import Cells, Without, rule
from evcollab.validation.data import Data, Finding, Row

FORUM = "lao-forum-2023"
START = "events|lao-forum-2023|start_date|ministry-2023-forum|p2"
OTHER = "events|lao-forum-2023|start_date|herald-2023-07-10|p1"
WHOLE = "events|lao-forum-2023|*|ministry-2023-forum|p1"
TABLES = ("events", "participants", "organisations", "memberships", "policies", "policy_targets")


@rule(
    "claim-unknown-table",
    "error",
    tables=("claims",),
    summary="A claim speaks of a row in one of the tables that claims are made on.",
    why="It supports nothing.",
    fix="Correct `table_name`.",
    good=(),
    bad=(
        Cells(
            "claims",
            "event|lao-forum-2023|city|ministry-2023-forum|p4",
            {"value": "Vientiane", "basis": "stated", "rank": "normal"},
        ),
    ),
    at=("claims", "event|lao-forum-2023|city|ministry-2023-forum|p4", "table_name"),
    instead_of=("cell-category",),
)
def _unknown_table(data: Data) -> Iterator[Finding]:
    for claim in data.rows("claims"):
        table = claim["table_name"]
        if table and table not in TABLES:
            yield claim, "table_name", f"there is no table {table!r} to make claims on{did_you_mean(table, TABLES)}"


@rule(
    "claim-unknown-record",
    "error",
    tables=("claims",),
    summary="A claim speaks of a record that exists.",
    why="It supports nothing; most often the record was renamed or its identifier is misspelt.",
    fix="Correct `record_id`, or delete the claim if the record is gone.",
    good=(),
    bad=(
        Cells(
            "claims",
            "events|lao-form-2023|city|ministry-2023-forum|p4",
            {"value": "Vientiane", "basis": "stated", "rank": "normal"},
        ),
    ),
    at=("claims", "events|lao-form-2023|city|ministry-2023-forum|p4", "record_id"),
)
def _unknown_record(data: Data) -> Iterator[Finding]:
    for claim in data.rows("claims"):
        table = data.tables.get(claim["table_name"]) if claim["table_name"] in TABLES else None
        if table is not None and table.complete and claim["record_id"] and claim["record_id"] not in table.by_key:
            near = did_you_mean(claim["record_id"], table.by_key) if len(table.by_key) <= 5000 else ""
            near = near if "did you mean" in near else ""
            yield claim, "record_id", f"there is no record {claim['record_id']!r} in {table.name}{near}"


@rule(
    "claim-unknown-column",
    "error",
    tables=("claims",),
    summary="A claim speaks of a column that exists, or of the whole row (`*`).",
    why="It supports nothing.",
    fix="Correct `field`.",
    good=(
        Cells(
            "claims",
            "events|lao-forum-2023|city|ministry-2023-forum|p4",
            {"value": "Vientiane", "basis": "stated", "rank": "normal"},
        ),
    ),
    bad=(
        Cells(
            "claims",
            "events|lao-forum-2023|town|ministry-2023-forum|p4",
            {"value": "Vientiane", "basis": "stated", "rank": "normal"},
        ),
    ),
    at=("claims", "events|lao-forum-2023|town|ministry-2023-forum|p4", "field"),
    instead_of=("cell-pattern",),
)
def _unknown_column(data: Data) -> Iterator[Finding]:
    for claim in data.rows("claims"):
        table, column = data.tables.get(claim["table_name"]), claim["field"]
        if table is not None and column and column != ROW and column not in table.schema.fields:
            yield (
                claim,
                "field",
                f"there is no column {column!r} in {table.name}{did_you_mean(column, table.schema.fields)}",
            )


@rule(
    "claim-value-invalid",
    "error",
    tables=("claims",),
    summary="A claim's value is written as its column wants it; a claim on a whole row has none.",
    why="Values in another notation cannot be compared with the cell.",
    fix="Write the value in the column's own notation; leave it empty with `*`.",
    good=(Cells("claims", OTHER, {"value": "2023-07"}),),
    bad=(Cells("claims", OTHER, {"value": "7 July 2023"}),),
    at=("claims", OTHER, "value"),
)
def _value_invalid(data: Data) -> Iterator[Finding]:
    for claim, field in _about_cells(data):
        problem = _misfit(claim["value"], field)
        if problem:
            yield claim, "value", f"does not fit {claim['table_name']}.{field.name}; expected {problem}"
    for claim in data.rows("claims"):
        if claim["field"] == ROW and claim["value"]:
            yield claim, "value", "is a value for a whole row (*); expected an empty value, or the name of a column"


def _misfit(text: str, field: Field) -> str:
    if not text:
        return "a value, as the column must be filled" if field.required else ""
    try:
        types.parse(text, field)
    except ValueError as error:
        return str(error)
    pattern = field.constraints.get("pattern")
    return f"the form {pattern}" if pattern and not re.fullmatch(pattern, text) else ""


def _about_cells(data: Data) -> Iterator[tuple[Row, Field]]:
    """The claims on single cells whose column exists."""
    for claim in data.rows("claims"):
        table = data.tables.get(claim["table_name"])
        field = table.schema.fields.get(claim["field"]) if table else None
        if field is not None:
            yield claim, field


@rule(
    "claim-cell-differs",
    "error",
    tables=("claims",),
    summary="A cell equals its preferred claim.",
    why="The register would show one value and give the source of another.",
    fix="Bring the cell and its preferred claim together: correct the one that is wrong, or prefer another claim.",
    good=(Cells("claims", OTHER, {"value": "2023-07-11"}),),
    bad=(Cells("claims", START, {"value": "2023-07-11"}),),
    at=("claims", START, "value"),
)
def _cell_differs(data: Data) -> Iterator[Finding]:
    for (table, record, column), claims in _cells(data):
        preferred = [claim for claim in claims if claim["rank"] == "preferred"]
        row = data.find(table, record)
        if len(preferred) == 1 and row is not None and column in row and row[column] != preferred[0]["value"]:
            place = f"{row.table.file}, line {row.line}"
            yield (
                preferred[0],
                "value",
                f"is preferred for {table} {record}, but its {column} is {row[column]!r} ({place})",
            )


def _cells(data: Data) -> Iterator[tuple[tuple[str, str, str], list[Row]]]:
    """The claims on each cell."""
    found: defaultdict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for claim, field in _about_cells(data):
        found[claim["table_name"], claim["record_id"], field.name].append(claim)
    yield from found.items()


@rule(
    "claim-two-preferred",
    "error",
    tables=("claims",),
    summary="A cell has one preferred claim at most.",
    why="It could not be told which value the cell shows.",
    fix="Keep the one that the cell shows as `preferred`; give the others the rank `normal`.",
    good=(Cells("claims", OTHER, {"rank": "normal"}),),
    bad=(Cells("claims", START, {"rank": "preferred"}), Cells("claims", OTHER, {"rank": "preferred"})),
    at=("claims", START, "rank"),
)
def _two_preferred(data: Data) -> Iterator[Finding]:
    for (table, record, column), claims in _cells(data):
        preferred = [claim for claim in claims if claim["rank"] == "preferred"]
        for claim in preferred[1:]:
            yield claim, "rank", f"is the second preferred claim on {column} of {table} {record}"


@rule(
    "claim-note-missing",
    "error",
    tables=("claims",),
    summary="A claim that is inferred, computed or deprecated has a note that says why.",
    why="Nobody could follow how the value came about, or why it is wrong.",
    fix="Say in `note` how the value follows from the source, or why it is deprecated.",
    good=(Cells("claims", WHOLE, {"basis": "inferred", "note": "The page prints no year."}),),
    bad=(Cells("claims", WHOLE, {"basis": "inferred", "note": ""}),),
    at=("claims", WHOLE, "note"),
)
def _note_missing(data: Data) -> Iterator[Finding]:
    for claim in data.rows("claims"):
        if claim["note"]:
            continue
        if claim["basis"] in ("inferred", "computed"):
            yield claim, "note", f"is empty, but the claim is {claim['basis']}; expected how it follows"
        elif claim["rank"] == "deprecated":
            yield claim, "note", "is empty, but the claim is deprecated; expected why"


@rule(
    "claim-missing",
    "error",
    tables=("claims", *TABLES),
    summary="Every row of events, participants, organisations, memberships, policies and policy_targets has a claim.",
    why="A row without a source cannot be checked by anybody.",
    fix="Add a claim with the field `*` that names the source and the place in it.",
    good=(),
    bad=(Without("claims", "memberships|eco-pak-member|*|lao-policy-2021|p1"),),
    at=("memberships", "eco-pak-member", "membership_id"),
)
def _claim_missing(data: Data) -> Iterator[Finding]:
    if "claims" not in data.tables or not data.tables["claims"].complete:
        return
    for table in TABLES:
        for row in data.rows(table):
            if row.key and (table, row.key) not in data.claims:
                yield row, row.table.schema.primary_key[0], "has no claim; expected at least one source for every row"


@rule(
    "claim-lesser-source-preferred",
    "error",
    tables=("claims", "sources"),
    summary="A claim from a lesser source is preferred over one nearer to the fact only with a note.",
    why="Primary sources beat secondary ones, and those tertiary ones, unless there is a reason.",
    fix="Prefer the claim of the source nearer to the fact, or say in the note why not.",
    good=(
        Cells("claims", START, {"rank": "normal", "value": "2023-07-11"}),
        Cells(
            "claims", OTHER, {"rank": "preferred", "value": "2023-07-07", "note": "The ministry's page has a misprint."}
        ),
    ),
    bad=(
        Cells("claims", START, {"rank": "normal", "value": "2023-07-11"}),
        Cells("claims", OTHER, {"rank": "preferred", "value": "2023-07-07", "note": ""}),
    ),
    at=("claims", OTHER, "rank"),
)
def _lesser_preferred(data: Data) -> Iterator[Finding]:
    for _, claims in _cells(data):
        for claim in claims:
            if claim["rank"] != "preferred" or claim["note"]:
                continue
            better = [
                other
                for other in claims
                if other["rank"] == "normal"
                and other["value"] != claim["value"]
                and _tier(data, claim) < _tier(data, other)
                and not other["note"]
            ]
            if better and _tier(data, claim) >= 0:
                yield (
                    claim,
                    "rank",
                    f"is preferred, though {better[0]['source_id']} is nearer to the fact and says "
                    f"{better[0]['value']!r}; expected a note that says why",
                )


def _tier(data: Data, claim: Row) -> int:
    source = data.find("sources", claim["source_id"])
    tiers = list(source.table.schema.fields["tier"].categories) if source else []
    return tiers.index(source["tier"]) if source and source["tier"] in tiers else -1
