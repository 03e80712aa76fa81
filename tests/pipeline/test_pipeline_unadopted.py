"""One resource whose changes have different fates: what an adoption leaves out, and the reason given."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model import AttributeChange, Drift, Member, Remediation, RemediationRule
from reconciler.pipeline.confirm import Confirmed
from reconciler.pipeline.unadopted import not_adopted
from tests.reports import make_finding

COUNT = AttributeChange(path=("desired_count",), state=1, live=3, disposition="reverting")
REVERT = Remediation(default="adopt", rules=(RemediationRule(remedy="revert", attribute="enable_execute_command"),))


def left_out(*own: AttributeChange, inside: tuple[AttributeChange, ...] = (), adopted: Any = (COUNT.path,)) -> Any:
    drift = Drift(address="aws_ecs_service.web", type="aws_ecs_service", deleted=False, changes=own, before={}, live={})
    item = Confirmed(finding=make_finding(changes=(*own, *inside)), drift=drift)
    return {each.path: each.why for each in not_adopted(item, set(adopted), "prod", REVERT)}


@pytest.mark.parametrize(
    ("name", "disposition", "why"),
    [
        ("enable_execute_command", "reverting", "remediation says revert"),
        ("desired", "ignored", "lifecycle.ignore_changes covers it"),
        ("desired", "matching", "the code already says it"),
        ("desired", "unset", "the code does not set it"),
        ("arn", "reverting", "AWS gives it its value"),
    ],
)
def test_each_reason_is_the_change_s_own(name: str, disposition: Any, why: str) -> None:
    other = AttributeChange(path=(name,), state=1, live=2, disposition=disposition)
    left = left_out(COUNT, other)
    assert list(left) == [other.path]
    assert left[other.path].startswith(why)


def test_what_is_inside_a_revision_shares_the_fate_of_the_move_to_it() -> None:
    moved = AttributeChange(path=("task_definition",), state="w:1", live="w:2", disposition="ignored")
    image = AttributeChange(path=("container_definitions", Member("app"), "image"), state="a", live="b")
    left = left_out(COUNT, moved, inside=(image,))
    assert left[image.path] == left[moved.path]
    assert "ignore_changes" in left[image.path]
    assert left_out(COUNT, moved, inside=(image,), adopted=(COUNT.path, moved.path)) == {}
