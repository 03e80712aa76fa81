"""What stops reconciler stops git: an exchange with a remote that hangs goes on neither alone nor to its time limit."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from git_checkout import BRANCH, EDIT, MESSAGE, git, repository, workspace
from terraform_program import alive

from reconciler.adapters.git import GitRepository
from reconciler.errors import RepositoryError


@pytest.fixture
def ssh(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an ssh that hangs, and the remote one that is reached by it; returns the file that holds its pid."""
    pid = tmp_path / "pid"
    git(checkout, "remote", "set-url", "origin", "ssh://host.invalid/shop.git")
    monkeypatch.setenv("GIT_SSH_COMMAND", f"sleep 0.2; echo $$ > '{pid}'; exec sleep 60; false")
    return pid


def when_started(ssh: Path, act: Callable[[], object]) -> None:
    for _ in range(1000):
        if ssh.exists() and ssh.read_text():
            act()
            return
        time.sleep(0.01)


def test_an_interrupt_ends_a_fetch_with_its_ssh_and_leaves_nothing_to_wait_for(checkout: Path, ssh: Path) -> None:
    threading.Thread(target=when_started, args=(ssh, lambda: os.kill(os.getpid(), signal.SIGINT))).start()
    with pytest.raises(KeyboardInterrupt), repository().scratch(workspace(checkout)):
        pass
    assert not alive(int(ssh.read_text()))
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


def test_an_interrupt_ends_what_is_asked_of_the_remote_before_a_push(checkout: Path, ssh: Path) -> None:
    git(checkout, "remote", "set-url", "origin", "../remote.git")
    with repository().scratch(workspace(checkout)) as scratch:
        scratch.write([EDIT])
        scratch._git.remote("set-url", "origin", "ssh://host.invalid/shop.git")
        threading.Thread(target=when_started, args=(ssh, lambda: os.kill(os.getpid(), signal.SIGINT))).start()
        with pytest.raises(KeyboardInterrupt):
            scratch.push(BRANCH, MESSAGE)
    assert not alive(int(ssh.read_text()))


def test_stopping_ends_a_fetch_in_another_thread(checkout: Path, ssh: Path) -> None:
    stopped = threading.Event()
    repository = GitRepository(base="main", remote="origin", stopped=stopped)
    with ThreadPoolExecutor() as pool:
        scratch = repository.scratch(workspace(checkout))
        fetching = pool.submit(scratch.__enter__)
        when_started(ssh, stopped.set)
        with pytest.raises(RepositoryError, match="git fetch was interrupted"):
            fetching.result(timeout=20)
    assert not alive(int(ssh.read_text()))
