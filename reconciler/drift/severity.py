"""How much a drift matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from reconciler.drift.catalogue import RIGHTS, TASK_DEFINITION
from reconciler.drift.revisions import belongs_to_revision
from reconciler.model.drift import AttributeChange, Drift, Member
from reconciler.model.events import Severity
from reconciler.model.json import Json
from reconciler.model.rules import DriftRule

_ORDER: Final[tuple[Severity, ...]] = ("info", "low", "medium", "high", "critical")

_DELETED: Final[dict[str, Severity]] = {"aws_ecs_service": "critical", "aws_ecs_cluster": "critical"}

# Names of TFDrift-Falco's rules that are not Terraform's.
_ALIASES: Final = {"settings": "setting", "service_name": "name"}

_HIGH: Final = frozenset(
    {
        # what runs, how much of it and on what
        "capacity_providers",
        "capacity_provider_strategy",
        "default_capacity_provider_strategy",
        "desired_count",
        # what it may do
        "execution_role_arn",
        "task_role_arn",
        # who reaches it, and what it reaches
        "network_mode",
        "pid_mode",
        "ipc_mode",
        "security_groups",
        "subnets",
    }
)
_HIGH_IN_CONTAINER: Final = frozenset({"privileged", "capabilities", "devices", "dockerSecurityOptions", "user"})
_ON: Final = frozenset({"enable_execute_command", "assign_public_ip"})
_LOW: Final = frozenset({"description", "tags", "tags_all"})


def severity_of(drift: Drift, rules: Sequence[DriftRule]) -> tuple[Severity, str | None]:
    """Return the severity of a drift and the name of the rule that decided it, None where the default table did.

    The first rule that matches decides: by resource type, and by a watched attribute that changed (a top-level name
    or a path of names such as `container_definitions.image`). A rule that watches nothing matches every change, and
    alone matches a deletion. Changes inside the revision that a service was moved to count as changes of an
    `aws_ecs_task_definition`, and stand for the service's `task_definition`, which only points at them.
    """
    changes = _weighed(drift)
    for rule in rules:
        if any(_matches(rule, resource_type, change) for resource_type, change in changes):
            return rule.severity, rule.name
        if drift.deleted and drift.type in rule.resource_types and not rule.watched_attributes:
            return rule.severity, rule.name
    if drift.deleted:
        return _DELETED.get(drift.type, "high"), None
    return max((_default(type_, change) for type_, change in changes), key=_ORDER.index, default="info"), None


def _weighed(drift: Drift) -> list[tuple[str, AttributeChange]]:
    inner = [change for change in drift.changes if belongs_to_revision(drift, change)]
    own = [change for change in drift.changes if change not in inner]
    if inner:
        own = [change for change in own if change.path != ("task_definition",)]
    return [(drift.type, change) for change in own] + [(TASK_DEFINITION, change) for change in inner]


def _matches(rule: DriftRule, resource_type: str, change: AttributeChange) -> bool:
    if resource_type not in rule.resource_types:
        return False
    names = [step for step in change.path if isinstance(step, str)]
    watched = [_ALIASES.get(name, name).split(".") for name in rule.watched_attributes]
    return not watched or any(names[: len(steps)] == steps for steps in watched)


def _default(resource_type: str, change: AttributeChange) -> Severity:
    names = [step for step in change.path if isinstance(step, str)]
    if names[0] in _LOW:
        return "low"
    if resource_type in RIGHTS or _HIGH.intersection(names) or (names[0] == "container_definitions" and _HIGH_IN_CONTAINER.intersection(names)):
        return "high"
    if _turned_on(names[-1], change.live):
        return "high"
    return (
        "high"
        if _holds(change, lambda name, value: name in _HIGH_IN_CONTAINER or _turned_on(name, value))
        else "medium"
    )


def _turned_on(name: str, value: Json) -> bool:
    return name in _ON and value is True


def _holds(change: AttributeChange, is_high: Callable[[str, Json], bool]) -> bool:
    """Tell whether a member that came, a container or a block, brings something of high severity with it."""
    if change.state is not None or not isinstance(change.path[-1], Member):
        return False
    pending: list[Json] = [change.live]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            if any(inner and is_high(name, inner) for name, inner in value.items()):
                return True
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return False
