"""The environment that a workspace's own programs and clients get, where it is not simply the process's."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model import Workspace

CALLERS_REPOSITORY = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_SHALLOW_FILE",
)
"""What Git sets for hooks and aliases: with these, git works on the caller's repository wherever it is started."""

_PROCESS_KEYS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
)
"""What AWS's programs take before a profile that the environment names."""
_NAMES_CREDENTIALS = frozenset({"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE"})


def workspace_environment(process: Mapping[str, str], workspace: Workspace) -> dict[str, str]:
    """Return the process's environment with the workspace's over it.

    A workspace that names its own credentials gets none of the process's: keys there win over a profile, so the plan
    would run in the wrong account and take everything for deleted.
    """
    left_out = {*CALLERS_REPOSITORY}
    if _NAMES_CREDENTIALS & workspace.environment.keys():
        left_out.update(_PROCESS_KEYS)
    if "AWS_ACCESS_KEY_ID" in workspace.environment:
        left_out.add("AWS_PROFILE")
    return {name: value for name, value in process.items() if name not in left_out} | dict(workspace.environment)
