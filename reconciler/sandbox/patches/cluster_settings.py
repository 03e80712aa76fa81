"""Gap (moto 5.2.5): no UpdateClusterSettings, the call behind "turn Container Insights on"."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from reconciler.sandbox.patches.tools import replace


def apply(undo: ExitStack) -> None:
    """Add the operation: settings that are not named keep their values."""
    from moto.core.responses import ActionResult
    from moto.ecs.responses import EC2ContainerServiceResponse

    def update_cluster_settings(self: Any) -> Any:
        cluster = self.ecs_backend._get_cluster(self._get_param("cluster"))
        settings = {setting["name"]: setting["value"] for setting in cluster.settings or []}
        settings |= {setting["name"]: setting["value"] for setting in self._get_param("settings")}
        cluster.settings = [{"name": name, "value": value} for name, value in settings.items()]
        return ActionResult({"cluster": cluster})

    replace(undo, EC2ContainerServiceResponse, "update_cluster_settings", update_cluster_settings)
