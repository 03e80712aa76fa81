"""Raw states: the format, and where backends keep them."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.states import BackendStateReader
from reconciler.adapters.states.format import parse_state
from reconciler.errors import StateError, TerraformError
from reconciler.match import summarise
from reconciler.model import Workspace


def document(*resources: dict[str, Any]) -> bytes:
    return json.dumps({"version": 4, "serial": 7, "lineage": "l", "resources": list(resources)}).encode()


def block(
    index: Any = None, module: str | None = None, mode: str = "managed", deposed: str | None = None
) -> dict[str, Any]:
    instance: dict[str, Any] = {"attributes": {"name": "web"}}
    if index is not None:
        instance["index_key"] = index
    if deposed:
        instance["deposed"] = deposed
    found: dict[str, Any] = {
        "mode": mode,
        "type": "aws_ecs_service",
        "name": "web",
        "provider": "p",
        "instances": [instance],
    }
    return {**found, "module": module} if module else found


@pytest.mark.parametrize(
    ("resource", "address"),
    [
        (block(), "aws_ecs_service.web"),
        (block(0), "aws_ecs_service.web[0]"),
        (block('a"b'), 'aws_ecs_service.web["a\\"b"]'),
        (block("é"), 'aws_ecs_service.web["é"]'),
        (block("${x} %{y} $z"), 'aws_ecs_service.web["$${x} %%{y} $z"]'),
        (block("a\nb\\\a\u202e"), r'aws_ecs_service.web["a\nb\\\u0007\u202e"]'),
        (block(module='module.shop["eu"].module.web[1]'), 'module.shop["eu"].module.web[1].aws_ecs_service.web'),
    ],
)
def test_addresses_are_complete(resource: dict[str, Any], address: str) -> None:
    (found,) = parse_state("prod", document(resource)).resources
    assert found.address == address


def test_what_terraform_kept_of_format_3_is_read_as_it_reads_it() -> None:
    """A state that 0.12 or newer took over, and has not written this resource in since."""
    resource = block()
    resource["instances"] = [
        {
            "attributes_flat": {
                "name": "web",
                "desired_count": "3",
                "tags.%": "2",
                "tags.Team": "a",
                "tags.cost.centre": "7",
                "load_balancer.#": "1",
                "load_balancer.4123.container_name": "app",
                "network_configuration.#": "1",
                "network_configuration.0.subnets.#": "2",
                "network_configuration.0.subnets.77": "subnet-b",
                "network_configuration.0.subnets.12": "subnet-a",
                "alarms.#": "0",
            }
        }
    ]
    (found,) = parse_state("prod", document(resource)).resources
    assert found.attributes == {
        "name": "web",
        "desired_count": "3",
        "tags": {"Team": "a", "cost.centre": "7"},
        "load_balancer": [{"container_name": "app"}],
        "network_configuration": [{"subnets": ["subnet-a", "subnet-b"]}],
        "alarms": [],
    }


def test_what_a_state_holds_is_told_by_its_digest_whatever_its_serial() -> None:
    first, again, other = (parse_state("prod", document(block(index))) for index in (0, 0, 1))
    assert first.digest == again.digest != other.digest
    assert summarise(first, "1", None).summary.digest == first.digest


def test_data_sources_are_not_managed() -> None:
    assert parse_state("prod", document(block(mode="data"))).resources == ()


def test_a_deposed_object_stands_apart_from_what_is_managed() -> None:
    resource = block()
    resource["instances"].append({"attributes": {"name": "old"}, "deposed": "abcd1234"})
    state = parse_state("prod", document(resource))
    (managed,), (deposed,) = state.resources, state.deposed
    assert (managed.attributes["name"], managed.deposed) == ("web", None)
    assert (deposed.address, deposed.attributes["name"], deposed.deposed) == (
        "aws_ecs_service.web",
        "old",
        "abcd1234",
    )


def test_a_letter_that_is_newer_than_this_python_stays_as_it_is() -> None:
    newest = chr(next(code for code in range(0x1FA70, 0x1FAFF) if unicodedata.category(chr(code)) == "Cn"))
    (found,) = parse_state("prod", document(block(newest))).resources
    assert found.address == f'aws_ecs_service.web["{newest}"]'


@pytest.mark.parametrize(
    "raw",
    [
        b'{"version": 4, "serial": 1, "lineage": "\\ud800"}',
        b"{",
        b"[]",
        b'{"version": 3}',
        b'{"version": 4, "resources": [{"mode": "managed"}]}',
        b'{"version": 4, "serial": 1e999}',
        b'{"version": 4, "serial": 1180591620717411303424}',
        b'{"version": 4, "serial": -2}',
        b"[" * 200_000,
    ],
    ids=["a lone surrogate", "cut off", "list", "old", "no type", "endless", "too large", "negative", "deep"],
)
def test_what_is_no_state_is_an_error_and_not_an_empty_state(raw: bytes) -> None:
    with pytest.raises(StateError, match="prod"):
        parse_state("prod", raw)


@pytest.mark.parametrize(
    ("raw", "words"),
    [(b'{"error": "log in"}', "is not a Terraform state"), (b'{"version": 3}', "has format version 3")],
)
def test_only_a_state_of_another_version_is_told_as_one(raw: bytes, words: str) -> None:
    with pytest.raises(StateError, match=words):
        parse_state("prod", raw)


class NoTerraform:
    def __init__(self) -> None:
        self.initialised = 0

    def initialise(self, workspace: Workspace) -> None:
        self.initialised += 1

    def workspaces(self, workspace: Workspace) -> frozenset[str]:
        return frozenset({"default"})

    def pull_state(self, workspace: Workspace) -> bytes:
        raise TerraformError("terraform state pull failed in prod: no credentials")


def resolved(directory: Path, kind: str, **config: Any) -> None:
    (directory / ".terraform").mkdir()
    (directory / ".terraform" / "terraform.tfstate").write_text(
        json.dumps({"backend": {"type": kind, "config": config}})
    )


def test_a_local_state_needs_no_terraform(tmp_path: Path) -> None:
    (tmp_path / "terraform.tfstate").write_bytes(document(block()))
    terraform = NoTerraform()
    state = BackendStateReader(terraform, {}).read(Workspace(name="prod", path=tmp_path))
    assert (state.serial, state.local_path, terraform.initialised) == (7, tmp_path / "terraform.tfstate", 0)


def test_the_local_backends_path_and_cli_workspaces_are_followed(tmp_path: Path) -> None:
    resolved(tmp_path, "local", path="states/prod.tfstate")
    (tmp_path / "states").mkdir()
    (tmp_path / "states" / "prod.tfstate").write_bytes(document())
    (tmp_path / "terraform.tfstate.d" / "blue").mkdir(parents=True)
    (tmp_path / "terraform.tfstate.d" / "blue" / "terraform.tfstate").write_bytes(document(block()))
    reader = BackendStateReader(NoTerraform(), {})
    assert reader.read(Workspace(name="prod", path=tmp_path)).serial == 7
    assert len(reader.read(Workspace(name="blue", path=tmp_path, terraform_workspace="blue")).resources) == 1


def test_a_workspace_that_was_never_applied_has_no_state_yet(tmp_path: Path) -> None:
    assert BackendStateReader(NoTerraform(), {}).read(Workspace(name="prod", path=tmp_path)).serial == -1


def test_another_backend_is_asked_through_terraform_and_its_failure_is_said(tmp_path: Path) -> None:
    resolved(tmp_path, "gcs", bucket="b")
    with pytest.raises(StateError, match="no credentials"):
        BackendStateReader(NoTerraform(), {}).read(Workspace(name="prod", path=tmp_path))


class Initialising(NoTerraform):
    """A terraform whose init resolves the backend."""

    def initialise(self, workspace: Workspace) -> None:
        super().initialise(workspace)
        resolved(workspace.path, "gcs", bucket="b")


def test_a_local_file_left_from_before_is_not_taken_for_the_state_of_a_backend(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('terraform {\n  backend "gcs" {\n  }\n}\n')
    (tmp_path / "terraform.tfstate").write_bytes(b"")
    terraform = Initialising()
    with pytest.raises(StateError, match="no credentials"):
        BackendStateReader(terraform, {}).read(Workspace(name="prod", path=tmp_path))
    assert terraform.initialised == 1


def test_an_endpoint_that_is_no_url_is_a_state_that_could_not_be_read(tmp_path: Path) -> None:
    resolved(tmp_path, "s3", bucket="b", key="k", region="us-east-1", endpoints={"s3": "no url"})
    environment = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
    with pytest.raises(StateError, match="no url"):
        BackendStateReader(NoTerraform(), environment).read(Workspace(name="prod", path=tmp_path))


def test_attributes_with_a_sensitive_value_are_known() -> None:
    resource = block()
    steps = [{"type": "get_attr", "value": "tags"}, {"type": "index", "value": {"value": "token", "type": "string"}}]
    resource["instances"][0]["sensitive_attributes"] = [steps]
    (found,) = parse_state("prod", document(resource)).resources
    assert found.sensitive == {"tags"}
    (without,) = parse_state("prod", document(block())).resources
    assert without.sensitive == frozenset()
