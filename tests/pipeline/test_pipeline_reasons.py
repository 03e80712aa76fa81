"""What a finding's sentence says beyond its status."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.drift import Judgement
from reconciler.model import AttributeChange, Drift, Finding, Member, Status
from reconciler.model.plan_changes import UNKNOWN, PlannedChange
from reconciler.pipeline.reasons import complete, note_unread, unapplied_code, weigh
from tests.reports import make_finding

COUNT = AttributeChange(path=("desired_count",), state=3, live=5, disposition="reverting", event_id="event-1")
TAG = AttributeChange(path=("tags", Member("Team")), state="a", live="b", disposition="reverting", event_id=None)


def drift(*changes: AttributeChange) -> Drift:
    return Drift(address="a.b", type="aws_ecs_service", deleted=False, changes=changes, before={}, live={})


def planned(actions: tuple[str, ...] = ("update",), **attributes: Any) -> PlannedChange:
    return PlannedChange(address="a.b", type="aws_ecs_service", actions=actions, attributes=attributes)


def test_what_weighs_most_and_notes_follow_the_status() -> None:
    told = complete("drift", "reverted", drift(COUNT), "x: grave", planned(desired_count=(5, 3)), "a note")
    assert told == "reverted; a note; x: grave"


def test_a_value_that_no_event_explains_is_named() -> None:
    told = complete("drift", "reverted", drift(COUNT, TAG), None, None)
    assert told == "reverted; no event explains tags[Team]"
    assert complete("drift", "reverted", drift(TAG), None, None) == "reverted; no event explains what changed"


def test_of_many_only_some_are_named() -> None:
    many = [replace(COUNT, path=(f"attribute_{number}",), event_id=None) for number in range(6)]
    told = complete("drift", "reverted", drift(COUNT, *many), None, None)
    assert told.endswith("no event explains attribute_0, attribute_1, attribute_2 and 3 more")


@pytest.mark.parametrize("status", ["ignored", "matching", "deleted"])
def test_what_terraform_leaves_needs_no_explanation(status: Status) -> None:
    assert complete(status, "left", drift(TAG), None, planned(cpu=(1, 2))) == "left"


def test_code_that_was_never_applied_is_said_separately() -> None:
    told = complete("drift", "reverted", drift(COUNT), None, planned(desired_count=(5, 3), propagate_tags=("A", "B")))
    assert (
        told
        == "reverted; apart from the drift, terraform apply would change propagate_tags: code that was never applied"
    )


def test_a_family_shows_in_every_plan_and_was_applied() -> None:
    arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/web"
    for wanted in ("web", arn):
        for now in (f"{arn}:1", "web:1"):
            assert unapplied_code(drift(COUNT), planned(task_definition=(now, wanted))) == ()
    other = planned(task_definition=(f"{arn}:1", arn.replace("12:", "13:")))
    assert unapplied_code(drift(COUNT), other) == ("task_definition",)
    assert unapplied_code(drift(COUNT), planned(task_definition=("web:1", "web"))) == ()
    assert unapplied_code(drift(COUNT), planned(task_definition=(arn, "api"))) == ("task_definition",)
    assert unapplied_code(drift(COUNT), planned(task_definition=(arn, "web:2"))) == ("task_definition",)


def test_what_the_state_has_was_applied_though_it_is_not_live() -> None:
    fargate = [{"capacity_provider": "FARGATE", "base": 0, "weight": 1}]
    taken = planned(("delete", "create"), desired_count=(5, 3), capacity_provider_strategy=(fargate, []))
    assert unapplied_code(replace(drift(COUNT), before={"capacity_provider_strategy": []}), taken) == ()
    assert unapplied_code(replace(drift(COUNT), before={"capacity_provider_strategy": fargate}), taken) == (
        "capacity_provider_strategy",
    )
    assert unapplied_code(drift(COUNT), planned(cpu=(1, None))) == ("cpu",)


def test_code_that_was_never_applied_may_replace_the_resource() -> None:
    replacing = planned(("delete", "create"), desired_count=(5, 3), launch_type=("EC2", "FARGATE"), id=("x", UNKNOWN))
    assert unapplied_code(drift(COUNT), replacing) == ("launch_type",)


@pytest.mark.parametrize(
    "change",
    [
        None,
        planned(desired_count=(5, 3)),
        planned(desired_count=(5, 3), id=("x", UNKNOWN)),
        planned(("delete", "create"), desired_count=(5, 3), volume=([], [{"name": UNKNOWN}])),
        planned(("delete",), launch_type=("EC2", None)),
    ],
)
def test_what_follows_the_drift_is_not_unapplied_code(change: PlannedChange | None) -> None:
    assert unapplied_code(drift(COUNT), change) == ()


def test_what_the_code_accepts_alarms_nobody_but_for_an_image_from_elsewhere() -> None:
    grave = Judgement(severity="high", because="x: grave")
    foreign = Judgement(severity="high", because="x: from elsewhere", foreign_image=True)
    assert weigh("drift", grave) == ("high", None, "x: grave")
    assert weigh("ignored", grave) == ("info", None, None)
    assert weigh("matching", foreign) == ("info", None, None)
    assert weigh("ignored", foreign) == ("high", None, "x: from elsewhere")


def test_a_rule_is_named_for_the_severity_that_it_gave_and_for_no_other() -> None:
    low, info = Judgement(severity="low", rule="Sizes"), Judgement(severity="info", rule="Sizes")
    assert weigh("drift", low) == ("low", "Sizes", None)
    assert weigh("ignored", info) == ("info", "Sizes", None)
    assert weigh("ignored", low) == ("info", None, None)
    assert weigh("matching", low) == ("info", None, None)


def found(status: Status, address: str) -> Finding:
    return make_finding(status=status, reason="left", address=address)


def test_a_file_that_could_not_be_read_is_said_where_it_matters() -> None:
    unread: dict[tuple[str, ...], tuple[str, ...]] = {("web", "inner"): ("web/inner/x.tf",)}
    inside = 'module.web["a"].module.inner[0].aws_ecs_service.this["module.x"]'
    assert note_unread(found("matching", inside), unread).reason.startswith("left; web/inner/x.tf could not be read")
    assert note_unread(found("drift", inside), unread).reason == "left"
    assert note_unread(found("matching", "module.web.aws_ecs_service.this"), unread).reason == "left"
    assert note_unread(found("matching", "aws_ecs_service.web"), unread).reason == "left"


def test_a_default_tag_is_told_among_the_tags_and_put_back_with_them() -> None:
    stack = planned(tags_all=({"Stack": "mine"}, {"Stack": "services"}))
    assert unapplied_code(drift(TAG), stack) == ()
    assert unapplied_code(drift(COUNT), stack) == ("tags_all",)


def test_a_default_tag_that_drifted_and_is_put_back_is_no_unapplied_code() -> None:
    gone = AttributeChange(path=("tags_all", Member("Stack")), state="services", live=None, disposition="reverting")
    back = planned(tags_all=({}, {"Stack": "services"}))
    assert unapplied_code(drift(gone), back) == ()
