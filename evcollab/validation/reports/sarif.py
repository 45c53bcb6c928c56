"""The report as SARIF 2.1.0, which code scanning tools read."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

import evcollab
from evcollab.validation.report import Report
from evcollab.validation.reports import places
from evcollab.validation.rules import RULES

_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def write(report: Report) -> str:
    """The report as one SARIF run, with the whole catalogue of rules."""
    numbers = {rule: number for number, rule in enumerate(RULES)}
    rules = [
        {
            "id": rule.id,
            "shortDescription": {"text": rule.summary},
            "fullDescription": {"text": f"{rule.summary} {rule.why}"},
            "help": {"text": rule.fix},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
            "properties": {"tags": [rule.layer, *rule.tables]},
        }
        for rule in RULES.values()
    ]
    results: list[dict[str, Any]] = []
    for issue in report.issues:
        name = "/".join(part for part in (issue.table, issue.record, issue.column.lstrip("/")) if part)
        location: dict[str, Any] = {
            "physicalLocation": {
                "artifactLocation": {"uri": quote(places.from_here(report, issue.file))},
                "region": {"startLine": issue.line},
            }
        }
        if name:
            location["logicalLocations"] = [{"fullyQualifiedName": name}]
        identity = "\0".join((issue.rule, issue.file, issue.table, issue.record, issue.column, issue.value))
        results.append(
            {
                "ruleId": issue.rule,
                "ruleIndex": numbers[issue.rule],
                "level": _LEVELS[issue.severity],
                "message": {"text": f"{issue.message}. {issue.hint}"},
                "locations": [location],
                "partialFingerprints": {"issue/v1": hashlib.sha256(identity.encode()).hexdigest()},
            }
        )
    driver = {"name": "evcollab", "version": evcollab.__version__, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)
