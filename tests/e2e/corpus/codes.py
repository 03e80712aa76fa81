"""What the code says beside what is live: versions that nobody has applied, what it ignores and does not know."""

from __future__ import annotations

from typing import Any

from reconciler.sandbox import Sandbox
from tests.e2e.corpus.calls import HERE, network, tag, update
from tests.e2e.corpus.situation import ANYTHING, STACKS, Change, Expected, Root, Situation, drift, finding, healed


def outside(sandbox: Sandbox) -> None:
    """Two services that Terraform knows nothing of."""
    for name in ("debug", "debug-too"):
        sandbox.client("ecs", "jane").create_service(
            cluster=HERE, serviceName=name, taskDefinition="services-app:1", desiredCount=1
        )
    update(sandbox, "debug", desiredCount=2)


def alarms(*names: str) -> dict[str, Any]:
    """Return a request's deploymentConfiguration that watches alarms."""
    return {"alarms": {"alarmNames": list(names), "enable": True, "rollback": False}}


def packing(*fields: str) -> list[dict[str, str]]:
    """Return a request's placementStrategy that saves what each field names."""
    return [{"type": "binpack", "field": field} for field in fields]


def leave_deposed(state: Any) -> None:
    """Let the old one of the replaced services be what a replacement could not destroy."""
    (services,) = [each for each in state["resources"] if each["name"] == "replaced"]
    old = next(each for each in services["instances"] if each["index_key"] == "old")
    old.update(index_key="new", deposed="0a1b2c3d")
    state["serial"] += 1


def scaled(name: str, service: str, address: str) -> Situation:
    """Return a situation: somebody scales a service of one task to five, and it drifted."""
    return Situation(
        name=name,
        act=lambda aws: update(aws, service, desiredCount=5),
        findings=drift(HERE, address, Change("desired_count", 1, 5)),
    )


CODE_IN_MOTION = (
    Situation(
        name="the code already says what is live",
        act=lambda aws: update(aws, "caught-up", desiredCount=4),
        findings=finding(
            "matching", HERE, "aws_ecs_service.caught_up", Change("desired_count", 1, 4, "matching"), severity="info"
        ),
    ),
    Situation(
        name="code that nobody has applied is no drift",
        act=lambda aws: update(aws, "unapplied", forceNewDeployment=True),
        findings=healed(HERE, "aws_ecs_service.unapplied"),
    ),
    scaled("drift under code that nobody has applied", "overtaken", "aws_ecs_service.overtaken"),
    scaled("a resource that the code has given another name", "renamed", "aws_ecs_service.new_name"),
    scaled("a resource that the code no longer has", "unwanted", "aws_ecs_service.unwanted"),
    Situation(
        name="a resource that the code forgets",
        act=lambda aws: update(aws, "forgotten", desiredCount=4),
        findings=(
            Expected(
                status="matching",
                workspace=HERE,
                address="aws_ecs_service.forgotten",
                changes=(Change("desired_count", 1, 4, "unset"),),
                severity="info",
                reason="forgets it and leaves it as it is",
            ),
        ),
    ),
    Situation(
        name="a default tag that nobody has applied",
        act=lambda aws: update(aws, "relabelled", forceNewDeployment=True),
        findings=healed(HERE, "aws_ecs_service.relabelled"),
    ),
    Situation(
        name="code that nobody has applied adds to what somebody added",
        act=lambda aws: update(aws, "watched", deploymentConfiguration=alarms("errors", "latency")),
        findings=finding(
            "matching",
            HERE,
            "aws_ecs_service.watched",
            Change("alarms[0].alarm_names", ["errors"], ["errors", "latency"], "matching"),
        ),
    ),
)

IGNORED = (
    Situation(
        name="ignore_changes = all",
        act=lambda aws: update(aws, "hands-off", desiredCount=2, enableExecuteCommand=True),
        findings=finding(
            "ignored",
            HERE,
            "aws_ecs_service.hands_off",
            Change("desired_count", 1, 2, "ignored"),
            Change("enable_execute_command", False, True, "ignored"),
            severity="info",
        ),
    ),
    Situation(
        name="one attribute ignored, another not",
        act=lambda aws: update(aws, "half", desiredCount=2, enableExecuteCommand=True),
        findings=drift(
            HERE,
            "aws_ecs_service.half",
            Change("desired_count", 1, 2, "ignored"),
            Change("enable_execute_command", False, True),
        ),
    ),
    Situation(
        name="a tag that is ignored",
        act=lambda aws: tag(aws, "labelled", "CostCentre", "42", "jane"),
        findings=finding(
            "ignored", HERE, "aws_ecs_service.labelled", Change("tags[CostCentre]", None, "42", "ignored", "jane")
        ),
        skipped={"read_only": 1},
    ),
    Situation(
        name="a nested path that is ignored",
        act=lambda aws: update(aws, "firewalled", networkConfiguration=network(aws, "a", "outside")),
        findings=finding(
            "ignored",
            HERE,
            "aws_ecs_service.firewalled",
            Change("network_configuration[0].security_groups", ANYTHING, ANYTHING, "ignored"),
        ),
    ),
    Situation(
        name="one of two blocks is ignored, and the code already has the other",
        act=lambda aws: update(aws, "packed", placementStrategy=packing("memory", "cpu")),
        findings=finding(
            "ignored",
            HERE,
            "aws_ecs_service.packed",
            Change("ordered_placement_strategy[0].field", "cpu", "memory", "matching"),
            Change("ordered_placement_strategy[1].field", "memory", "cpu", "ignored"),
        ),
    ),
)

UNKNOWN = (
    Situation(
        name="two services made outside Terraform",
        act=outside,
        findings=(
            Expected(status="unmanaged", workspace=HERE, reason="service/services/debug "),
            Expected(status="unmanaged", workspace=HERE, reason="service/services/debug-too "),
        ),
    ),
)

SITUATIONS = (*CODE_IN_MOTION, *IGNORED, *UNKNOWN)

ROOTS = (Root(name=HERE, source=STACKS / HERE, later=STACKS / "services.later", rewrite=leave_deposed),)
