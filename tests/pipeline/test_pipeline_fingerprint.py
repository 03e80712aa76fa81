"""A finding's fingerprint: the same for the same drift, and no digest of a secret."""

from __future__ import annotations

import json

from reconciler.model import AttributeChange, Json, Member
from reconciler.pipeline.findings import fingerprint

CONTAINERS = ("container_definitions", Member("web"))
OPTIONS = (*CONTAINERS, "logConfiguration", "options")


def digest(path: tuple[str | Member, ...], live: Json) -> str:
    return fingerprint("prod", "aws_ecs_task_definition.web", (AttributeChange(path=path, state=None, live=live),))


def test_another_value_is_another_drift() -> None:
    assert digest(("desired_count",), 5) != digest(("desired_count",), 6)
    assert digest((*OPTIONS, Member("tag")), "a") != digest((*OPTIONS, Member("tag")), "b")
    assert digest(("desired_count",), 5) == digest(("desired_count",), 5)


def test_a_default_tag_is_one_tag_whatever_the_code_says_of_it() -> None:
    # The provider leaves out of `tags` what the code's default tags say, applied or not.
    assert digest(("tags", Member("Env")), "prod") == digest(("tags_all", Member("Env")), "prod")
    assert digest(("tags", Member("Env")), "prod") != digest(("tags_all", Member("Team")), "prod")


def test_a_secret_is_in_no_digest() -> None:
    for path in (
        (*OPTIONS, Member("splunk-token")),
        (*CONTAINERS, "environment", Member("KEY"), "value"),
        ("volume", Member("v"), "docker_volume_configuration", "driver_opts", Member("o")),
    ):
        assert digest(path, "one") == digest(path, "two")


def test_what_stands_beside_a_secret_counts() -> None:
    first, second, third = (
        json.dumps([{"name": "web", "image": image, "environment": [{"name": "KEY", "value": value}]}])
        for image, value in (("a", "x"), ("a", "y"), ("b", "x"))
    )
    assert digest(("container_definitions",), first) == digest(("container_definitions",), second)
    assert digest(("container_definitions",), first) != digest(("container_definitions",), third)
