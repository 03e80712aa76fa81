"""Gap (moto 5.2.5): CreateService drops most of what it is sent, and fills in none of AWS's defaults.

Dropped: capacityProviderStrategy, deploymentConfiguration, enableExecuteCommand, enableECSManagedTags,
healthCheckGracePeriodSeconds, placement, availabilityZoneRebalancing, Service Connect, volumes, VPC Lattice. A service
with a Spot strategy was replaced on every plan, and every plan wanted to set availabilityZoneRebalancing.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from reconciler.sandbox.identities import of_access_key
from reconciler.sandbox.patches.services import DEFAULTS, KEPT, settle
from reconciler.sandbox.patches.tools import attribute, full_strategy, replace


def apply(undo: ExitStack) -> None:
    """Keep what was sent, fill in the defaults, and let the service run at once."""
    from moto.ecs.exceptions import EcsClientException, InvalidParameterException
    from moto.ecs.responses import EC2ContainerServiceResponse

    def create_service(self: Any) -> Any:
        backend = self.ecs_backend
        cluster = backend._get_cluster(self._get_param("cluster", "default"))
        existing = backend.services.get(f"{cluster.name}:{self._get_param('serviceName')}")
        if existing is not None and existing.status == "ACTIVE":
            raise InvalidParameterException("Creation of service was not idempotent.")
        if existing is not None and existing.status == "DRAINING":
            raise InvalidParameterException("Unable to Start a service that is still Draining.")
        definition = self._get_param("taskDefinition")
        if definition and backend.describe_task_definition(definition).status != "ACTIVE":
            raise EcsClientException("TaskDefinition is inactive")
        result = create(self)
        service = result.result["service"]
        for member in KEPT:
            sent = self._get_param(member)
            setattr(service, attribute(member), sent if sent is not None else DEFAULTS.get(member))
        service.created_by = of_access_key(self.access_key).principal_arn
        _place(service, cluster, self._get_param("launchType"))
        settle(service, backend, cluster)
        return result

    create = replace(undo, EC2ContainerServiceResponse, "create_service", create_service)


def _place(service: Any, cluster: Any, launch_type: str | None) -> None:
    """Without a launch type the service runs by its own strategy, else by the cluster's, else on EC2."""
    strategy = service.capacity_provider_strategy or (
        None if launch_type else cluster.default_capacity_provider_strategy
    )
    service.capacity_provider_strategy = full_strategy(strategy) or None
    if strategy:
        service.launch_type = None
