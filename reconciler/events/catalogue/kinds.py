"""Kinds of resource: their Terraform type, and how their ARN is laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of resource.

    `type` is Terraform's, None where it has none. `prefix` is the first part of the ARN's resource, None when the
    kind has no ECS ARN. `fields` are the ResourceId fields that its other parts fill, from the left; parts missing
    from an old short ARN are missing on the left, surplus ones belong to the last field. `_` is dropped.
    """

    type: str | None
    prefix: str | None
    fields: tuple[str, ...]


_DEFINITION = ("family:revision",)

KINDS: Mapping[str, Layout] = {
    "service": Layout("aws_ecs_service", "service", ("cluster", "name")),
    "express-service": Layout("aws_ecs_express_gateway_service", "service", ("cluster", "name")),
    "cluster": Layout("aws_ecs_cluster", "cluster", ("name",)),
    "cluster-capacity-providers": Layout("aws_ecs_cluster_capacity_providers", "cluster", ("name",)),
    "task-definition": Layout("aws_ecs_task_definition", "task-definition", _DEFINITION),
    "capacity-provider": Layout("aws_ecs_capacity_provider", "capacity-provider", ("name",)),
    # A task set's id has a slash of its own: ecs-svc/1234567890123456789.
    "task-set": Layout("aws_ecs_task_set", "task-set", ("cluster", "service", "name")),
    "account-setting": Layout("aws_ecs_account_setting_default", None, ("name",)),
    # One user's or role's own; that of the root user is the account's default.
    "principal-setting": Layout(None, None, ("name",)),
    "daemon": Layout("aws_ecs_daemon", "daemon", ("cluster", "name")),
    "daemon-task-definition": Layout("aws_ecs_daemon_task_definition", "daemon-task-definition", _DEFINITION),
    "gateway": Layout(None, "gateway", ("name",)),
    "container-instance": Layout(None, "container-instance", ("cluster", "name")),
    "task": Layout(None, "task", ("cluster", "name")),
    "scalable-target": Layout("aws_appautoscaling_target", None, ()),
    "scaling-policy": Layout("aws_appautoscaling_policy", None, ("name",)),
    "scheduled-action": Layout("aws_appautoscaling_scheduled_action", None, ("name",)),
    "role": Layout("aws_iam_role", None, ("name",)),
    "role-policy": Layout("aws_iam_role_policy", None, ("name",)),
    "role-policy-attachment": Layout("aws_iam_role_policy_attachment", None, ()),
    "iam-policy": Layout("aws_iam_policy", None, ("name",)),
    "registry": Layout("aws_service_discovery_service", None, ("name",)),
    # DeleteNamespace and tags name a namespace of any of its three types by its id alone.
    "namespace": Layout(None, None, ("name",)),
    "http-namespace": Layout("aws_service_discovery_http_namespace", None, ("name",)),
    "private-dns-namespace": Layout("aws_service_discovery_private_dns_namespace", None, ("name",)),
    "public-dns-namespace": Layout("aws_service_discovery_public_dns_namespace", None, ("name",)),
}
