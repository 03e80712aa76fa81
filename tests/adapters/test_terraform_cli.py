"""Running terraform: command lines, plans, and init only when asked for; with a program that plays it."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from terraform_program import ANSWER, calls, program, workspace

from reconciler.adapters.terraform import TerraformCli
from reconciler.adapters.terraform.command_line import FLAG, command_line
from reconciler.errors import NotInitialisedError, NoWorkspacesError, TerraformError
from reconciler.model import Workspace


def test_options_lists_flags_and_absent_ones() -> None:
    words = command_line(("tf",), "plan", "x", no_color=FLAG, input=False, var_file=["a", "b"], state=None)
    assert words == ["tf", "plan", "-no-color", "-input=false", "-var-file=a", "-var-file=b", "x"]


def test_variables_would_stay_in_a_file_and_are_refused() -> None:
    with pytest.raises(TypeError):
        command_line(("tf",), "plan", var={"password": "x"})


def test_nothing_changed_needs_no_show(tmp_path: Path) -> None:
    terraform = TerraformCli(program(tmp_path, "sys.exit(0)"))
    plan = terraform.plan(workspace(tmp_path), "refresh-only")
    assert (plan.changed, plan.json) == (False, {})
    assert calls(tmp_path) == ["plan"]


LOSE = "[os.remove(word[len('-out='):]) for word in sys.argv if word.startswith('-out=')]"


@pytest.mark.parametrize("code", [0, 2])
def test_a_wrapper_that_ends_well_without_a_plan_has_looked_at_nothing(tmp_path: Path, code: int) -> None:
    terraform = TerraformCli(program(tmp_path, f"{LOSE}; sys.exit({code})"))
    with pytest.raises(TerraformError, match="terraform plan in prod ended without an error and without a plan"):
        terraform.plan(workspace(tmp_path), "refresh-only")


DRIFT = json.dumps({"type": "resource_drift", "change": {"action": "update"}})
SHOWN = f"""
if sys.argv[1] == 'plan':
    print('{DRIFT}')
    sys.exit(2)
print('{{"format_version": "1.2", "resource_drift": [1]}}')
"""


def test_drift_is_shown(tmp_path: Path) -> None:
    plan = TerraformCli(program(tmp_path, SHOWN)).plan(workspace(tmp_path), "refresh-only")
    assert (plan.changed, plan.json) == (True, {"format_version": "1.2", "resource_drift": [1]})
    assert calls(tmp_path) == ["plan", "show"]


def test_exit_code_2_of_a_refresh_only_plan_that_tells_of_no_drift_is_no_change(tmp_path: Path) -> None:
    terraform = TerraformCli(program(tmp_path, 'print(\'{"type": "change_summary"}\'); sys.exit(2)'))
    assert not terraform.plan(workspace(tmp_path), "refresh-only").changed
    assert calls(tmp_path) == ["plan"]


def test_exit_code_2_of_a_full_plan_is_a_change(tmp_path: Path) -> None:
    body = f"print('{ANSWER}'); sys.exit(2 if sys.argv[1] == 'plan' else 0)"
    terraform = TerraformCli(program(tmp_path, body))
    assert terraform.plan(workspace(tmp_path), "full").changed


# As Terraform 1.11.4 says it of a fresh checkout with a lock file: what it asks for comes after 400 characters.
NOT_INSTALLED = {
    "severity": "error",
    "summary": "Required plugins are not installed",
    "detail": (
        "The installed provider plugins are not consistent with the packages selected in the dependency lock file:\n"
        "  - registry.terraform.io/hashicorp/aws: there is no package for registry.terraform.io/hashicorp/aws 5.100.0 "
        "cached in .terraform/providers\n\nTerraform uses external plugins to integrate with a variety of different "
        "infrastructure services. To download the plugins required for this configuration, run:\n  terraform init"
    ),
}


IN_AUTOMATION = {
    **NOT_INSTALLED,
    "detail": "You must install the required plugins before running Terraform operations.",
}


OTHERWISE = {**NOT_INSTALLED, "summary": "No credentials", "detail": "x" * 500}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (NOT_INSTALLED, ["plan", "init", "plan"]),
        ({**NOT_INSTALLED, "summary": "No plugins"}, ["plan", "init", "plan"]),
        (IN_AUTOMATION, ["plan", "init", "plan"]),
        (OTHERWISE, ["plan"]),
    ],
    ids=["fresh", "at the end", "automation", "otherwise"],
)
def test_init_runs_when_a_long_error_asks_for_it_at_its_end(
    tmp_path: Path, error: dict[str, str], expected: list[str]
) -> None:
    said = json.dumps({"type": "diagnostic", "diagnostic": error})
    body = f"if sys.argv[1] == 'plan' and 'init' not in open('calls').read().split(): print({said!r}); sys.exit(1)"
    with suppress(TerraformError):
        TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only")
    assert calls(tmp_path) == expected


def test_init_runs_once_when_terraform_asks_for_it(tmp_path: Path) -> None:
    body = """
if sys.argv[1] == 'init':
    open('ready', 'w')
elif not os.path.exists('ready'):
    sys.stderr.write('Error: Module not installed\\n\\nRun "terraform init" to install all modules.')
    sys.exit(1)
