"""Which resources a record names, with their names taken apart.

An ARN in the response comes first: it is always whole. Else the request names the resource, by name, short ARN or
long ARN, and its ARN is built from the record's region, the recipient's account and the cluster, `default` when left
out. Where a record was truncated, a name is left None: never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from reconciler.events.arn import Arn, ecs_arn, parse_arn
from reconciler.events.catalogue import KINDS, Call, Kind, Layout, Named
from reconciler.events.related import RELATED_KINDS, cloud_map_tagged, related_resource
from reconciler.events.values import at, text
from reconciler.model import JsonObject, ResourceId

Names = dict[str, str | None]

_SCALED = frozenset({"scalable-target", "scaling-policy", "scheduled-action"})
_BY_PREFIX = {layout.prefix: kind for kind, layout in reversed(tuple(KINDS.items())) if layout.prefix}
_OF_CLUSTER = ("cluster", "cluster-capacity-providers")
_DEFAULT_CLUSTER = "default"


class Place(NamedTuple):
    """Where a record's resources are: the recipient's account, the record's region; None where it does not say."""

    account: str | None
    region: str | None


def resources_of(call: Call, request: JsonObject, response: JsonObject, place: Place) -> tuple[ResourceId, ...]:
    """Return every resource that a record of this call names, each once, in the record's order."""
    found: list[ResourceId] = []
    for named in call.resources:
        found += _named(named, request, response, place)
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def _named(named: Named, request: JsonObject, response: JsonObject, place: Place) -> Iterable[ResourceId]:
    if named.kind in _SCALED:
        return (_scaled(named, request, response, place),)
    if named.kind in RELATED_KINDS:
        return (related_resource(named, request, (place.account, place.region)),)
    if named.kind == "principal-setting" and _is_of_root(request, response):
        named = replace(named, kind="account-setting")
    return _from_response(named, request, response, place) or _from_request(named, request, place)


def _is_of_root(request: JsonObject, response: JsonObject) -> bool:
    """Tell whether an account setting is the root user's, which holds for all who have none of their own."""
    setting = response.get("setting")
    answered = setting.get("principalArn") if isinstance(setting, dict) else None
    return (text(answered) or text(request.get("principalArn")) or "").endswith(":root")


def _from_response(named: Named, request: JsonObject, response: JsonObject, place: Place) -> Sequence[ResourceId]:
    resources: list[ResourceId] = []
    for value, holder in at(response, named.response) if named.response else ():
        name = text(value)
        cluster = _last_part(text(holder.get("clusterArn"))) or _cluster(named, request)
        resource = _of_arn(named.kind, name, cluster, place)
        if resource is None and name and KINDS[named.kind].prefix is None:
            resource = _built(named.kind, {"name": name}, place)
        if resource is not None:
            resources.append(resource)
    return resources


def _from_request(named: Named, request: JsonObject, place: Place) -> Iterator[ResourceId]:
    values = [text(value) for value, _ in at(request, named.request)] if named.request else []
    named_values: Sequence[str | None] = [value for value in values if value]
    for name in named_values or (named.default if request else None,):
        resource = _of_arn(named.kind, name, _cluster(named, request), place)
        if resource is not None:
            yield resource
        elif named.kind == "any":
            yield ResourceId(type=None, account=place.account, region=place.region, name=name)
        else:
            yield _built(named.kind, _names_in_request(named, name, request), place)


def _names_in_request(named: Named, name: str | None, request: JsonObject) -> Names:
    layout = KINDS[named.kind]
    names = _plain(layout, name) if name else {}
    around = {"cluster": _cluster(named, request)}
    service = parse_arn(text(request.get("service")))
    if service is not None:
        around["cluster"] = _split(KINDS["service"], _resource(service)).get("cluster") or around["cluster"]
    if "service" in layout.fields:
        around["service"] = _last_part(text(request.get("service")))
    return {**around, **names} if "cluster" in layout.fields else names


@lru_cache(maxsize=256)
def _of_arn(kind: Kind, text: str | None, cluster: str | None, place: Place) -> ResourceId | None:
    # A trail's records are of the same few resources: each is taken apart once.
    arn = parse_arn(text)
    return None if arn is None else _taken_apart(kind, arn, cluster, place)


