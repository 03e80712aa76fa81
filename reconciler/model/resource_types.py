"""Facts about resource types that neither a plan's JSON nor HCL tells, for every room that reads or writes values.

Checked against the schema of the AWS provider 5.100 (`terraform providers schema -json`) and the ECS API model of
2014-11-13.
"""

from __future__ import annotations

from typing import Final

from reconciler.model.json import Json

NATURAL_KEYS: Final = {
    # Terraform blocks
    "capacity_provider_strategy": "capacity_provider",
    "default_capacity_provider_strategy": "capacity_provider",
    "dimensions": "name",
    "inference_accelerator": "device_name",
    "inline_policy": "name",
    "load_balancer": "container_name",
    "metrics": "id",
    "secret_option": "name",
    "service": "port_name",
    "service_registries": "registry_arn",
    "setting": "name",
    "volume": "name",
    "volume_configuration": "name",
    # Members of container_definitions, which is the ECS API's own JSON
    "container_definitions": "name",
    "dependsOn": "containerName",
    "devices": "hostPath",
    "environment": "name",
    "extraHosts": "hostname",
    "mountPoints": "containerPath",
    "portMappings": "containerPort",
    "resourceRequirements": "type",
    "secretOptions": "name",
    "secrets": "name",
    "systemControls": "namespace",
    "tmpfs": "containerPath",
    "ulimits": "name",
    "volumesFrom": "sourceContainer",
}
"""The attribute that names a member of a list of objects."""

# Only where absence and the value do the same. `swappiness`, `maxSwap`, `stopTimeout` and the like are missing on
# purpose: their zero is not their default.
DEFAULTS: Final[dict[tuple[str, str], Json]] = {
    ("aws_ecs_service", "availability_zone_rebalancing"): "DISABLED",
    ("aws_ecs_service", "deployment_maximum_percent"): 200,
    ("aws_ecs_service", "deployment_minimum_healthy_percent"): 100,
    ("aws_ecs_service", "desired_count"): 0,
    ("aws_ecs_service", "enable_ecs_managed_tags"): False,
    ("aws_ecs_service", "enable_execute_command"): False,
    ("aws_ecs_service", "force_delete"): False,
    ("aws_ecs_service", "force_new_deployment"): False,
    ("aws_ecs_service", "health_check_grace_period_seconds"): 0,
    ("aws_ecs_service", "platform_version"): "LATEST",
    ("aws_ecs_service", "propagate_tags"): "NONE",
    ("aws_ecs_service", "scheduling_strategy"): "REPLICA",
    ("aws_ecs_service", "sigint_rollback"): False,
    ("aws_ecs_service", "wait_for_steady_state"): False,
    ("aws_ecs_task_set", "force_delete"): False,
    ("aws_ecs_task_set", "platform_version"): "LATEST",
    ("aws_ecs_task_set", "wait_until_stable"): False,
    ("aws_ecs_task_set", "wait_until_stable_timeout"): "10m",
    ("alarms", "enable"): False,
    ("alarms", "rollback"): False,
    ("auto_scaling_group_provider", "managed_draining"): "ENABLED",
    ("auto_scaling_group_provider", "managed_termination_protection"): "DISABLED",
    ("capacity_provider_strategy", "base"): 0,
    ("capacity_provider_strategy", "weight"): 0,
    ("default_capacity_provider_strategy", "base"): 0,
    ("default_capacity_provider_strategy", "weight"): 0,
    ("deployment_circuit_breaker", "enable"): False,
    ("deployment_circuit_breaker", "rollback"): False,
    ("deployment_configuration", "bake_time_in_minutes"): "0",
    ("deployment_configuration", "strategy"): "ROLLING",
    ("deployment_controller", "type"): "ECS",
    ("execute_command_configuration", "logging"): "DEFAULT",
    ("log_configuration", "cloud_watch_encryption_enabled"): False,
    ("log_configuration", "s3_bucket_encryption_enabled"): False,
    ("network_configuration", "assign_public_ip"): False,
    ("scale", "unit"): "PERCENT",
    ("service_registries", "container_port"): 0,
    ("service_registries", "port"): 0,
    ("suspended_state", "dynamic_scaling_in_suspended"): False,
    ("suspended_state", "dynamic_scaling_out_suspended"): False,
    ("suspended_state", "scheduled_scaling_suspended"): False,
    ("aws_appautoscaling_policy", "policy_type"): "StepScaling",
    ("aws_appautoscaling_scheduled_action", "timezone"): "UTC",
    ("step_scaling_policy_configuration", "metric_aggregation_type"): "Average",
    ("step_scaling_policy_configuration", "min_adjustment_magnitude"): 0,
    ("target_tracking_scaling_policy_configuration", "disable_scale_in"): False,
    ("aws_ecs_task_definition", "enable_fault_injection"): False,
    (
        "aws_ecs_task_definition",
        "network_mode",
    ): "bridge",  # on Windows it means NAT, where nobody can ask for `bridge`
    ("aws_ecs_task_definition", "skip_destroy"): False,
    ("aws_ecs_task_definition", "track_latest"): False,
    ("authorization_config", "iam"): "DISABLED",
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
    ("devices", "permissions"): ["read", "write", "mknod"],
    ("healthCheck", "interval"): 30,
    ("healthCheck", "retries"): 3,
    ("healthCheck", "startPeriod"): 0,
    ("healthCheck", "timeout"): 5,
    ("linuxParameters", "initProcessEnabled"): False,
    ("mountPoints", "readOnly"): False,
    ("portMappings", "protocol"): "tcp",
    ("restartPolicy", "enabled"): False,
    ("restartPolicy", "restartAttemptPeriod"): 300,
    ("volumesFrom", "readOnly"): False,
}
"""The value that an absent attribute has, by the resource type or block that it stands in and its name."""

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
