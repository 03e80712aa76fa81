"""Two workspaces of one root module: code that both use takes no value of one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.model import State, StateResource, Workspace
from reconciler.pipeline.neighbours import neighbours, sharing

HERE, ELSEWHERE = Path("/repository/infra/shop"), Path("/repository/infra/other")
BLUE, GREEN, OTHER = (
    Workspace(name="blue", path=HERE, terraform_workspace="blue"),
    Workspace(name="green", path=HERE, terraform_workspace="green"),
    Workspace(name="other", path=ELSEWHERE),
)
WORKSPACES = {workspace.name: workspace for workspace in (BLUE, GREEN, OTHER)}


def state(workspace: str, *addresses: str) -> State:
    resources = tuple(
        StateResource(workspace=workspace, address=address, type=address.split(".")[0], provider="", attributes={})
        for address in addresses
    )
    return State(workspace=workspace, serial=1, lineage="", resources=resources)


def test_workspaces_share_code_by_directory_whatever_their_names() -> None:
    assert sharing(BLUE, WORKSPACES) == ("green",)
    assert sharing(OTHER, WORKSPACES) == ()


@pytest.mark.parametrize("address", ["aws_ecs_service.web", 'aws_ecs_service.web["a"]', "aws_ecs_service.web[0]"])
def test_code_that_the_other_workspace_applied_too_is_a_persons(address: str) -> None:
    shared = neighbours(BLUE, WORKSPACES, {"green": state("green", 'aws_ecs_service.web["b"]')})
    objection = shared.objection(address)
    assert objection is not None
    assert "green" in objection
    assert "aws_ecs_service.web " in objection


def test_a_neighbour_whose_state_cannot_be_read_may_have_it() -> None:
    objection = neighbours(BLUE, WORKSPACES, {}).objection("aws_ecs_service.web")
    assert objection is not None
    assert "could not be read" in objection


@pytest.mark.parametrize(
    "green",
    [
        pytest.param(state("green"), id="nothing applied there"),
        pytest.param(state("green", "aws_ecs_service.api", "module.web.aws_ecs_service.web"), id="other code"),
    ],
)
def test_code_of_this_workspace_alone_may_be_edited(green: State) -> None:
    assert neighbours(BLUE, WORKSPACES, {"green": green}).objection("aws_ecs_service.web") is None


def test_a_workspace_in_another_directory_does_not_matter() -> None:
    same = {"other": state("other", "aws_ecs_service.web"), "green": state("green")}
    assert neighbours(BLUE, WORKSPACES, same).objection("aws_ecs_service.web") is None
