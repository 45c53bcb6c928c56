"""Rules on `waivers.csv`, the list of exceptions."""

from functools import partial

from evcollab.validation import catalogue
from evcollab.validation.rules.shapes import row

declare = partial(catalogue.declare, layer="waivers")
UNKNOWN, UNUSED = "no-such-rule|events|lao-forum-2023", "event-end-before-start|events|lao-forum-2023"
CELLS = {"reason": "Checked against the printed programme.", "until": "2027-01-01"}

declare(
    "waiver-invalid",
    summary="A waiver names a rule that may be waived, a record, a reason (a sentence) and an end within two years.",
    why="An exception that nobody can understand stays for ever, and privacy, keys and bytes know no exception.",
    fix="Fill the columns rule, table, record, reason and until (YYYY-MM-DD).",
    bad=row("waivers", UNKNOWN, **CELLS),
    reported=("waivers", UNKNOWN, "rule"),
)
declare(
    "waiver-unused",
    summary="A waiver waives something.",
    why="A left-over exception would hide the next problem in the same place.",
    fix="Delete the waiver.",
    bad=row("waivers", UNUSED, **CELLS),
    reported=("waivers", UNUSED, "record"),
)
declare(
    "waiver-expired",
    summary="A waiver holds up to its day.",
    why="An exception is for a time in which somebody looks after it.",
    fix="Fix the problem; or look again and set a later day.",
    bad=row("waivers", UNUSED, reason=CELLS["reason"], until="2026-01-01"),
    reported=("waivers", UNUSED, "until"),
)
