"""Gaps (moto 5.2.5): clusters without providers answer nothing instead of empty lists; CreateCluster empties a cluster
that exists; an empty cluster name, which the AWS provider 5.100 sends for a service without a cluster, is not taken for
the default one, so that the service is never found; PutClusterCapacityProviders takes a strategy with providers that
are not the cluster's, answers no attachmentsStatus, and keeps strategies without the weight and base that AWS fills in.
"""

from __future__ import annotations

from contextlib import ExitStack
from copy import copy
from typing import Any

from reconciler.sandbox.patches.tools import full_strategy, replace


def apply(undo: ExitStack) -> None:
    """Wrap the operations of moto's backend."""
    from moto.core.responses import ActionResult
    from moto.ecs.exceptions import InvalidParameterException
    from moto.ecs.models import EC2ContainerServiceBackend
    from moto.ecs.responses import EC2ContainerServiceResponse

    def create_cluster(self: Any, cluster_name: str, *arguments: Any, **options: Any) -> Any:
        existing = self.clusters.get(cluster_name)
        if existing is not None and existing.status == "ACTIVE":
            return existing
        cluster = create(self, cluster_name, *arguments, **options)
        cluster.capacity_providers = cluster.capacity_providers or []
        cluster.default_capacity_provider_strategy = full_strategy(cluster.default_capacity_provider_strategy)
        cluster.tags = cluster.tags or []
        return cluster

    def put_cluster_capacity_providers(self: Any) -> Any:
        providers = self._get_param("capacityProviders")
        strategy = full_strategy(self._get_param("defaultCapacityProviderStrategy"))
        for member in strategy:
            if member["capacityProvider"] not in providers:
                raise InvalidParameterException(
                    f"The specified capacity provider {member['capacityProvider']} is not associated with the cluster."
                )
        cluster = self.ecs_backend.put_cluster_capacity_providers(self._get_param("cluster"), providers, strategy)
        cluster.attachments_status = "UPDATE_COMPLETE"
        answer = copy(cluster)
        answer.attachments_status = "UPDATE_IN_PROGRESS"
        return ActionResult({"cluster": answer})

    def get_cluster(self: Any, name: str | None) -> Any:
        return find(self, name or "default")

    create = replace(undo, EC2ContainerServiceBackend, "create_cluster", create_cluster)
    find = replace(undo, EC2ContainerServiceBackend, "_get_cluster", get_cluster)
    replace(undo, EC2ContainerServiceResponse, "put_cluster_capacity_providers", put_cluster_capacity_providers)
