"""Several people at once, records that do not come, calls that were denied, and names that others use too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from reconciler.sandbox import Sandbox
from tests.e2e.corpus.calls import HERE, update
from tests.e2e.corpus.situation import Change, Expected, Record, Situation, drift, healed

PLAYGROUND = "services-playground"


def shared(name: str) -> str:
    """Return the address of one of the services that differ in name only."""
    return f'aws_ecs_service.shared["{name}"]'


def crowded(sandbox: Sandbox) -> None:
    """Three people, each with something else in mind."""
    update(sandbox, "crowded", desiredCount=3)
    update(sandbox, "crowded", "jane", enableExecuteCommand=True)
    update(sandbox, "crowded", "developer", deploymentConfiguration={"maximumPercent": 150}, desiredCount=3)


def halfway(sandbox: Sandbox) -> None:
    """Jane puts back one of two things."""
    update(sandbox, "halfway", desiredCount=5, enableExecuteCommand=True)
    update(sandbox, "halfway", "jane", desiredCount=1)


def first_only(records: list[Record]) -> list[Record]:
    """Return the records without those that CloudTrail has not delivered, or that ECS's own doings have none of."""
    return records[:1]


def out_of_order(records: list[Record]) -> list[Record]:
    """Return the records the last first, as log files may come; each is of a second of its own."""
    begun = datetime.fromisoformat(records[0]["eventTime"])
    moments = (begun + timedelta(seconds=second) for second in range(len(records)))
    dated = [
        {**record, "eventTime": f"{moment:%Y-%m-%dT%H:%M:%SZ}"} for record, moment in zip(records, moments, strict=True)
    ]
    return dated[::-1]


def denied(record: Record) -> Record:
    """Return the record as a call leaves it that IAM refuses."""
    return {
        **record,
        "errorCode": "AccessDenied",
        "errorMessage": "User is not authorized to perform: ecs:UpdateService",
        "responseElements": None,
    }


def first_denied(records: list[Record]) -> list[Record]:
    """Return the records, the first call denied."""
    return [denied(records[0]), *records[1:]]


def make(sandbox: Sandbox, name: str, cluster: str = HERE, **asked: Any) -> None:
    """Create a service as Terraform would, but for what is asked otherwise."""
    whole = {
        "taskDefinition": "services-app:1",
        "desiredCount": 1,
        "availabilityZoneRebalancing": "DISABLED",
        "tags": [{"key": "Team", "value": "shop"}, {"key": "Stack", "value": "services"}],
    }
    sandbox.client("ecs", "jane").create_service(cluster=cluster, serviceName=name, **{**whole, **asked})


def drop(sandbox: Sandbox, name: str, cluster: str = HERE) -> None:
    """Delete a service with whatever it runs."""
    sandbox.client("ecs", "jane").delete_service(cluster=cluster, service=name, force=True)


def rebuilt(sandbox: Sandbox) -> None:
    """Delete a service, and make one of that name that says less and allows more."""
    drop(sandbox, "rebuilt")
    make(sandbox, "rebuilt", enableExecuteCommand=True, tags=[{"key": "Stack", "value": "services"}])


def played(sandbox: Sandbox) -> None:
    """Three services of one's own with the names of managed ones, in another cluster that is managed too."""
    for name in ("namesake", "crowded", "scaled"):
        make(sandbox, name, PLAYGROUND)
    update(sandbox, "namesake", cluster=PLAYGROUND, desiredCount=7)
    update(sandbox, "namesake", desiredCount=1)


def tried_out(sandbox: Sandbox) -> None:
    """A service of one's own that is gone before anybody asks."""
    make(sandbox, "trial", PLAYGROUND)
    update(sandbox, "trial", cluster=PLAYGROUND, desiredCount=2)
    drop(sandbox, "trial", PLAYGROUND)


