"""What people do to services, and what happens around them that is nobody's drift."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from reconciler.sandbox import ACCOUNT, Sandbox
from tests.e2e.corpus.situation import (
    ANYTHING,
    STACKS,
    Change,
    Expected,
    Record,
    Root,
    Situation,
    drift,
    finding,
    healed,
)

HERE = "services"
OTHER_ACCOUNT = "210987654321"


def plain(name: str) -> str:
    """Return the address of one of the services that differ in name only."""
    return f'aws_ecs_service.plain["{name}"]'


def update(sandbox: Sandbox, service: str, who: str = "ops-admin", cluster: str = HERE, **asked: Any) -> Any:
    """Update a service of the main cluster."""
    return sandbox.client("ecs", who).update_service(cluster=cluster, service=service, **asked)["service"]


def described(sandbox: Sandbox, service: str) -> Any:
    """Return the live service; the call is recorded, as a person's look would be."""
    return sandbox.client("ecs", "jane").describe_services(cluster=HERE, services=[service])["services"][0]


def subnet(sandbox: Sandbox, letter: str) -> str:
    """Return a subnet's id."""
    block = {"a": "10.0.1.0/24", "b": "10.0.2.0/24", "c": "10.0.3.0/24"}[letter]
    return next(str(each["SubnetId"]) for each in _subnets(sandbox) if each["CidrBlock"] == block)


