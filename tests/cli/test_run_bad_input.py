"""What bad input gets from `reconciler run`: one sentence, the right exit code, nothing half-done."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from shell_terraform import write_terraform

from reconciler.cli import main
from tests.state_files import state_file

CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/prod"
SERVICE = "arn:aws:ecs:us-east-1:123456789012:service/prod/web"
STATE = state_file(("aws_ecs_service", "web", {"id": SERVICE, "name": "web", "cluster": CLUSTER}))


def record(number: int = 1) -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "userName": "ops-admin", "arn": "arn:aws:iam::123456789012:user/ops-admin"},
        "eventTime": "2026-01-01T03:00:00Z",
        "eventSource": "ecs.amazonaws.com",
        "eventName": "UpdateService",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "203.0.113.10",
        "userAgent": "aws-cli/2.0",
        "requestParameters": {"cluster": "prod", "service": "web", "desiredCount": 5},
        "responseElements": {"service": {"serviceArn": SERVICE, "clusterArn": CLUSTER}},
        "eventID": f"event-{number}",
        "readOnly": False,
        "eventType": "AwsApiCall",
        "recipientAccountId": "123456789012",
    }


COMMAND = ("run", "--no-prs", "--format", "json")


@dataclass(frozen=True)
class Done:
    """A finished command."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Site:
    """A configured workspace whose terraform is a program that says that nothing changed."""

    root: Path

    def run(self, *arguments: str) -> Done:
        return self.ask(*COMMAND, *arguments)

    def ask(self, *words: str) -> Done:
        """Run a command in this process, which takes a tenth of the time of one of its own."""
        stdout, stderr = StringIO(), StringIO()
        with chdir(self.root), redirect_stdout(stdout), redirect_stderr(stderr):
            code = main.run(words)
        return Done(code, stdout.getvalue(), stderr.getvalue())

    def configure(self, **changes: Any) -> None:
        config = {
            "version": 1,
            "workspaces": [{"path": "prod"}],
            "terraform": {"binary": "./terraform"},
            "pull_requests": {"forge": "local"},
            **changes,
        }
        (self.root / "reconciler.yaml").write_text(json.dumps(config))

    def add_another(self) -> None:
        """Add a workspace like the first, and an event for each of them."""

        def renamed(text: str) -> str:
            return text.replace("/web", "/api").replace('"web"', '"api"')

        (self.root / "other").mkdir()
        (self.root / "other" / "main.tf").write_text("terraform {}\n")
        (self.root / "other" / "terraform.tfstate").write_text(renamed(STATE))
        another = json.loads(renamed(json.dumps(record(2))))
        (self.root / "events.json").write_text(json.dumps({"Records": [record(1), another]}))
        self.configure(workspaces=[{"path": "prod"}, {"path": "other"}])

    def terraform(self, body: str) -> None:
        write_terraform(self.root / "terraform", body)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "prod").mkdir()
    (tmp_path / "prod" / "main.tf").write_text('terraform {}\nresource "aws_ecs_service" "web" {}\n')
    (tmp_path / "prod" / "terraform.tfstate").write_text(STATE)
    made = Site(tmp_path)
    made.terraform("exit 0")
    made.configure()
    return made


def test_with_good_input_the_site_works(site: Site) -> None:
    (site.root / "events.json").write_text(json.dumps({"Records": [record()]}))
    done = site.run("--events", "events.json")
    assert done.returncode == 0, done.stderr
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["status"], finding["address"]) == ("healed", "aws_ecs_service.web")


def test_a_missing_events_file(site: Site) -> None:
    done = site.run("--events", "nowhere.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "nowhere.json" in done.stderr
    assert not (site.root / ".reconciler").exists()


def lines(path: Path) -> None:
    path.write_text(f"{json.dumps(record(1))}\n{{broken\n{json.dumps(record(2))}\n")


def cut_gzip(path: Path) -> None:
    content = gzip.compress("\n".join(json.dumps(record(n)) for n in range(50)).encode(), mtime=0)
    path.write_bytes(content[:-20])


@pytest.mark.parametrize(("write", "where"), [(lines, ":2"), (cut_gzip, "events")], ids=["JSON", "gzip"])
def test_what_is_broken_is_counted_and_the_rest_is_handled(
    site: Site, write: Callable[[Path], None], where: str
) -> None:
    write(site.root / "events")
    done = site.run("--events", "events")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["events"]["broken"] == 1
    assert report["events"]["read"] == report["events"]["changes"] + report["events"]["broken"]
    assert report["events"]["changes"] >= 1
    assert [finding["status"] for finding in report["findings"]] == ["healed"]
    assert where in done.stderr


def test_records_on_stdin(site: Site) -> None:
    words = [sys.executable, "-m", "reconciler", *COMMAND, "--events", "-"]
    done = subprocess.run(words, cwd=site.root, input=json.dumps(record()), capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout)["events"]["changes"] == 1


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown key": ({"workspacs": []}, "workspacs"),
    "a workspace that is not there": ({"workspaces": [{"path": "nowhere"}]}, "nowhere"),
    "a workspace without Terraform files": ({"workspaces": [{"path": "empty"}]}, "empty"),
}


