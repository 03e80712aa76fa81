"""A group's world: its root modules applied, its situations acted out, and one run of `reconciler` over the records."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.adapters.git import create_repository
from reconciler.adapters.terraform import TerraformCli
from reconciler.adapters.terraform.binary import find_any_binary
from reconciler.model import Workspace
from reconciler.sandbox import Sandbox
from tests.e2e.corpus.situation import STACKS, Group, Record, Root

RULES = [
    {
        "name": "ECS Service Configuration",
        "resource_types": ["aws_ecs_service"],
        "watched_attributes": ["desired_count"],
        "severity": "high",
    }
]
_APPLIES_AS = "assumed-role/terraform-apply/"


@dataclass(frozen=True)
class Outcome:
    """What the run said. `event_ids` are those of each situation's delivered records, `lines` what `events` printed."""

    group: Group
    code: int
    report: Any
    lines: Sequence[Any]
    event_ids: Mapping[str, frozenset[str]]
    applied: frozenset[str]

    def findings(self, situation: str) -> list[Any]:
        """Return the findings that name one of the situation's events."""
        mine = self.event_ids[situation]
        return [each for each in self.report["findings"] if mine.intersection(event["id"] for event in each["events"])]


def play(group: Group, sandbox: Sandbox, terraform: TerraformCli, directory: Path) -> Outcome:
    """Apply, act, run: the group's outcome."""
    before = len(sandbox.records())
    _apply(group, terraform, directory)
    # What Terraform did in another account through an assumed role is nobody's whom the configuration trusts.
    applied = [each for each in sandbox.records()[before:] if _APPLIES_AS in each["userIdentity"]["arn"]]
    for root in group.roots:
        if root.later:
            shutil.copytree(root.later, directory / root.path, dirs_exist_ok=True)
    records, ids = _act(group, sandbox)
    (directory / "records.json").write_text(json.dumps({"Records": [*applied, *records]}))
    (directory / "reconciler.yaml").write_text(json.dumps(_configuration(group.roots)))
    words = ("run", "--no-prs", "--format", "json", "--events", "records.json")
    with ExitStack() as stack:
        for root in group.roots:
            if root.busy:
                stack.enter_context(root.busy(directory / root.state))
        code, text = _reconciler(directory, sandbox, *words)
    _, lines = _reconciler(directory, sandbox, "events", "records.json")
    return Outcome(
        group=group,
        code=code,
        report=json.loads(text),
        lines=[json.loads(line) for line in lines.splitlines()],
        event_ids=ids,
        applied=frozenset(each["eventID"] for each in applied),
    )


def _apply(group: Group, terraform: TerraformCli, directory: Path) -> None:
    for root in group.roots:
        shutil.copytree(root.source, directory / root.path, dirs_exist_ok=True)
    _shelve(directory)
    fresh = [root for root in group.roots if root.copy_of is None]
    with ThreadPoolExecutor(max_workers=2) as pool:
        # CLI workspaces of one root module share its .terraform, so they go one after the other.
        paths = dict.fromkeys(root.path for root in fresh)
        together = [[_workspace(root, directory) for root in fresh if root.path == path] for path in paths]
        list(pool.map(lambda workspaces: _apply_each(workspaces, terraform), together))
    for root in group.roots:
        if root.copy_of:
            original = next(each for each in group.roots if each.name == root.copy_of)
            shutil.copyfile(directory / original.state, directory / root.state)
        if root.rewrite:
            file = directory / root.state
            state = json.loads(file.read_text())
            root.rewrite(state)
            file.write_text(json.dumps(state))


def _apply_each(workspaces: Sequence[Workspace], terraform: TerraformCli) -> None:
    for workspace in workspaces:
        terraform.apply(workspace)


def _shelve(directory: Path) -> None:
    """Put the modules that are to be installed into a repository, and its place into the code that names it."""
    naming = [file for file in directory.rglob("*.tf") if "@SHELF@" in file.read_text()]
    if not naming:
        return
    shelf = directory / "shelf"
    shutil.copytree(STACKS / "shelf", shelf)
    create_repository(shelf, directory / "shelf.git", "Share a module")
    for file in naming:
        file.write_text(file.read_text().replace("@SHELF@", str(directory / "shelf.git")))


def _workspace(root: Root, directory: Path) -> Workspace:
    return Workspace(name=root.name, path=directory / root.path, terraform_workspace=root.terraform_workspace)


def _act(group: Group, sandbox: Sandbox) -> tuple[list[Record], Mapping[str, frozenset[str]]]:
    records: list[Record] = []
    ids: dict[str, frozenset[str]] = {}
    for situation in group.situations:
        before = len(sandbox.records())
        situation.act(sandbox)
        delivered = situation.delivered(sandbox.records()[before:])
        ids[situation.name] = frozenset(record["eventID"] for record in delivered)
        records += delivered
    return records, ids


def _configuration(roots: Sequence[Root]) -> Any:
    return {
        "version": 1,
        "workspaces": [
            {"name": root.name, "path": root.path, "terraform_workspace": root.terraform_workspace} for root in roots
        ],
        "trusted": {"principals": ["arn:aws:iam::*:role/terraform-*"]},
        "drift_rules": RULES,
        "terraform": {"binary": find_any_binary().setting, "parallelism": 3},
    }


def _reconciler(directory: Path, sandbox: Sandbox, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", *words],
        cwd=directory,
        env={**os.environ, **sandbox.environment("terraform")},
        capture_output=True,
        text=True,
        timeout=550,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, done.stdout
