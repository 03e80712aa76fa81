"""Running terraform: command lines, messages, time limits, init only when asked for; with a program that plays it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from terraform_program import ANSWER, calls, program, workspace

from reconciler.adapters.terraform import TerraformCli, find_binary
from reconciler.adapters.terraform.command_line import FLAG, command_line
from reconciler.adapters.terraform.messages import listen, needs_init, summarise
from reconciler.errors import NotInitialisedError, TerraformError
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


def test_an_error_of_several_lines_is_one_line() -> None:
    error = {"severity": "error", "summary": "Unrecognized remote\nplugin message: \n\n", "detail": "It said\nnothing"}
    spoken = listen(json.dumps({"type": "diagnostic", "diagnostic": error}).encode())
    assert spoken.errors == ("Unrecognized remote plugin message: It said nothing",)


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


def test_an_error_in_the_machine_readable_ui_is_told_with_its_place_and_without_the_code_it_quotes() -> None:
    diagnostic = {
        "severity": "error",
        "summary": "Invalid value",
        "detail": "The value\nis wrong.",
        "range": {"filename": "main.tf", "start": {"line": 3}},
        "snippet": {"code": "secret_key = wJalrXUtnFEMI"},
    }
    lines = [b"no JSON", json.dumps({"type": "diagnostic", "diagnostic": diagnostic}).encode(), b"[]"]
    spoken = listen(b"\n".join(lines))
    assert spoken.errors == ("Invalid value: The value is wrong. (main.tf:3)",)
    assert not spoken.drifted


def test_a_plan_that_outlives_its_time_is_stopped_with_its_children(tmp_path: Path) -> None:
    body = """
import subprocess
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
open('child', 'w').write(str(child.pid))
time.sleep(60)
"""
    start = time.monotonic()
    with pytest.raises(TerraformError, match="stopped after 1 s"):
        TerraformCli(program(tmp_path, body), timeout=1.0).plan(workspace(tmp_path), "refresh-only")
    assert time.monotonic() - start < 20
    assert not _alive(int((tmp_path / "child").read_text()))


def _alive(pid: int) -> bool:
    for _ in range(50):
        status = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
        if not status or status.startswith("Z"):
            return False
        time.sleep(0.1)
    return True


def test_a_workspaces_environment_reaches_only_its_own_terraform(tmp_path: Path) -> None:
    body = "open('seen', 'w').write(str(dict(os.environ)))"
    terraform = TerraformCli(program(tmp_path, body))
    chosen = workspace(tmp_path, environment={"AWS_PROFILE": "prod"}, terraform_workspace="blue")
    terraform.plan(chosen, "refresh-only")
    seen = (tmp_path / "seen").read_text()
    assert "'AWS_PROFILE': 'prod'" in seen
    assert "'TF_WORKSPACE': 'blue'" in seen
    assert "AWS_PROFILE" not in os.environ


def test_the_plan_file_with_its_secrets_is_gone_afterwards(tmp_path: Path) -> None:
    body = f"""
out = next((word for word in sys.argv if word.startswith('-out=')), None)
if out:
    open(out[5:], 'w').write('secret'); open('where', 'w').write(out[5:]); sys.exit(2)
print('{ANSWER}')
"""
    TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "full")
    assert not Path((tmp_path / "where").read_text()).exists()


@pytest.mark.parametrize("wanted", ["no-such-terraform", "./no-such-terraform"])
def test_a_missing_binary_is_named_with_the_repair(wanted: str, tmp_path: Path) -> None:
    with pytest.raises(TerraformError, match=r"no-such-terraform was not found.*install Terraform"):
        find_binary(wanted, relative_to=tmp_path)


FRAMED = """
╷
│ Error: configuring Terraform AWS Provider: no valid credential sources found
│
│   with provider["registry.terraform.io/hashicorp/aws"],
│   on main.tf line 3, in provider "aws":
│    3:   secret_key = "wJalrXUtnFEMI"
│
│ Please see the documentation.
╵
"""


def test_a_framed_error_becomes_one_line_without_the_configuration_it_quotes() -> None:
    sentence = summarise(FRAMED)
    assert sentence.startswith("configuring Terraform AWS Provider: no valid credential sources found")
    assert "main.tf line 3" in sentence
    assert "wJalrXUtnFEMI" not in sentence
    assert "\n" not in sentence


BROKEN = """
Error: Terraform encountered problems during initialisation, including problems
with the configuration, described below.

