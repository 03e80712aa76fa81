"""Gaps (moto 5.2.5): DeleteService answers INACTIVE at once, where AWS answers DRAINING, which the record shows;
ListServices lists deleted services, and ListClusters deleted clusters.
"""

from __future__ import annotations

from contextlib import ExitStack
from copy import copy
from typing import Any

from reconciler.sandbox.patches.services import count
from reconciler.sandbox.patches.tools import replace


def apply(undo: ExitStack) -> None:
    """Answer a draining service; DescribeServices shows it inactive from then on."""
    from moto.ecs.models import EC2ContainerServiceBackend
    from moto.ecs.responses import EC2ContainerServiceResponse

    def delete_service(self: Any) -> Any:
        result = delete(self)
        service = result.result["service"]
        service.deployments, service.running_count = [], 0
        count(self.ecs_backend, self.ecs_backend.clusters[service.cluster_name])
        answer = copy(service)
        answer.status = "DRAINING"
        result.result["service"] = answer
        return result

    def list_services(self: Any, *arguments: Any, **options: Any) -> list[str]:
        gone = {service.arn for service in self.services.values() if service.status != "ACTIVE"}
        return [arn for arn in services(self, *arguments, **options) if arn not in gone]

    def list_clusters(self: Any) -> list[str]:
        return [cluster.arn for cluster in self.clusters.values() if cluster.status == "ACTIVE"]

    services = replace(undo, EC2ContainerServiceBackend, "list_services", list_services)
    replace(undo, EC2ContainerServiceBackend, "list_clusters", list_clusters)
    delete = replace(undo, EC2ContainerServiceResponse, "delete_service", delete_service)
