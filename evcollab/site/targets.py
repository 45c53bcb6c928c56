"""The pages of targets and of the policies that they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evcollab.site.cells import source_line
from evcollab.site.frame import Page, Site, counted
from evcollab.site.records import Row
from evcollab.site.words import CHANGES, date, lower_first

SIBLINGS = 8
"""How many other targets of its policy the page of a target lists."""


def pages(site: Site) -> Iterator[Page]:
    """A page for each target."""
    changes = _changes(site)
    for target, row in site.rows("policy_targets").items():
        yield _target(site, target, row, changes)


def _target(site: Site, target: str, row: Row, changes: dict[tuple[str, str], str]) -> Page:
    sheet, say = site.sheet(), site.words.cell
    basis = sheet.basis("policy_targets", target)
    cells = sheet.cells("policy_targets", target, skip=("target_id",))
    whose, sentence = site.words.whose(row), site.words.target(row)
    title = f"{whose}: {sentence}" if whose else sentence
    strength, status = (say("policy_targets", column, row[column]) for column in ("strength", "status"))
    policy = row["policy_id"] if row["policy_id"] in site.rows("policies") else ""
    siblings = site.register.grouped("policy_targets", "policy_id").get(policy, {}) if policy else {}
    fresh = site.words.confirmed("policy_targets", target)
    kicker = [part for part in (strength, status, f"by {row['target_year']}" if row["target_year"] else "") if part]
    said = f"{title}. {strength or 'Target'}, {lower_first(status or 'status not known')}; {fresh}."
    return site.record_page(
        "policy_targets",
        target,
        "target.html",
        title,
        said,
        sheet=sheet,
        kicker=kicker,
        group=site.link("organisations", row["group_id"]) if row["group_id"] else None,
        sentence=sentence,
        status=lower_first(status),
        active=row["status"] in ("active", ""),
        policy=site.link("policies", policy) if policy else None,
        event=site.event_line(row["event_id"]) if row["event_id"] in site.rows("events") else None,
        history=_history(site, target, changes),
        cells=cells,
        basis=basis,
        siblings=site.target_lines([each for each in siblings if each != target][:SIBLINGS]),
        more=max(len(siblings) - 1 - SIBLINGS, 0),
    )


def _changes(site: Site) -> dict[tuple[str, str], str]:
    """Older and newer version of a target → how it changed."""
    if "policy_targets" not in site.ds.tables:
        return {}
    history = site.ds.target_history()
    return {
        (str(older), str(newer)): CHANGES.get(str(direction), "") if comparable else "Given another scope"
        for older, newer, direction, comparable in zip(
            history["older_id"], history["newer_id"], history["direction"], history["comparable"], strict=True
        )
    }


def _history(site: Site, target: str, changes: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
    """The versions of a target from the first to the last, as steps; none if there is only this one."""
    rows = site.rows("policy_targets")
    first, seen = target, {target}
    while (older := rows[first]["supersedes_id"]) in rows and older not in seen:
        seen.add(first := older)
    steps: list[dict[str, Any]] = []
    waiting, done = [("", first)], set()
    newer_of = site.register.grouped("policy_targets", "supersedes_id")
    while waiting:
        older, each = waiting.pop(0)
        if each in done:
            continue
        done.add(each)
        row, line = rows[each], site.target_line(each)
        change = changes.get((older, each), "") if older else "Announced"
        [*source] = site.register.sources_of("policy_targets", each)[:1]
        steps.append({**line, "here": each == target, "change": change, "sentence": site.words.target(row),
                      "source": source_line(site.register, site.words, source[0]) if source else None})  # fmt: skip
        waiting += [(each, newer) for newer in sorted(newer_of.get(each, {}), key=lambda n: rows[n]["announced_date"])]
    return steps if len(steps) > 1 else []


def policies(site: Site) -> Iterator[Page]:
    """A page for each policy."""
    for policy, row in site.rows("policies").items():
        sheet, say = site.sheet(), site.words.cell
        basis = sheet.basis("policies", policy)
        cells = sheet.cells("policies", policy, skip=("policy_id", "name"))
        targets = list(map(site.target_line, site.register.grouped("policy_targets", "policy_id").get(policy, {})))
        newer = site.register.grouped("policies", "replaces_id").get(policy, {})
        whose = site.words.whose(row)
        kicker = list(filter(None, (say("policies", "kind", row["kind"]), whose, date(row["adopted_date"]))))
        said = f"{row['name']}: {', '.join(kicker)}. {counted([(len(targets), 'target')])}"
        yield site.record_page(
            "policies",
            policy,
            "policy.html",
            row["name"] or policy,
            said,
            sheet=sheet,
            kicker=kicker,
            status=say("policies", "status", row["status"]),
            targets=sorted(targets, key=lambda line: (line["year"], line["name"])),
            replaces=site.link("policies", row["replaces_id"]) if row["replaces_id"] else None,
            replaced=[site.link("policies", each) for each in newer],
            cells=cells,
            basis=basis,
        )
