"""The forge of a repository without a host: a branch in the remote and the pull request's text in a file."""

from __future__ import annotations

from pathlib import Path

from reconciler.errors import ForgeError
from reconciler.model import PullRequest


class LocalForge:
    """Writes `<directory>/<branch>.md`. Fulfils `ports.Forge`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def find(self, branch: str) -> PullRequest | None:
        """Return the branch's pull request as `unchanged`, None when its text has not been written."""
        file = self._file(branch)
        return PullRequest(url=file.resolve().as_uri(), branch=branch, state="unchanged") if file.is_file() else None

    def submit(self, branch: str, title: str, body: str) -> PullRequest:
        """Write the pull request's title and body; raises ForgeError."""
        file = self._file(branch)
        text = f"# {title}\n\n{body}"
        try:
            existed = file.is_file()
            same = existed and file.read_text(encoding="utf-8") == text
            file.parent.mkdir(parents=True, exist_ok=True)
            if not same:
                file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise ForgeError(f"the pull request's text {file} cannot be written: {error.strerror}") from error
        return PullRequest(
            url=file.resolve().as_uri(),
            branch=branch,
            state="unchanged" if same else "updated" if existed else "opened",
        )

    def _file(self, branch: str) -> Path:
        return self._directory / f"{branch}.md"
