"""A service that moved to a revision of which only a record tells: reported, and not proposed."""

from __future__ import annotations

from typing import Any

import pytest
from pipeline_world import ACCOUNT, Feed, Memory, World, drifted, record, service, task_definition

from reconciler.model import RunReport

DEFINITION = f"{ACCOUNT}:task-definition/web"
MOVED_CODE = b"""\
resource "aws_ecs_service" "web" {
  task_definition = aws_ecs_task_definition.web.arn
}

resource "aws_ecs_task_definition" "web" {
  family                = "web"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20" }])
}
"""
MANAGED = task_definition(
    "prod",
    "web",
    container_definitions=(
        '[{"name": "app", "image": "nginx:1.20", "linuxParameters": {"capabilities": {"add": ["KILL"]}}}]'
    ),
)


def move(**told: Any) -> tuple[Memory, RunReport]:
    """Run a cycle over a service that moved to a revision of which only a record tells."""
    definition = {"taskDefinitionArn": f"{DEFINITION}:2", "family": "web", "revision": 2, **told}
    registered = {
        "eventName": "RegisterTaskDefinition",
        "requestParameters": {"family": "web"},
        "responseElements": {"taskDefinition": definition},
    }
    feed, memory = Feed(record("a", "web"), record("b", "", **registered)), Memory()
    world = World(
        drifted("web", "task_definition", f"{DEFINITION}:1", f"{DEFINITION}:2"), prod=[service("prod", "web"), MANAGED]
    )
    return memory, world.run(feed, memory, MOVED_CODE, repository=world)


def test_the_content_of_a_revision_that_only_a_record_tells_is_reported_and_not_proposed() -> None:
    memory, report = move(containerDefinitions=[{"name": "app", "image": "somebody/else:1"}])
    finding = next(each for each in report.findings if each.status == "drift")
    assert any(each.live == "somebody/else:1" for each in finding.changes)
    assert (finding.remedy.proof, finding.remedy.diff, finding.remedy.files) == ("not_run", "", ())
    assert "ecs:DescribeTaskDefinition is denied" in finding.remedy.reason
    assert "a" not in memory.handled


CAPABILITIES = [{"name": "app", "linuxParameters": {"capabilities": {"add": ["\ud800"], "drop": []}}}]


@pytest.mark.parametrize(
    "told", [{"containerDefinitions": CAPABILITIES}, {"containerDefinitions": 5}, {"tags": 5}, {"cpu": [{}]}]
)
def test_a_record_that_tells_nonsense_of_it_ends_nothing(told: dict[str, Any]) -> None:
    _, report = move(**told)
    finding = next(each for each in report.findings if each.status == "drift")
    assert ("task_definition",) in [each.path for each in finding.changes]
    assert finding.remedy.proof == "not_run"
