"""Terraform of a reconciler that was killed is ended by the next one; what is anybody else's stays."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from terraform_program import alive

from reconciler.adapters.leftovers import remove_leftovers
from reconciler.adapters.orphans import PREFIX, held

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="asks Linux about processes")

RECONCILER = """
import os, sys
from pathlib import Path
from reconciler.adapters import process
process.run(["sh", "-c", "sleep 60 & echo $! $$ > pids.new; mv pids.new pids; wait"], directory=Path(sys.argv[1]),
            environment=os.environ, timeout=60)
"""


@pytest.fixture
def here() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="orphans-") as directory:  # a provider's socket must fit into what is below
        yield Path(directory)


def left_behind(here: Path, session: int) -> dict[str, str]:
    """Leave a directory as a killed reconciler does; returns the environment of what it had started."""
    private = tempfile.mkdtemp(prefix=PREFIX, dir=here)
    with held(private) as note:
        note(session)
    return {**os.environ, "TMPDIR": private}


def test_terraform_of_a_killed_reconciler_is_ended_with_its_providers(here: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(here)}
    with subprocess.Popen([sys.executable, "-c", RECONCILER, str(here)], env=environment) as reconciler:
        while not (here / "pids").exists() or not list(here.glob(f"{PREFIX}*/.*")):
            assert reconciler.poll() is None
            time.sleep(0.01)
        pids = list(map(int, (here / "pids").read_text().split()))
        remove_leftovers(here)
        assert all(Path(f"/proc/{pid}").exists() for pid in pids)  # their reconciler lives
        reconciler.kill()
    remove_leftovers(here)
    assert not any(map(alive, pids))


@pytest.mark.parametrize("session", ["another", "noted"])
@pytest.mark.parametrize("directory", ["another", "left"])
def test_only_who_has_both_marks_is_ended(here: Path, session: str, directory: str) -> None:
    own = os.getsid(0)  # a number that is given anew, or a daemon's session
    marked = left_behind(here, own if session == "noted" else own + 1)
    environment = marked if directory == "left" else {**os.environ, "TMPDIR": str(here)}
    with subprocess.Popen(["sleep", "60"], env=environment) as stranger:
        remove_leftovers(here)
        is_left = session == "noted" and directory == "left"
        if not is_left:
            assert stranger.poll() is None
            stranger.terminate()
        assert stranger.wait(10) == (-9 if is_left else -15)


def test_a_directory_of_which_nothing_is_noted_is_nobodys(here: Path) -> None:
    private = tempfile.mkdtemp(prefix=PREFIX, dir=here)
    with subprocess.Popen(["sleep", "60"], env={**os.environ, "TMPDIR": private}) as process:
        remove_leftovers(here)
        assert process.poll() is None
        process.terminate()
