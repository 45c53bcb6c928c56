"""Rules on years and days that cannot be."""

from evcollab.validation.catalogue import rule
from evcollab.validation.rules.shapes import FIRST, LATER, POINTS, POLICY, VISION, WEBINAR, row

SPAN = "{cell} <> '' AND year(earliest({cell})) NOT BETWEEN %s AND year(this_day()) + %s"

rule(
    "event-year-impossible",
    at="events.start_date events.end_date",
    where=SPAN % (1990, 10),
    alone=True,
    message="is {cell}; expected a year from 1990 to ten years from now",
    summary="An event is not before 1990 and not more than ten years ahead.",
    why="Nobody met about electric vehicles before, and nobody calls for a meeting so long ahead: a digit is wrong.",
    fix="Check the year against the source.",
    good=row("events", WEBINAR, start_date="2027-12-10", end_date="2027-12-10"),
    bad=row("events", FIRST, start_date="1922-06", end_date=""),
)
rule(
    "event-too-long",
    "warning",
    at="events.end_date",
    where="latest(start_date) + INTERVAL 400 DAY < earliest(end_date)",
    message="is {end_date}, more than a year after the start on {start_date}",
    summary="An event does not last longer than a year.",
    why="A meeting lasts days or weeks; most often one of the two years is wrong.",
    fix="Check both dates; a programme of several years is an organisation of the kind programme.",
    good=row("events", FIRST, start_date="2022-06", end_date="2023-06"),
    bad=row("events", FIRST, start_date="2020-06", end_date="2022-06"),
)
rule(
    "policy-year-impossible",
    at="policies.adopted_date",
    where=SPAN % (1970, 0) + " OR earliest({cell}) > this_day()",
    alone=True,
    message="is {cell}; expected a day from 1970 to today",
    summary="A policy was adopted between 1970 and today.",
    why="What will be adopted is not a policy yet, and older instruments say nothing about electric vehicles.",
    fix="Check the date; leave it empty for a draft.",
    good=row("policies", POLICY, adopted_date="2021-04"),
    bad=row("policies", VISION, adopted_date="2027-01"),
)
rule(
    "policy-span-impossible",
    at="policies.start_year policies.end_year",
    where="whole({cell}) NOT BETWEEN 1970 AND 2150 OR (whole(start_year) > year(this_day()) + 30 "
    "AND '{column}' = 'start_year')",
    message="is {cell}; expected a year in which a policy on electric vehicles can be in force",
    summary="The years of a policy are between 1970 and 2150, and it starts within 30 years.",
    why="A digit is wrong, or something else is in the column.",
    fix="Check the year against the document.",
    good=row("policies", POLICY, end_year="2060"),
    bad=row("policies", POLICY, start_year="1021"),
    supersedes=("cell-range",),
)
rule(
    "target-announced-impossible",
    at="policy_targets.announced_date",
    where=SPAN % (1990, 0) + " OR earliest({cell}) > this_day()",
    alone=True,
    message="is {cell}; expected a day from 1990 to today",
    summary="A target was announced between 1990 and today.",
    why="What is not announced yet is not known, and there were no such targets before.",
    fix="Check the date against the source.",
    good=row("policy_targets", LATER, announced_date="2023"),
    bad=row("policy_targets", LATER, announced_date="2027-07"),
)
rule(
    "target-year-impossible",
    at="policy_targets.target_year",
    where="whole({cell}) NOT BETWEEN 1990 AND 2150",
    alone=True,
    message="is {cell}; expected a year from 1990 to 2150",
    summary="The year of a target is between 1990 and 2150.",
    why="A digit is wrong.",
    fix="Check the year against the source.",
    good=row("policy_targets", LATER, target_year="2060"),
    bad=row("policy_targets", LATER, target_year="2530"),
    supersedes=("cell-range",),
)
rule(
    "target-announced-in-its-year",
    "info",
    at="policy_targets.announced_date",
    where="whole(target_year) = year(earliest(announced_date)) AND whole(target_year) = year(latest(announced_date)) "
    "AND length(announced_date) > 4",
    message="is {announced_date}, in the year {target_year} in which the target is due",
    summary="A target is announced before the year in which it is due.",
    why="Most often one of the two years is wrong, or the number is a report and not a target.",
    fix="Check both; if it was announced for the same year, waive the warning.",
    good=row("policy_targets", LATER, announced_date="2023-08"),
    bad=row("policy_targets", POINTS, target_year="2023", announced_date="2023-02", status="lapsed"),
)
rule(
    "membership-year-impossible",
    at="memberships.start_date memberships.end_date",
    where=SPAN % (1850, 50) + " OR ('{column}' = 'start_date' AND earliest({cell}) > this_day())",
    alone=True,
    message="is {cell}; expected a day on which a membership can begin or end",
    summary="A membership began between 1850 and today.",
    why="What will begin is not a membership yet; a digit may be wrong.",
    fix="Check the date against the source.",
    good=row("memberships", "eco-pak-member", start_date="1964"),
    bad=row("memberships", "eco-pak-member", start_date="2029"),
)
rule(
    "organisation-count-day-impossible",
    at="organisations.members_as_of",
    where=SPAN % (1850, 0) + " OR earliest({cell}) > this_day()",
    alone=True,
    message="is {cell}; expected a day up to today",
    summary="Members were counted on a day that is not in the future.",
    why="Nobody knows how many members there will be.",
    fix="Check the date against the source.",
    good=row("organisations", "eco-secretariat", member_count="10", members_as_of="2024"),
    bad=row("organisations", "eco-secretariat", member_count="10", members_as_of="2027"),
)
rule(
    "source-year-impossible",
    at="sources.published_date",
    where=SPAN % (1970, 0) + " OR earliest({cell}) > this_day()",
    alone=True,
    message="is {cell}; expected a day from 1970 to today",
    summary="A source was published between 1970 and today.",
    why="A page of tomorrow cannot have been read.",
    fix="Check the date on the page.",
    good=row("sources", "lao-policy-2021", published_date="2021"),
    bad=row("sources", "lao-policy-2021", published_date="1921-03"),
)
rule(
    "source-accessed-impossible",
    at="sources.accessed_date",
    where="day_of({cell}) > this_day() + 1 OR year(day_of({cell})) < 2015",
    alone=True,
    message="is {cell}; expected a day from 2015 to today",
    summary="A source was read between 2015 and today.",
    why="The register did not exist before, and nobody has read a page tomorrow.",
    fix="Write the day on which the page was read for the register.",
    good=row("sources", "lao-policy-2021", accessed_date="2026-11-20"),
    bad=row("sources", "lao-policy-2021", accessed_date="2027-01-15"),
)
