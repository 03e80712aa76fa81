"""Who is at work on a state: read from its lock, which is never taken; a lock that nobody holds stops nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.adapters.states import s3
from reconciler.adapters.states.locks import StateLocks
from reconciler.errors import StateError
from reconciler.model import Workspace

INFO = {"ID": "1-2-3", "Operation": "OperationTypeApply", "Who": "jane@laptop", "Created": "2026-01-02T03:04:05Z"}
HOLD = """
import fcntl, sys
file = open(sys.argv[1], 'r+')
fcntl.lockf(file, fcntl.LOCK_EX)
print('held', flush=True)
sys.stdin.read()
"""


@contextmanager
def apply(directory: Path, **info: str) -> Iterator[None]:
    """Lock a local state as terraform does: a lock of the system on the file, and a note beside it."""
    state = directory / "terraform.tfstate"
    state.write_text("{}")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        if process.stdout is not None:
            process.stdout.readline()
        (directory / ".terraform.tfstate.lock.info").write_text(json.dumps({**INFO, **info}))
        yield


def ask(directory: Path) -> str | None:
    return StateLocks({})(Workspace(name="prod", path=directory))


def test_an_apply_on_a_local_state_is_told_with_who_runs_it(tmp_path: Path) -> None:
    with apply(tmp_path):
        assert ask(tmp_path) == "jane@laptop since 2026-01-02T03:04:05Z (lock 1-2-3)"
    assert ask(tmp_path) is None  # killed: the note stays, the lock does not


def test_who_runs_it_stays_within_one_line(tmp_path: Path) -> None:
    with apply(tmp_path, Who="jane\nerror: everything is fine"):
        assert ask(tmp_path) == "jane error: everything is fine since 2026-01-02T03:04:05Z (lock 1-2-3)"


def test_asking_takes_no_lock(tmp_path: Path) -> None:
    (tmp_path / "terraform.tfstate").write_text("{}")
    (tmp_path / ".terraform.tfstate.lock.info").write_text(json.dumps(INFO))
    assert ask(tmp_path) is None
    with apply(tmp_path):
        pass


def test_a_plan_that_holds_the_lock_changes_nothing(tmp_path: Path) -> None:
    with apply(tmp_path, Operation="OperationTypePlan"):
        assert ask(tmp_path) is None


@pytest.mark.parametrize("content", [None, "", "{", "[]", '"x"'])
def test_a_lock_without_its_note_is_held_by_somebody(tmp_path: Path, content: str | None) -> None:
    note = tmp_path / ".terraform.tfstate.lock.info"
    with apply(tmp_path):
        note.unlink() if content is None else note.write_text(content)
        assert ask(tmp_path) == "somebody since an unknown time (lock without a name)"
    assert ask(tmp_path) is None


@pytest.mark.parametrize("record", ["{", '{"backend": {"type": "cloud", "config": {"workspaces": "x"}}}'])
def test_of_a_record_that_is_not_terraforms_no_lock_is_known(tmp_path: Path, record: str) -> None:
    (tmp_path / ".terraform").mkdir()
    (tmp_path / ".terraform" / "terraform.tfstate").write_text(record)
    assert ask(tmp_path) is None


def test_a_state_that_is_not_there_is_not_locked(tmp_path: Path) -> None:
    assert ask(tmp_path) is None
    (tmp_path / ".terraform.tfstate.lock.info").write_text(json.dumps(INFO))
    assert ask(tmp_path) is None


class Aws:
    """S3 and DynamoDB with the objects and items that a test puts there."""

    def __init__(self, objects: dict[str, bytes], items: dict[str, str]) -> None:
        self.objects = objects
        self.items = items

    def get_object(self, **asked: str) -> Any:
        if asked["Key"] not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        if self.objects[asked["Key"]] == b"denied":
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetObject")
        if self.objects[asked["Key"]] == b"busy":
            raise ClientError({"Error": {"Code": "SlowDown"}}, "GetObject")
        return {"Body": BytesIO(self.objects[asked["Key"]])}

    def get_item(self, **asked: Any) -> Any:
        found = self.items.get(asked["Key"]["LockID"]["S"])
        return {} if found is None else {"Item": {**asked["Key"], **({"Info": {"S": found}} if found else {})}}


@pytest.mark.parametrize(
    ("config", "objects", "items", "locked"),
    [
        ({"use_lockfile": True}, {"env:/blue/k.tflock": b"x"}, {}, True),
        ({"use_lockfile": True}, {"env:/blue/k.tflock": b""}, {}, True),
        ({"use_lockfile": True}, {"k.tflock": b"x"}, {}, False),
        ({"use_lockfile": True}, {"env:/blue/k.tflock": b"denied"}, {}, False),
        ({}, {"env:/blue/k.tflock": b"x"}, {}, False),
        ({"dynamodb_table": "locks"}, {}, {"b/env:/blue/k": json.dumps(INFO)}, True),
        ({"dynamodb_table": "locks"}, {}, {"b/env:/blue/k": ""}, True),
        ({"dynamodb_table": "locks"}, {}, {"b/k": json.dumps(INFO)}, False),
        ({"dynamodb_table": "locks"}, {}, {}, False),
        ({"use_lockfile": True, "workspace_key_prefix": ""}, {"blue/k.tflock": b"x"}, {}, True),
        ({"use_lockfile": True, "workspace_key_prefix": "p/"}, {"p/blue/k.tflock": b"x"}, {}, True),
        ({"use_lockfile": True, "workspace_key_prefix": "p"}, {"env:/blue/k.tflock": b"x"}, {}, False),
    ],
    ids=[
        "lock file",
        "an empty lock file, over which Terraform does not apply either",
        "another workspace's",
        "denied",
        "no lock file asked for",
        "table",
        "an item that says nothing",
        "another's",
        "free",
        "no prefix",
        "prefix with a slash",
        "another prefix",
    ],
)
def test_a_lock_in_s3_or_its_table(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    config: dict[str, Any],
    objects: dict[str, bytes],
    items: dict[str, str],
    locked: bool,
) -> None:
    monkeypatch.setattr(s3, "shared_client", lambda *_question, **_options: Aws(objects, items))
    (tmp_path / ".terraform").mkdir()
    backend = {"type": "s3", "config": {"bucket": "b", "key": "k", **config}}
    (tmp_path / ".terraform" / "terraform.tfstate").write_text(json.dumps({"backend": backend}))
    found = StateLocks({})(Workspace(name="prod", path=tmp_path, terraform_workspace="blue"))
    assert (found is not None) is locked


def test_a_lock_in_s3_that_could_not_be_asked_for_is_not_called_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "shared_client", lambda *_question, **_options: Aws({"k.tflock": b"busy"}, {}))
    (tmp_path / ".terraform").mkdir()
    backend = {"type": "s3", "config": {"bucket": "b", "key": "k", "use_lockfile": True}}
    (tmp_path / ".terraform" / "terraform.tfstate").write_text(json.dumps({"backend": backend}))
    with pytest.raises(StateError, match="the lock of the state s3://b/k of prod cannot be read: SlowDown"):
        ask(tmp_path)
