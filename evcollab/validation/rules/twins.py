"""Rules on records that are in a table twice under two identifiers, and on values that belong to one record only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evcollab.package import Schema
from evcollab.validation.catalogue import Query, rule
from evcollab.validation.rules.shapes import FIRST, FORUM, GROUP, VISION, VOLTA, WEBINAR, claim, pairs, row, twins

MEANING = {
    "events": ("name", "kind", "series", "edition", "start_date", "end_date"),
    "organisations": ("name", "country_code", "kind", "parent_id"),
    "memberships": ("group_id", "country_code", "organisation_id", "role", "start_date"),
    "policies": ("name", "country_code", "group_id", "subdivision_code", "adopted_date"),
    "policy_targets": (
        *("policy_id", "country_code", "group_id", "subdivision_code", "city", "area", "collective", "metric", "value"),
        *("value_max", "comparator", "unit", "target_year", "vehicle_category", "vehicle_use", "powertrain"),
        *("strength", "conditionality", "status", "announced_date"),
    ),
    "sources": ("title", "publisher", "author", "published_date"),
}
"""The columns of each table that say what a record is; two records that agree in all of them are one."""


def _meanings(schemas: Mapping[str, Schema]) -> Iterator[Query]:
    for table, columns in MEANING.items():
        by = ", ".join(f"lower({column})" for column in columns)
        first = columns[0] if table != "policy_targets" else "metric"
        named = f"{first} <> ''" + (" AND published_date <> ''" if table == "sources" else "")
        named += " AND start_date <> ''" if table == "events" else ""
        message = "says the same as {first}: " + ", ".join(columns[:3]) + " and more are equal"
        yield Query(table, first, "true", message, twins(table, by=by, where=named))


rule(
    "record-twice",
    at=_meanings,
    summary="No two records of a table say the same under two identifiers.",
    why="What was one event, body, policy or target would be counted twice.",
    fix="Merge the two; if they differ, say in a cell in what.",
    tables=tuple(MEANING),
    good=row("policies", VISION, name="Policy on electric vehicles"),
    bad=(
        row(
            "events",
            "lao-forum-2024",
            name="First forum on electric vehicles",
            kind="forum",
            scope="national",
            series="lao-forum",
            edition="",
            start_date="2022-06",
            end_date="2022-06",
            status="held",
            country_code="VNM",
        ),
        row("events", FIRST, edition=""),
        claim("events|lao-forum-2024|*|ministry-2023-forum|p4"),
    ),
)
rule(
    "event-without-place-twice",
    "warning",
    at="events.name",
    source=pairs("events", by="lower(name), left(start_date, 4)", where="name <> '' AND start_date <> ''"),
    where="(t.country_code = '' OR o.country_code = '' OR t.country_code = o.country_code) "
    "AND (t.series = '' OR t.series <> o.series OR t.edition = o.edition) "
    "AND (length(t.start_date) < 10 OR length(o.start_date) < 10 OR t.start_date = o.start_date) "
    "AND NOT (t.kind = o.kind AND t.series = o.series AND t.edition = o.edition AND t.start_date = o.start_date "
    "AND t.end_date = o.end_date)",
    message="is the name of {t.first} in the same year",
    summary="Two events of one name and year differ in day or place.",
    why="It may be one event, entered with and without its place or day.",
    fix="If it is one event, merge the two; if not, fill the day and the place of both.",
    good=row("events", FORUM, name="First forum on electric vehicles"),
    bad=(
        row("events", WEBINAR, name="First forum on electric vehicles"),
        row("events", WEBINAR, start_date="2022-09", end_date="2022-09", status="cancelled"),
    ),
    reported=("events", FIRST, "name"),
)
rule(
    "organisation-identifier-twice",
    at="organisations.wikidata_id organisations.ror_id organisations.lei",
    source=twins("organisations", by="lower(regexp_replace(rtrim({cell}, '/'), '^.*/', ''))", where="{cell} <> ''"),
    message="is the identifier of {first}",
    summary="No two organisations have the same identifier of Wikidata, ROR or LEI.",
    why="Such an identifier means one body.",
    fix="Merge the two, or correct the identifier.",
    good=row("organisations", VOLTA, wikidata_id="Q478214"),
    bad=row("organisations", VOLTA, wikidata_id="Q217072"),
    supersedes=("value-not-unique",),
)
rule(
    "organisation-website-twice",
    "warning",
    at="organisations.website",
    source=pairs(
        "organisations",
        by="lower(rtrim(regexp_replace({cell}, '(?i)^https?://(www\\.)?', ''), '/'))",
        where="{cell} <> ''",
    ),
    where="t.parent_id <> o._key AND o.parent_id <> t._key",
    message="is the website of {t.first}",
    summary="No two organisations have the same website, a body and its parent aside.",
    why="It may be one organisation under two names.",
    fix="If it is one, merge the two; if not, give each its own page.",
    good=row("organisations", VOLTA, website="https://www.example.org/volta"),
    bad=row("organisations", VOLTA, website="http://example.org/ministry/"),
)
rule(
    "organisation-short-name-twice",
    "warning",
    at="organisations.short_name",
    source=pairs("organisations", by="country_code, lower({cell})", where="{cell} <> ''"),
    where="t.parent_id <> o._key AND o.parent_id <> t._key",
    message="is the short name of {t.first} in the same country",
    summary="No two organisations of one country have the same short name.",
    why="It may be one organisation under two names.",
    fix="If it is one, merge the two; if not, waive the warning and say why.",
    good=row("organisations", VOLTA, short_name="USAID"),
    bad=row("organisations", VOLTA, short_name="USAID", country_code="USA"),
)
_FORM = "'\\b(the|co|company|ltd|limited|llc|inc|incorporated|plc|corp|corporation|gmbh|ag|sa|pvt|private|pte|bhd|sdn|jsc|pt)\\b'"
_BARE = f"replace(regexp_replace(n.key, {_FORM}, '', 'g'), ' ', '')"
rule(
    "organisation-legal-form-twice",
    "warning",
    at="organisations.name",
    source=pairs(
        "organisations",
        by=f"country_code, {_BARE}",
        where=f"{_BARE} <> ''",
        rows="organisations t JOIN derived.names n ON n.text = t.name",
    ),
    where="lower(t.name) <> lower(o.name) AND NOT EXISTS (SELECT 1 FROM derived.alike a WHERE a.list = 'organisations' "
    "AND a.later = t._key AND a.earlier = o._key) AND t.parent_id <> o._key AND o.parent_id <> t._key",
    message="differs from {t.first} only in the legal form or in spaces: {o.name!r} and {t.name!r}",
    summary="Names of organisations of one country differ in more than `Ltd`, `Co.` or spaces.",
    why="It may be one organisation under two names.",
    fix="If it is one, merge the two and keep the other name as an alias; if not, waive the warning and say why.",
    good=row("organisations", "usaid", name="Volta Motors Co., Ltd."),
    bad=row("organisations", "usaid", name="Volta Motors Private Limited", country_code="LAO"),
    reported=("organisations", VOLTA, "name"),
)
rule(
    "membership-twice",
    at="memberships.role",
    source=pairs("memberships", by="group_id, country_code, organisation_id, role", where="group_id <> ''"),
    where="lower(t.start_date) <> lower(o.start_date) AND (coalesce(latest(o.end_date), this_day()) >= earliest(t.start_date) "
    "OR t.start_date = '' OR o.start_date = '') AND (coalesce(latest(t.end_date), this_day()) >= earliest(o.start_date) "
    "OR t.start_date = '' OR o.start_date = '')",
    message="is the role of {first} too, in the same group and at the same time",
    summary="A party is in a group once in one role at a time.",
    why="It would be counted twice.",
    fix="Merge the two rows; where it left and came back, give both days.",
    good=(
        row("memberships", "eco-pak-member", end_date="1990"),
        row("memberships", "eco-usaid-partner", country_code="PAK", organisation_id="", role="member"),
    ),
    bad=row("memberships", "eco-usaid-partner", country_code="PAK", organisation_id="", role="member"),
)
rule(
    "policy-name-twice",
    "warning",
    at="policies.name",
    source=pairs("policies", by="lower(name), country_code, group_id, subdivision_code", where="name <> ''"),
    where="t.adopted_date <> o.adopted_date AND t.replaces_id <> o._key AND o.replaces_id <> t._key",
    message="is the name of {t.first}, adopted {coalesce(nullif(o.adopted_date, ''), 'on a day that is not given')}",
    summary="Two policies of one country have different names, unless one replaces the other.",
    why="It may be one policy, entered with and without its day.",
    fix="If it is one, merge the two; if not, name them apart, with the year.",
    good=row("policies", VISION, name="Policy on electric vehicles"),
    bad=(
        row("policies", VISION, name="Policy on electric vehicles", group_id=""),
        row("policies", VISION, country_code="LAO"),
        row("policy_targets", GROUP, policy_id=""),
    ),
    reported=("policies", "lao-ev-policy-2021", "name"),
)
rule(
    "organisation-twice-without-country",
    "warning",
    at="organisations.country_code",
    source="organisations t JOIN organisations o ON lower(o.name) = lower(t.name) AND o._key <> t._key",
    where="t.country_code = '' AND o.country_code <> ''",
    message="is empty; {o._key} has the same name, and is in {o.country_code}",
    summary="No organisation is listed twice, once with its country and once without.",
    why="What one body did would be spread over two records.",
    fix="If it is one, merge the two; if not, name them apart.",
    good=row("organisations", "usaid", name="Ministry of Energy and Mines"),
    bad=row("organisations", "eco-secretariat", name="Volta Motors"),
)
rule(
    "event-without-day-twice",
    "info",
    at="events.name",
    source="events t JOIN events o ON lower(o.name) = lower(t.name) AND o._key <> t._key",
    where="t.name <> '' AND t.start_date = '' AND (o.start_date <> '' OR o._key < t._key) "
    "AND (t.country_code = '' OR o.country_code = '' OR t.country_code = o.country_code) "
    "AND (t.series = '' OR t.series <> o.series OR t.edition = o.edition)",
    message="is the name of {o._key} too, and this event has no day",
    summary="An event without a day has a name of its own.",
    why="It may be one event, entered with and without its day.",
    fix="If it is one event, merge the two; if not, fill the day.",
    good=row("events", WEBINAR, name="First webinar on electric vehicles"),
    bad=(
        row("events", FIRST, start_date="", end_date="", series="", edition=""),
        row("events", FIRST, name="Second forum on electric vehicles"),
    ),
)
