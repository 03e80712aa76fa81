"""Names of proposals: the same drift finds its branch again, and whatever the names hold, Git takes it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.proposals import branch_name, commit_message

# git-check-ref-format, as far as these characters allow anything wrong at all.
REFERENCE = re.compile(r"drift/[a-z0-9-]+/[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9a-f]{8}")


def test_a_branch_says_what_it_is_about() -> None:
    name = branch_name("infra/prod", 'module.web["a"].aws_ecs_service.this')
    assert name.startswith("drift/infra-prod/module-web-a-aws-ecs-service-this-")


def test_the_same_resource_has_the_same_branch() -> None:
    assert branch_name("prod", "aws_ecs_service.web") == branch_name("prod", "aws_ecs_service.web")


@pytest.mark.parametrize(
    ("workspace", "address"),
    [("prod", "aws_ecs_service.web_"), ("prod", "aws_ecs_service.Web"), ("Prod", "aws_ecs_service.web"), ("", "")],
)
def test_names_that_look_alike_in_a_slug_have_different_branches(workspace: str, address: str) -> None:
    assert branch_name(workspace, address) != branch_name("prod", "aws_ecs_service.web")


@given(st.text(), st.text())
def test_whatever_the_names_hold_it_is_a_reference(workspace: str, address: str) -> None:
    name = branch_name(workspace, address)
    assert REFERENCE.fullmatch(name)
    assert len(name) < 160


def test_a_commit_message_has_one_subject_line_and_ends_with_the_trailer() -> None:
    message = commit_message("Adopt\n\n  drift:\tweb", " Proof: nothing else moves.\n", "f00d")
    assert message == "Adopt drift: web\n\nProof: nothing else moves.\n\nReconciler-Fingerprint: f00d\n"
