"""What a plan's answers are worth: what was not looked at, or cannot be read, is an error and never "no changes"."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from reconciler.adapters import process
from reconciler.adapters.terraform import messages
from reconciler.errors import TerraformError
from reconciler.model import JsonObject, Workspace

FAILED, CHANGES = 1, 2
"""Exit codes of `plan -detailed-exitcode`: failed, succeeded with changes; 0 is succeeded without."""
_FORMAT = "1."
"""The major version of a plan's JSON; https://developer.hashicorp.com/terraform/internals/json-format."""
_CHANGED: Mapping[str, Sequence[str]] = {
    "refresh-only": ("resource_drift",),
    "full": ("resource_changes", "output_changes", "resource_drift"),
}
"""Where a plan's JSON shows what it is not empty for."""


def reason(done: process.Completed) -> str:
    """Return why a process failed, in one line."""
    return messages.summarise(done.stderr) if done.stderr.strip() else messages.ending(done.code)


def refuse_failed(
    workspace: Workspace, label: str, done: process.Completed, spoken: messages.Spoken, plan_file: Path
) -> None:
    """Raise TerraformError for a plan that failed, was lost, or left out what it has no provider for."""
    if done.code == FAILED:
        first, *also = [f"terraform plan failed in {workspace.name}: {why}" for why in spoken.errors or (reason(done),)]
        raise TerraformError(first, also=also)
    if not plan_file.is_file():  # a wrapper lost the exit code: silence would read as "nothing drifted"
        raise TerraformError(
            f"terraform plan in {workspace.name} ended without an error and without a plan: whatever {label} starts "
            "must hand on terraform's arguments and its exit code"
        )
    if spoken.unknown:
        raise TerraformError(
            f"terraform plan in {workspace.name} did not compare {', '.join(spoken.unknown)}: the code there no longer "
            "has a provider for them, and the state does"
        )


def read_plan(workspace: Workspace, stdout: bytes) -> JsonObject:
    """Return what `terraform show -json` printed of a plan; raises TerraformError when it is no finished plan."""
    try:
        shown = json.loads(stdout)
    except (ValueError, RecursionError) as error:
        raise TerraformError(f"the plan of {workspace.name} could not be read: it is not JSON") from error
    version = str(shown.get("format_version", "unknown")) if isinstance(shown, dict) else "none"
    if not version.startswith(_FORMAT):
        raise TerraformError(f"the plan of {workspace.name} could not be read: its format is {version}, not 1.x")
    if shown.get("errored"):
        raise TerraformError(f"the plan of {workspace.name} could not be read: terraform did not get to its end")
    return dict(shown)


def refuse_silence(
    workspace: Workspace, kind: str, spoken: messages.Spoken, done: process.Completed, shown: JsonObject
) -> None:
    """Raise TerraformError for a plan that was told to hold changes and shows none, or not those that drifted.

    A wrapper may lose an argument, and show something else: an empty answer would read as "nothing drifted", and so
    would that of another plan. Both accounts of what drifted are made of one list (Terraform's jsonplan/plan.go and
    views/operation.go), with any kind of plan.
    """
    told = spoken.drifted if kind == "refresh-only" else done.code == CHANGES
    if told and not any(shown.get(part) for part in _CHANGED[kind]):
        raise TerraformError(
            f"the plan of {workspace.name} could not be read: terraform tells of changes and shows none"
        )
    missing = spoken.addresses - _drifted(shown) if shown else None
    if missing:
        raise TerraformError(
            f"the plan of {workspace.name} could not be read: terraform tells that {min(missing)} drifted, and `show` "
            "printed a plan without it: whatever starts terraform must hand on its arguments"
        )


def _drifted(shown: JsonObject) -> frozenset[str]:
    drifts = shown.get("resource_drift")
    entries = drifts if isinstance(drifts, list) else []
    return frozenset(str(each.get("address")) for each in entries if isinstance(each, dict))
