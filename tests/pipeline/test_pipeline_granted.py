"""Policies given by hand that code nobody applied yet gives as well: no alarm, but only where it gives just these."""

from __future__ import annotations

from typing import Any

import pytest
from pipeline_world import Feed, Memory, World
from test_pipeline_relations import ADMIN, DEFINITION, OWN, ROLE, attach, record

from reconciler.model import Finding, Plan, Workspace

READ = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
SAME = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"*"}}'
MORE = READ.replace("s3:GetObject", "s3:*")
ATTACHED = {"managed_policy_arns": [ADMIN]}
WRITTEN = {"inline_policy": [{"name": "read", "policy": READ}]}


def attachment(kind: str = "attachment", **after: Any) -> tuple[str, dict[str, Any]]:
    return f"aws_iam_role_policy_{kind}.soon", {"role": "task", "policy_arn": ADMIN, **after}


def inline(**after: Any) -> tuple[str, dict[str, Any]]:
    return "aws_iam_role_policy.soon", {"role": "task", "name": "read", "policy": SAME, **after}


def found(
    live: dict[str, Any],
    made: tuple[str, dict[str, Any]],
    action: str = "create",
    state: dict[str, Any] | None = None,
    providers: tuple[str, str] = ("aws", "aws"),
) -> Finding:
    """Return the finding of a role that somebody gave policies, where an apply would do this beside it.

    `providers` are those of the role and of what is made.
    """
    state = {"name": "task", "managed_policy_arns": [], "inline_policy": [], **(state or {})}
    address, after = made

    def entry(address: str, *actions: str, before: Any, after: Any) -> dict[str, Any]:
        change = {"actions": list(actions), "before": before, "after": after, "after_unknown": {}}
        return {"address": address, "mode": "managed", "type": address.split(".")[0], "change": change}

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        role = entry("aws_iam_role.task", "update", before=state, after={**state, **live})
        before, then = (after, None) if action == "delete" else (None, after)
        changes = [entry(address, action, before=before, after=then)] if kind == "full" else []
        blocks = [
            {"address": each, "mode": "managed", "provider_config_key": key}
            for each, key in zip(("aws_iam_role.task", address), providers, strict=True)
        ]
        code = {"root_module": {"resources": blocks}}
        return Plan(kind, True, {"resource_drift": [role], "resource_changes": changes, "configuration": code})

    own = record("AttachRolePolicy", 3, roleName="task", policyArn=OWN)
    calls = [attach(), own, record("PutRolePolicy", 2, roleName="task", policyName="read", policyDocument=READ)]
    (finding,) = World(plan, prod=[DEFINITION, ROLE]).run(Feed(*calls), Memory()).findings
    return finding


@pytest.mark.parametrize(
    ("live", "made"),
    [
        (ATTACHED, attachment()),
        (ATTACHED, ("aws_iam_policy_attachment.soon", {"roles": ["other", "task"], "policy_arn": ADMIN})),
        (ATTACHED, attachment("attachments_exclusive", role_name="task", policy_arns=[ADMIN, OWN])),
        (WRITTEN, inline()),
    ],
    ids=["attachment", "attachment to many", "all attachments", "inline"],
)
def test_a_policy_that_the_code_has_and_nobody_applied_alarms_nobody(live: Any, made: Any) -> None:
    finding = found(live, made)
    assert (finding.status, finding.severity) == ("matching", "info")
    assert "in resources of the code that were never applied" in finding.reason
    assert "no code has these" not in finding.reason


@pytest.mark.parametrize(
    ("live", "made"),
    [
        (ATTACHED, attachment(role="other")),
        (ATTACHED, attachment(policy_arn=OWN)),
        ({"managed_policy_arns": [ADMIN, OWN]}, attachment()),
        (WRITTEN, inline(policy=MORE)),
        (WRITTEN, inline(name="other")),
        ({**ATTACHED, **WRITTEN}, attachment()),
    ],
    ids=["another role", "another policy", "one more", "another text", "another name", "one of two"],
)
def test_what_it_does_not_give_is_in_no_code(live: Any, made: Any) -> None:
    finding = found(live, made)
    assert (finding.status, finding.severity) == ("unmanaged", "high")
    assert "never applied" not in finding.reason


@pytest.mark.parametrize(("live", "made"), [(ATTACHED, attachment()), (WRITTEN, inline())])
def test_what_is_given_to_another_accounts_role_of_the_same_name_is_in_no_code_of_this_one(
    live: Any, made: Any
) -> None:
    assert found(live, made, providers=("aws.main", "aws.main")).status == "matching"
    assert found(live, made, providers=("aws.main", "aws.audit")).status == "unmanaged"


def test_what_an_apply_takes_away_is_in_no_code() -> None:
    assert found(ATTACHED, attachment(), action="delete").status == "unmanaged"
