"""One embedded AWS for each file, and what tests of several files begin with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from botocore.loaders import JSONFileLoader
from git_checkout import BEFORE, git
from state_server import Server
from trail_bucket import Trail, make_trail

from reconciler.adapters import aws
from reconciler.sandbox import Sandbox


@pytest.fixture(scope="session", autouse=True)
def _models_are_read_once() -> Iterator[None]:
    """Keep what botocore reads of its models: it reads them anew for each session, and each client has one."""
    with pytest.MonkeyPatch.context() as patch:
        read = cache(JSONFileLoader().load_file)
        patch.setattr(JSONFileLoader, "load_file", lambda _self, path: read(path))
        yield


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def trail(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Trail:
    # Making a client takes longer than all calls of a test.
    monkeypatch.setattr(aws, "client", lambda service, *_, **__: sandbox.client(service))
    return make_trail(sandbox)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout and its remote, which every test copies: to make them takes eight processes."""
    directory = tmp_path_factory.mktemp("pristine")
    git(directory, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    git(directory, "init", "--quiet", "--initial-branch=main", "checkout")
    root = directory / "checkout"
    (root / "infra").mkdir()
    (root / "infra" / "main.tf").write_bytes(BEFORE)
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "start")
    git(root, "remote", "add", "origin", "../remote.git")
    git(root, "push", "--quiet", "origin", "main")
    return directory


@pytest.fixture
def checkout(pristine: Path, tmp_path: Path) -> Path:
    shutil.copytree(pristine, tmp_path, dirs_exist_ok=True)
    return tmp_path / "checkout"


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()
