"""A backend that was initialised and what the code says of it since: another place is no state that may be read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reconciler.adapters.states import BackendStateReader
from reconciler.errors import NotInitialisedError, NoWorkspacesError, StateError, TerraformError
from reconciler.model import Workspace

STATE = json.dumps({"version": 4, "serial": 7, "lineage": "l", "resources": []}).encode()
BACKEND = 'terraform {\n  backend "local" {\n    path = "a.tfstate"\n  }\n}\n'


class Terraform:
    """A terraform that lists the CLI workspaces of a backend, and makes the one whose state it is asked for."""

    def __init__(self, *names: str, failure: TerraformError | None = None) -> None:
        self.names = {"default", *names}
        self.failure = failure
        self.listed = 0

    def initialise(self, workspace: Workspace) -> None:
        raise AssertionError

    def workspaces(self, workspace: Workspace) -> frozenset[str]:
        self.listed += 1
        if self.failure is not None:
            raise self.failure
        return frozenset(self.names)

    def pull_state(self, workspace: Workspace) -> bytes:
        self.names.add(workspace.terraform_workspace)
        return STATE


def initialised(directory: Path, code: str, kind: str = "local", data: str = ".terraform") -> Workspace:
    """Write code, and a record of init that is ten seconds younger; the state is `a.tfstate`."""
    (directory / "main.tf").write_text(code)
    (directory / data).mkdir()
    (directory / "a.tfstate").write_bytes(STATE)
    (directory / data / "terraform.tfstate").write_text(
        json.dumps({"backend": {"type": kind, "config": {"path": "a.tfstate"}}})
    )
    for name in ("main.tf", "a.tfstate"):
        os.utime(directory / name, (1_000_000, 1_000_000))
    os.utime(directory / data / "terraform.tfstate", (1_000_010, 1_000_010))
    return Workspace(name="prod", path=directory)


def change(directory: Path, code: str = BACKEND, name: str = "main.tf") -> None:
    (directory / name).write_text(code)
    os.utime(directory / name, (1_000_020, 1_000_020))


ANOTHER = NotInitialisedError("Backend initialization required")


@pytest.mark.parametrize("code", [BACKEND.replace("a.tf", "b.tf"), "terraform {\n}\n"], ids=["another", "none"])
def test_code_that_names_another_backend_is_unread_until_it_is_initialised(tmp_path: Path, code: str) -> None:
    reader = BackendStateReader(Terraform(failure=ANOTHER), {})
    prod = initialised(tmp_path, BACKEND)
    assert reader.read(prod).serial == 7
    change(tmp_path, code)
    for ask in (reader.read, reader.version, reader.read):
        with pytest.raises(StateError, match=r"the code of prod names another backend .*terraform init -migrate-state"):
            ask(prod)


def test_code_that_did_not_change_since_init_costs_no_terraform(tmp_path: Path) -> None:
    terraform = Terraform(failure=ANOTHER)
    prod = initialised(tmp_path, BACKEND)
    change(tmp_path, "locals {}\n", name="other.tf")
    assert BackendStateReader(terraform, {}).read(prod).serial == 7
    assert terraform.listed == 0


def test_code_that_still_names_the_same_backend_is_compared_once(tmp_path: Path) -> None:
    terraform = Terraform()
    prod = initialised(tmp_path, BACKEND)
    change(tmp_path)
    for _process in range(2):
        reader = BackendStateReader(terraform, {})
        assert (reader.read(prod).serial, reader.version(prod) is not None) == (7, True)
    assert terraform.listed == 1


def test_a_backend_without_cli_workspaces_is_the_one_that_was_initialised(tmp_path: Path) -> None:
    terraform = Terraform(failure=NoWorkspacesError("workspaces not supported"))
    prod = initialised(tmp_path, BACKEND)
    change(tmp_path)
    reader = BackendStateReader(terraform, {})
    assert [reader.read(prod).serial, reader.read(prod).serial, terraform.listed] == [7, 7, 1]


def test_the_state_is_unread_until_terraform_can_tell_whether_the_code_names_another_backend(tmp_path: Path) -> None:
    terraform = Terraform(failure=TerraformError("terraform workspace list was stopped after 900 s"))
    prod = initialised(tmp_path, BACKEND)
    change(tmp_path)
    reader = BackendStateReader(terraform, {})
    for ask in (reader.version, reader.read):
        with pytest.raises(StateError, match=r"whether the code of prod names another backend .* stopped after 900 s"):
            ask(prod)
    terraform.failure = None
    assert reader.read(prod).serial == 7


def test_each_data_directory_has_a_backend_of_its_own(tmp_path: Path) -> None:
    initialised(tmp_path, BACKEND, data="a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "terraform.tfstate").write_text(
        json.dumps({"backend": {"type": "local", "config": {"path": "b.tfstate"}}})
    )
    reader = BackendStateReader(Terraform(), {"TF_DATA_DIR": "a"})
    a, b = (Workspace(name=name, path=tmp_path, environment={"TF_DATA_DIR": name}) for name in "ab")
    assert (reader.read(a).serial, reader.read(b).serial) == (7, -1)


def test_a_cli_workspace_that_is_not_there_is_not_made_by_reading_it(tmp_path: Path) -> None:
    terraform = Terraform("blue")
    initialised(tmp_path, "", kind="pg")
    reader = BackendStateReader(terraform, {})
    blue, typo = (Workspace(name=name, path=tmp_path, terraform_workspace=name) for name in ("blue", "typo"))
    assert (reader.read(blue).serial, reader.read(typo).serial) == (7, -1)
    assert terraform.names == {"default", "blue"}


def test_a_list_of_cli_workspaces_that_cannot_be_had_is_no_empty_state(tmp_path: Path) -> None:
    initialised(tmp_path, "", kind="pg")
    reader = BackendStateReader(Terraform(failure=TerraformError("no route to host")), {})
    with pytest.raises(StateError, match="no route to host"):
        reader.read(Workspace(name="blue", path=tmp_path, terraform_workspace="blue"))
