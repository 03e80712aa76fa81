"""Which Terraform attribute each request member sets, by the schemas of HashiCorp's AWS provider 5.100 and 6.

Left: a path in `requestParameters`. Right: a path of attributes. Members inside the values are renamed by
`events/requested.py`. Members that name the resource, or that Terraform does not know, are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

Attributes = Mapping[str, str]

TAGS: Attributes = {"tags": "tags"}

TAG_KEYS: Attributes = {"tagKeys": "tags"}

NETWORK: Attributes = {"networkConfiguration.awsvpcConfiguration": "network_configuration"}

DEPLOYMENT: Attributes = {
    "deploymentConfiguration.maximumPercent": "deployment_maximum_percent",
    "deploymentConfiguration.minimumHealthyPercent": "deployment_minimum_healthy_percent",
    "deploymentConfiguration.deploymentCircuitBreaker": "deployment_circuit_breaker",
    "deploymentConfiguration.alarms": "alarms",
    "deploymentConfiguration.strategy": "deployment_configuration.strategy",
    "deploymentConfiguration.bakeTimeInMinutes": "deployment_configuration.bake_time_in_minutes",
    "deploymentConfiguration.lifecycleHooks": "deployment_configuration.lifecycle_hook",
    "deploymentConfiguration.linearConfiguration": "deployment_configuration.linear_configuration",
    "deploymentConfiguration.canaryConfiguration": "deployment_configuration.canary_configuration",
}

SERVICE: Attributes = {
    "desiredCount": "desired_count",
    "taskDefinition": "task_definition",
    "capacityProviderStrategy": "capacity_provider_strategy",
    "availabilityZoneRebalancing": "availability_zone_rebalancing",
    "placementConstraints": "placement_constraints",
    "placementStrategy": "ordered_placement_strategy",
    "platformVersion": "platform_version",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "deploymentController": "deployment_controller",
    "enableExecuteCommand": "enable_execute_command",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "loadBalancers": "load_balancer",
    "propagateTags": "propagate_tags",
    "serviceRegistries": "service_registries",
    "serviceConnectConfiguration": "service_connect_configuration",
    "volumeConfigurations": "volume_configuration",
    "vpcLatticeConfigurations": "vpc_lattice_configurations",
    **NETWORK,
    **DEPLOYMENT,
}

UPDATE_SERVICE: Attributes = {**SERVICE, "forceNewDeployment": "force_new_deployment"}

CREATE_SERVICE: Attributes = {
    **SERVICE,
    "launchType": "launch_type",
    "role": "iam_role",
    "schedulingStrategy": "scheduling_strategy",
    **TAGS,
}

TASK_DEFINITION: Attributes = {
    "family": "family",
    "containerDefinitions": "container_definitions",
    "cpu": "cpu",
    "memory": "memory",
    "networkMode": "network_mode",
    "taskRoleArn": "task_role_arn",
    "executionRoleArn": "execution_role_arn",
    "requiresCompatibilities": "requires_compatibilities",
    "volumes": "volume",
    "placementConstraints": "placement_constraints",
    "pidMode": "pid_mode",
    "ipcMode": "ipc_mode",
    "proxyConfiguration": "proxy_configuration",
    "inferenceAccelerators": "inference_accelerator",
    "ephemeralStorage": "ephemeral_storage",
    "runtimePlatform": "runtime_platform",
    "enableFaultInjection": "enable_fault_injection",
    **TAGS,
}

DAEMON_TASK_DEFINITION: Attributes = {
    "family": "family",
    "containerDefinitions": "container_definitions",
    "cpu": "cpu",
    "memory": "memory",
    "taskRoleArn": "task_role_arn",
    "executionRoleArn": "execution_role_arn",
    "volumes": "volume",
    "pidMode": "pid_mode",
    "ipcMode": "ipc_mode",
    **TAGS,
}

CLUSTER_SETTINGS: Attributes = {"settings": "setting"}

UPDATE_CLUSTER: Attributes = {
    **CLUSTER_SETTINGS,
    "configuration": "configuration",
    "serviceConnectDefaults": "service_connect_defaults",
}

CAPACITY_PROVIDERS: Attributes = {
    "capacityProviders": "capacity_providers",
    "defaultCapacityProviderStrategy": "default_capacity_provider_strategy",
}

CREATE_CLUSTER: Attributes = {**UPDATE_CLUSTER, **CAPACITY_PROVIDERS, **TAGS}

CAPACITY_PROVIDER: Attributes = {
    "autoScalingGroupProvider": "auto_scaling_group_provider",
    "managedInstancesProvider": "managed_instances_provider",
}

TASK_SET_SCALE: Attributes = {"scale": "scale"}

TASK_SET: Attributes = {
    **TASK_SET_SCALE,
    "externalId": "external_id",
    "taskDefinition": "task_definition",
    "loadBalancers": "load_balancer",
    "serviceRegistries": "service_registries",
    "launchType": "launch_type",
    "capacityProviderStrategy": "capacity_provider_strategy",
    "platformVersion": "platform_version",
    **NETWORK,
    **TAGS,
}

EXPRESS_SERVICE: Attributes = {
    "executionRoleArn": "execution_role_arn",
    "healthCheckPath": "health_check_path",
    "primaryContainer": "primary_container",
    "taskRoleArn": "task_role_arn",
    "networkConfiguration": "network_configuration",
    "cpu": "cpu",
    "memory": "memory",
    "scalingTarget": "scaling_target",
}

DAEMON: Attributes = {
    "daemonTaskDefinitionArn": "daemon_task_definition_arn",
    "capacityProviderArns": "capacity_provider_arns",
    "deploymentConfiguration": "deployment_configuration",
    "propagateTags": "propagate_tags",
    "enableECSManagedTags": "enable_ecs_managed_tags",
    "enableExecuteCommand": "enable_execute_command",
}

SCALABLE_TARGET: Attributes = {
    "minCapacity": "min_capacity",
    "maxCapacity": "max_capacity",
    "roleARN": "role_arn",
    "suspendedState": "suspended_state",
    **TAGS,
}

SCALING_POLICY: Attributes = {
    "policyType": "policy_type",
    "stepScalingPolicyConfiguration": "step_scaling_policy_configuration",
    "targetTrackingScalingPolicyConfiguration": "target_tracking_scaling_policy_configuration",
    "predictiveScalingPolicyConfiguration": "predictive_scaling_policy_configuration",
}

SCHEDULED_ACTION: Attributes = {
    "schedule": "schedule",
    "timezone": "timezone",
    "startTime": "start_time",
    "endTime": "end_time",
    "scalableTargetAction": "scalable_target_action",
}

REGISTRY: Attributes = {
    "service.description": "description",
    "service.dnsConfig": "dns_config",
    "service.healthCheckConfig": "health_check_config",
}

NAMESPACE: Attributes = {"namespace.description": "description"}

INLINE_POLICY: Attributes = {"policyName": "name", "policyDocument": "policy"}

POLICY_VERSION: Attributes = {"policyDocument": "policy", "setAsDefault": "set_as_default"}

ATTACHED_POLICY: Attributes = {"policyArn": "policy_arn"}

ASSUME_ROLE_POLICY: Attributes = {"policyDocument": "assume_role_policy"}

PERMISSIONS_BOUNDARY: Attributes = {"permissionsBoundary": "permissions_boundary"}

ROLE: Attributes = {"description": "description", "maxSessionDuration": "max_session_duration"}
