"""The server's end: one patience for all the calls that are still being answered, not one for each."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from threading import Event, Semaphore
from time import monotonic
from typing import Any

import pytest

from reconciler.sandbox import httpd
from reconciler.sandbox.httpd import Httpd

pytestmark = pytest.mark.wire
CALLS = 8


class Dawdler:
    """Answers nobody before it is released, and counts who asks."""

    def __init__(self) -> None:
        self.asked = Semaphore(0)
        self.released = Event()

    def __call__(self, environ: Mapping[str, Any], start_response: Any) -> list[bytes]:
        self.asked.release()
        self.released.wait(60)
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]


@pytest.fixture
def dawdler() -> Iterator[Dawdler]:
    application = Dawdler()
    yield application
    application.released.set()


def call(server: Httpd) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port))
    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return connection


def test_calls_that_do_not_end_hold_the_stop_up_once_and_not_each(
    dawdler: Dawdler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(httpd, "_PATIENCE", 0.25)
    server = Httpd(dawdler, 0)
    connections = [call(server) for _ in range(CALLS)]
    assert all(dawdler.asked.acquire(timeout=60) for _ in connections)
    begun = monotonic()
    server.stop()
    assert 0.25 <= monotonic() - begun < 0.25 * CALLS
    for connection in connections:
        connection.close()
