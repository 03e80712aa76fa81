"""Container definitions as hostile pairs: what AWS does to their spelling is no drift, what a person changes is."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scalars import changed_at, leaves

from reconciler.drift import compare_task_definitions
from reconciler.drift.differences import find_differences
from reconciler.drift.documents import MEMBERS
from reconciler.model import render_path

TASK = "aws_ecs_task_definition"
NAMES = st.text(alphabet="abXY-", min_size=1, max_size=3)
TEXTS = st.text(alphabet="pqr./", min_size=1, max_size=5)
NUMBERS = st.integers(min_value=1001, max_value=9999)


def named(key: str, **members: Any) -> st.SearchStrategy[list[Any]]:
    kind = NUMBERS if key == "containerPort" else NAMES
    return st.lists(
        st.fixed_dictionaries({key: kind, **members}), min_size=1, max_size=3, unique_by=lambda member: member[key]
    )


CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "image": TEXTS},
        optional={
            "command": st.lists(TEXTS, min_size=1, max_size=3),
            "cpu": NUMBERS,
            "dependsOn": named("containerName", condition=st.sampled_from(["START", "HEALTHY"])),
            "dockerLabels": st.dictionaries(NAMES, TEXTS, min_size=1, max_size=3),
            "environment": named("name", value=TEXTS),
            "essential": st.just(False),
            "healthCheck": st.fixed_dictionaries({"command": st.just(["CMD", "x"])}, optional={"interval": NUMBERS}),
            "linuxParameters": st.fixed_dictionaries(
                {"capabilities": st.fixed_dictionaries({"add": st.lists(TEXTS, min_size=1, max_size=3, unique=True)})},
                optional={"devices": named("hostPath", permissions=st.just(["read", "write"]))},
            ),
            "logConfiguration": st.fixed_dictionaries(
                {"logDriver": st.just("awslogs"), "options": st.dictionaries(NAMES, TEXTS, min_size=1, max_size=3)}
            ),
            "mountPoints": named("containerPath", sourceVolume=NAMES),
            "portMappings": named("containerPort"),
            "secrets": named("name", valueFrom=TEXTS),
            "systemControls": named("namespace", value=TEXTS),
            "ulimits": named("name", softLimit=NUMBERS, hardLimit=NUMBERS),
            "volumesFrom": named("sourceContainer"),
        },
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda container: container["name"],
)

KEYED = (
    "dependsOn",
    "environment",
    "mountPoints",
    "portMappings",
    "secrets",
    "systemControls",
    "ulimits",
    "volumesFrom",
)
EMPTY_LISTS = (*KEYED, "command", "entryPoint", "links", "dnsServers", "extraHosts", "dockerSecurityOptions")


def resource(containers: list[Any], mode: str) -> dict[str, Any]:
    return {"container_definitions": json.dumps(containers), "network_mode": mode}


def as_aws_answers(containers: list[Any], mode: str, chance: random.Random) -> list[Any]:
    """Return the same containers as AWS, the provider or another person's JSON might spell them."""
    result = copy.deepcopy(containers)
    chance.shuffle(result)
    for container in result:
        for name in KEYED:
            chance.shuffle(container.get(name, []))
        chance.shuffle(container.get("linuxParameters", {}).get("capabilities", {}).get("add", []))
        defaults = {"cpu": 0, "essential": True, "privileged": False, "user": "", "dockerLabels": {}}
        defaults |= {name: [] for name in EMPTY_LISTS}
        for name, value in defaults.items():
            if name not in container and chance.random() < 0.5:
                container[name] = copy.deepcopy(value)
        for port in container.get("portMappings", ()):
            port |= chance.choice([{}, {"protocol": "tcp"}, {"protocol": "tcp", "hostPort": 0}])
            if mode != "bridge" and chance.random() < 0.5:
                port["hostPort"] = port["containerPort"]
        for mount in (*container.get("mountPoints", ()), *container.get("volumesFrom", ())):
            mount |= chance.choice([{}, {"readOnly": False}])
        if "healthCheck" in container:
            container["healthCheck"] = {"interval": 30, "timeout": 5, "retries": 3, **container["healthCheck"]}
        if "logConfiguration" in container:
            container["logConfiguration"] |= chance.choice([{}, {"secretOptions": []}])
        if chance.random() < 0.5 and "environment" in container:
            container["environment"].append(None)
        for name in list(container):
            if chance.random() < 0.3:
                container[chance.choice([name.upper(), name[0].upper() + name[1:]])] = container.pop(name)
    return result


