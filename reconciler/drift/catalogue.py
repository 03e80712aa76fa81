"""What this room knows about the resource types beyond their plan JSON, which does not tell sets from lists or maps
from objects. Checked against the schema of the AWS provider 5.100 (`terraform providers schema -json`) and the ECS
API model of 2014-11-13."""

from __future__ import annotations

from typing import Final

from reconciler.model.resource_types import MAPS as MAPS

RIGHTS: Final = frozenset(
    {
        "aws_iam_policy",
        "aws_iam_policy_attachment",
        "aws_iam_role",
        "aws_iam_role_policies_exclusive",
        "aws_iam_role_policy",
        "aws_iam_role_policy_attachment",
        "aws_iam_role_policy_attachments_exclusive",
    }
)
"""The types that say what a task may do, and so are grave in all they say."""

RELATED_TYPES: Final = frozenset(
    {
        *RIGHTS,
        "aws_service_discovery_http_namespace",
        "aws_service_discovery_private_dns_namespace",
        "aws_service_discovery_public_dns_namespace",
        "aws_service_discovery_service",
    }
)
"""Types of other services, whose drift is reported where a resource of ECS uses them."""

TYPE_PREFIXES: Final = ("aws_ecs_", "aws_appautoscaling_")
"""The resource types whose drift this product reports in any case."""

SERVICE: Final = "aws_ecs_service"
TASK_DEFINITION: Final = "aws_ecs_task_definition"

UNORDERED: Final = frozenset(
    {
        # Sets in the provider's schema
        "accelerator_manufacturers",
        "accelerator_names",
        "accelerator_types",
        "alarm_names",
        "allowed_instance_types",
        "capacity_provider_strategy",
        "capacity_providers",
        "cpu_manufacturers",
        "default_capacity_provider_strategy",
        "dimension",
        "dimensions",
        "excluded_instance_types",
        "groups",
        "inference_accelerator",
        "instance_generations",
        "lifecycle_hook",
        "load_balancer",
        "local_storage_types",
        "managed_policy_arns",
        "metrics",
        "placement_constraints",
        "policy_arns",
        "policy_names",
        "requires_compatibilities",
        "roles",
        "security_groups",
        "setting",
        "step_adjustment",
        "subnets",
        "users",
        "volume",
        "vpc_lattice_configurations",
        # Lists in the ECS API whose order says nothing
        "add",
        "credentialSpecs",
        "devices",
        "dockerSecurityOptions",
        "drop",
        "ignoredExitCodes",
        "links",
        "mountOptions",
        "permissions",
    }
)
"""Lists whose order AWS neither keeps nor reads."""

LEFT_ALONE_BLOCKS: Final = frozenset(
    {
        "deployment_configuration",
        "inline_policy",
        "managed_scaling",
        "scale",
        "setting",
        "suspended_state",
    }
)
"""Blocks that the provider leaves as they are when the code has none: computed, or with their difference suppressed.

Seen in plans of 5.100 over states that have each optional block of the types here; only `deployment_configuration` is
6.x's. All others are taken out, `deployment_circuit_breaker` and `alarms` member by member.
"""

JSON_DOCUMENTS: Final = frozenset({"container_definitions"})
"""Attributes that hold JSON as text."""

REVISION_ATTRIBUTES: Final = frozenset(
    {
        "container_definitions",
        "cpu",
        "enable_fault_injection",
        "ephemeral_storage",
        "execution_role_arn",
        "family",
        "inference_accelerator",
        "ipc_mode",
        "memory",
        "network_mode",
        "pid_mode",
        "placement_constraints",
        "proxy_configuration",
        "requires_compatibilities",
        "runtime_platform",
        "task_role_arn",
        "volume",
    }
)
"""What a task definition's revision consists of."""


def is_reported(resource_type: str) -> bool:
    """Tell whether drift of this resource type is the product's business."""
    return resource_type.startswith(TYPE_PREFIXES) or resource_type in RELATED_TYPES


def is_rights(resource_type: str) -> bool:
    """Tell whether a resource of this type says what a task may do."""
    return resource_type in RIGHTS


def is_related(resource_type: str) -> bool:
    """Tell whether drift of this resource type is the product's business only where ECS uses the resource."""
    return resource_type in RELATED_TYPES
