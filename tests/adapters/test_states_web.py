"""States behind HTTP: the http backend and HCP Terraform's API, against a loopback server of their protocol."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.states import BackendStateReader, hcp, web
from reconciler.adapters.states.locks import StateLocks
from reconciler.adapters.states.patience import Patience
from reconciler.errors import StateError
from reconciler.model import Workspace

STATE = json.dumps({"version": 4, "serial": 7, "lineage": "l", "resources": []}).encode()
TOKEN = "secret-token"


class Server:
    """`answers` maps paths to (status, body, headers), or to a list of those, one for each request in turn."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, str, str | None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.command, self.path, self.headers.get("Authorization")))
                found = outer.answers.get(self.path, (404, b"", {}))
                status, body, headers = found.pop(0) if isinstance(found, list) else found
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def do_HEAD(self) -> None:
                self.do_GET()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


class Terraform:
    """A terraform that can only pull."""

    def __init__(self) -> None:
        self.pulled = 0

    def initialise(self, workspace: Workspace) -> None:
        pass

    def workspaces(self, workspace: Workspace) -> frozenset[str]:
        return frozenset({"default"})

    def pull_state(self, workspace: Workspace) -> bytes:
        self.pulled += 1
        return STATE


def workspace(directory: Path, kind: str, name: str = "default", **config: Any) -> Workspace:
    (directory / ".terraform").mkdir()
    (directory / ".terraform" / "terraform.tfstate").write_text(
        json.dumps({"backend": {"type": kind, "config": config}})
    )
    return Workspace(name="prod", path=directory, terraform_workspace=name)


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


def serve_hcp(server: Server, name: str = "app", current: str | None = "sv-1") -> None:
    related = {"data": None if current is None else {"id": current, "type": "state-versions"}}
    found = {"data": {"id": "ws-1", "relationships": {"current-state-version": related}}}
    server.answers[f"/api/v2/organizations/acme/workspaces/{name}"] = (200, json.dumps(found).encode(), {})
    if current is not None:
        link = f"http://{server.host}/api/state-versions/{current}/hosted_state"
        version = {"data": {"id": current, "attributes": {"hosted-state-download-url": link}}}
        server.answers["/api/v2/workspaces/ws-1/current-state-version"] = (200, json.dumps(version).encode(), {})
        server.answers[f"/api/state-versions/{current}/hosted_state"] = (200, STATE, {})


@pytest.fixture
def cloud(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(hcp, "_SCHEME", "http")
    serve_hcp(server)
    return server


def token_of(server: Server) -> dict[str, str]:
    return {f"TF_TOKEN_{server.host.replace('.', '_')}": TOKEN, "HOME": "/nonexistent"}


@pytest.mark.parametrize(
    ("kind", "name", "chosen"),
    [
        ("cloud", "default", {"name": "app", "tags": None}),
        ("cloud", "app", {"name": None, "tags": ["ecs"]}),
        ("remote", "default", [{"name": "app", "prefix": None}]),
        ("remote", "p", [{"name": None, "prefix": "ap"}]),
    ],
)
def test_hcp_is_asked_through_its_api(cloud: Server, tmp_path: Path, kind: str, name: str, chosen: Any) -> None:
    serve_hcp(cloud)
    prod = workspace(tmp_path, kind, name, hostname=cloud.host, organization="acme", token=None, workspaces=chosen)
    terraform = Terraform()
    reader = BackendStateReader(terraform, token_of(cloud))
    assert (reader.read(prod).serial, terraform.pulled) == (7, 0)
    assert {authorization for _, _, authorization in cloud.asked} == {f"Bearer {TOKEN}"}


def app(server: Server, directory: Path) -> Workspace:
    return workspace(directory, "cloud", hostname=server.host, organization="acme", workspaces={"name": "app"})


def test_one_request_tells_whether_a_state_is_another(cloud: Server, tmp_path: Path) -> None:
    prod = app(cloud, tmp_path)
    reader = BackendStateReader(Terraform(), token_of(cloud))
    one = reader.version(prod)
    assert (one == reader.version(prod), len(cloud.asked)) == (True, 2)
    serve_hcp(cloud, current="sv-2")
    assert reader.version(prod) not in (one, None)


@pytest.mark.parametrize(
    ("locked", "holder", "status", "expected"),
    [
        (True, {"type": "users", "id": "user-1"}, None, "user-1 at"),
        (True, {"type": "runs", "id": "run-1"}, "applying", "run-1 at"),
        (True, {"type": "runs", "id": "run-1"}, None, "run-1 at"),
        (True, None, None, "somebody at"),
        (True, {"type": "runs", "id": "run-1"}, "planned", None),
        (False, None, None, None),
    ],
)
def test_who_holds_the_lock_of_an_hcp_workspace(
    cloud: Server, tmp_path: Path, locked: bool, holder: Any, status: str | None, expected: str | None
) -> None:
    data = {"id": "ws-1", "attributes": {"locked": locked}, "relationships": {"locked-by": {"data": holder}}}
    cloud.answers["/api/v2/organizations/acme/workspaces/app"] = (200, json.dumps({"data": data}).encode(), {})
    if status is not None:
        run = {"data": {"attributes": {"status": status}}}
        cloud.answers["/api/v2/runs/run-1"] = (200, json.dumps(run).encode(), {})
    found = StateLocks(token_of(cloud))(app(cloud, tmp_path))
    assert found == (expected and f"{expected} {cloud.host}")


def test_an_hcp_lock_that_cannot_be_asked_for_is_none(cloud: Server, tmp_path: Path) -> None:
    cloud.answers.clear()
    assert StateLocks(token_of(cloud))(app(cloud, tmp_path)) is None


def test_an_hcp_workspace_that_was_never_applied_has_no_state_yet(cloud: Server, tmp_path: Path) -> None:
    cloud.answers.clear()
    serve_hcp(cloud, current=None)
    reader = BackendStateReader(Terraform(), token_of(cloud))
    prod = app(cloud, tmp_path)
    assert (reader.read(prod).serial, reader.version(prod) is None) == (-1, False)


def test_an_hcp_workspace_that_is_not_there_or_may_not_be_seen_is_unread(cloud: Server, tmp_path: Path) -> None:
    cloud.answers.clear()
    with pytest.raises(StateError, match="has no workspace app in acme, or the token may not see it"):
        BackendStateReader(Terraform(), token_of(cloud)).read(app(cloud, tmp_path))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"data": 5}', b'{"data": {"relationships": null}}'])
