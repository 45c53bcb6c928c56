"""The pages of organisations: ministries and companies, programmes, initiatives and blocs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evcollab.site import addresses
from evcollab.site.cells import Piece, Sheet, by_role
from evcollab.site.countries import ladder, membership, since
from evcollab.site.frame import Page, Site, counted
from evcollab.site.records import Row
from evcollab.site.words import count, number

HEAD = ("organisation_id", "name")


def pages(site: Site) -> Iterator[Page]:
    """A page for each organisation."""
    took_part: dict[str, dict[str, list[str]]] = {}
    for row in site.rows("participants").values():
        if row["organisation_id"] and row["event_id"] in site.rows("events"):
            roles = took_part.setdefault(row["organisation_id"], {}).setdefault(row["event_id"], [])
            roles += [row["role"]] if row["role"] not in roles else []
    for body, row in site.rows("organisations").items():
        yield _page(site, body, row, took_part.get(body, {}))


def _page(site: Site, body: str, row: Row, took_part: dict[str, list[str]]) -> Page:
    sheet, register = site.sheet(), site.register
    say = site.words.cell
    members = register.grouped("memberships", "group_id").get(body, {})
    groups = register.grouped("memberships", "organisation_id").get(body, {})
    programme = register.grouped("events", "programme_id").get(body, {})
    targets = register.grouped("policy_targets", "group_id").get(body, {})
    bound, issued = (register.grouped("policies", column).get(body, {}) for column in ("group_id", "issuer_id"))
    parts = register.grouped("organisations", "parent_id").get(body, {})
    country = site.words.country(row["country_code"]) if row["country_code"] else ""
    kicker = [part for part in (say("organisations", "kind", row["kind"]), country) if part]
    facts = [
        (len(took_part), "event"),
        (len(programme), "event of its programme"),
        (len(members), "member"),
        (len(targets), "target"),
    ]
    name = row["name"] or body
    basis = sheet.basis("organisations", body)
    cells = sheet.cells("organisations", body, skip=HEAD)

    def role(code: str) -> str:
        return site.words.label("participants", "role", code).lower()

    return site.record_page(
        "organisations",
        body,
        "organisation.html",
        name,
        f"{name}: {', '.join(kicker)}. On record: {counted(facts) or 'its name'}.",
        sheet=sheet,
        kicker=kicker,
        aliases=[Piece(alias) for alias in row["aliases"].split(";") if alias],
        short=row["short_name"],
        cells=cells,
        basis=basis,
        events=[site.event_line(each, ", ".join(map(role, took_part[each]))) for each in site.newest(took_part)],
        programme=list(map(site.event_line, site.newest(programme))),
        parent=site.link("organisations", row["parent_id"]) if row["parent_id"] else None,
        parts=[site.link("organisations", each) for each in parts],
        groups=[membership(site, each, line) for each, line in groups.items()],
        members=_members(site, sheet, members),
        line_form=addresses.correction(site.repository, table="memberships", field="role"),
        member_note=_member_note(row, members),
        ladder=ladder(site, targets),
        targets=site.target_lines(targets),
        policies=[site.link("policies", each) for each in bound | issued],
    )  # fmt: skip


def _members(site: Site, sheet: Sheet, members: dict[str, Row]) -> list[dict[str, Any]]:
    """The lines of a group by role, each with what its sources say."""

    def line(identifier: str, row: Row) -> dict[str, Any]:
        country, body = row["country_code"], row["organisation_id"]
        who = site.link("countries", country) if country else site.link("organisations", body)
        amount = f"{row['currency']} {number(row['amount'])}".strip() if row["amount"] else ""
        return sheet.line("memberships", identifier, [who], list(filter(None, (since(row), amount))))

    groups = by_role(sheet, "memberships", members, line)
    return [{**group, "lines": sorted(group["lines"], key=lambda line: line["who"][0].text)} for group in groups]


def _member_note(row: Row, members: dict[str, Row]) -> str:
    """What a source states as the number of members, beside the number on record."""
    if not row["member_count"]:
        return ""
    here = count(sum(line["role"] in ("member", "signatory") for line in members.values()), "of them is", "of them are")
    return f"A source states {count(int(row['member_count']), 'member')}; {here} on record."
