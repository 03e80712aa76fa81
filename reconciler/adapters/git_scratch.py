"""The Scratch port on real Git: a clone to edit and to plan in, of which one commit is pushed."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Literal

from git import Git
from git.exc import GitCommandError, GitError

from reconciler.adapters.git_environment import COMMITTER, EMAIL
from reconciler.adapters.git_network import exchange
from reconciler.errors import RepositoryError
from reconciler.model import FileEdit
from reconciler.model.secrecy import without_secrets_in

_TRAILER = "Reconciler-Fingerprint"

Pushed = Literal["created", "updated", "unchanged", "human_edited"]


class GitScratch:
    """Fulfils `ports.Scratch`."""

    def __init__(self, git: Git, clone: Path, module: Path, base: str, stopped: threading.Event | None) -> None:
        """Whoever sets `stopped` ends what is exchanged with the remote, in any thread."""
        self._git = git
        self._exchange = partial(exchange, git, stopped)
        self._clone = clone
        self._module = module
        self._base = base
        self._kept = False
        self._written: set[str] = set()
        self._looked_at: tuple[str, str] | None = None

    @property
    def root_module(self) -> Path:
        """Return the workspace's root module inside the clone."""
        return self._clone / self._module

    def write(self, edits: Iterable[FileEdit]) -> tuple[str, ...]:
        """Write the edits; returns the files' paths relative to the repository.

        Raises RepositoryError for a file outside the repository, or one that is not what the edit was made from.
        """
        written = []
        for edit in edits:
            named = self.root_module / edit.path
            file = named.resolve()
            if not file.is_relative_to(self._clone.resolve()):
                raise RepositoryError(f"{edit.path} lies outside the repository: its code is not ours to change")
            if named.is_symlink():
                raise RepositoryError(f"{edit.path} is a symbolic link: whoever else reads that file would follow")
            if file.read_bytes() != edit.before:
                raise RepositoryError(f"{edit.path} in the checkout differs from {self._base}: pull, then run again")
            file.write_bytes(edit.after)
            written.append(file.relative_to(self._clone.resolve()).as_posix())
        self._written.update(written)
        return tuple(written)

    def diff(self) -> str:
        """Return the unified diff of what has been written."""
        options = ("--no-color", "--no-ext-diff", "--no-textconv")
        with _explained("what was edited cannot be shown"):
            return str(self._git.diff(*options, "--", *self._files(), strip_newline_in_stdout=False))

    def keep(self) -> None:
        """Make what has been written the ground for what follows: `diff` and `restore` start from here."""
        with _explained("what was edited cannot be kept"):
            self._git.add("--", *self._files())
        self._kept = True

    def restore(self) -> None:
        """Undo what has been written or committed since the base or the last `keep`; untracked files stay."""
        with _explained("the clone cannot be put back"):
            if self._kept:
                self._git.checkout("--quiet", "--force", "--", ".")
            else:
                self._git.checkout("--quiet", "--force", "--detach", "refs/reconciler/base")
                self._written.clear()

    def _files(self) -> tuple[str, ...]:
        # Not whatever differs: a plan may write files of its own, as data "archive_file" does.
        return tuple(f":(literal,top){file}" for file in sorted(self._written))

    def holds(self, branch: str, fingerprint: str) -> bool:
        """Tell whether the remote's branch is what has been written, as one commit on the same base.

        The fingerprint in its message stands for the live values. Raises RepositoryError.
        """
        with _explained(f"{branch} cannot be looked at"):
            tip = self._fetch_branch(branch)
            self._looked_at = branch, tip
            if not tip or self._has_foreign_commits():
                return False
            self._git.add("--", *self._files())
            wanted = self._git.write_tree(), self._git.rev_parse("refs/reconciler/base"), {fingerprint}
            return self._described("refs/reconciler/branch") == wanted

    def push(self, branch: str, message: str) -> Pushed:
        """Commit what has been written as one commit on the base and push it; raises RepositoryError.

        A branch that `holds` it already is left alone, and so is one with a commit that is not reconciler's: also where
        it came to be so after it was looked at.
        """
        with _explained(f"{branch} could not be pushed"):
            return self._push(branch, message)

    def _push(self, branch: str, message: str) -> Pushed:
        self._git.commit("--quiet", "--message", message, "--", *self._files(), env=COMMITTER)
        reference = f"refs/heads/{branch}"
        tip = self._tip(branch)
        if tip and (left := self._left_alone()):
            return left
        lease = f"--force-with-lease={reference}:{tip}"
        try:
            self._exchange("push", "--quiet", "--no-verify", lease, "origin", f"HEAD:{reference}")
        except GitCommandError as error:
            # Another run may have been quicker with the same.
            if "rejected]" in str(error.stderr) and self._fetch_branch(branch) and (left := self._left_alone()):
                return left
            raise
        return "updated" if tip else "created"

    def _left_alone(self) -> Literal["unchanged", "human_edited"] | None:
        """Return why the branch that was fetched is none to push to, None when it is one."""
        if self._has_foreign_commits():
            return "human_edited"
        return "unchanged" if self._described("HEAD") == self._described("refs/reconciler/branch") else None

    def _tip(self, branch: str) -> str:
        """Return the remote branch's commit as `holds` saw it: a push over anything newer is refused by its lease."""
        seen, self._looked_at = self._looked_at, None
        return seen[1] if seen and seen[0] == branch else self._fetch_branch(branch)

    def _fetch_branch(self, branch: str) -> str:
        """Fetch the remote's branch as refs/reconciler/branch; returns its commit, empty when there is no branch."""
        reference = f"refs/heads/{branch}"
        tip = self._exchange("ls-remote", "origin", reference).split("\t")[0]
        if tip:
            self._exchange("fetch", "--quiet", "--no-tags", "origin", f"+{reference}:refs/reconciler/branch")
        return tip

    def _has_foreign_commits(self) -> bool:
        # A commit that somebody amended or rebased keeps the message, but not the committer.
        form = "--format=%ce%n%B%x00"
        commits = str(self._git.log(form, "refs/reconciler/base..refs/reconciler/branch")).split("\0")
        return any(
            commit.strip() and not (commit.lstrip().startswith(f"{EMAIL}\n") and f"\n{_TRAILER}: " in commit)
            for commit in commits
        )

    def _described(self, commit: str) -> tuple[str, str, set[str]]:
        """Return a commit's tree, its parent, and the fingerprints in its message."""
        tree, parents, message = str(self._git.log("-1", "--format=%T%n%P%n%B", commit)).split("\n", 2)
        trailers = (line.partition(f"{_TRAILER}: ") for line in message.splitlines())
        return tree, parents, {value for before, marker, value in trailers if marker and not before}


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except GitError as error:
        raise RepositoryError(f"{what}: {said(error)}") from error


def said(error: Exception) -> str:
    """Return what Git, or a hook of the remote's, said of a failure: on one line, without credentials."""
    text = str(getattr(error, "stderr", "") or error)
    text = re.sub(r"//[^/\s@']+@", "//", text)  # a token may stand in a URL, even as the user's name
    return without_secrets_in(" ".join(text.replace("stderr:", "").split()), "***")[:300]
