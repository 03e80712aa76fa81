"""Plans of some addresses only, inits one at a time, an end that takes stubborn children along; terraform is played."""

from __future__ import annotations

import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from terraform_program import alive, calls, program, workspace

from reconciler.adapters import process
from reconciler.adapters.terraform import TerraformCli
from reconciler.errors import TerraformError

TARGETS = ('aws_ecs_service.web["a"]', "module.x.aws_ecs_cluster.main[0]")
NOTE = "open('arguments', 'a').write(repr([w for w in sys.argv if w.startswith('-target')]) + '\\n')\n"


def refusal(text: str) -> str:
    diagnostic = {"type": "diagnostic", "diagnostic": {"severity": "error", "summary": text, "detail": ""}}
    narrowed = "any(word.startswith('-target') for word in sys.argv)"
    return f"{NOTE}if {narrowed}:\n    print({json.dumps(json.dumps(diagnostic))})\n    sys.exit(1)\n"


def seen(directory: Path) -> list[str]:
    return (directory / "arguments").read_text().splitlines()


def test_every_address_reaches_terraform_as_it_is(tmp_path: Path) -> None:
    plan = TerraformCli(program(tmp_path, NOTE)).plan(workspace(tmp_path), "refresh-only", targets=TARGETS)
    assert seen(tmp_path) == [repr([f"-target={target}" for target in TARGETS])]
    assert plan.targets == TARGETS


@pytest.mark.parametrize(
    "text",
    [
        "Moved resource instances excluded by targeting",
        'Invalid target "aws_ecs_service"',
        "Resource targeting is not supported",
    ],
)
def test_where_terraform_refuses_to_narrow_the_whole_is_planned(tmp_path: Path, text: str) -> None:
    body = refusal(text)
    plan = TerraformCli(program(tmp_path, body)).plan(workspace(tmp_path), "refresh-only", targets=TARGETS)
    assert (plan.targets, seen(tmp_path)[-1]) == ((), "[]")
    assert calls(tmp_path) == ["plan", "plan"]


@pytest.mark.parametrize(
    "text",
    [
        "No valid credential sources found",
        "reading Application AutoScaling Target (service/main/web): AccessDeniedException",
        "Instance cannot be destroyed: reduce the scope of the plan using the -target option",
        'No value for required variable "target_environment"',
    ],
)
def test_another_failure_of_a_narrow_plan_is_a_failure(tmp_path: Path, text: str) -> None:
    terraform = TerraformCli(program(tmp_path, refusal(text)))
    with pytest.raises(TerraformError, match=re.escape(text[:30])):
        terraform.plan(workspace(tmp_path), "refresh-only", targets=TARGETS)
    assert calls(tmp_path) == ["plan"]


def test_a_plan_without_targets_looks_at_everything(tmp_path: Path) -> None:
    plan = TerraformCli(program(tmp_path, NOTE)).plan(workspace(tmp_path), "full")
    assert (plan.targets, seen(tmp_path)) == ((), ["[]"])


ASKS_FOR_INIT = """
if sys.argv[1] == 'init':
    if os.path.exists('running'):
        open('together', 'w')
    open('running', 'w'); time.sleep(0.3); os.remove('running')
    open('ready', 'w')
elif not os.path.exists('ready'):
    sys.stderr.write('Error: Module not installed\\n\\nRun "terraform init"')
    open(f'asked-{os.getpid()}', 'w')
    while len([name for name in os.listdir('.') if name.startswith('asked-')]) < 2: time.sleep(0.01)
    sys.exit(1)
"""


def test_workspaces_that_share_a_root_module_initialise_it_once(tmp_path: Path) -> None:
    terraform = TerraformCli(program(tmp_path, ASKS_FOR_INIT))
    with ThreadPoolExecutor() as pool:
        plans = [pool.submit(terraform.plan, workspace(tmp_path), "refresh-only") for _ in range(2)]
        assert [plan.result(timeout=20).changed for plan in plans] == [False, False]
    assert calls(tmp_path).count("init") == 1


def test_inits_of_different_root_modules_run_one_after_the_other(tmp_path: Path) -> None:
    class Watched(TerraformCli):
        running, most, guard = 0, 0, threading.Lock()

        def _run_init(self, *arguments: object) -> None:
            with self.guard:
                self.running += 1
                self.most = max(self.most, self.running)
            threading.Event().wait(0.05)
            with self.guard:
                self.running -= 1

    terraform = Watched(program(tmp_path, ""))
    modules = [tmp_path / name for name in "abcd"]
    for module in modules:
        module.mkdir()
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda module: terraform.initialise(workspace(module)), modules))
    assert terraform.most == 1


def test_an_init_that_fails_is_one_sentence_and_is_tried_again_a_minute_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = """
if sys.argv[1] == 'init':
    sys.stderr.write('Error: Failed to download module\\n\\nCould not download module "x".\\n'); sys.exit(1)
sys.stderr.write('run "terraform init"'); sys.exit(1)
"""
    terraform = TerraformCli(program(tmp_path, body))
    now = time.monotonic()
    for seconds, environment in ((0, {}), (59, {}), (59, {"AWS_PROFILE": "other"}), (61, {})):
        monkeypatch.setattr(time, "monotonic", lambda later=seconds: now + later)
        with pytest.raises(TerraformError, match="terraform init failed in prod: Failed to download module") as failure:
            terraform.plan(replace(workspace(tmp_path), environment=environment), "refresh-only")
        assert "\n" not in str(failure.value)
    assert calls(tmp_path) == ["plan", "init", "plan", "plan", "init", "plan", "init"]


STUBBORN = """
import signal, subprocess
deaf = 'import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (2, 15)]; print("up", flush=True)'
child = subprocess.Popen([sys.executable, '-c', deaf + '; time.sleep(60)'], stdout=subprocess.PIPE)
child.stdout.readline()
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
open('pids', 'w').write(f'{os.getpid()} {child.pid}')
time.sleep(60)
"""


def test_a_provider_that_ignores_signals_is_ended_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "GRACE_SECONDS", 0.2)
    with pytest.raises(TerraformError, match="stopped after"):
        TerraformCli(program(tmp_path, STUBBORN), timeout=1.5).plan(workspace(tmp_path), "refresh-only")
    assert not any(alive(int(pid)) for pid in (tmp_path / "pids").read_text().split())
