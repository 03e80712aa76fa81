"""What the provider does not read as gone: a plan that finds nothing is no word on it."""

from __future__ import annotations

from typing import Any

import pytest
from pipeline_world import Feed, Memory, World, quiet, record, service

from reconciler.errors import StateError
from reconciler.model import Finding, RunReport, State, Workspace

SOME = [{"name": "data", "managed_ebs_volume": [{"role_arn": "r", "size_in_gb": 10}]}]
GIVEN = [{"name": "data", "managedEBSVolume": {"roleArn": "r", "sizeInGiB": 10}}]


def call(name: str, volumes: Any, second: int = 5, **members: Any) -> dict[str, Any]:
    asked = {"service": "web", "cluster": "prod", "volumeConfigurations": volumes}
    return record(name, "web", requestParameters=asked, eventTime=f"2026-01-02T03:04:0{second}Z", **members)


def report(state: Any, *calls: dict[str, Any]) -> RunReport:
    world = World(quiet, prod=[service("prod", "web", volume_configuration=state)])
    return world.run(Feed(*calls), Memory())


def told(state: Any, *calls: dict[str, Any]) -> Finding:
    (finding,) = report(state, *calls).findings
    return finding


def test_a_volume_that_a_call_took_away_is_not_said_to_be_there() -> None:
    found = told(SOME, call("a", []))
    assert (found.status, found.severity) == ("not_checked", "high")
    assert found.reason == (
        "a call took volume_configuration away, which the state has; Terraform's AWS provider does not read that it is "
        "gone, so no plan shows it and no apply puts it back"
    )


@pytest.mark.parametrize(
    ("state", "calls"),
    [
        ([], [call("a", [])]),
        (SOME, [call("a", GIVEN)]),
        (SOME, [call("a", []), call("b", GIVEN, 6)]),
        (SOME, [record("a", "web")]),
    ],
    ids=["nothing was there", "what was there", "given again", "nothing about volumes"],
)
def test_what_is_as_the_state_says_is_healed(state: Any, calls: Any) -> None:
    assert told(state, *calls).status == "healed"


def test_who_asked_for_nothing_last_counts() -> None:
    assert told(SOME, call("a", GIVEN), call("b", [], 6)).status == "not_checked"


class Once(World):
    """A world whose state is read once."""

    def read(self, workspace: Workspace) -> State:
        found = super().read(workspace)
        self.states = {"prod": StateError("the bucket is gone")}
        return found


def test_a_state_that_cannot_be_read_any_more_is_no_healed_service() -> None:
    world = Once(quiet, prod=[service("prod", "web", volume_configuration=SOME)])
    (finding,) = world.run(Feed(call("a", [])), Memory()).findings
    assert (finding.status, finding.reason) == ("not_checked", "the bucket is gone")
