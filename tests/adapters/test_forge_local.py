"""The forge without a host: the pull request is a file."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest

from reconciler.adapters.forges.local import LocalForge
from reconciler.errors import ForgeError

BRANCH = "drift/prod/aws-ecs-service-web-395e13dc"


@pytest.fixture
def forge(tmp_path: Path) -> LocalForge:
    return LocalForge(tmp_path / "pull requests")


def test_the_text_is_where_the_url_says(forge: LocalForge) -> None:
    pull = forge.submit(BRANCH, "Adopt desired_count", "Body\n")
    assert (pull.branch, pull.state) == (BRANCH, "opened")
    assert Path(unquote(urlparse(pull.url).path)).read_text(encoding="utf-8") == "# Adopt desired_count\n\nBody\n"


def test_the_same_again_changes_nothing(forge: LocalForge) -> None:
    first = forge.submit(BRANCH, "Title", "Body")
    written = Path(unquote(urlparse(first.url).path)).stat().st_mtime_ns
    assert forge.submit(BRANCH, "Title", "Body").state == "unchanged"
    assert Path(unquote(urlparse(first.url).path)).stat().st_mtime_ns == written


def test_another_drift_of_the_resource_replaces_the_text(forge: LocalForge, tmp_path: Path) -> None:
    forge.submit(BRANCH, "Title", "3 to 5")
    assert forge.submit(BRANCH, "Title", "3 to 7").state == "updated"
    assert [file.read_text() for file in tmp_path.rglob("*.md")] == ["# Title\n\n3 to 7"]


def test_another_branch_is_another_pull_request(forge: LocalForge, tmp_path: Path) -> None:
    forge.submit(BRANCH, "Title", "Body")
    assert forge.submit(BRANCH.replace("prod", "dev"), "Title", "Body").state == "opened"
    assert len(list(tmp_path.rglob("*.md"))) == 2


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ForgeError, match=r"the pull request's text .*web-395e13dc\.md cannot be written"):
        LocalForge(tmp_path / "file").submit(BRANCH, "Title", "Body")