def _subnets(sandbox: Sandbox) -> Any:
    group = sandbox.client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["services-inside"]}]
    )["SecurityGroups"][0]
    return sandbox.client("ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [group["VpcId"]]}])["Subnets"]


def security_group(sandbox: Sandbox, name: str) -> str:
    """Return a security group's id."""
    filters = [{"Name": "group-name", "Values": [f"services-{name}"]}]
    return str(sandbox.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"][0]["GroupId"])


def network(sandbox: Sandbox, subnets: str, group: str) -> Any:
    """Return a request's networkConfiguration; `subnets` are their letters, in order."""
    return {
        "awsvpcConfiguration": {
            "subnets": [subnet(sandbox, letter) for letter in subnets],
            "securityGroups": [security_group(sandbox, group)],
        }
    }


def tag(sandbox: Sandbox, service: str, key: str, value: str, who: str = "ops-admin") -> None:
    """Set one tag of a service."""
    arn = described(sandbox, service)["serviceArn"]
    sandbox.client("ecs", who).tag_resource(resourceArn=arn, tags=[{"key": key, "value": value}])


def twice(sandbox: Sandbox) -> None:
    update(sandbox, "twice", desiredCount=2)
    update(sandbox, "twice", "jane", desiredCount=4)


def fought(sandbox: Sandbox) -> None:
    update(sandbox, "fought", desiredCount=3)
    update(sandbox, "fought", "jane", desiredCount=1)
    update(sandbox, "fought", "deploy", desiredCount=3, enableExecuteCommand=True)
    update(sandbox, "fought", "developer", desiredCount=3)


def back(sandbox: Sandbox) -> None:
    update(sandbox, "back", desiredCount=6)
    update(sandbox, "back", "jane", desiredCount=2)


def whole_form(sandbox: Sandbox) -> None:
    """The console sends everything that its form shows."""
    service = described(sandbox, "form")
    update(
        sandbox,
        "form",
        "developer",
        desiredCount=service["desiredCount"],
        taskDefinition=service["taskDefinition"],
        deploymentConfiguration={"maximumPercent": 200, "minimumHealthyPercent": 100},
        enableExecuteCommand=False,
        forceNewDeployment=True,
    )


def mistyped(sandbox: Sandbox) -> None:
    with suppress(ClientError):
        update(sandbox, "scaledd", desiredCount=9)
    with suppress(ClientError):
        update(sandbox, "quiet", taskDefinition="services-app:99")


def looked(sandbox: Sandbox) -> None:
    ecs = sandbox.client("ecs", "jane")
    ecs.describe_services(cluster=HERE, services=["quiet"])
    ecs.list_services(cluster=HERE)
    ecs.describe_clusters(clusters=[HERE])


def ran_tasks(sandbox: Sandbox) -> None:
    ecs = sandbox.client("ecs", "deploy")
    (task,) = ecs.run_task(
        cluster=HERE,
        taskDefinition="services-awsvpc",
        launchType="FARGATE",
        networkConfiguration=network(sandbox, "a", "inside"),
    )["tasks"]
    ecs.stop_task(cluster=HERE, task=task["taskArn"])


def other_service(sandbox: Sandbox) -> None:
    """The same event name, the same cluster name, another service."""
    sandbox.client("eks", "jane").create_cluster(
        name=HERE,
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/eks",
        resourcesVpcConfig={"subnetIds": [subnet(sandbox, "a"), subnet(sandbox, "b")]},
    )


def another_cluster(sandbox: Sandbox) -> None:
    """A cluster of nobody's, with a service named like one of ours."""
    ecs = sandbox.client("ecs")
    ecs.create_cluster(clusterName="services-of-others")
    ecs.create_service(
        cluster="services-of-others", serviceName="elsewhere", taskDefinition="services-app", desiredCount=1
    )
    ecs.update_service(cluster="services-of-others", service="elsewhere", desiredCount=8)


def another_region(sandbox: Sandbox) -> None:
    """The same cluster and service names in another region."""
    ecs = sandbox.client("ecs", "ops-admin", "us-west-2")
    ecs.create_cluster(clusterName=HERE)
    ecs.register_task_definition(
        family="services-app", containerDefinitions=[{"name": "app", "image": "nginx:9", "memory": 128}]
    )
    ecs.create_service(cluster=HERE, serviceName="abroad", taskDefinition="services-app", desiredCount=1)
    ecs.update_service(cluster=HERE, service="abroad", desiredCount=8)


def of_another_account(records: list[Record]) -> list[Record]:
    """Return the records as the same call in another account would have left them."""

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: moved(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [moved(inner) for inner in value]
        return value.replace(ACCOUNT, OTHER_ACCOUNT) if isinstance(value, str) else value

    return [moved(record) for record in records]


def as_terraform(records: list[Record]) -> list[Record]:
    """Return the records as if the caller's program had called itself Terraform."""
    agent = "APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-aws/5.100.0"
    return [{**record, "userAgent": agent} for record in records]


def recreated(sandbox: Sandbox) -> None:
    """Delete a service and make it again, as it was but larger."""
    ecs = sandbox.client("ecs", "jane")
    ecs.delete_service(cluster=HERE, service="recreated", force=True)
    ecs.create_service(
        cluster=HERE,
        serviceName="recreated",
        taskDefinition="services-app:1",
        desiredCount=2,
        tags=[{"key": "Stack", "value": "services"}],
        availabilityZoneRebalancing="DISABLED",
    )


def outside(sandbox: Sandbox) -> None:
    """Two services that Terraform knows nothing of."""
    for name in ("debug", "debug-too"):
        sandbox.client("ecs", "jane").create_service(
            cluster=HERE, serviceName=name, taskDefinition="services-app:1", desiredCount=1
        )
    update(sandbox, "debug", desiredCount=2)


def insights(sandbox: Sandbox) -> None:
    sandbox.client("ecs", "developer").update_cluster_settings(
        cluster="services-watched", settings=[{"name": "containerInsights", "value": "enabled"}]
    )


def strategy(sandbox: Sandbox, service: str, *members: tuple[str, int, int]) -> None:
    """Give a service a capacity provider strategy of (provider, base, weight), in this order."""
    asked = [{"capacityProvider": name, "base": base, "weight": weight} for name, base, weight in members]
    update(sandbox, service, capacityProviderStrategy=asked, forceNewDeployment=True)


SIZES = (
    Situation(
        name="a person scales a service",
        act=lambda aws: update(aws, "scaled", desiredCount=5),
        findings=drift(HERE, plain("scaled"), Change("desired_count", 3, 5), severity="high"),
    ),
    Situation(
        name="two people scale a service, one after the other",
        act=twice,
        findings=drift(HERE, plain("twice"), Change("desired_count", 1, 4, who="jane")),
    ),
    Situation(
        name="who brought the value that stands is named, not who repeated it",
        act=fought,
        findings=drift(
            HERE,
            plain("fought"),
            Change("desired_count", 1, 3, who="deploy"),
            Change("enable_execute_command", False, True, who="deploy"),
        ),
    ),
    Situation(
        name="the value that is there already",
        act=lambda aws: update(aws, "again", desiredCount=2),
        findings=healed(HERE, plain("again")),
    ),
    Situation(name="changed and put back", act=back, findings=healed(HERE, plain("back"))),
    Situation(
        name="nothing but a new deployment",
        act=lambda aws: update(aws, "redeployed", "deploy", forceNewDeployment=True),
        findings=healed(HERE, plain("redeployed")),
    ),
    Situation(
        name="the console's whole form, unchanged",
        act=whole_form,
        findings=healed(HERE, plain("form")),
        skipped={"read_only": 1},
    ),
    Situation(
        name="turned on and off again",
        act=lambda aws: [
            update(aws, "toggled", enableExecuteCommand=True),
            update(aws, "toggled", "jane", enableExecuteCommand=False),
        ],
        findings=healed(HERE, plain("toggled")),
    ),
    Situation(
        name="what AWS does anyway, said aloud",
        act=lambda aws: update(
            aws,
            "stated",
            "developer",
            deploymentConfiguration={
                "maximumPercent": 200,
                "minimumHealthyPercent": 100,
                "deploymentCircuitBreaker": {"enable": False, "rollback": False},
            },
            propagateTags="NONE",
            enableECSManagedTags=False,
            healthCheckGracePeriodSeconds=0,
        ),
        findings=healed(HERE, plain("stated")),
    ),
    Situation(name="calls that failed", act=mistyped, skipped={"failed_call": 2}),
    Situation(name="looking", act=looked, skipped={"read_only": 3}),
    Situation(name="tasks that run once", act=ran_tasks, skipped={"runtime": 2}),
    Situation(name="a cluster of another service of AWS", act=other_service, skipped={"other_service": 1}),
    Situation(
        name="a trusted role changes something by hand, outside any apply",
        act=lambda aws: update(aws, "unexpl", "terraform", desiredCount=2),
        skipped={"trusted": 1},
        unexplained=drift(HERE, plain("unexpl"), Change("desired_count", 1, 2, who=None)),
    ),
    Situation(
        name="a program that only calls itself Terraform",
        act=lambda aws: update(aws, "claimed", desiredCount=2),
        delivered=as_terraform,
        findings=drift(HERE, plain("claimed"), Change("desired_count", 1, 2)),
    ),
    Situation(
        name="the old short ARN of a service",
        act=lambda aws: update(aws, f"arn:aws:ecs:us-east-1:{ACCOUNT}:service/short", desiredCount=2),
        findings=drift(HERE, plain("short"), Change("desired_count", 1, 2)),
    ),
    Situation(
        name="one record, delivered three times",
        act=lambda aws: update(aws, "doubled", desiredCount=2),
        delivered=lambda records: records * 3,
        skipped={"duplicate": 2},
        findings=drift(HERE, plain("doubled"), Change("desired_count", 1, 2)),
    ),
    Situation(
        name="the same names in another region",
        act=another_region,
        findings=(
            Expected(status="unmatched", reason="service/services/abroad"),
            Expected(status="unmatched", reason="cluster/services"),
            Expected(status="unmatched", reason="task-definition/services-app"),
        ),
    ),
    Situation(
        name="a service of the same name in somebody else's cluster",
        act=another_cluster,
        findings=(
            Expected(status="unmatched", reason="service/services-of-others/elsewhere"),
            Expected(status="unmatched", reason="cluster/services-of-others"),
        ),
    ),
    Situation(
        name="the same names in another account",
        act=lambda aws: update(aws, "quiet", desiredCount=1),
        delivered=of_another_account,
        findings=(Expected(status="unmatched", reason=f"{OTHER_ACCOUNT}:service/services/quiet"),),
    ),
    Situation(
        name="a service of the default cluster, which nobody names",
        act=lambda aws: aws.client("ecs").update_service(service="homeless", desiredCount=2),
        findings=drift(HERE, "aws_ecs_service.homeless", Change("desired_count", 1, 2)),
    ),
    Situation(
        name="a service of the default cluster, which is put back",
        act=lambda aws: [
            aws.client("ecs").update_service(cluster="default", service="homeless-too", desiredCount=count)
            for count in (2, 1)
        ],
        findings=healed(HERE, "aws_ecs_service.homeless_too"),
    ),
    Situation(
        name="names in the code, ARNs in the call",
        act=lambda aws: update(
            aws,
            f"arn:aws:ecs:us-east-1:{ACCOUNT}:service/services/by-name",
            cluster=f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/services",
            taskDefinition=f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/services-app:1",
        ),
        findings=healed(HERE, "aws_ecs_service.by_name"),
    ),
    Situation(
        name="deleted and made again, larger",
        act=recreated,
        findings=drift(HERE, plain("recreated"), Change("desired_count", 1, 2, who="jane")),
    ),
    Situation(
        name="two services made outside Terraform",
        act=outside,
        findings=(
            Expected(status="unmanaged", workspace=HERE, reason="service/services/debug "),
            Expected(status="unmanaged", workspace=HERE, reason="service/services/debug-too "),
        ),
    ),
)

CODE_IN_MOTION = (
    Situation(
        name="the code already says what is live",
        act=lambda aws: update(aws, "caught-up", desiredCount=4),
        findings=finding(
            "matching", HERE, "aws_ecs_service.caught_up", Change("desired_count", 1, 4, "matching"), severity="info"
        ),
    ),
    Situation(
        name="code that nobody has applied is no drift",
        act=lambda aws: update(aws, "unapplied", forceNewDeployment=True),
        findings=healed(HERE, "aws_ecs_service.unapplied"),
    ),
    Situation(
        name="drift under code that nobody has applied",
        act=lambda aws: update(aws, "overtaken", desiredCount=5),
        findings=drift(HERE, "aws_ecs_service.overtaken", Change("desired_count", 1, 5)),
    ),
    Situation(
        name="a resource that the code has given another name",
        act=lambda aws: update(aws, "renamed", desiredCount=5),
        findings=drift(HERE, "aws_ecs_service.new_name", Change("desired_count", 1, 5)),
    ),
    Situation(
        name="a resource that the code no longer has",
        act=lambda aws: update(aws, "unwanted", desiredCount=5),
        findings=drift(HERE, "aws_ecs_service.unwanted", Change("desired_count", 1, 5)),
    ),
)

IGNORED = (
    Situation(
        name="ignore_changes = all",
        act=lambda aws: update(aws, "hands-off", desiredCount=2, enableExecuteCommand=True),
        findings=finding(
            "ignored",
            HERE,
            "aws_ecs_service.hands_off",
            Change("desired_count", 1, 2, "ignored"),
            Change("enable_execute_command", False, True, "ignored"),
            severity="info",
        ),
    ),
    Situation(
        name="one attribute ignored, another not",
        act=lambda aws: update(aws, "half", desiredCount=2, enableExecuteCommand=True),
        findings=drift(
            HERE,
            "aws_ecs_service.half",
            Change("desired_count", 1, 2, "ignored"),
            Change("enable_execute_command", False, True),
        ),
    ),
    Situation(
        name="a tag that is ignored",
        act=lambda aws: tag(aws, "labelled", "CostCentre", "42", "jane"),
        findings=finding(
            "ignored", HERE, "aws_ecs_service.labelled", Change("tags[CostCentre]", None, "42", "ignored", "jane")
        ),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a nested path that is ignored",
        act=lambda aws: update(aws, "firewalled", networkConfiguration=network(aws, "a", "outside")),
        findings=finding(
            "ignored",
            HERE,
            "aws_ecs_service.firewalled",
            Change("network_configuration[0].security_groups", ANYTHING, ANYTHING, "ignored"),
        ),
    ),
)

SETTINGS = (
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
            Change("tags[Stack]", None, "mine"),
            severity="low",
        ),
        skipped={"read_only": 1},
        wrong="the sentence calls the default tag, which the apply would put back, code that was never applied",
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

ROOTS = (Root(name=HERE, source=STACKS / "services", later=STACKS / "services.later"),)
SITUATIONS = (*SIZES, *CODE_IN_MOTION, *IGNORED, *SETTINGS)
