"""What is posted to the endpoint: asked for the secret, bounded, on the disk before it is answered."""

from __future__ import annotations

import base64
import http.client
import json
import logging
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from falco_alerts import alert, line

from reconciler.adapters.falco.endpoint import LARGEST
from reconciler.adapters.falco.posted import FalcoPosts
from reconciler.adapters.falco.spool import FullError, Spool
from reconciler.errors import SourceError
from reconciler.model import Broken, Record, Skipped

SECRET = "correct horse battery staple"
BEARER = {"Authorization": f"Bearer {SECRET}"}
ECS = frozenset({"ecs.amazonaws.com"})


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


class World:
    """A listening source, and a client that posts to it."""

    def __init__(self, directory: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = "127.0.0.1:{1}".format(*probe.getsockname())
        self.spool = Spool(directory / "falco", files=5)
        self.woken = 0
        self.source = self.again()
        self.source.listen(self.wake)

    def again(self) -> FalcoPosts:
        return FalcoPosts(self.address, SECRET, self.spool, only=ECS)

    def wake(self) -> None:
        self.woken += 1

    def ask(self, method: str, path: str, body: Any = None, headers: Any = BEARER) -> tuple[int, bytes, Any]:
        connection = http.client.HTTPConnection(self.address, timeout=10)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def post(self, body: Any, headers: Any = BEARER) -> int:
        return self.ask("POST", "/", body, headers)[0]

    def read(self) -> list[Any]:
        return list(self.source.records(None))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.source.close()


def ids(items: list[Any]) -> list[str]:
    return [str(each.body["eventID"]) if isinstance(each, Record) else type(each).__name__ for each in items]


@pytest.mark.parametrize("headers", [BEARER, basic("falco", SECRET), basic("", SECRET)])
def test_an_alert_with_the_secret_is_taken_and_wakes(world: World, headers: dict[str, str]) -> None:
    assert world.post(line(1), headers) == 204
    assert world.woken == 1
    assert ids(world.read()) == ["event-1"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": SECRET},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic %%%"},
        {"Authorization": f"Digest {SECRET}"},
        basic(SECRET, ""),
        basic("falco", SECRET + "x"),
    ],
)
def test_without_the_secret_nothing_is_taken_and_nothing_told(world: World, headers: dict[str, str]) -> None:
    status, text, _ = world.ask("POST", "/", line(1), headers)
    assert (status, text) == (401, b"")
    assert (world.woken, world.read()) == (0, [])


def test_an_alert_comes_again_until_it_is_acknowledged(world: World) -> None:
    world.post(line(1))
    world.post(line(2))
    assert ids(world.read()) == ids(world.read()) == ["event-1", "event-2"]
    assert ids(list(world.again().records(None))) == ["event-1", "event-2"]  # as after a kill
    world.post(line(3))
    world.source.acknowledge()
    assert ids(world.read()) == ["event-3"]


def test_what_comes_while_a_cycle_runs_is_not_acknowledged_with_it(world: World) -> None:
    world.post(line(1))
    reading = world.source.records(None)
    first = next(reading)
    world.post(line(2))
    assert ids([first, *reading]) == ["event-1"]
    world.source.acknowledge()
    assert ids(world.read()) == ["event-2"]


def test_what_another_process_has_handled_is_not_read(world: World) -> None:
    world.post(line(1))
    world.post(line(2))
    other = world.again()
    reading = world.source.records(None)
    assert ids([next(reading)]) == ["event-1"]
    list(other.records(None))
    other.acknowledge()
    assert list(reading) == []
    world.source.acknowledge()


def test_a_source_that_does_not_listen_reads_what_waits(world: World) -> None:
    world.post(line(1))
    world.source.close()
    with pytest.raises(OSError, match="refused"):
        world.post(line(2))
    assert ids(world.read()) == ["event-1"]


def test_a_full_spool_asks_to_come_later(world: World, caplog: pytest.LogCaptureFixture) -> None:
    assert [world.post(line(number)) for number in range(6)] == [204] * 5 + [503]
    assert world.ask("POST", "/", line(7))[2]["Retry-After"] == "30"
    assert "too many alerts of Falco wait" in caplog.text
    world.read()
    world.source.acknowledge()
    assert world.post(line(8)) == 204
    assert ids(world.read()) == ["event-8"]


