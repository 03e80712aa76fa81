"""What the code says where a plan cannot tell."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from reconciler.drift import known_attribute
from reconciler.model import Configuration, Json, JsonObject, Workspace
from reconciler.remedy.meaning import Code


def code_behind(
    full_plan: JsonObject, configuration: Configuration, workspace: Workspace
) -> Callable[[str, str], Json]:
    """Return what gives the value that the code has for an attribute of an address; it reads nothing until asked."""
    variables = {name: variable.get("value") for name, variable in (full_plan.get("variables") or {}).items()}
    return Code(configuration, variables, partial(known_attribute, full_plan), workspace.terraform_workspace).says
