"""Rules that a Table Schema states: types, constraints and keys. The tables layer finds them."""

from functools import partial

from evcollab.validation import catalogue
from evcollab.validation.catalogue import Text
from evcollab.validation.rules.shapes import FORUM, HERALD, NEW, VOLTA, WEBINAR, row

declare = partial(catalogue.declare, layer="tables")

declare(
    "cell-type",
    summary="A cell's text is of its column's type.",
    why="A program cannot calculate with it and would drop or misread it.",
    fix="Write the value as the column wants it: see its description in the schema.",
    good=row("events", FORUM, participant_count="120"),
    bad=row("events", FORUM, participant_count="about 120"),
    supersedes=("cell-pattern",),
)
declare(
    "cell-date",
    summary="A date is a day, month or year of the calendar, as YYYY-MM-DD, YYYY-MM or YYYY (as the column allows).",
    why="`7/8/2023` is July for some and August for others; `2023-02-30` is not a day.",
    fix="Write it as YYYY-MM-DD, or only as precisely as the source gives it where the column allows.",
    good=row("events", WEBINAR, start_date="2026-12", end_date="2026"),
    bad=row("sources", HERALD, accessed_date="2026-1-5"),
    supersedes=("cell-pattern", "cell-type"),
)
declare(
    "cell-number-not-finite",
    summary="Numbers are finite: not NaN and not infinite.",
    why="Such a value spoils every sum it enters.",
    fix="Write the number, or leave the cell empty if it is not known.",
    good=row("policy_targets", NEW, value="30.5"),
    bad=row("policy_targets", NEW, value="NaN"),
    supersedes=("cell-type", "cell-range"),
)
declare(
    "cell-required",
    summary="Cells of required columns are filled.",
    why="RemoveRow it the record cannot be understood or found.",
    fix="Fill the cell with what a source says; if no source says it, the record is not ready yet.",
    good=row("events", FORUM, venue=""),
    bad=row("events", FORUM, kind=""),
)
declare(
    "cell-category",
    summary="A cell of a column with a vocabulary holds one of its codes.",
    why="A code that nobody knows is found by no filter.",
    fix="Choose one of the codes; the schema says what each means.",
    good=row("events", FORUM, kind="conference"),
    bad=row("events", FORUM, kind="conferense"),
    supersedes=("cell-type",),
)
declare(
    "cell-pattern",
    summary="A cell has the form that its column prescribes.",
    why="Identifiers, codes and addresses in another form match nothing.",
    fix="Write it in the form of the column's example.",
    good=row("events", FORUM, city="luang prabang"),
    bad=row("events", FORUM, series="Lao Forum"),
)
declare(
    "cell-range",
    summary="A number or day lies between the smallest and largest that its column allows.",
    why="A value outside is a slip of the keyboard or stands in the wrong column.",
    fix="Check the value against the source.",
    good=row("events", FORUM, edition="500"),
    bad=row("events", FORUM, edition="501"),
)
declare(
    "cell-length",
    summary="A text is as long as its column allows.",
    why="An overlong text is most often copied; the register is written in its own, short words.",
    fix="Shorten it.",
    good=row("events", FORUM, summary="ab " * 133 + "a"),
    bad=row("events", FORUM, summary="ab " * 133 + "ab"),
)
declare(
    "list-empty-item",
    summary="Lists have no empty items and no spaces around their items.",
    why="An empty item means nothing; an item with a space matches nothing.",
    fix="Remove the superfluous separators and spaces.",
    good=row("events", FORUM, topics="policy;grid"),
    bad=row("events", FORUM, topics="policy;;grid"),
    supersedes=("cell-pattern", "cell-type"),
)
declare(
    "list-unknown-item",
    summary="Items of a list with a vocabulary are out of it.",
    why="An item that nobody knows is found by no filter.",
    fix="Choose items of the vocabulary; the schema says what each means.",
    good=row("events", FORUM, topics="policy;battery"),
    bad=row("events", FORUM, topics="policy;batery"),
    supersedes=("cell-pattern", "cell-type"),
)
declare(
    "list-duplicate-item",
    summary="No item appears twice in a list.",
    why="It would be counted twice.",
    fix="Remove one of the two.",
    good=row("events", FORUM, topics="policy;charging"),
    bad=row("events", FORUM, topics="policy;charging;policy"),
)
declare(
    "key-duplicate",
    summary="No two records of a table have the same identifier.",
    why="A reference to it would mean two things.",
    fix="If both are the same record, merge them; if not, give one another identifier.",
    bad=Text("data/countries.csv", "AGO,AO,", "AFG,AO,"),
    reported=("data/countries.csv", 4, "country_code"),
)
declare(
    "key-incomplete",
    summary="All parts of a composite identifier are filled.",
    why="Most programs do not compare keys with a gap, so that duplicates pass.",
    fix="Fill the missing part.",
    bad=Text(
        "data/claims.csv",
        "events,lao-forum-2023,*,,ministry-2023-forum,p1,",
        "events,lao-forum-2023,*,,ministry-2023-forum,,",
    ),
    reported=("data/claims.csv", 4, "locator"),
    supersedes=("cell-required",),
)
declare(
    "value-not-unique",
    summary="A value appears once in a column where it must be unique.",
    why="Two records would be taken for one.",
    fix="Correct the wrong one of the two, or merge the records.",
    bad=Text("data/countries.csv", "AFG,AF,", "AFG,AW,"),
    reported=("data/countries.csv", 3, "alpha2"),
    supersedes=("country-differs",),
)
declare(
    "reference-unknown",
    summary="A reference points at a record that exists.",
    why="What the record says about the other is lost.",
    fix="Correct the identifier, or add the record that it means.",
    good=row("organisations", VOLTA, parent_id="usaid"),
    bad=row("events", FORUM, programme_id="ecco"),
)
declare(
    "frictionless",
    summary="With `--frictionless`: a second validator, frictionless, refuses nothing that evcollab accepts.",
    why="Where the two disagree, one of them is wrong.",
    fix="Read what frictionless says; if the cell is right, report it as a fault of evcollab.",
    bad=(),
    reported=("", 1, ""),
)
