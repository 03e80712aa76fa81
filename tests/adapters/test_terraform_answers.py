"""What terraform says, or does not say, and that none of it reads as "nothing drifted" by mistake."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest
from terraform_program import calls, program, workspace

from reconciler.adapters.terraform import TerraformCli
from reconciler.adapters.terraform.messages import ending, lacks_provider, listen, summarise
from reconciler.errors import TerraformError
from reconciler.model import Plan

DRIFT = b'{"type": "resource_drift", "change": {"name": "w\xff"}}'
SUMMARY = b'{"type": "change_summary"}'


@pytest.mark.parametrize("shown", ["{}", '{"resource_drift": []}', '{"resource_drift": null}'])
def test_drift_that_is_told_and_not_shown_is_an_error(tmp_path: Path, shown: str) -> None:
    answer = json.dumps({"format_version": "1.2", **json.loads(shown)})
    lines = json.dumps('{"type": "resource_drift"}\n{"type": "change_summary"}')
    body = f"print({answer!r}) if sys.argv[1] == 'show' else (print({lines}), sys.exit(2))"
    with pytest.raises(TerraformError, match="tells of changes and shows none"):
        TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only")


WEB, OTHER = (
    {"told": {"type": "resource_drift", "change": {"resource": {"addr": address}}}, "shown": {"address": address}}
    for address in ('aws_ecs_service.s["web"]', "aws_ecs_service.other")
)


def plan_that_tells(directory: Path, told: list[Any], shown: Any, kind: Literal["refresh-only", "full"]) -> Plan:
    lines = "\n".join(json.dumps(each["told"]) for each in told)
    answer = json.dumps({"format_version": "1.2", "resource_drift": shown, "resource_changes": [{}]})
    body = f"print({answer!r}) if sys.argv[1] == 'show' else (print({lines!r}), sys.exit(2))"
    return TerraformCli(program(directory, body)).plan(workspace(directory), kind)


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("refresh-only", [OTHER["shown"]]),
        ("full", [OTHER["shown"]]),
        ("refresh-only", [5, {"address": ["web"]}]),
        ("refresh-only", WEB["shown"]),
    ],
)
def test_drift_of_another_plan_is_an_error(tmp_path: Path, kind: Literal["refresh-only", "full"], shown: Any) -> None:
    with pytest.raises(TerraformError, match=r'tells that aws_ecs_service.s\["web"\] drifted, and `show` printed a'):
        plan_that_tells(tmp_path, [WEB], shown, kind)


@pytest.mark.parametrize(("told", "shown"), [([WEB], [WEB, OTHER]), ([OTHER, WEB], [WEB, OTHER])])
def test_drift_that_is_told_and_shown_is_of_one_plan(tmp_path: Path, told: list[Any], shown: list[Any]) -> None:
    assert plan_that_tells(tmp_path, told, [each["shown"] for each in shown], "refresh-only").changed


def test_a_full_plan_with_changes_that_shows_none_is_an_error(tmp_path: Path) -> None:
    body = "print('{\"format_version\": \"1.0\"}'); sys.exit(2 if sys.argv[1] == 'plan' else 0)"
    with pytest.raises(TerraformError, match="tells of changes and shows none"):
        TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "full")


def test_a_line_that_is_no_text_makes_the_account_incomplete() -> None:
    assert not listen(DRIFT + b"\n" + SUMMARY).complete
    assert listen(b"Downloading terraform 1.11.4\n" + SUMMARY).complete


def test_a_line_of_another_layout_makes_the_account_incomplete_and_is_no_bug() -> None:
    spoken = listen(b'{"type":["resource_drift"]}\n{"type":"change_summary"}')
    assert (spoken.drifted, spoken.complete) == (False, False)
    odd = b'{"type":"diagnostic","diagnostic":{"severity":"error","summary":null,"range":RANGE}}'
    for place in (b'"x"', b'{"start":"x"}', b"null"):
        assert listen(odd.replace(b"RANGE", place)).errors == ("None",)


def test_a_separator_within_a_text_ends_no_line() -> None:
    line = json.dumps({"type": "resource_drift", "change": "a\x85\u2028\x0bb"}, ensure_ascii=False).encode()
    spoken = listen(line + b"\n" + SUMMARY)
    assert spoken.drifted
    assert spoken.complete


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (-9, "killed (signal 9), as happens when memory runs out"),
        (137, "killed (signal 9), as happens when memory runs out"),
        (-11, "ended by signal 11"),
        (3, "exit code 3"),
    ],
)
def test_who_says_nothing_is_told_by_the_exit_code(code: int, said: str) -> None:
    assert said in ending(code)


def test_a_plan_that_is_killed_says_so(tmp_path: Path) -> None:
    with pytest.raises(TerraformError, match="killed"):
        TerraformCli(program(tmp_path, "os.kill(os.getpid(), 9)")).plan(workspace(tmp_path), "refresh-only")


def test_a_directory_that_is_gone_is_named_and_not_the_binary(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    binary = program(tmp_path, "")
    (tmp_path / "root").rmdir()
    with pytest.raises(TerraformError, match="root is not there"):
        TerraformCli(binary).plan(workspace(tmp_path / "root"), "refresh-only")


def test_a_password_in_the_address_of_a_module_is_not_told() -> None:
    text = 'Error: Failed to download module\n\nfrom "git::https://ada:hunter22@example.org/x.git": no; https://t0ken@h/y\n'
    sentence = summarise(text)
    assert "hunter22" not in sentence
    assert "t0ken" not in sentence
    assert "example.org/x.git" in sentence


@pytest.mark.parametrize(
    ("explanation", "expected"),
    [
        ("could not\n│ connect to registry.terraform.io: Failed to request discovery document", True),
        ("provider x was not found in any of the search locations\n\n  - /plugins", True),
        ("the local package doesn't match any of the checksums previously recorded", False),
        ("locked provider x 5.99.0 does not match configured version constraint ~> 5.100", False),
        ("failed to create parent directories: permission denied", False),
    ],
)
def test_only_a_registry_out_of_reach_is_told_as_one(explanation: str, expected: bool) -> None:
    assert lacks_provider(f"│ Error: Failed to install provider\n│\n│ {explanation}\n") is expected


def test_another_backend_than_the_one_initialised_is_told_with_the_repair(tmp_path: Path) -> None:
    error = "Error: Can't ask approval for state migration when interactive input is disabled"
    asks = json.dumps({"type": "diagnostic", "diagnostic": {"severity": "error", "summary": "run terraform init"}})
    body = f"""
