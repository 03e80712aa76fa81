"""The identity of a managed resource, read from its raw state attributes. A new type is one function in `_READERS`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from reconciler.model import Json, JsonObject, ResourceId, StateResource


class Place(NamedTuple):
    """An AWS account and region; None where not known."""

    account: str | None
    region: str | None


NOWHERE = Place(None, None)
_ARN_PARTS = 6
_ACCOUNT = re.compile(r"[0-9]{12}")


def place_of(arn: Json) -> Place:
    """Return the account and region in an ARN: IAM's have no region, AWS's own policies no account."""
    parts = arn.split(":", _ARN_PARTS - 1) if isinstance(arn, str) else []
    if len(parts) < _ARN_PARTS or parts[0] != "arn":
        return NOWHERE
    return Place(account=parts[4] if _ACCOUNT.fullmatch(parts[4]) else None, region=parts[3] or None)


def home_of(attributes: JsonObject) -> Place:
    """Return where a resource says that it is: by its ARN, which many types have as their id, or by its region."""
    place = place_of(_own_arn(attributes))
    region = attributes.get("region")  # in every resource of provider 6
    return place._replace(region=place.region or (region if isinstance(region, str) and region else None))


def _own_arn(attributes: JsonObject) -> str | None:
    arns = (attributes.get(name) for name in ("arn", "resource_arn", "id"))
    return next((arn for arn in arns if isinstance(arn, str) and place_of(arn) != NOWHERE), None)


def last_part(name_or_arn: Json) -> str | None:
    """Return the name in a name or an ARN, None for nothing."""
    text = str(name_or_arn or "")
    return text.rsplit("/", 1)[-1] or None


def identify(resource: StateResource, fallback: Place) -> ResourceId | None:
    """Return the resource's identity, None for types that no ECS event concerns.

    `fallback` is where its provider works, for what its state does not tell.
    """
    reader = _READERS.get(resource.type)
    if reader is None:
        return None
    attributes = resource.attributes
    home, arn = home_of(attributes), _own_arn(attributes)
    account = home.account or fallback.account
    if resource.type.startswith("aws_iam_"):
        return ResourceId(type=resource.type, **{"account": account, **reader(attributes)})
    return ResourceId(
        type=resource.type,
        account=account,
        region=home.region or fallback.region,
        arn=arn if all(place_of(arn)) else None,
        **reader(attributes),
    )


def _with_arn(attributes: JsonObject) -> dict[str, Json]:
    return {"arn": attributes.get("arn") or None, "name": attributes.get("name") or last_part(attributes.get("arn"))}


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
    revision = attributes.get("revision")  # text, where a state keeps what format 3 had
    if isinstance(revision, str) and revision.isdecimal():
        revision = int(revision)
    return {"family": attributes.get("family"), "revision": revision}


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
    "aws_iam_policy_attachment": _attachment,
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
