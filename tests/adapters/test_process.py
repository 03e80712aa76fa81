"""Terraform as a process: how it is found, how long it may take, and what stays of it."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from terraform_program import ANSWER, alive, calls, program, workspace

from reconciler.adapters import process
from reconciler.adapters.terraform import TerraformCli, find_binary
from reconciler.errors import TerraformError


def test_a_plan_that_outlives_its_time_is_stopped_with_its_children(tmp_path: Path) -> None:
    body = """
import subprocess
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
open('child', 'w').write(str(child.pid))
time.sleep(60)
"""
    start = time.monotonic()
    with pytest.raises(TerraformError, match="stopped after 1 s"):
        TerraformCli(program(tmp_path, body), timeout=1.0).plan(workspace(tmp_path), "refresh-only")
    assert time.monotonic() - start < 20
    assert not alive(int((tmp_path / "child").read_text()))


def test_an_interrupt_leaves_terraform_the_time_to_stop_by_itself(tmp_path: Path) -> None:
    """An apply writes its state and releases its lock then."""
    body = """
import signal
def release(*_):
    time.sleep(0.2)
    open('released', 'w').close()
    sys.exit(1)
signal.signal(signal.SIGINT, release)
open('ready', 'w').close()
time.sleep(20)
"""

    def interrupt() -> None:
        while not (tmp_path / "ready").exists():
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    with ThreadPoolExecutor() as pool:
        pool.submit(interrupt)
        with pytest.raises(KeyboardInterrupt):
            TerraformCli(program(tmp_path, body), timeout=10).plan(workspace(tmp_path), "refresh-only")
    assert (tmp_path / "released").exists()


def test_the_plan_file_with_its_secrets_is_gone_afterwards(tmp_path: Path) -> None:
    body = f"""
out = next((word for word in sys.argv if word.startswith('-out=')), None)
if out:
    open(out[5:], 'w').write('secret'); open('where', 'w').write(out[5:]); sys.exit(2)
print('{ANSWER}')
"""
    TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "full")
    assert not Path((tmp_path / "where").read_text()).exists()


@pytest.mark.parametrize("wanted", ["no-such-terraform", "./no-such-terraform"])
def test_a_missing_binary_is_named_with_the_repair(wanted: str, tmp_path: Path) -> None:
    with pytest.raises(TerraformError, match=r"no-such-terraform was not found.*install Terraform"):
        find_binary(wanted, relative_to=tmp_path)


def test_the_installed_terraform_says_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    binary = program(tmp_path, f"print('{json.dumps({'terraform_version': '1.11.4'})}')")
    assert "Terraform 1.11.4" in TerraformCli(binary).version()


def test_stopping_ends_what_runs_in_another_thread_and_starts_nothing_more(tmp_path: Path) -> None:
    terraform = TerraformCli(program(tmp_path, "open('pid', 'w').write(str(os.getpid())); time.sleep(60)"))
    with ThreadPoolExecutor() as pool:
        running = pool.submit(terraform.plan, workspace(tmp_path), "refresh-only")
        while not running.done() and not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()):
            time.sleep(0.01)
        terraform.stop()
        with pytest.raises(TerraformError, match="interrupted"):
            running.result(timeout=20)
    assert not alive(int((tmp_path / "pid").read_text()))
    with pytest.raises(TerraformError, match="interrupted"):
        terraform.plan(workspace(tmp_path), "refresh-only")
    assert calls(tmp_path) == ["plan"]


@pytest.mark.parametrize("session", [False, True], ids=["in its group", "in a session of its own"])
def test_a_child_that_stays_behind_with_the_pipes_does_not_hold_the_answer_up(tmp_path: Path, session: bool) -> None:
    body = f"""
import subprocess
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(30)'], start_new_session={session})
open('child', 'w').write(str(child.pid))
sys.stderr.write('Error: said before\\n'); sys.exit(1)
"""
    start = time.monotonic()
    with pytest.raises(TerraformError, match="said before"):
        TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only")
    assert time.monotonic() - start < 10
    if session:
        os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)


FLOOD = """
while True:
    sys.stdout.write('x' * 100_000)
"""


@pytest.mark.parametrize("body", [FLOOD, "sys.stderr.write('x' * 2_000_000)"], ids=["endless", "at the end"])
def test_a_program_that_prints_without_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    monkeypatch.setattr(process, "OUTPUT_BYTES", 2**20)
    monkeypatch.setattr(process, "_LOOK_SECONDS", 0.05)
    with pytest.raises(TerraformError, match="was stopped, because it printed more than 1 MiB"):
        TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only")


def test_what_a_provider_leaves_in_the_temporary_directory_goes_with_the_plan(tmp_path: Path) -> None:
    body = "import tempfile; open('where', 'w').write(tempfile.mkdtemp(prefix='plugin'))"
    TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only")
    left = Path((tmp_path / "where").read_text())
    assert left.name.startswith("plugin")
    assert not left.exists()
