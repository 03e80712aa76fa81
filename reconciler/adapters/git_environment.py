"""What git is told for the scratch clone, apart from what it is to do; all of it through its environment."""

from __future__ import annotations

import os
from collections.abc import Iterable

from git import Repo
from git.exc import GitError

from reconciler.adapters.environment import CALLERS_REPOSITORY

_AUTHOR = "reconciler"
EMAIL = "reconciler@users.noreply.github.com"
_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",  # Never wait for a password that nobody will type.
    "LC_ALL": "C",
}
COMMITTER = {
    "GIT_AUTHOR_NAME": _AUTHOR,
    "GIT_AUTHOR_EMAIL": EMAIL,
    "GIT_COMMITTER_NAME": _AUTHOR,
    "GIT_COMMITTER_EMAIL": EMAIL,
}
_SETTINGS = (
    # Hooks and signatures are for people's commits: they would run here, in a clone that nobody prepared.
    ("core.hooksPath", "/dev/null"),
    ("commit.gpgSign", "false"),
    ("push.gpgSign", "false"),
    ("log.showSignature", "false"),
    # The clone lives for a minute: what works on in the background would hinder its removal.
    ("core.fsmonitor", "false"),
    ("maintenance.auto", "false"),
    ("gc.auto", "0"),
    ("submodule.recurse", "false"),
    ("push.recurseSubmodules", "no"),
    # A remote that says nothing for a minute is not waited for. (Git has no time limit for ssh.)
    ("http.lowSpeedLimit", "1"),
    ("http.lowSpeedTime", "60"),
)
"""What matters of the user's own settings for the clone: who works at a desk wants other things."""
_CREDENTIALS = r"^(http\..*|credential\..*|core\.sshcommand)$"
"""How a checkout reaches its remote, where its own configuration says so, as GitHub's checkout action writes it."""


def scratch_environment(repo: Repo | None = None) -> dict[str, str]:
    """Return the environment for git in a clone of `repo`, with what its own configuration says of its remote."""
    return {**_ENVIRONMENT, **_configured([*_SETTINGS, *(_credentials(repo) if repo else ())])}


def forget_the_callers_repository() -> None:
    """Take what Git sets for hooks out of the process's environment."""
    # GitPython hands on the whole environment. In a hook these would make every command here work on the user's own
    # repository instead of the clone, whatever its directory.
    for name in CALLERS_REPOSITORY:
        os.environ.pop(name, None)


def _credentials(repo: Repo) -> list[tuple[str, str]]:
    try:
        told = str(repo.git.config("--local", "--includes", "-z", "--get-regexp", _CREDENTIALS))
    except GitError:  # exit code 1: there are none
        return []
    return [(name, value) for name, _, value in (entry.partition("\n") for entry in told.split("\0")) if name]


def _configured(entries: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return configuration as environment variables: on the command line everybody on the machine could read it."""
    start = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    numbered = list(enumerate(entries, start))
    names = {f"GIT_CONFIG_KEY_{number}": name for number, (name, _) in numbered}
    values = {f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in numbered}
    return {"GIT_CONFIG_COUNT": str(start + len(numbered)), **names, **values}
