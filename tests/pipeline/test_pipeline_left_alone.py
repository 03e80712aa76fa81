"""Blocks that the provider leaves alone where the code makes none: a `dynamic` one may have made none."""

from __future__ import annotations

import pytest

from reconciler.model import AttributeChange, AttributePath, Drift, Member
from reconciler.pipeline.findings import status_of


@pytest.mark.parametrize(
    ("path", "left"),
    [
        (("setting", Member("containerInsights"), "value"), True),
        (("auto_scaling_group_provider", Member(0), "managed_scaling", Member(0), "status"), True),
        (("load_balancer", Member(0), "container_port"), False),
        (("tags", Member("setting")), False),
    ],
)
def test_what_a_block_that_may_not_be_there_would_say_is_not_said_for_sure(path: AttributePath, left: bool) -> None:
    change = AttributeChange(path=path, state="a", live="b", disposition="matching")
    drift = Drift(
        address="aws_ecs_cluster.x", type="aws_ecs_cluster", deleted=False, changes=(change,), before={}, live={}
    )
    status, reason = status_of(drift, None)
    assert status == "matching"
    assert ("the code already says what is live, or leaves it to AWS" in reason) == left
