"""A hotfix in merged code that moves the service to one of several task definitions: only that one counts."""

from __future__ import annotations

from typing import Any

import pytest
from merged_world import DEFINITION, HOTFIX, STATE, confirmed, dispositions, plan, revision

OTHER = "aws_ecs_task_definition.other"
SERVICE = 'resource "aws_ecs_service" "a" {\n  task_definition = %s\n}\n'
SPELLINGS = {
    "a local value": (SERVICE % "local.td" + "locals {\n  td = MEANT.arn\n}", ["local.td"]),
    "a condition": (
        SERVICE % "var.blue ? MEANT.arn : REST.arn" + 'variable "blue" {\n  default = true\n}',
        [f"{DEFINITION}.arn", DEFINITION, f"{OTHER}.arn", OTHER, "var.blue"],
    ),
    "nothing that can be read": (SERVICE % "local.td", ["local.td"]),
    "one of two": ("", [f"{DEFINITION}.arn", DEFINITION, f"{OTHER}.arn", OTHER]),
    "a resource of another kind": ("", [f"{DEFINITION}.arn", DEFINITION, "terraform_data.td.output"]),
}


def moved_to(meant: str, other: str, spelling: str, code: dict[str, Any]) -> set[str | None]:
    """Return the dispositions where the merged code has the hotfix in the service's definition, and `code` in another.

    The service's code means `meant`, and does not mean `other`.
    """
    written, references = SPELLINGS[spelling]
    full_plan = plan(HOTFIX)
    full_plan["resource_changes"] += plan(code, address=OTHER)["resource_changes"][:1]
    expression = full_plan["configuration"]["root_module"]["resources"][0]["expressions"]
    expression["task_definition"] = {"references": references}
    written = written.replace("MEANT", meant).replace("REST", other)
    return set(dispositions(confirmed(revision(HOTFIX), full_plan, code=written)).values())


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_service_that_the_code_moves_to_another_task_definition_loses_the_hotfix(spelling: str) -> None:
    assert moved_to(OTHER, DEFINITION, spelling, {**STATE, "image": "job:9"}) == {"reverting"}


@pytest.mark.parametrize("spelling", ["a local value", "a condition"])
def test_a_service_that_the_code_leaves_where_the_hotfix_is_keeps_it(spelling: str) -> None:
    assert moved_to(DEFINITION, OTHER, spelling, {**STATE, "image": "job:9"}) == {"matching"}


def test_one_of_two_that_both_have_the_hotfix_keeps_it() -> None:
    assert moved_to(DEFINITION, OTHER, "one of two", {**HOTFIX, "memory": 256}) == {"matching"}


def test_one_that_stays_as_it_is_may_be_the_one_of_two() -> None:
    full_plan = plan(HOTFIX)
    expression = full_plan["configuration"]["root_module"]["resources"][0]["expressions"]
    expression["task_definition"] = {"references": SPELLINGS["one of two"][1]}
    assert set(dispositions(confirmed(revision(HOTFIX), full_plan)).values()) == {"reverting"}


@pytest.mark.parametrize(("provider", "fate"), [("aws", "matching"), ("aws.west", "reverting")])
def test_a_family_of_the_same_name_in_another_region_is_another_one(provider: str, fate: str) -> None:
    full_plan = plan(HOTFIX)
    (service,) = full_plan["configuration"]["root_module"]["resources"]
    service["provider_config_key"] = "aws"
    definition = {"address": DEFINITION, "mode": "managed", "provider_config_key": provider}
    full_plan["configuration"]["root_module"]["resources"].append(definition)
    assert set(dispositions(confirmed(revision(HOTFIX), full_plan)).values()) == {fate}


@pytest.mark.parametrize(("number", "fate"), [(0, "matching"), (1, "reverting")])
def test_only_the_instance_that_is_referred_to_counts(number: int, fate: str) -> None:
    full_plan = plan(HOTFIX, address=f"{DEFINITION}[0]", refers=f"{DEFINITION}[{number}]", previous_address=DEFINITION)
    full_plan["resource_changes"] += plan(STATE, address=f"{DEFINITION}[1]")["resource_changes"][:1]
    assert set(dispositions(confirmed(revision(HOTFIX), full_plan)).values()) == {fate}


@pytest.mark.parametrize(("family", "fate"), [("job", "matching"), ("other", "reverting")])
def test_a_data_source_that_is_read_after_the_apply_gives_what_is_registered_of_its_family(
    family: str, fate: str
) -> None:
    data = "data.aws_ecs_task_definition.latest"
    full_plan = plan(HOTFIX, refers=data)
    read = {"actions": ["read"], "before": None, "after": {"task_definition": family}, "after_unknown": {"arn": True}}
    full_plan["resource_changes"].append(
        {"address": data, "mode": "data", "type": "aws_ecs_task_definition", "change": read}
    )
    found = confirmed(revision(HOTFIX), full_plan, code=SERVICE % f"{data}.arn")
    assert set(dispositions(found).values()) == {fate}
