"""The environment that terraform runs in: the user's own, less what would make it plan something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from reconciler.adapters.environment import workspace_environment
from reconciler.adapters.recorded_backend import recorded_backend
from reconciler.errors import NotBegunError
from reconciler.model import Workspace

_COLLECTOR = {"GOGC": "200"}
"""How far memory grows before Go collects garbage, twice its default: a plan computes 12 % less for 10 % more memory,
that of a large state 18 % less for 25 % more (Terraform 1.11.4, AWS provider 5.100); 400 takes twice as much."""
_PARTIAL = re.compile(
    r"(?:^|[\s\"'])--?(?P<option>target|exclude|refresh|replace|destroy|out|json|generate-config|state)\b"
)
"""Options of `plan` that leave resources or their live values out, look at another state, or hide the answer."""


def terraform_environment(base: Mapping[str, str], workspace: Workspace) -> dict[str, str]:
    """Return the environment for every terraform of a workspace; `base` is that of the process."""
    merged = workspace_environment(base, workspace)
    environment = _COLLECTOR | {key: value for key, value in merged.items() if not key.startswith("TF_LOG")}
    # One directory for all workspaces, as the process's environment names it, would be one state for all of them.
    if not workspace.environment.get("TF_DATA_DIR"):
        environment.pop("TF_DATA_DIR", None)
    named = environment.get("TF_CLI_CONFIG_FILE")
    if named and not Path(named).is_file():
        del environment["TF_CLI_CONFIG_FILE"]  # Terraform would warn on every command.
    environment.update(TF_IN_AUTOMATION="1", TF_INPUT="0", CHECKPOINT_DISABLE="1")
    is_default = workspace.terraform_workspace == "default"
    selected = (workspace.data_directory / "environment").is_file() or "TF_WORKSPACE" in environment
    if is_default and selected and _is_named_in_code(workspace):
        environment.pop("TF_WORKSPACE", None)
    elif selected or not is_default:
        environment["TF_WORKSPACE"] = workspace.terraform_workspace
    return environment


def refuse_partial_plans(environment: Mapping[str, str]) -> None:
    """Raise NotBegunError when the user's own arguments would make plans look at less than everything."""
    for name in ("TF_CLI_ARGS", "TF_CLI_ARGS_plan"):
        found = _PARTIAL.search(environment.get(name, ""))
        if found:
            raise NotBegunError(
                f"{name} contains -{found['option']}: such a plan cannot tell what drifted; unset it for reconciler"
            )


def _is_named_in_code(workspace: Workspace) -> bool:
    """Tell whether a `cloud` block names the one workspace that there is; Terraform refuses any choice beside it."""
    try:
        backend = recorded_backend(workspace)
    except (OSError, ValueError):
        return False
    chosen = backend.config.get("workspaces") if backend and backend.type == "cloud" else None
    return isinstance(chosen, dict) and bool(chosen.get("name"))
