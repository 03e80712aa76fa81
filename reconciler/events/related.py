"""Which resources of IAM and Cloud Map a record names. Their requests give ids and ARNs; answers add nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.events.arn import Arn, parse_arn, partition_of
from reconciler.events.catalogue import KINDS, Named
from reconciler.events.values import text
from reconciler.model import JsonObject, ResourceId

Where = tuple[str | None, str | None]
"""Account and region."""

_SERVICE = "servicediscovery"


def related_resource(named: Named, request: JsonObject, where: Where) -> ResourceId:
    """Return the resource that a request of IAM or Cloud Map names; parts that it leaves out are None."""
    return _READERS[named.kind](named, request, where)


def cloud_map_tagged(arn: Arn, where: Where) -> ResourceId:
    """Return the registry or namespace that an ARN in a tagging request names."""
    kind = "registry" if arn.resource.startswith("service/") else "namespace"
    return _in_cloud_map(kind, str(arn), where)


def _role(named: Named, request: JsonObject, where: Where) -> ResourceId:
    # A role's ARN holds its path, which no call but CreateRole tells.
    return ResourceId(type="aws_iam_role", account=where[0], name=text(request.get("roleName")))


def _role_policy(named: Named, request: JsonObject, where: Where) -> ResourceId:
    name, role = text(request.get("policyName")), text(request.get("roleName"))
    return ResourceId(type="aws_iam_role_policy", account=where[0], name=name, role=role)


def _attachment(named: Named, request: JsonObject, where: Where) -> ResourceId:
    arn, role = text(request.get("policyArn")), text(request.get("roleName"))
    return ResourceId(type="aws_iam_role_policy_attachment", account=where[0], arn=arn, name=_last(arn), role=role)


def _policy(named: Named, request: JsonObject, where: Where) -> ResourceId:
    arn = text(request.get("policyArn"))
    return ResourceId(type="aws_iam_policy", account=where[0], arn=arn, name=_last(arn))


def _cloud_map(named: Named, request: JsonObject, where: Where) -> ResourceId:
    return _in_cloud_map(named.kind, text(request.get(named.request)), where)


def _in_cloud_map(kind: str, id_or_arn: str | None, where: Where) -> ResourceId:
    account, region = where
    arn = id_or_arn if parse_arn(id_or_arn) else None
    prefix = "service" if kind == "registry" else "namespace"
    if arn is None and id_or_arn and account and region:
        arn = str(Arn(partition_of(region), _SERVICE, region, account, f"{prefix}/{id_or_arn}"))
    return ResourceId(type=KINDS[kind].type, account=account, region=region, arn=arn, name=_last(id_or_arn))


def _last(name_or_arn: str | None) -> str | None:
    return (name_or_arn or "").rpartition("/")[2] or None


_READERS: Mapping[str, Callable[[Named, JsonObject, Where], ResourceId]] = {
    "role": _role,
    "role-policy": _role_policy,
    "role-policy-attachment": _attachment,
    "iam-policy": _policy,
    "registry": _cloud_map,
    "namespace": _cloud_map,
    "http-namespace": _cloud_map,
    "private-dns-namespace": _cloud_map,
    "public-dns-namespace": _cloud_map,
}

RELATED_KINDS = frozenset(_READERS)
"""The kinds of resource that this module reads."""
