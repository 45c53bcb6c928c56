"""Rules on participants, organisations and memberships."""

from evcollab.validation.catalogue import rule
from evcollab.validation.rules.shapes import FORUM, VOLTA, cycle, exactly_one, row, twins

DELEGATION = "lao-forum-2023-3"
MEMBER = "eco-pak-member"
LISTED = """(
    SELECT event_id, count(*) AS number, string_agg(country_code, ', ' ORDER BY country_code) AS countries
    FROM (
        SELECT DISTINCT p.event_id, p.country_code FROM participants p JOIN events e ON e.event_id = p.event_id
        WHERE p.role IN ('participant', 'signatory') AND p.attendance <> 'invited'
            AND p.country_code NOT IN ('', e.country_code)) one
    GROUP BY event_id)"""
"""Each event with the countries that its lines count as taking part."""
TAKEN = """(
    WITH spelt AS (
        SELECT _key, country_code, 0 AS position, 'name' AS col, name AS text FROM organisations
        UNION ALL
        SELECT _key, country_code, instr(';' || aliases || ';', ';' || alias || ';'), 'aliases', alias
        FROM (SELECT *, unnest(items(aliases)) AS alias FROM organisations WHERE aliases <> '')),
    keyed AS (SELECT spelt.*, n.key FROM spelt JOIN derived.names n ON n.text = spelt.text WHERE n.key <> ''),
    firsts AS (
        SELECT country_code, key, min(_key) AS first FROM keyed GROUP BY ALL HAVING min(_key) <> max(_key))
    SELECT DISTINCT ON (_key) _key, col, text, first FROM keyed JOIN firsts USING (country_code, key)
    WHERE _key <> first ORDER BY _key, position)"""
"""Each organisation with its first name or alias that an earlier one of its country has already."""

