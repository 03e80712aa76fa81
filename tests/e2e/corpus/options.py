"""What a service, a cluster or a revision has beside size, network and tags of a service; each also as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.sandbox import ACCOUNT, Sandbox
from tests.e2e.corpus.calls import HERE, update
from tests.e2e.corpus.situation import Change, Situation, drift, finding, healed

_ECS = f"arn:aws:ecs:us-east-1:{ACCOUNT}"
_GROUPS = f"arn:aws:elasticloadbalancing:us-east-1:{ACCOUNT}:targetgroup"
BLUE, GREEN = f"{_GROUPS}/blue/0123456789abcdef", f"{_GROUPS}/green/fedcba9876543210"
_MAP = f"arn:aws:servicediscovery:us-east-1:{ACCOUNT}"
REGISTRY, OTHER_REGISTRY = f"{_MAP}:service/srv-0123456789abcdef", f"{_MAP}:service/srv-fedcba9876543210"
NAMESPACE, OTHER_NAMESPACE = f"{_MAP}:namespace/ns-0123456789abcdef", f"{_MAP}:namespace/ns-fedcba9876543210"


def balancer(group: str) -> list[dict[str, Any]]:
    """Return a request's loadBalancers."""
    return [{"targetGroupArn": group, "containerName": "app", "containerPort": 80}]


def registry(arn: str) -> list[dict[str, Any]]:
    """Return a request's serviceRegistries."""
    return [{"registryArn": arn, "containerName": "app", "containerPort": 80}]


def stored(arn: str) -> dict[str, Any]:
    """Return the same registry as Terraform keeps it."""
    return {"container_name": "app", "container_port": 80, "port": 0, "registry_arn": arn}


def alarms(*names: str, rollback: bool = True) -> dict[str, Any]:
    """Return a request's deploymentConfiguration with nothing but alarms."""
    return {"alarms": {"alarmNames": [*names], "enable": True, "rollback": rollback}}


def command_logging(sandbox: Sandbox, cluster: str, where: str) -> None:
    """Set where commands that are run in a cluster's containers are logged."""
    sandbox.client("ecs", "jane").update_cluster(
        cluster=cluster, configuration={"executeCommandConfiguration": {"logging": where}}
    )


def providers(sandbox: Sandbox, cluster: str, **weights: int) -> None:
    """Give a cluster these capacity providers, with these weights; FARGATE begins with one task."""
    sandbox.client("ecs", "deploy").put_cluster_capacity_providers(
        cluster=cluster,
        capacityProviders=[*weights],
        defaultCapacityProviderStrategy=[
            {"capacityProvider": name, "weight": weight, "base": int(name == "FARGATE")}
            for name, weight in weights.items()
        ],
    )


def retag(sandbox: Sandbox, resource: str, **tags: str | None) -> None:
    """Set tags of a resource by its ARN; None takes one away."""
    ecs, arn = sandbox.client("ecs", "jane"), f"{_ECS}:{resource}"
    for key, value in tags.items():
        if value is None:
            ecs.untag_resource(resourceArn=arn, tagKeys=[key])
        else:
            ecs.tag_resource(resourceArn=arn, tags=[{"key": key, "value": value}])


def put_back(sandbox: Sandbox, resource: str) -> None:
    """Take a tag away, and set it again as it was."""
    retag(sandbox, resource, Team=None)
    retag(sandbox, resource, Team="shop")


def updated(
    name: str, kind: str, service: str, *changes: Change, severity: str | None = None, **asked: Any
) -> Situation:
    """Return a situation: somebody updates a service, which then differs so; without changes it is as it was."""
    address = f'aws_ecs_service.{kind}["{service}"]'
    return Situation(
        name=name,
        act=lambda aws: update(aws, service, **asked),
        findings=drift(HERE, address, *changes, severity=severity) if changes else healed(HERE, address),
    )


def kept(name: str, address: str, act: Callable[[Sandbox], Any]) -> Situation:
    """Return a situation: what somebody does leaves a resource as it was."""
    return Situation(name=name, act=act, findings=healed(HERE, address))


TRAFFIC = (
    updated(
        "another target group",
        "balanced",
        "balanced",
        Change("load_balancer[app].target_group_arn", BLUE, GREEN),
        loadBalancers=balancer(GREEN),
    ),
    updated(
        "no load balancer any more",
        "balanced",
        "unbalanced",
        Change(
            "load_balancer[app]",
            {"container_name": "app", "container_port": 80, "elb_name": "", "target_group_arn": BLUE},
            None,
        ),
        loadBalancers=[],
    ),
    updated(
        "less time before health counts",
        "balanced",
        "impatient",
        Change("health_check_grace_period_seconds", 60, 5),
        healthCheckGracePeriodSeconds=5,
    ),
    updated(
        "the load balancer and the time before health counts, as they are",
        "balanced",
        "balanced-still",
        loadBalancers=balancer(BLUE),
        healthCheckGracePeriodSeconds=60,
    ),
    updated(
        "another registry",
        "registered",
        "registered",
        Change(f"service_registries[{REGISTRY}]", stored(REGISTRY), None),
        Change(f"service_registries[{OTHER_REGISTRY}]", None, stored(OTHER_REGISTRY)),
        serviceRegistries=registry(OTHER_REGISTRY),
    ),
    updated("the registry, as it is", "registered", "registered-still", serviceRegistries=registry(REGISTRY)),
    updated(
        "Service Connect, as it is",
        "meshed",
        "meshed",
        serviceConnectConfiguration={"enabled": True, "namespace": NAMESPACE, "services": []},
    ),
)

