"""Modules, count, for_each, two regions, two CLI workspaces of one root module with their states in S3: one run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.terraform import TerraformCli
from reconciler.model import Workspace
from reconciler.sandbox import Sandbox
from tests.e2e.conftest import Done, World, check_in, world_of

pytestmark = pytest.mark.e2e

STACK = Path(__file__).parent / "stacks" / "fleet"
ACCOUNT = "123456789012"
CONFIGURATION = """\
version: 1
workspaces:
  - {{name: fleet, path: infra, var_files: [default.tfvars]}}
  - {{name: fleet-blue, path: infra, terraform_workspace: blue, var_files: [blue.tfvars]}}
trusted: {{principals: ["arn:aws:iam::*:role/terraform-*"]}}
remediation: {{default: adopt}}
pull_requests: {{forge: local, base: main}}
terraform: {{binary: {binary}}}
"""


@pytest.fixture(scope="module")
def fleet(sandbox: Sandbox, terraform: TerraformCli, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The fleet, applied in both workspaces, and what people did to it."""
    stage = check_in(STACK, tmp_path_factory.mktemp("fleet"), CONFIGURATION)
    before = len(sandbox.records())
    sandbox.client("s3", "terraform").create_bucket(Bucket="fleet-states")
    for name, variables in (("default", "default.tfvars"), ("blue", "blue.tfvars")):
        workspace = Workspace(name=name, path=stage.root_module, terraform_workspace=name)
        terraform.apply(replace(workspace, environment={"TF_CLI_ARGS_apply": f"-var-file={variables}"}))
    change(sandbox)
    return world_of(sandbox, stage, before)


def change(sandbox: Sandbox) -> None:
    """Change what lies in modules, behind indexes and under the same names elsewhere."""
    ops, jane = sandbox.client("ecs", "ops-admin"), sandbox.client("ecs", "jane")
    west = sandbox.client("ecs", "deploy", "us-west-2")
    ops.update_service(cluster="fleet-blue", service="web", desiredCount=5)
    arn = f"arn:aws:ecs:us-west-2:{ACCOUNT}:service/fleet-default/web"
    west.update_service(cluster="fleet-default", service=arn, desiredCount=7)
    jane.update_service(cluster="fleet-blue", service="queue-mail", desiredCount=6)
    ops.update_service(cluster="fleet-default", service="fleet-default-a-b", desiredCount=2)
    jane.update_service(cluster="fleet-default", service="reports", desiredCount=4)
    ops.update_service(cluster="fleet-default", service="queue-mail", forceNewDeployment=True)
    revision = jane.register_task_definition(
        family="jobs",
        containerDefinitions=[{"name": "job", "image": "busybox:1.37", "memory": 64, "essential": True}],
    )["taskDefinition"]["taskDefinitionArn"]
    jane.update_service(cluster="fleet-default", service="pair-1", taskDefinition=revision)


@pytest.fixture(scope="module")
def done(fleet: World) -> Done:
    done = fleet.reconciler("run", "--events", str(fleet.changes), "--format", "json")
    assert done.code == 0, done.stderr
    return done


def finding(done: Done, workspace: str, address: str) -> Any:
    (found,) = [each for each in done.json["findings"] if (each["workspace"], each["address"]) == (workspace, address)]
    return found


def test_exactly_what_people_changed_drifted_in_the_right_workspace(done: Done) -> None:
    found = {
        (each["workspace"], each["address"], each["status"])
        for each in done.json["findings"]
        if each["status"] != "healed"
    }
    assert found == {
        ("fleet-blue", "aws_ecs_service.web", "drift"),
        ("fleet", "aws_ecs_service.west", "drift"),
        ("fleet-blue", 'aws_ecs_service.queue["mail"]', "drift"),
        ("fleet", 'module.back.module.part["a.b"].aws_ecs_service.this', "drift"),
        ("fleet", "aws_ecs_service.reports[0]", "drift"),
        ("fleet", "aws_ecs_service.pair[1]", "drift"),
    }
    assert finding(done, "fleet", 'aws_ecs_service.queue["mail"]')["status"] == "healed"


@pytest.mark.parametrize(
    ("workspace", "address", "changes", "who", "region"),
    [
        ("fleet-blue", "aws_ecs_service.web", [("desired_count", 3, 5)], "ops-admin", "us-east-1"),
        ("fleet", "aws_ecs_service.west", [("desired_count", 3, 7)], "deploy", "us-west-2"),
        ("fleet-blue", 'aws_ecs_service.queue["mail"]', [("desired_count", 2, 6)], "jane@example.com", "us-east-1"),
        (
            "fleet",
            'module.back.module.part["a.b"].aws_ecs_service.this',
            [("desired_count", 1, 2)],
            "ops-admin",
            "us-east-1",
        ),
        ("fleet", "aws_ecs_service.reports[0]", [("desired_count", 1, 4)], "jane@example.com", "us-east-1"),
        (
            "fleet",
            "aws_ecs_service.pair[1]",
            [
                (
                    "task_definition",
                    f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/jobs:1",
                    f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition/jobs:2",
                ),
                ("container_definitions[job].image", "busybox:1.36", "busybox:1.37"),
            ],
            "jane@example.com",
            "us-east-1",
        ),
    ],
)
def test_each_has_its_changes_its_person_and_its_region(
    done: Done, workspace: str, address: str, changes: list[tuple[str, Any, Any]], who: str, region: str
) -> None:
    found = finding(done, workspace, address)
    assert [(each["path"], each["state"], each["live"]) for each in found["changes"]] == changes
    assert {each["disposition"] for each in found["changes"]} == {"reverting"}
    by_id = {event["id"]: event["actor"]["name"] for event in found["events"]}
    assert {by_id[each["event_id"]] for each in found["changes"]} == {who}
    assert found["identity"]["region"] == region