"""
    TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only")
    assert calls(tmp_path) == ["plan", "init", "plan"]


def test_a_failed_plan_is_an_error_and_not_a_plan_without_changes(tmp_path: Path) -> None:
    body = "sys.stderr.write('Error: No valid credential sources found\\n'); sys.exit(1)"
    with pytest.raises(TerraformError, match="No valid credential sources found"):
        TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only")


def test_one_root_module_is_initialised_in_each_data_directory(tmp_path: Path) -> None:
    terraform = TerraformCli(program(tmp_path, "os.makedirs(os.environ.get('TF_DATA_DIR', '.terraform'))"))
    for name in ("a", "b", "a"):
        terraform.initialise(workspace(tmp_path, environment={"TF_DATA_DIR": name}))
    assert calls(tmp_path) == ["init", "init"]


LIST = """
print('  default\\n* blue\\n')
"""


def test_the_workspaces_of_a_backend_are_listed(tmp_path: Path) -> None:
    assert {"default", "blue"} <= TerraformCli(program(tmp_path, LIST)).workspaces(workspace(tmp_path))


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ('Error: Backend initialization required: please run "terraform init"', NotInitialisedError),
        ("\x1b[31mworkspaces not supported\x1b[0m", NoWorkspacesError),  # as Terraform 1.11.4 says it, without a frame
        ("Error: error listing workspaces: ExpiredToken", TerraformError),
    ],
)
def test_code_that_was_not_initialised_is_told_from_other_failures(
    tmp_path: Path, said: str, kind: type[TerraformError]
) -> None:
    terraform = TerraformCli(program(tmp_path, f"print({said!r}, file=sys.stderr); sys.exit(1)"))
    with pytest.raises(TerraformError) as raised:
        terraform.workspaces(workspace(tmp_path))
    assert type(raised.value) is kind


BACKEND = 'terraform {\n  backend "s3" {}\n}\n'


@pytest.mark.parametrize(
    ("code", "expected"),
    [(BACKEND, ["init"]), ("terraform {\n  cloud {}\n}\n", ["init"]), ('terraform {}\n# backend "s3" {\n', [])],
)
def test_an_init_without_the_backend_is_none(tmp_path: Path, code: str, expected: list[str]) -> None:
    (tmp_path / "main.tf").write_text(code)
    (tmp_path / ".terraform").mkdir()
    (tmp_path / "calls").touch()
    TerraformCli(program(tmp_path, "")).initialise(workspace(tmp_path))
    assert calls(tmp_path) == expected


SUMMARY = json.dumps({"type": "change_summary", "changes": {}})


def told(*lines: str) -> str:
    return f"print({json.dumps(chr(10).join(lines))}); sys.exit(2) if sys.argv[1] == 'plan' else 0"


@pytest.mark.parametrize(
    ("lines", "changed"),
    [((DRIFT, SUMMARY), True), ((SUMMARY,), False), ((), True), (("Note: Objects have changed",), True)],
    ids=["drift", "none", "a wrapper that swallows the output", "a wrapper that speaks no JSON"],
)
def test_silence_means_no_drift_only_to_the_end(tmp_path: Path, lines: tuple[str, ...], changed: bool) -> None:
    body = f"if sys.argv[1] == 'show':\n    print('{ANSWER}'); sys.exit(0)\n{told(*lines)}"
    plan = TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only")
    assert plan.changed is changed
    assert calls(tmp_path) == (["plan", "show"] if changed else ["plan"])


@pytest.mark.parametrize(
    "shown",
    ["[]", "null", "{}", '{"format_version": "2.0"}', '{"format_version": "1.2", "errored": true}', "[" * 100_000, ""],
)
def test_a_plan_of_another_form_is_an_error_and_not_a_plan_without_drift(tmp_path: Path, shown: str) -> None:
    (tmp_path / "shown").write_text(shown)
    body = "sys.exit(2) if sys.argv[1] == 'plan' else print(open('shown').read())"
    with pytest.raises(TerraformError, match="could not be read"):
        TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only")


def test_variables_that_a_copy_of_the_root_module_lacks_come_from_the_original(tmp_path: Path) -> None:
    copy, home = tmp_path / "copy", tmp_path / "home"
    for directory in (copy, home):
        directory.mkdir()
        (directory / "tracked.tfvars").touch()
    (tmp_path / "private.tfvars").touch()
    body = "open('words', 'w').write(' '.join(sys.argv))"
    chosen = Workspace(name="prod", path=home / ".." / "home", var_files=("tracked.tfvars", "../private.tfvars"))
    TerraformCli(program(tmp_path, body)).plan(chosen, "refresh-only", directory=copy / ".." / "copy")
    assert "-var-file=tracked.tfvars -var-file=../private.tfvars" in (copy / "words").read_text()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "copy").mkdir()
    TerraformCli(program(tmp_path, body)).plan(chosen, "refresh-only", directory=tmp_path / "elsewhere" / "copy")
    words = (tmp_path / "elsewhere" / "copy" / "words").read_text()
    assert f"-var-file={chosen.path}/tracked.tfvars -var-file={chosen.path}/../private.tfvars" in words
