"""The identity of a managed resource, read from its raw state attributes. A new type is one function in `_READERS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from reconciler.model import Json, JsonObject, ResourceId, StateResource


class Place(NamedTuple):
    """An AWS account and region; None where not known."""

    account: str | None
    region: str | None


_ARN_PARTS = 6


def place_of(arn: Json) -> Place | None:
    """Return the account and region in an ARN, None when it is none or names neither."""
    parts = str(arn or "").split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS or parts[0] != "arn" or not (parts[3] and parts[4]):
        return None
    return Place(account=parts[4], region=parts[3])


def last_part(name_or_arn: Json) -> str | None:
    """Return the name in a name or an ARN, None for nothing."""
    text = str(name_or_arn or "")
    return text.rsplit("/", 1)[-1] or None


def identify(resource: StateResource, fallback: Place) -> ResourceId | None:
    """Return the resource's identity, None for types that no ECS event concerns.

    `fallback` is where its provider works, for types whose state holds no ARN.
    """
    reader = _READERS.get(resource.type)
    if reader is None:
        return None
    attributes = resource.attributes
    if resource.type.startswith("aws_iam_"):
        return ResourceId(type=resource.type, **{"account": fallback.account, **reader(attributes)})
    arn = attributes.get("arn") or attributes.get("resource_arn") or attributes.get("id")
    place = place_of(arn) or fallback
    return ResourceId(
        type=resource.type,
        account=place.account,
        region=place.region,
        arn=arn if place_of(arn) else None,
        **reader(attributes),
    )


def _with_arn(attributes: JsonObject) -> dict[str, Json]:
    # arn:aws:iam::ACCOUNT:role/PATH/NAME: IAM is global, its ARNs have no region.
    arn = str(attributes.get("arn") or "")
    account = arn.split(":")[4] if arn.count(":") >= _ARN_PARTS - 1 else ""
    found = {"account": account} if account else {}
    return {**found, "arn": arn or None, "name": attributes.get("name") or last_part(arn)}


def _of_role(attributes: JsonObject) -> dict[str, Json]:
    return {"role": last_part(attributes.get("role") or attributes.get("role_name")), "name": attributes.get("name")}


def _attachment(attributes: JsonObject) -> dict[str, Json]:
    arn = attributes.get("policy_arn")
    return {"role": last_part(attributes.get("role")), "arn": arn, "name": last_part(arn)}


def _tag(attributes: JsonObject) -> dict[str, Json]:
    return {"name": attributes.get("key")}


def _service(attributes: JsonObject) -> dict[str, Json]:
    # arn:…:service/CLUSTER/NAME; the old short form has no cluster, and `cluster` may be an ARN or a name.
    parts = str(attributes.get("id") or "").split(":")[-1].split("/")
    cluster = parts[1] if len(parts) == 3 else last_part(attributes.get("cluster")) or "default"
    return {"cluster": cluster, "name": attributes.get("name")}


def _task_definition(attributes: JsonObject) -> dict[str, Json]:
    return {"family": attributes.get("family"), "revision": attributes.get("revision")}


def _named(attributes: JsonObject) -> dict[str, Json]:
    return {"name": attributes.get("name")}


def _cluster_capacity_providers(attributes: JsonObject) -> dict[str, Json]:
    return {"cluster": last_part(attributes.get("cluster_name"))}


def _task_set(attributes: JsonObject) -> dict[str, Json]:
    return {
        "cluster": last_part(attributes.get("cluster")),
        "service": last_part(attributes.get("service")),
        "name": attributes.get("task_set_id"),
    }


def _scalable(attributes: JsonObject) -> dict[str, Json]:
    # resource_id is service/CLUSTER/SERVICE for ECS.
    parts = str(attributes.get("resource_id") or "").split("/")
    cluster, service = (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "service" else (None, None)
    return {"cluster": cluster, "service": service, "name": attributes.get("name")}


_READERS: Mapping[str, Callable[[JsonObject], dict[str, Json]]] = {
    "aws_ecs_service": _service,
    "aws_ecs_task_definition": _task_definition,
    "aws_ecs_cluster": _named,
    "aws_ecs_cluster_capacity_providers": _cluster_capacity_providers,
    "aws_ecs_capacity_provider": _named,
    "aws_ecs_task_set": _task_set,
    "aws_ecs_account_setting_default": _named,
    "aws_appautoscaling_target": _scalable,
    "aws_appautoscaling_policy": _scalable,
    "aws_appautoscaling_scheduled_action": _scalable,
    "aws_ecs_tag": _tag,
    "aws_iam_policy": _with_arn,
    "aws_iam_role": _with_arn,
    "aws_iam_role_policies_exclusive": _of_role,
    "aws_iam_role_policy": _of_role,
    "aws_iam_role_policy_attachment": _attachment,
    "aws_iam_role_policy_attachments_exclusive": _of_role,
    "aws_service_discovery_http_namespace": _named,
    "aws_service_discovery_private_dns_namespace": _named,
    "aws_service_discovery_public_dns_namespace": _named,
    "aws_service_discovery_service": _named,
}