MODES = st.sampled_from(["awsvpc", "bridge", "host"])


@given(containers=CONTAINERS, mode=MODES, chance=st.randoms(use_true_random=False))
def test_no_spelling_of_the_same_containers_is_drift(containers: list[Any], mode: str, chance: random.Random) -> None:
    other = as_aws_answers(containers, mode, chance)
    assert find_differences(TASK, resource(containers, mode), resource(other, mode)) == ()
    assert find_differences(TASK, resource(other, mode), resource(containers, mode)) == ()


@given(containers=CONTAINERS, mode=MODES, data=st.data())
def test_a_change_is_found_whatever_the_spelling(containers: list[Any], mode: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(leaves(containers)))
    chance = data.draw(st.randoms(use_true_random=False))
    other = as_aws_answers(changed_at(containers, place), mode, chance)
    found = find_differences(TASK, resource(containers, mode), resource(other, mode))
    assert found
    assert {step for difference in found for step in difference.path[:1]} == {"container_definitions"}


@given(containers=CONTAINERS, data=st.data())
def test_a_member_that_went_is_found(containers: list[Any], data: st.DataObject) -> None:
    container = data.draw(st.sampled_from(range(len(containers))))
    present = [name for name in KEYED if containers[container].get(name)]
    if not present:
        return
    other = copy.deepcopy(containers)
    other[container][data.draw(st.sampled_from(present))].pop()
    assert find_differences(TASK, resource(containers, "bridge"), resource(other, "bridge"))


