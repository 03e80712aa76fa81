"""Several calls about one resource that is in no state: the gravest counts, and trusted calls are witnesses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pipeline_world import Feed, Memory, World, record, service
from test_pipeline_strays import call, told

from reconciler.errors import TerraformError
from reconciler.model import ChangeEvent, Plan, Workspace

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def at(minute: int, name: str, **values: Any) -> ChangeEvent:
    return call(name, time=NOON + timedelta(minutes=minute), **values)


def test_who_calls_last_hides_no_graver_call() -> None:
    (finding,) = told(at(0, "UpdateService", severity="high"), at(1, "TagResource", severity="low"))
    assert (finding.status, finding.severity) == ("unmanaged", "high")


def test_what_was_before_it_came_again_counts_for_nothing() -> None:
    gone, made = at(0, "DeleteService", severity="critical"), at(1, "CreateService", severity="medium")
    (finding,) = told(gone, made)
    assert (finding.status, finding.severity) == ("unmanaged", "medium")


@pytest.mark.parametrize(
    ("names", "outside"),
    [
        (["CreateService"], True),
        (["CreateService", "UpdateService"], True),
        (["UpdateService"], False),
        (["UntagResource"], False),
    ],
)
def test_only_a_call_that_made_it_says_that_it_was_made_outside(names: list[str], outside: bool) -> None:
    (finding,) = told(*(at(minute, name) for minute, name in enumerate(names)))
    assert finding.status == "unmanaged"
    assert ("it was created outside Terraform" in finding.reason) is outside
    assert finding.reason.startswith("prod/stray is in no state, ")
    assert "its cluster is managed by prod" in finding.reason


def test_what_a_trusted_call_took_away_again_alarms_nobody() -> None:
    made, gone = at(0, "CreateService"), at(1, "DeleteService")
    (finding,) = told(made, witnesses=(gone,))
    assert (finding.status, finding.reason) == ("healed", "prod/stray came and went: CreateService, DeleteService")
    assert finding.events == (made,)


def test_what_a_trusted_call_made_was_not_made_outside_terraform() -> None:
    (finding,) = told(at(1, "UpdateService"), witnesses=(at(0, "CreateService"),))
    assert finding.status == "unmanaged"
    assert "created outside" not in finding.reason
    assert finding.reason.endswith("; a trusted call made it (CreateService): is its workspace configured?")


def test_what_somebody_made_again_after_a_trusted_deletion_is_there() -> None:
    again = at(2, "CreateService")
    (finding,) = told(again, witnesses=(at(1, "DeleteService"),))
    assert (finding.status, finding.events) == ("unmanaged", (again,))
    assert "it was created outside Terraform" in finding.reason


def test_trusted_calls_alone_are_no_finding() -> None:
    assert told(witnesses=(at(0, "CreateService"),)) == ()


def test_nor_does_one_about_what_could_not_be_planned() -> None:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        raise TerraformError("terraform plan failed in prod")

    gone = record("gone", "web", eventName="DeleteService", eventTime="2026-01-02T03:00:00Z")
    tagged = record("tagged", "web", eventTime="2026-01-02T03:01:00Z")
    (finding,) = World(plan, prod=[service("prod", "web")]).run(Feed(gone, tagged), Memory()).findings
    assert (finding.status, finding.severity) == ("not_checked", "critical")
