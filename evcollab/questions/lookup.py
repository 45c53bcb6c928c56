"""Looking up values by key, and records by what people call them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from evcollab import names
from evcollab.errors import EvcollabError, UnknownNameError

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset


def looked_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """The value of each key, with the dtype of the values even if none is found."""
    return values.reindex(keys).set_axis(keys.index)


def codes(ds: Dataset, table: str, column: str, given: str | Iterable[str]) -> list[str]:
    """One code or several as a list; raises UnknownNameError for one that the column does not know."""
    wanted = [given] if isinstance(given, str) else list(given)
    allowed = ds.package.schema(table).field(column).categories
    for code in wanted:
        if code not in allowed:
            raise UnknownNameError(f"{column} in {table}:", str(code), allowed)
    return wanted


def facts(ds: Dataset, table: str, column: str, name: str) -> dict[str, Any]:
    """Code → what the schema of the package says of it in the private property `_name`."""
    return ds.package.schema(table).field(column).facts(name)


def country(ds: Dataset, wanted: str) -> str:
    """The code of a country given by code or by any of its names.

    Raises:
        UnknownNameError: no country is called so.
        EvcollabError: several are.
    """
    return _one(ds, "countries", ["country_code", "alpha2", "name", "short_name", "aliases"], wanted, "country")


def group(ds: Dataset, wanted: str) -> str:
    """The identifier of a group given by identifier, name, short name or alias; see `country`."""
    having = set(ds.memberships["group_id"])
    columns = ["organisation_id", "name", "short_name", "aliases"]
    return _one(ds, "organisations", columns, wanted, "group", having)


def _one(ds: Dataset, table: str, columns: Sequence[str], wanted: str, what: str, preferred: Iterable[str] = ()) -> str:
    frame = ds[table]
    key, sought = columns[0], names.key(str(wanted))
    if (frame[key] == wanted).any():
        return str(wanted)
    spellings: dict[str, set[str]] = {}
    for column in (column for column in columns if column in frame.columns):
        for identifier, cell in zip(frame[key], frame[column], strict=True):
            for name in cell if isinstance(cell, list) else [cell]:
                if isinstance(name, str):
                    spellings.setdefault(names.key(name), set()).add(identifier)
    found = spellings.get(sought, set())
    found = found & set(preferred) or found
    if len(found) == 1:
        return found.pop()
    if found:
        raise EvcollabError(f"{wanted!r} is the name of several: use an identifier, {' or '.join(sorted(found))}")
    raise UnknownNameError(what, str(wanted), [*frame[key], *frame["name"]])
