"""What is in no state yet may be what a running apply is making: one question for its lock, asked where it matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pipeline_world import Feed, World, cluster, quiet, record, service
from planned_cycle import Calls, cycle

from reconciler.errors import AwsError
from reconciler.model import ResourceId, Workspace
from reconciler.pipeline.doubts import Doubts


class Lock:
    """A lock that somebody holds in some workspaces; notes who was asked."""

    def __init__(self, *held: str) -> None:
        self._held = held
        self.asked: list[str] = []

    def __call__(self, workspace: Workspace) -> str | None:
        self.asked.append(workspace.name)
        return "ci@runner" if workspace.name in self._held else None


def made(name: str) -> dict[str, Any]:
    return record(name, name, eventName="CreateService", requestParameters={"serviceName": name, "cluster": "prod"})


def test_strays_wait_for_the_apply_that_may_be_making_them_and_it_is_asked_once() -> None:
    lock, world = Lock("prod"), World(quiet, prod=[cluster("prod")])
    report = cycle(world, Calls(), Feed(made("a"), made("b")), lock=lock)
    assert [finding.status for finding in report.findings] == ["not_checked", "not_checked"]
    assert "the state of prod is locked by ci@runner" in report.findings[0].reason
    assert lock.asked == ["prod"]


def test_no_lock_is_asked_for_where_nobody_owns_the_stray() -> None:
    lock, world = Lock("prod"), World(quiet, prod=[service("prod", "web")])
    report = cycle(world, Calls(), Feed(made("a")), lock=lock)
    assert [finding.status for finding in report.findings] == ["unmatched"]
    assert lock.asked == []


def test_without_a_lock_a_stray_is_told() -> None:
    lock, world = Lock(), World(quiet, prod=[cluster("prod")])
    assert [f.status for f in cycle(world, Calls(), Feed(made("a")), lock=lock).findings] == ["unmanaged"]


def test_what_aws_said_of_some_counts_when_it_falls_silent() -> None:
    asked: list[str | None] = []

    def tiring(_workspace: Workspace, resources: Iterable[ResourceId]) -> Iterator[tuple[ResourceId, str]]:
        for resource in resources:
            asked.append(resource.name)
            if len(asked) > 1:
                raise AwsError("ecs:DescribeServices: ThrottlingException")
            yield resource, "INACTIVE"

    feed = Feed(made("a"), made("b"), made("c"))
    report = cycle(World(quiet, prod=[cluster("prod")]), Calls(), feed, resource_status=tiring)
    assert sorted(finding.status for finding in report.findings) == ["healed", "unmanaged", "unmanaged"]
    assert len(asked) == 2


def test_every_state_that_could_not_be_read_is_named() -> None:
    unread = {"cl01": "the state of cl01 is no Terraform state", "cl04": "no access", "cl08": "no access"}
    assert Doubts(unread).unreadable() == (
        "those of cl01, cl04, cl08 could not be: the state of cl01 is no Terraform state"
    )
    assert Doubts({"cl04": "no access"}).unreadable() == "that of cl04 could not be: no access"
