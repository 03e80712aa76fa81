"""A hotfix in merged code that names a revision by its number, which only the apply will tell."""

from __future__ import annotations

from typing import Any

import pytest
from merged_world import ARN, DEFINITION, HOTFIX, STATE, confirmed, dispositions, plan, revision

OTHER = "aws_ecs_task_definition.other"
LATEST = "data.aws_ecs_task_definition.latest"
CODE = """
variable "given" {
  type    = list(string)
  default = []
}
locals {
  family = "job"
  number = max(MEANT.revision, DATA.revision)
  td     = "${MEANT.family}:${MEANT.revision}"
}
resource "aws_ecs_task_definition" "counted" {
  count = 1
}
resource "aws_ecs_service" "a" {
  task_definition = %s
}
"""
SPELLINGS = [
    "local.td",
    '"${local.family}:${MEANT.revision}"',
    '"${MEANT.family}:${max(MEANT.revision, DATA.revision)}"',
    '"${DATA.family}:${local.number}"',
    '"${MEANT.arn_without_revision}:${MEANT.revision}"',
    'join(":", [MEANT.family, MEANT.revision])',
    'format("%s:%d", MEANT.family, local.number)',
    'coalesce(try(var.given[0], null), "${join("", [MEANT.family])}:${join("", [MEANT.revision])}")',
    'element(split("/", MEANT.arn), 1)',
]


def ahead(code: dict[str, Any], number: int | None = None, family: str = "job", **definition: Any) -> dict[str, Any]:
    """Return a full plan with two new revisions, `code` in the one of job, and a data source of a family.

    The data source is read in the apply, or has the revision of this `number`.
    """
    full_plan = plan(code, refers="local.td", **definition)
    other = plan({**STATE, "image": "job:9"}, address=OTHER)["resource_changes"][0]
    other["change"]["after"]["family"] = "other"
    read = {"actions": ["read"], "before": None, "after": {"task_definition": family}, "after_unknown": {}}
    put_off = {"address": LATEST, "mode": "data", "type": "aws_ecs_task_definition", "change": read}
    full_plan["resource_changes"] += [other] if number else [other, put_off]
    known = {"address": LATEST, "mode": "data", "values": {"family": family, "revision": number}}
    full_plan["prior_state"] = {"values": {"root_module": {"resources": [known] if number else []}}}
    return full_plan


def fate(full_plan: dict[str, Any], spelling: str, meant: str = DEFINITION, **revisions: Any) -> set[str | None]:
    written = (CODE % spelling).replace("MEANT", meant).replace("DATA", LATEST)
    return set(dispositions(confirmed(revision(HOTFIX), full_plan, code=written, **revisions)).values())


@pytest.mark.parametrize(
    ("spelling", "number"),
    [*((each, None) for each in SPELLINGS), *((each, 2) for each in SPELLINGS if "max" in each)],
)
def test_the_number_of_a_revision_that_is_registered_anew_means_it(spelling: str, number: int | None) -> None:
    assert fate(ahead(HOTFIX, number), spelling) == {"matching"}


@pytest.mark.parametrize(
    ("spelling", "meant", "code"),
    [
        (SPELLINGS[0], DEFINITION, {**STATE, "image": "job:3"}),
        (SPELLINGS[2], DEFINITION, {**STATE, "image": "job:3"}),
        (SPELLINGS[2], OTHER, HOTFIX),
        ('"other:${MEANT.revision}"', DEFINITION, HOTFIX),
        ('"${MEANT.family}:${MEANT.revision - 1}"', DEFINITION, HOTFIX),
    ],
    ids=["another image", "of the latest", "another task definition", "another family", "another number"],
)
def test_a_number_that_means_other_content_takes_the_hotfix_back(spelling: str, meant: str, code: Any) -> None:
    assert fate(ahead(code), spelling, meant) == {"reverting"}


PUT_OFF = ['"${DATA.family}:${DATA.revision}"', "DATA.arn", '"job:${max(1, DATA.revision)}"']


@pytest.mark.parametrize(
    ("spelling", "family", "expected"),
    [
        *((each, "job", "matching") for each in PUT_OFF),
        (PUT_OFF[0], "other", "reverting"),
        (PUT_OFF[2], "other", "reverting"),
        (PUT_OFF[1], "job:1", "reverting"),
    ],
)
def test_a_data_source_that_is_put_off_gives_what_is_registered_of_its_family(
    spelling: str, family: str, expected: str
) -> None:
    assert fate(ahead(HOTFIX, family=family), spelling) == {expected}


@pytest.mark.parametrize(("container", "expected"), [(HOTFIX, "matching"), ({**STATE, "image": "job:3"}, "reverting")])
@pytest.mark.parametrize("spelling", PUT_OFF)
def test_where_nothing_is_registered_it_gives_the_latest_that_there_is(
    spelling: str, container: Any, expected: str
) -> None:
    latest = revision(container, taskDefinitionArn=f"{ARN}3")
    assert fate(ahead(STATE, actions=("no-op",)), spelling, job=latest) == {expected}
