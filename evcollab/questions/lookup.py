"""Looking up values by key, and records by what people call them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from evcollab import names
from evcollab.errors import EvcollabError, UnknownNameError

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset


_NAMES = ("alpha2", "name", "short_name", "aliases")


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
    return _one(ds, "countries", wanted, "country")


def group(ds: Dataset, wanted: str) -> str:
    """The identifier of a group given by identifier, name, short name or alias; see `country`."""
    return _one(ds, "organisations", wanted, "group", set(ds.memberships["group_id"]))


def _one(ds: Dataset, table: str, wanted: str, what: str, preferred: Iterable[str] = ()) -> str:
    frame, key = ds[table], ds.package.schema(table).primary_key[0]
    if (frame[key] == wanted).any():
        return str(wanted)
    frame = frame.set_index(key, drop=False)
    sought, found = names.key(str(wanted)), set[str]()
    for column in frame.columns.intersection([key, *_NAMES]):
        cells = frame[column].explode().dropna()
        found.update(cells.index[[names.key(cell) == sought for cell in cells]])
    found = found & set(preferred) or found
    if len(found) == 1:
        return found.pop()
    if found:
        raise EvcollabError(f"{wanted!r} is the name of several: use an identifier, {' or '.join(sorted(found))}")
    raise UnknownNameError(what, str(wanted), [*frame[key], *frame["name"]])
