"""Code that was merged and gives values of resources that are not there yet: the plan tells less than the code."""

from __future__ import annotations

import json
from typing import Any

from reconciler.sandbox import ACCOUNT, Sandbox
from tests.e2e.corpus.situation import ANYTHING, STACKS, Change, Expected, Root, Situation, drift, finding, healed

HERE = "fresh"
ARN = f"arn:aws:ecs:us-east-1:{ACCOUNT}"


def tag(sandbox: Sandbox, service: str, value: str, key: str = "Owner") -> None:
    """Set a tag of a service."""
    arn = f"{ARN}:service/{HERE}/{service}"
    sandbox.client("ecs", "jane").tag_resource(resourceArn=arn, tags=[{"key": key, "value": value}])


def untag(sandbox: Sandbox, service: str, key: str) -> None:
    """Take a tag from a service."""
    sandbox.client("ecs", "jane").untag_resource(resourceArn=f"{ARN}:service/{HERE}/{service}", tagKeys=[key])


def relabel(sandbox: Sandbox) -> None:
    """Do both to one service."""
    tag(sandbox, "said", "b")
    untag(sandbox, "said", "Old")


def register(sandbox: Sandbox, family: str, **changed: Any) -> str:
    """Register a revision with another container."""
    container = {"name": "app", "image": "app:1", "memory": 128, **changed}
    tags = [{"key": "Stack", "value": HERE}]
    made = sandbox.client("ecs", "jane").register_task_definition(
        family=family, containerDefinitions=[container], tags=tags
    )
    return str(made["taskDefinition"]["taskDefinitionArn"])


def move(sandbox: Sandbox, service: str, image: str) -> None:
    """Register a revision with another image and move a service to it."""
    arn = register(sandbox, f"fresh-{service}", image=image)
    sandbox.client("ecs", "jane").update_service(cluster=HERE, service=service, taskDefinition=arn)


def allow(sandbox: Sandbox, *actions: str) -> None:
    """Replace the role's policy."""
    statements = [{"Effect": "Allow", "Action": action, "Resource": "*"} for action in actions]
    document = {"Version": "2012-10-17", "Statement": statements}
    sandbox.client("iam", "jane").put_role_policy(
        RoleName="fresh-task", PolicyName="own", PolicyDocument=json.dumps(document)
    )


def pin(sandbox: Sandbox, service: str) -> None:
    """Give a service a platform version."""
    sandbox.client("ecs", "jane").update_service(cluster=HERE, service=service, platformVersion="1.3.0")


def by_jane(path: str, state: Any, live: Any, disposition: str = "matching") -> Change:
    """Return a change that jane made."""
    return Change(path, state, live, disposition, who="jane")


def revision(family: str, number: int) -> str:
    """Return a revision's ARN."""
    return f"{ARN}:task-definition/{HERE}-{family}:{number}"


def moved(service: str, image: str, disposition: str) -> tuple[Change, ...]:
    """Return what differs of a service that was moved to a revision with another image."""
    return (
        by_jane("task_definition", revision(service, 1), revision(service, 2), disposition),
        by_jane("container_definitions[app].image", "app:1", image, disposition),
    )


TAGS = (
    Situation(
        name="tags that the code has beside a new resource's",
        act=relabel,
        findings=finding(
            "matching",
            HERE,
            "aws_ecs_service.said",
            by_jane("tags[Old]", "1", None),
            by_jane("tags[Owner]", "a", "b"),
            severity="info",
        ),
    ),
    Situation(
        name="tags that the code has otherwise beside a new resource's",
        act=lambda aws: tag(aws, "contradicted", "b"),
        findings=drift(HERE, "aws_ecs_service.contradicted", by_jane("tags[Owner]", "a", "b", "reverting")),
    ),
    Situation(
        name="tags that nobody can read in the code",
        act=lambda aws: tag(aws, "unreadable", "b"),
        findings=(
            Expected(
                status="drift",
                workspace=HERE,
                address="aws_ecs_service.unreadable",
                changes=(by_jane("tags[Owner]", "a", "b", "reverting"),),
                reason="what the code makes of tags is known only after the apply",
            ),
        ),
    ),
    Situation(
        name="tags that functions make in an override file, beside a new resource's",
        act=lambda aws: tag(aws, "overridden", "b"),
        findings=finding("matching", HERE, "aws_ecs_service.overridden", by_jane("tags[Owner]", "a", "b")),
    ),
    Situation(
        name="tags that a module has beside a new resource's",
        act=lambda aws: tag(aws, "web", "b"),
        findings=finding("matching", HERE, "module.web.aws_ecs_service.this", by_jane("tags[Owner]", "a", "b")),
    ),
)

