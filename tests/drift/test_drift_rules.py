"""What drift rules watch: also inside what came or went whole, and as findings print it; and only what is reverted."""

from __future__ import annotations

from typing import Any

import pytest
from test_drift_severity import IMAGE, RULES, change, drift, in_container, judged, rule

from reconciler.drift import severity_of
from reconciler.model import AttributeChange, AttributePath, DriftRule, Member

NETWORK = DriftRule(
    name="network",
    resource_types=("aws_ecs_service",),
    watched_attributes=("network_configuration.assign_public_ip",),
    severity="critical",
)


@pytest.mark.parametrize(
    ("path", "state", "live"),
    [
        (("network_configuration",), [], [{"assign_public_ip": False, "subnets": ["a"]}]),
        (("network_configuration", Member(0)), {"assign_public_ip": True}, None),
        (("network_configuration",), [{"assign_public_ip": True}], []),
        (("network_configuration", Member(0), "assign_public_ip"), True, False),
    ],
)
def test_a_rule_also_watches_what_came_or_went_inside_a_whole_block(path: AttributePath, state: Any, live: Any) -> None:
    assert judged(drift("aws_ecs_service", change(*path, state=state, live=live)), [NETWORK]) == ("critical", "network")


def test_a_rule_does_not_watch_what_stayed_or_what_is_beside_it() -> None:
    block = ("network_configuration",)
    same = change(*block, state=[{"assign_public_ip": True}], live=[{"assign_public_ip": True, "subnets": ["a"]}])
    none = change(*block, state=[], live=[{"subnets": ["a"]}])
    for each in (same, none, change("assign_public_ip"), change(*block, Member(0), "subnets")):
        assert judged(drift("aws_ecs_service", each), [NETWORK])[1] is None


def test_an_image_rule_also_watches_containers_that_came_or_went() -> None:
    images = rule("images", "critical", "container_definitions.image")
    for state, live in ((None, {"image": "a"}), ({"image": "a"}, None)):
        found = drift("aws_ecs_task_definition", in_container(state=state, live=live))
        assert judged(found, [images]) == ("critical", "images")


@pytest.mark.parametrize(
    ("watched", "matches"),
    [
        ("container_definitions[web].image", True),
        ('container_definitions["web"].image', True),
        ("container_definitions[*].image", True),
        ("container_definitions.*.image", True),
        ("container_definitions.0.image", True),
        ("container_definitions[0].image", True),
        (" container_definitions.image ", True),
        ("container_definitions[side].image", False),
        ("container_definitions[web].command", False),
        ("container_definitions.web.image", False),
        ("image", False),
        ("*", False),
    ],
)
def test_a_rule_may_name_an_attribute_as_findings_print_it(watched: str, matches: bool) -> None:
    found = drift("aws_ecs_task_definition", change(*IMAGE))
    assert judged(found, [rule("one", "critical", watched)]) == (("critical", "one") if matches else ("medium", None))


@pytest.mark.parametrize("watched", ["tags.Team", "tags[Team]", 'tags["Team"]'])
def test_a_rule_may_watch_one_tag(watched: str) -> None:
    team, stage = (drift("aws_ecs_task_definition", change("tags", Member(key))) for key in ("Team", "Stage"))
    assert judged(team, [rule("team", "critical", watched), rule("tags", "info", "tags")]) == ("critical", "team")
    assert judged(stage, [rule("team", "critical", watched)]) == ("low", None)


def disposed(disposition: Any, *path: str | Member, live: Any = "b") -> AttributeChange:
    return AttributeChange(path=path, state="a", live=live, disposition=disposition)


def test_beside_what_an_apply_reverts_only_that_weighs() -> None:
    tag = disposed("reverting", "tags", Member("Team"))
    for accepted in ("ignored", "matching", "unset"):
        command = disposed(accepted, "enable_execute_command", live=True)
        assert judged(drift("aws_ecs_service", tag, command), ()) == ("low", None)
        count = disposed(accepted, "desired_count")
        assert judged(drift("aws_ecs_service", tag, count), RULES) == ("low", None)
        assert judged(drift("aws_ecs_service", command), ()) == ("high", None)
    reverted = disposed("reverting", "enable_execute_command", live=True)
    assert judged(drift("aws_ecs_service", tag, reverted), ()) == ("high", None)


def test_an_image_from_elsewhere_weighs_whatever_an_apply_does() -> None:
    tag, image = disposed("reverting", "tags", Member("Team")), disposed("ignored", *IMAGE, live="evil.io/web")
    judgement = severity_of(drift("aws_ecs_task_definition", tag, image), (), ["ghcr.io"])
    assert (judgement.severity, judgement.foreign_image) == ("high", True)
