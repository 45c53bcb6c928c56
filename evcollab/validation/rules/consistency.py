"""Rules on one thing that is said twice: the two sayings must agree."""

from evcollab.validation.catalogue import quoted, rule
from evcollab.validation.rules.shapes import FIRST, FORUM, GROUP, LATER, POINTS, POLICY, VISION, WEBINAR, row

MINISTRY_LINE = "lao-forum-2023-1"
TARGET_OF_POLICY = "policy_targets t JOIN policies p ON p.policy_id = t.policy_id"

rule(
    "event-online-with-venue",
    at="events.venue",
    where="mode = 'online' AND venue <> ''",
    message="is online, but has the venue {venue!r}; expected none",
    summary="An online event has no venue.",
    why="It would be counted at a place where nobody met.",
    fix="Leave `venue` empty, or set the mode to `hybrid` or `in_person`.",
    good=row("events", FORUM, mode="hybrid", venue="Convention Hall"),
    bad=row("events", WEBINAR, venue="Convention Hall"),
)
rule(
    "event-online-with-travel",
    at="events.costs_covered",
    where="mode = 'online' AND regexp_matches(costs_covered, "
    "'(^|;)(accommodation|local_transport|international_travel|visa|meals)(;|$)')",
    message="is online, but covers {costs_covered}; expected no costs of travel",
    summary="An online event covers no costs of travel.",
    why="Nobody travels to it: the mode or the costs are wrong.",
    fix="Correct the mode, or leave out accommodation, travel, transport, meals and visa.",
    good=row("events", WEBINAR, costs_covered="fees"),
    bad=row("events", WEBINAR, costs_covered="accommodation;fees"),
)
rule(
    "event-webinar-in-person",
    at="events.mode",
    where="kind = 'webinar' AND mode = 'in_person'",
    message="is in_person, but the event is a webinar",
    summary="A webinar is not held in person.",
    why="The kind or the mode is wrong.",
    fix="Correct the one that the source does not say.",
    good=row("events", WEBINAR, mode=""),
    bad=row("events", WEBINAR, mode="in_person"),
)
rule(
    "event-more-countries-than-people",
    at="events.country_count",
    where="whole(country_count) > whole(participant_count)",
    message="is {country_count}, but only {participant_count} people took part",
    summary="An event has no more countries than participants.",
    why="One of the two counts is wrong.",
    fix="Check both counts against the source.",
    good=row("events", FORUM, participant_count="4", country_count="3"),
    bad=row("events", FORUM, participant_count="5", country_count="6", scope="multilateral"),
)
rule(
    "event-fewer-people-than-named",
    at="events.participant_count",
    source="events t JOIN (SELECT event_id, count(DISTINCT person_name) FILTER (person_name <> '') AS named, "
    "sum(whole(headcount)) AS heads, max(whole(headcount)) AS largest FROM participants WHERE attendance NOT IN ('invited', 'expected') "
    "AND role NOT IN ('target_group', 'visited_site') GROUP BY event_id) p ON p.event_id = t.event_id",
    where="whole(t.participant_count) < greatest(p.named, coalesce(p.heads, 0)) "
    "AND coalesce(p.largest, 0) <= whole(t.participant_count)",
    message="is {t.participant_count}, but its lines name {p.named} persons and count {coalesce(p.heads, 0)} people",
    summary="An event has at least as many participants as its lines name and count.",
    why="A part is not larger than the whole.",
    fix="Check `participant_count`, and the headcounts and names of the lines.",
    good=row("events", FORUM, participant_count="4"),
    bad=(
        row("events", FORUM, participant_count="3"),
        row("participants", "lao-forum-2023-3", headcount="2"),
        row("participants", "lao-forum-2023-4", headcount="2"),
    ),
)
rule(
    "participant-headcount-of-person",
    at="participants.headcount",
    where="person_name <> '' AND whole(headcount) > 1",
    message="is {headcount} for {person_name}; expected empty for one person",
    summary="A line about a named person has no headcount.",
    why="One person is not a delegation.",
    fix="Give the delegation a line of its own, without a name.",
    good=row("participants", "lao-forum-2023-5", headcount="1"),
    bad=row("participants", "lao-forum-2023-5", headcount="3"),
)
rule(
    "participant-country-of-body",
    at="participants.country_code",
    source="participants t JOIN organisations o ON o.organisation_id = t.organisation_id",
    where="t.country_code <> '' AND o.country_code <> '' AND t.country_code <> o.country_code AND is_public(o.kind)",
    message="is {t.country_code}, but {o.organisation_id} is a public body of {o.country_code}",
    summary="A line's country is that of the ministry or agency it names.",
    why="A public body acts for its own country.",
    fix="Correct the country, or name the right body.",
    good=row("participants", MINISTRY_LINE, country_code="LAO"),
    bad=row("participants", MINISTRY_LINE, country_code="THA"),
)
rule(
    "participant-identifier-of-event",
    at="participants.event_id",
    where="event_id <> '' AND NOT starts_with(participant_id, event_id || '-')",
    message="is {event_id}, but the line is {participant_id}; expected an identifier that begins with its event's",
    summary="A line's identifier begins with that of its event.",
    why="A line that was moved to another event keeps its old claims.",
    fix="Correct `event_id`, or give the line a new identifier and new claims.",
    good=row("participants", "lao-forum-2023-4", country_code="PAK"),
    bad=row("participants", "lao-forum-2023-4", event_id=FIRST),
)
rule(
    "target-country-of-policy",
    at="policy_targets.country_code",
    source=TARGET_OF_POLICY,
    where="t.country_code <> '' AND p.country_code <> '' AND t.country_code <> p.country_code",
    message="is {t.country_code}, but its policy {p.policy_id} is one of {p.country_code}",
    summary="A target is that of the country whose policy carries it.",
    why="A country does not set targets for another one.",
    fix="Correct the country or the policy.",
    good=row("policies", POLICY, subdivision_code=""),
    bad=row("policy_targets", POINTS, country_code="VNM"),
)
rule(
    "target-group-of-policy",
    at="policy_targets.group_id",
    source=TARGET_OF_POLICY,
    where="t.group_id <> '' AND t.country_code = '' AND (p.country_code <> '' OR (p.group_id <> '' AND p.group_id <> t.group_id))",
    message="is {t.group_id}, but its policy {p.policy_id} is one of {p.country_code}{p.group_id}",
    summary="A target of a group is in a policy of that group.",
    why="A country's policy does not bind a group, nor one group's policy another.",
    fix="Correct the group or the policy.",
    good=row("policy_targets", GROUP, collective="false"),
    bad=row("policy_targets", GROUP, policy_id=POLICY),
)
rule(
    "target-subdivision-of-policy",
    at="policy_targets.subdivision_code",
    source=TARGET_OF_POLICY,
    where="p.subdivision_code <> '' AND t.subdivision_code <> p.subdivision_code AND t.country_code = p.country_code",
    message="is {coalesce(nullif(t.subdivision_code, ''), 'empty')}, but its policy {p.policy_id} is one of "
    "{p.subdivision_code}",
    summary="A target in a subdivision's policy is that of this subdivision.",
    why="A province does not set targets for its country or another province.",
    fix="Correct the subdivision or the policy.",
    bad=(
        row("subdivisions", "LA-VT", country_code="LAO", name="Viangchan"),
        row("policies", VISION, country_code="LAO", group_id="", subdivision_code="LA-VT"),
        row("policy_targets", GROUP, country_code="LAO", group_id="", collective=""),
    ),
)
rule(
    "subdivision-of-other-country",
    at="policies.subdivision_code policy_targets.subdivision_code",
    where="{cell} <> '' AND country_code <> '' AND left({cell}, 2) <> "
    "(SELECT min(c.alpha2) FROM countries c WHERE c.country_code = t.country_code)",
    message="is {cell}, which is not a part of {country_code}",
    summary="A subdivision is a part of the country beside it.",
    why="One of the two codes is wrong.",
    fix="Correct the country or the subdivision.",
    good=(
        row("subdivisions", "LA-VT", country_code="LAO", name="Viangchan"),
        row("policies", VISION, country_code="LAO", group_id="", subdivision_code="LA-VT"),
        row("policy_targets", GROUP, policy_id=""),
    ),
    bad=(
        row("subdivisions", "TH-10", country_code="THA", name="Bangkok"),
        row("policies", VISION, country_code="LAO", group_id="", subdivision_code="TH-10"),
        row("policy_targets", GROUP, policy_id=""),
    ),
)
rule(
    "policy-issuer-of-other-country",
    at="policies.issuer_id",
    source="policies t JOIN organisations o ON o.organisation_id = t.issuer_id",
    where="t.country_code <> '' AND o.country_code <> '' AND t.country_code <> o.country_code AND is_public(o.kind)",
    message="is a public body of {o.country_code}, but the policy is one of {t.country_code}",
    summary="A policy of a country is issued by a public body of that country.",
    why="A ministry makes no policy for another country.",
    fix="Correct the issuer or the country.",
    good=row("policies", POLICY, issuer_id="eco-secretariat"),
    bad=row("policies", POLICY, issuer_id="usaid"),
)
rule(
    "target-predecessor-of-other-scope",
    at="policy_targets.supersedes_id",
    source="policy_targets t JOIN policy_targets o ON o.target_id = t.supersedes_id AND t.supersedes_id <> ''",
    where="t.country_code <> o.country_code OR t.group_id <> o.group_id OR t.subdivision_code <> o.subdivision_code",
    message="is {o.target_id}, a target of {concat_ws(' ', nullif(o.country_code, ''), nullif(o.group_id, ''), "
    "nullif(o.subdivision_code, ''))}, not of {concat_ws(' ', nullif(t.country_code, ''), nullif(t.group_id, ''), "
    "nullif(t.subdivision_code, ''))}",
    summary="A target supersedes one of the same country, group and subdivision.",
    why="Nobody supersedes somebody else's target.",
    fix="Correct `supersedes_id`, or the scope of one of the two.",
    good=row("policy_targets", LATER, supersedes_id=""),
    bad=(row("policy_targets", GROUP, supersedes_id=POINTS), row("policy_targets", POINTS, status="superseded")),
)
rule(
    "target-count-impossible",
    at="policy_targets.value policy_targets.value_max",
    where="unit IN ('vehicles', 'points', 'stations') AND (number({cell}) <> floor(number({cell})) "
    "OR (number({cell}) = 0 AND comparator <> 'at_most') OR number({cell}) < 0 "
    "OR number({cell}) > CASE unit WHEN 'vehicles' THEN 1e9 ELSE 2e8 END)",
    message="is {cell} {unit}; expected a whole number above 0 that a country can reach",
    summary="A target counts whole vehicles, points or stations, more than none and fewer than people.",
    why="Half a vehicle or a billion chargers is a slip, or a number in another unit.",
    fix="Check the value, and whether the source counts in thousands or millions.",
    good=row("policy_targets", POINTS, value="50000000"),
    bad=row("policy_targets", POINTS, value="0.5"),
)
rule(
    "target-range-of-one",
    at="policy_targets.value_max",
    where="number(value_max) = number(value)",
    message="is {value_max}, the same as the value; expected empty, or a larger number",
    summary="The upper end of a range is above its lower end.",
    why="A range of one number is a single value.",
    fix="Leave `value_max` empty if there is only one number.",
    good=row("policy_targets", LATER, value_max="45"),
    bad=row("policy_targets", LATER, value_max="40"),
)
rule(
    "target-share-as-fraction",
    "info",
    at="policy_targets.value policy_targets.value_max",
    where="unit = 'percent' AND number({cell}) > 0 AND number({cell}) <= 1",
    message="is {cell} percent; expected 0 to 100, not a fraction",
    summary="A share of one percent or less is asked about.",
    why="Most often 0.3 stands for 30 percent.",
    fix="Write the share as 0 to 100; if it is right, leave it.",
    good=row("policy_targets", LATER, value="40"),
    bad=row("policy_targets", GROUP, metric="sales_share", unit="percent", value="0.3"),
)
_LOOKS_AT = (
    r"(?i)\b(vision|agenda|roadmap|road map|strategy|plan|policy|programme|program|project|horizon|target|targets|goals?|by|until|for|from|of|"
    r"since|after|towards?|to|law|act|h2020|ndc)\b[^,:;()0-9]{0,12}20[0-4][0-9]\b|\b20[0-4][0-9]( ?[-–/] ?[0-9]{2,4}|[- ](plan|targets?|goals?|agenda|"
    r"vision|strategy|roadmap|law|act|policy|memorandum|agreement))"
)
"""A year that an event looks at, not the one in which it takes place."""
rule(
    "event-year-in-name",
    "info",
    at="events.start_date",
    where="start_date <> '' AND array_length(regexp_extract_all(name, '\\b(20[0-4][0-9])\\b')) = 1 "
    "AND regexp_extract(name, '\\b(20[0-4][0-9])\\b', 1) NOT IN (left(start_date, 4), left(end_date, 4)) "
    f"AND NOT regexp_matches(name, {quoted(_LOOKS_AT)})",
    message="is {start_date}, but the name says {regexp_extract(name, '(20[0-4][0-9])', 1)}",
    summary="A year in an event's name is the year in which it takes place.",
    why="Most often one of the two is wrong; some events are called after the year they look at.",
    fix="Check both against the source.",
    good=row("events", FORUM, name="Second forum on electric vehicles 2023"),
    bad=row("events", FORUM, name="Second forum on electric vehicles 2021"),
)
_ORDINAL = "coalesce(regexp_extract(name, '(?i)\\b([0-9]{1,3})(st|nd|rd|th)\\b', 1), '')"
rule(
    "event-edition-in-name",
    "info",
    at="events.edition",
    where=f"{_ORDINAL} <> '' AND edition <> {_ORDINAL}",
    message=f"is {{edition!r}}, but the name says {{{_ORDINAL.replace('{1,3}', '+')}}}",
    summary="A number in an event's name, as in `2nd`, is its edition.",
    why="Editions of a series could not be put in order.",
    fix="Fill `series` and `edition`, or correct the one that is wrong.",
    good=row("events", FORUM, name="2nd forum on electric vehicles"),
    bad=row("events", FORUM, name="3rd forum on electric vehicles"),
)
rule(
    "event-city-of-other-country",
    "info",
    at="events.city",
    source="(SELECT *, first_value(country_code) OVER (PARTITION BY city ORDER BY votes DESC, _key DESC) AS usual FROM (SELECT *, "
    "count(*) OVER (PARTITION BY city, country_code) AS votes "
    "FROM events WHERE city <> '' AND country_code <> '')) t",
    where="t.country_code <> t.usual",
    message="is {t.city} in {t.country_code}; elsewhere in the register it is in {t.usual}",
    summary="A city is in one country.",
    why="Most often the country of one event is wrong; some cities have namesakes.",
    fix="Check the country of the events in that city.",
    good=row("events", FIRST, city="Vientiane"),
    bad=row("events", FIRST, city="Vientiane", country_code="VNM"),
)
