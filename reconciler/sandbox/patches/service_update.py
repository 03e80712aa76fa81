"""Gap (moto 5.2.5): UpdateService keeps the task definition as written (family:revision) where AWS answers its ARN,
leaves the deployments at the old one, takes partial structures for whole ones, and updates deleted services.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from reconciler.sandbox.patches.services import full_network, settle
from reconciler.sandbox.patches.tools import full_strategy, replace


def apply(undo: ExitStack) -> None:
    """Let moto update, then bring the service into the form that AWS answers."""
    from moto.ecs.exceptions import EcsClientException, ECSException
    from moto.ecs.responses import EC2ContainerServiceResponse

    def update_service(self: Any) -> Any:
        backend = self.ecs_backend
        cluster = backend._get_cluster(self._get_param("cluster", "default"))
        name = self._get_param("service").rpartition("/")[2]
        service = backend._get_service(cluster.name, name)
        if service.status != "ACTIVE":
            raise ECSException("ServiceNotActiveException", "Service was not ACTIVE.")
        definition = self._get_param("taskDefinition")
        if definition and backend.describe_task_definition(definition).status != "ACTIVE":
            raise EcsClientException("TaskDefinition is inactive")
        configured = service.deployment_configuration
        result = update(self)
        _complete(self, service, configured)
        settle(service, backend, cluster, renew=bool(self._get_param("forceNewDeployment")))
        return result

    update = replace(undo, EC2ContainerServiceResponse, "update_service", update_service)


def _complete(call: Any, service: Any, configured: dict[str, Any]) -> None:
    if call._get_param("taskDefinition"):
        service.task_definition = call.ecs_backend.describe_task_definition(service.task_definition).arn
    if call._get_param("deploymentConfiguration"):
        service.deployment_configuration = {**configured, **service.deployment_configuration}
    if call._get_param("networkConfiguration"):
        service.network_configuration = full_network(service.network_configuration)
    if call._get_param("capacityProviderStrategy"):
        service.capacity_provider_strategy = full_strategy(service.capacity_provider_strategy)
        service.launch_type = None
