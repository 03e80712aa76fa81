"""Whether a resource is there, which a plan calls gone: a plan of another region or account finds nothing either.

AWS is asked as the resource's provider asks, and an answer counts only from the account that has the resource.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from reconciler.adapters.ecs import MISSING, PATIENT, Asker, EcsStatus
from reconciler.errors import AwsError
from reconciler.model import ResourceId, Workspace

_THERE = "ACTIVE"
"""For what has no status of its own."""
_GONE = frozenset({"NoSuchEntity", "ServiceNotFound", "NamespaceNotFound"})


class Existence:
    """Asks AWS once for each call. Needs what `terraform plan` needs to read the same resources."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._ecs = EcsStatus(environment)

    def __call__(self, workspace: Workspace, resource: ResourceId) -> str | None:
        """Return `ACTIVE` and the like, `MISSING` when there is none; raises AwsError.

        None for types that nothing is asked about but the account.
        """
        said = dict(self._ecs(workspace, [resource]))
        return said[resource] if said else self._of_others(workspace, resource)

    def _of_others(self, workspace: Workspace, resource: ResourceId) -> str | None:
        from botocore.exceptions import BotoCoreError, ClientError

        service, question = _QUESTIONS.get(resource.type, ("sts", None))
        asker = Asker(self._environment, workspace, resource.region, **PATIENT)
        asked = f"{service} in {resource.region or 'any region'}{asker.aside}"
        try:
            account = resource.account and asker.account()
            is_there = question(asker.client(service), resource) if question else None
        except ClientError as error:
            refused = error.response.get("Error", {})
            if refused.get("Code") not in _GONE:
                raise AwsError(f"{asked}: {refused.get('Code', 'unknown')}: {refused.get('Message', '')}") from error
            is_there = False
        except BotoCoreError as error:
            raise AwsError(f"{asked}: {error}") from error
        if account != resource.account:
            raise AwsError(f"{asked}: account {account} has answered for {resource.account}")
        return None if is_there is None else _THERE if is_there else MISSING


Question: TypeAlias = Callable[[Any, ResourceId], bool | None]
"""Asks a client of the service whether a resource is there; None for one that it cannot know."""


def _has_target(scaling: Any, resource: ResourceId) -> bool | None:
    asked = {"ServiceNamespace": "ecs", "ResourceIds": [_scaled(resource)]}
    return bool(scaling.describe_scalable_targets(**asked)["ScalableTargets"]) if resource.service else None


def _has_scaling_policy(scaling: Any, resource: ResourceId) -> bool | None:
    asked = {"ServiceNamespace": "ecs", "ResourceId": _scaled(resource), "PolicyNames": [resource.name]}
    found = scaling.describe_scaling_policies(**asked)["ScalingPolicies"] if resource.service else None
    return None if found is None else any(policy["PolicyName"] == resource.name for policy in found)


def _has_scheduled_action(scaling: Any, resource: ResourceId) -> bool | None:
    asked = {"ServiceNamespace": "ecs", "ResourceId": _scaled(resource), "ScheduledActionNames": [resource.name]}
    found = scaling.describe_scheduled_actions(**asked)["ScheduledActions"] if resource.service else None
    return None if found is None else any(action["ScheduledActionName"] == resource.name for action in found)


def _scaled(resource: ResourceId) -> str:
    return f"service/{resource.cluster}/{resource.service}"


def _has_attached(iam: Any, resource: ResourceId) -> bool:
    pages = iam.get_paginator("list_attached_role_policies").paginate(RoleName=resource.role)
    return any(policy["PolicyArn"] == resource.arn for page in pages for policy in page["AttachedPolicies"])


def _has_namespace(discovery: Any, resource: ResourceId) -> bool | None:
    return bool(discovery.get_namespace(Id=resource.arn.rpartition("/")[2])) if resource.arn else None


def _has_registry(discovery: Any, resource: ResourceId) -> bool | None:
    return bool(discovery.get_service(Id=resource.arn.rpartition("/")[2])) if resource.arn else None


_QUESTIONS: Mapping[str | None, tuple[str, Question]] = {
    "aws_appautoscaling_target": ("application-autoscaling", _has_target),
    "aws_appautoscaling_policy": ("application-autoscaling", _has_scaling_policy),
    "aws_appautoscaling_scheduled_action": ("application-autoscaling", _has_scheduled_action),
    "aws_iam_role": ("iam", lambda iam, role: bool(iam.get_role(RoleName=role.name))),
    "aws_iam_policy": ("iam", lambda iam, policy: bool(iam.get_policy(PolicyArn=policy.arn))),
    "aws_iam_role_policy": (
        "iam",
        lambda iam, policy: bool(iam.get_role_policy(RoleName=policy.role, PolicyName=policy.name)),
    ),
    "aws_iam_role_policy_attachment": ("iam", _has_attached),
    "aws_service_discovery_http_namespace": ("servicediscovery", _has_namespace),
    "aws_service_discovery_private_dns_namespace": ("servicediscovery", _has_namespace),
    "aws_service_discovery_public_dns_namespace": ("servicediscovery", _has_namespace),
    "aws_service_discovery_service": ("servicediscovery", _has_registry),
}
"""Which service is asked about a type, and how."""
