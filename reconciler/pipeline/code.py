"""What the code says where a plan cannot tell."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial

from reconciler.drift import known_attribute
from reconciler.model import Configuration, Json, JsonObject, Workspace
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning import Code

_DEFINITION = re.compile(r"(?:module\..+\.)?(?:data\.)?aws_ecs_task_definition\.")
_NAMES = ("arn", "arn_without_revision", "id")
_MEANT = "the ARN of "
"""Begins what stands for an ARN that is not known yet: no service can have it as its task definition."""


def code_behind(
    full_plan: JsonObject, configuration: Configuration, workspace: Workspace
) -> Callable[[str, str], Json]:
    """Return what gives the value that the code has for an attribute of an address; it reads nothing until asked."""
    return _code(full_plan, configuration, workspace, partial(known_attribute, full_plan)).says


def definitions_behind(
    full_plan: JsonObject, read_configuration: Callable[[Workspace], Configuration], workspace: Workspace
) -> Callable[[str], str | None]:
    """Return what gives the address of the task definition, or of its data source, that a service's code means.

    It is the one whose ARN, which only the apply will tell, the code gives the service; None where nobody can tell.
    Nothing is read until asked, and then once.
    """

    def planned(address: str, name: str) -> Json:
        value = known_attribute(full_plan, address, name)
        means_it = name in _NAMES and value is UNKNOWN and _DEFINITION.match(address)
        return f"{_MEANT}{address}" if means_it else value

    code = cache(lambda: _code(full_plan, read_configuration(workspace), workspace, planned))

    def meant(service: str) -> str | None:
        said = code().says(service, "task_definition")
        return said.removeprefix(_MEANT) if isinstance(said, str) and said.startswith(_MEANT) else None

    return meant


def _code(
    full_plan: JsonObject, configuration: Configuration, workspace: Workspace, planned: Callable[[str, str], Json]
) -> Code:
    variables = {name: variable.get("value") for name, variable in (full_plan.get("variables") or {}).items()}
    return Code(configuration, variables, planned, workspace.terraform_workspace)
