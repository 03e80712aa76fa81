"""What a proven edit would bring into code, and a person must have agreed to: images from elsewhere, the host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from apart_world import SERIAL
from pipeline_world import ACCOUNT, Feed, Memory, World, drifted, ports, record, service
from test_pipeline_pull_requests import Remote

from reconciler.drift import dangers
from reconciler.errors import AwsError
from reconciler.model import AttributeChange, Finding, Member, Plan, Workspace
from reconciler.pipeline import Policy, run_cycle
from reconciler.pipeline.reconcile import reconcile_workspace

WEB = f"{ACCOUNT}:task-definition/web"
CODE = b'resource "aws_ecs_service" "web" {\n  task_definition = "%b:1"\n}\n' % WEB.encode()
OURS = replace(SERIAL, registries=("ghcr.io/acme",))
GOOD, EVIL = "ghcr.io/acme/web:2", "evil.example/web:2"
ADOPT = "reconciler reconcile prod aws_ecs_service.web --adopt"


class Moved(World):
    """A service whose code names the revision that it runs, and that was moved to another; `image` is that one's."""

    image: str | None = EVIL
    former: str | None = "ghcr.io/acme/web:1"

    def describe(self, workspace: Workspace, region: str, arn: str) -> Any:
        image = self.image if arn.endswith(":2") else self.former
        if image is None:
            raise AwsError("ecs:DescribeTaskDefinition is denied")
        containers = [{"name": "app", "image": image}]
        return {"taskDefinitionArn": arn, "family": "web", "status": "ACTIVE", "containerDefinitions": containers}


def moved(image: str | None = EVIL, former: str | None = "ghcr.io/acme/web:1") -> Moved:
    back = drifted("web", "task_definition", f"{WEB}:1", f"{WEB}:2")

    def plan(workspace: Workspace, kind: Any, *, directory: Any = None, **_options: Any) -> Plan:
        shown = back(workspace, kind)
        return Plan(kind, True, {**shown.json, "resource_changes": []}) if directory else shown

    world = Moved(plan, prod=[service("prod", "web", task_definition=f"{WEB}:1")])
    world.image, world.former = image, former
    return world


def cycle(world: World, policy: Policy = OURS, earlier: Remote | None = None) -> tuple[Finding, Remote]:
    remote = earlier or Remote()
    tools = ports(world, Feed(record("1", "web")), code=CODE, ledger=Memory(), repository=remote, forge=remote)
    (finding,) = run_cycle(tools, policy).findings
    return finding, remote


def test_an_image_from_a_registry_that_is_not_allowed_is_no_pull_request() -> None:
    finding, remote = cycle(moved())
    assert (finding.status, finding.severity, finding.remedy.kind, remote.body) == ("drift", "high", "none", "")
    assert finding.remedy.reason == (
        f"container_definitions[app].image: the image {EVIL} comes from evil.example, which images.allowed_registries "
        "does not allow; a person must agree to that: let terraform apply revert it, allow the registry there, or "
        f"adopt it by hand with {ADOPT}"
    )


@pytest.mark.parametrize(("image", "policy"), [(GOOD, OURS), (EVIL, SERIAL)], ids=["allowed", "all are"])
def test_an_image_from_an_allowed_registry_is_one(image: str, policy: Policy) -> None:
    finding, remote = cycle(moved(image), policy)
    assert (finding.remedy.proof, finding.remedy.warnings) == ("proven", ())
    assert "Warning" not in remote.body


def test_nor_is_an_image_that_nobody_could_look_at() -> None:
    unread, remote = cycle(moved(None))
    assert (unread.remedy.proof, remote.body) == ("not_run", "")
    assert "is denied" in unread.remedy.reason  # and is looked at again
    apart, remote = cycle(moved(former=None))
    assert (apart.remedy.kind, remote.body) == ("none", "")
    assert f"nobody could compare what is inside {WEB}:2" in apart.remedy.reason
    assert cycle(moved(former=None), SERIAL)[0].remedy.proof == "proven"


