"""Several calls about one resource that is in no state: the gravest counts, and trusted calls are witnesses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pipeline_world import Feed, Memory, World, record, service
from test_pipeline_strays import INDEX, call, told

from reconciler.errors import TerraformError
from reconciler.model import ChangeEvent, Plan, ResourceId, Workspace
from reconciler.pipeline.concerns import gather
from reconciler.pipeline.doubts import Doubts
from reconciler.pipeline.known_strays import key_of
from tests.change_events import change_event

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


def test_what_a_trusted_call_made_and_another_took_away_is_missed() -> None:
    gone = at(1, "DeleteService", severity="critical")
    (finding,) = told(gone, witnesses=(at(0, "CreateService"),))
    assert (finding.status, finding.severity, finding.events) == ("unmanaged", "critical", (gone,))
    assert finding.reason == (
        "prod/stray was taken away (DeleteService), and a trusted call made it (CreateService): is its workspace "
        "configured?"
    )


def test_what_somebody_made_again_after_a_trusted_deletion_is_there() -> None:
    again = at(2, "CreateService")
    (finding,) = told(again, witnesses=(at(1, "DeleteService"),))
    assert (finding.status, finding.events) == ("unmanaged", (again,))
    assert "it was created outside Terraform" in finding.reason


@pytest.mark.parametrize(
    ("kind", "names", "calls"),
    [
        ("aws_appautoscaling_policy", {"service": "web", "name": "up"}, ("PutScalingPolicy", "DeleteScalingPolicy")),
        ("aws_appautoscaling_target", {"service": "web"}, ("RegisterScalableTarget", "DeregisterScalableTarget")),
        ("aws_ecs_service", {"name": "web"}, ("CreateService", "DeleteService")),
    ],
)
def test_a_resource_is_one_whether_or_not_an_answer_has_its_arn(
    kind: str, names: dict[str, str], calls: tuple[str, str]
) -> None:
    identity = ResourceId(type=kind, cluster="prod", **names)
    source = {"source": "autoscaling.amazonaws.com"} if "autoscaling" in kind else {}
    made = change_event(replace(identity, arn="arn:aws:x:us-east-1:1:y"), name=calls[0], id="a", time=NOON, **source)
    gone = change_event(identity, name=calls[1], id="b", time=NOON + timedelta(minutes=1), **source)
    (finding,) = told(made, gone)
    assert (finding.status, finding.events) == ("healed", (made, gone))


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("MISSING", "healed"),
        ("INACTIVE", "healed"),
        ("ACTIVE", "unmanaged"),
        ("DRAINING", "healed"),
        (None, "unmanaged"),
    ],
)
def test_a_late_record_makes_nothing_of_what_is_gone(said: str | None, status: str) -> None:
    """Autoscaling's last step may come after the deletion: CloudTrail orders nothing across files."""
    late = at(0, "UpdateService", severity="high")
    doubts = Doubts(statuses=lambda owner, about: {each: said for each in about if said and owner == "prod"})
    (finding,) = gather([late], INDEX, doubts).findings
    assert finding.status == status
    if status == "healed":
        assert finding.reason == f"prod/stray is not there any more, Amazon ECS says ({said}): UpdateService"
        assert finding.severity == "info"


def test_policies_of_one_name_in_two_places_are_two() -> None:
    arns = ("arn:aws:iam::aws:policy/ReadOnly", "arn:aws:iam::123456789012:policy/ReadOnly")
    policies = (ResourceId(type="aws_iam_policy", arn=arn, name="ReadOnly") for arn in arns)
    assert len({key_of(policy, alone=False) for policy in policies}) == 2


def test_trusted_calls_alone_are_no_finding() -> None:
    assert told(witnesses=(at(0, "CreateService"),)) == ()


def test_nor_does_one_about_what_could_not_be_planned() -> None:
    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        raise TerraformError("terraform plan failed in prod")

    gone = record("gone", "web", eventName="DeleteService", eventTime="2026-01-02T03:00:00Z")
    tagged = record("tagged", "web", eventTime="2026-01-02T03:01:00Z")
    (finding,) = World(plan, prod=[service("prod", "web")]).run(Feed(gone, tagged), Memory()).findings
    assert (finding.status, finding.severity) == ("not_checked", "critical")
