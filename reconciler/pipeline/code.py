"""What the code says where a plan cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from reconciler.drift import known_attribute
from reconciler.model import Configuration, Json, JsonObject, Workspace
from reconciler.remedy.meaning import Code


def code_behind(
    full_plan: JsonObject, configuration: Configuration, workspace: Workspace
) -> Callable[[str, str], Json]:
    """Return what gives the value that the code has for an attribute of an address; it reads nothing until asked."""
    return _code(full_plan, configuration, workspace, partial(known_attribute, full_plan)).says


def definition_behind(
    full_plan: JsonObject,
    read_configuration: Callable[[Workspace], Configuration],
    workspace: Workspace,
    planned: Callable[[str, str], Json],
) -> Callable[[str], Json]:
    """Return what gives the task definition that a service's code has, with `planned` attributes of other resources.

    Nothing is read until asked, and then once.
    """
    code = cache(lambda: _code(full_plan, read_configuration(workspace), workspace, planned))
    return lambda service: code().says(service, "task_definition")


def _code(
    full_plan: JsonObject, configuration: Configuration, workspace: Workspace, planned: Callable[[str, str], Json]
) -> Code:
    variables = {name: variable.get("value") for name, variable in (full_plan.get("variables") or {}).items()}
    return Code(configuration, variables, planned, workspace.terraform_workspace)
