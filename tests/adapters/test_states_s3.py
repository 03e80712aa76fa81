"""States in S3, over the wire against the embedded AWS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.states import BackendStateReader
from reconciler.errors import StateError
from reconciler.model import Workspace
from reconciler.sandbox import Sandbox

BUCKET = "states"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        running.client("s3").create_bucket(Bucket=BUCKET)
        yield running


def state(serial: int) -> bytes:
    return json.dumps({"version": 4, "serial": serial, "lineage": "l", "resources": []}).encode()


class NoTerraform:
    def initialise(self, workspace: Workspace) -> None:
        raise AssertionError

    def workspaces(self, workspace: Workspace) -> frozenset[str]:
        return frozenset({"default"})

    def pull_state(self, workspace: Workspace) -> bytes:
        raise AssertionError


def workspace(directory: Path, key: str, bucket: str = BUCKET, name: str = "default") -> Workspace:
    (directory / ".terraform").mkdir(parents=True)
    backend: dict[str, Any] = {"type": "s3", "config": {"bucket": bucket, "key": key, "region": "us-east-1"}}
    (directory / ".terraform" / "terraform.tfstate").write_text(json.dumps({"backend": backend}))
    return Workspace(name=key, path=directory, terraform_workspace=name)


def test_the_version_changes_with_the_object_and_only_then(sandbox: Sandbox, tmp_path: Path) -> None:
    s3 = sandbox.client("s3")
    reader = BackendStateReader(NoTerraform(), sandbox.environment("terraform"))
    prod = workspace(tmp_path, "prod")
    assert (reader.version(prod), reader.read(prod).serial) == (None, -1)
    s3.put_object(Bucket=BUCKET, Key="prod", Body=state(1))
    first = reader.version(prod)
    assert (reader.read(prod).serial, reader.version(prod)) == (1, first)
    s3.put_object(Bucket=BUCKET, Key="prod", Body=state(2))
    assert len({first, reader.version(prod), None}) == 3
    assert reader.read(prod).serial == 2


def test_a_cli_workspace_has_an_object_of_its_own(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.client("s3").put_object(Bucket=BUCKET, Key="env:/blue/app", Body=state(5))
    reader = BackendStateReader(NoTerraform(), sandbox.environment("terraform"))
    assert reader.read(workspace(tmp_path / "blue", "app", name="blue")).serial == 5
    assert reader.read(workspace(tmp_path / "green", "app", name="green")).serial == -1


def test_a_bucket_that_is_not_there_is_a_failure_and_no_empty_state(sandbox: Sandbox, tmp_path: Path) -> None:
    reader = BackendStateReader(NoTerraform(), sandbox.environment("terraform"))
    lost = workspace(tmp_path, "x", bucket="nowhere")
    assert reader.version(lost) is None
    with pytest.raises(StateError, match="s3://nowhere/x of x cannot be read: NoSuchBucket"):
        reader.read(lost)
