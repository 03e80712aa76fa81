"""What a full plan and ignore_changes make of a drifted attribute."""

from __future__ import annotations

import pytest
from disposition_cases import ADDRESS, PUBLIC_IP, disposition, drift, plan

from reconciler.drift import dispose
from reconciler.drift.addresses import without_instance_keys
from reconciler.model import AttributePath, Member


def test_a_planned_change_of_the_attribute_reverts_it() -> None:
    assert disposition(("desired_count",), plan({"desired_count": 5}, {"desired_count": 3})) == "reverting"


def test_a_planned_change_of_another_attribute_does_not() -> None:
    full = plan({"name": "a", "tags": {"A": "1"}}, {"name": "b", "tags": {"A": "2"}})
    assert disposition(("desired_count",), full) == "unset"
    assert disposition(("tags", Member("B")), full) == "unset"
    assert disposition(("tags", Member("A")), full) == "reverting"


def test_an_attribute_that_becomes_unknown_is_reverted() -> None:
    full = plan({"task_definition": "web:2"}, {}, after_unknown={"task_definition": True})
    assert disposition(("task_definition",), full) == "reverting"


def test_a_resource_to_be_deleted_loses_its_change() -> None:
    full = plan({"desired_count": 5}, None, actions=["delete"])
    assert disposition(("desired_count",), full) == "reverting"


def test_a_planned_removal_of_the_whole_block_reverts_what_is_inside() -> None:
    full = plan(
        {"network_configuration": [{"assign_public_ip": True, "subnets": ["s"]}]}, {"network_configuration": []}
    )
    assert disposition(PUBLIC_IP, full) == "reverting"


def test_a_change_of_noise_reverts_nothing() -> None:
    full = plan({"network_configuration": [{"security_groups": []}]}, {"network_configuration": [{}]})
    assert disposition(("network_configuration", Member(0), "security_groups"), full) != "reverting"


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        (("desired_count",), "all"),
        (("desired_count",), "desired_count"),
        (PUBLIC_IP, "network_configuration"),
        (PUBLIC_IP, "network_configuration[0]"),
        (PUBLIC_IP, "network_configuration[0].assign_public_ip"),
        (("tags", Member("Team")), 'tags["Team"]'),
        (("tags", Member("a.b[c]")), 'tags["a.b[c]"]'),
        (("tags", Member("Team")), "tags.Team"),
        (("tags", Member('say "hi"')), 'tags["say \\"hi\\""]'),
        (PUBLIC_IP, "network_configuration.0.assign_public_ip"),
        (("service_registries", Member("arn:x"), "port"), "service_registries[0].port"),
    ],
)
def test_ignore_changes_covers_the_change(path: AttributePath, entry: str) -> None:
    assert disposition(path, plan(), [entry]) == "ignored"


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        (("desired_count",), "desired_counts"),
        (("desired_count",), "tags"),
        (PUBLIC_IP, "network_configuration[0].subnets"),
        (("tags", Member("Team")), 'tags["Owner"]'),
        (("tags", Member("Team")), 'tags_all["Team"]'),
    ],
)
def test_ignore_changes_does_not_cover_the_change(path: AttributePath, entry: str) -> None:
    assert disposition(path, plan(), [entry]) in ("unset", "matching")


def test_what_the_plan_reverts_is_not_called_ignored() -> None:
    full = plan({"desired_count": 5}, {"desired_count": 3})
    assert disposition(("desired_count",), full, ["desired_count"]) == "reverting"


def test_an_address_that_was_moved_is_found_under_its_old_name() -> None:
    full = plan({"desired_count": 5}, {"desired_count": 3})
    full["resource_changes"][0] |= {"address": "aws_ecs_service.new", "previous_address": ADDRESS}
    assert disposition(("desired_count",), full) == "reverting"


def test_a_change_inside_the_revision_shares_the_fate_of_the_services_task_definition() -> None:
    image: AttributePath = ("container_definitions", Member("web"), "image")
    assert disposition(image, plan({"task_definition": "web:2"}, {"task_definition": "web:1"})) == "reverting"
    assert disposition(image, plan({"desired_count": 2}, {"desired_count": 1}), ["task_definition"]) == "ignored"


def test_placement_constraints_of_the_service_itself_are_its_own() -> None:
    own = drift(
        ("placement_constraints", Member(0)),
        before={"placement_constraints": []},
        live={"placement_constraints": [{"type": "distinctInstance"}]},
    )
    full = plan({"task_definition": "web:2"}, {"task_definition": "web:1"})
    (found,) = dispose([own], full, {})
    assert found.changes[0].disposition != "reverting"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("aws_ecs_service.web", "aws_ecs_service.web"),
        ('aws_ecs_service.web["a.b"]', "aws_ecs_service.web"),
        ('module.m["x]\\"y"].module.n[2].aws_ecs_service.web[0]', "module.m.module.n.aws_ecs_service.web"),
    ],
)
def test_instance_keys_are_taken_off(address: str, expected: str) -> None:
    assert without_instance_keys(address) == expected
