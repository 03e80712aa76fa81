"""The ways in which code can be laid out: modules, indexes, regions, accounts, CLI workspaces, JSON, two states.

And the ways in which a workspace cannot be looked at: its code, its modules, its lock.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
FORMS_OF_JSON = ("json", "json-too")
LOCK = {
    "ID": "9db590f1-b6fe-c5f2-2678-8804f089deba",
    "Operation": "OperationTypeApply",
    "Who": "jane@laptop",
    "Created": "2026-03-02T09:15:00Z",
}


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


def twin(colour: str, **more: Any) -> Root:
    """Return one of the CLI workspaces of a root module."""
    return Root(name=f"twins-{colour}", source=STACKS / "twins", terraform_workspace=colour, directory="twins", **more)


@contextmanager
def note_of_a_lock(state: Path) -> Iterator[None]:
    """Leave the note that an apply leaves when it is killed; the lock itself ends with the process."""
    state.with_name(f".{state.name}.lock.info").write_text(json.dumps(LOCK))
    yield


@contextmanager
def lock(state: Path) -> Iterator[None]:
    """Hold a local state's lock, as an apply does."""
    import fcntl

    with note_of_a_lock(state), state.open("rb+") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        yield


def scaled(name: str, service: str, address: str, count: int = 2, **where: str) -> Situation:
    """Return a situation: somebody scales a service of one task, and it drifted."""
    return Situation(
        name=name,
        act=lambda aws: update(aws, service, count, **where),
        findings=drift(HERE, address, Change("desired_count", 1, count)),
    )


def put_back(name: str, service: str, address: str) -> Situation:
    """Return a situation: somebody scales a service and puts it back."""
    return Situation(
        name=name,
        act=lambda aws: [update(aws, service), update(aws, service, 1)],
        findings=healed(HERE, address),
    )


def ignored(
    name: str, service: str, address: str, *, cluster: str = HERE, workspaces: tuple[str, ...] = (HERE,)
) -> Situation:
    """Return a situation: somebody scales a service whose number its code ignores, in each workspace that has it."""
    change = Change("desired_count", 1, 2, "ignored")
    return Situation(
        name=name,
        act=lambda aws: update(aws, service, cluster=cluster),
        findings=tuple(each for workspace in workspaces for each in finding("ignored", workspace, address, change)),
    )


def unchecked(name: str, workspace: str, reason: str) -> Situation:
    """Return a situation: somebody tags a cluster whose workspace cannot be looked at."""
    return Situation(
        name=name,
        act=lambda aws: aws.client("ecs").tag_resource(
            resourceArn=f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/{workspace}", tags=[{"key": "Team", "value": "x"}]
        ),
        findings=(Expected(status="not_checked", workspace=workspace, address="aws_ecs_cluster.main", reason=reason),),
    )


def keyed(key: str) -> str:
    """Return the address of a service by its key, as Terraform writes it."""
    return f'aws_ecs_service.keyed["{key}"]'


PART = 'module.back["{}"].module.part["{}"].aws_ecs_service.{}'

MODULES = (
    scaled("a service in a module", "front", "module.front.aws_ecs_service.this"),
    ignored("what a module ignores", "front-autoscaled", "module.front.aws_ecs_service.autoscaled"),
    scaled("a service in a module of a module, both with keys", "back-x-two", PART.format("x", "two", "this")),
    put_back("its sibling with the other key, put back", "back-y-two", PART.format("y", "two", "this")),
    Situation(
        name="a service in a module of a module, deployed anew",
        act=lambda aws: aws.client("ecs", "deploy").update_service(
            cluster=HERE, service="back-x-one", forceNewDeployment=True
        ),
        findings=healed(HERE, PART.format("x", "one", "this")),
    ),
    ignored("what a module of a module ignores", "back-y-one-autoscaled", PART.format("y", "one", "autoscaled")),
    scaled("a service in an installed module", "installed", "module.installed.aws_ecs_service.this"),
    ignored("what an installed module ignores", "installed-autoscaled", "module.installed.aws_ecs_service.autoscaled"),
)

