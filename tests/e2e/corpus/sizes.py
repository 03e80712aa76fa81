"""People scale and deploy services, and much happens around them that is nobody's drift."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from reconciler.sandbox import ACCOUNT, Sandbox
from tests.e2e.corpus.calls import HERE, described, network, subnet, update
from tests.e2e.corpus.situation import Change, Expected, Record, Situation, drift, healed

OTHER_ACCOUNT = "210987654321"


def plain(name: str) -> str:
    """Return the address of one of the services that differ in name only."""
    return f'aws_ecs_service.plain["{name}"]'


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


def restless(sandbox: Sandbox) -> None:
    for person, size in (("ops-admin", 5), ("jane", 3), ("deploy", 7), ("developer", 2)):
        update(sandbox, "restless", person, desiredCount=size)


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


SITUATIONS = (
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
    Situation(name="up and down all night, and back", act=restless, findings=healed(HERE, plain("restless"))),
    Situation(
        name="a pipeline that deploys what is there, at the size that is there",
        act=lambda aws: update(aws, "piped", "deploy", desiredCount=2, forceNewDeployment=True),
        findings=healed(HERE, plain("piped")),
    ),
    Situation(
        name="turned off what was off",
        act=lambda aws: update(aws, "silent", "jane", enableExecuteCommand=False),
        findings=healed(HERE, plain("silent")),
    ),
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
)
