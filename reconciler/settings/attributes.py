"""What the attributes of the resource types are called, for the rules that name them.

From the schema of the AWS provider 5.100 (`terraform providers schema -json`) with what 6.x added, and, inside
`container_definitions`, from the ECS API model of 2014-11-13. `*` stands for names that are not listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

Names: TypeAlias = Mapping[str, "Names"]
"""Names by what stands inside them."""

_TEXT: Final = """
aws_appautoscaling_policy(alarm_arns arn name policy_type predictive_scaling_policy_configuration(*) region
  resource_id scalable_dimension service_namespace step_scaling_policy_configuration(adjustment_type cooldown
  metric_aggregation_type min_adjustment_magnitude step_adjustment(metric_interval_lower_bound
  metric_interval_upper_bound scaling_adjustment))
  target_tracking_scaling_policy_configuration(customized_metric_specification(dimensions(name value) metric_name
  metrics(expression label metric_stat(metric(dimensions(name value) metric_name namespace) stat unit) return_data)
  namespace statistic unit) disable_scale_in predefined_metric_specification(predefined_metric_type resource_label)
  scale_in_cooldown scale_out_cooldown target_value))
aws_appautoscaling_scheduled_action(arn end_time name region resource_id scalable_dimension
  scalable_target_action(max_capacity min_capacity) schedule service_namespace start_time timezone)
aws_appautoscaling_target(arn max_capacity min_capacity region resource_id role_arn scalable_dimension
  service_namespace suspended_state(dynamic_scaling_in_suspended dynamic_scaling_out_suspended
  scheduled_scaling_suspended) tags tags_all)
aws_ecs_account_setting_default(name principal_arn region value)
aws_ecs_capacity_provider(arn auto_scaling_group_provider(auto_scaling_group_arn managed_draining
  managed_scaling(instance_warmup_period maximum_scaling_step_size minimum_scaling_step_size status target_capacity)
  managed_termination_protection) cluster managed_instances_provider(*) name region tags tags_all)
aws_ecs_cluster(arn configuration(execute_command_configuration(kms_key_id
  log_configuration(cloud_watch_encryption_enabled cloud_watch_log_group_name s3_bucket_encryption_enabled
  s3_bucket_name s3_key_prefix) logging) managed_storage_configuration(fargate_ephemeral_storage_kms_key_id
  kms_key_id)) name region service_connect_defaults(namespace) setting(name value) tags tags_all)
aws_ecs_cluster_capacity_providers(capacity_providers cluster_name default_capacity_provider_strategy(base
  capacity_provider weight) region)
aws_ecs_service(alarms(alarm_names enable rollback) arn availability_zone_rebalancing capacity_provider_strategy(base
  capacity_provider weight) cluster deployment_circuit_breaker(enable rollback) deployment_configuration(strategy
  bake_time_in_minutes lifecycle_hook(*) linear_configuration(*) canary_configuration(*)) deployment_controller(type)
  deployment_maximum_percent deployment_minimum_healthy_percent desired_count enable_ecs_managed_tags
  enable_execute_command force_delete force_new_deployment health_check_grace_period_seconds iam_role launch_type
  load_balancer(container_name container_port elb_name target_group_arn advanced_configuration(*)) name
  network_configuration(assign_public_ip security_groups subnets) ordered_placement_strategy(field type)
  placement_constraints(expression type) platform_version propagate_tags region scheduling_strategy
  service_connect_configuration(enabled log_configuration(log_driver options secret_option(name value_from)) namespace
  service(client_alias(dns_name port test_traffic_rules(*)) discovery_name ingress_port_override port_name
  timeout(idle_timeout_seconds per_request_timeout_seconds) tls(issuer_cert_authority(aws_pca_authority_arn) kms_key
  role_arn)) access_log_configuration(*)) service_registries(container_name container_port port registry_arn)
  sigint_rollback tags tags_all task_definition triggers volume_configuration(managed_ebs_volume(encrypted
  file_system_type iops kms_key_id role_arn size_in_gb snapshot_id tag_specifications(propagate_tags resource_type
  tags) throughput volume_initialization_rate volume_type) name) vpc_lattice_configurations(port_name role_arn
  target_group_arn) wait_for_steady_state)
