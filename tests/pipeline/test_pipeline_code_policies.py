"""Rights changed by hand that merged code has as well, in a document that only the apply will make."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pipeline_world import Feed, Memory, World
from test_pipeline_relations import DEFINITION, ROLE, managed, record

from reconciler.model import Finding, Plan, Workspace

OPEN = "what the code makes of policy is known only after the apply"
DATA = "data.aws_iam_policy_document.task"
CODE = """
data "aws_iam_policy_document" "task" {}
locals {
  policies = [DATA.json]
}
resource "aws_iam_role_policy" "read" {
  policy = %s
}
""".replace("DATA", DATA)


def document(*actions: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})


def found(*actions: str, spelling: str = f"{DATA}.json", new: bool = True, is_read: bool = True) -> Finding:
    """Return the finding of a role's policy that got s3:PutObject by hand, where the code has `actions`.

    The document is made during the apply: of a resource that is `new`, or as its data source waits for one.
    """

    def entry(address: str, action: str, before: Any, after: Any, **unknown: Any) -> dict[str, Any]:
        mode, kind = ("data", address.split(".")[1]) if action == "read" else ("managed", address.split(".")[0])
        change = {"actions": [action], "before": before, "after": after, "after_unknown": unknown}
        return {"address": address, "mode": mode, "type": kind, "change": change}

    def plan(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
        address, own = "aws_iam_role_policy.read", {"role": "task", "name": "read"}
        was, live = ({**own, "policy": document("s3:GetObject", *more)} for more in ((), ("s3:PutObject",)))
        statements = [{"actions": [*actions], "resources": ["*"]}]
        statements += [{"actions": ["sqs:SendMessage"], "resources": [None]}] if new else []
        unknown = [{}, {"resources": [True]}] if new else []
        read = entry(DATA, "read", None, {"statement": statements}, json=True, statement=unknown)
        changes = [entry(address, "update", live, own, policy=True), *([read] if is_read else [])]
        code = {"root_module": {"resources": [{"address": address, "expressions": {"policy": {}}}]}}
        shown: dict[str, Any] = {"resource_drift": [entry(address, "update", was, live)]}
        shown |= {"resource_changes": changes, "configuration": code} if kind == "full" else {}
        return Plan(kind, True, shown)

    policy = managed("aws_iam_role_policy.read", role="task", name="read")
    call = record("PutRolePolicy", roleName="task", policyName="read", policyDocument=document("s3:*"))
    report = World(plan, prod=[DEFINITION, ROLE, policy]).run(Feed(call), Memory(), (CODE % spelling).encode())
    (finding,) = (each for each in report.findings if each.address == "aws_iam_role_policy.read")
    return finding


@pytest.mark.parametrize(
    ("spelling", "new"),
    [(f"{DATA}.json", True), (f"{DATA}.json", False), ("local.policies[0]", False)],
    ids=["beside a new queue", "put off", "put off, in a list"],
)
def test_rights_that_a_documents_data_source_has_too_are_no_drift(spelling: str, new: bool) -> None:
    assert found("s3:GetObject", "s3:PutObject", spelling=spelling, new=new).status == "matching"


@pytest.mark.parametrize("new", [True, False], ids=["beside a new queue", "put off"])
def test_rights_that_it_has_not_are_drift_for_certain(new: bool) -> None:
    finding = found("s3:GetObject", new=new)
    assert finding.status == "drift"
    assert OPEN not in finding.reason


def test_a_document_that_nobody_can_read_is_drift_and_said_to_be_known_later() -> None:
    finding = found("s3:GetObject", "s3:PutObject", is_read=False)
    assert finding.status == "drift"
    assert OPEN in finding.reason
