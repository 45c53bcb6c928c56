"""The catalogue of rules as text and as the page docs/rules.md."""

from __future__ import annotations

from collections.abc import Iterator

from evcollab.issues import SEVERITIES
from evcollab.validation.catalogue import Edit, Rule
from evcollab.validation.rules import RULES

INTRODUCTION = """\
# Rules

What `evcollab validate` checks. This page is generated: `python -m evcollab rules --format markdown > docs/rules.md`.

Every rule has an id that never changes its meaning. The examples are tested: the good one passes, the bad one is
reported by this rule and no other. They show what differs from a valid package; a row is given with its identifier.
What the keys of the descriptor mean is said in the
[Data Package standard](https://datapackage.org/standard/data-package/).

A justified exception is in `waivers.csv` beside `datapackage.json`, with the columns `rule`, `table`, `record`,
`reason` (a sentence) and `until` (the last day on which it holds, at most two years ahead). An unused or expired waiver
is an error, and no waiver can hide an error of privacy, bytes, types, keys or references.
"""


GROUPS = {
    "Files and characters": "What a reader of the files meets first: encoding, line ends, headers and letters.",
    "Descriptor and schemas": "`datapackage.json` and the schemas: are they well-formed, and do they fit the files?",
    "Types, keys and references": "What a Table Schema says of cells and keys.",
    "Any table": "What no cell of any table may hold, and what no two records may share.",
    "Events": "Days, places, series and counts.",
    "Participants": "Who is named, in what role, with how many people and how much money.",
    "Organisations and memberships": "Names, kinds, parents, identifiers and members.",
    "Policies": "Years, issuers, scope and what replaces what.",
    "Targets": "Values, units, years, scope and what supersedes what.",
    "Sources": "Addresses and dates.",
    "Claims": "What supports each row and cell.",
    "Countries, subdivisions and codes": "The standards of others.",
    "Waivers": "The exceptions in `waivers.csv`.",
}
_BY_LAYER = {
    "bytes": "Files and characters",
    "descriptor": "Descriptor and schemas",
    "tables": "Types, keys and references",
    "waivers": "Waivers",
}
_BY_TABLE = {
    "events": "Events",
    "participants": "Participants",
    "organisations": "Organisations and memberships",
    "memberships": "Organisations and memberships",
    "policies": "Policies",
    "policy_targets": "Targets",
    "sources": "Sources",
    "claims": "Claims",
    "countries": "Countries, subdivisions and codes",
    "subdivisions": "Countries, subdivisions and codes",
}


def group_of(rule: Rule) -> str:
    """Under which heading a reader looks for a rule."""
    if rule.layer in _BY_LAYER:
        return _BY_LAYER[rule.layer]
    if rule.id.startswith(("currency-", "language-", "subdivision-")):
        return "Countries, subdivisions and codes"
    return _BY_TABLE[rule.tables[0]] if rule.tables and rule.id != "record-twice" else "Any table"


def overview() -> str:
    """All rules by group: id, severity and summary."""
    width = max(map(len, RULES))
    out: list[str] = []
    for group, meaning in GROUPS.items():
        out += ["", f"{group}: {meaning}"]
        out += [
            f"  {rule.id:<{width}}  {rule.severity:<7}  {rule.summary}"
            for rule in RULES.values()
            if group_of(rule) == group
        ]
    return "\n".join([*out, "", "more about one of them: evcollab rules RULE"]).lstrip("\n")


def text(rule: Rule) -> str:
    """All about one rule."""
    lines = [
        f"{rule.id} ({rule.severity})",
        rule.summary,
        "",
        f"why:    {rule.why}",
        f"fix:    {rule.fix}",
        f"tables: {', '.join(rule.tables) or 'all'}",
    ]
    lines += [f"good:   {_example(edit)}" for edit in rule.good]
    lines += [f"bad:    {_example(edit)}" for edit in rule.bad]
    return "\n".join(lines)


def _example(edit: Edit) -> str:
    return str(edit).replace("`", "")


def section(rule: Rule) -> str:
    """One rule as a section of the page."""
    return "\n".join(_section(rule))


def _section(rule: Rule) -> Iterator[str]:
    yield f"### {rule.id}"
    yield ""
    yield f"**{rule.severity}** · {', '.join(rule.tables) or 'all tables'} · {rule.summary}"
    yield ""
    yield f"- Why: {rule.why}"
    yield f"- How to fix it: {rule.fix}"
    for name, edits in (("Good", rule.good), ("Bad", rule.bad)):
        if edits:
            yield f"- {name}: {'; '.join(map(str, edits))}"
    yield ""


def markdown() -> str:
    """The whole page: what the severities mean, a list of all rules by group, then each rule."""
    out = [INTRODUCTION, "| severity | meaning |", "|---|---|"]
    out += [f"| {severity} | {meaning} |" for severity, meaning in SEVERITIES.items()]
    out += ["", "## Contents"]
    grouped = {group: [rule for rule in RULES.values() if group_of(rule) == group] for group in GROUPS}
    for group, rules in grouped.items():
        anchor = "".join(letter for letter in group.lower().replace(" ", "-") if letter.isalnum() or letter == "-")
        out += ["", f"**[{group}](#{anchor})**", ""]
        out += [f"- [{rule.id}](#{rule.id}) ({rule.severity}): {rule.summary}" for rule in rules]
    for group, rules in grouped.items():
        out += ["", f"## {group}", "", GROUPS[group], ""]
        for rule in rules:
            out += _section(rule)
    return "\n".join(out).rstrip("\n")
