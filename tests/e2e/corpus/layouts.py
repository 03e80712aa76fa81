"""The ways in which code can be laid out: modules, indexes, regions, accounts, CLI workspaces, JSON, two states."""

from __future__ import annotations

from typing import Any

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

HERE = "layouts"
AUDIT = "210987654321"


def update(sandbox: Sandbox, service: str, count: int = 2, *, cluster: str = HERE, region: str = "us-east-1") -> Any:
    """Scale a service."""
    return sandbox.client("ecs", "ops-admin", region).update_service(
        cluster=cluster, service=service, desiredCount=count
    )


def update_in_audit(sandbox: Sandbox) -> None:
    """Scale the service of the other account, as somebody whom that account lets in."""
    from boto3 import client

    role = sandbox.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{AUDIT}:role/operator", RoleSessionName="ops-admin"
    )["Credentials"]
    client(
        "ecs",
        endpoint_url=sandbox.endpoint,
        region_name="us-east-1",
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    ).update_service(cluster=HERE, service="web", desiredCount=4)


def in_audit(records: list[Record]) -> list[Record]:
    """Return ECS's records as the other account's trail has them: the sandbox writes one account into all."""
    return [
        {**record, "recipientAccountId": AUDIT} for record in records if record["eventSource"] == "ecs.amazonaws.com"
    ]


def scaled(address: str, count: int = 2, *, workspace: str = HERE, was: int = 1) -> tuple[Expected, ...]:
    """Return the finding of a service that was scaled by hand."""
    return drift(workspace, address, Change("desired_count", was, count))


def keyed(key: str) -> str:
    """Return the address of a service by its key, as Terraform writes it."""
    return f'aws_ecs_service.keyed["{key}"]'


MODULES = (
    Situation(
        name="a service in a module",
        act=lambda aws: update(aws, "front"),
        findings=scaled("module.front.aws_ecs_service.this"),
    ),
    Situation(
        name="what a module ignores",
        act=lambda aws: update(aws, "front-autoscaled"),
        findings=finding(
            "ignored", HERE, "module.front.aws_ecs_service.autoscaled", Change("desired_count", 1, 2, "ignored")
        ),
    ),
    Situation(
        name="a service in a module of a module, both with keys",
        act=lambda aws: update(aws, "back-x-two"),
        findings=scaled('module.back["x"].module.part["two"].aws_ecs_service.this'),
    ),
    Situation(
        name="its sibling with the other key, put back",
        act=lambda aws: [update(aws, "back-y-two"), update(aws, "back-y-two", 1)],
        findings=healed(HERE, 'module.back["y"].module.part["two"].aws_ecs_service.this'),
    ),
    Situation(
        name="a service in a module of a module, deployed anew",
        act=lambda aws: aws.client("ecs", "deploy").update_service(
            cluster=HERE, service="back-x-one", forceNewDeployment=True
        ),
        findings=healed(HERE, 'module.back["x"].module.part["one"].aws_ecs_service.this'),
    ),
    Situation(
        name="what a module of a module ignores",
        act=lambda aws: update(aws, "back-y-one-autoscaled"),
        findings=finding(
            "ignored",
            HERE,
            'module.back["y"].module.part["one"].aws_ecs_service.autoscaled',
            Change("desired_count", 1, 2, "ignored"),
        ),
    ),
    Situation(
        name="a service in an installed module",
        act=lambda aws: update(aws, "installed"),
        findings=scaled("module.installed.aws_ecs_service.this"),
    ),
    Situation(
        name="what an installed module ignores",
        act=lambda aws: update(aws, "installed-autoscaled"),
        findings=finding(
            "ignored", HERE, "module.installed.aws_ecs_service.autoscaled", Change("desired_count", 1, 2, "ignored")
        ),
    ),
)

