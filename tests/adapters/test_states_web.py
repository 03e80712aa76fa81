"""States of the http backend, against a loopback server of its protocol."""

from __future__ import annotations

import base64
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from state_server import STATE, Server, Terraform, workspace

from reconciler.adapters.states import BackendStateReader, web
from reconciler.adapters.states.patience import Patience
from reconciler.errors import StateError


def test_the_http_backend_is_asked_directly_with_its_password(server: Server, tmp_path: Path) -> None:
    server.answers["/state"] = (200, STATE, {"ETag": '"1"'})
    prod = workspace(tmp_path, "http", address=f"http://{server.host}/state", username="ci", password=None)
    terraform = Terraform()
    reader = BackendStateReader(terraform, {"TF_HTTP_PASSWORD": "p"})
    assert reader.read(prod).serial == 7
    expected = f"Basic {base64.b64encode(b'ci:p').decode()}"
    assert (server.asked, terraform.pulled) == ([("GET", "/state", expected)], 0)


def test_its_etag_is_the_version_and_a_server_without_one_has_none(server: Server, tmp_path: Path) -> None:
    server.answers["/state"] = [
        (200, b"", {"ETag": '"1"'}),
        (200, b"", {"ETag": '"2"'}),
        (200, b"", {}),
        (405, b"", {}),
    ]
    prod = workspace(tmp_path, "http", address=f"http://{server.host}/state")
    reader = BackendStateReader(Terraform(), {})
    one, two, without, unsupported = (reader.version(prod) for _ in range(4))
    assert one is not None
    assert one != two
    assert (without, unsupported) == (None, None)
    assert {method for method, _, _ in server.asked} == {"HEAD"}


@pytest.mark.parametrize("answer", [(404, b"", {}), (204, b"", {}), (200, b"", {})])
def test_a_state_that_is_not_there_yet_is_no_failure(server: Server, tmp_path: Path, answer: Any) -> None:
    server.answers["/state"] = answer
    prod = workspace(tmp_path, "http", address=f"http://{server.host}/state")
    assert BackendStateReader(Terraform(), {}).read(prod).serial == -1


@pytest.mark.parametrize(
    ("status", "words"), [(401, "TF_HTTP_USERNAME"), (403, "TF_HTTP_USERNAME"), (410, "answers 410")]
)
def test_a_refusal_is_said_without_what_opens_it(server: Server, tmp_path: Path, status: int, words: str) -> None:
    server.answers["/state?token=hunter2"] = (status, b"hunter2", {})
    prod = workspace(
        tmp_path, "http", address=f"http://{server.host}/state?token=hunter2", username="u", password="hunter2"
    )
    with pytest.raises(StateError, match=words) as raised:
        BackendStateReader(Terraform(), {}).read(prod)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/state", "file:///etc/passwd", "nonsense", "http://[::1/"])
def test_an_address_that_nothing_answers_is_a_state_that_could_not_be_read(tmp_path: Path, address: str) -> None:
    with pytest.raises(StateError, match="state of prod cannot be read"):
        BackendStateReader(Terraform(), {}).read(workspace(tmp_path, "http", address=address))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirection_on_the_same_host_is_followed_as_terraform_does(
    server: Server, tmp_path: Path, status: int
) -> None:
    server.answers["/state"] = (status, b"", {"Location": "/renamed/state"})
    server.answers["/renamed/state"] = (200, STATE, {"ETag": "1"})
    prod = workspace(tmp_path, "http", address=f"http://{server.host}/state", username="u", password="p")
    reader = BackendStateReader(Terraform(), {})
    assert (reader.version(prod) is not None, reader.read(prod).serial) == (True, 7)
    password = f"Basic {base64.b64encode(b'u:p').decode()}"
    assert server.asked[1] == ("HEAD", "/renamed/state", password)
    assert server.asked[3] == ("GET", "/renamed/state", password)


