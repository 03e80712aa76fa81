"""What of the environment reaches terraform: the workspace's own, and nothing that leads it astray."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from terraform_program import ANSWER, calls, program, workspace

from reconciler.adapters.recorded_backend import RecordedBackend
from reconciler.adapters.terraform import TerraformCli, environment
from reconciler.errors import TerraformError
from reconciler.model import Workspace


def environment_of(tmp_path: Path, variables: dict[str, str], **more: object) -> dict[str, str]:
    body = "import json; json.dump(dict(os.environ), open('seen', 'w'))"
    terraform = TerraformCli(program(tmp_path, body), environment={"PATH": os.environ["PATH"], **variables})
    terraform.plan(workspace(tmp_path, **more), "refresh-only")
    seen: dict[str, str] = json.loads((tmp_path / "seen").read_text())
    return seen


def test_a_workspaces_environment_reaches_only_its_own_terraform(tmp_path: Path) -> None:
    body = "open('seen', 'w').write(str(dict(os.environ)))"
    terraform = TerraformCli(program(tmp_path, body))
    chosen = workspace(tmp_path, environment={"AWS_PROFILE": "prod"}, terraform_workspace="blue")
    terraform.plan(chosen, "refresh-only")
    seen = (tmp_path / "seen").read_text()
    assert "'AWS_PROFILE': 'prod'" in seen
    assert "'TF_WORKSPACE': 'blue'" in seen
    assert "AWS_PROFILE" not in os.environ


def test_a_cli_workspace_that_the_user_selected_elsewhere_is_not_planned(tmp_path: Path) -> None:
    assert environment_of(tmp_path, {"TF_WORKSPACE": "staging"})["TF_WORKSPACE"] == "default"


def test_without_any_choice_terraform_is_left_alone(tmp_path: Path) -> None:
    assert "TF_WORKSPACE" not in environment_of(tmp_path, {})


@pytest.mark.parametrize("name", ["TF_DATA_DIR", "TF_LOG", "GIT_DIR", "GIT_INDEX_FILE"])
def test_what_would_lead_terraform_astray_stays_out(tmp_path: Path, name: str) -> None:
    assert name not in environment_of(tmp_path, {name: "somewhere"})


def test_a_workspaces_own_data_directory_reaches_its_terraform(tmp_path: Path) -> None:
    own = {"TF_DATA_DIR": ".terraform-prod"}
    assert environment_of(tmp_path, {"TF_DATA_DIR": "all"}, environment=own)["TF_DATA_DIR"] == ".terraform-prod"


@pytest.mark.parametrize(("chosen", "looks"), [({}, 0), ({"TF_WORKSPACE": "staging"}, 2)], ids=["nowhere", "somewhere"])
def test_what_init_resolved_is_read_once_for_each_command_and_only_where_a_choice_may_be_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, str], looks: int
) -> None:
    asked: list[Workspace] = []

    def look(workspace: Workspace) -> RecordedBackend:
        asked.append(workspace)
        return RecordedBackend("cloud", {"workspaces": {"name": "prod"}})

    monkeypatch.setattr(environment, "recorded_backend", look)
    process = {"PATH": os.environ["PATH"], **chosen}
    terraform = TerraformCli(program(tmp_path, f"print('{ANSWER}')"), environment=process)
    terraform.plan(workspace(tmp_path), "full", show="always")
    assert (calls(tmp_path), len(asked)) == (["plan", "show"], looks)


def test_terraform_collects_garbage_less_often_than_it_would(tmp_path: Path) -> None:
    assert environment_of(tmp_path, {})["GOGC"] == "200"


@pytest.mark.parametrize("name", ["TF_VAR_region", "TF_CLI_ARGS_init", "AWS_ACCESS_KEY_ID", "HTTPS_PROXY", "GOGC"])
def test_what_the_user_set_for_terraform_reaches_it(tmp_path: Path, name: str) -> None:
    assert environment_of(tmp_path, {name: "kept"})[name] == "kept"


def test_a_workspaces_own_profile_is_not_overruled_by_the_keys_of_the_process(tmp_path: Path) -> None:
    names = ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "WEB_IDENTITY_TOKEN_FILE", "ROLE_ARN")
    keys = {f"AWS_{name}": "the process's" for name in names}
    seen = environment_of(tmp_path, keys, environment={"AWS_PROFILE": "prod"})
    assert seen["AWS_PROFILE"] == "prod"
    assert not keys.keys() & seen.keys()


def test_a_workspaces_own_keys_are_not_mixed_with_those_of_the_process(tmp_path: Path) -> None:
    process = {"AWS_SESSION_TOKEN": "t", "AWS_PROFILE": "audit"}
    own = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
    seen = environment_of(tmp_path, process, environment=own)
    assert own.items() <= seen.items()
    assert not process.keys() & seen.keys()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TF_CLI_ARGS_plan", "-target=aws_ecs_cluster.main"),
        ("TF_CLI_ARGS_plan", '-no-color "--target=aws_ecs_cluster.main"'),
        ("TF_CLI_ARGS_plan", "-refresh=false"),
        ("TF_CLI_ARGS_plan", "-state=other.tfstate"),
        ("TF_CLI_ARGS", "-destroy"),
    ],
)
def test_plans_that_would_look_at_less_are_refused(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(TerraformError, match=name):
        environment_of(tmp_path, {name: value})


@pytest.mark.parametrize("value", ["-var-file=prod.tfvars", "-parallelism=30 -no-color", "-lock-timeout=60s"])
def test_other_arguments_of_the_user_are_none_of_our_business(tmp_path: Path, value: str) -> None:
    assert environment_of(tmp_path, {"TF_CLI_ARGS_plan": value})["TF_CLI_ARGS_plan"] == value
