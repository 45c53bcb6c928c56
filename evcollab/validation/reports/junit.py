"""The report as JUnit XML: every rule is a test case, and fails if it found errors."""

from __future__ import annotations

from collections import defaultdict
from xml.etree import ElementTree

from evcollab.issues import Issue
from evcollab.text import plain
from evcollab.validation.report import Report
from evcollab.validation.rules import RULES


def write(report: Report) -> str:
    """The report as one test suite."""
    found: defaultdict[str, list[Issue]] = defaultdict(list)
    for issue in report.issues:
        found[issue.rule].append(issue)
    failures = sum(any(issue.severity == "error" for issue in issues) for issues in found.values())
    totals = {"tests": str(len(RULES)), "failures": str(failures), "errors": "0"}
    root = ElementTree.Element("testsuites", totals)
    suite = ElementTree.SubElement(root, "testsuite", {"name": "evcollab", **totals})
    for rule in RULES.values():
        case = ElementTree.SubElement(suite, "testcase", {"classname": f"evcollab.{rule.layer}", "name": rule.id})
        wrong = [issue for issue in found[rule.id] if issue.severity == "error"]
        if wrong:
            failure = ElementTree.SubElement(case, "failure", {"message": rule.summary, "type": "error"})
            failure.text = "\n".join(map(_line, wrong))
        rest = [issue for issue in found[rule.id] if issue.severity != "error"]
        if rest:
            ElementTree.SubElement(case, "system-out").text = "\n".join(map(_line, rest))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _line(issue: Issue) -> str:
    column = f", {issue.column}" if issue.column else ""
    return plain(f"{issue.file}:{issue.line}{column}: {issue.message}")