@pytest.mark.parametrize("situation", REFUSED)
def test_a_wrong_configuration(site: Site, situation: str) -> None:
    changes, named = REFUSED[situation]
    (site.root / "empty").mkdir()
    (site.root / "events.json").write_text(json.dumps(record()))
    site.configure(**changes)
    done = site.run("--events", "events.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "reconciler.yaml" in done.stderr
    assert named in done.stderr
    assert not (site.root / ".reconciler").exists()


def test_a_missing_terraform(site: Site) -> None:
    site.configure(terraform={"binary": "./no-terraform-here"})
    (site.root / "events.json").write_text(json.dumps(record()))
    done = site.run("--events", "events.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no-terraform-here was not found" in done.stderr


FAILURES = {
    "a plan that fails": ("echo 'Error: no valid credential sources found' >&2; exit 1", "no valid credential sources"),
    "an init that fails": (
        'case "$1" in init) echo "Error: Failed to query available provider packages: could not connect to it" >&2;; '
        '*) echo "Error: run \\"terraform init\\"" >&2;; esac; exit 1',
        "terraform providers mirror",
    ),
    "a plan that hangs": ("sleep 60", "stopped after"),
    "a plan that cannot be read": (
        '[ "$1" = show ] && { echo nonsense; exit 0; }; echo \'{"type": "resource_drift"}\'; exit 2',
        "could not be read",
    ),
}


@pytest.mark.parametrize("situation", FAILURES)
def test_a_workspace_that_could_not_be_checked_never_reads_as_clean(site: Site, situation: str) -> None:
    body, reason = FAILURES[situation]
    site.terraform(body)
    site.configure(terraform={"binary": "./terraform", "timeout": "1s"})
    (site.root / "events.json").write_text(json.dumps(record()))
    done = site.run("--events", "events.json")
    assert done.returncode == 1
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["status"] == "not_checked"
    assert reason in finding["reason"]
    assert reason in done.stderr


def test_the_other_workspaces_go_on(site: Site) -> None:
    site.add_another()
    site.terraform('case "$PWD" in */prod) echo "Error: broken" >&2; exit 1;; esac; exit 0')
    done = site.run("--events", "events.json")
    assert done.returncode == 1
    statuses = {finding["address"]: finding["status"] for finding in json.loads(done.stdout)["findings"]}
    assert statuses == {"aws_ecs_service.web": "not_checked", "aws_ecs_service.api": "healed"}


def test_a_state_that_cannot_be_read_makes_what_nobody_claims_not_checked(site: Site) -> None:
    (site.root / "prod" / "terraform.tfstate").write_text("nonsense")
    (site.root / "events.json").write_text(json.dumps(record()))
    done = site.run("--events", "events.json")
    assert done.returncode == 1
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["status"] == "not_checked"


def test_no_sources_and_no_events_is_a_configuration_error(site: Site) -> None:
    done = site.run()
    assert done.returncode == 2
    assert "--events" in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_during_two_plans_ends_them_at_once_and_nothing_is_remembered(
    site: Site, number: signal.Signals, code: int
) -> None:
    site.add_another()
    site.terraform(f"echo $$ >> '{site.root}/pids'; exec sleep 60")
    temporary = site.root / "tmp"
    temporary.mkdir()
    command = [sys.executable, "-m", "reconciler", "run", "--no-prs", "--events", "events.json"]
    pids = site.root / "pids"
    with subprocess.Popen(command, cwd=site.root, env={**os.environ, "TMPDIR": str(temporary)}) as running:
        while running.poll() is None and (not pids.exists() or len(pids.read_text().split()) < 2):
            time.sleep(0.05)
        running.send_signal(number)
        assert running.wait(timeout=20) == code
    assert [pid for pid in pids.read_text().split() if Path("/proc", pid).exists()] == []
    assert list(temporary.iterdir()) == []
    assert json.loads(site.ask("history", "--format", "json").stdout) == {"runs": []}


def test_a_missing_git(site: Site) -> None:
    (site.root / "events.json").write_text(json.dumps(record()))
    site.configure(terraform={"binary": "./terraform"})
    command = [sys.executable, "-m", "reconciler", "run", "--events", "events.json"]
    nowhere = {**os.environ, "PATH": str(site.root)}
    done = subprocess.run(command, cwd=site.root, env=nowhere, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: git was not found: install it, or use --no-prs\n"
