"""Clients that many threads ask for at once: each is made once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters import aws
from reconciler.adapters.cloudtrail.objects import LogFiles

KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "eu-west-1"}


def test_sixteen_threads_that_ask_for_the_same_client_share_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[dict[str, Any]] = []
    together = threading.Barrier(16)

    def client(service: str, environment: Any, **options: Any) -> object:
        made.append(options)
        threading.Event().wait(0.02)  # as long as a real one takes
        return object()

    def ask(number: int) -> object:
        together.wait(timeout=20)
        return aws.shared_client("s3", {**KEYS, "HOME": f"/{number}"}, region="eu-west-1", profile="test of threads")

    monkeypatch.setattr(aws, "client", client)
    with ThreadPoolExecutor(16) as pool:
        assert len(set(pool.map(ask, range(16)))) == 1
    assert made == [{"profile": "test of threads", "region": "eu-west-1"}]


@pytest.mark.parametrize(
    ("service", "environment", "options"),
    [
        ("ecs", {}, {}),
        ("s3", {"AWS_ACCESS_KEY_ID": "AKIAOTHER"}, {}),
        ("s3", {}, {"region": "eu-west-2"}),
        ("s3", {}, {"patience": 3.0}),
    ],
)
def test_another_question_gets_another_client(service: str, environment: dict[str, str], options: Any) -> None:
    first = aws.shared_client("s3", KEYS, region="eu-west-1")
    assert aws.shared_client("s3", KEYS, region="eu-west-1") is first
    assert aws.shared_client(service, {**KEYS, **environment}, **{"region": "eu-west-1", **options}) is not first


def in_a_workspace(environment: dict[str, str]) -> Callable[[], Any]:
    return partial(aws.shared_client, "s3", environment, region="eu-west-1")


def in_a_trail(environment: dict[str, str]) -> Callable[[], Any]:
    return LogFiles(environment, profile=None, region="eu-west-1", only=frozenset())._client


@pytest.mark.parametrize("clients", [in_a_workspace, in_a_trail])
def test_keys_that_are_written_anew_are_used_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clients: Callable[[dict[str, str]], Callable[[], Any]]
) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    files = {"AWS_SHARED_CREDENTIALS_FILE": tmp_path / "credentials", "AWS_CONFIG_FILE": tmp_path / "config"}
    ask = clients({**{name: str(file) for name, file in files.items()}, "AWS_EC2_METADATA_DISABLED": "true"})
    seen = set()
    for file, key in zip((*files.values(), tmp_path / "credentials"), ("AKIAFIRST", "", "AKIASECOND"), strict=True):
        section = f"aws_access_key_id={key}\naws_secret_access_key=x\n" if key else "output=json\n"
        file.write_text(f"[default]\n{section}")
        client = ask()
        assert ask() is client
        seen.add(client)
        assert (key or "AKIAFIRST") in client.generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"})
    assert len(seen) == 3
