"""Who pays for whom, and how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evcollab.questions.lookup import facts, looked_up
from evcollab.types import PRECISION

if TYPE_CHECKING:
    import pandas as pd

    from evcollab.dataset import Dataset

COLUMNS = {
    "funder_id": "str", "funder_country": "str", "role": "str", "event_id": "str", "programme_id": "str",
    "date": "datetime64[us]", "date" + PRECISION: "str", "beneficiaries": "object", "beneficiaries_from": "str",
    "amount": "Float64", "currency": "str", "counted": "bool",
}  # fmt: skip


def funding(ds: Dataset, *, total: bool = False) -> pd.DataFrame:
    """Who pays for whom, one row per statement that somebody pays.

    The same money often stands in several statements: at the launch, at a later signing, and in the programme. Only
    rows with `counted` may be added up; `total=True` does it.

    Statements are lines with the role funder or donor at an event, and funders among the memberships. Whom it
    benefits is read from the event's recipients; without any, from its participants; else from those who were only
    invited or are its target group; else from its place; `beneficiaries_from` tells which. For a programme it is read
    from its participating countries, pilot cities and members. The payer's own country is never a beneficiary.

    Args:
        total: add up what may be added: one row per funder and currency.

    Returns:
        `funder_id` (str), `funder_country` (str), `role` (str: funder or donor), `event_id` (str),
        `programme_id` (str: the event's programme, or the group that is funded), `date` (datetime64: first
        possible day of the event or of the membership), `date_precision` (str: year, month or day),
        `beneficiaries` (list of country codes),
        `beneficiaries_from` (str: recipient, participant, invited, place or member), `amount` (Float64) and `currency`
        (str) exactly as stated, `counted` (bool: there is an amount, and no other line counts the same money).

        With `total`: `funder_id`, `funder_country` and `currency` (str), `amount` (Float64: the sum), `statements`
        (Int64: how many amounts were added), largest first within a currency.
    """
    import pandas as pd

    rows = _at_events(ds) + _in_programmes(ds)
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    if total:
        return _summed(frame[frame["counted"]])
    return frame.sort_values(["funder_id", "funder_country", "event_id", "programme_id"], ignore_index=True)


def _at_events(ds: Dataset) -> list[dict[str, Any]]:
    events = ds.events.set_index("event_id")
    lines = _seated(ds, ds.participants)
    at_event = dict(iter(lines.groupby("event_id")))
    rows = []
    paying, invited = (list(facts(ds, "participants", "role", name)) for name in ("pays", "invited"))
    for line in lines[lines["role"].isin(paying)].to_dict("records"):
        event = events.loc[line["event_id"]]
        others = at_event[line["event_id"]]
        basis, countries = _gaining(others[~others["role"].isin(paying)], line["seat"], invited)
        if not countries and isinstance(event["country_code"], str) and event["country_code"] != line["seat"]:
            basis, countries = "place", {event["country_code"]}
        rows.append(_statement(line, event, event["programme_id"], countries, basis))
    return rows


def _gaining(lines: pd.DataFrame, payer: Any, invited_roles: list[str]) -> tuple[str, set[str]]:
    """Whom an event benefits by its lines without those who pay, and what tells so."""
    invited = lines["role"].isin(invited_roles) | (lines["attendance"] == "invited").fillna(False)
    told = {
        "recipient": lines["role"] == "recipient",
        "participant": (lines["role"] == "participant") & ~invited,
        "invited": invited & lines["role"].isin(["participant", *invited_roles]),
    }
    for basis, those in told.items():
        if countries := set(lines.loc[those, "seat"].dropna()) - {payer}:
            return basis, countries
    return "", set()


def _in_programmes(ds: Dataset) -> list[dict[str, Any]]:
    memberships = _seated(ds, ds.memberships)
    benefiting = list(facts(ds, "memberships", "role", "benefits"))
    gaining = memberships[memberships["role"].isin(benefiting)].dropna(subset="seat")
    gaining_of = gaining.groupby("group_id")["seat"].agg(set).to_dict()
    return [
        _statement(line, line, line["group_id"], gaining_of.get(line["group_id"], set()) - {line["seat"]}, "member")
        for line in memberships[memberships["role"] == "funder"].to_dict("records")
    ]


def _seated(ds: Dataset, lines: pd.DataFrame) -> pd.DataFrame:
    """Lines with the country of each, else the one in which its organisation has its seat, as `seat`."""
    seats = ds.organisations.set_index("organisation_id")["country_code"]
    return lines.assign(seat=lines["country_code"].fillna(looked_up(lines["organisation_id"], seats)))


def _statement(line: Any, started: Any, programme: Any, countries: set[str], basis: str) -> dict[str, Any]:
    import pandas as pd

    return {
        "funder_id": line["organisation_id"],
        "funder_country": line["seat"],
        "role": line["role"],
        "event_id": line.get("event_id"),
        "programme_id": programme,
        "date": started["start_date"],
        "date" + PRECISION: started["start_date" + PRECISION],
        "beneficiaries": sorted(countries),
        "beneficiaries_from": basis if countries else None,
        "amount": line["amount"],
        "currency": line["currency"],
        "counted": not pd.isna(line["amount"]) and not isinstance(line.get("same_money_id"), str),
    }


def _summed(counted: pd.DataFrame) -> pd.DataFrame:
    groups = counted.groupby(["funder_id", "funder_country", "currency"], dropna=False, as_index=False)
    sums = groups.agg(amount=("amount", "sum"), statements=("amount", "size"))
    sums = sums.astype({"amount": "Float64", "statements": "Int64"})
    return sums.sort_values(["currency", "amount", "funder_id"], ascending=[True, False, True], ignore_index=True)
