"""The catalogue of rules as text and as the page docs/rules.md."""

from __future__ import annotations

from collections.abc import Iterator

from evcollab.issues import SEVERITIES
from evcollab.validation.catalogue import LAYERS, Edit, Rule
from evcollab.validation.rules import RULES

INTRODUCTION = """\
# Rules

What `evcollab validate` checks. This page is generated: `python -m evcollab rules --format markdown > docs/rules.md`.

Every rule has an id that never changes its meaning. The examples are tested: the good one passes, the bad one is
reported by this rule and no other. They show what differs from a valid package; a row is given with its identifier.
What the keys of the descriptor mean is said in the
[Data Package standard](https://datapackage.org/standard/data-package/).

A justified exception stands in `waivers.csv` beside `datapackage.json`, with the columns `rule`, `table`, `record`,
`reason` and `until` (the last day on which it holds). An unused or expired waiver is an error.
"""


def overview() -> str:
    """All rules by layer: id, severity and summary."""
    width = max(map(len, RULES))
    out: list[str] = []
    for layer, meaning in LAYERS.items():
        out += ["", f"{layer}: {meaning}"]
        out += [
            f"  {rule.id:<{width}}  {rule.severity:<7}  {rule.summary}"
            for rule in RULES.values()
            if rule.layer == layer
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
    yield f"- How to mend it: {rule.fix}"
    for name, edits in (("Good", rule.good), ("Bad", rule.bad)):
        if edits:
            yield f"- {name}: {'; '.join(map(str, edits))}"
    yield ""


def markdown() -> str:
    """The whole page."""
    out = [INTRODUCTION, "| severity | meaning |", "|---|---|"]
    out += [f"| {severity} | {meaning} |" for severity, meaning in SEVERITIES.items()]
    for layer, meaning in LAYERS.items():
        out += ["", f"## {layer}", "", meaning, ""]
        for rule in RULES.values():
            if rule.layer == layer:
                out += _section(rule)
    return "\n".join(out).rstrip("\n")
