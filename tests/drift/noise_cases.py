"""Attributes of which the cases of the noise rules are made, and where the rules leave a difference."""

from __future__ import annotations

import json
from typing import Any

from reconciler.drift.differences import find_differences
from reconciler.model import render_path


def paths(kind: str, before: dict[str, Any], after: dict[str, Any], **options: Any) -> list[str]:
    return [render_path(found.path) for found in find_differences(kind, before, after, **options)]


def scaling(**settings: Any) -> dict[str, Any]:
    return {"auto_scaling_group_provider": [{"auto_scaling_group_arn": "a", "managed_scaling": [settings]}]}


def steps(*bounds: Any) -> dict[str, Any]:
    adjustments = [{"metric_interval_lower_bound": bound, "scaling_adjustment": 1} for bound in bounds]
    return {"step_scaling_policy_configuration": [{"step_adjustment": adjustments}]}


def tmpfs(*options: str) -> dict[str, Any]:
    return {"containerPath": "/tmp", "size": 64, "mountOptions": list(options)}


def containers(*definitions: dict[str, Any], mode: str = "awsvpc") -> dict[str, Any]:
    return {"container_definitions": json.dumps(definitions), "network_mode": mode}
