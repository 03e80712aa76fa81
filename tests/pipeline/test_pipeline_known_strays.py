"""What an earlier run told to be in no state ends when it is gone, or managed; over a real ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pipeline_world import ACCOUNT, POLICY, Feed, World, cluster, ports, quiet, record, saying, service

from reconciler.adapters.ledger import SqlLedger
from reconciler.model import RunReport, StateResource, Trust
from reconciler.pipeline.cycle import run_cycle

ARN = f"{ACCOUNT}:service/prod/stray"


def call(minute: int, name: str, *, trusted: bool = False) -> dict[str, Any]:
    who = {"userIdentity": {"type": "IAMUser", "userName": "ci", "arn": "arn:aws:iam::123456789012:user/ci"}}
    asked = {"resourceArn": ARN} if name == "TagResource" else {"service": "stray", "cluster": "prod"}
    return record(
        f"{name}-{minute}",
        "stray",
        eventName=name,
        requestParameters=asked,
        eventTime=f"2026-01-02T03:{minute:02}:00Z",
        responseElements={"service": {"serviceArn": ARN, "serviceName": "stray"}},
        **(who if trusted else {}),
    )


@pytest.fixture
def ledger(tmp_path: Path) -> SqlLedger:
    return SqlLedger(f"sqlite:///{tmp_path / 'ledger.db'}")


def run(
    ledger: SqlLedger, *events: dict[str, Any], managed: tuple[StateResource, ...] = (), said: str | None = None
) -> RunReport:
    world = World(quiet, prod=[cluster("prod"), service("prod", "web"), *managed])
    tools = ports(world, Feed(*events), ledger=ledger, resource_status=saying(said))
    return run_cycle(tools, replace(POLICY, trust=Trust(principals=("arn:aws:iam::123456789012:user/ci",))))


def standing(ledger: SqlLedger) -> list[tuple[str, str]]:
    return [(finding["status"], finding["severity"]) for finding in ledger.open_findings()]


@pytest.mark.parametrize("trusted", [False, True], ids=["by anybody", "by a trusted call alone"])
def test_it_ends_when_it_is_taken_away_again(ledger: SqlLedger, trusted: bool) -> None:
    run(ledger, call(0, "CreateService"))
    assert standing(ledger) == [("unmanaged", "medium")]
    (finding,) = run(ledger, call(1, "DeleteService", trusted=trusted)).findings
    assert (finding.status, len(finding.events)) == ("healed", 0 if trusted else 1)
    assert finding.reason == ("an earlier run told that it was in no state; it was taken away again (DeleteService)")
    assert standing(ledger) == []


def test_it_ends_when_a_state_has_it(ledger: SqlLedger) -> None:
    run(ledger, call(0, "CreateService"))
    imported = service("prod", "stray")
    findings = run(ledger, record("beside", "web", eventTime="2026-01-02T03:05:00Z"), managed=(imported,)).findings
    (ended,) = (finding for finding in findings if finding.address is None)
    assert (ended.status, ended.workspace) == ("healed", "prod")
    assert ended.reason.endswith("; aws_ecs_service.stray in prod manages it now")
    assert standing(ledger) == []


def test_a_slighter_call_makes_it_no_slighter(ledger: SqlLedger) -> None:
    run(ledger, call(0, "CreateService"))
    run(ledger, call(1, "TagResource"))
    assert standing(ledger) == [("unmanaged", "medium")]


@pytest.mark.parametrize("name", ["CreateService", "UpdateService"])
def test_a_trusted_call_that_leaves_it_there_ends_nothing(ledger: SqlLedger, name: str) -> None:
    run(ledger, call(0, "CreateService"))
    assert run(ledger, call(1, name, trusted=True)).findings == ()
    assert standing(ledger) == [("unmanaged", "medium")]


@pytest.mark.parametrize("trusted", [False, True])
def test_a_deletion_from_before_it_was_made_again_ends_nothing(ledger: SqlLedger, trusted: bool) -> None:
    """Delete and create is how people replace a service, and CloudTrail orders nothing across files."""
    run(ledger, call(20, "CreateService"))
    late = run(ledger, call(10, "DeleteService", trusted=trusted)).findings
    assert [(finding.status, finding.severity) for finding in late] == ([] if trusted else [("unmanaged", "medium")])
    assert all("taken away" not in finding.reason for finding in late)
    assert standing(ledger) == [("unmanaged", "medium")]


@pytest.mark.parametrize(
    ("said", "stands"), [("ACTIVE", True), ("DRAINING", False), ("INACTIVE", False), (None, False)]
)
def test_it_does_not_end_while_amazon_ecs_has_it(ledger: SqlLedger, said: str | None, stands: bool) -> None:
    run(ledger, call(0, "CreateService"))
    run(ledger, call(1, "DeleteService"), said=said)
    assert standing(ledger) == ([("unmanaged", "medium")] if stands else [])
