"""A remedy for some of a finding's changes: every form of the report says which, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.model import AttributeChange, Finding, NotAdopted
from reconciler.report import finding_text, pull_request_body, pull_request_title, run_json, run_markdown

COUNT = AttributeChange(path=("desired_count",), state=3, live=5, disposition="reverting", event_id="e-1")
EXEC = AttributeChange(path=("enable_execute_command",), state=False, live=True, disposition="reverting")
WHY = "remediation says revert, and the next terraform apply undoes it"


@pytest.fixture
def partly(finding: Callable[..., Finding], remedy: Callable[..., Any]) -> Finding:
    return finding(changes=(EXEC, COUNT), remedy=remedy(not_adopted=(NotAdopted(EXEC.path, WHY),)))


def test_a_title_and_a_table_are_of_what_the_edit_adopts(partly: Finding) -> None:
    assert pull_request_title(partly) == "Adopt drift: desired_count = 5 in aws_ecs_service.main"
    body = pull_request_body(partly, "proof")
    first, second = body.split("### Not adopted")
    assert "| `desired_count` | `3` | `5` |" in first
    assert "enable_execute_command" not in first
    assert f"| `enable_execute_command` | {WHY} |" in second


def test_what_is_promised_and_advised_is_about_what_the_edit_adopts(partly: Finding) -> None:
    body = pull_request_body(partly, "proof")
    assert "makes the code say what is live, but for what stands under *Not adopted*." in body
    assert "code and cloud agree on the attributes under *What changed*." in body
    assert "what stands under *What changed* stays" in body
    assert "should leave `desired_count` alone" in body


def test_a_remedy_of_everything_leaves_nothing_out(finding: Callable[..., Finding], remedy: Callable[..., Any]) -> None:
    whole = finding(changes=(EXEC, COUNT), remedy=remedy())
    body = pull_request_body(whole, "proof")
    assert pull_request_title(whole) == "Adopt drift: enable_execute_command, desired_count in aws_ecs_service.main"
    assert "not adopted" not in body + finding_text(whole).lower()


def test_the_other_forms_say_it_too(partly: Finding, report: Callable[..., Any]) -> None:
    assert f"Not adopted: enable_execute_command; {WHY}" in finding_text(partly).splitlines()
    assert f"- Not adopted: `enable_execute_command`: {WHY}" in run_markdown(report(partly))
    (told,) = run_json(report(partly))["findings"]
    assert told["remedy"]["not_adopted"] == [{"path": "enable_execute_command", "why": WHY}]