INDEXES = (
    Situation(
        name="one of three by count",
        act=lambda aws: update(aws, "counted-1", 5),
        findings=scaled("aws_ecs_service.counted[1]", 5),
    ),
    Situation(
        name="another of the three, as it is",
        act=lambda aws: update(aws, "counted-2", 1),
        findings=healed(HERE, "aws_ecs_service.counted[2]"),
    ),
    Situation(name="a key with a dot", act=lambda aws: update(aws, "dotted"), findings=scaled(keyed("a.b"))),
    Situation(name="a key with a slash", act=lambda aws: update(aws, "slashed"), findings=scaled(keyed("eu/west"))),
    Situation(name="a key with quotes", act=lambda aws: update(aws, "quoted"), findings=scaled(keyed('say \\"hi\\"'))),
    Situation(name="a key beyond ASCII", act=lambda aws: update(aws, "umlaut"), findings=scaled(keyed("grün"))),
    Situation(
        name="a key that looks like a path",
        act=lambda aws: update(aws, "pathlike"),
        findings=scaled(keyed("path[0].name")),
    ),
    Situation(
        name="a key with a space, put back",
        act=lambda aws: [update(aws, "spaced"), update(aws, "spaced", 1)],
        findings=healed(HERE, keyed("with space")),
    ),
)

PLACES = (
    Situation(
        name="one name in two regions: the one in the east, as it is",
        act=lambda aws: update(aws, "web", 1),
        findings=healed(HERE, "aws_ecs_service.east"),
    ),
    Situation(
        name="one name in two regions: the one in the west",
        act=lambda aws: update(aws, "web", 3, region="us-west-2"),
        findings=scaled("aws_ecs_service.west", 3),
    ),
    Situation(
        name="one name in two accounts: the one behind an assumed role",
        act=update_in_audit,
        delivered=in_audit,
        findings=drift(HERE, "aws_ecs_service.audit", Change("desired_count", 1, 4, who=ANYTHING)),
    ),
    Situation(
        name="one of two CLI workspaces of a root module",
        act=lambda aws: update(aws, "web", 4, cluster="twins-red"),
        findings=scaled("aws_ecs_service.web", 4, workspace="twins-red"),
    ),
    Situation(
        name="the other of the two CLI workspaces, as it is",
        act=lambda aws: update(aws, "web", 2, cluster="twins-blue"),
        findings=healed("twins-blue", "aws_ecs_service.web"),
    ),
)

FORMS = (
    Situation(
        name="one resource in two states, its code in JSON",
        act=lambda aws: update(aws, "web", cluster="json"),
        findings=(
            *scaled("aws_ecs_service.web", workspace="json"),
            *scaled("aws_ecs_service.web", workspace="json-too"),
        ),
    ),
    Situation(
        name="what JSON code ignores",
        act=lambda aws: update(aws, "ignoring", cluster="json"),
        findings=tuple(
            Expected(
                status="ignored",
                workspace=workspace,
                address="aws_ecs_service.ignoring",
                changes=(Change("desired_count", 1, 2, "ignored"),),
            )
            for workspace in ("json", "json-too")
        ),
    ),
    Situation(
        name="a value from an override file, set again",
        act=lambda aws: update(aws, "overridden", 3, cluster="json"),
        findings=(
            *healed("json", "aws_ecs_service.overridden"),
            *healed("json-too", "aws_ecs_service.overridden"),
        ),
    ),
    Situation(
        name="what an override file ignores",
        act=lambda aws: update(aws, "let-go", cluster="json"),
        findings=tuple(
            Expected(
                status="ignored",
                workspace=workspace,
                address="aws_ecs_service.let_go",
                changes=(Change("desired_count", 1, 2, "ignored"),),
            )
            for workspace in ("json", "json-too")
        ),
    ),
    Situation(
        name="code that cannot be planned",
        act=lambda aws: aws.client("ecs").tag_resource(
            resourceArn=f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/broken", tags=[{"key": "Team", "value": "x"}]
        ),
        findings=finding("not_checked", "broken", "aws_ecs_cluster.main"),
    ),
)

ROOTS = (
    Root(name=HERE, source=STACKS / HERE),
    Root(name="twins-red", source=STACKS / "twins", terraform_workspace="red", directory="twins"),
    Root(name="twins-blue", source=STACKS / "twins", terraform_workspace="blue", directory="twins"),
    Root(name="json", source=STACKS / "json"),
    Root(name="json-too", source=STACKS / "json", copy_of="json"),
    Root(name="broken", source=STACKS / "broken", later=STACKS / "broken.later"),
)
SITUATIONS = (*MODULES, *INDEXES, *PLACES, *FORMS)
