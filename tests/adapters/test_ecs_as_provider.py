"""As whom Amazon ECS is asked, against the embedded AWS: as the provider that has the resource, in its account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.aws import Role, client
from reconciler.adapters.ecs import EcsStatus, EcsTaskDefinitions
from reconciler.errors import AwsError
from reconciler.model import Json, Provider, ResourceId, Workspace
from reconciler.sandbox import ACCOUNT, REGION, Sandbox

OTHER, HUB = "210987654321", "333333333333"
ROLE = {"role_arn": f"arn:aws:iam::{OTHER}:role/plan", "external_id": "ext-42"}
HOP = {"role_arn": f"arn:aws:iam::{HUB}:role/hub"}


def landing_zone(**settings: Json) -> Workspace:
    return Workspace(name="prod", path=Path("/nowhere"), provider=Provider(settings=settings))


@pytest.fixture(scope="module")
def revisions(sandbox: Sandbox) -> dict[str, str]:
    """Register `job:1` in both accounts, each with its own image; returns the ARNs by account."""
    made = {}
    for account, roles in ((ACCOUNT, ()), (OTHER, (Role(ROLE["role_arn"]),))):
        ecs = client("ecs", sandbox.environment(), region=REGION, roles=roles)
        container: Any = {"name": "job", "image": f"job:{account}", "memory": 128}
        registered = ecs.register_task_definition(family="job", containerDefinitions=[container])
        made[account] = registered["taskDefinition"]["taskDefinitionArn"]
    return made


def status(process: dict[str, str], workspace: Workspace, resource: ResourceId) -> str:
    ((asked, said),) = EcsStatus(process)(workspace, [resource])
    assert asked == resource
    return said


def identity(revision: str) -> ResourceId:
    account, name = revision.split(":")[4], revision.rpartition("/")[2]
    family, _, number = name.partition(":")
    return ResourceId(
        type="aws_ecs_task_definition",
        arn=revision,
        account=account,
        region=REGION,
        family=family,
        revision=int(number),
    )


@pytest.mark.parametrize("roles", [[ROLE], [HOP, ROLE]], ids=["one", "chained"])
def test_a_revision_behind_the_providers_role_is_described(
    sandbox: Sandbox, revisions: dict[str, str], roles: list[dict[str, str]]
) -> None:
    workspace, process = landing_zone(assume_role=roles), sandbox.environment()
    described = EcsTaskDefinitions(process).describe(workspace, REGION, revisions[OTHER])
    assert described["containerDefinitions"][0]["image"] == f"job:{OTHER}"
    assert status(process, workspace, identity(revisions[OTHER])) == "ACTIVE"


@pytest.mark.parametrize("roles", [[], [HOP], [ROLE, HOP]], ids=["none", "another", "another at last"])
def test_another_accounts_revision_of_that_name_is_no_answer(
    sandbox: Sandbox, revisions: dict[str, str], roles: list[dict[str, str]]
) -> None:
    workspace, process = landing_zone(assume_role=roles), sandbox.environment()
    with pytest.raises(AwsError, match=f"^{revisions[OTHER]} could not be described"):
        EcsTaskDefinitions(process).describe(workspace, REGION, revisions[OTHER])
    with pytest.raises(AwsError, match=f"account {HUB if roles else ACCOUNT} has answered for {OTHER}$"):
        status(process, workspace, identity(revisions[OTHER]))


PLACE = f"arn:aws:ecs:{REGION}:{OTHER}"
REVISION = identity(f"{PLACE}:task-definition/gone:7")
CLUSTER = ResourceId(type="aws_ecs_cluster", arn=f"{PLACE}:cluster/gone", account=OTHER, region=REGION, name="gone")


@pytest.mark.parametrize("gone", [REVISION, CLUSTER], ids=lambda each: each.type)
def test_what_the_resources_account_does_not_have_is_missing(sandbox: Sandbox, gone: ResourceId) -> None:
    assert status(sandbox.environment(), landing_zone(assume_role=[ROLE]), gone) == "MISSING"


@pytest.mark.parametrize("gone", [REVISION, CLUSTER], ids=lambda each: each.type)
def test_what_another_account_does_not_have_may_be_there(sandbox: Sandbox, gone: ResourceId) -> None:
    with pytest.raises(AwsError, match=f"account {ACCOUNT} has answered for {OTHER}$"):
        status(sandbox.environment(), landing_zone(), gone)


def test_it_is_said_why_the_provider_was_not_asked_as(sandbox: Sandbox) -> None:
    untold = Workspace(name="prod", path=Path("/nowhere"), provider=Provider(untold="assume_role.role_arn"))
    with pytest.raises(AwsError, match=r"only Terraform can tell assume_role\.role_arn of the provider: account"):
        status(sandbox.environment(), untold, REVISION)
    tagged = landing_zone(assume_role=[{**ROLE, "tags": {"Team": "shop"}}])
    with pytest.raises(AwsError, match="only Terraform can ask as the provider does: account"):
        status(sandbox.environment(), tagged, REVISION)


def test_the_settings_of_a_provider_are_not_shown() -> None:
    assert "ext-42" not in repr(landing_zone(assume_role=[ROLE], secret_key="s"))
