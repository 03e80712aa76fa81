"""Gap (moto 5.2.5): DeleteService answers INACTIVE at once, where AWS answers DRAINING; the record shows it."""

from __future__ import annotations

from contextlib import ExitStack
from copy import copy
from typing import Any

from reconciler.sandbox.patches.services import count
from reconciler.sandbox.patches.tools import replace


def apply(undo: ExitStack) -> None:
    """Answer a draining service; DescribeServices shows it inactive from then on."""
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

    delete = replace(undo, EC2ContainerServiceResponse, "delete_service", delete_service)
