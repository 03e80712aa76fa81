"""A task definition that Terraform manages against a revision as the ECS API shows it."""

from __future__ import annotations

import re
from typing import Final

from reconciler.drift.catalogue import TASK_DEFINITION
from reconciler.drift.differences import find_differences
from reconciler.drift.noise import RECORD_RULES
from reconciler.model.drift import AttributeChange
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan_changes import UNKNOWN

# Terraform's own attributes around the content.
_NOT_MANAGED_CONTENT: Final = frozenset(
    {
        "arn",
        "arn_without_revision",
        "id",
        "region",
        "revision",
        "skip_destroy",
        "tags",
        "tags_all",
        "timeouts",
        "track_latest",
    }
)
# Computed where the code says nothing: a plan knows them only after the apply, and AWS will give its default.
_LEFT_TO_AWS: Final = frozenset({"configure_at_launch", "driver", "enable_fault_injection", "network_mode", "scope"})

# About the revision, not of it. Everything else the API tells is compared, also what this code does not know yet.
_NOT_CONTENT: Final = frozenset(
    {
        "compatibilities",
        "deleteRequestedAt",
        "deregisteredAt",
        "registeredAt",
        "registeredBy",
        "requiresAttributes",
        "revision",
        "status",
        "tags",
        "taskDefinitionArn",
        "version",
    }
)
_RENAMED: Final = {
    "configuredAtLaunch": "configure_at_launch",
    "inferenceAccelerators": "inference_accelerator",
    "sizeInGiB": "size_in_gib",
    "volumes": "volume",
}
_STRING_MAPS: Final = frozenset({"driverOpts", "labels"})
_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")


def compare_task_definitions(managed: JsonObject, live: JsonObject) -> tuple[AttributeChange, ...]:
    """Return how a live revision differs from the managed one; empty means the same content.

    `managed` holds the attributes of an `aws_ecs_task_definition`, from a state or from `PlannedChange.after`, whose
    `UNKNOWN` differs from everything; `live` is the API's `taskDefinition` object, from DescribeTaskDefinition or a
    record. `state` of a change is the managed value. Tags are not content. Values that a record blanks out cannot be
    compared and make no change.
    """
    content = {name: _settled(name, value) for name, value in managed.items() if name not in _NOT_MANAGED_CONTENT}
    where = {"arn": live.get("taskDefinitionArn")}  # names mean what is in its account and Region
    found = find_differences(TASK_DEFINITION, content | where, as_terraform(live) | where, rules=RECORD_RULES)
    return tuple(AttributeChange(path=item.path, state=item.before, live=item.after) for item in found)


def _settled(name: str, value: Json) -> Json:
    """Drop what only AWS will say from a planned value."""
    if value is UNKNOWN:
        return None if name in _LEFT_TO_AWS else value
    if isinstance(value, dict):
        return {inner: _settled(inner, member) for inner, member in value.items()}
    if isinstance(value, list):
        return [_settled("", member) for member in value]
    return value


def as_terraform(live: JsonObject) -> dict[str, Json]:
    """Write the API's object with Terraform's attributes; what is about the revision, not of it, is left out."""
    attributes = {}
    for name, value in live.items():
        if name == "containerDefinitions":
            attributes["container_definitions"] = value
        elif name == "proxyConfiguration" and isinstance(value, dict):
            attributes["proxy_configuration"] = [_proxy(value)]
        elif name not in _NOT_CONTENT:
            attributes[_snake(name)] = _block(value)
    return attributes


def _block(value: Json) -> Json:
    """Write a structure as a block, which Terraform keeps in a list; lists of structures are blocks already."""
    if isinstance(value, dict):
        return [_members(value)]
    if isinstance(value, list):
        return [_members(item) if isinstance(item, dict) else item for item in value]
    return value


def _members(structure: JsonObject) -> dict[str, Json]:
    attributes: dict[str, Json] = {}
    for name, value in structure.items():
        if name == "host" and isinstance(value, dict):
            attributes["host_path"] = value.get("sourcePath")
            attributes |= {_snake(other): _block(rest) for other, rest in value.items() if other != "sourcePath"}
        else:
            attributes[_snake(name)] = value if name in _STRING_MAPS else _block(value)
    return attributes


def _proxy(value: JsonObject) -> dict[str, Json]:
    properties = {item.get("name"): item.get("value") for item in value.get("properties") or ()}
    return {**_members({**value, "properties": None}), "properties": properties}


def _snake(name: str) -> str:
    return _RENAMED.get(name) or _CAPITAL.sub("_", name).lower()
