"""A cycle's whole world in memory: a feed, a ledger, states, and plans that a test makes up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reconciler.errors import AwsError, LedgerError, RepositoryError
from reconciler.model import (
    Configuration,
    Plan,
    Record,
    Remediation,
    RunReport,
    State,
    StateResource,
    Workspace,
)
from reconciler.pipeline import Policy, Tools, run_cycle

ACCOUNT = "arn:aws:ecs:us-east-1:123456789012"
NOW = datetime(2026, 1, 3, tzinfo=UTC)
POLICY = Policy(remediation=Remediation(default="adopt"))


def record(name: str, service: str, **members: Any) -> dict[str, Any]:
    return {
        "eventID": name,
        "eventSource": "ecs.amazonaws.com",
        "eventName": "UpdateService",
        "eventTime": "2026-01-02T03:04:05Z",
        "eventType": "AwsApiCall",
        "awsRegion": "us-east-1",
        "recipientAccountId": "123456789012",
        "requestParameters": {"service": service, "cluster": "prod", "desiredCount": 5},
        **members,
    }


class Feed:
    """A source that remembers, and notes whether it was acknowledged."""

    name = "feed"
    remembers = True

    def __init__(self, *records: dict[str, Any]) -> None:
        self._records = records
        self.acknowledged = False

    def records(self, cursor: str | None) -> Iterator[Any]:
        yield from (Record(body, "feed") for body in self._records)

    def cursor(self) -> str | None:
        return "the end"

    def acknowledge(self) -> None:
        self.acknowledged = True


class Memory:
    """A ledger that keeps what it is given, or fails."""

    def __init__(self, failure: LedgerError | None = None) -> None:
        self.handled: set[str] = set()
        self.waiting: dict[str, Record] = {}
        self.listed: list[bool] = []
        self.cursors: dict[str, str] = {}
        self.standing: dict[tuple[str, str], Any] = {}
        self.settled: dict[tuple[str, str], Any] = {}
        self._failure = failure

    def seen(self, event_ids: Sequence[str]) -> frozenset[str]:
        return frozenset()

    def cursor(self, source: str) -> str | None:
        return None

    def postponed(self) -> dict[str, Record]:
        return dict(self.waiting)

    def strays(self) -> list[Any]:
        return [finding for (_, address), finding in self.standing.items() if address is None]

    def findings_of(self, workspaces: Collection[str]) -> list[Any]:
        kept = (*self.settled.items(), *self.standing.items())
        return [finding for (name, address), finding in kept if name in workspaces and address is not None]

    def amend(self, findings: Sequence[Any]) -> None:
        for finding in findings:
            among = self.settled if finding["status"] in ("matching", "ignored") else self.standing
            among[finding["workspace"], finding["address"]] = finding

    def store(self, report: Any, handled: Sequence[str], cursors: Any, postponed: Any, *, listed: bool) -> None:
        if self._failure:
            raise self._failure
        self.handled |= set(handled)
        self.waiting = {**{name: each for name, each in self.waiting.items() if name not in handled}, **postponed}
        self.listed.append(listed)
        self.cursors |= dict(cursors)
        for finding in report["findings"]:
            if finding["status"] == "not_checked":
                continue  # it ends nothing that was known
            place = finding["workspace"], finding["address"]
            self.standing.pop(place, None)
            self.settled.pop(place, None)
            if finding["status"] in ("drift", "deleted", "unmanaged"):
                self.standing[place] = finding
            elif finding["status"] in ("matching", "ignored"):
                self.settled[place] = finding


def service(workspace: str, name: str, **attributes: Any) -> StateResource:
    arn = f"{ACCOUNT}:service/prod/{name}"
    return StateResource(
        workspace=workspace,
        address=f"aws_ecs_service.{name}",
        type="aws_ecs_service",
        provider="aws",
        attributes={"id": arn, "name": name, "cluster": f"{ACCOUNT}:cluster/prod", **attributes},
    )


def cluster(workspace: str) -> StateResource:
    attributes = {"id": f"{ACCOUNT}:cluster/prod", "arn": f"{ACCOUNT}:cluster/prod", "name": "prod"}
    return StateResource(
        workspace=workspace,
        address="aws_ecs_cluster.prod",
        type="aws_ecs_cluster",
        provider="aws",
        attributes=attributes,
    )


def task_definition(workspace: str, name: str, revision: int = 1, **attributes: Any) -> StateResource:
    arn = f"{ACCOUNT}:task-definition/{name}:{revision}"
    return StateResource(
        workspace=workspace,
        address=f"aws_ecs_task_definition.{name}",
        type="aws_ecs_task_definition",
        provider="aws",
        attributes={"arn": arn, "family": name, "revision": revision, **attributes},
    )


def change(name: str, before: Any, after: Any) -> dict[str, Any]:
    return {
        "address": f"aws_ecs_service.{name}",
        "mode": "managed",
        "type": "aws_ecs_service",
        "change": {"actions": ["update"], "before": before, "after": after, "after_unknown": {}},
    }


def drifted(name: str, attribute: str, state: Any, live: Any) -> Callable[..., Plan]:
    """Return a terraform that finds one service drifted and would put it back."""

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        shown = {
            "resource_drift": [change(name, {"name": name, attribute: state}, {"name": name, attribute: live})],
            "resource_changes": [change(name, {"name": name, attribute: live}, {"name": name, attribute: state})],
        }
        return Plan(kind, True, shown)

    return plan


class World:
    """The ports, of which each test spoils one. `states` maps workspaces to resources, or to why they are unread."""

    def __init__(self, plan: Callable[..., Plan], **states: Any) -> None:
        self.plan = plan
        self.states = states
        self.serial: Callable[[], int] = lambda: 1

    def read(self, workspace: Workspace) -> State:
        found = self.states[workspace.name]
        if isinstance(found, Exception):
            raise found
        return State(workspace=workspace.name, serial=self.serial(), lineage="l", resources=tuple(found))

    def describe(self, workspace: Workspace, region: str, arn: str) -> Any:
        raise AwsError("ecs:DescribeTaskDefinition is denied")

    def scratch(self, workspace: Workspace) -> Any:
        raise RepositoryError("the repository has uncommitted changes")

    def run(
        self,
        feed: Feed,
        memory: Memory,
        code: bytes = b"",
        repository: Any = None,
        postponed: bool = False,
        policy: Policy = POLICY,
    ) -> RunReport:
        tools = ports(self, feed, code=code, repository=repository, ledger=memory)
        return run_cycle(tools, policy, postponed=postponed)


def ports(world: Any, *feeds: Feed, code: bytes = b"", **others: Any) -> Tools:
    """Return the ports of a world without forge, ledger and repository, but for the `others` given."""
    usual: dict[str, Any] = {
        "workspaces": {name: Workspace(name=name, path=Path("/nowhere", name)) for name in world.states},
        "sources": feeds,
        "states": world,
        "terraform": world,
        "task_definitions": world,
        "read_configuration": lambda _workspace: Configuration({(): {"main.tf": code}}),
        "repository": None,
        "forge": None,
        "ledger": None,
        "now": lambda: NOW,
        "wait": lambda _seconds: None,
    }
    return Tools(**{**usual, **others})


def saying(status: str | None) -> Callable[..., Any]:
    """Return an AWS that says the same of each resource."""
    return lambda _workspace, resources: [(each, status) for each in resources if status]


def quiet(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    return Plan(kind, False, {})
