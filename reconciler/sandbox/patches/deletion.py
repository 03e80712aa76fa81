"""Gaps (moto 5.2.5): DeleteService answers INACTIVE at once, where AWS answers DRAINING, which the record shows, and
tells it until the tasks are being stopped; ListServices lists deleted services, and ListClusters deleted clusters.
"""

from __future__ import annotations

from contextlib import ExitStack
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any

from reconciler.sandbox.patches.services import count
from reconciler.sandbox.patches.tools import replace

_DEREGISTRATION = timedelta(seconds=300)
"""How long a target group keeps a task's connections by default; until then the task is not stopped."""


def apply(undo: ExitStack) -> None:
    """Answer a draining service; DescribeServices tells the same while a load balancer still has running tasks."""
    from moto.ecs.models import EC2ContainerServiceBackend
    from moto.ecs.responses import EC2ContainerServiceResponse

    def delete_service(self: Any) -> Any:
        result = delete(self)
        service = result.result["service"]
        if service.load_balancers and service.running_count:
            service.status, service.drained_at = "DRAINING", datetime.now(UTC) + _DEREGISTRATION
        service.deployments, service.running_count = [], 0
        count(self.ecs_backend, self.ecs_backend.clusters[service.cluster_name])
        answer = copy(service)
        answer.status = "DRAINING"
        result.result["service"] = answer
        return result

    def describe_services(self: Any, *arguments: Any, **options: Any) -> tuple[list[Any], list[Any]]:
        found, failures = describe(self, *arguments, **options)
        for service in found:
            if service.status == "DRAINING" and datetime.now(UTC) >= service.drained_at:
                service.status = "INACTIVE"
        return found, failures

    def list_services(self: Any, *arguments: Any, **options: Any) -> list[str]:
        gone = {service.arn for service in list(self.services.values()) if service.status != "ACTIVE"}
        return [arn for arn in services(self, *arguments, **options) if arn not in gone]

    def list_clusters(self: Any) -> list[str]:
        return [cluster.arn for cluster in list(self.clusters.values()) if cluster.status == "ACTIVE"]

    describe = replace(undo, EC2ContainerServiceBackend, "describe_services", describe_services)
    services = replace(undo, EC2ContainerServiceBackend, "list_services", list_services)
    replace(undo, EC2ContainerServiceBackend, "list_clusters", list_clusters)
    delete = replace(undo, EC2ContainerServiceResponse, "delete_service", delete_service)
