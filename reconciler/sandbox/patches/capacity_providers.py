"""Gap (moto 5.2.5): DescribeCapacityProviders fails without names and does not know FARGATE and FARGATE_SPOT."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from reconciler.sandbox.patches.tools import replace

_BUILT_IN = ("FARGATE", "FARGATE_SPOT")


def apply(undo: ExitStack) -> None:
    """Answer for the two that AWS offers in every account, and for all when none is named."""
    from moto.ecs.models import EC2ContainerServiceBackend

    def describe_capacity_providers(self: Any, names: list[str] | None) -> tuple[list[Any], list[Any]]:
        built_in = {
            name: {
                "capacityProviderArn": f"arn:aws:ecs:{self.region_name}:{self.account_id}:capacity-provider/{name}",
                "name": name,
                "status": "ACTIVE",
                "tags": [],
            }
            for name in _BUILT_IN
        }
        wanted = names or [*_BUILT_IN, *self.capacity_providers]
        own, failures = original(self, [name for name in wanted if name.rpartition("/")[2] not in built_in])
        asked_for = [built_in[short] for name in wanted if (short := name.rpartition("/")[2]) in built_in]
        return [*asked_for, *own], failures

    original = replace(undo, EC2ContainerServiceBackend, "describe_capacity_providers", describe_capacity_providers)
