"""The one authority on types: what a cell's text means, and the pandas dtype that its column gets.

The kinds, and what each is in other formats, are in `NATIVE`. A code becomes a categorical, ordered with
`categoriesOrdered`; a list a list of `str` in every cell, `[]` where empty; a partial date that bound of it which
`partialDate` names.
A partial date has a second column, `<column>_precision`: an ordered categorical, year < month < day.
A cell is missing only if its text is one of the schema's `missingValues`. A text that does not fit its kind
raises; it never becomes a missing value. Constraints such as patterns and ranges are the validator's business.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Container, Iterable, Sequence
from decimal import Decimal
from itertools import repeat
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from evcollab import csvfile, dates, fastcsv
from evcollab.errors import BadCell, DataError, PackageError, did_you_mean
from evcollab.issues import Issue
from evcollab.limits import DEFAULT, Limits
from evcollab.table import Table
from evcollab.tableschema import PRECISION as PRECISION
from evcollab.tableschema import Field, Schema

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "code", "list", "partial_date", "date", "integer", "number", "boolean"]


class Native(NamedTuple):
    """What a kind of column is called elsewhere; `code` is a dictionary in Arrow and an ENUM in DuckDB.

    Attributes:
        pandas: dtype.
        arrow: type, by the name that pyarrow has for it; of the items of a list.
        sqlite: type.
        duckdb: type.
        json: type in JSON Schema, in which contributions write it.
        schema_org: data type in schema.org's words, which Croissant uses.
    """

    pandas: str
    arrow: str
    sqlite: str
    duckdb: str
    json: str
    schema_org: str


NATIVE: dict[Kind, Native] = {
    "text": Native("str", "string", "TEXT", "VARCHAR", "string", "sc:Text"),
    "code": Native("category", "string", "TEXT", "VARCHAR", "string", "sc:Text"),
    "list": Native("object", "string", "TEXT", "VARCHAR[]", "array", "sc:Text"),
    "partial_date": Native("datetime64[us]", "date32", "TEXT", "DATE", "string", "sc:Date"),
    "date": Native("datetime64[us]", "date32", "TEXT", "DATE", "string", "sc:Date"),
    "integer": Native("Int64", "int64", "INTEGER", "BIGINT", "integer", "sc:Integer"),
    "number": Native("Float64", "double", "REAL", "DOUBLE", "number", "sc:Float"),
    "boolean": Native("boolean", "bool", "INTEGER", "BOOLEAN", "boolean", "sc:Boolean"),
}
"""The types of every format, side by side."""
_SIMPLE: dict[str, Kind] = {
    "string": "text",
    "date": "date",
    "integer": "integer",
    "year": "integer",
    "number": "number",
    "boolean": "boolean",
}
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_POWER = re.compile(r"(-?[0-9](?:\.[0-9]+)?)[eE]\+?([0-9]{1,2})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def kind_of(field: Field) -> Kind:
    """The kind of a column.

    Raises:
        PackageError: the schema uses a field type that evcollab does not read.
    """
    if "partialDate" in field.spec:
        return "partial_date"
    if field.delimiter is not None:
        return "list"
    if field.categories:
        return "code"
    try:
        return _SIMPLE[field.spec["type"]]
    except KeyError:
        known = ", ".join(sorted(_SIMPLE))
        raise PackageError(
            f"the column {field.name!r} has the type {field.spec['type']!r}; evcollab reads {known}"
        ) from None


def parse(text: str, field: Field) -> Any:
    """The value of a cell that is not missing.

    Raises:
        ValueError: the text does not fit the column; the message is what was expected.
    """
    return _PARSERS[kind_of(field)](text, field)


def write(value: Any, field: Field, precision: str | None = None) -> str:
    """The canonical text of a value that is not missing; `precision` is that of a partial date."""
    kind = kind_of(field)
    if kind == "partial_date":
        return str(value) if precision is None else dates.write(value.date(), precision)
    if kind == "list":
        return str(field.delimiter).join(value)
    if kind == "date":
        return str(value.date().isoformat() if isinstance(value, dt.datetime) else value.isoformat())
    if kind == "boolean":
        return _truth(field, bool(value))[0]
    if kind == "number":
        return number_text(value)
    return str(value)


def restored(text: str, field: Field) -> str:
    """A cell as it was before a spreadsheet wrote it its way: `TRUE` as `true`, `3E+07` as `30000000`."""
    kind = kind_of(field)
    if kind == "boolean":
        meant = [truth for truth in _truth(field, True) + _truth(field, False) if truth.lower() == text.lower()]
        return meant[0] if len(meant) == 1 else text
    if kind in ("integer", "number") and (power := _POWER.fullmatch(text)):
        value = Decimal(power[1]).scaleb(int(power[2]))
        return format(value, "f") if value == value.to_integral_value() and value.adjusted() < 15 else text
    return text


def number_text(value: float) -> str:
    """The canonical text of a number: decimal notation, no exponent, no trailing zeros."""
    return format(Decimal(repr(float(value))), "f").removesuffix(".0")


def shown(value: Any) -> str:
    """A cell of any frame, answers included, as text: lists joined with `;`, days as YYYY-MM-DD, `""` if missing."""
    import pandas as pd

    if isinstance(value, list):
        return ";".join(map(shown, value))
    if pd.isna(value):
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, float) else str(value)


def read(data: bytes, file: str, schema: Schema, limits: Limits = DEFAULT) -> pd.DataFrame:
    """Turn the bytes of a table's CSV file into a DataFrame with the dtypes above.

    Raises:
        DataError: the file is not CSV in UTF-8, its header differs from the schema, rows are ragged, or cells do
            not fit. All bad cells are listed.
    """
    columns = fastcsv.read(data, schema, limits)
    if columns is not None:
        frame, wrong = _build(columns, schema)
        if not wrong:
            return frame
    return cast(accept(*csvfile.read_table(data, file, schema, limits), schema.table))


def accept(table: Table | None, issues: Sequence[Issue], name: str, ignored: Container[str] = ()) -> Table:
    """The table that was read, if it was read as its author meant it.

    Args:
        table: what `csvfile.read_table` returned.
        issues: likewise.
        name: of the table.
        ignored: rules that do not matter.

    Raises:
        DataError: there are issues of severity `error`.
    """
    severe = [issue for issue in issues if issue.severity == "error" and issue.rule not in ignored]
    cells = [
        BadCell(item.file, item.line, item.column, item.value, item.message.split("expected ")[-1], item.message)
        for item in severe
    ]
    if cells or table is None:
        raise DataError(name, cells)
    return table


def cast(table: Table) -> pd.DataFrame:
    """Turn a table of text into a DataFrame with the dtypes above.

    Raises:
        DataError: cells do not fit. All are listed.
    """
    import pandas as pd

    schema = table.schema
    texts = zip(*table.rows, strict=True) if table.rows else [()] * len(schema.fields)
    columns = {
        name: pd.Series([None if text in schema.missing_values else text for text in cells], dtype="str")
        for name, cells in zip(schema.fields, texts, strict=True)
    }
    frame, wrong = _build(columns, schema)
    places = sorted((row, table.columns[name], name) for name, rows in wrong.items() for row in rows)
    if places:
        cells = [
            BadCell(table.file, table.lines[row], name, table.rows[row][number], wrong[name][row])
            for row, number, name in places
        ]
        raise DataError(schema.table, cells)
    return frame


def to_text(frame: pd.DataFrame, schema: Schema) -> list[list[str]]:
    """Turn a DataFrame as made by `cast` back into rows of canonical text, in the schema's column order."""
    import pandas as pd

    columns = []
    for field in schema.fields.values():
        precisions = frame[field.name + PRECISION] if kind_of(field) == "partial_date" else repeat(None)
        cells = zip(frame[field.name].tolist(), precisions, strict=False)
        columns.append(
            [
                "" if not isinstance(value, list) and pd.isna(value) else write(value, field, precision)
                for value, precision in cells
            ]
        )
    return [list(row) for row in zip(*columns, strict=True)]


