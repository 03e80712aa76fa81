"""A repository with a workspace of services, a terraform that knows what is live, and ways to kill whoever uses it.

Each killer waits for its file in `kills/`, takes it away, and ends the process whose id is in `pid` with SIGKILL: once.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from reconciler.adapters.git import create_repository
from reconciler.adapters.ledger import SqlLedger
from reconciler.sandbox import Sandbox
from tests.state_files import state_file

SERVICES = ("s0", "s1", "s2", "s3", "s4", "s5")
_NUMBERS = itertools.count(1)
_ARN = "arn:aws:ecs:us-east-1:123456789012"
_HOOK = """#!/bin/sh
rm '{root}/kills/after push' 2>/dev/null || exit 0
kill -9 "$(cat '{root}/pid')"
"""


def change(name: str, number: int) -> dict[str, Any]:
    """Return the record of somebody scaling a service."""
    return {
        "eventVersion": "1.11",
        "eventID": f"event-{name}-{number}",
        "eventSource": "ecs.amazonaws.com",
        "eventName": "UpdateService",
        "eventTime": "2026-01-02T03:04:05Z",
        "eventType": "AwsApiCall",
        "awsRegion": "us-east-1",
        "recipientAccountId": "123456789012",
        "userIdentity": {"type": "IAMUser", "userName": "ops-admin", "arn": "arn:aws:iam::123456789012:user/ops-admin"},
        "requestParameters": {"service": name, "cluster": "prod", "desiredCount": 5},
        "responseElements": {"service": {"serviceArn": f"{_ARN}:service/prod/{name}"}},
    }


@dataclass
class Site:
    """What a user has, and what a test does to it."""

    root: Path
    environment: Mapping[str, str]
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def checkout(self) -> Path:
        return self.root / "checkout"

    @property
    def remote(self) -> Path:
        return self.root / "remote.git"

    def configure(self, *sources: Mapping[str, Any]) -> None:
        config = {
            "version": 1,
            "workspaces": [{"name": "prod", "path": "prod"}],
            "sources": sources,
            "remediation": {"default": "adopt"},
            "pull_requests": {"forge": "local", "base": "main"},
            "terraform": {"binary": str(self.root / "terraform")},
            "settle": "0s",
        }
        (self.checkout / "reconciler.yaml").write_text(json.dumps(config))

    def drift(self, *names: str) -> None:
        live = {name: 5 if name in names else 3 for name in SERVICES}
        (self.root / "live.json").write_text(json.dumps(live))

    def kill_at(self, step: str) -> None:
        (self.root / "kills" / step).touch()

    def armed(self) -> bool:
        return any((self.root / "kills").iterdir())

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command line as a user would, in a session of its own."""
        with (self.root / "stderr").open("a") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "reconciler", *arguments],
                cwd=self.checkout,
                env={**os.environ, **self.environment},
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                start_new_session=True,
            )
        (self.root / "pid").write_text(str(process.pid))
        self.processes.append(process)
        return process

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Run one cycle; returns the exit code and the report, which a killed one does not have."""
        process = self.start("run", "--format", "json", *arguments)
        output, _ = process.communicate(timeout=60)
        return process.returncode, json.loads(output) if output else {}

    def said(self) -> str:
        return (self.root / "stderr").read_text()

    def plans(self) -> list[str]:
        file = self.root / "plans"
        return file.read_text().split() if file.exists() else []

    def ledger(self) -> SqlLedger:
        return SqlLedger(f"sqlite:///{self.checkout}/.reconciler/ledger.db")

    def reports(self) -> Sequence[Any]:
        return self.ledger().history(1000)

    def git(self, *words: str) -> list[str]:
        done = subprocess.run(["git", *words], cwd=self.remote, check=True, capture_output=True, text=True)
        return done.stdout.split()

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def proposed(self) -> dict[str, int]:
        """Return the branches, with how many commits each is ahead of main."""
        branches = self.git("for-each-ref", "--format=%(refname:short)", "refs/heads/drift")
        return {name: int(self.git("rev-list", "--count", f"main..{name}")[0]) for name in branches}

    def bodies(self) -> list[str]:
        folder = self.checkout / ".reconciler" / "pull-requests"
        return sorted(file.relative_to(folder).with_suffix("").as_posix() for file in folder.rglob("*.md"))


def make_site(root: Path, environment: Mapping[str, str]) -> Site:
    """Lay a site out below `root`."""
    prod = root / "checkout" / "prod"
    prod.mkdir(parents=True)
    (root / "kills").mkdir()
    blocks = (f'resource "aws_ecs_service" "{name}" {{\n  desired_count = 3\n}}\n' for name in SERVICES)
    (prod / "main.tf").write_text("\n".join(["terraform {}\n", *blocks]))
    (root / "checkout" / ".gitignore").write_text("terraform.tfstate\nreconciler.yaml\n.reconciler/\n")
    create_repository(root / "checkout", root / "remote.git", "Three of each")
    cluster = {"id": f"{_ARN}:cluster/prod", "arn": f"{_ARN}:cluster/prod", "name": "prod"}
    services = (
        {"id": f"{_ARN}:service/prod/{name}", "name": name, "cluster": cluster["arn"], "desired_count": 3}
        for name in SERVICES
    )
    resources = [
        ("aws_ecs_cluster", "prod", cluster),
        *(("aws_ecs_service", str(attributes["name"]), attributes) for attributes in services),
    ]
    (prod / "terraform.tfstate").write_text(state_file(*resources))
    terraform = Path(__file__).with_name("fake_terraform.py").read_text()
    for file, text in (
        (root / "terraform", f"#!{sys.executable} -SE\n{terraform}"),
        (root / "remote.git" / "hooks" / "post-receive", _HOOK.format(root=root)),
    ):
        file.write_text(text)
        file.chmod(0o755)
    return Site(root, environment)


class Queue:
    """A queue of its own, whose messages hold one record each; FIFO ones are grouped by service."""

    def __init__(self, sandbox: Sandbox, *, fifo: bool = False, **attributes: str) -> None:
        self._sqs = sandbox.client("sqs")
        self._fifo = fifo
        self.name = f"changes-{next(_NUMBERS)}{'.fifo' if fifo else ''}"
        attributes = {**attributes, **({"FifoQueue": "true"} if fifo else {})}
        self.url = self._sqs.create_queue(QueueName=self.name, Attributes=attributes)["QueueUrl"]

    @property
    def source(self) -> dict[str, str]:
        """The section of the configuration that names it."""
        return {"type": "sqs", "queue_url": self.url, "region": "us-east-1"}

    @property
    def arn(self) -> str:
        names = ["QueueArn"]
        answer = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)
        return str(answer["Attributes"]["QueueArn"])

    def send(self, record: Mapping[str, Any]) -> None:
        body = json.dumps({"detail-type": "AWS API Call via CloudTrail", "source": "aws.ecs", "detail": record})
        name = record["eventID"]
        more = {"MessageGroupId": record["requestParameters"]["service"], "MessageDeduplicationId": name}
        self._sqs.send_message(QueueUrl=self.url, MessageBody=body, **(more if self._fifo else {}))

    def send_text(self, text: str) -> None:
        self._sqs.send_message(QueueUrl=self.url, MessageBody=text)

    def all(self) -> list[Any]:
        """Return the embedded AWS's own messages, hidden or not."""
        from moto.sqs.models import sqs_backends

        return list(sqs_backends["123456789012"]["us-east-1"].queues[self.name]._messages)

    def show(self) -> None:
        """Make hidden messages visible, as they are a minute after a kill."""
        for message in self.all():
            message.change_visibility(0)


class Gate:
    """A proxy before SQS that kills when messages are to be deleted: `before delete`, or `after delete`."""

    def __init__(self, site: Site, endpoint: str) -> None:
        host = endpoint.removeprefix("http://")

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                deleting = b"DeleteMessage" in f"{self.headers.get('X-Amz-Target')}".encode() + body[:200]
                if deleting:
                    _kill(site, "before delete")
                    if site.processes[-1].poll() is not None:
                        return
                connection = HTTPConnection(host, timeout=60)
                headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
                connection.request("POST", self.path, body, headers)
                answer = connection.getresponse()
                content = answer.read()
                if deleting:
                    _kill(site, "after delete")
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in {"content-length", "connection", "transfer-encoding", "date", "server"}:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:  # whom it would answer has been killed
                    self.close_connection = True

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _kill(site: Site, step: str) -> None:
    try:
        (site.root / "kills" / step).unlink()
    except FileNotFoundError:
        return
    os.kill(site.processes[-1].pid, signal.SIGKILL)
    site.processes[-1].wait()


def wait_until(true: Callable[[], bool], what: str, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)
