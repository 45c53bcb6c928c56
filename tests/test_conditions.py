from __future__ import annotations

import pytest

import evcollab
from evcollab.conditions import condition


@pytest.mark.parametrize(
    ("text", "cell", "holds"),
    [
        ("start_date=2023", "2023-07-07", True),
        ("start_date=2023-07", "2023-07-07", True),
        ("start_date=2023-07", "2023-08", False),
        ("start_date=", "", True),
        ("start_date!=2023", "2024", True),
        ("start_date>=2023-07", "2023", True),
        ("start_date>=2024", "2023-12-31", False),
        ("start_date<=2023", "2023-12", True),
        ("start_date<=2023", "", False),
        ("topics=Charging", "policy;charging", True),
        ("topics!=charging", "policy;charging", False),
        ("kind=FORUM", "forum", True),
        ("country_code=South Korea", "KOR", True),
        ("country_code = uk", "GBR", True),
        ("participant_count>=50", "120", True),
        ("participant_count<=50", "120", False),
        ("participant_count=120", "120", True),
        ("name contains ev", "Lao EV Forum", True),
        ("name contains =", "a = b", True),
    ],
)
def test_a_condition_holds_of_what_people_mean_by_it(ds: evcollab.Dataset, text: str, cell: str, holds: bool) -> None:
    column = text.split("=")[0].split()[0].strip("!<> ")
    assert condition(ds, "events", text)({column: cell}) is holds