def _build(columns: dict[str, pd.Series], schema: Schema) -> tuple[pd.DataFrame, dict[str, dict[int, str]]]:
    """Give columns of text their dtypes; also return column → row → what was expected, for cells that do not fit.

    Each distinct text is parsed once; equal list cells share one list.
    """
    import numpy as np
    import pandas as pd

    data: dict[str, Any] = {}
    wrong: dict[str, dict[int, str]] = {}
    for field in schema.fields.values():
        column, kind = columns[field.name], kind_of(field)
        if kind == "text":
            data[field.name] = column
            continue
        codes, uniques = pd.factorize(column)
        values: list[Any] = [None] * len(uniques)
        expected: dict[int, str] = {}
        for number, text in enumerate(uniques):
            try:
                values[number] = _PARSERS[kind](str(text), field)
            except ValueError as error:
                expected[number] = str(error)
        if expected:
            rows = np.flatnonzero(np.isin(codes, list(expected)))
            wrong[field.name] = {int(row): expected[int(codes[row])] for row in rows}
        data.update(_built(codes, [*values, None], field, kind))  # code -1, missing, is the last
    return pd.DataFrame(data), wrong


def _built(codes: Any, values: list[Any], field: Field, kind: Kind) -> dict[str, Any]:
    """The columns of a frame for one of a file: for each cell the position of its value; the last is a missing one."""
    import numpy as np
    import pandas as pd

    dtype: Any = NATIVE[kind].pandas
    if kind == "list":
        column = np.empty(len(codes), dtype=object)
        shared = [value or [] for value in values]
        column[:] = [shared[code] for code in codes.tolist()]
        return {field.name: column}
    if kind == "partial_date":
        days = [value and getattr(value, field.spec["partialDate"]) for value in values]
        precisions = [value and value.precision for value in values]
        return {
            field.name: pd.array(days, dtype=dtype)[codes],
            field.name + PRECISION: _categorical(codes, precisions, dates.PRECISIONS, ordered=True),
        }
    if kind == "code":
        ordered = bool(field.spec.get("categoriesOrdered"))
        return {field.name: _categorical(codes, values, field.categories, ordered)}
    return {field.name: pd.array(values, dtype=dtype)[codes]}