def _taken_apart(named_kind: Kind, arn: Arn, cluster: str | None, place: Place) -> ResourceId:
    prefix, _, rest = arn.resource.partition("/")
    if named_kind == "any" and arn.service == "servicediscovery":
        return cloud_map_tagged(arn, (place.account or arn.account or None, place.region or arn.region or None))
    place = Place(place.account or arn.account or None, place.region or arn.region or None)
    kind = named_kind if named_kind != "any" else _BY_PREFIX.get(prefix, "any")
    if prefix == "service-deployment":
        # …/CLUSTER/SERVICE/ID: the deployment is the service's.
        return _built("service", _split(KINDS["service"], rest.rpartition("/")[0]), place)
    if kind == "any" or KINDS[kind].prefix != prefix:
        return ResourceId(type=None, account=place.account, region=place.region, arn=str(arn), name=_last_part(rest))
    layout = KINDS[kind]
    names = _split(layout, rest)
    if "cluster" in layout.fields:
        names = {**names, "cluster": names.get("cluster") or cluster}
    return _resource_id(kind, names, str(arn), place)


def _built(kind: str, names: Names, place: Place) -> ResourceId:
    layout = KINDS[kind]
    wanted = [part for field in layout.fields for part in field.split(":")]
    parts = [names.get(part) for part in wanted]
    arn = None
    if layout.prefix and all(parts):
        joined = "/".join(":".join(str(names[part]) for part in field.split(":")) for field in layout.fields)
        arn = ecs_arn(place.region, place.account, f"{layout.prefix}/{joined}")
    return _resource_id(kind, names, arn, place)


def _resource_id(kind: str, names: Names, arn: str | None, place: Place) -> ResourceId:
    if kind in _OF_CLUSTER:
        names = {**names, "cluster": names.get("name")}
    revision = names.get("revision") or ""
    return ResourceId(
        type=KINDS[kind].type,
        account=place.account,
        region=place.region,
        arn=arn,
        cluster=names.get("cluster"),
        name=names.get("name"),
        family=names.get("family"),
        revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else None,
        service=names.get("service"),
    )


def _scaled(named: Named, request: JsonObject, response: JsonObject, place: Place) -> ResourceId:
    # resourceId of an ECS service is service/CLUSTER/SERVICE.
    parts = (text(request.get("resourceId")) or "").split("/")
    cluster, service = (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "service" else (None, None)
    asked = text(request.get(named.request))
    # Tagging names a target by its ARN in the request, which tells neither cluster nor service.
    arn = parse_arn(text(response.get(named.response))) or parse_arn(asked)
    return ResourceId(
        type=KINDS[named.kind].type,
        account=place.account,
        region=place.region,
        arn=str(arn) if arn else None,
        cluster=cluster or None,
        service=service or None,
        name=asked if not parse_arn(asked) else None,
    )


def _plain(layout: Layout, name: str) -> Names:
    """Fill a layout's last field with a name as a request has it: a task set's has a slash in it."""
    if ":" not in layout.fields[-1]:
        return {layout.fields[-1]: name}
    family, _, revision = name.partition(":")
    return {"family": family or None, "revision": revision or None}


def _split(layout: Layout, rest: str) -> Names:
    """Fill a layout's fields from the right, so that a short ARN lacks the fields on the left."""
    if ":" in layout.fields[-1]:
        return _plain(layout, rest)
    parts = rest.split("/")
    surplus = max(0, len(parts) - len(layout.fields))
    head, last = parts[: len(parts) - 1 - surplus], "/".join(parts[len(parts) - 1 - surplus :])
    filled: Mapping[str, str] = dict(zip(reversed(layout.fields), reversed([*head, last]), strict=False))
    return {field: value or None for field, value in filled.items()}


def _cluster(named: Named, request: JsonObject) -> str | None:
    if not request:
        return None
    return _last_part(text(request.get(named.cluster))) or _DEFAULT_CLUSTER


def _resource(arn: Arn) -> str:
    return arn.resource.partition("/")[2]


def _last_part(name_or_arn: str | None) -> str | None:
    return (name_or_arn or "").rpartition("/")[2] or None


def failures_only(call: Call, response: JsonObject) -> bool:
    """Tell whether a call that AWS accepted did nothing: `failures` and not one resource done."""
    if not response.get("failures"):
        return False
    lists = [named.response for named in call.resources if "[]" in named.response]
    return bool(lists) and not any(at(response, path) for path in lists)


def first_arn(call: Call, response: JsonObject) -> Arn | None:
    """Return the first ARN that the response gives for the call's resources."""
    for named in call.resources:
        for value, _ in at(response, named.response):
            if arn := parse_arn(text(value)):
                return arn
    return None
