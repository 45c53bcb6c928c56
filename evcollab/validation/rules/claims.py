"""Rules on claims: every row and every disputed cell comes from somewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from evcollab.errors import did_you_mean
from evcollab.package import Schema
from evcollab.provenance import CLAIMED
from evcollab.validation.catalogue import Queries, Query, RemoveRow, listed, quoted, rule
from evcollab.validation.rules.shapes import FIRST, FORUM, claim, row, twins

START = "events|lao-forum-2023|start_date|ministry-2023-forum|p2"
OTHER = "events|lao-forum-2023|start_date|herald-2023-07-10|p1"
WHOLE = "events|lao-forum-2023|*|ministry-2023-forum|p1"
ON_CELL = (
    "claims t JOIN derived.cells c ON c.table_name = t.table_name AND c.record_id = t.record_id AND c.field = t.field "
    "JOIN derived.tables f ON f.name = t.table_name"
)
"""The claims on cells, each with its cell as `c` and its file as `f`."""
BETTER = """(
    SELECT c.*, min_by(struct_pack(source_id := o.source_id, value := o.value), o._key) AS better
    FROM claims c JOIN sources s ON s.source_id = c.source_id
        JOIN claims o ON o.table_name = c.table_name AND o.record_id = c.record_id AND o.field = c.field
        JOIN sources r ON r.source_id = o.source_id
    WHERE c.rank = 'preferred' AND c.note = '' AND o.rank = 'normal' AND o.note = '' AND o.value <> c.value
        AND tier_of(s.tier) > 0 AND tier_of(r.tier) > tier_of(s.tier)
    GROUP BY ALL)"""
"""The preferred claims without a note beside which a source nearer to the fact says something else, and what."""
Ask = Callable[[str], list[str]]


def _unknown_record(ask: Ask, table: str, record: str) -> str:
    near = ""
    if ask(f"SELECT count(*) <= 5000 FROM {table}")[0]:
        near = did_you_mean(record, ask(f"SELECT _key FROM {table} ORDER BY _key"))
    return f"there is no record {record!r} in {table}" + (near if "did you mean" in near else "")


def _of_unknown_records(_: Mapping[str, Schema]) -> Iterator[Query]:
    """Table by table: to look for a key takes less memory than to look for a table with a key."""
    for table in CLAIMED:
        where = f"t.table_name = '{table}' AND is_whole('{table}') AND record_id <> ''"
        source = f"claims t ANTI JOIN {table} r ON r._key = t.record_id"
        yield Query("claims", "record_id", where, "", source, on=("table_name", "record_id"), say=_unknown_record)


def _unknown_column(ask: Ask, table: str, column: str) -> str:
    columns = ask(f"SELECT name FROM derived.columns WHERE table_name = {quoted(table)} ORDER BY position")
    return f"there is no column {column!r} in {table}{did_you_mean(column, columns)}"


def _of_records(where: str, message: str, source: str) -> Queries:
    """A question on the identifiers of every table that claims are made on, named `{table}` in the source."""
    return lambda _: [
        Query(table, key, where, message, source.replace("{table}", table)) for table, key in CLAIMED.items()
    ]


rule(
    "claim-unknown-table",
    at="claims.table_name",
    where=f"{{cell}} NOT IN {listed(['', *CLAIMED])} OR is_absent({{cell}})",
    alone=True,
    on=("table_name",),
    say=lambda ask, table: (
        f"there is no table {table!r} in this package"
        if table in CLAIMED
        else f"there is no table {table!r} to make claims on{did_you_mean(table, CLAIMED)}"
    ),
    summary="A claim speaks of a row in one of the tables that claims are made on.",
    why="It supports nothing.",
    fix="Correct `table_name`.",
    bad=claim("event|lao-forum-2023|city|ministry-2023-forum|p4", value="Vientiane"),
    supersedes=("cell-category",),
)
rule(
    "claim-unknown-record",
    at=_of_unknown_records,
    tables=("claims",),
    summary="A claim speaks of a record that exists.",
    why="It supports nothing; most often the record was renamed or its identifier is misspelt.",
    fix="Correct `record_id`, or delete the claim if the record is gone.",
    bad=claim("events|lao-form-2023|city|ministry-2023-forum|p4", value="Vientiane"),
    reported=("claims", "events|lao-form-2023|city|ministry-2023-forum|p4", "record_id"),
)
rule(
    "claim-unknown-column",
    at="claims.field",
    source="claims t ANTI JOIN derived.columns c ON c.table_name = t.table_name AND c.name = t.field",
    where="field NOT IN ('', '*') AND table_name IN (SELECT name FROM derived.tables)",
    on=("table_name", "field"),
    say=_unknown_column,
    summary="A claim speaks of a column that exists, or of the whole row (`*`).",
    why="It supports nothing.",
    fix="Correct `field`.",
    good=claim("events|lao-forum-2023|city|ministry-2023-forum|p4", value="Vientiane"),
    bad=claim("events|lao-forum-2023|town|ministry-2023-forum|p4", value="Vientiane"),
    supersedes=("cell-pattern",),
)
rule(
    "claim-value-invalid",
    at="claims.value",
    source="claims t LEFT JOIN derived.claimed v ON v.table_name = t.table_name AND v.field = t.field "
    "AND v.value = t.value",
    where="v.problem <> '' OR (t.field = '*' AND t.value <> '')",
    message="{CASE WHEN t.field = '*' THEN "
    "'is a value for a whole row (*); expected an empty value, or the name of a column' "
    "ELSE 'does not fit ' || t.table_name || '.' || t.field || '; expected ' || v.problem END}",
    summary="A claim's value is written as its column wants it; a claim on a whole row has none.",
    why="Values in another notation cannot be compared with the cell.",
    fix="Write the value in the column's own notation; leave it empty with `*`.",
    good=row("claims", OTHER, value="2023-07"),
    bad=row("claims", OTHER, value="7 July 2023"),
    supersedes=("claim-only-one-differs",),
)
rule(
    "claim-cell-differs",
    at="claims.value",
    source=ON_CELL,
    where="t.rank = 'preferred' AND c.preferred = 1 AND c.value <> t.value",
    message="is preferred for {t.table_name} {t.record_id}, but its {t.field} is {c.value!r} ({f.file}, line {c.line})",
    summary="A cell equals its preferred claim.",
    why="The register would show one value and give the source of another.",
    fix="Bring the cell and its preferred claim together: correct the one that is wrong, or prefer another claim.",
    good=row("claims", OTHER, value="2023-07-11"),
    bad=row("claims", START, value="2023-07-11"),
)
rule(
    "claim-two-preferred",
    at="claims.rank",
    source=twins(
        "claims",
        by="table_name, record_id, field",
        where="rank = 'preferred'",
        rows="claims t SEMI JOIN derived.columns k ON k.table_name = t.table_name AND k.name = t.field",
    ),
    message="is the second preferred claim on {t.field} of {t.table_name} {t.record_id}",
    summary="A cell has one preferred claim at most.",
    why="It could not be told which value the cell shows.",
    fix="Keep the one that the cell shows as `preferred`; give the others the rank `normal`.",
    good=row("claims", OTHER, rank="normal"),
    bad=(row("claims", START, rank="preferred"), row("claims", OTHER, rank="preferred")),
)
rule(
    "claim-note-missing",
    at="claims.note",
    where="note = '' AND (basis IN ('inferred', 'computed') OR rank = 'deprecated')",
    message="is empty, but the claim is {CASE WHEN basis IN ('inferred', 'computed') "
    "THEN basis || '; expected how it follows' ELSE 'deprecated; expected why' END}",
    summary="A claim that is inferred, computed or deprecated has a note that says why.",
    why="Nobody could follow how the value came about, or why it is wrong.",
    fix="Say in `note` how the value follows from the source, or why it is deprecated.",
    good=row("claims", WHOLE, basis="inferred", note="The page prints no year."),
    bad=row("claims", WHOLE, basis="inferred", note=""),
)
rule(
    "claim-missing",
    at=_of_records(
        "t._key <> ''",
        "has no claim; expected at least one source for every row",
        "{table} t ANTI JOIN claims c ON c.table_name = '{table}' AND c.record_id = t._key",
    ),
    whole=("claims",),
    tables=("claims", *CLAIMED),
    summary="Every row of events, participants, organisations, memberships, policies and policy_targets has a claim.",
    why="A row without a source cannot be checked by anybody.",
    fix="Add a claim with the field `*` that names the source and the place in it.",
    bad=RemoveRow("claims", "memberships|eco-pak-member|*|lao-policy-2021|p1"),
    reported=("memberships", "eco-pak-member", "membership_id"),
)
rule(
    "claim-lesser-source-preferred",
    at="claims.rank",
    source=f"{BETTER} t",
    message="is preferred, though {better.source_id} is nearer to the fact and says {better.value!r}; "
    "expected a note that says why",
    tables=("claims", "sources"),
    summary="A claim from a lesser source is preferred over one nearer to the fact only with a note.",
    why="Primary sources beat secondary ones, and those tertiary ones, unless there is a reason.",
    fix="Prefer the claim of the source nearer to the fact, or say in the note why not.",
    good=(
        row("claims", START, rank="normal", value="2023-07-11"),
        row("claims", OTHER, rank="preferred", value="2023-07-07", note="The ministry's page has a misprint."),
    ),
    bad=(
        row("claims", START, rank="normal", value="2023-07-11"),
        row("claims", OTHER, rank="preferred", value="2023-07-07", note=""),
    ),
    reported=("claims", OTHER, "rank"),
)
rule(
    "claim-only-one-differs",
    at="claims.value",
    source=ON_CELL,
    where="t.rank = 'normal' AND c.standing = 1 AND c.value NOT IN ('', t.value)",
    message="is the only claim on {t.field} of {t.table_name} {t.record_id}, but the cell is {c.value!r}",
    summary="Where one claim alone speaks of a cell, the cell says what it says.",
    why="Nothing supports the value that the register shows.",
    fix="Correct the cell or the claim, or add the claim that supports the cell.",
    good=claim("events|lao-forum-2023|venue|ministry-2023-forum|p4", value=""),
    bad=claim("events|lao-forum-2023|city|ministry-2023-forum|p4", value="Luang Prabang"),
)
rule(
    "claim-on-identifier",
    at="claims.field",
    where=" OR ".join(f"(table_name = '{table}' AND field = '{key}')" for table, key in CLAIMED.items()),
    message="is the identifier of the record; expected another column, or * for the whole row",
    summary="No claim speaks of a record's identifier.",
    why="Identifiers are ours: no source states them.",
    fix="Write `*` if the source supports the row, or the column that it states.",
    good=claim("events|lao-forum-2023|country_code|ministry-2023-forum|p4", value="LAO"),
    bad=claim("events|lao-forum-2023|event_id|ministry-2023-forum|p4", value=FORUM),
)
rule(
    "claim-on-cells-only",
    "info",
    at=_of_records(
        "true",
        "is supported by claims on single cells only; expected one with the field *",
        "{table} t JOIN (SELECT record_id FROM claims WHERE table_name = '{table}' GROUP BY record_id "
        "HAVING count(*) FILTER (field = '*') = 0) c ON c.record_id = t._key",
    ),
    whole=("claims",),
    tables=("claims", *CLAIMED),
    summary="A row is supported as a whole, not only one of its cells.",
    why="Most of its cells rest on nothing.",
    fix="Add a claim with the field `*`.",
    bad=(
        RemoveRow("claims", "events|lao-forum-2022|*|ministry-2023-forum|p4"),
        claim("events|lao-forum-2022|status|ministry-2023-forum|p4", value="held"),
    ),
    reported=("events", FIRST, "event_id"),
)
