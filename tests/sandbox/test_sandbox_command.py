"""`reconciler sandbox` prints an environment that works, and stops when it is told to."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reconciler.cli.sandbox import introduction
from reconciler.errors import UsageError
from reconciler.sandbox import Sandbox

pytestmark = pytest.mark.wire

COMMAND = "import typer, reconciler.cli.sandbox as c; app = typer.Typer(); app.command()(c.sandbox); app()"


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", COMMAND, *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def until_ready(process: subprocess.Popen[str]) -> list[str]:
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if "Ctrl-C" in line:
            break
    return lines


def exports(lines: list[str]) -> dict[str, str]:
    words = [shlex.split(line) for line in lines if line.startswith("export ")]
    return dict(word[1].split("=", 1) for word in words)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_runs_until_a_signal_and_delivers_the_log_files(start, tmp_path, number, code):
    process = start("--dir", str(tmp_path), "--as", "jane")
    environment = {**os.environ, **exports(until_ready(process))}
    call = "import boto3; boto3.client('ecs').list_clusters(); print(boto3.client('sts').get_caller_identity()['Arn'])"
    found = subprocess.run([sys.executable, "-c", call], env=environment, capture_output=True, text=True, check=True)

    process.send_signal(number)
    _, errors = process.communicate(timeout=20)

    assert found.stdout.endswith("/jane@example.com\n")
    assert process.returncode == code
    assert errors == ""
    assert len(list(tmp_path.rglob("*_CloudTrail_us-east-1_*.json.gz"))) == 1


def test_every_line_is_an_export_or_a_comment_whatever_the_directory_is_called(tmp_path):
    directory = tmp_path / "it's $(touch here)\nthere"
    with Sandbox(directory=directory) as sandbox:
        lines = list(introduction(sandbox, "terraform"))

        assert exports(lines) == sandbox.environment("terraform")
        assert all(line.startswith(("export ", "#")) for line in lines)
        script = "\n".join([*lines, 'printf %s "$AWS_CONFIG_FILE"'])
        shell = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert shell.stdout == str(directory / ".aws-config")
    assert not (tmp_path / "here").exists()


def test_the_queue_the_bucket_and_the_people_are_named():
    with Sandbox() as sandbox:
        text = "\n".join(introduction(sandbox, "ops-admin"))

        for part in (sandbox.queue_url, sandbox.trail_bucket, str(sandbox.log_directory), *sandbox.identities):
            assert part in text


def test_an_unknown_person_is_refused_before_anything_starts(tmp_path: Path):
    from reconciler.cli.sandbox import sandbox

    with pytest.raises(UsageError, match="no identity 'root'"):
        sandbox(0, tmp_path / "never", "root")

    assert not (tmp_path / "never").exists()
