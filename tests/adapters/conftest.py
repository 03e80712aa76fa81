"""One embedded AWS for each file, and what tests of several files begin with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from git_checkout import BEFORE, git
from state_server import Server
from trail_bucket import Trail, make_trail

from reconciler.adapters import aws
from reconciler.sandbox import Sandbox


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def trail(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Trail:
    # Making a client takes longer than all calls of a test.
    monkeypatch.setattr(aws, "client", lambda service, *_, **__: sandbox.client(service))
    return make_trail(sandbox)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    git(tmp_path, "init", "--quiet", "--initial-branch=main", "checkout")
    root = tmp_path / "checkout"
    (root / "infra").mkdir()
    (root / "infra" / "main.tf").write_bytes(BEFORE)
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "start")
    git(root, "remote", "add", "origin", "../remote.git")
    git(root, "push", "--quiet", "origin", "main")
    return root


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()