def _categorical(codes: Any, values: list[Any], categories: Iterable[str], ordered: bool) -> Any:
    """A third of the time that pandas needs when it looks the values up itself."""
    import numpy as np
    import pandas as pd

    position = {category: number for number, category in enumerate(categories)}
    lookup = np.array([position.get(value, -1) for value in values])
    return pd.Categorical.from_codes(lookup[codes], dtype=pd.CategoricalDtype(list(categories), ordered=ordered))


def _parse_code(text: str, field: Field) -> str:
    if text not in field.categories:
        raise ValueError(f"one of {', '.join(field.categories)}{_near(text, field)}")
    return text


def _parse_list(text: str, field: Field) -> list[str]:
    items = text.split(str(field.delimiter))
    for item in items:
        if not item or item != item.strip():
            raise ValueError(
                f"items joined with {field.delimiter!r}, without spaces around them and without empty items"
            )
        if field.categories and item not in field.categories:
            raise ValueError(
                f"items out of {', '.join(field.categories)}; {item!r} is not among them{_near(item, field)}"
            )
    return items


def _parse_date(text: str, field: Field) -> dt.date:
    if not _DAY.fullmatch(text):
        raise ValueError("a day as YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("a day of the calendar as YYYY-MM-DD") from None


def _parse_integer(text: str, field: Field) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError("a whole number of at most 18 digits, without separators")
    return int(text)


def _parse_number(text: str, field: Field) -> float:
    if not _NUMBER.fullmatch(text) or sum(map(str.isdigit, text)) > 15:
        raise ValueError("a number such as 30 or 0.5, of at most 15 digits, without separators")
    return float(text)


def _parse_boolean(text: str, field: Field) -> bool:
    for truth in (True, False):
        if text in _truth(field, truth):
            return truth
    raise ValueError(f"{_truth(field, True)[0]} or {_truth(field, False)[0]}")


def _truth(field: Field, truth: bool) -> list[str]:
    key, default = ("trueValues", "true") if truth else ("falseValues", "false")
    return list(field.spec.get(key, [default]))


def _near(text: str, field: Field) -> str:
    half = did_you_mean(text, field.categories)
    return half if "did you mean" in half else ""


_PARSERS: dict[Kind, Callable[[str, Field], Any]] = {
    "text": lambda text, field: text,
    "code": _parse_code,
    "list": _parse_list,
    "partial_date": lambda text, field: dates.parse(text),
    "date": _parse_date,
    "integer": _parse_integer,
    "number": _parse_number,
    "boolean": _parse_boolean,
}