def test_the_spool_is_bounded_in_bytes_too(tmp_path: Path) -> None:
    spool = Spool(tmp_path, size=1000)
    spool.put(b"x" * 600)
    with pytest.raises(FullError):
        spool.put(b"x" * 600)
    spool.put(b"x" * 400)


def test_a_disk_that_takes_nothing_is_told(world: World, caplog: pytest.LogCaptureFixture) -> None:
    (world.spool.directory).write_bytes(b"in the way")
    assert world.post(line(1)) == 503
    assert "cannot be stored" in caplog.text
    assert world.woken == 0


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"7", b'{"a": NaN}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_alert_at_all_is_refused(world: World, body: bytes) -> None:
    status, text, _ = world.ask("POST", "/", body)
    assert (status, b"json_output: true" in text) == (400, True)
    assert world.read() == []


def test_an_object_of_another_kind_is_broken_once(world: World) -> None:
    assert world.post(json.dumps({"text": "hello"})) == 204
    (item,) = world.read()
    assert isinstance(item, Broken)
    assert item.where.startswith(f"falco:http://{world.address}/")
    world.source.acknowledge()
    assert world.read() == []


def test_calls_that_nobody_wants_are_counted_together(world: World) -> None:
    for number in range(3):
        world.post(line(number, ct_src="ec2.amazonaws.com"))
    world.post(json.dumps(alert(9, source="syscall")))
    assert world.read() == [
        Skipped(
            reason="not_an_api_call",
            where=world.read()[0].where,
            name="Reconciler ecs UpdateService",
        ),
        Skipped(reason="other_service", where=f"falco:http://{world.address}", count=3),
    ]


def test_a_large_alert_is_taken(world: World) -> None:
    assert world.post(b'{"a": "' + b"x" * (LARGEST - 100) + b'"}') == 204


@pytest.mark.parametrize("length", [LARGEST + 1, 10**12])
def test_a_body_that_is_too_large_is_refused_before_it_comes(world: World, length: int) -> None:
    host, _, port = world.address.partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        client.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
        assert b" 413 " in client.recv(4096)
    assert world.post(line(1)) == 204


def test_many_who_say_nothing_keep_nobody_out(world: World) -> None:
    host, _, port = world.address.partition(":")
    silent = [socket.create_connection((host, int(port)), timeout=10) for _ in range(40)]
    try:
        for client in silent:
            client.sendall(b"POST / HTTP/1.1\r\nContent-Length: 100\r\n")
        assert world.post(line(1)) == 204
    finally:
        for client in silent:
            client.close()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_only_post_is_known(world: World, method: str) -> None:
    status, _, headers = world.ask(method, "/", line(1))
    assert (status, headers["Allow"]) == (405, "POST")


def test_health_needs_no_secret_and_tells_nothing_else(world: World) -> None:
    assert world.ask("GET", "/healthz", headers={})[:2] == (200, b"ok\n")


def test_no_secret_and_no_alert_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for headers in (BEARER, basic("falco", SECRET), {"Authorization": "Bearer wrong-secret"}):
        world.post(line(1), headers)
    assert not any(text in caplog.text for text in (SECRET, "wrong-secret", "event-1", "ops-admin"))


def test_alerts_are_their_owners_only(world: World) -> None:
    world.post(line(1))
    directory = world.spool.directory
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()] == [0o600]


def test_a_file_that_a_kill_left_half_written_is_no_alert(world: World) -> None:
    world.post(line(1))
    (directory := world.spool.directory).joinpath("00-x.draft").write_bytes(b'{"rule')
    assert ids(world.read()) == ["event-1"]
    assert len(list(directory.iterdir())) == 2


def test_an_address_that_is_taken_is_a_sentence(world: World) -> None:
    with pytest.raises(SourceError, match=r"cannot listen for Falco on 127\.0\.0\.1:\d+: .*choose another address"):
        world.again().listen(lambda: None)


def test_an_address_can_be_taken_again_after_closing(world: World) -> None:
    world.source.close()
    world.source.listen(world.wake)
    assert world.post(line(1)) == 204


def test_closing_does_not_race_with_the_loop(world: World) -> None:
    for _ in range(100):
        world.source.close()
        world.source.listen(world.wake)
