"""What the service patches share: the members of a service, AWS's defaults, and its deployments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from secrets import randbelow
from typing import Any

DEFAULTS: Mapping[str, Any] = {
    # The API's default since 2025; HashiCorp's provider sends its own.
    "availabilityZoneRebalancing": "ENABLED",
    "deploymentConfiguration": {},
    "enableECSManagedTags": False,
    "enableExecuteCommand": False,
    "placementConstraints": [],
    "placementStrategy": [],
}
"""What AWS answers for members that CreateService was not sent."""

KEPT = (
    *DEFAULTS,
    "capacityProviderStrategy",
    "healthCheckGracePeriodSeconds",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
)
"""Members of CreateService that moto drops."""

_DEPLOYMENT_CONFIGURATION: Mapping[str, Any] = {
    "deploymentCircuitBreaker": {"enable": False, "rollback": False},
    "maximumPercent": 200,
    "minimumHealthyPercent": 100,
    "strategy": "ROLLING",
    "bakeTimeInMinutes": 0,
}


def full_network(network: Mapping[str, Any]) -> dict[str, Any]:
    """Return a service's networkConfiguration with what AWS fills in."""
    defaults = {"securityGroups": [], "assignPublicIp": "DISABLED"}
    return {"awsvpcConfiguration": defaults | network["awsvpcConfiguration"]}


def settle(service: Any, backend: Any, cluster: Any, *, renew: bool = False) -> None:
    """Let a service reach its desired state at once, with the one deployment that then stands.

    A deployment is a new one when it runs something else than the last, or with `renew`.
    """
    service.deployment_configuration = {**_DEPLOYMENT_CONFIGURATION, **service.deployment_configuration}
    if _on_fargate(service):
        service.platform_version, service.platform_family = service.platform_version or "LATEST", "Linux"
    service.running_count, service.pending_count = service.desired_count, 0
    count(backend, cluster)
    if service.deployment_controller["type"] == "ECS":
        service.deployments = [_deployment(service, renew)]
    now = datetime.now(UTC)
    service.created_at = getattr(service, "created_at", now)


def count(backend: Any, cluster: Any) -> None:
    """Bring a cluster's counters up to date: moto loses count when an update leaves desiredCount out."""
    # Copies: other requests create services and tasks meanwhile.
    services = [s for s in list(backend.services.values()) if s.cluster_name == cluster.name and s.status == "ACTIVE"]
    tasks = [task for task in list(backend.tasks.get(cluster.name, {}).values()) if task.desired_status == "RUNNING"]
    cluster.active_services_count = len(services)
    cluster.running_tasks_count = sum(service.running_count for service in services) + len(tasks)
    cluster.pending_tasks_count = 0


def _deployment(service: Any, renew: bool) -> dict[str, Any]:
    now = datetime.now(UTC)
    runs = _runs(service)
    last = service.deployments[0] if service.deployments else {}
    if renew or any(last.get(member) != value for member, value in runs.items()):
        last = {"id": f"ecs-svc/{randbelow(10**19):019d}", "createdAt": now}
    return {
        "id": last["id"],
        "createdAt": last["createdAt"],
        "updatedAt": now,
        "status": "PRIMARY",
        "desiredCount": service.desired_count,
        "runningCount": service.desired_count,
        "pendingCount": 0,
        "failedTasks": 0,
        "rolloutState": "COMPLETED",
        "rolloutStateReason": f"ECS deployment {last['id']} completed.",
        **runs,
    }


def _runs(service: Any) -> dict[str, Any]:
    """Return what makes one deployment different from the next."""
    return {
        "taskDefinition": service.task_definition,
        "launchType": service.launch_type,
        "capacityProviderStrategy": service.capacity_provider_strategy,
        "platformVersion": "1.4.0" if service.platform_version == "LATEST" else service.platform_version,
        "platformFamily": getattr(service, "platform_family", None),
        "networkConfiguration": service.network_configuration,
        "serviceConnectConfiguration": service.service_connect_configuration,
        "volumeConfigurations": service.volume_configurations,
        "vpcLatticeConfigurations": service.vpc_lattice_configurations,
    }


def _on_fargate(service: Any) -> bool:
    providers = [member["capacityProvider"] for member in service.capacity_provider_strategy or []]
    return service.launch_type == "FARGATE" or any(provider.startswith("FARGATE") for provider in providers)