def paths(before: list[Any], after: list[Any], mode: str = "awsvpc") -> list[str]:
    return [render_path(found.path) for found in find_differences(TASK, resource(before, mode), resource(after, mode))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param([{"Name": "a", "IMAGE": "i"}], [{"name": "a", "image": "i"}], id="names in another case"),
        pytest.param(
            [{"name": "a", "portMappings": [{"containerPort": 53}, {"containerPort": 53, "protocol": "udp"}]}],
            [
                {
                    "name": "a",
                    "portMappings": [
                        {"containerPort": 53, "hostPort": 53, "protocol": "udp"},
                        {"containerPort": 53, "hostPort": 53, "protocol": "tcp"},
                    ],
                }
            ],
            id="one port for two protocols, reordered and filled in",
        ),
        pytest.param(
            [{"name": "a", "portMappings": [{"containerPortRange": "1-9"}, {"containerPort": 80}]}],
            [{"name": "a", "portMappings": [{"containerPort": 80, "hostPort": 80}, {"containerPortRange": "1-9"}]}],
            id="a range of ports has no key",
        ),
        pytest.param(
            [{"name": "a", "environment": [None, {"name": "X", "value": "1"}], "links": [None]}],
            [{"name": "a", "environment": [{"name": "X", "value": "1"}], "links": []}],
            id="members that a conditional left empty",
        ),
        pytest.param(
            [{"name": "a", "restartPolicy": {"enabled": True, "ignoredExitCodes": [1, 0]}}],
            [
                {
                    "name": "a",
                    "restartPolicy": {"enabled": True, "ignoredExitCodes": [0, 1], "restartAttemptPeriod": 300},
                }
            ],
            id="a restart policy filled in",
        ),
        pytest.param(
            [{"name": "a", "linuxParameters": {"capabilities": {}, "devices": [], "initProcessEnabled": False}}],
            [{"name": "a"}],
            id="linux parameters that say nothing",
        ),
    ],
)
def test_noise_in_container_definitions(before: list[Any], after: list[Any]) -> None:
    assert paths(before, after) == []
    assert paths(after, before) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            [{"name": "a", "dockerLabels": {"Image": "i"}}],
            [{"name": "a", "dockerLabels": {"image": "i"}}],
            ["container_definitions[a].dockerLabels[Image]", "container_definitions[a].dockerLabels[image]"],
            id="the case of a label is the user's",
        ),
        pytest.param(
            [{"name": "a", "environment": [{"name": "path", "value": "1"}]}],
            [{"name": "a", "environment": [{"name": "PATH", "value": "1"}]}],
            ["container_definitions[a].environment[path]", "container_definitions[a].environment[PATH]"],
            id="so is that of a variable's name",
        ),
        pytest.param(
            [{"name": "a", "image": "I"}],
            [{"name": "a", "image": "i"}],
            ["container_definitions[a].image"],
            id="and that of a value",
        ),
        pytest.param(
            [{"name": "a", "portMappings": [{"containerPort": 53}, {"containerPort": 53, "protocol": "udp"}]}],
            [{"name": "a", "portMappings": [{"containerPort": 53}]}],
            ["container_definitions[a].portMappings[1]"],
            id="a protocol that went",
        ),
        pytest.param(
            [{"name": "a", "environmentFiles": [{"value": "x", "type": "s3"}, {"value": "y", "type": "s3"}]}],
            [{"name": "a", "environmentFiles": [{"value": "y", "type": "s3"}, {"value": "x", "type": "s3"}]}],
            [
                "container_definitions[a].environmentFiles[0].value",
                "container_definitions[a].environmentFiles[1].value",
            ],
            id="the later environment file wins",
        ),
        pytest.param(
            [{"name": "a", "environment": []}],
            [{"name": "a", "environment": [{"name": "X", "value": ""}]}],
            ["container_definitions[a].environment[X]"],
            id="a variable without a value is one",
        ),
        pytest.param(
            [{"name": "a", "restartPolicy": {"enabled": True}}],
            [{"name": "a", "restartPolicy": {"enabled": True, "restartAttemptPeriod": 60}}],
            ["container_definitions[a].restartPolicy.restartAttemptPeriod"],
            id="another period",
        ),
        pytest.param(
            [{"name": "a"}, {"name": "b"}],
            [{"name": "a"}],
            ["container_definitions[b]"],
            id="a container that went",
        ),
    ],
)
def test_real_changes_in_container_definitions(before: list[Any], after: list[Any], expected: list[str]) -> None:
    assert paths(before, after) == expected


@pytest.mark.parametrize("text", ["not json", "[", "1e999999", "[" * 100000, '"\\ud800"', ""])
def test_what_is_no_json_is_compared_as_text(text: str) -> None:
    assert find_differences(TASK, {"container_definitions": text}, {"container_definitions": text}) == ()
    assert find_differences(TASK, {"container_definitions": text}, {"container_definitions": '[{"name": "a"}]'})


def test_a_live_revision_is_compared_under_any_spelling_of_the_managed_one() -> None:
    managed = {"family": "web", "container_definitions": json.dumps([{"Name": "a", "Image": "i"}])}
    live = {"family": "web", "containerDefinitions": [{"name": "a", "image": "i", "cpu": 0, "essential": True}]}
    assert compare_task_definitions(managed, live) == ()


def test_every_member_of_the_api_is_known_by_its_name() -> None:
    known: set[str] = set()

    def collect(shape: Any) -> None:
        if shape.type_name == "structure":
            known.update(shape.members)
            for member in shape.members.values():
                collect(member)
        elif shape.type_name == "list":
            collect(shape.member)

    collect(botocore.session.get_session().get_service_model("ecs").shape_for("ContainerDefinition"))
    assert known == MEMBERS
