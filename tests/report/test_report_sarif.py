from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.model import Finding, RunReport
from reconciler.report import run_sarif


def test_a_drift_is_a_result_with_rule_level_place_and_fingerprint(
    finding: Callable[..., Finding], remedy: Callable[..., Any], report: Callable[..., RunReport]
) -> None:
    log = run_sarif(report(finding(remedy=remedy(files=("infra/a b/main.tf",)))))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("drift", "error")
    assert "desired_count = 3 → 5" in result["message"]["text"]
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "infra/a%20b/main.tf"
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "prod/aws_ecs_service.main"
    assert result["partialFingerprints"] == {"reconciler/v1": "f00d"}
    assert result["ruleId"] in {rule["id"] for rule in run["tool"]["driver"]["rules"]}


@pytest.mark.parametrize("status", ["healed", "ignored", "matching"])
def test_what_needs_nobody_is_no_result(
    finding: Callable[..., Finding], report: Callable[..., RunReport], status: str
) -> None:
    assert run_sarif(report(finding(status=status)))["runs"][0]["results"] == []


def test_a_run_that_could_not_look_is_no_success(report: Callable[..., RunReport]) -> None:
    (good,) = run_sarif(report())["runs"][0]["invocations"]
    (bad,) = run_sarif(report(problems=("dev: locked",)))["runs"][0]["invocations"]
    assert (good["executionSuccessful"], bad["executionSuccessful"]) == (True, False)
    assert bad["toolExecutionNotifications"][0]["message"]["text"] == "dev: locked"
