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
