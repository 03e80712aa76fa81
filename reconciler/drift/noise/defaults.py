"""What AWS or the provider fills in where the code says nothing."""

from __future__ import annotations

from typing import Final

from reconciler.drift.catalogue import SERVICE, TASK_DEFINITION, is_reported
from reconciler.drift.equality import equal
from reconciler.drift.noise.empty import is_empty
from reconciler.drift.noise.node import Node
from reconciler.model.json import Json

# Only where absence and the value do the same. `swappiness`, `maxSwap`, `stopTimeout` and the like are missing on
# purpose: their zero is not their default.
_DEFAULTS: Final[dict[tuple[str, str], Json]] = {
    (SERVICE, "availability_zone_rebalancing"): "DISABLED",
    (SERVICE, "deployment_maximum_percent"): 200,
    (SERVICE, "deployment_minimum_healthy_percent"): 100,
    (SERVICE, "desired_count"): 0,
    (SERVICE, "enable_ecs_managed_tags"): False,
    (SERVICE, "enable_execute_command"): False,
    (SERVICE, "force_new_deployment"): False,
    (SERVICE, "health_check_grace_period_seconds"): 0,
    (SERVICE, "propagate_tags"): "NONE",
    (SERVICE, "scheduling_strategy"): "REPLICA",
    (SERVICE, "wait_for_steady_state"): False,
    ("alarms", "enable"): False,
    ("alarms", "rollback"): False,
    ("capacity_provider_strategy", "base"): 0,
    ("capacity_provider_strategy", "weight"): 0,
    ("default_capacity_provider_strategy", "base"): 0,
    ("default_capacity_provider_strategy", "weight"): 0,
    ("deployment_circuit_breaker", "enable"): False,
    ("deployment_circuit_breaker", "rollback"): False,
    ("deployment_controller", "type"): "ECS",
    ("network_configuration", "assign_public_ip"): False,
    ("service_registries", "container_port"): 0,
    ("service_registries", "port"): 0,
    ("suspended_state", "dynamic_scaling_in_suspended"): False,
    ("suspended_state", "dynamic_scaling_out_suspended"): False,
    ("suspended_state", "scheduled_scaling_suspended"): False,
    (TASK_DEFINITION, "enable_fault_injection"): False,
    (TASK_DEFINITION, "network_mode"): "bridge",  # on Windows, where it means NAT, `bridge` cannot be asked for
    (TASK_DEFINITION, "skip_destroy"): False,
    (TASK_DEFINITION, "track_latest"): False,
    ("docker_volume_configuration", "autoprovision"): False,
    ("docker_volume_configuration", "driver"): "local",
    ("docker_volume_configuration", "scope"): "task",
    ("efs_volume_configuration", "root_directory"): "/",
    ("efs_volume_configuration", "transit_encryption"): "DISABLED",
    ("efs_volume_configuration", "transit_encryption_port"): 0,
    ("proxy_configuration", "type"): "APPMESH",
    ("volume", "configure_at_launch"): False,
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
    ("container_definitions", "cpu"): 0,
    ("container_definitions", "disableNetworking"): False,
    ("container_definitions", "essential"): True,
    ("container_definitions", "interactive"): False,
    ("container_definitions", "privileged"): False,
    ("container_definitions", "pseudoTerminal"): False,
    ("container_definitions", "readonlyRootFilesystem"): False,
    ("container_definitions", "versionConsistency"): "enabled",
    ("healthCheck", "interval"): 30,
    ("healthCheck", "retries"): 3,
    ("healthCheck", "startPeriod"): 0,
    ("healthCheck", "timeout"): 5,
    ("linuxParameters", "initProcessEnabled"): False,
    ("mountPoints", "readOnly"): False,
    ("portMappings", "protocol"): "tcp",
    ("restartPolicy", "enabled"): False,
    ("volumesFrom", "readOnly"): False,
}


# A refresh fills in the defaults of what the state left null, and ECS those of what a registration left out.
def provider_default(node: Node) -> bool:
    """Tell whether one side leaves out an attribute and the other holds its default."""
    where, name = node.place
    if name is None or (where, name) not in _DEFAULTS or not is_reported(node.type):
        return False
    default = _DEFAULTS[where, name]
    one, other = (default if is_empty(value) else value for value in (node.before, node.after))
    return equal(one, other)


# Fargate runs LINUX/X86_64 where a task definition names no platform; the console writes it out. Without Fargate no
# platform means any instance, so there the difference is real.
def fargate_platform(node: Node) -> bool:
    """Tell whether one side leaves out Fargate's default platform and the other names it."""
    defaults = {"cpu_architecture": "X86_64", "operating_system_family": "LINUX"}
    where, name = node.place
    if where != "runtime_platform" or name not in defaults or node.type != TASK_DEFINITION:
        return False
    if not all("FARGATE" in (resource.get("requires_compatibilities") or ()) for resource in node.resources):
        return False
    return all(is_empty(value) or value == defaults[name] for value in (node.before, node.after))
