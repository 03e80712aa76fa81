"""A run's report as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from reconciler import __version__
from reconciler.model import Finding, RunReport, Severity, Status
from reconciler.report import words
from reconciler.report.jsonform import utc
from reconciler.report.text import finding_text

_RULES: dict[Status, str] = {
    "drift": "The live resource differs from Terraform's code and state",
    "deleted": "A managed resource is gone",
    "unmanaged": "A resource is in no Terraform state",
    "unmatched": "A change concerns no configured workspace",
    "not_checked": "A change could not be checked",
}
_LEVELS: dict[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}


def run_sarif(report: RunReport, *, show_environment: bool = False) -> dict[str, Any]:
    """Return the SARIF log of a run: what stands or could not be checked, not what is healed, ignored or matching."""
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "reconciler",
                        "version": __version__,
                        "rules": [{"id": rule, "shortDescription": {"text": text}} for rule, text in _RULES.items()],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": not report.problems,
                        "startTimeUtc": utc(report.started_at),
                        "endTimeUtc": utc(report.finished_at),
                        "toolExecutionNotifications": [
                            {"level": "error", "message": {"text": words.visible(problem)}}
                            for problem in report.problems
                        ],
                    }
                ],
                "results": [
                    _result(finding, show_environment=show_environment)
                    for finding in words.sorted_findings(report.findings)
                    if finding.status in _RULES
                ],
            }
        ],
    }


def _result(finding: Finding, *, show_environment: bool) -> dict[str, Any]:
    location: dict[str, Any] = {
        "logicalLocations": [
            {
                "name": words.name_of(finding),
                "fullyQualifiedName": f"{finding.workspace or '-'}/{words.name_of(finding)}",
            }
        ]
    }
    if finding.remedy.files:
        location["physicalLocation"] = {"artifactLocation": {"uri": quote(finding.remedy.files[0])}}
    return {
        "ruleId": finding.status,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding_text(finding, show_environment=show_environment)},
        "locations": [location],
        "partialFingerprints": {"reconciler/v1": finding.fingerprint},
    }