def test_a_password_does_not_follow_a_redirection_to_another_host(server: Server, tmp_path: Path) -> None:
    there = f"http://localhost:{server.host.partition(':')[2]}/elsewhere"
    server.answers["/state"] = (302, b"", {"Location": there})
    server.answers["/elsewhere"] = (200, STATE, {})
    prod = workspace(tmp_path, "http", address=f"http://{server.host}/state", username="u", password="p")
    BackendStateReader(Terraform(), {}).read(prod)
    assert server.asked[-1] == ("GET", "/elsewhere", None)


def test_a_password_does_not_leave_encryption() -> None:
    assert not web._is_same_host("https://host/state", "http://host/state")
    assert web._is_same_host("http://host:80/state", "https://HOST/state")


def test_a_server_that_fails_is_waited_for_once(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    server.answers["/state"] = (500, b"", {})
    prod = workspace(tmp_path, "http", address=f"http://{server.host}/state")
    reader = BackendStateReader(Terraform(), {})
    for ask in (reader.version, reader.read, reader.version):
        with pytest.raises(StateError, match="its server answers 500"):
            ask(prod)
    assert (len(server.asked), len(pauses)) == (7, 4)
    server.answers["/state"] = (200, STATE, {})
    assert reader.read(prod).serial == 7
    server.answers["/state"] = [(503, b"", {}), (200, STATE, {})]
    assert reader.read(prod).serial == 7  # well again, and so waited for again


def test_a_busy_server_is_no_failing_one(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    server.answers["/state"] = (429, b"", {})
    prod = workspace(tmp_path, "http", address=f"http://{server.host}/state")
    reader = BackendStateReader(Terraform(), {})
    for _request in range(2):
        with pytest.raises(StateError, match="429"):
            reader.read(prod)
    assert len(server.asked) == 10


@pytest.mark.parametrize(
    ("size", "seconds", "read"),
    [(2_000_000, 20.0, False), (2_000_000, 0.1, True), (0, 20.0, True)],
    ids=["dripping", "large", "slow to begin"],
)
def test_a_server_that_drips_is_not_waited_for(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, seconds: float, read: bool
) -> None:
    monkeypatch.setattr(web, "time", SimpleNamespace(monotonic=count(step=seconds).__next__))  # at each look
    server.answers["/state"] = (200, STATE + b" " * size, {})
    reader = BackendStateReader(Terraform(), {})
    prod = workspace(tmp_path, "http", address=f"http://{server.host}/state")
    with nullcontext() if read else pytest.raises(StateError, match=r"could not be reached \(TimeoutError\)"):
        assert reader.read(prod).serial == 7
    assert web.PATIENCE.is_spent(server.host) is not read


def test_an_answer_that_breaks_off_is_none(server: Server, tmp_path: Path) -> None:
    server.answers["/state"] = (200, STATE, {"Content-Length": str(len(STATE) + 1)})
    with pytest.raises(StateError, match="IncompleteRead"):
        BackendStateReader(Terraform(), {}).read(workspace(tmp_path, "http", address=f"http://{server.host}/state"))


def test_patience_comes_back_after_a_minute() -> None:
    now = [0.0]
    patience = Patience(lambda: now[0])
    patience.note("a", answered=False)
    now[0] = 59
    patience.note("a", answered=False)
    assert (patience.is_spent("a"), patience.is_spent("b")) == (True, False)
    now[0] = 61
    assert not patience.is_spent("a")


def test_the_http_backend_has_no_cli_workspaces(server: Server, tmp_path: Path) -> None:
    server.answers["/state"] = (200, STATE, {"ETag": "1"})
    blue = workspace(tmp_path, "http", "blue", address=f"http://{server.host}/state")
    reader = BackendStateReader(Terraform(), {})
    for ask in (reader.read, reader.version):
        with pytest.raises(StateError, match="keeps one state and has no workspace blue"):
            ask(blue)
    assert server.asked == []


def test_client_certificates_are_left_to_terraform(tmp_path: Path) -> None:
    prod = workspace(tmp_path, "http", address="https://127.0.0.1:1/", client_certificate_pem="-----BEGIN")
    terraform = Terraform()
    reader = BackendStateReader(terraform, {})
    assert (reader.version(prod), reader.read(prod).serial, terraform.pulled) == (None, 7, 1)