DEPLOYMENTS = (
    updated(
        "tags of the task definition instead of the service's",
        "propagating",
        "propagating",
        Change("propagate_tags", "SERVICE", "TASK_DEFINITION"),
        Change("enable_ecs_managed_tags", True, False),
        propagateTags="TASK_DEFINITION",
        enableECSManagedTags=False,
    ),
    updated(
        "whose tags the tasks have, as it is",
        "propagating",
        "propagating-still",
        propagateTags="SERVICE",
        enableECSManagedTags=True,
    ),
    updated(
        "an alarm less, and none that rolls back",
        "alarmed",
        "alarmed",
        Change("alarms[0].alarm_names", ["errors", "latency"], ["errors"]),
        Change("alarms[0].rollback", True, False),
        deploymentConfiguration=alarms("errors", rollback=False),
    ),
    updated(
        "the same alarms in another order",
        "alarmed",
        "alarmed-still",
        deploymentConfiguration=alarms("latency", "errors"),
    ),
    updated(
        "the placement constraint, as it is",
        "constrained",
        "constrained",
        placementConstraints=[{"type": "distinctInstance"}],
    ),
    updated(
        "nothing is left running",
        "bare",
        "stopped",
        Change("desired_count", 1, 0),
        desiredCount=0,
    ),
    updated(
        "tasks are spread over the zones again",
        "bare",
        "rebalanced",
        Change("availability_zone_rebalancing", "DISABLED", "ENABLED"),
        availabilityZoneRebalancing="ENABLED",
    ),
    updated(
        "tasks are not spread over the zones again, as it is",
        "bare",
        "rebalanced-never",
        availabilityZoneRebalancing="DISABLED",
    ),
    # The code leaves its version to AWS, and so does Terraform then.
    Situation(
        name="an older platform",
        act=lambda aws: update(aws, "dated", platformVersion="1.3.0"),
        findings=finding(
            "matching",
            HERE,
            'aws_ecs_service.network["dated"]',
            Change("platform_version", "LATEST", "1.3.0", "unset"),
            severity="info",
        ),
    ),
    updated("the newest platform, as it is", "network", "up-to-date", platformVersion="LATEST"),
)

CLUSTERS = (
    Situation(
        name="commands in containers are no longer logged",
        act=lambda aws: command_logging(aws, "services-audited", "NONE"),
        findings=drift(
            HERE,
            'aws_ecs_cluster.audited["audited"]',
            Change("configuration[0].execute_command_configuration[0].logging", "DEFAULT", "NONE", who="jane"),
            severity="high",
        ),
    ),
    kept(
        "commands in containers are logged, as they are",
        'aws_ecs_cluster.audited["audited-still"]',
        lambda aws: command_logging(aws, "services-audited-still", "DEFAULT"),
    ),
    Situation(
        name="another namespace for the cluster's services",
        act=lambda aws: aws.client("ecs").update_cluster(
            cluster="services-renaming", serviceConnectDefaults={"namespace": OTHER_NAMESPACE}
        ),
        findings=drift(
            HERE,
            "aws_ecs_cluster.renaming",
            Change("service_connect_defaults[0].namespace", NAMESPACE, OTHER_NAMESPACE),
        ),
    ),
    Situation(
        name="a capacity provider is taken from a cluster",
        act=lambda aws: providers(aws, "services-shrunk", FARGATE=1),
        findings=drift(
            HERE,
            'aws_ecs_cluster_capacity_providers.mixed["shrunk"]',
            Change("capacity_providers", ["FARGATE", "FARGATE_SPOT"], ["FARGATE"], who="deploy"),
            Change(
                "default_capacity_provider_strategy[FARGATE_SPOT]",
                {"base": 0, "capacity_provider": "FARGATE_SPOT", "weight": 4},
                None,
                who="deploy",
            ),
            severity="high",
        ),
    ),
    kept(
        "a capacity provider is taken from a cluster and given back",
        'aws_ecs_cluster_capacity_providers.mixed["same"]',
        lambda aws: [
            providers(aws, "services-same", FARGATE=1),
            providers(aws, "services-same", FARGATE_SPOT=4, FARGATE=1),
        ],
    ),
)

TAGS = (
    kept(
        "a cluster's tag, taken away and set again",
        "aws_ecs_cluster.relabelled",
        lambda aws: put_back(aws, "cluster/services-relabelled"),
    ),
    Situation(
        name="a revision's tag",
        act=lambda aws: retag(aws, "task-definition/services-labelled:1", Team="sales"),
        findings=drift(
            HERE,
            'aws_ecs_task_definition.labelled["labelled"]',
            Change("tags[Team]", "shop", "sales", who="jane"),
            severity="low",
        ),
    ),
    kept(
        "a revision's tag, taken away and set again",
        'aws_ecs_task_definition.labelled["relabelled"]',
        lambda aws: put_back(aws, "task-definition/services-relabelled:1"),
    ),
)

SITUATIONS = (*TRAFFIC, *DEPLOYMENTS, *CLUSTERS, *TAGS)
