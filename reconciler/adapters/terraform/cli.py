"""The Terraform port on a real terraform: init when Terraform asks for it, plan, show."""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from reconciler.adapters import process
from reconciler.adapters.configuration import names_backend
from reconciler.adapters.environment import workspace_environment
from reconciler.adapters.terraform import answers, messages
from reconciler.adapters.terraform.answers import CHANGES, FAILED
from reconciler.adapters.terraform.binary import Binary
from reconciler.adapters.terraform.command_line import FLAG, command_line
from reconciler.adapters.terraform.environment import refuse_partial_plans, terraform_environment
from reconciler.adapters.terraform.providers import caches_providers, cli_configuration
from reconciler.errors import NotBegunError, NotInitialisedError, NoWorkspacesError, TerraformError
from reconciler.model import JsonObject, Plan, Workspace

_PLANNED = (0, FAILED, CHANGES)
_TRIED_AGAIN_SECONDS = 60.0
"""How long an init that failed is not tried again where nothing differs: twenty CLI workspaces may share a module."""
_NO_PROVIDER = (
    "terraform init could not get a provider: its registry cannot be reached, and there is no copy on this disk. Run "
    "`terraform providers mirror DIR` where it can be reached, then copy DIR to ~/.terraform.d/plugins here, or name "
    "it in terraform.plugin_dir"
)


