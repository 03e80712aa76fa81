"""Differences in a plan that are none: one small function per rule, each with its reason.

Enters: a `Node`, one place in a resource with its two values. Leaves: whether the two mean the same. A new rule is a
function here and a line in `RULES`; it gets a test that it drops its noise and one that it keeps a similar change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from reconciler.drift.noise.computed import computed, daemon_counts, strategy_of_the_cluster
from reconciler.drift.noise.defaults import fargate_platform, provider_default, region_filled_in
from reconciler.drift.noise.empty import null_or_empty
from reconciler.drift.noise.names import arn_or_name, parameter_name, placement_field, scaling_role
from reconciler.drift.noise.node import Node
from reconciler.drift.noise.numbers import interval_bound, number_or_text, task_size_units
from reconciler.drift.noise.order import reordered
from reconciler.drift.noise.policies import same_policy
from reconciler.drift.noise.ports import host_port
from reconciler.drift.noise.redacted import redacted
from reconciler.drift.noise.scaling import managed_scaling
from reconciler.drift.noise.tags import tags_all
from reconciler.drift.noise.times import same_moment

Rule: TypeAlias = Callable[[Node], bool]

RULES: Final[Sequence[Rule]] = (
    null_or_empty,
    computed,
    daemon_counts,
    strategy_of_the_cluster,
    tags_all,
    reordered,
    arn_or_name,
    parameter_name,
    placement_field,
    scaling_role,
    provider_default,
    fargate_platform,
    region_filled_in,
    host_port,
    number_or_text,
    task_size_units,
    interval_bound,
    managed_scaling,
    same_moment,
    same_policy,
)
"""The rules for plans, all of them independent of their order."""

BY_ITSELF: Final[Mapping[Rule, str]] = MappingProxyType({strategy_of_the_cluster: "capacity_provider_strategy"})
"""Rules for what comes by itself, with the attribute: no noise where somebody asked for that."""

RECORD_RULES: Final[Sequence[Rule]] = (*RULES, redacted)
"""The rules where one side may come from CloudTrail, which blanks out secrets."""

__all__ = ["BY_ITSELF", "RECORD_RULES", "RULES", "Node", "Rule"]
