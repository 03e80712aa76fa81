"""What a call asked for, under Terraform's attribute names.

Requested is not changed: consoles send whole forms, and Terraform sends empty lists. Both are kept as they came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

from reconciler.events.secrets import without_secrets
from reconciler.events.values import SCALARS, at, first_name, members, text
from reconciler.model import Json, JsonObject

_NESTED_NAMES: Mapping[str, str] = {
    "clientAliases": "client_alias",
    "filesystemType": "file_system_type",
    "host": "host_path",
    "issuerCertificateAuthority": "issuer_cert_authority",
    "loadBalancerName": "elb_name",
    "s3EncryptionEnabled": "s3_bucket_encryption_enabled",
    "secretOptions": "secret_option",
    "services": "service",
    "stepAdjustments": "step_adjustment",
    "tTL": "ttl",
}
"""Members inside values that Terraform calls something else than their name in snake case."""

_NAMES_BY_ATTRIBUTE: Mapping[str, Mapping[str, str]] = {
    "ephemeral_storage": {"sizeInGiB": "size_in_gib"},
    "volume_configuration": {"sizeInGiB": "size_in_gb"},
}
"""The same for members whose name depends on the attribute that they stand in."""

_VERBATIM = frozenset({"container_definitions"})
"""Attributes that Terraform takes as JSON in the API's own names."""

_MAPS = frozenset({"options", "driverOpts", "labels"})
"""Members that are maps of the user's own keys, which are no names of the API."""


_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Setting(NamedTuple):
    """One path in a request, and the attribute that it sets: its name, and the steps to it where it is nested.

    `convert` makes Terraform's value of one that is no scalar, and of any that Terraform writes differently.
    """

    path: str
    attribute: str
    steps: tuple[str, ...]
    convert: Callable[[Json], Json]
    scalars_too: bool


Plan = Mapping[str, Sequence[Setting]]
"""A call's map of attributes by the member of the request that each path begins with."""

_PLANS: dict[int, tuple[Mapping[str, str], Plan]] = {}


def requested(attributes: Mapping[str, str], request: JsonObject) -> dict[str, Json]:
    """Return the attributes that the request sets; `attributes` is the catalogue's map for the call.

    Secrets are redacted. A member of an unexpected type is kept as it is.
    """
    wanted: dict[str, Any] = {}
    plan = _plan(attributes)
    for member in request:  # most of what a call may set is left out
        for path, attribute, steps, convert, scalars_too in plan.get(member, ()):
            for value in (request[member],) if path == member else [found for found, _ in at(request, path)]:
                holder = wanted
                for step in steps:
                    holder = holder.setdefault(step, {})
                plain = isinstance(value, SCALARS) and not scalars_too
                holder[attribute] = value if plain else convert(without_secrets(value))
    return wanted


def _plan(attributes: Mapping[str, str]) -> Plan:
    # The catalogue's maps are few and stay as they are: each is sorted once.
    known, plan = _PLANS.get(id(attributes), (None, {}))
    if known is not attributes:
        sorted_paths: dict[str, list[Setting]] = {}
        for path, attribute in attributes.items():
            sorted_paths.setdefault(first_name(path), []).append(_setting(path, attribute.split(".")))
        plan = sorted_paths
        _PLANS[id(attributes)] = (attributes, plan)
    return plan


def _setting(path: str, names: Sequence[str]) -> Setting:
    convert = _CONVERTERS.get(path) or partial(_renamed, names=_NAMES_BY_ATTRIBUTE.get(names[0], {}))
    if names[0] in _VERBATIM:
        convert = _as_it_is
    return Setting(path, names[-1], tuple(names[:-1]), convert, scalars_too=path in _CONVERTERS)


def _as_it_is(value: Json) -> Json:
    return value


def _renamed(value: Json, names: Mapping[str, str]) -> Json:
    if isinstance(value, (list, tuple)):
        return [_renamed(item, names) for item in value]
    if isinstance(value, SCALARS) or not isinstance(value, Mapping):
        return value
    renamed: dict[str, Json] = {}
    for name, member in value.items():
        convert = _CONVERTERS.get(f"*.{name}")
        if name in _MAPS:
            inner = member
        elif convert is not None:
            inner = convert(member)
        else:
            inner = _renamed(member, names)
        renamed[names.get(name) or _NESTED_NAMES.get(name) or snake_case(name)] = inner
    return renamed


def snake_case(name: str) -> str:
    """Return an API member's name in snake case: `kmsKeyId` is `kms_key_id`, `targetGroupARN` `target_group_arn`."""
    return _HUMP.sub("_", name).lower()


def _pairs(key: str, value: str) -> Callable[[Json], Json]:
    def as_map(pairs: Json) -> Json:
        if not isinstance(pairs, (list, tuple)):
            return pairs
        named = ((text(pair.get(key)), pair.get(value)) for pair in pairs if isinstance(pair, Mapping))
        # A value that is left out is an empty one: null is a tag that is taken away.
        return {name: "" if given is None else given for name, given in named if name}

    return as_map


def _removed_tags(keys: Json) -> Json:
    return {key: None for key in members(keys) if isinstance(key, str)}


def _host(host: Json) -> Json:
    return host.get("sourcePath") if isinstance(host, Mapping) else host


def _flag(value: Json) -> Json:
    return {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value


def _public_ip(value: Json) -> Json:
    return {"ENABLED": True, "DISABLED": False}.get(value, value) if isinstance(value, str) else value


_TIMES = ("%b %d, %Y %I:%M:%S %p", "%b %d, %Y, %I:%M:%S %p")


def _moment(value: Json) -> Json:
    """Write a time as Terraform does; CloudTrail writes `Feb 1, 2030 1:20:25 PM`, in UTC, or seconds since 1970."""
    found: datetime | None = None
    with suppress(ValueError, OverflowError, OSError):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value, UTC)
    for form in _TIMES if isinstance(value, str) else ():
        with suppress(ValueError):
            found = datetime.strptime(value, form).replace(tzinfo=UTC)
    return value if found is None else found.strftime("%Y-%m-%dT%H:%M:%SZ")


_CONVERTERS: Mapping[str, Callable[[Json], Json]] = {
    "tags": _pairs("key", "value"),
    "tagKeys": _removed_tags,
    "setAsDefault": _flag,  # of a query protocol, which sends text: not every recorder makes a flag of it
    "startTime": _moment,
    "endTime": _moment,
    "*.tags": _pairs("key", "value"),
    "*.properties": _pairs("name", "value"),
    "*.assignPublicIp": _public_ip,
    "*.host": _host,
}
"""Values that Terraform writes differently; `*.` is a member inside a value."""