INDEXES = (
    scaled("one of three by count", "counted-1", "aws_ecs_service.counted[1]", 5),
    Situation(
        name="another of the three, as it is",
        act=lambda aws: update(aws, "counted-2", 1),
        findings=healed(HERE, "aws_ecs_service.counted[2]"),
    ),
    scaled("a key with a dot", "dotted", keyed("a.b")),
    scaled("a key with a slash", "slashed", keyed("eu/west")),
    scaled("a key with quotes", "quoted", keyed('say \\"hi\\"')),
    scaled("a key beyond ASCII", "umlaut", keyed("grün")),
    scaled("a key that looks like a path", "pathlike", keyed("path[0].name")),
    put_back("a key with a space, put back", "spaced", keyed("with space")),
)

PLACES = (
    Situation(
        name="one name in two regions: the one in the east, as it is",
        act=lambda aws: update(aws, "web", 1),
        findings=healed(HERE, "aws_ecs_service.east"),
    ),
    scaled("one name in two regions: the one in the west", "web", "aws_ecs_service.west", 3, region="us-west-2"),
    Situation(
        name="one name in two accounts: the one behind an assumed role",
        act=update_in_audit,
        delivered=in_audit,
        findings=drift(HERE, "aws_ecs_service.audit", Change("desired_count", 1, 4, who=ANYTHING)),
    ),
    Situation(
        name="one of three CLI workspaces of a root module",
        act=lambda aws: update(aws, "web", 4, cluster="twins-red"),
        findings=drift("twins-red", "aws_ecs_service.web", Change("desired_count", 1, 4)),
    ),
    Situation(
        name="another of them, as it is, with the note of an apply that was killed",
        act=lambda aws: update(aws, "web", 2, cluster="twins-blue"),
        findings=healed("twins-blue", "aws_ecs_service.web"),
    ),
)

FORMS = (
    Situation(
        name="one resource in two states, its code in JSON",
        act=lambda aws: update(aws, "web", cluster="json"),
        findings=tuple(
            each
            for workspace in FORMS_OF_JSON
            for each in drift(workspace, "aws_ecs_service.web", Change("desired_count", 1, 2))
        ),
    ),
    ignored("what JSON code ignores", "ignoring", "aws_ecs_service.ignoring", cluster="json", workspaces=FORMS_OF_JSON),
    Situation(
        name="a value from an override file, set again",
        act=lambda aws: update(aws, "overridden", 3, cluster="json"),
        findings=tuple(each for workspace in FORMS_OF_JSON for each in healed(workspace, "aws_ecs_service.overridden")),
    ),
    ignored(
        "what an override file ignores", "let-go", "aws_ecs_service.let_go", cluster="json", workspaces=FORMS_OF_JSON
    ),
)

CLOSED = (
    unchecked("code that cannot be planned", "broken", "terraform plan failed in broken"),
    unchecked("code whose module cannot be fetched", "unfetched", "terraform init failed in unfetched"),
    Situation(
        name="a state whose lock an apply holds",
        act=lambda aws: update(aws, "web", 7, cluster="twins-green"),
        findings=(
            Expected(
                status="not_checked",
                workspace="twins-green",
                address="aws_ecs_service.web",
                reason="the state of twins-green is locked by jane@laptop",
            ),
        ),
    ),
)


ROOTS = (
    Root(name=HERE, source=STACKS / HERE),
    twin("red"),
    twin("blue", busy=note_of_a_lock),
    twin("green", busy=lock),
    Root(name="json", source=STACKS / "json"),
    Root(name="json-too", source=STACKS / "json", copy_of="json"),
    Root(name="broken", source=STACKS / "broken", later=STACKS / "broken.later"),
    Root(name="unfetched", source=STACKS / "unfetched", later=STACKS / "unfetched.later"),
)
SITUATIONS = (*MODULES, *INDEXES, *PLACES, *FORMS, *CLOSED)
