"""`reconciler watch` on the applied quickstart with real Terraform, killed after its push, started again, stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from reconciler.adapters.ledger import SqlLedger
from reconciler.sandbox.scenarios import CLUSTER
from tests.e2e.conftest import World

pytestmark = pytest.mark.e2e


def wait_until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 240
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.2)


def test_a_kill_after_the_push_costs_neither_the_event_nor_a_second_proposal(world: World, tmp_path: Path) -> None:
    sqs = world.sandbox.client("sqs")
    url = sqs.create_queue(QueueName="watched")["QueueUrl"]
    record = next(each for each in world.sandbox.records() if scales_web(each))
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"source": "aws.ecs", "detail": record}))
    config = yaml.safe_load(world.stage.configuration.read_text())
    config |= {
        "workspaces": [{"name": "watched", "path": str(world.stage.root_module)}],
        "sources": [{"type": "sqs", "queue_url": url, "region": "us-east-1"}],
        "ledger": f"sqlite:///{tmp_path}/ledger.db",
        "settle": "0s",
    }
    config["pull_requests"]["directory"] = str(tmp_path / "bodies")
    file = tmp_path / "reconciler.yaml"
    file.write_text(yaml.safe_dump(config))
    hook = world.stage.remote / "hooks" / "post-receive"
    hook.write_text(f"#!/bin/sh\nrm {tmp_path}/armed 2>/dev/null && kill -9 $(cat {tmp_path}/pid); exit 0\n")
    hook.chmod(0o755)
    (tmp_path / "armed").touch()

    def start() -> subprocess.Popen[str]:
        words = ["watch", "--config", str(file), "--format", "json", "--interval", "1s"]
        process = subprocess.Popen(
            [sys.executable, "-m", "reconciler", *words],
            env={**os.environ, **world.variables},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        (tmp_path / "pid").write_text(str(process.pid))
        return process

    try:
        first = start()
        wait_until(lambda: first.poll() is not None, "not killed")
        assert first.returncode == -signal.SIGKILL
        assert len(branches(world)) == 1
        second = start()
        ledger = SqlLedger(config["ledger"])
        # The killed one's message is visible again after a minute.
        wait_until(lambda: len(ledger.history(5)) == 1, "not looked at again")
        second.send_signal(signal.SIGTERM)
        output, _ = second.communicate(timeout=60)
    finally:
        hook.unlink()
    assert second.returncode == 0
    (report,) = map(json.loads, output.splitlines())
    (found,) = [each for each in report["findings"] if each["address"] == "aws_ecs_service.web"]
    assert found["remedy"]["pull_request"]["state"] == "opened"
    assert any("service-web-" in branch for branch in branches(world))
    assert {world.git("rev-list", "--count", f"main..{branch}") for branch in branches(world)} == {"1"}
    bodies = tmp_path / "bodies"
    assert {file.relative_to(bodies).with_suffix("").as_posix() for file in bodies.rglob("*.md")} == branches(world)
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    assert set(left.values()) == {"0"}


def branches(world: World) -> set[str]:
    return set(world.git("for-each-ref", "--format=%(refname:short)", "refs/heads/drift/watched").split())


def scales_web(record: dict[str, object]) -> bool:
    asked = record.get("requestParameters") or {}
    wanted = {"cluster": CLUSTER, "service": "web", "desiredCount": 5}
    return record["eventName"] == "UpdateService" and record.get("errorCode") is None and asked == wanted
