"""Calls of IAM and Cloud Map concern ECS through the states, and not at all where no state says so."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.match import Target, Unmatched, build_index, match_event, users
from reconciler.model import ResourceId, Severity, State, StateResource
from tests.change_events import ACCOUNT, change_event

REGION = "eu-central-1"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
SHARED = f"arn:aws:iam::{ACCOUNT}:policy/teams/shared"
REGISTRY = f"arn:aws:servicediscovery:{REGION}:{ACCOUNT}:service/srv-1"
NAMESPACE = f"arn:aws:servicediscovery:{REGION}:{ACCOUNT}:namespace/ns-1"


def resource(workspace: str, address: str, **attributes: Any) -> StateResource:
    return StateResource(
        workspace=workspace, address=address, type=address.split(".")[0], provider="aws", attributes=attributes
    )


def ecs(name: str) -> str:
    return f"arn:aws:ecs:{REGION}:{ACCOUNT}:{name}"


def role_arn(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/apps/{name}"


SHOP = (
    resource(
        "shop",
        "aws_ecs_task_definition.web",
        arn=ecs("task-definition/web:3"),
        family="web",
        task_role_arn=role_arn("task"),
        execution_role_arn="pull",
    ),
    resource(
        "shop",
        "aws_ecs_service.web",
        id=ecs("service/prod/web"),
        name="web",
        cluster="prod",
        service_registries=[{"registry_arn": REGISTRY}],
        service_connect_configuration=[{"namespace": "shop", "enabled": True}],
    ),
)
ROLE = resource("base", "aws_iam_role.task", arn=role_arn("task"), name="task", managed_policy_arns=[SHARED])
OTHER_ROLE = resource("base", "aws_iam_role.other", arn=role_arn("other"), name="other")
ATTACHED = resource("base", "aws_iam_role_policy_attachment.shared", id="x", role="task", policy_arn=SHARED)
POLICY = resource("base", "aws_iam_policy.shared", id=SHARED, arn=SHARED, name="shared")
INLINE = resource("base", "aws_iam_role_policy.own", id="task:own", name="own", role="task")
EVERYWHERE = resource(
    "base", "aws_iam_policy_attachment.shared", id="x", name="x", policy_arn=SHARED, roles=["task"], users=[], groups=[]
)
EXCLUSIVE = resource(
    "base", "aws_iam_role_policy_attachments_exclusive.task", role_name="task", policy_arns=[SHARED, ADMIN]
)
DISCOVERY = resource(
    "base",
    "aws_service_discovery_service.web",
    id="srv-1",
    arn=REGISTRY,
    name="web",
    dns_config=[{"namespace_id": "ns-2"}],
)
HTTP = resource("base", "aws_service_discovery_http_namespace.shop", id="ns-1", arn=NAMESPACE, name="shop")


def found(name: str, identity: ResourceId, *states: StateResource, severity: Severity = "high", **more: Any) -> Any:
    source = "iam" if str(identity.type).startswith("aws_iam") else "servicediscovery"
    event = change_event(
        identity,
        name=name,
        source=more.get("source", f"{source}.amazonaws.com"),
        region="us-east-1" if source == "iam" else REGION,
        severity=severity,
        requested=more.get("requested", {}),
    )
    by_workspace: dict[str, list[StateResource]] = {}
    for each in states:
        by_workspace.setdefault(each.workspace, []).append(each)
    return match_event(
        event,
        build_index(
            [State(workspace=w, serial=1, lineage="l", resources=tuple(r)) for w, r in by_workspace.items()], {}
        ),
    )


def addresses(*arguments: Any, **more: Any) -> list[str]:
    return [each.address for each in found(*arguments, **more) if isinstance(each, Target)]


def role(name: str, account: str = ACCOUNT) -> ResourceId:
    return ResourceId(type="aws_iam_role", account=account, name=name)


def attachment(role_: str, arn: str = ADMIN) -> ResourceId:
    return ResourceId(
        type="aws_iam_role_policy_attachment", account=ACCOUNT, role=role_, arn=arn, name=arn.rpartition("/")[2]
    )


def registry(arn: str = REGISTRY) -> ResourceId:
    return ResourceId(type="aws_service_discovery_service", account=ACCOUNT, region=REGION, arn=arn, name="srv-1")


def test_a_task_role_of_another_workspace_is_a_target_that_says_whom_it_serves() -> None:
    (target,) = found("UpdateAssumeRolePolicy", role("task"), *SHOP, ROLE)
    assert (target.workspace, target.address) == ("base", "aws_iam_role.task")
    assert target.used_by == "aws_ecs_task_definition.web in shop"


@pytest.mark.parametrize(
    "identity", [role("other"), role("task", "999999999999"), attachment("other"), role(""), attachment("")]
)
def test_a_role_that_no_task_has_is_nobodys_business(identity: ResourceId) -> None:
    assert found("AttachRolePolicy", identity, *SHOP, ROLE, OTHER_ROLE) == ()


def test_an_execution_role_by_its_name_alone_is_one_too() -> None:
    (stray,) = found("PutRolePermissionsBoundary", role("pull"), *SHOP)
    assert isinstance(stray, Unmatched)
    assert stray.owner == "shop"


def test_what_was_given_to_a_role_that_no_state_has_is_told_with_who_uses_the_role() -> None:
    (stray,) = found("AttachRolePolicy", attachment("task"), *SHOP)
    assert isinstance(stray, Unmatched)
    assert f"{ADMIN} was attached to the role task" in stray.reason
    assert "aws_ecs_task_definition.web in shop" in stray.reason


@pytest.mark.parametrize(
    ("identity", "managing", "expected"),
    [
        (attachment("task", SHARED), (ROLE, ATTACHED, EXCLUSIVE), ATTACHED),
        (attachment("task"), (ROLE, ATTACHED, EXCLUSIVE), EXCLUSIVE),
        (attachment("task", SHARED), (ROLE, EXCLUSIVE, EVERYWHERE), EVERYWHERE),
        (attachment("task", SHARED), (ROLE, ATTACHED, EVERYWHERE), ATTACHED),
        (attachment("task"), (ROLE, EVERYWHERE), ROLE),
        (attachment("task"), (ROLE, ATTACHED), ROLE),
        (ResourceId(type="aws_iam_role_policy", account=ACCOUNT, role="task", name="own"), (ROLE, INLINE), INLINE),
        (ResourceId(type="aws_iam_role_policy", account=ACCOUNT, role="task", name="new"), (ROLE, INLINE), ROLE),
    ],
)
def test_the_closest_resource_that_manages_a_policy_is_asked(
    identity: ResourceId, managing: tuple[StateResource, ...], expected: StateResource
) -> None:
    assert addresses("AttachRolePolicy", identity, *SHOP, *managing) == [expected.address]


@pytest.mark.parametrize("attaching", [ATTACHED, EXCLUSIVE, ROLE, EVERYWHERE])
def test_a_managed_policy_counts_where_it_is_attached_to_such_a_role(attaching: StateResource) -> None:
    identity = ResourceId(type="aws_iam_policy", account=ACCOUNT, arn=SHARED, name="shared")
    assert addresses("CreatePolicyVersion", identity, *SHOP, attaching, POLICY) == ["aws_iam_policy.shared"]
    assert found("CreatePolicyVersion", identity, *SHOP, OTHER_ROLE, POLICY) == ()


@pytest.mark.parametrize(("said", "told"), [(True, 1), (False, 0), (None, 0)])
def test_a_version_of_a_policy_in_no_state_counts_once_it_holds(said: Any, told: int) -> None:
    identity = ResourceId(type="aws_iam_policy", account=ACCOUNT, arn=SHARED, name="shared")
    strays = found("CreatePolicyVersion", identity, *SHOP, ATTACHED, requested={"set_as_default": said})
    assert len(strays) == told


def test_a_policy_that_one_resource_attaches_everywhere_is_ecss_where_a_task_has_one_of_its_roles() -> None:
    index = build_index([State(workspace="base", serial=1, lineage="l", resources=(*SHOP, EVERYWHERE))], {})
    (entry,) = index.find(ResourceId(type="aws_iam_policy_attachment", account=ACCOUNT, arn=SHARED))
    assert {user.resource.address for user in users(entry.identity, index)} == {"aws_ecs_task_definition.web"}
    other = resource("base", "aws_iam_policy_attachment.other", id="x", policy_arn=ADMIN, roles=["other"])
    index = build_index([State(workspace="base", serial=1, lineage="l", resources=(*SHOP, other))], {})
    (entry,) = index.find(ResourceId(type="aws_iam_policy_attachment", account=ACCOUNT, arn=ADMIN))
    assert users(entry.identity, index) == ()


def test_tags_and_descriptions_of_what_nobody_manages_are_nobodys_business() -> None:
    assert found("TagRole", role("task"), *SHOP, severity="low") == ()
    assert addresses("TagRole", role("task"), *SHOP, ROLE, severity="low") == ["aws_iam_role.task"]


def test_a_registry_that_a_service_points_to_is_a_target_or_told() -> None:
    assert addresses("UpdateService", registry(), *SHOP, DISCOVERY) == ["aws_service_discovery_service.web"]
    (stray,) = found("DeleteService", registry(), *SHOP)
    assert isinstance(stray, Unmatched)
    assert (stray.owner, "aws_ecs_service.web" in stray.reason) == ("shop", True)


def test_a_registry_that_no_service_points_to_is_nobodys_business() -> None:
    assert found("DeleteService", registry(REGISTRY.replace("srv-1", "srv-2")), *SHOP, DISCOVERY) == ()
    assert found("DeleteService", registry(), DISCOVERY) == ()


def test_a_namespace_counts_by_name_for_service_connect_and_through_a_registry() -> None:
    identity = ResourceId(type=None, account=ACCOUNT, region=REGION, arn=NAMESPACE, name="ns-1")
    assert addresses("DeleteNamespace", identity, *SHOP, HTTP) == ["aws_service_discovery_http_namespace.shop"]
    assert found("DeleteNamespace", identity, *SHOP) == ()  # nobody knows its name
    behind = ResourceId(type=None, account=ACCOUNT, region=REGION, arn=NAMESPACE.replace("ns-1", "ns-2"), name="ns-2")
    (stray,) = found("DeleteNamespace", behind, *SHOP, DISCOVERY)
    assert isinstance(stray, Unmatched)


def tagged(key: str, arn: str, *states: StateResource) -> list[str]:
    identity = ResourceId(type="aws_ecs_service", cluster="prod", name="web", arn=arn)
    event = change_event(identity, name="TagResource", region=REGION, requested={"tags": {key: "x"}})
    index = build_index([State(workspace="shop", serial=1, lineage="l", resources=states)], {})
    return [each.address for each in match_event(event, index) if isinstance(each, Target)]


def test_a_tag_that_is_a_resource_of_its_own_is_a_target_too() -> None:
    arn = ecs("service/prod/web")
    tag = resource("shop", "aws_ecs_tag.team", id=f"{arn},team", resource_arn=arn, key="team", value="a")
    assert tagged("team", arn, tag) == ["aws_ecs_tag.team"]
    assert tagged("team", arn, SHOP[1], tag) == ["aws_ecs_service.web", "aws_ecs_tag.team"]


def test_another_tag_or_resource_is_none_of_it() -> None:
    arn = ecs("service/prod/web")
    tag = resource("shop", "aws_ecs_tag.team", id=f"{arn},team", resource_arn=arn, key="team", value="a")
    assert tagged("stage", arn, tag) == []
    assert tagged("team", ecs("service/prod/api"), tag) == []
