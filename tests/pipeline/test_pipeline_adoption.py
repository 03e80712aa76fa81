"""Which drifts may be adopted over the code as it is, and what is named as the reason when not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reconciler.match import Entry
from reconciler.model import (
    AttributeChange,
    Configuration,
    Drift,
    Member,
    NeedsPerson,
    ResourceId,
    StateResource,
)
from reconciler.model.plan_changes import UNKNOWN, PlannedChange
from reconciler.pipeline.adoption import Adoption, adopt_drift
from reconciler.pipeline.confirm import Confirmed
from reconciler.pipeline.revisions import Revision
from tests.reports import make_finding

SERVICE, DEFINITION = "aws_ecs_service.web", "aws_ecs_task_definition.web"
ARN = "arn:aws:ecs:us-east-1:123456789012:task-definition/web"
CODE = Configuration(
    {
        (): {
            "main.tf": b"""\
resource "aws_ecs_service" "web" {
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 2
}

resource "aws_ecs_task_definition" "web" {
  family       = "web"
  track_latest = true
  container_definitions = jsonencode([
    { name = "app", image = "nginx:1.20" }
  ])
}
"""
        }
    }
)
IMAGE = AttributeChange(
    path=("container_definitions", Member("app"), "image"),
    state="nginx:1.20",
    live="nginx:1.22",
    disposition="reverting",
)


def confirmed(address: str, *changes: AttributeChange, before: dict[str, Any], revision: Any = None) -> Confirmed:
    drift = Drift(address=address, type=address.split(".")[0], deleted=False, changes=changes, before=before, live={})
    return Confirmed(finding=make_finding(address=address), drift=drift, revision=revision)


def planned(address: str, **attributes: tuple[Any, Any]) -> dict[str, PlannedChange]:
    actions = ("delete", "create") if address == DEFINITION else ("update",)
    return {address: PlannedChange(address=address, type=address.split(".")[0], actions=actions, attributes=attributes)}


def decide(item: Confirmed, untouched: dict[str, PlannedChange]) -> Adoption | NeedsPerson:
    return adopt_drift(item, item.drift.changes, CODE, untouched, show_environment=False)


STATE = {
    "arn": f"{ARN}:1",
    "container_definitions": '[{"cpu":0,"environment":[],"essential":true,"image":"nginx:1.20","name":"app"}]',
}
LATEST = confirmed(
    DEFINITION,
    AttributeChange(path=("arn",), state=f"{ARN}:1", live=f"{ARN}:2", disposition="reverting"),
    IMAGE,
    before=STATE,
)


def test_a_task_definition_that_tracks_its_latest_revision_is_adopted_where_the_code_says_it() -> None:
    back = planned(
        DEFINITION,
        arn=(f"{ARN}:2", UNKNOWN),
        container_definitions=("…", '[{"name":"app","image":"nginx:1.20"}]'),  # the state's, without what AWS fills in
    )
    adoption = decide(LATEST, back)
    assert isinstance(adoption, Adoption)
    assert b'image = "nginx:1.22"' in adoption.edits[0].after
    assert adoption.attributes == {"container_definitions"}
    assert adoption.registers is None


def test_code_of_a_task_definition_that_was_never_applied_is_not_adopted_over() -> None:
    ahead = planned(DEFINITION, container_definitions=("…", '[{"name":"app","image":"nginx:2"}]'))
    adoption = decide(LATEST, ahead)
    assert isinstance(adoption, NeedsPerson)
    assert "container_definitions" in adoption.reason
    assert "never applied" in adoption.reason


def test_a_service_whose_task_definition_drifted_itself_is_closed_with_it() -> None:
    managed = Entry(
        ResourceId(type="aws_ecs_task_definition"),
        StateResource(
            workspace="prod",
            address=DEFINITION,
            type="aws_ecs_task_definition",
            provider="",
            attributes={"family": "web", "track_latest": True},
        ),
    )
    revision = Revision(name="web:2", managed=managed, live={"family": "web"}, changes=(IMAGE,), events=())
    moved = AttributeChange(path=("task_definition",), state=f"{ARN}:1", live=f"{ARN}:2", disposition="reverting")
    item = confirmed(SERVICE, moved, before={"task_definition": f"{ARN}:1"}, revision=revision)
    adoption = decide(
        item, planned(SERVICE, task_definition=(f"{ARN}:2", UNKNOWN)) | planned(DEFINITION, arn=("", UNKNOWN))
    )
    assert isinstance(adoption, NeedsPerson)
    assert "never applied" not in adoption.reason
    assert f"{DEFINITION} tracks its latest revision" in adoption.reason


def test_a_reverted_count_is_adopted_and_an_unapplied_one_is_not() -> None:
    change = AttributeChange(path=("desired_count",), state=2, live=5, disposition="reverting")
    item = confirmed(SERVICE, change, before={"desired_count": 2})
    assert isinstance(decide(item, planned(SERVICE, desired_count=(5, 2))), Adoption)
    assert isinstance(decide(item, planned(SERVICE, desired_count=(5, 7))), NeedsPerson)


LAUNCH_TYPE = AttributeChange(path=("launch_type",), state="EC2", live="", disposition="reverting")


def test_what_aws_would_choose_again_is_no_code_that_was_never_applied() -> None:
    count = AttributeChange(path=("desired_count",), state=2, live=5, disposition="reverting")
    item = confirmed(SERVICE, LAUNCH_TYPE, count, before={"desired_count": 2, "launch_type": "EC2"})
    answer = decide(item, planned(SERVICE, desired_count=(5, 2), launch_type=("", UNKNOWN)))
    assert isinstance(answer, Adoption)
    assert (answer.attributes, answer.edits[0].after.count(b"launch_type")) == ({"desired_count"}, 0)


def test_a_launch_type_that_somebody_wrote_is() -> None:
    item = confirmed(SERVICE, LAUNCH_TYPE, before={"desired_count": 2, "launch_type": "EC2"})
    answer = decide(item, planned(SERVICE, launch_type=("", "FARGATE")))
    assert isinstance(answer, NeedsPerson)
    assert "launch_type that was never applied" in answer.reason


def test_code_that_is_gone_is_said_to_be_gone() -> None:
    change = AttributeChange(path=("desired_count",), state=2, live=5, disposition="reverting")
    item = confirmed(SERVICE, change, before={"desired_count": 2})
    gone = {SERVICE: replace(planned(SERVICE, desired_count=(5, None))[SERVICE], actions=("delete",))}
    answer = decide(item, gone)
    assert isinstance(answer, NeedsPerson)
    assert answer.reason.startswith(f"the code no longer has {SERVICE}")


TEAM = AttributeChange(path=("tags", Member("team")), state="a", live="b", disposition="reverting")


def test_a_tag_beside_one_that_the_code_ignores_is_adopted() -> None:
    code = b'resource "aws_ecs_service" "web" {\n  tags = { by = "me", team = "a" }\n}\n'
    tagged = Configuration({(): {"main.tf": code}})
    item = confirmed(SERVICE, TEAM, before={"tags": {"by": "me", "team": "a"}})
    live = {"by": "ci", "team": "b"}
    back = planned(SERVICE, tags=(live, {"by": "ci", "team": "a"}))
    answer = adopt_drift(item, item.drift.changes, tagged, back, show_environment=False)
    assert isinstance(answer, Adoption)
    assert answer.edits[0].after.count(b'by = "me", team = "b"') == 1


def test_the_tag_itself_when_the_code_is_ahead_is_not() -> None:
    item = confirmed(SERVICE, TEAM, before={"tags": {"by": "me", "team": "a"}})
    ahead = planned(SERVICE, tags=({"by": "me", "team": "b"}, {"by": "me", "team": "c"}))
    answer = decide(item, ahead)
    assert isinstance(answer, NeedsPerson)
    assert "never applied" in answer.reason


def test_an_option_that_is_named_like_a_secret_is_not_written_into_code() -> None:
    token = AttributeChange(
        path=("container_definitions", Member("app"), "logConfiguration", "options", Member("splunk-token")),
        state="old",
        live="new",
        disposition="reverting",
    )
    adoption = decide(confirmed(DEFINITION, token, before=STATE), {})
    assert isinstance(adoption, NeedsPerson)
    assert "may hold a secret" in adoption.reason
    assert "new" not in adoption.reason
