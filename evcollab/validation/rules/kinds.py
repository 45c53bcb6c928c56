"""Rules on things of the wrong kind: what is named as a programme, a group, an issuer or a parent must be able to be one."""

from evcollab.validation.catalogue import rule
from evcollab.validation.rules.shapes import FORUM, GROUP, VISION, VOLTA, row

rule(
    "event-programme-kind",
    at="events.programme_id",
    source="events t JOIN organisations o ON o.organisation_id = t.programme_id",
    where="o.kind NOT IN ('', 'programme', 'initiative')",
    message="is {t.programme_id}, which is of the kind {o.kind}; expected a programme or initiative",
    summary="What an event belongs to is a programme or an initiative.",
    why="An organiser or funder has a line of its own.",
    fix="Name the programme, or give the body a participant line.",
    good=(row("events", FORUM, programme_id=VOLTA), row("organisations", VOLTA, kind="programme")),
    bad=row("events", FORUM, programme_id=VOLTA),
)
rule(
    "membership-group-kind",
    at="memberships.group_id",
    source="memberships t JOIN organisations o ON o.organisation_id = t.group_id",
    where="o.kind IN ('government', 'local_government', 'public_agency', 'company', 'academic', 'media', "
    "'development_bank')",
    message="is {t.group_id}, which is of the kind {o.kind} and has no members",
    summary="Members belong to a group, an initiative, a programme or an association.",
    why="A ministry or a company has no members.",
    fix="Name the group that the source means.",
    good=row("memberships", "eco-pak-member", group_id="eco"),
    bad=row("memberships", "eco-pak-member", group_id=VOLTA),
)
rule(
    "membership-of-itself",
    at="memberships.organisation_id",
    where="organisation_id <> '' AND organisation_id = group_id",
    message="is {organisation_id}, the group itself",
    summary="No organisation is a member of itself.",
    why="One of the two is wrong.",
    fix="Name the member that the source means.",
    good=row("memberships", "eco-usaid-partner", organisation_id=VOLTA),
    bad=row("memberships", "eco-usaid-partner", organisation_id="eco"),
)
rule(
    "policy-group-kind",
    at="policies.group_id policy_targets.group_id",
    source="{table} t JOIN organisations o ON o.organisation_id = t.group_id",
    where="o.kind NOT IN ('', 'country_group', 'intergovernmental', 'initiative', 'programme')",
    message="is {t.group_id}, which is of the kind {o.kind}; expected a group of countries or an initiative",
    summary="A policy or target that is not a country's is that of a group of countries or an initiative.",
    why="Targets of companies and agencies are out of scope.",
    fix="Name the group, or the country.",
    good=row("policies", VISION, group_id="eco"),
    bad=(row("policies", VISION, group_id=VOLTA), row("policy_targets", GROUP, policy_id="")),
)
rule(
    "policy-issuer-kind",
    at="policies.issuer_id",
    source="policies t JOIN organisations o ON o.organisation_id = t.issuer_id",
    where="o.kind NOT IN ('', 'government', 'local_government', 'public_agency', 'intergovernmental', 'country_group', "
    "'development_bank', 'initiative', 'programme', 'association')",
    message="is {t.issuer_id}, which is of the kind {o.kind} and issues no policies",
    summary="A policy is issued by a public or international body.",
    why="A company or newspaper may print it, but does not issue it.",
    fix="Name the body that issued it.",
    good=row("policies", VISION, issuer_id="eco-secretariat"),
    bad=row("policies", VISION, issuer_id=VOLTA),
)
rule(
    "organisation-parent-kind",
    at="organisations.parent_id",
    source="organisations t JOIN organisations o ON o.organisation_id = t.parent_id",
    where="t.parent_id <> t.organisation_id AND ("
    "(o.kind IN ('company', 'media') AND t.kind IN ('government', 'local_government', 'public_agency', "
    "'intergovernmental', 'country_group', 'development_bank')) OR "
    "(o.kind = 'academic' AND t.kind IN ('government', 'local_government', 'country_group', 'intergovernmental')) OR "
    "(o.kind IN ('programme', 'initiative') AND t.kind IN ('government', 'local_government', 'country_group')) OR "
    "(o.kind IN ('ngo', 'foundation', 'association') AND t.kind IN ('government', 'local_government', 'country_group')) "
    "OR (t.kind IN ('company', 'media') AND o.kind = 'country_group') OR (t.kind = 'country_group' AND is_public(o.kind)))",
    message="is {t.parent_id}, which is of the kind {o.kind} and cannot be the parent of a {t.kind}",
    summary="A body's parent is of a kind that can be one.",
    why="A company leads no ministry.",
    fix="Correct `parent_id`, or the kind of one of the two.",
    good=row("organisations", "eco-secretariat", parent_id="eco"),
    bad=row("organisations", "ministry-lao", parent_id=VOLTA),
)