IGNORED = (
    Situation(
        name="a tag that is ignored beside a new resource's",
        act=lambda aws: tag(aws, "stamped", "2", "Deploy"),
        findings=finding("ignored", HERE, "aws_ecs_service.stamped", by_jane("tags[Deploy]", "1", "2", "ignored")),
    ),
)

CONTAINERS = (
    Situation(
        name="a hotfix that the code has beside a new variable",
        act=lambda aws: move(aws, "fixed", "app:2"),
        findings=finding("matching", HERE, 'aws_ecs_service.fixed["fixed"]', *moved("fixed", "app:2", "matching")),
    ),
    Situation(
        name="a hotfix that a heredoc has beside a new variable",
        act=lambda aws: move(aws, "written", "app:2"),
        findings=finding("matching", HERE, "aws_ecs_service.written", *moved("written", "app:2", "matching")),
    ),
    Situation(
        name="another image than the code has beside a new variable",
        act=lambda aws: move(aws, "broken", "app:3"),
        findings=drift(HERE, 'aws_ecs_service.fixed["broken"]', *moved("broken", "app:3", "reverting")),
    ),
    Situation(
        name="a revision that the code has beside a new variable",
        act=lambda aws: register(aws, "fresh-tracked", image="app:2"),
        findings=finding(
            "matching",
            HERE,
            "aws_ecs_task_definition.tracked",
            by_jane("arn", revision("tracked", 1), revision("tracked", 2), "unset"),
            by_jane("container_definitions[app].image", "app:1", "app:2"),
        ),
    ),
    Situation(
        name="a revision that a module has beside a new variable",
        act=lambda aws: register(
            aws, "fresh-web", name="web", image="app:2-web", environment=[{"name": "JOBS", "value": "none"}]
        ),
        findings=finding(
            "matching",
            HERE,
            "module.web.aws_ecs_task_definition.this",
            by_jane("arn", revision("web", 1), revision("web", 2), "unset"),
            by_jane("container_definitions[web].image", "app:1-web", "app:2-web"),
        ),
    ),
)

RIGHTS = (
    Situation(
        name="a right that the code has beside one of a new resource",
        act=lambda aws: allow(aws, "s3:GetObject", "s3:PutObject"),
        findings=finding(
            "matching", HERE, "aws_iam_role_policy.own", by_jane("policy", ANYTHING, ANYTHING), severity="info"
        ),
    ),
)


def pinned(name: str, service: str) -> Situation:
    """Return the situation of a service that gets a platform version, of which its code says null."""
    change = by_jane("platform_version", "LATEST", "1.3.0", "unset")
    return Situation(
        name=name,
        act=lambda aws: pin(aws, service),
        findings=finding("matching", HERE, f"aws_ecs_service.{service}", change),
    )


NULLS = (
    pinned("a platform version that the code tries to find", "tried"),
    pinned("a platform version that the code may look up", "chosen"),
)

CALM = (
    Situation(
        name="a deployment under tags that nobody has applied",
        act=lambda aws: aws.client("ecs").update_service(cluster=HERE, service="waiting", forceNewDeployment=True),
        findings=healed(HERE, "aws_ecs_service.waiting"),
    ),
    Situation(
        name="a revision that no service uses, under a variable that nobody has applied",
        act=lambda aws: register(aws, "fresh-idle", image="app:9"),
        findings=healed(HERE, 'aws_ecs_task_definition.fixed["idle"]'),
    ),
)

SITUATIONS = (*TAGS, *IGNORED, *CONTAINERS, *RIGHTS, *NULLS, *CALM)

ROOTS = (Root(name=HERE, source=STACKS / HERE, later=STACKS / f"{HERE}.later"),)
