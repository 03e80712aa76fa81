"""A drifted service in a module, the full plan over it, and what becomes of one attribute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reconciler.drift import dispose
from reconciler.model import AttributeChange, AttributePath, Drift, Member

ADDRESS = 'module.web["a.b"].aws_ecs_service.this[0]'
PLAIN = "module.web.aws_ecs_service.this"
PUBLIC_IP: AttributePath = ("network_configuration", Member(0), "assign_public_ip")


def drift(*paths: AttributePath, address: str = ADDRESS, **values: Any) -> Drift:
    return Drift(
        address=address,
        type="aws_ecs_service",
        deleted=False,
        changes=tuple(AttributeChange(path=path, state=1, live=values.get("value", 2)) for path in paths),
        before=values.get("before", {}),
        live=values.get("live", {}),
    )


def plan(
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    expressions: dict[str, Any] | None = None,
    **change: Any,
) -> dict[str, Any]:
    entry = {
        "address": ADDRESS,
        "mode": "managed",
        "type": "aws_ecs_service",
        "change": {
            "actions": ["update" if before or after else "no-op"],
            "before": before or {},
            "after": after or {},
            **change,
        },
    }
    resource = {"address": "aws_ecs_service.this", "mode": "managed", "expressions": expressions or {}}
    module = {"module": {"resources": [resource]}}
    return {"resource_changes": [entry], "configuration": {"root_module": {"module_calls": {"web": module}}}}


def disposition(path: AttributePath, full: dict[str, Any], ignored: Sequence[str] = (), value: Any = 2) -> str | None:
    (found,) = dispose([drift(path, value=value)], full, {PLAIN: ignored})
    return found.changes[0].disposition
