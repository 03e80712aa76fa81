"""What this room knows about the resource types beyond their plan JSON, which does not tell sets from lists or maps
from objects. Checked against the schema of the AWS provider 5.100 (`terraform providers schema -json`) and the ECS
API model of 2014-11-13."""

from __future__ import annotations

from typing import Final

TYPE_PREFIXES: Final = ("aws_ecs_", "aws_appautoscaling_")
"""The resource types whose drift this product reports."""

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
        "dimensions",
        "excluded_instance_types",
        "inference_accelerator",
        "instance_generations",
        "load_balancer",
        "local_storage_types",
        "metrics",
        "placement_constraints",
        "requires_compatibilities",
        "security_groups",
        "setting",
        "step_adjustment",
        "subnets",
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
        "permissions",
    }
)
"""Lists whose order AWS neither keeps nor reads."""

MAPS: Final = frozenset(
    {
        "dockerLabels",
        "driverOpts",
        "driver_opts",
        "labels",
        "options",
        "properties",
        "tags",
        "tags_all",
        "triggers",
    }
)
"""Attributes whose keys are the user's, not the schema's."""

LEFT_ALONE_BLOCKS: Final = frozenset(
    {
        "alarms",
        "deployment_circuit_breaker",
        "deployment_configuration",
        "deployment_controller",
        "managed_scaling",
        "setting",
        "suspended_state",
    }
)
"""Blocks that the provider does not remove when the code has none: computed, or with their difference suppressed."""

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
    return resource_type.startswith(TYPE_PREFIXES)