@pytest.mark.parametrize(
    ("workspace", "address", "reason"),
    [
        ("fleet-blue", "aws_ecs_service.web", "the root module is also that of fleet,"),
        ("fleet", "aws_ecs_service.west", "the root module is also that of fleet-blue,"),
        ("fleet-blue", 'aws_ecs_service.queue["mail"]', "in services.tf:"),
        ("fleet", 'module.back.module.part["a.b"].aws_ecs_service.this', "every caller of the module would follow"),
    ],
)
def test_what_needs_a_person_says_why_and_is_not_planned(done: Done, workspace: str, address: str, reason: str) -> None:
    remedy = finding(done, workspace, address)["remedy"]
    assert (remedy["kind"], remedy["proof"], remedy["pull_request"]) == ("none", "not_run", None)
    assert reason in remedy["reason"]


def test_a_sibling_that_would_move_too_refutes(done: Done, fleet: World) -> None:
    remedy = finding(done, "fleet", "aws_ecs_service.pair[1]")["remedy"]
    assert (remedy["kind"], remedy["proof"], remedy["pull_request"]) == ("adopt", "refuted", None)
    assert "aws_ecs_service.pair[0]" in remedy["reason"]
    assert "pair" not in fleet.git("for-each-ref", "refs/heads/drift")


def test_code_of_one_workspace_alone_gets_a_proven_pull_request_of_one_line(done: Done, fleet: World) -> None:
    remedy = finding(done, "fleet", "aws_ecs_service.reports[0]")["remedy"]
    assert (remedy["kind"], remedy["proof"], remedy["pull_request"]["state"]) == ("adopt", "proven", "opened")
    branch = remedy["pull_request"]["branch"]
    assert fleet.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/drift") == branch
    assert fleet.git("rev-list", "--count", f"main..{branch}") == "1"
    edited = [line for line in fleet.git("diff", "-U0", f"main...{branch}").splitlines() if line[0] in "+-"]
    assert edited == [
        "--- a/infra/only_default.tf",
        "+++ b/infra/only_default.tf",
        "-  desired_count   = 1 # at night",
        "+  desired_count   = 4 # at night",
    ]


def test_one_plan_of_each_kind_for_each_workspace(done: Done) -> None:
    assert done.json["plans"] == {"refresh_only": 2, "full": 2, "proof": 2}


def test_a_lock_in_the_bucket_postpones_its_workspace_and_no_other(fleet: World, done: Done, tmp_path: Path) -> None:
    s3, key = fleet.sandbox.client("s3", "terraform"), "env:/blue/fleet/terraform.tfstate.tflock"
    lock = {
        "ID": "9db590f1",
        "Operation": "OperationTypeApply",
        "Who": "jane@laptop",
        "Created": "2026-03-02T09:15:00Z",
    }
    s3.put_object(Bucket="fleet-states", Key=key, Body=json.dumps(lock).encode())
    try:
        again = run_over(fleet, tmp_path, {("fleet-blue", "web"), ("fleet-default", "queue-mail")})
    finally:
        s3.delete_object(Bucket="fleet-states", Key=key)
    assert again.code == 1, again.stderr
    found = {(each["workspace"], each["address"]): (each["status"], each["reason"]) for each in again.json["findings"]}
    # With their reasons: whatever else could not be checked says why.
    (place, (_, reason)), *others = [each for each in found.items() if each[1][0] == "not_checked"]
    assert (place, others) == (("fleet-blue", "aws_ecs_service.web"), [])
    assert "the state of fleet-blue is locked by jane@laptop since 2026-03-02T09:15:00Z" in reason
    assert [workspace for workspace, _ in found].count("fleet-blue") == 1
    assert found["fleet", 'aws_ecs_service.queue["mail"]'][0] == "healed"
    assert again.json["plans"]["refresh_only"] == 1


def test_what_only_a_trusted_role_did_is_neither_planned_nor_reported(fleet: World, tmp_path: Path) -> None:
    before = len(fleet.sandbox.records())
    fleet.sandbox.client("ecs", "terraform").update_service(
        cluster="fleet-default", service="pair-0", desiredCount=1, forceNewDeployment=True
    )
    quiet = run_over(fleet, tmp_path, {("fleet-default", "pair-0")}, before)
    assert quiet.code == 0, quiet.stderr
    assert quiet.json["events"]["skipped"] == {"trusted": 1}
    assert (quiet.json["findings"], quiet.json["plans"]) == ([], {"refresh_only": 0, "full": 0, "proof": 0})


def run_over(fleet: World, directory: Path, services: set[tuple[str, str]], since: int = 0) -> Done:
    """Run over the calls about these services alone, by cluster and name."""

    def is_about_one(record: Any) -> bool:
        # Cloud Map has an UpdateService too, and every test of the session calls the one sandbox.
        if (record["eventSource"], record["eventName"]) != ("ecs.amazonaws.com", "UpdateService"):
            return False
        asked = record["requestParameters"] or {}
        return (asked.get("cluster"), asked.get("service")) in services

    records = directory / "records.json"
    records.write_text(json.dumps({"Records": list(filter(is_about_one, fleet.sandbox.records()[since:]))}))
    return fleet.reconciler("run", "--no-prs", "--events", str(records), "--format", "json")


def test_both_states_are_read_from_the_bucket(fleet: World) -> None:
    listed = fleet.reconciler("workspaces")
    assert listed.code == 0, listed.stderr
    assert "fleet: 15 resources" in listed.stdout
    assert "fleet-blue: 12 resources" in listed.stdout
    assert not list(fleet.stage.checkout.rglob("*.tfstate.d"))
