"""How a patch changes a class of moto and takes it back."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any


def replace(undo: ExitStack, owner: type[Any], name: str, new: Any) -> Any:
    """Set `owner.name` to `new` until `undo` is left; returns what it was, None where there was nothing."""
    inherited = object()
    before = vars(owner).get(name, inherited)
    seen = getattr(owner, name, None)
    setattr(owner, name, new)
    if before is inherited:
        undo.callback(delattr, owner, name)
    else:
        undo.callback(setattr, owner, name, before)
    return seen


def attribute(member: str) -> str:
    """Return the Python name under which moto keeps a member of the API: `enable_ecs_managed_tags`."""
    from botocore import xform_name

    return str(xform_name(member))


def full_strategy(strategy: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Return a capacity provider strategy with the weight and base that AWS fills in."""
    return [{"weight": 0, "base": 0, **member} for member in strategy or []]
