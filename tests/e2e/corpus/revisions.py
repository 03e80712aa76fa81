"""What becomes of revisions: used, never used, followed, ignored, rolled back, deregistered and deleted."""

from __future__ import annotations

from reconciler.sandbox import Sandbox
from tests.e2e.corpus.definitions import ARN, HERE, LOOKED, change, container, move, register
from tests.e2e.corpus.situation import Change, Situation, drift, finding, healed

newer = container(lambda c: c.update(image="nginx:1.21"))


def put_back(sandbox: Sandbox, name: str) -> None:
    """Deploy what does not start, and let the service run its first revision again."""
    move(sandbox, name, container(lambda c: c.update(image="nginx:broken")))
    sandbox.client("ecs").update_service(
        cluster=HERE, service=name, taskDefinition=f"definitions-{name}:1", forceNewDeployment=True
    )


def deregister(sandbox: Sandbox, revision: str, who: str = "developer") -> None:
    """Deregister a revision: its ARN, or its family and number."""
    sandbox.client("ecs", who).deregister_task_definition(taskDefinition=revision)


def delete(sandbox: Sandbox, revision: str, who: str = "developer") -> None:
    """Deregister a revision and delete it."""
    deregister(sandbox, revision, who)
    sandbox.client("ecs", who).delete_task_definitions(taskDefinitions=[revision])


def move_on(sandbox: Sandbox) -> None:
    """Let the developer register a revision and jane move the service to it."""
    arn = register(sandbox, "early", newer)
    sandbox.client("ecs", "jane").update_service(cluster=HERE, service="early", taskDefinition=arn)


UNUSED = (
    Situation(
        name="a revision that no service uses",
        act=lambda aws: register(aws, "unused", newer),
        findings=healed(HERE, 'aws_ecs_task_definition.app["unused"]'),
        skipped=LOOKED,
    ),
    Situation(
        name="a revision that no service used, deregistered again",
        act=lambda aws: deregister(aws, register(aws, "passing", newer)),
        findings=healed(HERE, 'aws_ecs_task_definition.app["passing"]'),
        skipped=LOOKED,
    ),
    Situation(
        name="a revision that no service used, deleted again",
        act=lambda aws: delete(aws, register(aws, "erased", newer)),
        findings=healed(HERE, 'aws_ecs_task_definition.app["erased"]'),
        skipped=LOOKED,
    ),
)

ROLLED_BACK = (
    Situation(
        name="a deployment that was rolled back",
        act=lambda aws: put_back(aws, "rolledback"),
        findings=healed(HERE, 'aws_ecs_service.app["rolledback"]', 'aws_ecs_task_definition.app["rolledback"]'),
        skipped=LOOKED,
    ),
    Situation(
        name="a deployment that the circuit breaker rolled back, which no record tells",
        act=lambda aws: put_back(aws, "broken"),
        delivered=lambda records: records[:-1],
        findings=healed(HERE, 'aws_ecs_service.app["broken"]', 'aws_ecs_task_definition.app["broken"]'),
        skipped=LOOKED,
    ),
    Situation(
        name="the revision that it runs already",
        act=lambda aws: aws.client("ecs").update_service(
            cluster=HERE, service="pinned", taskDefinition="definitions-pinned:1"
        ),
        findings=healed(HERE, 'aws_ecs_service.app["pinned"]'),
    ),
    Situation(
        name="a pipeline deploys a revision that the code ignores",
        act=lambda aws: move(aws, "piped", newer, "deploy"),
        findings=finding(
            "ignored",
            HERE,
            "aws_ecs_service.piped",
            Change("task_definition", f"{ARN}piped:1", f"{ARN}piped:2", "ignored", "deploy"),
            Change("container_definitions[web].image", "nginx:1.20", "nginx:1.21", "ignored", "deploy"),
            severity="info",
        ),
        skipped=LOOKED,
    ),
)

REGISTERED_LONG_BEFORE = (
    Situation(
        name="a revision that was registered so long before that no record tells",
        act=move_on,
        delivered=lambda records: [each for each in records if each["eventName"] != "RegisterTaskDefinition"],
        findings=drift(
            HERE,
            'aws_ecs_service.app["early"]',
            Change("task_definition", f"{ARN}early:1", f"{ARN}early:2", who="jane"),
            Change("container_definitions[web].image", "nginx:1.20", "nginx:1.21", who=None),
        ),
        skipped=LOOKED,
    ),
)

FOLLOWED = (
    Situation(
        name="a revision of a definition that follows the latest",
        act=lambda aws: register(aws, "tracked", container(lambda c: c.update(image="job:2"))),
        findings=drift(
            HERE,
            "aws_ecs_task_definition.tracked",
            change("arn", f"{ARN}tracked:1", f"{ARN}tracked:2"),
            change("container_definitions[job].image", "job:1", "job:2"),
        ),
        skipped=LOOKED,
    ),
    Situation(
        name="a revision of a definition that follows the latest, deregistered again",
        act=lambda aws: deregister(aws, register(aws, "tracked-twice", container(lambda c: c.update(image="job:2")))),
        findings=healed(HERE, "aws_ecs_task_definition.tracked_twice"),
        skipped=LOOKED,
    ),
)

RETIRED = (
    Situation(
        name="a revision is deregistered while a service runs it",
        act=lambda aws: deregister(aws, "definitions-retired:1", "jane"),
        findings=finding("deleted", HERE, 'aws_ecs_task_definition.retired["retired"]', severity="high"),
    ),
    Situation(
        name="a revision is deleted while a service runs it",
        act=lambda aws: delete(aws, "definitions-deleted:1", "jane"),
        findings=finding("deleted", HERE, 'aws_ecs_task_definition.retired["deleted"]', severity="high"),
    ),
    Situation(
        name="a service of a deregistered revision is scaled",
        act=lambda aws: aws.client("ecs").update_service(cluster=HERE, service="veteran-retired", desiredCount=3),
        findings=drift(HERE, 'aws_ecs_service.veteran["retired"]', Change("desired_count", 1, 3)),
    ),
)

SITUATIONS = (*UNUSED, *ROLLED_BACK, *REGISTERED_LONG_BEFORE, *FOLLOWED, *RETIRED)
