"""Clients that many threads ask for at once: each is made once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from reconciler.adapters import aws

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
