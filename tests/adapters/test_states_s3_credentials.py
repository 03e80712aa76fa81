"""With which credentials a state in S3 is read: those that the backend and the workspace's environment name.

Against a loopback server that plays STS, which gives keys to whoever says the external id or shows the token, and S3,
which answers to those keys only.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from reconciler.adapters.states import BackendStateReader
from reconciler.errors import StateError
from reconciler.model import Workspace

STATE = json.dumps({"version": 4, "serial": 7, "lineage": "l", "resources": []}).encode()
ROLE = "arn:aws:iam::123456789012:role/states"
GIVEN = (
    "<{0}Response><{0}Result><Credentials><AccessKeyId>ASIAGIVEN</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
    "<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></{0}Result></{0}Response>"
)
DENIED = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no.</Message></Error></ErrorResponse>"


class Aws:
    """`opens` is the access key that S3 answers to; `asked` holds what STS was asked."""

    def __init__(self) -> None:
        self.opens = "ASIAGIVEN"
        self.asked: list[dict[str, str]] = []
        self.refusal = 403
        self.served = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                asked = {name: values[0] for name, values in form.items()}
                outer.asked.append(asked)
                known = asked.get("ExternalId") == "ext-42" or asked.get("WebIdentityToken") == "web-token"
                self._answer(200 if known else 403, (GIVEN.format(asked["Action"]) if known else DENIED).encode())

            def do_GET(self) -> None:
                known = f"Credential={outer.opens}/" in self.headers.get("Authorization", "")
                outer.served += 1
                self._answer(200 if known else outer.refusal, STATE if known else DENIED.encode())

            def do_HEAD(self) -> None:
                known = f"Credential={outer.opens}/" in self.headers.get("Authorization", "")
                self._answer(200 if known else outer.refusal, b"")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def aws() -> Iterator[Aws]:
    aws = Aws()
    yield aws
    aws.close()


class Terraform:
    def __init__(self) -> None:
        self.pulled = 0

    def initialise(self, workspace: Workspace) -> None:
        raise AssertionError

    def workspaces(self, workspace: Workspace) -> frozenset[str]:
        raise AssertionError

    def pull_state(self, workspace: Workspace) -> bytes:
        self.pulled += 1
        return STATE


def workspace(directory: Path, environment: dict[str, str] | None = None, **config: Any) -> Workspace:
    (directory / ".terraform").mkdir()
    backend = {"type": "s3", "config": {"bucket": "b", "key": "k", "region": "us-east-1", **config}}
    (directory / ".terraform" / "terraform.tfstate").write_text(json.dumps({"backend": backend}))
    return Workspace(name="prod", path=directory, environment=environment or {})


def process(aws: Aws, **more: str) -> dict[str, str]:
    return {"AWS_ENDPOINT_URL": aws.url, "AWS_ACCESS_KEY_ID": "AKIAOWN", "AWS_SECRET_ACCESS_KEY": "s", **more}


@pytest.mark.parametrize("form", ["block", "legacy"])
def test_a_role_is_assumed_with_its_external_id_and_session_name(aws: Aws, tmp_path: Path, form: str) -> None:
    role = {"role_arn": ROLE, "external_id": "ext-42", "session_name": "states"}
    prod = workspace(tmp_path, **({"assume_role": role} if form == "block" else role))
    assert BackendStateReader(Terraform(), process(aws)).read(prod).serial == 7
    assert (aws.asked[0]["ExternalId"], aws.asked[0]["RoleSessionName"]) == ("ext-42", "states")


@pytest.mark.parametrize(("status", "asked"), [(500, 6), (403, 2)])
def test_an_outage_is_waited_for_once_and_a_refusal_is_none(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, asked: int
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    aws.opens, aws.refusal = "nobody", status
    prod = workspace(tmp_path, bucket=f"b{status}")
    reader = BackendStateReader(Terraform(), process(aws))
    for _request in range(2):
        with pytest.raises(StateError, match=f"s3://b{status}/k of prod cannot be read"):
            reader.read(prod)
    assert aws.served == asked


@pytest.mark.parametrize("status", [400, 403])
def test_a_refusal_is_told_in_the_words_of_s3_though_a_head_has_none(aws: Aws, tmp_path: Path, status: int) -> None:
    aws.opens, aws.refusal = "nobody", status
    with pytest.raises(StateError, match=r"the state s3://b/k of prod cannot be read: AccessDenied: no$"):
        BackendStateReader(Terraform(), process(aws)).version(workspace(tmp_path))


def test_a_server_that_tells_no_etag_is_read(aws: Aws, tmp_path: Path) -> None:
    aws.opens = "AKIAOWN"
    prod = workspace(tmp_path)
    reader = BackendStateReader(Terraform(), process(aws))
    assert (reader.version(prod), reader.read(prod).serial) == (None, 7)


def test_a_role_that_demands_another_external_id_is_not_assumed(aws: Aws, tmp_path: Path) -> None:
    prod = workspace(tmp_path, assume_role={"role_arn": ROLE})
    with pytest.raises(StateError, match="AccessDenied"):
        BackendStateReader(Terraform(), process(aws)).read(prod)


@pytest.mark.parametrize(
    "config",
    [
        {"sse_customer_key": "c2VjcmV0"},
        {"shared_credentials_files": ["/x"]},
        {"custom_ca_bundle": "/x"},
        {"assume_role": {"role_arn": ROLE, "tags": {"a": "b"}}},
        {"assume_role_with_web_identity": {"role_arn": ROLE}},
        {"assume_role_with_web_identity": {"role_arn": ROLE, "web_identity_token": "web-token"}},
        {"assume_role_with_web_identity": {"role_arn": ROLE, "web_identity_token_file": "token"}},
    ],
    ids=lambda config: next(iter(config)),
)
def test_what_only_terraform_can_do_is_left_to_it(aws: Aws, tmp_path: Path, config: dict[str, Any]) -> None:
    terraform = Terraform()
    reader = BackendStateReader(terraform, process(aws))
    prod = workspace(tmp_path, **config)
    assert (reader.version(prod), reader.read(prod).serial, terraform.pulled, aws.asked) == (None, 7, 1, [])


def test_a_setting_that_says_no_is_not_left_to_terraform(aws: Aws, tmp_path: Path) -> None:
    aws.opens = "AKIAOWN"
    terraform = Terraform()
    prod = workspace(tmp_path, insecure=False, use_fips_endpoint=None, shared_config_files=[])
    assert BackendStateReader(terraform, process(aws)).read(prod).serial == 7
    assert terraform.pulled == 0


def test_the_profiles_of_a_workspaces_own_files_are_used(aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "creds").write_text("[states]\naws_access_key_id = AKIAFILE\naws_secret_access_key = s\n")
    (tmp_path / "config").write_text("[profile states]\nregion = us-east-1\n")
    aws.opens = "AKIAFILE"
    own = {
        "AWS_PROFILE": "states",
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "creds"),
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
    }
    assert BackendStateReader(Terraform(), process(aws)).read(workspace(tmp_path, own)).serial == 7


def test_the_web_identity_of_a_workspaces_environment_is_used(aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("web-token\n")
    own = {"AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token"), "AWS_ROLE_ARN": ROLE}
    assert BackendStateReader(Terraform(), process(aws)).read(workspace(tmp_path, own)).serial == 7
    assert aws.asked[0]["Action"] == "AssumeRoleWithWebIdentity"


def test_the_web_identity_of_the_backend_is_used_and_may_assume_a_role(aws: Aws, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("web-token\n")
    identity = {"role_arn": f"{ROLE}-ci", "web_identity_token_file": str(tmp_path / "token"), "session_name": "ci"}
    role = {"role_arn": ROLE, "external_id": "ext-42"}
    prod = workspace(tmp_path, assume_role_with_web_identity=identity, assume_role=role)
    terraform = Terraform()
    assert BackendStateReader(terraform, process(aws)).read(prod).serial == 7
    asked = [(each["Action"], each["RoleArn"], each["RoleSessionName"]) for each in aws.asked]
    assert asked == [("AssumeRoleWithWebIdentity", f"{ROLE}-ci", "ci"), ("AssumeRole", ROLE, "reconciler")]
    assert terraform.pulled == 0


def test_a_web_identity_without_its_token_is_said(aws: Aws, tmp_path: Path) -> None:
    own = {"AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "nowhere"), "AWS_ROLE_ARN": ROLE}
    with pytest.raises(StateError, match="AWS_WEB_IDENTITY_TOKEN_FILE cannot be read"):
        BackendStateReader(Terraform(), process(aws)).read(workspace(tmp_path, own))
