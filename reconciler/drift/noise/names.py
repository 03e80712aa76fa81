"""Two names of one thing."""

from __future__ import annotations

import re
from typing import Final

from reconciler.drift.catalogue import TASK_DEFINITION, is_reported
from reconciler.drift.noise.node import Node
from reconciler.model.json import Json

_REFERENCES: Final = frozenset(
    {"cluster", "cluster_name", "execution_role_arn", "iam_role", "service", "task_definition", "task_role_arn"}
)


# ECS takes a cluster, service, role or task definition by name (`family:revision`) or by ARN, and answers with either.
# Two ARNs are never taken for one: they may name another account or region.
def arn_or_name(node: Node) -> bool:
    """Tell whether one side is an ARN and the other the name at its end."""
    return node.top in _REFERENCES and same_reference(node.before, node.after)


def same_reference(one: Json, other: Json) -> bool:
    """Tell whether two references are equal, or one is an ARN that ends in the other's name or path."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    if one.startswith("arn:") == other.startswith("arn:"):
        return one == other
    arn, name = (one, other) if one.startswith("arn:") else (other, one)
    return bool(name) and arn.endswith(f"/{name}")


_SECRETS: Final = frozenset({("secretOptions", "valueFrom"), ("secrets", "valueFrom")})


# A parameter of the task's own Region goes by its name or its ARN (Secret in the ECS API reference); the console writes
# the ARN. It is the account's own then, too: a parameter that another one shares goes by its ARN only.
def parameter_name(node: Node) -> bool:
    """Tell whether a container gets its secret from one parameter, named here and by its ARN there."""
    if node.place not in _SECRETS or node.type != TASK_DEFINITION:
        return False
    arn = next((text.split(":") for each in node.resources if isinstance(text := each.get("arn"), str)), [])
    if len(arn) < 5 or not isinstance(node.before, str) or not isinstance(node.after, str):
        return False
    parameters = ":".join((*arn[:2], "ssm", *arn[3:5], "parameter"))
    one, other = (
        text if text.startswith("arn:") else f"{parameters}/{text.removeprefix('/')}"
        for text in (node.before, node.after)
    )
    return one == other


# `field` of a placement strategy: the API answers `host` with `instanceId`, and CPU and MEMORY in capitals for what
# has to be sent in lower case.
def placement_field(node: Node) -> bool:
    """Tell whether two fields of a placement strategy are the same one."""
    if node.place != ("ordered_placement_strategy", "field") or not is_reported(node.type):
        return False
    if not isinstance(node.before, str) or not isinstance(node.after, str):
        return False
    return _field(node.before) == _field(node.after)


def _field(text: str) -> str:
    if text in ("host", "instanceId"):
        return "instanceId"
    return text.lower() if text in ("CPU", "MEMORY") else text


_SCALING_ROLE: Final = re.compile(
    r"arn:[\w-]+:iam::\d{12}:role/aws-service-role/ecs\.application-autoscaling\.amazonaws\.com/\w+"
)


# For ECS, Application Auto Scaling takes any role and works with its service-linked one, which it answers with:
# `role_arn` says something else right after the apply (aws_appautoscaling_target, 5.100).
def scaling_role(node: Node) -> bool:
    """Tell whether one side is the service-linked role that every scalable target of ECS has."""
    if node.type != "aws_appautoscaling_target" or node.top != "role_arn":
        return False
    return any(isinstance(side, str) and _SCALING_ROLE.fullmatch(side) for side in (node.before, node.after))
