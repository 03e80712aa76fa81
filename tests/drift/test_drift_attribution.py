"""Which event gave an attribute its live value: the last one that asked for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from attribution_cases import event, explained

from reconciler.drift import attribute_events
from reconciler.model import Actor, AttributeChange, Drift, Member


def test_the_last_event_that_asked_for_the_live_value() -> None:
    events = [event(3, desired_count=5), event(1, desired_count=5), event(2, desired_count=7)]
    assert explained({"desired_count": 5}, ("desired_count",), *events) == "event-3"


def test_who_repeats_a_value_that_is_there_already_changed_nothing() -> None:
    events = [event(1, desired_count=5), event(2, desired_count=5), event(3, enable_execute_command=True)]
    assert explained({"desired_count": 5}, ("desired_count",), *events) == "event-1"


def test_events_of_the_same_second_count_in_the_order_given() -> None:
    first, second = event(1, desired_count=5), replace(event(1, desired_count=5), id="repeated")
    assert explained({"desired_count": 5}, ("desired_count",), first, second) == "event-1"


def test_an_event_that_asked_for_another_value_explains_nothing() -> None:
    assert explained({"desired_count": 5}, ("desired_count",), event(1, desired_count=7)) is None


def test_an_event_that_does_not_mention_the_attribute_explains_nothing() -> None:
    assert explained({"desired_count": 5}, ("desired_count",), event(1, enable_execute_command=True)) is None
    assert explained({"desired_count": 5}, ("desired_count",)) is None


def test_lists_are_compared_without_their_order() -> None:
    live = {"capacity_providers": ["FARGATE", "FARGATE_SPOT"]}
    wanted = event(1, "PutClusterCapacityProviders", capacity_providers=["FARGATE_SPOT", "FARGATE"])
    assert explained(live, ("capacity_providers",), wanted, type="aws_ecs_cluster_capacity_providers") == "event-1"


def test_a_block_that_came_or_went_with_the_complete_new_list() -> None:
    path = ("default_capacity_provider_strategy", Member("FARGATE_SPOT"))
    spot = {"capacity_provider": "FARGATE_SPOT", "weight": 1}
    kind = "aws_ecs_cluster_capacity_providers"
    came, went = (event(1, default_capacity_provider_strategy=value) for value in ([spot], []))
    live_with = {"default_capacity_provider_strategy": [{**spot, "base": 0}]}
    live_without: dict[str, Any] = {"default_capacity_provider_strategy": []}
    assert explained(live_with, path, came, type=kind) == "event-1"
    assert explained(live_without, path, went, type=kind) == "event-1"
    assert explained(live_without, path, came, type=kind) is None


def test_a_setting_of_several() -> None:
    live = {"setting": [{"name": "containerInsights", "value": "enabled"}]}
    path = ("setting", Member("containerInsights"), "value")
    asked = event(1, "UpdateClusterSettings", setting=[{"name": "containerInsights", "value": "enabled"}])
    other = event(2, "UpdateClusterSettings", setting=[{"name": "somethingElse", "value": "enabled"}])
    assert explained(live, path, asked, other, type="aws_ecs_cluster") == "event-1"


def test_a_structure_that_terraform_shows_as_blocks() -> None:
    live = {
        "auto_scaling_group_provider": [
            {"managed_scaling": [{"status": "ENABLED", "target_capacity": 80}], "managed_draining": "ENABLED"}
        ]
    }
    path = ("auto_scaling_group_provider", Member(0), "managed_scaling", Member(0), "target_capacity")
    other = event(1, auto_scaling_group_provider={"managed_scaling": {"target_capacity": 90}})
    asked = event(2, auto_scaling_group_provider={"managed_scaling": {"target_capacity": 80}})
    assert explained(live, path, other, asked, type="aws_ecs_capacity_provider") == "event-2"
    assert explained(live, path, asked, replace(other, time=event(3).time), type="aws_ecs_capacity_provider") is None


def test_a_tag_was_set_by_the_call_that_names_it() -> None:
    events = [event(1, "TagResource", tags={"Team": "sales"}), event(2, "TagResource", tags={"Owner": "jane"})]
    live = {"tags": {"Team": "sales", "Owner": "jane"}, "tags_all": {"Team": "sales", "Owner": "jane"}}
    assert explained(live, ("tags", Member("Team")), *events) == "event-1"
    assert explained(live, ("tags_all", Member("Owner")), *events) == "event-2"


def test_a_tag_that_went_was_not_taken_by_a_call_that_set_another() -> None:
    events = [event(1, "UntagResource", tags={"Team": None}), event(2, "TagResource", tags={"Owner": "jane"})]
    live = {"tags": {"Owner": "jane"}}
    assert explained(live, ("tags", Member("Team")), *events) == "event-1"
    assert explained(live, ("tags", Member("Team")), events[1]) is None


@pytest.mark.parametrize("asked", [5, True, 1.5, "a", [None, "a", 5], [["a"]], {"a": {}}])
@pytest.mark.parametrize("name", ["tags", "setting", "desired_count", "capacity_providers", "network_configuration"])
def test_a_request_of_a_form_that_no_service_takes_explains_nothing(name: str, asked: Any) -> None:
    live = {name: [{"name": "b", "value": "c"}]}
    assert explained(live, (name, Member("b")), event(1, **{name: asked})) is None


def test_two_people_and_a_value_that_was_put_back_between() -> None:
    first, back, again = event(1, desired_count=5), event(2, desired_count=3), event(3, desired_count=5)
    assert explained({"desired_count": 5}, ("desired_count",), first, back, again) == "event-3"
    assert explained({"desired_count": 5}, ("desired_count",), first, back) is None


def test_each_attribute_of_a_whole_form_belongs_to_who_changed_it() -> None:
    # The console sends the whole form: the second person changed the count only.
    command = event(1, enable_execute_command=True)
    form = event(2, enable_execute_command=True, desired_count=5, task_definition="web:1")
    live = {"enable_execute_command": True, "desired_count": 5, "task_definition": "web:1"}
    assert explained(live, ("enable_execute_command",), command, form) == "event-1"
    assert explained(live, ("desired_count",), command, form) == "event-2"


def test_a_new_deployment_alone_changes_nothing() -> None:
    events = [event(1, desired_count=5), event(2, force_new_deployment=True)]
    assert explained({"desired_count": 5}, ("desired_count",), *events) == "event-1"
    assert explained({"desired_count": 5}, ("desired_count",), events[1]) is None


def test_a_service_created_anew_has_every_value_from_its_creation() -> None:
    events = [
        event(1, desired_count=5, enable_execute_command=True),
        event(2, "DeleteService"),
        event(3, "CreateService", desired_count=5),
    ]
    live = {"desired_count": 5, "enable_execute_command": False, "tags": {}}
    assert explained(live, ("desired_count",), *events) == "event-3"
    assert explained(live, ("enable_execute_command",), *events) == "event-3"
    assert explained(live, ("tags", Member("Team")), *events) == "event-3"


def test_what_was_changed_after_the_creation_is_not_the_creators() -> None:
    created, tagged = event(1, "CreateService", desired_count=1), event(2, "TagResource", tags={"Team": "sales"})
    scaled = event(3, desired_count=5)
    live = {"desired_count": 5, "tags": {"Team": "sales"}}
    drift = Drift(
        address="aws_ecs_service.web",
        type="aws_ecs_service",
        deleted=False,
        changes=(
            AttributeChange(path=("desired_count",), state=3, live=5),
            AttributeChange(path=("tags", Member("Team")), state=None, live="sales"),
            AttributeChange(path=("tags", Member("Odd")), state=None, live="x"),
        ),
        before={},
        live=live,
    )
    setters = [change.event_id for change in attribute_events(drift, [created, tagged, scaled]).changes]
    assert setters == ["event-3", "event-2", None]


def test_a_provider_keeps_what_an_update_does_not_mention() -> None:
    kind = "aws_ecs_capacity_provider"
    block = [{"managed_scaling": [{"target_capacity": 80}], "managed_termination_protection": "ENABLED"}]
    live = {"auto_scaling_group_provider": block}
    protected = event(
        1, "UpdateCapacityProvider", auto_scaling_group_provider={"managed_termination_protection": "ENABLED"}
    )
    scaled = event(
        2, "UpdateCapacityProvider", auto_scaling_group_provider={"managed_scaling": {"target_capacity": 80}}
    )
    protection = ("auto_scaling_group_provider", Member(0), "managed_termination_protection")
    capacity = ("auto_scaling_group_provider", Member(0), "managed_scaling", Member(0), "target_capacity")
    assert explained(live, protection, protected, scaled, type=kind) == "event-1"
    assert explained(live, capacity, scaled, protected, type=kind) == "event-2"
    assert explained(live, protection, scaled, type=kind) is None


def test_a_network_is_always_sent_whole() -> None:
    live = {"network_configuration": [{"subnets": ["a"], "security_groups": [], "assign_public_ip": False}]}
    path = ("network_configuration", Member(0), "assign_public_ip")
    public = event(1, network_configuration={"subnets": ["a"], "assign_public_ip": True})
    silent = event(2, network_configuration={"subnets": ["a"]})
    assert explained(live, path, public, silent) == "event-2"
    assert explained(live, path, silent, replace(public, time=event(3).time)) is None


def test_application_auto_scaling_is_named_for_its_own_updates() -> None:
    person, scaling = event(1, desired_count=5), replace(event(2, desired_count=7), actor=Actor(kind="aws_service"))
    assert explained({"desired_count": 7}, ("desired_count",), person, scaling) == "event-2"
    assert explained({"desired_count": 5}, ("desired_count",), person, scaling) is None


def late(*told: Any) -> str | None:
    """Return who is named where carol's record of minute 1 comes after `told` was stored as the author's."""
    change = AttributeChange(path=("desired_count",), state=1, live=4)
    live = {"desired_count": 4}
    drift = Drift(address="x.y", type="aws_ecs_service", deleted=False, changes=(change,), before={}, live=live)
    return attribute_events(drift, [event(1, desired_count=4)], known={change.path: told}).changes[0].event_id


@pytest.mark.parametrize("witness", [False, True], ids=["somebody's", "a trusted call"])
def test_a_late_record_of_what_was_deleted_says_nothing_of_what_was_made_since(witness: bool) -> None:
    made = event(2, "CreateService")
    assert late(replace(made, id="") if witness else made) == (None if witness else "event-2")


def test_a_late_record_counts_beside_other_calls_as_in_the_order_of_time() -> None:
    assert late(replace(event(0, "CreateService"), id="made")) == "made"
    assert late(event(2)) == late(replace(event(2), id="")) == "event-1"
