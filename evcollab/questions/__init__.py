"""What analysts ask of the register: pure functions of a data set that return plain DataFrames.

`Dataset` has each of them as a method. Two decisions hold throughout:

- **Whose part a line at an event is.** A participant line speaks of the country in its `country_code`, else of the
  country of its organisation where that is a body of one country (`_national` in its schema); an NGO or an
  international body has a seat but speaks for no country. The place of an event makes nobody a party, nor does an
  invitation.
- **Partial dates.** A date known to the month or year may be any day of it. What may hold on a day is returned,
  and a column `certain` tells whether it does however the date is completed.
"""

from evcollab.questions.coverage import coverage
from evcollab.questions.groups import members
from evcollab.questions.meetings import Between, collaborations, parties
from evcollab.questions.money import funding
from evcollab.questions.spans import Day
from evcollab.questions.targets import Level, phase_outs, target_history, targets
from evcollab.questions.views import named, wide

__all__ = [
    "Between",
    "Day",
    "Level",
    "collaborations",
    "coverage",
    "funding",
    "members",
    "named",
    "parties",
    "phase_outs",
    "target_history",
    "targets",
    "wide",
]
