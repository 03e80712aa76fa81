"""What the code says where a plan cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from reconciler.drift import known_attribute, planned_document
from reconciler.model import Configuration, Json, JsonObject, Workspace
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.meaning import Code
from reconciler.remedy.meaning.values import Encoded


def code_behind(
    full_plan: JsonObject, configuration: Configuration, workspace: Workspace
) -> Callable[[str, str], Json]:
    """Return what gives the value that the code has for an attribute of an address; it reads nothing until asked."""

    def planned(address: str, name: str) -> Json:
        value = known_attribute(full_plan, address, name)
        if value is not UNKNOWN:
            return value
        document = planned_document(full_plan, address, name)
        return Encoded(document) if isinstance(document, dict) else document

    return _code(full_plan, configuration, workspace, planned).says


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