rule(
    "participant-nobody-named",
    at="participants.country_code",
    where="country_code = '' AND organisation_id = '' AND person_name = ''",
    message="names nobody; expected a country, an organisation or a person",
    summary="A participant line names a country, an organisation or a person.",
    why="A line about nobody says nothing.",
    fix="Fill one of the three columns with what the source names, or delete the line.",
    good=row("participants", DELEGATION, country_code="VNM"),
    bad=row("participants", DELEGATION, country_code=""),
)
rule(
    "participant-headcount-above-total",
    at="participants.headcount",
    source="participants t JOIN events e ON e.event_id = t.event_id",
    where="whole(t.headcount) > whole(e.participant_count)",
    message="has {whole(t.headcount)} people, but {t.event_id} as a whole had {whole(e.participant_count)}",
    tables=("participants", "events"),
    summary="A delegation is not larger than the whole event.",
    why="One of the two numbers is wrong.",
    fix="Check `headcount` and the event's `participant_count` against the source.",
    good=row("participants", DELEGATION, headcount="120"),
    bad=row("participants", DELEGATION, headcount="121"),
)
rule(
    "event-too-many-countries",
    at="events.country_count",
    source=f"events t JOIN {LISTED} l ON l.event_id = t.event_id",
    where="l.number > whole(t.country_count)",
    message="has {whole(t.country_count)}, but its participants come from {l.number}: {l.countries}",
    tables=("events", "participants"),
    summary="An event has no more participating countries than its `country_count`.",
    why="Either the count is wrong, or a country is listed that did not take part.",
    fix="Check the count and the lines with the roles participant and signatory; invited parties and the host country "
    "are not counted here.",
    good=row("events", FORUM, country_count="2"),
    bad=row("events", FORUM, country_count="1"),
)
rule(
    "participant-duplicate",
    at="participants.role",
    source=twins(
        "participants",
        by="event_id, role, country_code, organisation_id, coalesce(a.key, ''), "
        "CASE WHEN person_name = '' THEN coalesce(b.key, '') ELSE '' END",
        where="country_code <> '' OR organisation_id <> '' OR a.key <> ''",
        rows="participants t LEFT JOIN derived.names a ON a.text = t.person_name "
        "LEFT JOIN derived.names b ON b.text = t.post",
    ),
    message="is the same party in the same role as {first}",
    summary="A party appears once in one role at an event.",
    why="It would be counted twice.",
    fix="Merge the two lines.",
    good=row("participants", DELEGATION, country_code="THA", role="speaker"),
    bad=row("participants", "lao-forum-2023-4", country_code="VNM"),
)
rule(
    "amount-without-currency",
    at="participants.amount participants.currency memberships.amount memberships.currency",
    where="(amount = '') <> (currency = '') AND {cell} = ''",
    message="has no {column}; expected amount and currency, or neither",
    summary="An amount has a currency, and a currency an amount.",
    why="A sum without its currency means nothing.",
    fix="Fill both as the source states them, or neither.",
    good=row("participants", "lao-forum-2023-2", amount="50000", currency="EUR"),
    bad=row("participants", "lao-forum-2023-2", amount="50000", currency=""),
    reported=("participants", "lao-forum-2023-2", "currency"),
)
rule(
    "participant-amount-role",
    "warning",
    at="participants.amount",
    where="amount <> '' AND role NOT IN ('', 'funder', 'donor', 'recipient')",
    message="has an amount in the role {role}; expected funder, donor or recipient",
    summary="Only funders, donors and recipients have an amount.",
    why="For other roles it is not clear who paid whom.",
    fix="Choose the role that the source gives, or move the amount to the line of who gave or got it.",
    good=row("participants", DELEGATION, role="recipient", amount="5000", currency="USD"),
    bad=row("participants", DELEGATION, amount="5000", currency="USD"),
)
rule(
    "organisation-name-duplicate",
    at="organisations.name organisations.aliases",
    source=f"organisations t JOIN {TAKEN} s ON s._key = t._key",
    where="s.col = '{column}'",
    message="{s.text!r} is already the name or an alias of {s.first}",
    summary="No two organisations of one country have the same name or alias.",
    why="What one organisation did would be spread over two records.",
    fix="Merge the two records and keep the other spelling as an alias; if they are different bodies, name them apart.",
    good=row("organisations", "usaid", name="Ministry of Energy and Mines"),
    bad=row("organisations", VOLTA, aliases="Ministry of Energy & Mines"),
    supersedes=("value-not-unique",),
)
rule(
    "organisation-parent-cycle",
    at="organisations.parent_id",
    source=cycle("organisations", "parent_id"),
    message="is its own parent: {c.way}",
    summary="No organisation is its own parent, directly or through others.",
    why="The hierarchy would have no top.",
    fix="Correct `parent_id` of one of them.",
    good=row("organisations", VOLTA, parent_id="ministry-lao"),
    bad=row("organisations", "eco", parent_id="eco-secretariat"),
)
rule(
    "organisation-bloc-with-country",
    at="organisations.country_code",
    where="kind = 'country_group' AND country_code <> ''",
    message="is a group of countries with the seat {country_code}; expected none",
    summary="A group of countries has no seat country.",
    why="A bloc is not situated in one of its members; its secretariat is, and has a record of its own.",
    fix="Leave `country_code` empty; add the secretariat as an organisation if a source speaks of it.",
    good=row("organisations", "eco-secretariat", country_code="IRN"),
    bad=row("organisations", "eco", country_code="IRN"),
)
rule(
    "membership-party",
    at="memberships.country_code",
    **exactly_one("country_code", "organisation_id"),
    summary="A membership is that of a country or of an organisation: exactly one.",
    why="With both it is not clear who is the member; with neither there is none.",
    fix="Fill exactly one of `country_code` and `organisation_id`.",
    good=row("memberships", MEMBER, country_code="", organisation_id=VOLTA),
    bad=row("memberships", MEMBER, organisation_id=VOLTA),
)
rule(
    "membership-end-before-start",
    at="memberships.end_date",
    where="earliest(start_date) > latest(end_date)",
    message="ends in {end_date}, before it starts in {start_date}",
    summary="A membership does not end before it starts.",
    why="One of the two dates is wrong.",
    fix="Check both dates against the source.",
    good=row("memberships", MEMBER, start_date="1985", end_date="1985-02"),
    bad=row("memberships", MEMBER, start_date="1985", end_date="1984-12"),
)
