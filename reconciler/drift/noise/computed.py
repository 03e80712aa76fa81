"""Attributes that AWS or the provider computes, and that nobody can set."""

from __future__ import annotations

import re
from typing import Final

from reconciler.drift.catalogue import SERVICE
from reconciler.drift.noise.node import Node

_COMPUTED: Final = frozenset(
    {
        "alarm_arns",
        "arn_without_revision",
        "attachment_count",
        "create_date",
        "hosted_zone",
        "id",
        "policy_id",
        "principal_arn",
        "revision",  # moves with `arn`, which is kept
        "stability_status",
        "status",
        "task_set_id",
        "unique_id",
    }
)
_REVISION: Final = re.compile(r":task-definition/[^:/]+:\d+$")


# Computed attributes follow something else that is reported itself, or move by themselves (status, stability). An ARN
# is kept when it carries a revision: with `track_latest` that is how a new revision shows.
def computed(node: Node) -> bool:
    """Tell whether a top-level attribute is one that only AWS or the provider sets."""
    if node.top == "arn":
        return not any(isinstance(arn, str) and _REVISION.search(arn) for arn in (node.before, node.after))
    return node.top in _COMPUTED


# A DAEMON service runs one task per instance: its desired count is AWS's answer to the number of instances, and the
# maximum percent cannot be set. The provider suppresses both in plans, not in refreshes (aws_ecs_service, 5.100).
def daemon_counts(node: Node) -> bool:
    """Tell whether a DAEMON service's count, or its maximum percent, moved by itself."""
    return (
        node.type == SERVICE
        and node.top in ("desired_count", "deployment_maximum_percent")
        and all(resource.get("scheduling_strategy") == "DAEMON" for resource in node.resources)
    )


# A service that names neither launch type nor strategy takes its cluster's default strategy. After the apply the SDK
# keeps the empty set that was planned, so that the state knows of neither, and the first refresh shows the strategy
# (aws_ecs_service, 5.100). Where anybody gave the service a strategy later, the state had a launch type before.
def strategy_of_the_cluster(node: Node) -> bool:
    """Tell whether a service's strategy is there since its creation, and the state never knew it."""
    before = node.resources[0]
    return (
        node.type == SERVICE
        and node.top == "capacity_provider_strategy"
        and not node.before
        and "launch_type" in before
        and not before["launch_type"]
    )
