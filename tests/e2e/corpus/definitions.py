"""What people do to task definitions: revisions that services are moved to, follow, lose, or never use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.sandbox import ACCOUNT, Sandbox
from reconciler.sandbox.shapes import service_model
from tests.e2e.corpus.situation import STACKS, Change, Root, Situation, drift, finding, healed

HERE = "definitions"
ARN = f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/definitions-"
HIDDEN = "(sensitive)"

Edit = Callable[[dict[str, Any]], Any]


def register(sandbox: Sandbox, name: str, edit: Edit, who: str = "developer") -> str:
    """Register another revision of a family, edited; returns its ARN."""
    ecs = sandbox.client("ecs", who)
    definition = ecs.describe_task_definition(taskDefinition=f"definitions-{name}")["taskDefinition"]
    accepted = service_model("ecs").operation_model("RegisterTaskDefinition").input_shape.members
    wanted = {member: value for member, value in definition.items() if member in accepted}
    edit(wanted)
    return str(ecs.register_task_definition(**wanted)["taskDefinition"]["taskDefinitionArn"])


def move(sandbox: Sandbox, name: str, edit: Edit, who: str = "developer") -> None:
    """Register another revision and move the service to it."""
    arn = register(sandbox, name, edit, who)
    sandbox.client("ecs", who).update_service(cluster=HERE, service=name, taskDefinition=arn)


def container(edit: Edit) -> Edit:
    """Return an edit of the first container."""
    return lambda definition: edit(definition["containerDefinitions"][0])


def moved(name: str, *changes: Change, who: str = "developer", severity: str | None = None) -> Any:
    """Return the finding of a service that runs revision 2 of its family."""
    pointer = Change("task_definition", f"{ARN}{name}:1", f"{ARN}{name}:2", who=who)
    return drift(HERE, f'aws_ecs_service.app["{name}"]', pointer, *changes, severity=severity)


def change(path: str, state: Any, live: Any, disposition: str = "reverting", who: str | None = "developer") -> Change:
    """Return a change by the developer."""
    return Change(path, state, live, disposition, who)


def roll_back(sandbox: Sandbox) -> None:
    """A deployment fails and the service goes back, as the circuit breaker does it."""
    move(sandbox, "rolledback", container(lambda c: c.update(image="nginx:broken")))
    sandbox.client("ecs").update_service(
        cluster=HERE, service="rolledback", taskDefinition="definitions-rolledback:1", forceNewDeployment=True
    )


def fill_in_defaults(definition: dict[str, Any]) -> None:
    """Write out what was left to AWS: the console does."""
    for each in definition["containerDefinitions"]:
        each.update(privileged=False, readonlyRootFilesystem=False, interactive=False, pseudoTerminal=False)
        each.setdefault("essential", True)
        each.setdefault("cpu", 0)


SIDECAR = {"name": "shell", "image": "busybox:1.36", "memory": 32, "essential": False}

SITUATIONS = (
    Situation(
        name="another image",
        act=lambda aws: move(aws, "image", container(lambda c: c.update(image="nginx:1.21"))),
        findings=moved("image", change("container_definitions[web].image", "nginx:1.20", "nginx:1.21")),
        skipped={"read_only": 1},
    ),
    Situation(
        name="another environment",
        act=lambda aws: move(
            aws,
            "env",
            container(
                lambda c: c.update(environment=[{"name": "ALPHA", "value": "2"}, {"name": "MODE", "value": "plain"}])
            ),
        ),
        findings=moved("env", change("container_definitions[web].environment[ALPHA].value", HIDDEN, HIDDEN)),
        skipped={"read_only": 1},
    ),
    Situation(
        name="another secret",
        act=lambda aws: move(
            aws,
            "secret",
            container(
                lambda c: c.update(
                    secrets=[
                        {
                            "name": "DB",
                            "valueFrom": f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:other-AbCdEf",
                        }
                    ]
                )
            ),
        ),
        findings=moved(
            "secret",
            change(
                "container_definitions[web].secrets[DB].valueFrom",
                f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:db-AbCdEf",
                f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:other-AbCdEf",
            ),
        ),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a container more, one that may do everything",
        act=lambda aws: move(
            aws,
            "sidecar",
            lambda definition: definition["containerDefinitions"].append({**SIDECAR, "privileged": True}),
        ),
        findings=moved(
            "sidecar",
            change(
                "container_definitions[shell]",
                None,
                {
                    **SIDECAR,
                    "privileged": True,
                    "cpu": 0,
                    "environment": [],
                    "mountPoints": [],
                    "portMappings": [],
                    "systemControls": [],
                    "volumesFrom": [],
                },
            ),
            severity="high",
        ),
        skipped={"read_only": 1},
    ),
    Situation(
        name="more memory",
        act=lambda aws: move(aws, "size", lambda definition: definition.update(memory="1024")),
        findings=moved("size", change("memory", "512", "1024")),
        skipped={"read_only": 1},
    ),
    Situation(
        name="another role for the task",
        act=lambda aws: move(
            aws, "role", lambda definition: definition.update(taskRoleArn=f"arn:aws:iam::{ACCOUNT}:role/admin")
        ),
        findings=moved(
            "role",
            change(
                "task_role_arn", f"arn:aws:iam::{ACCOUNT}:role/definitions-task", f"arn:aws:iam::{ACCOUNT}:role/admin"
            ),
            severity="high",
        ),
        skipped={"read_only": 1},
    ),
    Situation(
        name="another directory of the file system",
        act=lambda aws: move(
            aws,
            "disk",
            lambda definition: definition["volumes"][0]["efsVolumeConfiguration"].update(rootDirectory="/private"),
        ),
        findings=moved("disk", change("volume[data].efs_volume_configuration[0].root_directory", "/", "/private")),
        skipped={"read_only": 1},
    ),
    # Terraform would move these back, so they are drift: of the pointer, and of nothing inside.
    Situation(
        name="an identical revision with its environment in another order",
        act=lambda aws: move(aws, "reordered", container(lambda c: c["environment"].reverse())),
        findings=moved("reordered"),
        skipped={"read_only": 1},
    ),
    Situation(
        name="an identical revision with its containers in another order",
        act=lambda aws: move(aws, "shuffled", lambda definition: definition["containerDefinitions"].reverse()),
        findings=moved("shuffled"),
        skipped={"read_only": 1},
    ),
    Situation(
        name="an identical revision with every default written out",
        act=lambda aws: move(aws, "defaults", fill_in_defaults),
        findings=moved("defaults"),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a revision that no service uses",
        act=lambda aws: register(aws, "unused", container(lambda c: c.update(image="nginx:1.21"))),
        findings=healed(HERE, 'aws_ecs_task_definition.app["unused"]'),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a revision that no service used, deregistered again",
        act=lambda aws: aws.client("ecs", "developer").deregister_task_definition(
            taskDefinition=register(aws, "passing", container(lambda c: c.update(image="nginx:1.21")))
        ),
        findings=healed(HERE, 'aws_ecs_task_definition.app["passing"]'),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a deployment that was rolled back",
        act=roll_back,
        findings=healed(HERE, 'aws_ecs_service.app["rolledback"]', 'aws_ecs_task_definition.app["rolledback"]'),
        skipped={"read_only": 1},
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
        act=lambda aws: move(aws, "piped", container(lambda c: c.update(image="nginx:1.21")), "deploy"),
        findings=finding(
            "ignored",
            HERE,
            "aws_ecs_service.piped",
            Change("task_definition", f"{ARN}piped:1", f"{ARN}piped:2", "ignored", "deploy"),
            Change("container_definitions[web].image", "nginx:1.20", "nginx:1.21", "ignored", "deploy"),
            severity="info",
        ),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a revision of a definition that follows the latest",
        act=lambda aws: register(aws, "tracked", container(lambda c: c.update(image="job:2"))),
        findings=drift(
            HERE,
            "aws_ecs_task_definition.tracked",
            change("arn", f"{ARN}tracked:1", f"{ARN}tracked:2"),
            change("container_definitions[job].image", "job:1", "job:2"),
        ),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a revision of a definition that follows the latest, deregistered again",
        act=lambda aws: aws.client("ecs", "developer").deregister_task_definition(
            taskDefinition=register(aws, "tracked-twice", container(lambda c: c.update(image="job:2")))
        ),
        findings=healed(HERE, "aws_ecs_task_definition.tracked_twice"),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a revision is deregistered while a service runs it",
        act=lambda aws: aws.client("ecs", "jane").deregister_task_definition(taskDefinition="definitions-retired:1"),
        findings=finding("deleted", HERE, "aws_ecs_task_definition.retired", severity="high"),
    ),
)

ROOTS = (Root(name=HERE, source=STACKS / HERE),)
