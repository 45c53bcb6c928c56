"""Rules on what is most likely wrong: a name, a number or a language that does not fit what stands beside it."""

from evcollab.validation.catalogue import listed, quoted, rule
from evcollab.validation.rules.shapes import FORUM, GROUP, HERALD, POINTS, VISION, VOLTA, row

_OF_STATE = r"^(Ministry|Ministère|Ministerio|Ministério|Ministerium|Embassy|Consulate|High Commission|Permanent Mission)( General|-General)? (of|for|in|to|de|du|des|da|do|für)\b"
_OF_PLACE = r"^(City|Municipality|Prefecture|County|Province) of "
_TAUGHT = r"(?i)\b(universit(y|ies|é|ät|à|as)|universidade?|hochschule|institute of technology)\b"
_PLACE = r"\(([^()]+)\)$"
_OFFICE = r"^(?:Government|Embassy|Parliament|High Commission) of (?:the )?(.+?)(?: (?:in|to|of) .*)?$"
_COUNTRY_SAID = (
    f"lower(coalesce(nullif(regexp_extract(t.name, {quoted(_PLACE)}, 1), ''), "
    f"regexp_extract(t.name, {quoted(_OFFICE)}, 1)))"
)
_SAYINGS = (
    "(SELECT country_code, lower(name) AS said FROM countries UNION SELECT country_code, lower(short_name) FROM countries "
    "WHERE short_name <> '' UNION SELECT country_code, unnest(items(lower(aliases))) FROM countries)"
)

