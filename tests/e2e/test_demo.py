"""`reconciler demo`, from outside: what it shows, and that it leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e


def start(tmp_path: Path, *arguments: str) -> subprocess.Popen[str]:
    home = tmp_path / "home"
    temporary = tmp_path / "tmp"
    home.mkdir()
    temporary.mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "reconciler", "demo", *arguments],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(home), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def left_behind(tmp_path: Path) -> list[str]:
    """Return the processes that work below the test's directory, and the temporary files that stay."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            where = (process / "cwd").readlink()
        except OSError:
            continue
        if where.is_relative_to(tmp_path):
            found.append((process / "cmdline").read_text().replace("\0", " "))
    return found + [path.name for path in (tmp_path / "tmp").iterdir()]


def test_one_scenario_from_nothing_to_a_proven_pull_request(tmp_path: Path) -> None:
    demo = start(tmp_path, "--scenario", "scale-web", "--scenario", "failed-call", "--keep", "kept")
    stdout, stderr = demo.communicate(timeout=300)
    assert demo.returncode == 0, stderr
    assert "Using Terraform 1." in stderr
    assert "🚨 Drift Detected: aws_ecs_service.web\nChanged: desired_count = 3 → 5\nUser: ops-admin" in stdout
    assert "+  desired_count   = 5 # one for each availability zone and one to spare" in stdout
    assert "proof: proven" in stdout
    assert "Where the time went" in stdout
    assert "What to try next" in stdout
    assert list((tmp_path / "kept" / "git" / "checkout" / ".reconciler" / "pull-requests").rglob("*.md"))
    assert left_behind(tmp_path) == []


def test_what_changes_nothing_makes_no_drift_and_no_pull_request(tmp_path: Path) -> None:
    quiet = ("no-op-update", "read-only", "failed-call", "eks-cluster")
    names = [word for name in quiet for word in ("--scenario", name)]
    demo = start(tmp_path, *names, "--keep", "kept", "--format", "json")
    stdout, stderr = demo.communicate(timeout=300)
    assert demo.returncode == 0, stderr
    report = json.loads(stdout)
    assert [(each["address"], each["status"]) for each in report["findings"]] == [("aws_ecs_service.web", "healed")]
    assert report["plans"] == {"refresh_only": 1, "full": 0, "proof": 0}
    assert not (tmp_path / "kept" / "git" / "checkout" / ".reconciler" / "pull-requests").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_while_terraform_works_it_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    demo = start(tmp_path)
    deadline = time.monotonic() + 60
    while not any("terraform" in each for each in left_behind(tmp_path)) and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(3)  # terraform apply is under way, its provider started
    demo.send_signal(number)
    _stdout, stderr = demo.communicate(timeout=60)
    assert demo.returncode == 128 + number
    assert "Traceback" not in stderr
    assert left_behind(tmp_path) == []
