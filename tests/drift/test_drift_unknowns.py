"""A map or a document of which a plan knows nothing, because code gives one value of a new resource: the code tells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from reconciler.drift import dispose, read_drifts, with_code
from reconciler.model.drift import render_path
from reconciler.model.plan_changes import UNKNOWN

SERVICE = "aws_ecs_service"
DEFINITION = "aws_ecs_task_definition"
POLICY = "aws_iam_role_policy"
NEW = {"references": ["aws_ecs_cluster.new.arn", "aws_ecs_cluster.new"]}


def fates(
    kind: str, name: str, values: Sequence[Any], code: Any, actions: Any = ("update",), ignored: Sequence[str] = ()
) -> Any:
    """Return the dispositions by path where the plan knows nothing of an attribute; `values` are the state's and live.

    The code may be asked for that once.
    """
    address = f"{kind}.x"
    said = {(address, name): code}

    def says(resource: str, attribute: str) -> Any:
        return said.pop((resource, attribute))

    state, live = ({name: each, "tags_all": each if name == "tags" else {}} for each in values)
    change = {"actions": actions, "before": live, "after": {}, "after_unknown": {name: True, "tags_all": True}}
    entry = {"address": address, "mode": "managed", "type": kind}
    plan = {
        "resource_drift": [{**entry, "change": {"actions": ["update"], "before": state, "after": live}}],
        "resource_changes": [{**entry, "change": change}],
        "configuration": {"root_module": {"resources": [{"address": address, "expressions": {name: NEW}}]}},
    }
    drifts = read_drifts(plan)
    (drift,) = dispose(drifts, with_code(plan, drifts, says), {address: ignored})
    return {render_path(change.path): change.disposition for change in drift.changes}


@pytest.mark.parametrize(
    ("state", "live", "code", "fate"),
    [
        pytest.param({"A": "1"}, {"A": "2"}, {"A": "2", "Q": UNKNOWN}, "matching", id="what the code says"),
        pytest.param({"A": "1"}, {"A": "2"}, {"A": 2, "Q": UNKNOWN}, "matching", id="as a number"),
        pytest.param({"B": "1"}, {"B": "1", "A": "2"}, {"B": "1", "A": "2", "Q": UNKNOWN}, "matching", id="added"),
        pytest.param({"A": "1", "B": "1"}, {"B": "1"}, {"B": "1", "Q": UNKNOWN}, "matching", id="taken away"),
        pytest.param({"A": "1"}, {"A": "2"}, {"A": "3", "Q": UNKNOWN}, "reverting", id="what the code contradicts"),
        pytest.param({"A": "1"}, {"A": "2"}, {"A": "1", "Q": UNKNOWN}, "reverting", id="what the code has as it was"),
        pytest.param({"A": "1"}, {"A": "2"}, {"Q": UNKNOWN}, "reverting", id="what the code drops"),
        pytest.param({"A": "1"}, {"A": "2"}, {"A": UNKNOWN}, "reverting", id="what nobody knows"),
        pytest.param({"A": "1"}, {"A": "2"}, {"A": 2.5, "Q": UNKNOWN}, "reverting", id="a number in some spelling"),
        pytest.param({"A": "1"}, {"A": "2"}, UNKNOWN, "reverting", id="what cannot be read"),
        pytest.param(
            {"A": "1", "B": "1"}, {"B": "1"}, {"A": UNKNOWN, "B": "1"}, "reverting", id="gone, and there again"
        ),
    ],
)
def test_a_tag_is_what_the_code_says(state: Any, live: Any, code: Any, fate: str) -> None:
    assert fates(SERVICE, "tags", (state, live), code) == {"tags[A]": fate}


@pytest.mark.parametrize("code", [{"A": "1", "Q": UNKNOWN}, UNKNOWN])
def test_a_tag_that_is_ignored_stays_as_it_is(code: Any) -> None:
    def of(entry: str) -> Any:
        return fates(SERVICE, "tags", ({"A": "1"}, {"A": "2"}), code, ignored=[entry])

    assert of('tags["A"]') == {"tags[A]": "ignored"}
    assert of('tags["B"]') == of("desired_count") == {"tags[A]": "reverting"}


def definitions(*containers: Any) -> str:
    return json.dumps(containers)


def container(image: Any = "app:2", **more: Any) -> dict[str, Any]:
    return {"name": "app", "image": image, **more}


def of_containers(state: Any, live: Any, *code: Any) -> Any:
    texts = [definitions(*each) for each in (state, live)]
    return fates(DEFINITION, "container_definitions", texts, [*code], ["delete", "create"])


def test_an_image_is_what_the_code_says_beside_a_new_variable() -> None:
    jobs = {"name": "JOBS", "value": UNKNOWN}
    image = "container_definitions[app].image"
    was, now = [container("app:1")], [container()]
    assert of_containers(was, now, container(environment=[jobs])) == {image: "matching"}
    assert of_containers(was, now, {"Name": "app", "Image": "app:2", "environment": [jobs]}) == {image: "matching"}
    assert of_containers(was, now, container(environment=UNKNOWN)) == {image: "matching"}
    assert of_containers(was, now, container("app:3", environment=[jobs])) == {image: "reverting"}
    assert of_containers(was, now, container(UNKNOWN)) == {image: "reverting"}
    assert of_containers(was, now, container(), UNKNOWN) == {image: "reverting"}


def test_a_member_is_taken_back_where_nobody_knows_that_the_code_has_it_not() -> None:
    one, two = ({"name": name, "value": "1"} for name in ("A", "B"))
    path = "container_definitions[app].environment[B]"

    def of(*environment: Any) -> Any:
        was, now = (container(environment=[*each]) for each in ([one, two], [one]))
        return of_containers([was], [now], container(environment=[*environment]))

    assert of(one, {"name": "Q", "value": UNKNOWN}) == {path: "matching"}
    assert of(one, {"name": "B", "value": UNKNOWN}) == {path: "reverting"}
    assert of(one, {"name": UNKNOWN, "value": "1"}) == {path: "reverting"}
    assert of(one, UNKNOWN) == {path: "reverting"}


def test_members_without_keys_of_their_own_are_not_told_apart() -> None:
    tcp, udp = ({"containerPort": 80, "protocol": protocol} for protocol in ("tcp", "udp"))
    was, now = (container(portMappings=each) for each in ([tcp, udp], [tcp]))
    hidden = {"containerPort": 80, "protocol": UNKNOWN}
    found = of_containers([was], [now], container(portMappings=[hidden]))
    assert set(found.values()) == {"reverting"}


def statement(action: str, resource: Any = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def test_a_statement_is_what_the_code_says_beside_a_new_one() -> None:
    def of(state: str, live: str, *code: Any) -> Any:
        texts = [json.dumps({"Statement": [statement(action) for action in actions]}) for actions in (state, live)]
        return fates(POLICY, "policy", texts, {"Statement": [*code]})["policy"]

    new = statement("c", UNKNOWN)
    assert of("a", "ab", statement("a"), statement("b"), new) == "matching"
    assert of("a", "ab", statement("a"), new) == "reverting"
    assert of("ab", "a", statement("a"), new) == "reverting"
    assert of("a", "ab", UNKNOWN, statement("a"), statement("b")) == "matching"
    assert fates(POLICY, "policy", ["{}", '{"Statement": []}'], UNKNOWN) == {"policy": "reverting"}


def test_the_code_is_asked_of_nothing_that_the_plan_knows() -> None:
    def says(block: str, path: str) -> Any:
        raise AssertionError(f"{block}.{path}")

    def change(name: str, before: Any, after: Any, **unknown: bool) -> dict[str, Any]:
        values = {"actions": ["update"], "before": before, "after": after, "after_unknown": unknown}
        return {"address": name, "mode": "managed", "type": name.partition(".")[0], "change": values}

    resources = [
        {"address": f"{SERVICE}.x", "expressions": {"tags": NEW, "task_definition": NEW, "desired_count": NEW}},
        {"address": f"{SERVICE}.other", "expressions": {"tags": NEW}},
    ]
    was, now = ({"tags": {"A": each}, "desired_count": int(each), "task_definition": each} for each in "12")
    plan = {
        "resource_drift": [change(f"{SERVICE}.x", was, now)],
        "resource_changes": [
            change(f"{SERVICE}.x", now, {"tags": {"A": "1"}, "desired_count": 1}, task_definition=True),
            change(f"{SERVICE}.other", now, {}, tags=True),
            change(f"{DEFINITION}.app", {}, {"container_definitions": "[]"}, arn=True),
        ],
        "configuration": {"root_module": {"resources": resources}},
    }
    drifts = read_drifts(plan)
    (drift,) = dispose(drifts, with_code(plan, drifts, says), {})
    assert {change.disposition for change in drift.changes} == {"reverting"}
