"""`reconciler run` over a bucket and a queue of the embedded AWS, with a terraform that finds nothing changed."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from shell_terraform import write_terraform

from reconciler.adapters.cloudtrail.queue import Message, Queue
from reconciler.cli import main
from reconciler.errors import SourceError
from reconciler.sandbox import Sandbox
from tests.state_files import state_file

CLUSTER = {"id": "arn:aws:ecs:us-east-1:123456789012:cluster/prod", "name": "prod"}


@dataclass(frozen=True)
class Site:
    """A workspace with one cluster, and the feeds that its configuration names."""

    root: Path
    sandbox: Sandbox
    ends: list[Callable[[], None]]

    def run(self, *arguments: str) -> tuple[int, dict[str, Any], str]:
        """Return the exit code, the report and what stderr says."""
        stdout, stderr = StringIO(), StringIO()
        with chdir(self.root), redirect_stdout(stdout), redirect_stderr(stderr):
            code = main.run(["run", "--no-prs", "--format", "json", *arguments])
        return code, json.loads(stdout.getvalue()), stderr.getvalue()

    def end(self) -> None:
        """Do what the end of the process does."""
        while self.ends:
            self.ends.pop()()

    def terraform(self, body: str) -> None:
        write_terraform(self.root / "terraform", body)

    def hidden(self) -> list[Any]:
        """Return the embedded AWS's messages that are hidden."""
        from moto.sqs.models import sqs_backends

        queue = sqs_backends["123456789012"]["us-east-1"].queues[self.sandbox.queue_url.rpartition("/")[2]]
        return [message for message in queue._messages if not message.visible]

    def waiting(self, *kinds: str) -> int:
        """Return how many messages there are: `""` those that are visible, `NotVisible` those that are hidden."""
        names = [f"ApproximateNumberOfMessages{kind}" for kind in kinds or ("", "NotVisible")]
        queue = self.sandbox.client("sqs").get_queue_attributes(QueueUrl=self.sandbox.queue_url, AttributeNames=names)
        return sum(map(int, queue["Attributes"].values()))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def site(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    # Seconds of waiting for messages that are there already.
    receive = Queue.receive
    monkeypatch.setattr(Queue, "receive", lambda self, *, wait, **more: receive(self, wait=0, **more))
    (tmp_path / "prod").mkdir()
    (tmp_path / "prod" / "main.tf").write_text('terraform {}\nresource "aws_ecs_cluster" "prod" {}\n')
    (tmp_path / "prod" / "terraform.tfstate").write_text(state_file(("aws_ecs_cluster", "prod", CLUSTER)))
    config = {
        "version": 1,
        "workspaces": [{"path": "prod"}],
        "terraform": {"binary": "./terraform"},
        "settle": "0s",
        "sources": [
            {"type": "s3", "bucket": sandbox.trail_bucket, "prefix": "AWSLogs/", "regions": ["us-east-1"]},
            {"type": "sqs", "queue_url": sandbox.queue_url},
        ],
    }
    (tmp_path / "reconciler.yaml").write_text(json.dumps(config))
    sandbox.client("ecs").create_cluster(clusterName="prod")
    sandbox.flush()
    made = Site(tmp_path, sandbox, ends=[])
    monkeypatch.setattr(atexit, "register", made.ends.append)
    made.terraform("exit 0")
    made.run()
    yield made
    made.end()


@pytest.fixture
def change(sandbox: Sandbox) -> Callable[[], None]:
    """Change the cluster, which both feeds then tell."""

    def make() -> None:
        sandbox.client("ecs").update_cluster_settings(
            cluster="prod", settings=[{"name": "containerInsights", "value": "enabled"}]
        )
        sandbox.flush()

    return make


def test_an_event_of_both_feeds_counts_once_and_only_the_first_time(site: Site, change: Callable[[], None]) -> None:
    change()
    code, report, said = site.run()
    assert code == 0, said
    assert report["events"]["changes"] == 1
    assert report["events"]["skipped"]["duplicate"] == 1
    assert [finding["status"] for finding in report["findings"]] == ["healed"]
    assert site.waiting() == 0
    _, report, _ = site.run()
    assert report["events"] == {"read": 0, "changes": 0, "skipped": {}, "broken": 0}


def test_what_could_not_be_checked_leaves_the_queue_and_comes_again(site: Site, change: Callable[[], None]) -> None:
    change()
    site.terraform("echo 'Error: locked' >&2; exit 1")
    code, report, _ = site.run()
    assert code == 1
    assert [finding["status"] for finding in report["findings"]] == ["not_checked"]
    assert site.waiting() == 0  # one workspace holds up nobody else's: the ledger keeps what is its
    site.terraform("exit 0")
    _, report, _ = site.run()
    assert report["events"]["changes"] == 1
    assert [finding["status"] for finding in report["findings"]] == ["healed"]
    _, report, _ = site.run()
    assert report["events"]["read"] == 0


def test_a_dry_run_takes_nothing_from_the_queue(site: Site, change: Callable[[], None]) -> None:
    change()
    _, report, _ = site.run("--dry-run")
    assert report["events"]["changes"] >= 1  # it does not know what has been seen either
    assert site.waiting() == 1
    site.end()
    _, report, _ = site.run()
    assert report["events"]["changes"] == 1


def test_messages_that_cannot_be_deleted_are_a_problem_of_a_run_whose_findings_stand(
    site: Site, change: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    change()

    def refuse(queue: Queue, messages: Sequence[Message]) -> None:
        queue.hide(messages, 0)  # as after two minutes
        raise SourceError("the queue: access denied")

    with monkeypatch.context() as patched:
        patched.setattr(Queue, "delete", refuse)
        code, report, said = site.run()
    assert code == 1
    assert "the queue: access denied" in said
    assert [finding["status"] for finding in report["findings"]] == ["healed"]
    code, report, _ = site.run()
    assert (code, report["events"]["changes"], report["events"]["skipped"]) == (0, 0, {"duplicate": 1})
    assert site.waiting() == 0


@pytest.mark.e2e
@pytest.mark.parametrize(("number", "visible"), [(signal.SIGTERM, 1), (signal.SIGKILL, 0)], ids=["ended", "killed"])
def test_a_run_that_ends_during_its_plan_loses_no_message(
    site: Site, change: Callable[[], None], number: signal.Signals, visible: int
) -> None:
    change()
    site.terraform(f"echo > '{site.root}/planning'; exec sleep 60")
    command = [sys.executable, "-m", "reconciler", "run", "--no-prs"]
    with subprocess.Popen(command, cwd=site.root, start_new_session=True, stderr=subprocess.DEVNULL) as running:
        while running.poll() is None and not (site.root / "planning").exists():
            time.sleep(0.05)
        running.send_signal(number)
        running.wait(timeout=20)
        with suppress(ProcessLookupError):  # what a kill leaves behind
            os.killpg(running.pid, signal.SIGKILL)
    assert (site.waiting(), site.waiting("")) == (1, visible)
    for message in site.hidden():
        message.change_visibility(0)  # as after two minutes
    site.terraform("exit 0")
    code, report, _ = site.run()
    assert (code, report["events"]["changes"]) == (0, 1)
    assert site.waiting() == 0
