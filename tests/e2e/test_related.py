"""What changes a service without a call of ECS: the rights of its tasks, and the registry that it points to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.terraform import TerraformCli
from reconciler.model import Workspace
from reconciler.sandbox import Sandbox
from tests.e2e.conftest import World, check_in, world_of

pytestmark = pytest.mark.e2e

STACK = Path(__file__).parent / "stacks" / "related"
EVERYTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
)
ADMIN = "arn:aws:iam::123456789012:policy/related-admin"
SERVES = "it serves aws_ecs_task_definition.web in related"
CONFIGURATION = """\
version: 1
workspaces: [{{name: related, path: infra}}]
trusted: {{principals: ["arn:aws:iam::*:role/terraform-*"]}}
remediation: {{default: adopt}}
pull_requests: {{forge: local, base: main}}
terraform: {{binary: {binary}}}
"""


@pytest.fixture(scope="module")
def related(sandbox: Sandbox, terraform: TerraformCli, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The stack, applied, and what people did around it."""
    stage = check_in(STACK, tmp_path_factory.mktemp("related"), CONFIGURATION)
    terraform.apply(Workspace(name="related", path=stage.root_module))
    before = len(sandbox.records())
    change(sandbox, json.loads((stage.root_module / "terraform.tfstate").read_text()))
    return world_of(sandbox, stage, before)


def change(sandbox: Sandbox, state: Any) -> None:
    """Give rights, to a role of a task and to another; let DNS answers live longer."""
    iam = sandbox.client("iam", "jane")
    iam.create_policy(PolicyName="related-admin", PolicyDocument=EVERYTHING)
    for role in ("related-task", "related-execution", "related-other"):
        iam.attach_role_policy(RoleName=role, PolicyArn=ADMIN)
    iam.put_role_policy(RoleName="related-task", PolicyName="own", PolicyDocument=EVERYTHING)
    (registry,) = [each for each in state["resources"] if each["type"] == "aws_service_discovery_service"]
    sandbox.client("servicediscovery", "ops-admin").update_service(
        Id=registry["instances"][0]["attributes"]["id"],
        Service={"DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 60}]}},
    )


@pytest.fixture(scope="module")
def report(related: World) -> Any:
    done = related.reconciler("run", "--events", str(related.changes), "--format", "json")
    assert done.code == 0, done.stderr
    return done.json


def test_each_change_is_told_once_and_what_ecs_does_not_use_never(report: Any) -> None:
    told = {(each["address"], each["status"], each["severity"]) for each in report["findings"]}
    assert told == {
        ("aws_iam_role.task", "unmanaged", "high"),
        ("aws_iam_role_policy.own", "drift", "high"),
        ("aws_iam_role_policy_attachments_exclusive.execution", "drift", "high"),
        ("aws_service_discovery_service.web", "drift", "medium"),
    }
    assert len(report["findings"]) == 4
    tally = report["events"]
    assert tally["changes"] == 4
    assert tally["read"] == tally["changes"] + sum(tally["skipped"].values()) + tally["broken"]


def finding(report: Any, address: str) -> Any:
    (found,) = [each for each in report["findings"] if each["address"] == address]
    return found


def test_a_policy_given_to_a_task_role_says_which_by_whom_and_what_has_the_role(report: Any) -> None:
    found = finding(report, "aws_iam_role.task")
    (given,) = found["changes"]
    assert (given["path"], given["state"], given["live"]) == ("managed_policy_arns", [], [ADMIN])
    (event,) = found["events"]
    assert (event["name"], event["id"], event["actor"]["name"]) == (
        "AttachRolePolicy",
        given["event_id"],
        "jane@example.com",
    )
    assert SERVES in found["reason"]


@pytest.mark.parametrize(
    "address", ["aws_iam_role.task", "aws_iam_role_policy.own", "aws_iam_role_policy_attachments_exclusive.execution"]
)
def test_nobody_but_a_person_writes_rights_into_the_code(report: Any, address: str) -> None:
    remedy = finding(report, address)["remedy"]
    assert (remedy["kind"], remedy["files"]) == ("none", [])


def test_a_registry_that_changed_is_adopted_with_a_proof(report: Any, related: World) -> None:
    found = finding(report, "aws_service_discovery_service.web")
    assert [(each["path"], each["state"], each["live"]) for each in found["changes"]] == [
        ("dns_config[0].dns_records[0].ttl", 10, 60)
    ]
    assert found["remedy"]["proof"] == "proven"
    branch = found["remedy"]["pull_request"]["branch"]
    assert "      ttl  = 60 # clients look again quickly" in related.git("show", f"{branch}:infra/main.tf")