rule(
    "organisation-kind-of-name",
    "warning",
    at="organisations.kind",
    where=f"(regexp_matches(name, {quoted(_OF_STATE)}) AND kind <> '' AND NOT is_public(kind)) OR "
    f"(regexp_matches(name, {quoted(_OF_PLACE)}) AND kind IN ('company', 'media', 'academic', 'development_bank', 'country_group')) OR "
    f"(regexp_matches(name, {quoted(_TAUGHT)}) AND kind IN ('government', 'local_government', 'media', 'country_group', 'development_bank')) OR "
    "(regexp_matches(name, '(?i)\\bdevelopment bank\\b') AND kind IN ('academic', 'media', 'country_group', 'local_government', 'ngo'))",
    message="is {kind}, but the name is {name!r}",
    summary="The kind of an organisation fits its name: a ministry is public, a university academic.",
    why="Figures by kind would count it among others.",
    fix="Correct the kind or the name; if both are right, waive the warning.",
    good=row("organisations", VOLTA, name="Embassy Motors", kind="company"),
    bad=row("organisations", "ministry-lao", kind="association"),
)
rule(
    "organisation-public-without-country",
    at="organisations.country_code",
    where="kind IN ('government', 'local_government') AND country_code = ''",
    message="is empty, but the body is of the kind {kind}; expected its country",
    summary="A ministry or city has a country.",
    why="It acts for its country, and is found under it.",
    fix="Write the code of the country; an international body is of the kind `intergovernmental`.",
    good=row("organisations", "eco-secretariat", kind="intergovernmental"),
    bad=row("organisations", "eco-secretariat", kind="government", parent_id=""),
)
rule(
    "organisation-country-in-name",
    "info",
    at="organisations.country_code",
    source=f"organisations t JOIN {_SAYINGS} c ON c.said = {_COUNTRY_SAID}",
    where=f"t.country_code <> '' AND t.country_code <> c.country_code AND NOT EXISTS (SELECT 1 FROM {_SAYINGS} s "
    f"WHERE s.said = {_COUNTRY_SAID} AND s.country_code = t.country_code)",
    message="is {t.country_code}, but the name says {c.country_code}: {t.name!r}",
    summary="A country in the name of a body, as in `Ministry of Transport (Japan)`, is its country.",
    why="Most often one of the two is wrong; an office abroad has its own country in the name.",
    fix="Correct the one that the source does not say.",
    good=row("organisations", "ministry-lao", name="Ministry of Energy and Mines (Laos)"),
    bad=row("organisations", "ministry-lao", name="Ministry of Energy and Mines (Thailand)"),
)
rule(
    "organisation-count-missing",
    at="organisations.member_count",
    where="member_count = '' AND members_as_of <> ''",
    message="is empty, but the members were counted in {members_as_of}",
    summary="A day on which members were counted comes with their number.",
    why="The number was lost.",
    fix="Write the number of members, or leave the day empty.",
    good=row("organisations", "eco-secretariat", member_count="10", members_as_of="2024"),
    bad=row("organisations", "eco", members_as_of="2024"),
)
rule(
    "organisation-short-name-long",
    "info",
    at="organisations.short_name",
    where="short_name <> '' AND length(short_name) >= length(name)",
    message="is not shorter than the name {name!r}",
    summary="A short name is shorter than the name.",
    why="The two cells were exchanged, or hold the same.",
    fix="Write the abbreviation, or leave the cell empty.",
    good=row("organisations", VOLTA, short_name="Volta"),
    bad=row("organisations", VOLTA, short_name="Volta Motors of Laos"),
)
rule(
    "event-local-name-same",
    "info",
    at="events.name_local",
    where="name_local <> '' AND lower(name_local) = lower(name)",
    message="is the same as the name; expected empty, or the name in the language of the place",
    summary="`name_local` says something else than `name`.",
    why="It is there for the name in another language.",
    fix="Leave the cell empty, or write the name as it is in the language of the place.",
    good=row("events", FORUM, name_local="ເວທີລົດໄຟຟ້າ"),
    bad=row("events", FORUM, name_local="Second forum on electric vehicles"),
)
rule(
    "amount-impossible",
    at="participants.amount memberships.amount",
    where="number({cell}) = 0 OR number({cell}) >= 5e14",
    message="is {cell}; expected a sum of money above 0",
    summary="A sum of money is above 0 and below 500 trillion.",
    why="Nothing was paid, or digits are wrong; what is not known stays empty.",
    fix="Write the sum as the source gives it, or leave amount and currency empty.",
    good=row("participants", "lao-forum-2023-2", amount="490000000000", currency="LAK"),
    bad=row("participants", "lao-forum-2023-2", amount="0"),
)
rule(
    "participant-signed-though-invited",
    "info",
    at="participants.attendance",
    source="participants t JOIN events e ON e.event_id = t.event_id",
    where="t.role IN ('signatory', 'witness') AND t.attendance IN ('invited', 'expected') AND e.status = 'held'",
    message="is {t.attendance}, but the party is a {t.role} of an event that was held",
    summary="Who signed at an event that was held has attended it.",
    why="Either it did not sign, or its attendance is confirmed.",
    fix="Set the attendance to `confirmed`, or correct the role.",
    good=row("participants", "lao-forum-2023-3", attendance="confirmed"),
    bad=row("participants", "lao-forum-2023-3", role="signatory", attendance="invited"),
)
rule(
    "membership-pilot-city-kind",
    "info",
    at="memberships.role",
    source="memberships t JOIN organisations o ON o.organisation_id = t.organisation_id",
    where="t.role = 'pilot_city' AND o.kind NOT IN ('', 'local_government', 'government', 'public_agency')",
    message="is pilot_city, but {o._key} is of the kind {o.kind}",
    summary="A pilot city is a city.",
    why="A company or university takes part in another role.",
    fix="Correct the role, or name the city.",
    good=(
        row("organisations", "usaid", kind="local_government"),
        row("memberships", "eco-usaid-partner", role="pilot_city"),
    ),
    bad=row("memberships", "eco-usaid-partner", role="pilot_city", organisation_id=VOLTA),
)
rule(
    "policy-draft-adopted",
    "info",
    at="policies.status",
    where="status = 'draft' AND adopted_date <> ''",
    message="is draft, but it was adopted on {adopted_date}",
    summary="A draft has not been adopted.",
    why="One of the two is out of date.",
    fix="Set the status to `in_force`, or leave `adopted_date` empty.",
    good=row("policies", VISION, status="draft"),
    bad=row("policies", VISION, status="draft", adopted_date="2020"),
)
rule(
    "target-law-in-draft",
    "info",
    at="policy_targets.strength",
    source="policy_targets t JOIN policies p ON p.policy_id = t.policy_id",
    where="t.strength = 'law' AND p.status = 'draft'",
    message="is law, but its policy {p.policy_id} is a draft",
    summary="A target in a draft is not law yet.",
    why="A draft binds nobody.",
    fix="Set the strength to `proposal`, or correct the status of the policy.",
    good=row("policies", VISION, status="draft"),
    bad=(row("policies", VISION, status="draft"), row("policy_targets", GROUP, strength="law")),
)
rule(
    "target-use-of-category",
    "info",
    at="policy_targets.vehicle_use",
    where="vehicle_use IN ('taxi', 'ride_hailing') AND vehicle_category IN ('truck', 'heavy_duty', 'bus', 'minibus')",
    message="is {vehicle_use}, but the vehicles are of the category {vehicle_category}",
    summary="The use of vehicles fits their category: a truck is no taxi.",
    why="One of the two is wrong.",
    fix="Correct the one that the source does not say.",
    good=row("policy_targets", GROUP, vehicle_use="taxi"),
    bad=row("policy_targets", GROUP, vehicle_use="taxi", vehicle_category="truck"),
)
rule(
    "target-year-far",
    "info",
    at="policy_targets.target_year",
    where="whole(target_year) BETWEEN 2071 AND 2150",
    message="is {target_year}; expected a year up to 2070",
    summary="A target that is due after 2070 is asked about.",
    why="Nobody has set such a target yet; most often a digit is wrong.",
    fix="Check the year against the source.",
    good=row("policy_targets", POINTS, target_year="2060"),
    bad=row("policy_targets", POINTS, target_year="2090"),
)
_CITIES = (
    "(SELECT DISTINCT city, country_code FROM events WHERE city <> '' AND country_code <> '' UNION "
    "SELECT city, country_code FROM policy_targets WHERE city <> '' AND country_code <> '' GROUP BY ALL HAVING count(*) > 1)"
)
rule(
    "target-city-of-other-country",
    "info",
    at="policy_targets.city",
    where=f"city <> '' AND country_code <> '' AND EXISTS (SELECT 1 FROM {_CITIES} c WHERE c.city = t.city) "
    f"AND NOT EXISTS (SELECT 1 FROM {_CITIES} c WHERE c.city = t.city AND c.country_code = t.country_code)",
    message="is {city} in {country_code}; elsewhere in the register it is in another country",
    summary="The city of a target is in its country.",
    why="Most often the country is wrong; some cities have namesakes.",
    fix="Check the city and the country against the source.",
    good=row("policy_targets", POINTS, city="Vientiane"),
    bad=row("policy_targets", POINTS, city="Vientiane", country_code="VNM", policy_id=""),
)
_SCRIPTS = {
    r"\p{Hangul}": "ko",
    r"[\p{Hiragana}\p{Katakana}]": "ja",
    r"\p{Han}": "zh ja ko yue",
    r"\p{Thai}": "th",
    r"\p{Lao}": "lo",
    r"\p{Khmer}": "km",
    r"\p{Arabic}": "ar fa ur ps ku ckb ug sd az",
    r"\p{Cyrillic}": "ru uk be bg sr mk kk ky mn tg uz bs az tt me cnr",
    r"\p{Greek}{2}": "el",
    r"\p{Hebrew}": "he yi",
    r"\p{Georgian}": "ka",
    r"\p{Armenian}": "hy",
    r"\p{Devanagari}": "hi ne mr",
    r"\p{Bengali}": "bn as",
    r"\p{Myanmar}": "my",
    r"\p{Ethiopic}": "am ti",
}
_OTHER_SCRIPT = " OR ".join(
    f"(regexp_matches(title, {quoted(script)}) AND split_part(language, '-', 1) NOT IN {listed(tongues.split())})"
    for script, tongues in _SCRIPTS.items()
)
rule(
    "source-language-of-title",
    "info",
    at="sources.language",
    where=f"language <> '' AND strlen(title) > length(title) AND ({_OTHER_SCRIPT})",
    message="is {language}, but the title is in another script: {title!r}",
    summary="The language of a source is one that is written in the letters of its title.",
    why="Readers who look for sources in their language miss it.",
    fix="Write the language of the document.",
    good=row("sources", HERALD, title="이웃 나라의 전기차 포럼", language="ko"),
    bad=row("sources", HERALD, title="이웃 나라의 전기차 포럼"),
)
rule(
    "source-tier-of-kind",
    "info",
    at="sources.tier",
    where="tier = 'tertiary' AND kind IN ('law', 'policy_document', 'ndc', 'agreement_text', 'press_release')",
    message="is tertiary, but the source is of the kind {kind}",
    summary="The text of a law, a policy or an agreement is not a tertiary source.",
    why="It would weigh less than a report on it.",
    fix="Set the tier to `primary`, or correct the kind.",
    good=row("sources", "lao-policy-2021", tier="secondary"),
    bad=row("sources", "lao-policy-2021", tier="tertiary"),
)
