"""The three scenarios that this product grew from, and what must not be taken for drift, in one run."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import World

pytestmark = pytest.mark.e2e

DEFINITION = "arn:aws:ecs:us-east-1:123456789012:task-definition/web-app"
SPOT = {"base": 0, "capacity_provider": "FARGATE_SPOT", "weight": 1}


@pytest.fixture(scope="module")
def report(world: World) -> Any:
    done = world.reconciler("run", "--events", str(world.changes), "--format", "json")
    assert done.code == 0, done.stderr
    return done.json


def finding(report: Any, address: str) -> Any:
    (found,) = [each for each in report["findings"] if each["address"] == address]
    return found


def changes(found: Any) -> list[tuple[str, Any, Any]]:
    return [(change["path"], change["state"], change["live"]) for change in found["changes"]]


def test_somebody_scales_a_service(report: Any) -> None:
    found = finding(report, "aws_ecs_service.web")
    assert found["status"] == "drift"
    assert changes(found) == [("desired_count", 3, 5)]
    assert found["changes"][0]["disposition"] == "reverting"
    (event,) = [each for each in found["events"] if each["id"] == found["changes"][0]["event_id"]]
    assert (event["name"], event["actor"]["name"], event["actor"]["kind"]) == ("UpdateService", "ops-admin", "iam_user")
    assert (found["identity"]["region"], found["severity"]) == ("us-east-1", "high")


def test_a_new_image_by_a_manual_registration(report: Any) -> None:
    found = finding(report, "aws_ecs_service.api")
    assert found["status"] == "drift"
    assert changes(found) == [
        ("task_definition", f"{DEFINITION}:1", f"{DEFINITION}:2"),
        ("container_definitions[nginx].image", "nginx:1.20", "nginx:1.21"),
    ]
    by_id = {event["id"]: event for event in found["events"]}
    assert [by_id[change["event_id"]]["name"] for change in found["changes"]] == [
        "UpdateService",
        "RegisterTaskDefinition",
    ]
    assert {event["actor"]["name"] for event in found["events"]} == {"developer@example.com"}
    assert {event["actor"]["via"] for event in found["events"]} == {"console"}
    assert not [each for each in report["findings"] if each["address"] == "aws_ecs_task_definition.web_app"]


def test_other_capacity_providers_with_a_default_strategy(report: Any) -> None:
    found = finding(report, "aws_ecs_cluster_capacity_providers.production")
    assert found["status"] == "drift"
    assert changes(found) == [
        ("capacity_providers", ["FARGATE"], ["FARGATE", "FARGATE_SPOT"]),
        ("default_capacity_provider_strategy[FARGATE_SPOT]", None, SPOT),
    ]
    assert {event["actor"]["role"] for event in found["events"]} == {"deploy"}
    assert {change["event_id"] for change in found["changes"]} == {found["events"][0]["id"]}


def test_nothing_else_is_drift(report: Any) -> None:
    drifted = {found["address"] for found in report["findings"] if found["status"] == "drift"}
    assert drifted == {
        "aws_ecs_service.web",
        "aws_ecs_service.api",
        "aws_ecs_cluster_capacity_providers.production",
    }
    assert finding(report, "aws_ecs_service.worker")["status"] == "ignored"


def test_every_record_is_accounted_for(report: Any) -> None:
    events = report["events"]
    assert events["read"] == events["changes"] + sum(events["skipped"].values()) + events["broken"]
    assert events["skipped"]["failed_call"] >= 1
    assert events["skipped"]["read_only"] >= 1
    assert events["skipped"]["trusted"] >= 8  # Terraform's own apply
    assert events["skipped"]["other_service"] >= 1  # the EKS cluster


def test_one_plan_of_each_kind_whatever_the_number_of_events(report: Any) -> None:
    assert report["plans"] == {"refresh_only": 1, "full": 1, "proof": 3}


def test_each_drift_is_one_proven_pull_request_that_changes_what_it_says(report: Any, world: World) -> None:
    expected = {
        "aws_ecs_service.web": ["-  desired_count   = 3 #", "+  desired_count   = 5 #"],
        "aws_ecs_service.api": ['-      image        = "nginx:1.20" #', '+      image        = "nginx:1.21" #'],
        "aws_ecs_cluster_capacity_providers.production": ['-  capacity_providers = ["FARGATE"]'],
    }
    for address, lines in expected.items():
        remedy = finding(report, address)["remedy"]
        assert (remedy["kind"], remedy["proof"], remedy["pull_request"]["state"]) == ("adopt", "proven", "opened")
        branch = remedy["pull_request"]["branch"]
        assert world.git("rev-list", "--count", f"main..{branch}") == "1"
        diff = world.git("diff", f"main...{branch}")
        assert all(line in diff for line in lines), diff
        text = world.stage.checkout / ".reconciler" / "pull-requests" / f"{branch}.md"
        assert "### Proof" in text.read_text()


def test_nothing_sensitive_is_shown(report: Any, world: World) -> None:
    shown = str(report) + "".join(
        file.read_text() for file in (world.stage.checkout / ".reconciler" / "pull-requests").rglob("*.md")
    )
    assert "nginx:1.21" in shown
    assert '"info"' not in shown  # the value of LOG_LEVEL, which stands beside the image


def test_the_same_records_again_send_nothing(world: World, report: Any) -> None:
    tips = world.git("for-each-ref", "refs/heads/drift")
    again = world.reconciler("run", "--events", str(world.changes), "--format", "json").json
    states = {each["remedy"]["pull_request"]["state"] for each in again["findings"] if each["status"] == "drift"}
    assert states == {"unchanged"}
    assert again["plans"] == {"refresh_only": 1, "full": 1, "proof": 0}  # the branches are what was proven
    assert world.git("for-each-ref", "refs/heads/drift") == tips


def test_the_alert_that_tfdrift_falcos_users_know(world: World, report: Any) -> None:
    done = world.reconciler("run", "--events", str(world.changes), "--no-prs")
    assert done.code == 0
    alert = (
        "🚨 Drift Detected: aws_ecs_service.web\n"
        "Changed: desired_count = 3 → 5\n"
        "User: ops-admin (IAM User)\n"
        "Region: us-east-1\n"
        "Severity: HIGH\n"
    )
    assert alert in done.stdout
    assert world.reconciler("run", "--events", str(world.changes), "--no-prs", "--exit-code").code == 4


def test_the_same_through_lookup_events_and_a_second_cycle_has_nothing_left_to_do(world: World, report: Any) -> None:
    settings = world.stage.configuration.read_text()
    source = "{type: cloudtrail-lookup, regions: [us-east-1]}"
    lookup = world.stage.checkout / "lookup.yaml"
    lines = [f"  - {source}" if "type: file" in line else line for line in settings.splitlines()]
    lookup.write_text("\n".join([*lines, "ledger: sqlite:///lookup.db", ""]))
    words = ("run", "--config", "lookup.yaml", "--no-prs", "--format", "json")
    first = world.reconciler(*words)
    assert first.code == 0, first.stderr
    summary = {(each["address"], each["status"]) for each in first.json["findings"]}
    assert summary == {(each["address"], each["status"]) for each in report["findings"]}
    second = world.reconciler(*words).json
    # It looks fifteen minutes back; on a slow machine some of the records are older than that.
    again = second["events"]
    assert (again["changes"], again["read"]) == (0, sum(again["skipped"].values()))
    # What turned out to concern nothing of ECS is remembered like any other event.
    others = [each["events"]["skipped"].get("other_service", 0) for each in (first.json, second)]
    assert 0 < again["skipped"]["duplicate"] <= first.json["events"]["changes"] + others[0] - others[1]
    assert (second["findings"], second["plans"]) == ([], {"refresh_only": 0, "full": 0, "proof": 0})


def test_a_plan_that_outlives_its_time_reads_as_not_checked(world: World) -> None:
    settings = world.stage.configuration.read_text()
    hurried = world.stage.checkout / "hurried.yaml"
    hurried.write_text("".join(line for line in settings.splitlines(True) if not line.startswith("terraform:")))
    binary = next(line for line in settings.splitlines() if line.startswith("terraform:"))
    hurried.write_text(hurried.read_text() + binary.replace("}", ", timeout: 1s}") + "\n")
    done = world.reconciler("run", "--config", "hurried.yaml", "--events", str(world.changes), "--format", "json")
    assert done.code == 1
    # The other worlds of the suite have left records too; they are in no workspace of this configuration.
    planned = [each for each in done.json["findings"] if each["workspace"] == "production"]
    assert {each["address"] for each in planned} >= {"aws_ecs_service.web", "aws_ecs_service.api"}
    assert {each["status"] for each in planned} == {"not_checked"}
    assert "was stopped after 1 s" in done.stderr


def test_a_dirty_repository_gets_its_findings_and_no_pull_request(world: World, report: Any) -> None:
    branches = world.git("for-each-ref", "refs/heads")
    file = world.stage.root_module / "services.tf"
    clean = file.read_text()
    file.write_text(f"{clean}\n# a thought\n")
    try:
        done = world.reconciler("run", "--events", str(world.changes), "--format", "json")
    finally:
        file.write_text(clean)
    assert done.code == 1
    assert "uncommitted changes in infra/production/services.tf: commit or stash them" in done.stderr
    drifted = [each for each in done.json["findings"] if each["status"] == "drift"]
    assert len(drifted) == 3
    assert {each["remedy"]["proof"] for each in drifted} == {"not_run"}
    assert world.git("for-each-ref", "refs/heads") == branches
