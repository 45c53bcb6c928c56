"""Apache Arrow tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from evcollab import types
from evcollab.errors import needed
from evcollab.tableschema import Field, Schema

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def table(frame: pd.DataFrame, schema: Schema, facts: Mapping[str, str]) -> pa.Table:
    """A frame of a table as an Arrow table (see `Dataset.to_arrow`), with facts about the data set in its metadata."""
    pa = needed("pyarrow", "an Arrow table", "export")
    arrays: list[Any] = []
    fields: list[Any] = []
    for field in schema.fields.values():
        arrays.append(_array(frame[field.name], types.kind_of(field)))
        fields.append(_field(field, field.name, arrays[-1]))
        if types.kind_of(field) == "partial_date":
            name = field.name + types.PRECISION
            arrays.append(_array(frame[name], "code"))
            fields.append(pa.field(name, arrays[-1].type, metadata={"description": f"How exact {field.name} is."}))
    metadata = {f"data_{key}": value for key, value in facts.items() if value}
    metadata |= {key: str(schema.spec[key]) for key in ("title", "description") if key in schema.spec}
    metadata |= {"table": schema.table, "table_schema": json.dumps(schema.spec, ensure_ascii=False)}
    return pa.table(arrays, schema=pa.schema(fields, metadata=metadata))


def _array(column: Any, kind: types.Kind) -> Any:
    import pyarrow as pa

    native = pa.type_for_alias(types.NATIVE[kind].arrow)
    if kind == "list":
        return pa.array(column.tolist(), type=pa.list_(pa.field("element", native, nullable=False)))
    if kind == "code":
        dictionary = pa.array([str(code) for code in column.cat.categories], type=native)
        indices = pa.array(column.cat.codes.astype("int32").where(column.notna()), type=pa.int32(), from_pandas=True)
        return pa.DictionaryArray.from_arrays(indices, dictionary, ordered=bool(column.cat.ordered))
    return pa.array(column, type=native, from_pandas=True)


def _field(field: Field, name: str, array: Any) -> Any:
    import pyarrow as pa

    metadata: dict[str, str] = {
        key: str(field.spec[key]) for key in ("title", "description", "example") if key in field.spec
    }
    if "partialDate" in field.spec:
        metadata["partial_date"] = f"the {field.spec['partialDate']} day that it may be; see {name}{types.PRECISION}"
    if field.categories:
        metadata["codes"] = json.dumps(field.categories, ensure_ascii=False)
    never_null = field.delimiter is not None or (field.required and array.null_count == 0)
    return pa.field(name, array.type, nullable=not never_null, metadata=metadata)
