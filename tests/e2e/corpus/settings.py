"""Everything about services, clusters and the account that is not a service's size."""

from __future__ import annotations

from reconciler.sandbox import ACCOUNT, Sandbox
from tests.e2e.corpus.calls import HERE, network, tag, update
from tests.e2e.corpus.situation import ANYTHING, Change, Situation, drift, finding, healed


def insights(sandbox: Sandbox) -> None:
    sandbox.client("ecs", "developer").update_cluster_settings(
        cluster="services-watched", settings=[{"name": "containerInsights", "value": "enabled"}]
    )


def strategy(sandbox: Sandbox, service: str, *members: tuple[str, int, int]) -> None:
    """Give a service a capacity provider strategy of (provider, base, weight), in this order."""
    asked = [{"capacityProvider": name, "base": base, "weight": weight} for name, base, weight in members]
    update(sandbox, service, capacityProviderStrategy=asked, forceNewDeployment=True)


SITUATIONS = (
    Situation(
        name="a tag more",
        act=lambda aws: tag(aws, "owned", "Owner", "jane", "jane"),
        findings=drift(
            HERE,
            'aws_ecs_service.tagged["owned"]',
            Change("tags[Owner]", None, "jane", who="jane"),
            severity="low",
        ),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a tag less",
        act=lambda aws: aws.client("ecs").untag_resource(
            resourceArn=f"arn:aws:ecs:us-east-1:{ACCOUNT}:service/services/orphaned", tagKeys=["Team"]
        ),
        findings=drift(HERE, 'aws_ecs_service.tagged["orphaned"]', Change("tags[Team]", "shop", None)),
    ),
    Situation(
        name="a tag that it has",
        act=lambda aws: tag(aws, "kept", "Team", "shop"),
        findings=healed(HERE, 'aws_ecs_service.tagged["kept"]'),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a tag that comes and goes",
        act=lambda aws: [
            tag(aws, "passing", "Owner", "jane"),
            aws.client("ecs").untag_resource(
                resourceArn=f"arn:aws:ecs:us-east-1:{ACCOUNT}:service/services/passing", tagKeys=["Owner"]
            ),
        ],
        findings=healed(HERE, 'aws_ecs_service.tagged["passing"]'),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a tag taken away that it has not",
        act=lambda aws: aws.client("ecs").untag_resource(
            resourceArn=f"arn:aws:ecs:us-east-1:{ACCOUNT}:service/services/bare", tagKeys=["Owner"]
        ),
        findings=healed(HERE, 'aws_ecs_service.tagged["bare"]'),
    ),
    Situation(
        name="a default tag of the provider",
        act=lambda aws: tag(aws, "retagged", "Stack", "mine"),
        findings=drift(
            HERE,
            'aws_ecs_service.tagged["retagged"]',
            Change("tags[Stack]", "services", "mine"),
            severity="low",
        ),
        skipped={"read_only": 1},
    ),
    Situation(
        name="other security groups",
        act=lambda aws: update(aws, "exposed", networkConfiguration=network(aws, "ab", "outside")),
        findings=drift(
            HERE,
            'aws_ecs_service.network["exposed"]',
            Change("network_configuration[0].security_groups", ANYTHING, ANYTHING),
            severity="high",
        ),
    ),
    Situation(
        name="other subnets and a public address",
        act=lambda aws: update(
            aws,
            "rerouted",
            networkConfiguration={
                "awsvpcConfiguration": {
                    **network(aws, "bc", "inside")["awsvpcConfiguration"],
                    "assignPublicIp": "ENABLED",
                }
            },
        ),
        findings=drift(
            HERE,
            'aws_ecs_service.network["rerouted"]',
            Change("network_configuration[0].assign_public_ip", False, True),
            Change("network_configuration[0].subnets", ANYTHING, ANYTHING),
            severity="high",
        ),
    ),
    Situation(
        name="the same subnets in another order",
        act=lambda aws: update(aws, "reordered", networkConfiguration=network(aws, "ba", "inside")),
        findings=healed(HERE, 'aws_ecs_service.network["reordered"]'),
    ),
    Situation(
        name="the same network again",
        act=lambda aws: update(aws, "same", networkConfiguration=network(aws, "ab", "inside")),
        findings=healed(HERE, 'aws_ecs_service.network["same"]'),
    ),
    Situation(
        name="the circuit breaker as it is",
        act=lambda aws: update(
            aws,
            "guarded-still",
            deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
        ),
        findings=healed(HERE, 'aws_ecs_service.guarded["guarded-still"]'),
    ),
    Situation(
        name="the circuit breaker no longer rolls back, and deployments are larger",
        act=lambda aws: update(
            aws,
            "guarded",
            deploymentConfiguration={
                "deploymentCircuitBreaker": {"enable": True, "rollback": False},
                "maximumPercent": 200,
                "minimumHealthyPercent": 50,
            },
        ),
        findings=drift(
            HERE,
            'aws_ecs_service.guarded["guarded"]',
            Change("deployment_circuit_breaker[0].rollback", True, False),
            Change("deployment_maximum_percent", 150, 200),
        ),
    ),
    Situation(
        name="a circuit breaker that the code says nothing of",
        act=lambda aws: update(
            aws,
            "unguarded",
            deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
        ),
        # Provider 5.100 plans to turn it off again.
        findings=drift(
            HERE,
            "aws_ecs_service.unguarded",
            Change("deployment_circuit_breaker[0].enable", False, True),
            Change("deployment_circuit_breaker[0].rollback", False, True),
        ),
    ),
    Situation(
        name="a cluster's setting that the code leaves to AWS",
        act=lambda aws: aws.client("ecs").update_cluster_settings(
            cluster="services-plain", settings=[{"name": "containerInsights", "value": "enhanced"}]
        ),
        findings=finding(
            "matching",
            HERE,
            "aws_ecs_cluster.plain",
            Change("setting[containerInsights].value", "disabled", "enhanced", "unset"),
            severity="info",
        ),
    ),
    Situation(
        name="a shell into the containers is allowed",
        act=lambda aws: update(aws, "entered", "developer", enableExecuteCommand=True),
        findings=drift(
            HERE,
            "aws_ecs_service.entered",
            Change("enable_execute_command", False, True, who="developer"),
            severity="high",
        ),
    ),
    Situation(
        name="another placement constraint",
        act=lambda aws: update(
            aws,
            "placed",
            placementConstraints=[{"type": "memberOf", "expression": "attribute:ecs.os-type == windows"}],
        ),
        findings=drift(
            HERE,
            "aws_ecs_service.placed",
            Change(
                "placement_constraints[0].expression",
                "attribute:ecs.os-type == linux",
                "attribute:ecs.os-type == windows",
            ),
        ),
    ),
    Situation(
        name="another word for the same placement",
        act=lambda aws: update(aws, "spread", placementStrategy=[{"type": "spread", "field": "host"}]),
        findings=healed(HERE, "aws_ecs_service.spread"),
    ),
    Situation(
        name="the same strategy in another order",
        act=lambda aws: strategy(aws, "mixed", ("FARGATE_SPOT", 0, 3), ("FARGATE", 1, 1)),
        findings=healed(HERE, 'aws_ecs_service.strategy["mixed"]'),
    ),
    Situation(
        name="everything on Spot",
        act=lambda aws: strategy(aws, "spotty", ("FARGATE_SPOT", 0, 1)),
        findings=drift(
            HERE,
            'aws_ecs_service.strategy["spotty"]',
            Change(
                "capacity_provider_strategy[FARGATE]", {"base": 1, "capacity_provider": "FARGATE", "weight": 1}, None
            ),
            Change("capacity_provider_strategy[FARGATE_SPOT].weight", 3, 1),
            severity="high",
        ),
    ),
    Situation(
        name="Service Connect is turned off",
        act=lambda aws: update(aws, "mesh", serviceConnectConfiguration={"enabled": False}),
        findings=drift(
            HERE,
            "aws_ecs_service.mesh",
            Change("service_connect_configuration[0].enabled", True, False),
            Change("service_connect_configuration[0].namespace", ANYTHING, ""),
        ),
    ),
    Situation(
        name="Container Insights are turned on",
        act=insights,
        findings=drift(
            HERE,
            "aws_ecs_cluster.watched",
            Change("setting[containerInsights].value", "disabled", "enabled", who="developer"),
        ),
    ),
    Situation(
        name="Container Insights, as they are",
        act=lambda aws: aws.client("ecs").update_cluster_settings(
            cluster="services-calm", settings=[{"name": "containerInsights", "value": "enabled"}]
        ),
        findings=healed(HERE, "aws_ecs_cluster.calm"),
    ),
    Situation(
        name="a cluster's tag",
        act=lambda aws: aws.client("ecs").tag_resource(
            resourceArn=f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/services", tags=[{"key": "Team", "value": "sales"}]
        ),
        findings=drift(HERE, "aws_ecs_cluster.main", Change("tags[Team]", "shop", "sales"), severity="low"),
    ),
    Situation(
        name="a cluster's capacity providers in another order",
        act=lambda aws: aws.client("ecs", "deploy").put_cluster_capacity_providers(
            cluster=HERE, capacityProviders=["FARGATE_SPOT", "FARGATE"], defaultCapacityProviderStrategy=[]
        ),
        findings=healed(HERE, "aws_ecs_cluster_capacity_providers.main"),
    ),
    Situation(
        name="a setting of the account",
        act=lambda aws: aws.client("ecs").put_account_setting_default(
            name="containerInstanceLongArnFormat", value="disabled"
        ),
        findings=drift(HERE, "aws_ecs_account_setting_default.long_arns", Change("value", "enabled", "disabled")),
    ),
    Situation(
        name="a setting of the account, as it is",
        act=lambda aws: aws.client("ecs").put_account_setting_default(name="awsvpcTrunking", value="enabled"),
        findings=healed(HERE, "aws_ecs_account_setting_default.trunking"),
    ),
)
