"""A role that an apply destroys: its account of policies that are resources of their own is no drift of anybody's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pipeline_world import Feed, Memory, World
from test_pipeline_granted import ATTACHED, READ, WRITTEN
from test_pipeline_relations import ADMIN, DEFINITION, OWN, ROLE, managed, record

from reconciler.model import Finding, Plan, StateResource, Workspace

INLINE = managed("aws_iam_role_policy.read", role="task", name="read", policy=READ)
ATTACHMENT = managed("aws_iam_role_policy_attachment.admin", role="task", policy_arn=ADMIN)
REPLACED = {"name": "new"}


def found(
    live: dict[str, Any],
    *own: StateResource,
    state: dict[str, Any] | None = None,
    planned: dict[str, Any] | None = None,
) -> Finding:
    """Return the finding of a role that an apply destroys, or replaces where something is `planned`."""
    state = {"name": "task", "managed_policy_arns": [], "inline_policy": [], **(state or {})}
    unknown = dict.fromkeys(("managed_policy_arns", "inline_policy"), True) if planned else {}

    def entry(*actions: str, before: Any, after: Any) -> dict[str, Any]:
        change = {"actions": list(actions), "before": before, "after": after, "after_unknown": unknown}
        return {"address": "aws_iam_role.task", "mode": "managed", "type": "aws_iam_role", "change": change}

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        now = {**state, "path": "/", **live}
        drifted = {**entry("update", before={**state, "path": "/"}, after=now)}
        actions = ("delete", "create") if planned else ("delete",)
        changes = [entry(*actions, before=now, after=planned)] if kind == "full" else []
        resources = [{"address": "aws_iam_role.task", "expressions": {"name": {}}}] if planned else []
        code = {"root_module": {"resources": resources}}
        return Plan(kind, True, {"resource_drift": [drifted], "resource_changes": changes, "configuration": code})

    call = record("UntagRole", roleName="task", tagKeys=["x"])
    report = World(plan, prod=[DEFINITION, ROLE, *own]).run(Feed(call), Memory())
    (finding,) = (each for each in report.findings if each.address == "aws_iam_role.task")
    return finding


@pytest.mark.parametrize("planned", [None, REPLACED], ids=["destroyed", "replaced"])
@pytest.mark.parametrize(
    ("live", "own"),
    [(WRITTEN, [INLINE]), (ATTACHED, [ATTACHMENT]), ({**ATTACHED, **WRITTEN}, [INLINE, ATTACHMENT])],
    ids=["inline", "attached", "both"],
)
def test_policies_that_are_resources_of_the_state_are_no_drift_of_their_role(live: Any, own: Any, planned: Any) -> None:
    # What drifted beside them costs the full plan, in which all of the role goes.
    finding = found({**live, "path": "/x/"}, *own, planned=planned)
    assert [change.path for change in finding.changes] == [("path",)]


def test_a_policy_that_such_a_resource_changed_or_took_away_is_none_either() -> None:
    older = {"inline_policy": [{"name": "read", "policy": "{}"}]}
    assert len(found({**WRITTEN, "path": "/x/"}, INLINE, state=older).changes) == 1
    assert len(found({"inline_policy": [], "path": "/x/"}, INLINE, state=WRITTEN).changes) == 1


@pytest.mark.parametrize(
    ("live", "own"),
    [
        (WRITTEN, []),
        (WRITTEN, [managed("aws_iam_role_policy.read", role="other", name="read", policy=READ)]),
        (WRITTEN, [managed("aws_iam_role_policy.read", role="task", name="write", policy=READ)]),
        (WRITTEN, [replace(INLINE, provider="aws.audit")]),
        (ATTACHED, [INLINE]),
        ({"managed_policy_arns": [ADMIN, OWN]}, [ATTACHMENT]),
    ],
    ids=[
        "of no resource",
        "another role's",
        "of another name",
        "another account's",
        "attached, not inline",
        "one more",
    ],
)
def test_what_no_resource_of_the_state_gives_it_is_told(live: Any, own: Any) -> None:
    finding = found({**live, "path": "/x/"}, *own)
    assert finding.status == "drift"
    assert len(finding.changes) == 2
    assert not any(change.live == [ADMIN, OWN] for change in finding.changes)