class TerraformCli:
    """Runs terraform for workspaces. Fulfils `ports.Terraform`.

    `stopped` is set when it is stopped, for what else is to end with it.
    """

    def __init__(
        self,
        binary: Binary,
        *,
        timeout: float = 900.0,
        plugin_directory: Path | None = None,
        plugin_cache: Path | None = None,
        environment: Mapping[str, str] | None = None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """`timeout` is in seconds, for each command; `environment` is the process's own by default.

        `plugin_cache` is where workspaces share providers, None: nowhere.
        `meanwhile` is called whenever terraform has been started: it has a processor to spare for a moment.
        """
        self._binary = binary
        self._timeout = timeout
        self._plugin_directory = plugin_directory
        self._plugin_cache = plugin_cache
        self._environment = os.environ if environment is None else environment
        self._meanwhile = meanwhile
        self.stopped = threading.Event()
        self._initialising = threading.Lock()
        self._initialised: dict[tuple[Path, Path], float] = {}
        self._failed: dict[tuple[Any, ...], tuple[float, TerraformError]] = {}
        self._finishing = False

    def stop(self) -> None:
        """End what runs now, in any thread, and start nothing any more: every method raises TerraformError."""
        self.stopped.set()

    def finish(self) -> None:
        """Let plans in hand go on to their end, and begin none any more: `plan` raises NotBegunError.

        May be called from a signal handler.
        """
        self._finishing = True

    def version(self) -> str:
        """Return what runs, e.g. `Terraform 1.11.4 (/usr/bin/terraform)`."""
        here = Workspace(name="version", path=Path(tempfile.gettempdir()))
        done = self._run(here, here.path, "version", json=FLAG)
        return f"Terraform {json.loads(done.stdout)['terraform_version']} ({self._binary.label})"

    def initialise(self, workspace: Workspace) -> None:
        """Run `terraform init` unless the workspace has been initialised, its backend too; raises TerraformError."""
        initialised = workspace.data_directory
        # `init -backend=false`, as linters run it, leaves the directory without the backend.
        if not initialised.is_dir() or (
            names_backend(workspace.path) and not (initialised / "terraform.tfstate").is_file()
        ):
            self._init(workspace, workspace.path, time.monotonic())

    def plan(
        self,
        workspace: Workspace,
        kind: Literal["refresh-only", "full"],
        *,
        directory: Path | None = None,
        state: Path | None = None,
        show: Literal["always", "if-changed"] = "if-changed",
        targets: Sequence[str] = (),
    ) -> Plan:
        """Plan without locking or writing; `init` first only if Terraform asks for it.

        With `targets`, only these addresses and what they depend on; everything where Terraform refuses to narrow it.
        `-lock=false`: a plan for reading must neither wait for an apply nor hold one up. Raises TerraformError,
        NotBegunError where terraform was not even started.
        """
        if self._finishing:
            raise NotBegunError(
                f"terraform plan in {workspace.name} was not begun, because reconciler was told to stop: the next "
                "start looks at it again"
            )
        refuse_partial_plans(workspace_environment(self._environment, workspace))
        directory = directory or workspace.path
        with tempfile.TemporaryDirectory(prefix="reconciler-plan-") as private:
            plan_file = str(Path(private) / "plan")
            options: dict[str, Any] = {
                "json": FLAG,
                "input": False,
                "no_color": FLAG,
                "lock": False,
                "detailed_exitcode": FLAG,
                "out": plan_file,
                "refresh_only": FLAG if kind == "refresh-only" else None,
                "target": [*targets] or None,
                "state": str(state) if state else None,
                "var_file": [_var_file(workspace, directory, name) for name in workspace.var_files],
            }
            done, spoken = self._run_plan(workspace, directory, options)
            if done.code == FAILED and targets and messages.refuses_targets(spoken):
                return self.plan(workspace, kind, directory=directory, state=state, show=show)
            answers.refuse_failed(workspace, self._binary.label, done, spoken, Path(plan_file))
            changed = spoken.drifted if kind == "refresh-only" and spoken.complete else done.code == CHANGES
            wanted = changed or show == "always"
            shown = self._show(workspace, directory, plan_file) if wanted else {}
            answers.refuse_silence(workspace, kind, spoken, done, shown)
            return Plan(kind, changed, shown, tuple(targets))

    def _run_plan(
        self, workspace: Workspace, directory: Path, options: Mapping[str, Any]
    ) -> tuple[process.Completed, messages.Spoken]:
        """Run `plan`, and once more after `init` where Terraform asks for that."""
        begun = time.monotonic()
        done = self._run(workspace, directory, "plan", allowed=_PLANNED, **options)
        spoken = messages.listen(done.stdout)
        if done.code != FAILED or not (spoken.needs_init or messages.needs_init(done.stderr)):
            return done, spoken
        self._init(workspace, directory, begun)
        done = self._run(workspace, directory, "plan", allowed=_PLANNED, **options)
        return done, messages.listen(done.stdout)

    def _show(self, workspace: Workspace, directory: Path, plan_file: str) -> JsonObject:
        done = self._run(workspace, directory, "show", plan_file, no_color=FLAG, json=FLAG)
        return answers.read_plan(workspace, done.stdout)

    def workspaces(self, workspace: Workspace) -> frozenset[str]:
        """Return the names of the backend's CLI workspaces, none of which is made by asking; raises TerraformError.

        NotInitialisedError where the code names another backend than the one that was initialised, NoWorkspacesError
        where it names this one, which has none.
        """
        done = self._run(workspace, workspace.path, "workspace list", allowed=(0, 1))
        if done.code != 0:
            none = NoWorkspacesError if messages.has_no_workspaces(done.stderr) else TerraformError
            error = NotInitialisedError if messages.needs_init(done.stderr) else none
            raise error(f"terraform workspace list failed in {workspace.name}: {answers.reason(done)}")
        return frozenset(line.removeprefix("*").strip() for line in done.stdout.decode(errors="replace").splitlines())

    def pull_state(self, workspace: Workspace) -> bytes:
        """Return `terraform state pull`'s output: the raw state of any backend; raises TerraformError."""
        return self._run(workspace, workspace.path, "state pull").stdout

    def apply(self, workspace: Workspace) -> None:
        """Run `terraform apply` without asking: for the demo's and the tests' own worlds; raises TerraformError."""
        self.initialise(workspace)
        self._run(workspace, workspace.path, "apply", auto_approve=FLAG, input=False, no_color=FLAG)

    def _init(self, workspace: Workspace, directory: Path, asked: float) -> None:
        """Initialise the directory, unless another workspace in it has had that done since `asked`, or tried just now.

        One at a time: workspaces share root modules, and a plugin cache is not made for two inits (Terraform 1.11).
        """
        with self._initialising:
            place = (directory, workspace.data_directory)
            if self._initialised.get(place, -1.0) >= asked:
                return
            same = (*place, tuple(sorted(workspace.environment.items())))
            failed, error = self._failed.get(same, (-_TRIED_AGAIN_SECONDS, None))
            if error is not None and time.monotonic() - failed < _TRIED_AGAIN_SECONDS:
                raise error
            try:
                self._run_init(workspace, directory)
            except TerraformError as error:
                self._failed[same] = (time.monotonic(), error)
                raise
            self._initialised[place] = time.monotonic()

    def _run_init(self, workspace: Workspace, directory: Path) -> None:
        # A lock file that somebody committed is theirs to change.
        lock_file = "readonly" if (directory / ".terraform.lock.hcl").is_file() else None
        options: dict[str, Any] = {"input": False, "no_color": FLAG, "lockfile": lock_file}
        with self._cli_configuration(workspace) as extra, self._shared_packages(workspace, directory):
            done = self._run(workspace, directory, "init", allowed=(0, 1), extra=extra, **options)
            if done.code != 0:
                raise _failed_init(workspace, done)

    def _shared_packages(self, workspace: Workspace, directory: Path) -> AbstractContextManager[None]:
        if self._plugin_cache is None or caches_providers(workspace_environment(self._environment, workspace)):
            return nullcontext()
        from reconciler.adapters.terraform.packages import shared_packages  # most plans need no init

        return shared_packages(self._plugin_cache, directory, replace(workspace, path=directory).data_directory)

    @contextmanager
    def _cli_configuration(self, workspace: Workspace) -> Iterator[dict[str, str]]:
        text = cli_configuration(workspace_environment(self._environment, workspace), self._plugin_directory)
        if text is None:
            yield {}
            return
        with tempfile.TemporaryDirectory(prefix="reconciler-init-") as private:
            file = Path(private) / "terraform.rc"
            file.write_text(text)
            file.chmod(0o600)
            yield {"TF_CLI_CONFIG_FILE": str(file)}

    def _run(
        self,
        workspace: Workspace,
        directory: Path,
        command: str,
        *arguments: str,
        allowed: tuple[int, ...] = (0,),
        extra: Mapping[str, str] | None = None,
        **options: Any,
    ) -> process.Completed:
        interrupted = f"terraform {command} in {workspace.name} was interrupted; nothing is known about this workspace"
        if self.stopped.is_set():
            raise TerraformError(interrupted)
        argv = command_line(self._binary.command, command, *arguments, **options)
        environment = {**terraform_environment(self._environment, workspace), **(extra or {})}
        try:
            done = process.run(
                argv,
                directory=directory,
                environment=environment,
                timeout=self._timeout,
                stop=self.stopped,
                meanwhile=self._meanwhile,
            )
        except OSError as error:
            if not directory.is_dir():
                raise TerraformError(f"terraform {command} in {workspace.name}: {directory} is not there") from error
            raise TerraformError(f"{self._binary.label} could not be started: {error.strerror}") from error
        if done.stopped:
            raise TerraformError(interrupted)
        if done.flooded:
            raise TerraformError(
                f"terraform {command} in {workspace.name} was stopped, because it printed more than "
                f"{process.OUTPUT_BYTES // 2**20} MiB; nothing is known about this workspace"
            )
        if done.timed_out:
            raise TerraformError(
                f"terraform {command} in {workspace.name} was stopped after {self._timeout:.0f} s "
                "(terraform.timeout); nothing is known about this workspace"
            )
        if done.code not in allowed:
            raise TerraformError(f"terraform {command} failed in {workspace.name}: {answers.reason(done)}")
        return done


def _var_file(workspace: Workspace, directory: Path, name: str) -> str:
    """Return a variables file as seen from a copy of the root module; one that Git does not track is only at home."""
    return name if (directory / name).is_file() else str(workspace.path / name)


def _failed_init(workspace: Workspace, done: process.Completed) -> TerraformError:
    reason = answers.reason(done)
    if messages.lacks_provider(done.stderr):
        return TerraformError(f"{_NO_PROVIDER} ({workspace.name}: {messages.summarise(done.stderr, limit=160)})")
    if messages.wants_migration(done.stderr):
        reason = (
            "the code names another backend than the one that was initialised; run `terraform init "
            "-migrate-state`, or `terraform init -reconfigure`, there"
        )
    return TerraformError(f"terraform init failed in {workspace.name}: {reason}")