aws_ecs_tag(key region resource_arn value)
aws_ecs_task_definition(arn arn_without_revision container_definitions(name image
  repositoryCredentials(credentialsParameter) cpu memory memoryReservation links portMappings(containerPort hostPort
  protocol name appProtocol containerPortRange) essential restartPolicy(enabled ignoredExitCodes restartAttemptPeriod)
  entryPoint command environment(name value) environmentFiles(value type) mountPoints(sourceVolume containerPath
  readOnly) volumesFrom(sourceContainer readOnly) linuxParameters(capabilities(add drop) devices(hostPath
  containerPath permissions) initProcessEnabled sharedMemorySize tmpfs(containerPath size mountOptions) maxSwap
  swappiness) secrets(name valueFrom) dependsOn(containerName condition) startTimeout stopTimeout versionConsistency
  hostname user workingDirectory disableNetworking privileged readonlyRootFilesystem dnsServers dnsSearchDomains
  extraHosts(hostname ipAddress) dockerSecurityOptions interactive pseudoTerminal dockerLabels ulimits(name softLimit
  hardLimit) logConfiguration(logDriver options secretOptions(name valueFrom)) healthCheck(command interval timeout
  retries startPeriod) systemControls(namespace value) resourceRequirements(value type
  sharingStrategy(nvidiaMps(memory maxComputePercent))) firelensConfiguration(type options) credentialSpecs) cpu
  enable_fault_injection ephemeral_storage(size_in_gib) execution_role_arn family inference_accelerator(device_name
  device_type) ipc_mode memory network_mode pid_mode placement_constraints(expression type)
  proxy_configuration(container_name properties type) region requires_compatibilities revision
  runtime_platform(cpu_architecture operating_system_family) skip_destroy tags tags_all task_role_arn track_latest
  volume(configure_at_launch docker_volume_configuration(autoprovision driver driver_opts labels scope)
  efs_volume_configuration(authorization_config(access_point_id iam) file_system_id root_directory transit_encryption
  transit_encryption_port) fsx_windows_file_server_volume_configuration(authorization_config(credentials_parameter
  domain) file_system_id root_directory) host_path name))
aws_ecs_task_set(arn capacity_provider_strategy(base capacity_provider weight) cluster external_id force_delete
  launch_type load_balancer(container_name container_port load_balancer_name target_group_arn)
  network_configuration(assign_public_ip security_groups subnets) platform_version region scale(unit value) service
  service_registries(container_name container_port port registry_arn) stability_status status tags tags_all
  task_definition task_set_id wait_until_stable wait_until_stable_timeout)
aws_iam_policy(arn attachment_count description name name_prefix path policy policy_id tags tags_all)
aws_iam_policy_attachment(groups name policy_arn roles users)
aws_iam_role(arn assume_role_policy create_date description force_detach_policies inline_policy(name policy)
  managed_policy_arns max_session_duration name name_prefix path permissions_boundary tags tags_all unique_id)
aws_iam_role_policies_exclusive(policy_names role_name)
aws_iam_role_policy(name name_prefix policy role)
aws_iam_role_policy_attachment(policy_arn role)
aws_iam_role_policy_attachments_exclusive(policy_arns role_name)
aws_service_discovery_http_namespace(arn description http_name name region tags tags_all)
aws_service_discovery_private_dns_namespace(arn description hosted_zone name region tags tags_all vpc)
aws_service_discovery_public_dns_namespace(arn description hosted_zone name region tags tags_all)
aws_service_discovery_service(arn description dns_config(dns_records(ttl type) namespace_id routing_policy)
  force_destroy health_check_config(failure_threshold resource_path type)
  health_check_custom_config(failure_threshold) name namespace_id region tags tags_all type)
aws_ecs_daemon(*)
aws_ecs_daemon_task_definition(*)
aws_ecs_express_gateway_service(*)
"""
_WORD: Final = re.compile(r"[()]|[\w*]+")


def _read(words: Iterator[str]) -> Names:
    found: dict[str, Names] = {}
    name = ""
    for word in words:
        if word == ")":
            break
        if word == "(":
            found[name] = _read(words)
        else:
            name = word
            found[name] = {}
    return found


def attribute_names() -> Names:
    """Return the resource types, what their attributes are called, and what stands inside those."""
    return _read(match[0] for match in _WORD.finditer(_TEXT))
