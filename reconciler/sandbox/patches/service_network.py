"""Gaps (moto 5.2.5): CreateService ends in a 500 when awsvpcConfiguration has no securityGroups; a service without
awsvpc answers an empty networkConfiguration, which crashes HashiCorp's AWS provider 5.100 (it then blames others).
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from reconciler.sandbox.patches.services import full_network
from reconciler.sandbox.patches.tools import replace


def apply(undo: ExitStack) -> None:
    """Fill in what AWS fills in before moto looks; answer no network at all where there is none."""
    from moto.ecs.models import Service

    def validate_network(self: Any, network: dict[str, Any]) -> Any:
        return validate(self, full_network(network)) if network.get("awsvpcConfiguration") else {}

    def initialise(self: Any, *arguments: Any, **options: Any) -> None:
        construct(self, *arguments, **options)
        self.network_configuration = self.network_configuration or None

    validate = replace(undo, Service, "_validate_network", validate_network)
    construct = replace(undo, Service, "__init__", initialise)