def test_nonsense_from_the_api_is_unread(cloud: Server, tmp_path: Path, body: bytes) -> None:
    cloud.answers = {"/api/v2/organizations/acme/workspaces/app": (200, body, {})}
    cloud.answers["/api/v2/workspaces/None/current-state-version"] = (200, body, {})
    with pytest.raises(StateError, match="cannot be read"):
        BackendStateReader(Terraform(), token_of(cloud)).read(app(cloud, tmp_path))


def test_a_download_address_that_is_none_is_unread(cloud: Server, tmp_path: Path) -> None:
    link = {"data": {"attributes": {"hosted-state-download-url": "http://[::1/"}}}
    cloud.answers["/api/v2/workspaces/ws-1/current-state-version"] = (200, json.dumps(link).encode(), {})
    with pytest.raises(StateError, match="no usable address"):
        BackendStateReader(Terraform(), token_of(cloud)).read(app(cloud, tmp_path))


def test_the_token_does_not_go_to_where_the_state_is_downloaded_from(cloud: Server, tmp_path: Path) -> None:
    archive = Server()
    try:
        link = {"data": {"attributes": {"hosted-state-download-url": f"http://{archive.host}/object"}}}
        cloud.answers["/api/v2/workspaces/ws-1/current-state-version"] = (200, json.dumps(link).encode(), {})
        archive.answers["/object"] = (200, STATE, {})
        assert BackendStateReader(Terraform(), token_of(cloud)).read(app(cloud, tmp_path)).serial == 7
        assert archive.asked == [("GET", "/object", None)]
    finally:
        archive.close()


def test_a_busy_api_is_asked_again_when_it_says(cloud: Server, tmp_path: Path) -> None:
    path = "/api/v2/organizations/acme/workspaces/app"
    cloud.answers[path] = [(429, b"", {"Retry-After": "0"}), cloud.answers[path]]
    assert BackendStateReader(Terraform(), token_of(cloud)).version(app(cloud, tmp_path)) is not None


@pytest.mark.parametrize("place", ["credentials.tfrc.json", ".terraformrc", "TF_CLI_CONFIG_FILE", "TFE_TOKEN"])
def test_a_token_is_found_where_terraform_keeps_it(cloud: Server, tmp_path: Path, place: str) -> None:
    home = tmp_path / "home"
    (home / ".terraform.d").mkdir(parents=True)
    environment = {"HOME": str(home)}
    block = f'credentials "{cloud.host}" {{\n  # token = "old"\n  token = "{TOKEN}"\n}}\n'
    if place == "TFE_TOKEN":
        environment["TFE_TOKEN"] = TOKEN
    elif place == "credentials.tfrc.json":
        stored = {"credentials": {cloud.host: {"token": TOKEN}}}
        (home / ".terraform.d" / place).write_text(json.dumps(stored))
    elif place == ".terraformrc":
        (home / place).write_text(block)
    else:
        (home / "own.rc").write_text(block)
        environment[place] = str(home / "own.rc")
    assert BackendStateReader(Terraform(), environment).version(app(cloud, tmp_path)) is not None
    assert cloud.asked[0][2] == f"Bearer {TOKEN}"


def test_without_a_token_terraform_is_left_to_know_one(cloud: Server, tmp_path: Path) -> None:
    terraform = Terraform()
    reader = BackendStateReader(terraform, {"HOME": "/nonexistent"})
    prod = app(cloud, tmp_path)
    assert (reader.version(prod), reader.read(prod).serial, terraform.pulled, cloud.asked) == (None, 7, 1, [])
