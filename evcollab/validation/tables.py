"""The third layer: what the Table Schemas say of the cells, by frictionless and, where it is lax, by ourselves.

frictionless does not check unique keys, takes `2020-1-2` for a date and NaN for a number, lets a composite key with
a gap pass, and finds duplicates in file order. Those checks are ours; what both find is said once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evcollab import csvfile, types
from evcollab.errors import MissingExtraError, did_you_mean
from evcollab.package import Field, Schema
from evcollab.validation.data import Row, Table
from evcollab.validation.found import Found

if TYPE_CHECKING:
    import frictionless

_CHECKED = ("name", "type", "format", "constraints", "trueValues", "falseValues")
"""Keys of a field that frictionless checks; it copies the others about, which takes time."""
_V2 = "https://datapackage.org/profiles/2.0/tableschema.json"
_NOT_FINITE = re.compile(r"[+-]?(nan|inf(inity)?)", re.IGNORECASE)


def check(tables: dict[str, Table], found: Found) -> None:
    """Check types, constraints and keys of all tables that could be read."""
    for table in tables.values():
        _check_cells(table, found)
        _check_unique(table, found)
    _check_with_frictionless(tables, found)


def _report(found: Found, rule: str, row: Row, column: str, message: str) -> None:
    found.add(
        rule,
        message,
        file=row.table.file,
        line=row.line,
        column=column,
        table=row.table.name,
        record=row.key,
        value=row[column],
    )


# Our own checks


def _check_cells(table: Table, found: Found) -> None:
    for column, field in table.schema.fields.items():
        problems: dict[str, list[tuple[str, str]]] = {}
        simple = types.kind_of(field) == "text"
        for row in table.rows:
            text = row[column]
            if simple or text in table.schema.missing_values:
                continue
            if text not in problems:
                problems[text] = list(_cell_problems(text, field))
            for rule, message in problems[text]:
                _report(found, rule, row, column, message)
    parts = table.schema.primary_key
    for row in table.rows if len(parts) > 1 else ():
        for column in parts:
            if not row[column] and any(row[other] for other in parts):
                _report(found, "key-incomplete", row, column, f"is empty, but is part of the key {', '.join(parts)}")


def _cell_problems(text: str, field: Field) -> Iterator[tuple[str, str]]:
    kind = types.kind_of(field)
    if kind == "list":
        yield from _list_problems(text, field)
        return
    try:
        types.parse(text, field)
    except ValueError as error:
        rule = {"partial_date": "cell-date", "date": "cell-date", "code": "cell-category"}.get(kind, "cell-type")
        if kind == "number" and _NOT_FINITE.fullmatch(text):
            rule = "cell-number-not-finite"
        yield rule, f"expected {error}"


def _list_problems(text: str, field: Field) -> Iterator[tuple[str, str]]:
    delimiter = str(field.delimiter)
    items = text.split(delimiter)
    if any(not item or item != item.strip() for item in items):
        yield (
            "list-empty-item",
            f"has an empty item or a space beside {delimiter!r}; expected items joined with it alone",
        )
    filled = [item.strip() for item in items if item.strip()]
    unknown = [item for item in filled if field.categories and item not in field.categories]
    if unknown:
        yield (
            "list-unknown-item",
            f"{unknown[0]!r} is not in the vocabulary{did_you_mean(unknown[0], field.categories)}",
        )
    twice = sorted({item for item in filled if filled.count(item) > 1}) if len(set(filled)) < len(filled) else []
    if twice:
        yield "list-duplicate-item", f"holds {twice[0]!r} twice"


def _check_unique(table: Table, found: Found) -> None:
    schema = table.schema
    single = [[name] for name, field in schema.fields.items() if field.constraints.get("unique")]
    for columns in single + [key for key in schema.unique_keys if key not in single]:
        if columns != schema.primary_key:
            _check_unique_key(table, columns, "value-not-unique", found)
    if schema.primary_key:
        _check_unique_key(table, schema.primary_key, "key-duplicate", found)


def _check_unique_key(table: Table, columns: list[str], rule: str, found: Found) -> None:
    """Report the second and later rows of equal values; a key with a missing part equals none."""
    own = [column for column in columns if column not in table.schema.foreign_keys]
    column = (own or columns)[0 if rule == "key-duplicate" else -1]
    seen: dict[tuple[Any, ...], Row] = {}
    rows = table.rows if rule == "key-duplicate" else table.in_order
    for row in rows:
        if all(row[name] not in table.schema.missing_values for name in columns):
            first = seen.setdefault(tuple(row[name] for name in columns), row)
            if first is not row:
                which = f"line {first.line}" if rule == "key-duplicate" else first.key
                what = " and ".join(columns)
                _report(
                    found, rule, row, column, f"{what} {'are' if len(columns) > 1 else 'is'} the same as in {which}"
                )


# frictionless


@dataclass(frozen=True)
class Place:
    """Where a frictionless error is, and what it says."""

    row: Row
    schema: Schema
    column: str
    note: str

    @property
    def field(self) -> Field:
        """The column that the error is about."""
        return self.schema.fields[self.column]


Say = Callable[[Place], tuple[str, str]]


def _say_type(place: Place) -> tuple[str, str]:
    kind = types.kind_of(place.field)
    form = place.field.spec.get("format")
    if kind == "text" and form:
        return "cell-pattern", {"uri": "is not an address (URI); expected https://..."}.get(form, f"is no {form}")
    return ("cell-date" if kind == "date" else "cell-type"), f"is no {place.field.spec['type']}"


def _say_constraint(place: Place) -> tuple[str, str]:
    name = place.note.split('"')[1] if '"' in place.note else ""
    limit = place.field.constraints.get(name)
    if name == "required":
        return "cell-required", "is empty; expected a value"
    if name == "enum":
        options = [str(value) for value in limit or []]
        return "cell-category", f"expected one of {', '.join(options)}"
    if name == "pattern":
        example = place.field.spec.get("example")
        return "cell-pattern", f"expected the form {limit}" + (f", as in {example!r}" if example else "")
    if name in ("minLength", "maxLength"):
        found = len(place.row[place.column])
        return (
            "cell-length",
            f"has {found} characters; expected {'at least' if name == 'minLength' else 'at most'} {limit}",
        )
    words = {
        "minimum": "at least",
        "maximum": "at most",
        "exclusiveMinimum": "more than",
        "exclusiveMaximum": "less than",
    }
    return "cell-range", f"expected {words.get(name, name)} {limit}"


def _say_reference(place: Place) -> tuple[str, str]:
    table, column = place.schema.foreign_keys[place.column]
    return "reference-unknown", f"there is no {column} {place.row[place.column]!r} in {table}"


def _say(rule: str, message: str) -> Say:
    return lambda place: (rule, message)


DESCRIPTOR = _say("descriptor-profile", "frictionless does not accept the schema")
UNREADABLE = _say("file-not-csv", "frictionless cannot read the table")
SAY: dict[str, Say] = {
    "type-error": _say_type,
    "constraint-error": _say_constraint,
    "foreign-key": _say_reference,
    # found by our own layers first; here in case frictionless ever finds one that they do not
    "unique-error": _say("value-not-unique", "is not unique"),
    "primary-key": _say("key-duplicate", "the key is missing or stands twice"),
    "blank-row": _say("row-blank", "is empty; expected a record"),
    "extra-cell": _say("row-ragged", "has more cells than the header"),
    "missing-cell": _say("row-ragged", "has fewer cells than the header"),
    "blank-header": _say("header-column-missing", "the header is empty"),
    "unmatched-header": _say("header-column-unknown", "no column of the header is known"),
    "extra-label": _say("header-column-unknown", "has a column that the schema does not describe"),
    "missing-label": _say("header-column-missing", "lacks a column"),
    "blank-label": _say("header-column-unknown", "has a column without a name"),
    "duplicate-label": _say("header-column-duplicate", "has a column twice"),
    "incorrect-label": _say("header-order", "has a column in another place"),
    "hash-count": _say("resource-hash", "has another hash than the descriptor says"),
    "byte-count": _say("resource-bytes", "has another size than the descriptor says"),
    "row-count": _say("resource-rows", "has another number of records than the descriptor says"),
    "field-count": _say("header-column-missing", "has another number of columns than the schema"),
    # checks that have to be asked for, which we do not
    "duplicate-row": _say("key-duplicate", "stands twice"),
    "row-constraint": _say("cell-range", "breaks a constraint"),
    "truncated-value": _say("cell-length", "may be cut off"),
    "forbidden-value": _say("cell-category", "holds a value that is not allowed"),
    "sequential-value": _say("cell-range", "is out of sequence"),
    "ascii-value": _say("cell-pattern", "holds other letters than ASCII"),
    "required-value": _say("cell-required", "lacks a value"),
    "deviated-value": _say("cell-range", "deviates from the others"),
    "deviated-cell": _say("cell-length", "deviates from the others"),
    "table-dimensions": _say("limit-exceeded", "has other dimensions than expected"),
    # bases of other errors, and failures to read
    **dict.fromkeys(("row-error", "cell-error"), _say("cell-type", "is not right")),
    **dict.fromkeys(("header-error", "label-error"), _say("header-column-unknown", "the header is not right")),
    **dict.fromkeys(
        (
            "error",
            "data-error",
            "table-error",
            "file-error",
            "source-error",
            "scheme-error",
            "format-error",
            "compression-error",
        ),
        UNREADABLE,
    ),
    "encoding-error": _say("file-encoding", "is not UTF-8 text"),
    # on the descriptor, after our own profile accepted it
    **dict.fromkeys(
        (
            "metadata-error",
            "catalog-error",
            "dataset-error",
            "checklist-error",
            "check-error",
            "detector-error",
            "dialect-error",
            "control-error",
            "inquiry-error",
            "inquiry-task-error",
            "package-error",
            "pipeline-error",
            "step-error",
            "report-error",
            "report-task-error",
            "schema-error",
            "field-error",
            "stats-error",
            "resource-error",
        ),
        DESCRIPTOR,
    ),
}
"""Type of a frictionless error → the rule it violates and how to say it."""


def _check_with_frictionless(tables: dict[str, Table], found: Found) -> None:
    try:
        from frictionless import Package
    except ImportError:
        raise MissingExtraError("validating a package", "validate") from None

    package = Package(resources=[*(_resource(table, tables) for table in tables.values()), *_targets(tables)])
    known = {(issue.file, issue.line, issue.column) for issue in found.issues}
    for name, table in tables.items():
        report = package.get_resource(name).validate(limit_errors=0)
        for error in (*report.errors, *(error for task in report.tasks for error in task.errors)):
            _translate(error, table, known, found)


def _translate(error: frictionless.Error, table: Table, known: set[tuple[str, int, str]], found: Found) -> None:
    number = getattr(error, "row_number", None)
    columns = getattr(error, "field_names", None) or [getattr(error, "field_name", "")]
    if number is None or number < 2 or number - 2 >= len(table.rows) or columns[0] not in table.schema.fields:
        if error.type == "primary-key":  # of a row whose identifier is empty, or that stands twice: ours say so
            return
        rule, message = SAY[error.type](Place(Row(table, 1, {}), table.schema, "", error.note))
        file = table.schema.file if rule.startswith("descriptor") else table.file
        found.add(rule, f"{message}: {error.note}", file=file, table=table.name)
        return
    row = table.rows[number - 2]
    place = Place(row, table.schema, columns[0], error.note)
    rule, message = SAY[error.type](place)
    if (table.file, row.line, columns[0]) in known and rule in (
        "cell-type",
        "cell-date",
        "cell-category",
        "value-not-unique",
    ):
        return  # said already, and better
    _report(found, rule, row, columns[0], message)


def _resource(table: Table, tables: dict[str, Table]) -> frictionless.Resource:
    """The table as frictionless wants it, with references only to complete tables."""
    columns = list(table.schema.fields)
    kept = ("missingValues", "primaryKey")
    spec: dict[str, Any] = {key: table.schema.spec[key] for key in kept if key in table.schema.spec}
    spec["fields"] = [
        {key: value for key, value in field.items() if key in _CHECKED} for field in table.schema.spec["fields"]
    ]
    spec["foreignKeys"] = [
        {"fields": [column], "reference": {"resource": f"{target}.{key}", "fields": [key]}}
        for column, (target, key) in table.schema.foreign_keys.items()
        if target in tables and tables[target].complete
    ]
    return _in_memory(table.name, spec, [[row[column] for column in columns] for row in table.rows])


def _targets(tables: dict[str, Table]) -> Iterator[frictionless.Resource]:
    """The columns that references point at, each as a resource: frictionless reads one for every reference."""
    pointed_at = {place for table in tables.values() for place in table.schema.foreign_keys.values()}
    for target, key in sorted(pointed_at):
        if target in tables:
            spec = {"fields": [{"name": key, "type": tables[target].schema.fields[key].spec["type"]}]}
            yield _in_memory(f"{target}.{key}", spec, [[row[key]] for row in tables[target].rows if row[key]])


def _in_memory(name: str, spec: dict[str, Any], rows: list[list[str]]) -> frictionless.Resource:
    """A resource that is read from memory as canonical CSV, so that nothing has to be guessed."""
    from frictionless import Dialect, Resource
    from frictionless import Schema as TableSchema
    from frictionless.formats import CsvControl

    header = [field["name"] for field in spec["fields"]]
    return Resource(
        csvfile.write(header, rows).encode("utf-8", "replace"),
        name=name,
        format="csv",
        encoding="utf-8",
        dialect=Dialect(controls=[CsvControl(delimiter=",")]),
        schema=TableSchema.from_descriptor({"$schema": _V2, **spec}),
    )
