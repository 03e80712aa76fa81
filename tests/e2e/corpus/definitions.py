"""What is inside a task definition: services that are moved to another revision of theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.sandbox import ACCOUNT, Sandbox
from reconciler.sandbox.shapes import service_model
from tests.e2e.corpus.situation import STACKS, Change, Root, Situation, drift

HERE = "definitions"
ARN = f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/definitions-"
HIDDEN = "(sensitive)"
LOOKED = {"read_only": 1}
"""Who registers another revision looks at the last one first."""

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


def change(path: str, state: Any, live: Any) -> Change:
    """Return a change by the developer."""
    return Change(path, state, live, who="developer")


def revised(
    name: str, family: str, edit: Edit, *changes: Change, of: str = "app", severity: str | None = None
) -> Situation:
    """Return a situation: the developer moves the service `of` a family to an edited revision, which differs so."""
    pointer = change("task_definition", f"{ARN}{family}:1", f"{ARN}{family}:2")
    return Situation(
        name=name,
        act=lambda aws: move(aws, family, edit),
        findings=drift(HERE, f'aws_ecs_service.{of}["{family}"]', pointer, *changes, severity=severity),
        skipped=LOOKED,
    )


def fill_in_defaults(definition: dict[str, Any]) -> None:
    """Write out what was left to AWS: the console does."""
    for each in definition["containerDefinitions"]:
        each.update(privileged=False, readonlyRootFilesystem=False, interactive=False, pseudoTerminal=False)
        each.setdefault("essential", True)
        each.setdefault("cpu", 0)


def disk(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the file system of a definition's first volume."""
    found: dict[str, Any] = definition["volumes"][0]["efsVolumeConfiguration"]
    return found


SIDECAR = {"name": "shell", "image": "busybox:1.36", "memory": 32, "essential": False, "privileged": True}
FILLED_IN = {
    "cpu": 0,
    **{name: [] for name in ("environment", "mountPoints", "portMappings", "systemControls", "volumesFrom")},
}
SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/"

CONTAINERS = (
    revised(
        "another image",
        "image",
        container(lambda c: c.update(image="nginx:1.21")),
        change("container_definitions[web].image", "nginx:1.20", "nginx:1.21"),
    ),
    revised(
        "another environment",
        "env",
        container(
            lambda c: c.update(environment=[{"name": "ALPHA", "value": "2"}, {"name": "MODE", "value": "plain"}])
        ),
        change("container_definitions[web].environment[ALPHA].value", HIDDEN, HIDDEN),
    ),
    revised(
        "another secret",
        "secret",
        container(lambda c: c.update(secrets=[{"name": "DB", "valueFrom": f"{SECRET}other-AbCdEf"}])),
        change("container_definitions[web].secrets[DB].valueFrom", f"{SECRET}db-AbCdEf", f"{SECRET}other-AbCdEf"),
    ),
    revised(
        "a container more, one that may do everything",
        "sidecar",
        lambda definition: definition["containerDefinitions"].append(SIDECAR),
        change("container_definitions[shell]", None, {**FILLED_IN, **SIDECAR}),
        severity="high",
    ),
)

TASKS = (
    revised(
        "more memory",
        "size",
        lambda definition: definition.update(memory="1024"),
        change("memory", "512", "1024"),
    ),
    revised(
        "another role for the task",
        "role",
        lambda definition: definition.update(taskRoleArn=f"{ROLE}admin"),
        change("task_role_arn", f"{ROLE}definitions-task", f"{ROLE}admin"),
        severity="high",
    ),
    revised(
        "the host's network",
        "host",
        lambda definition: definition.update(networkMode="host"),
        # ECS fills the host's port in, as tasks then have no other.
        change("container_definitions[web].portMappings[80].hostPort", None, 80),
        change("network_mode", "bridge", "host"),
        severity="high",
    ),
    revised(
        "instances too, where only Fargate was asked for",
        "anywhere",
        lambda definition: definition.update(requiresCompatibilities=["EC2", "FARGATE"]),
        change("requires_compatibilities", ["FARGATE"], ["FARGATE", "EC2"]),
        of="alone",
    ),
    revised(
        "another processor",
        "platform",
        lambda definition: definition["runtimePlatform"].update(cpuArchitecture="ARM64"),
        change("runtime_platform[0].cpu_architecture", "X86_64", "ARM64"),
        of="alone",
    ),
    revised(
        "more room on the disk",
        "storage",
        lambda definition: definition["ephemeralStorage"].update(sizeInGiB=100),
        change("ephemeral_storage[0].size_in_gib", 30, 100),
        of="alone",
    ),
    revised(
        "another port for what leaves through the proxy",
        "proxy",
        lambda definition: definition["proxyConfiguration"].update(
            properties=[{"name": "AppPorts", "value": "80"}, {"name": "ProxyEgressPort", "value": "16001"}]
        ),
        change("proxy_configuration[0].properties[ProxyEgressPort]", "15001", "16001"),
        of="alone",
    ),
)

DISKS = (
    revised(
        "another directory of the file system",
        "disk",
        lambda definition: disk(definition).update(rootDirectory="/private"),
        change("volume[data].efs_volume_configuration[0].root_directory", "/", "/private"),
    ),
    revised(
        "a file system that asks nobody who they are",
        "access",
        lambda definition: disk(definition)["authorizationConfig"].update(iam="DISABLED"),
        change("volume[data].efs_volume_configuration[0].authorization_config[0].iam", "ENABLED", "DISABLED"),
        of="alone",
    ),
    revised(
        "another way into the file system, in the clear",
        "entrance",
        lambda definition: disk(definition).update(
            transitEncryption="DISABLED",
            authorizationConfig={"accessPointId": "fsap-fedcba9876543210f", "iam": "ENABLED"},
        ),
        change(
            "volume[data].efs_volume_configuration[0].authorization_config[0].access_point_id",
            "fsap-0123456789abcdef0",
            "fsap-fedcba9876543210f",
        ),
        change("volume[data].efs_volume_configuration[0].transit_encryption", "ENABLED", "DISABLED"),
        of="alone",
    ),
)

# Terraform would move these back, so they are drift: of the pointer, and of nothing inside.
IDENTICAL = (
    revised(
        "an identical revision with its environment in another order",
        "reordered",
        container(lambda c: c["environment"].reverse()),
    ),
    revised(
        "an identical revision with its containers in another order",
        "shuffled",
        lambda definition: definition["containerDefinitions"].reverse(),
    ),
    revised("an identical revision with every default written out", "defaults", fill_in_defaults),
    revised(
        "an identical revision with the proxy's properties in another order",
        "turned",
        lambda definition: definition["proxyConfiguration"]["properties"].reverse(),
        of="alone",
    ),
)

ROOTS = (Root(name=HERE, source=STACKS / HERE),)
SITUATIONS = (*CONTAINERS, *TASKS, *DISKS, *IDENTICAL)
