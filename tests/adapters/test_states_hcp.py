"""States behind HCP Terraform's API, against a loopback server that speaks it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from state_server import STATE, TOKEN, Server, Terraform, workspace

from reconciler.adapters.states import BackendStateReader, hcp
from reconciler.adapters.states.locks import StateLocks
from reconciler.errors import StateError
from reconciler.model import Workspace


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
        (True, {"type": "runs", "id": "run-1"}, 403, "run-1 at"),
        (True, {"type": "runs", "id": "run-1"}, "planned", None),
        (False, None, None, None),
    ],
)
def test_who_holds_the_lock_of_an_hcp_workspace(
    cloud: Server, tmp_path: Path, locked: bool, holder: Any, status: str | int | None, expected: str | None
) -> None:
    data = {"id": "ws-1", "attributes": {"locked": locked}, "relationships": {"locked-by": {"data": holder}}}
    cloud.answers["/api/v2/organizations/acme/workspaces/app"] = (200, json.dumps({"data": data}).encode(), {})
    if isinstance(status, int):
        cloud.answers["/api/v2/runs/run-1"] = (status, b"", {})
    elif status is not None:
        run = {"data": {"attributes": {"status": status}}}
        cloud.answers["/api/v2/runs/run-1"] = (200, json.dumps(run).encode(), {})
    found = StateLocks(token_of(cloud))(app(cloud, tmp_path))
    assert found == (expected and f"{expected} {cloud.host}")


@pytest.mark.parametrize("status", [429, 500, 403, 404])
def test_an_hcp_lock_that_cannot_be_asked_for_is_not_called_free(
    cloud: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    cloud.answers = {"/api/v2/organizations/acme/workspaces/app": (status, b"", {})}
    with pytest.raises(StateError, match="the state of prod cannot be read"):
        StateLocks(token_of(cloud))(app(cloud, tmp_path))


def test_an_hcp_lock_that_only_terraform_can_ask_for_is_not_known(cloud: Server, tmp_path: Path) -> None:
    assert StateLocks({"HOME": "/nonexistent"})(app(cloud, tmp_path)) is None
    assert cloud.asked == []


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


@pytest.mark.parametrize("content", [(200, b"", {}), (404, b"", {}), (200, b" ", {})])
def test_a_state_version_without_content_is_no_workspace_without_a_state(
    cloud: Server, tmp_path: Path, content: Any
) -> None:
    cloud.answers["/api/state-versions/sv-1/hosted_state"] = content
    with pytest.raises(StateError, match="the state of "):
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
