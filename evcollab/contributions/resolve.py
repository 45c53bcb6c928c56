"""From what a document says to cells: names become identifiers, values their written form."""

from __future__ import annotations

from typing import Any

from evcollab import names, types
from evcollab.contributions.document import Place, cell_text
from evcollab.contributions.geography import PLACES
from evcollab.contributions.statement import Statement
from evcollab.register import Record, spellings
from evcollab.text import tidy
from evcollab.urls import tidy_url

STATE_KINDS = frozenset({"government", "local_government"})
"""Bodies of one state: the same name in two countries means two bodies."""

Cells = dict[str, str]


def cells(statement: Statement, table: str, place: Place, given: dict[str, Any]) -> Cells:
    """The cells of a record in CSV notation, links resolved; links within the table come later."""
    draft, country = statement.draft, str(given.get("country_code", ""))
    return {
        column.name: cell(statement, (*place, key), table, column.name, given[key], country)
        for key, column in draft.columns(table).items()
        if given.get(key) is not None and draft.target(table, column.name) != table
    }


def cell(statement: Statement, place: Place, table: str, column: str, value: Any, country: str = "") -> str:
    """One value in CSV notation."""
    draft = statement.draft
    target, text = draft.target(table, column), tidy(cell_text(value))
    if target == "organisations":
        return organisation(statement, place, text, country if column == "organisation_id" else "")
    if target in PLACES:
        try:
            return PLACES[target](draft.register, text)
        except ValueError as error:
            statement.problem(place, str(error))
            return ""
    if target and target in draft.register.tables:
        return linked(statement, place, target, text)
    field = draft.register.package.schemas[table].fields[column]
    if field.spec.get("format") == "uri":
        text = tidy_url(text)
    try:
        meant = types.parse(text, field)
    except ValueError as error:
        statement.problem(place, f"{text!r} is not right; expected {error}")
        return text
    return types.write(meant, field) if types.kind_of(field) in ("number", "integer") else text


def linked(statement: Statement, place: Place, table: str, text: str) -> str:
    """The identifier of a policy, event, target or source that a record names."""
    draft = statement.draft
    found = [row[draft.key(table)] for row in draft.register.named(table, text)]
    if len(found) == 1:
        return found[0]
    if found:
        statement.problem(place, f"{text!r} may be {', '.join(found)}: use the identifier")
    elif not statement.waits_for(place, text):
        statement.problem(place, f"{text!r} is not in {table}, and in no document added with it")
    return ""


def organisation(statement: Statement, place: Place, name: str, country: str = "") -> str:
    """The identifier of an organisation that a record names."""
    found = organisations_named(statement, name, country)
    if len(found) == 1:
        return found[0]["organisation_id"]
    if found:
        options = ", ".join(f"{row['organisation_id']} ({row['country_code'] or 'international'})" for row in found)
        statement.problem(place, f"{name!r} may be {options}: use the identifier")
    elif elsewhere := organisations_named(statement, name):
        options = ", ".join(f"{row['organisation_id']} ({row['country_code']})" for row in elsewhere)
        known = f"{name!r} is in the register as a body of another country, {options}"
        statement.problem(place, f"{known}: use its identifier")
    elif not statement.waits_for(place, name):
        rows = statement.draft.register.records("organisations").rows
        near = [row for row in rows if any(names.resembles(known, name) for known in spellings(row))]
        called = [row["name"] + (f" ({row['short_name']})" if row["short_name"] else "") for row in near[:3]]
        hint = f"; did you mean {' or '.join(called)}?" if near else "."
        declare = "Declare a new one under `organisations` with its kind"
        statement.problem(place, f"the organisation {name!r} is not in the register{hint} {declare}")
    return ""


def organisations_named(statement: Statement, name: str, country: str = "") -> list[Record]:
    """The organisations of that identifier, name, short name or alias.

    Args:
        statement: the document.
        name: compared without regard to case, accents and punctuation.
        country: where given, bodies of other states do not count, and those of this country win.
    """
    register = statement.draft.register
    found = register.named("organisations", name)
    if not country or (found and found[0]["organisation_id"] == name):
        return found
    found = [row for row in found if row["kind"] not in STATE_KINDS or row["country_code"] in ("", country)]
    return [row for row in found if row["country_code"] == country] or found


def similar_organisations(statement: Statement, row: Record) -> list[Record]:
    """Other organisations, of the same country or of none, with a name much like this one's."""
    country, own = row["country_code"], [names.bare(name) for name in spellings(row)]
    return [
        other
        for other in statement.draft.register.records("organisations").rows
        if other is not row
        and (other["country_code"] == country or not other["country_code"] or not country)
        and any(names.resembles(names.bare(known), name) for name in own for known in spellings(other))
    ]