def test_a_pull_request_from_before_is_named_with_it() -> None:
    earlier = cycle(moved(), SERIAL)[1]
    finding, _ = cycle(moved(), OURS, earlier)
    assert finding.remedy.pull_request is not None
    branch = finding.remedy.pull_request.branch
    assert f"its pull request {branch}, where it is open still, may bring that into the code" in finding.remedy.reason
    assert cycle(moved())[0].remedy.pull_request is None


def by_hand(insist: bool) -> tuple[Finding, Remote]:
    remote = Remote()
    tools = ports(moved(), code=CODE, repository=remote, forge=remote)
    done = reconcile_workspace("prod", (), "adopt", tools, replace(OURS, insist=insist))
    (finding,) = done.report.findings
    return finding, remote


def test_a_person_who_says_adopt_gets_the_pull_request_with_a_warning() -> None:
    finding, remote = by_hand(insist=True)
    assert finding.remedy.proof == "proven"
    (warning,) = finding.remedy.warnings
    assert warning in remote.body
    assert "**Warning**" in remote.body


def test_who_only_looks_does_not() -> None:
    finding, remote = by_hand(insist=False)
    assert (finding.remedy.kind, remote.body) == ("none", "")


def test_what_no_program_could_edit_is_told_beside_the_danger_and_not_offered() -> None:
    remote = Remote()
    code = CODE.replace(b'"%b:1"' % WEB.encode(), b"var.revision")
    tools = ports(moved(), Feed(record("1", "web")), code=code, ledger=Memory(), repository=remote, forge=remote)
    (finding,) = run_cycle(tools, OURS).findings
    assert "comes from evil.example" in finding.remedy.reason
    assert "var.revision" in finding.remedy.reason
    assert "--adopt" not in finding.remedy.reason


def in_container(*path: str | Member, state: Any = None, live: Any) -> AttributeChange:
    return AttributeChange(path=("container_definitions", Member("app"), *path), state=state, live=live)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (in_container("privileged", state=False, live=True), "app].privileged: the container has the host's rights"),
        (in_container(live={"name": "app", "image": GOOD, "privileged": True}), "app].privileged"),
        (in_container("linuxParameters", live={"capabilities": {"add": ["SYS_ADMIN"]}}), "capabilities.add"),
        (AttributeChange(path=("network_mode",), state="awsvpc", live="host"), "the host's network"),
        (AttributeChange(path=("pid_mode",), state=None, live="host"), "the host's processes"),
        (AttributeChange(path=("volume", Member("d")), state=None, live={"host_path": "/"}), "d].host_path"),
        (in_container(live={"name": "app", "image": EVIL}), "app]: the image evil.example/web:2 comes from evil"),
        (in_container("image", live="no name"), "under no name that Docker knows"),
    ],
)
def test_what_a_person_must_agree_to(change: AttributeChange, told: str) -> None:
    (sentence,) = dangers([change], OURS.registries)
    assert told in sentence


@pytest.mark.parametrize(
    "changes",
    [
        [in_container("privileged", state=True, live=False)],
        [in_container(state={"name": "app", "image": EVIL, "privileged": True}, live=None)],
        [AttributeChange(path=("network_mode",), state="host", live="awsvpc")],
        [AttributeChange(path=("enable_execute_command",), state=False, live=True)],
        [in_container("image", state=EVIL, live=GOOD), in_container("memory", state=1, live=2)],
        [in_container("dockerLabels", live={"image": EVIL, "privileged": "true"})],
    ],
)
def test_what_remediation_alone_decides(changes: Sequence[AttributeChange]) -> None:
    assert list(dangers(changes, OURS.registries)) == []


def test_a_sensitive_image_is_not_named() -> None:
    (sentence,) = dangers([replace(in_container("image", live=EVIL), sensitive=True)], OURS.registries)
    assert "web:2" not in sentence
