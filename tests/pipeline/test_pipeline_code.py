"""What a full plan knows only after the apply, and the code of the workspace says."""

from __future__ import annotations

from typing import Any

import pytest
from pipeline_world import Feed, Memory, World, change, record, service

from reconciler.model import Finding, Plan, Workspace

OPEN = "what the code makes of tags is known only after the apply"
CODE = """
variable "owner" {}
resource "aws_ecs_cluster" "new" {}
resource "aws_ecs_service" "web" {
  tags = %s
}
"""


def tagged(workspace: Workspace, kind: Any, **_options: Any) -> Plan:
    """Plan a service whose owner was changed, and whose code has another tag of a new resource."""
    state, live = ({"name": "web", "tags": {"Owner": each}, "tags_all": {"Owner": each}} for each in "ab")
    shown: dict[str, Any] = {"resource_drift": [change("web", state, live)]}
    if kind == "full":
        planned = change("web", live, {"name": "web"})
        planned["change"]["after_unknown"] = {"tags": True, "tags_all": True}
        resource = {"address": "aws_ecs_service.web", "expressions": {"tags": {"references": []}}}
        shown |= {"resource_changes": [planned], "configuration": {"root_module": {"resources": [resource]}}}
        shown |= {"variables": {"owner": {"value": "b"}}}
    return Plan(kind, True, shown)


def told(tags: str) -> Finding:
    world = World(tagged, prod=[service("prod", "web")])
    report = world.run(Feed(record("a", "web")), Memory(), (CODE % tags).encode())
    (finding,) = report.findings
    return finding


@pytest.mark.parametrize("owner", ['"b"', "var.owner"])
def test_what_the_code_says_is_no_drift(owner: str) -> None:
    finding = told(f"{{ Owner = {owner}, New = aws_ecs_cluster.new.arn }}")
    assert (finding.status, finding.severity) == ("matching", "info")


def test_what_the_code_contradicts_is_drift_for_certain() -> None:
    finding = told('{ Owner = "c", New = aws_ecs_cluster.new.arn }')
    assert finding.status == "drift"
    assert OPEN not in finding.reason


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param("{ for key in [aws_ecs_cluster.new.arn] : key => key }", id="any tags"),
        pytest.param("{ Owner = upper(aws_ecs_cluster.new.name) }", id="a tag"),
    ],
)
def test_what_nobody_can_read_is_drift_and_said_to_be_known_later(tags: str) -> None:
    finding = told(tags)
    assert finding.status == "drift"
    assert OPEN in finding.reason