PEOPLE = (
    Situation(
        name="three people at one service, each with something of their own",
        act=crowded,
        findings=drift(
            HERE,
            shared("crowded"),
            Change("desired_count", 1, 3),
            Change("enable_execute_command", False, True, who="jane"),
            Change("deployment_maximum_percent", 200, 150, who="developer"),
        ),
    ),
    Situation(
        name="one of two things is put back by somebody else",
        act=halfway,
        findings=drift(HERE, shared("halfway"), Change("enable_execute_command", False, True)),
    ),
    Situation(
        name="a value that no event explains, beside one that an event does",
        act=lambda aws: [
            update(aws, "unseen", desiredCount=2),
            update(aws, "unseen", "jane", enableExecuteCommand=True),
        ],
        delivered=first_only,
        findings=drift(
            HERE,
            shared("unseen"),
            Change("desired_count", 1, 2),
            Change("enable_execute_command", False, True, who=None),
        ),
    ),
    Situation(
        name="put back without a record",
        act=lambda aws: [update(aws, "undone", desiredCount=9), update(aws, "undone", desiredCount=1)],
        delivered=first_only,
        findings=healed(HERE, shared("undone")),
    ),
)

LATE = (
    Situation(
        name="two people at one number, the last record first",
        act=lambda aws: [update(aws, "late", desiredCount=3), update(aws, "late", "jane", desiredCount=4)],
        delivered=out_of_order,
        findings=drift(HERE, shared("late"), Change("desired_count", 1, 4, who="jane")),
    ),
    Situation(
        name="changed and put back, the last record first",
        act=lambda aws: [update(aws, "belated", desiredCount=3), update(aws, "belated", "jane", desiredCount=1)],
        delivered=out_of_order,
        findings=healed(HERE, shared("belated")),
    ),
    Situation(
        name="changed, put back and changed again, the last record first",
        act=lambda aws: [
            update(aws, "wavering", desiredCount=3),
            update(aws, "wavering", "jane", desiredCount=1),
            update(aws, "wavering", "deploy", desiredCount=3),
        ],
        delivered=out_of_order,
        findings=drift(HERE, shared("wavering"), Change("desired_count", 1, 3, who="deploy")),
    ),
)

REFUSED = (
    Situation(
        name="a call that was denied",
        act=lambda aws: update(aws, "denied", "jane", forceNewDeployment=True),
        delivered=first_denied,
        skipped={"failed_call": 1},
    ),
    Situation(
        name="denied to one, then done by another",
        act=lambda aws: [
            update(aws, "retried", "jane", desiredCount=1),
            update(aws, "retried", "deploy", desiredCount=4),
        ],
        delivered=first_denied,
        skipped={"failed_call": 1},
        findings=drift(HERE, shared("retried"), Change("desired_count", 1, 4, who="deploy")),
    ),
    Situation(
        name="a trusted role deploys anew",
        act=lambda aws: update(aws, "trusting", "terraform", forceNewDeployment=True),
        skipped={"trusted": 1},
    ),
    Situation(
        name="a trusted role changes something and puts it back",
        act=lambda aws: [update(aws, "unchanging", "terraform", desiredCount=count) for count in (6, 1)],
        skipped={"trusted": 2},
    ),
)

NAMES = (
    Situation(
        name="deleted and made again, as it was",
        act=lambda aws: [drop(aws, "reborn"), make(aws, "reborn")],
        findings=healed(HERE, shared("reborn")),
    ),
    Situation(
        name="deleted and made again, otherwise",
        act=rebuilt,
        findings=drift(
            HERE,
            shared("rebuilt"),
            Change("enable_execute_command", False, True, who="jane"),
            Change("tags[Team]", "shop", None, who="jane"),
        ),
    ),
    Situation(
        name="services of nobody's with the names of managed ones, in a managed cluster",
        act=played,
        findings=(
            *(
                Expected(status="unmanaged", workspace=HERE, reason=f"service/{PLAYGROUND}/{name} ")
                for name in ("namesake", "crowded", "scaled")
            ),
            *healed(HERE, shared("namesake")),
        ),
    ),
    Situation(
        name="a service of nobody's, made and deleted again",
        act=tried_out,
        findings=(Expected(status="healed", workspace=HERE, reason=f"service/{PLAYGROUND}/trial came and went"),),
    ),
    Situation(
        name="what a replacement left behind drifts too",
        act=lambda aws: [update(aws, "replaced-new", desiredCount=2), update(aws, "replaced-old", desiredCount=0)],
        findings=(
            *drift(HERE, 'aws_ecs_service.replaced["new"]', Change("desired_count", 1, 2)),
            Expected(status="healed", workspace=HERE, severity="info", reason="the next apply destroys it"),
        ),
    ),
)

SITUATIONS = (*PEOPLE, *LATE, *REFUSED, *NAMES)
