"""What analysts ask of the register: pure functions of a data set that return plain DataFrames.

`Dataset` has each of them as a method. Two decisions hold throughout:

- **Whose part a line at an event is.** A participant line speaks of the country in its `country_code`, else of the
  country of its organisation where that is a body of one country (`_national` in its schema); an NGO or an
  international body has a seat but speaks for no country. The place of an event makes nobody a party, nor does an
  invitation.
- **Partial dates.** A date known to the month or year may be any day of it. What may hold on a day is returned,
  and a column `certain` tells whether it does however the date is completed.
"""

from evcollab.questions.coverage import coverage as coverage
from evcollab.questions.groups import members as members
from evcollab.questions.meetings import collaborations as collaborations
from evcollab.questions.meetings import parties as parties
from evcollab.questions.money import funding as funding
from evcollab.questions.spans import Day as Day
from evcollab.questions.targets import phase_outs as phase_outs
from evcollab.questions.targets import target_history as target_history
from evcollab.questions.targets import targets as targets
from evcollab.questions.views import named as named
from evcollab.questions.views import wide as wide