if sys.argv[1] == 'init':
    print({error!r}, file=sys.stderr)
else:
    print({asks!r})
sys.exit(1)
"""
    with pytest.raises(TerraformError, match=r"init failed in prod: .*another backend.*-migrate-state"):
        TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only")


@pytest.mark.parametrize("backend", ["cloud", "remote"])
def test_the_one_workspace_of_a_cloud_block_is_not_chosen_a_second_time(tmp_path: Path, backend: str) -> None:
    initialised = tmp_path / ".terraform"
    initialised.mkdir()
    (initialised / "environment").write_text("prod")
    config = {"organization": "o", "workspaces": {"name": "prod"}}
    (initialised / "terraform.tfstate").write_text(json.dumps({"backend": {"type": backend, "config": config}}))
    terraform = TerraformCli(program(tmp_path, "open('seen', 'w').write(os.environ.get('TF_WORKSPACE', 'none'))"))
    terraform.plan(workspace(tmp_path), "refresh-only")
    assert (tmp_path / "seen").read_text() == ("none" if backend == "cloud" else "default")
    assert calls(tmp_path) == ["plan"]


UNKNOWN = json.dumps(
    {
        "type": "diagnostic",
        "diagnostic": {
            "severity": "warning",
            "summary": "Missing resource schema from provider",
            "detail": "No resource schema found for aws_ecs_service when decoding prior state",
        },
    }
)


def test_a_plan_that_could_not_compare_is_no_plan_without_drift(tmp_path: Path) -> None:
    terraform = TerraformCli(program(tmp_path, f"print({UNKNOWN!r}); sys.exit(2)"))
    with pytest.raises(TerraformError, match="did not compare aws_ecs_service: the code there no longer has"):
        terraform.plan(workspace(tmp_path), "refresh-only")