The Terraform configuration must be valid before initialization so that
Terraform can determine which modules and providers need to be installed.


Error: Unclosed configuration block

  on main.tf line 6, in resource "aws_ecs_service" "x":
   6: resource "aws_ecs_service" "x" {

There is no closing brace for this block before the end of the file.
"""


def test_what_is_wrong_is_told_rather_than_that_something_is() -> None:
    sentence = summarise(BROKEN)
    assert sentence.startswith("Unclosed configuration block: on main.tf line 6")
    assert "encountered problems" not in sentence


def test_of_two_errors_the_first_is_told() -> None:
    assert summarise("Error: one\n\nmore\n\nError: two\n") == "one: more"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ('Required plugins are not installed … run "terraform init"', True),
        ('Error: Backend initialization required, please run "terraform init"', True),
        ("Error: no valid credential sources", False),
    ],
)
def test_whether_terraform_asks_for_init(output: str, expected: bool) -> None:
    assert needs_init(output) is expected


def test_the_installed_terraform_says_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    binary = program(tmp_path, f"print('{json.dumps({'terraform_version': '1.11.4'})}')")
    assert "Terraform 1.11.4" in TerraformCli(binary).version()


def test_stopping_ends_what_runs_in_another_thread_and_starts_nothing_more(tmp_path: Path) -> None:
    terraform = TerraformCli(program(tmp_path, "open('pid', 'w').write(str(os.getpid())); time.sleep(60)"))
    with ThreadPoolExecutor() as pool:
        running = pool.submit(terraform.plan, workspace(tmp_path), "refresh-only")
        while not running.done() and not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()):
            time.sleep(0.01)
        terraform.stop()
        with pytest.raises(TerraformError, match="interrupted"):
            running.result(timeout=20)
    assert not _alive(int((tmp_path / "pid").read_text()))
    with pytest.raises(TerraformError, match="interrupted"):
        terraform.plan(workspace(tmp_path), "refresh-only")
    assert calls(tmp_path) == ["plan"]


@pytest.mark.parametrize("session", [False, True], ids=["in its group", "in a session of its own"])
def test_a_child_that_stays_behind_with_the_pipes_does_not_hold_the_answer_up(tmp_path: Path, session: bool) -> None:
    body = f"""
import subprocess
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(30)'], start_new_session={session})
open('child', 'w').write(str(child.pid))
sys.stderr.write('Error: said before\\n'); sys.exit(1)
"""
    start = time.monotonic()
    with pytest.raises(TerraformError, match="said before"):
        TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only")
    assert time.monotonic() - start < 10
    if session:
        os.kill(int((tmp_path / "child").read_text()), signal.SIGKILL)


def environment_of(tmp_path: Path, variables: dict[str, str], **more: object) -> dict[str, str]:
    body = "import json; json.dump(dict(os.environ), open('seen', 'w'))"
    terraform = TerraformCli(program(tmp_path, body), environment={"PATH": os.environ["PATH"], **variables})
    terraform.plan(workspace(tmp_path, **more), "refresh-only")
    seen: dict[str, str] = json.loads((tmp_path / "seen").read_text())
    return seen


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
        ("Error: workspaces not supported", TerraformError),
    ],
)
def test_code_that_was_not_initialised_is_told_from_other_failures(
    tmp_path: Path, said: str, kind: type[TerraformError]
) -> None:
    terraform = TerraformCli(program(tmp_path, f"print({said!r}, file=sys.stderr); sys.exit(1)"))
    with pytest.raises(TerraformError) as raised:
        terraform.workspaces(workspace(tmp_path))
    assert type(raised.value) is kind


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
DRIFT = json.dumps({"type": "resource_drift", "change": {}})


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
