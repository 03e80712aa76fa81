"""Gaps (moto 5.2.5): a bare family means the newest revision, also a deregistered one; RegisterTaskDefinition drops
enableFaultInjection, answers no tags and no time or person of registration, and fills in none of AWS's defaults of
port mappings; deregistering leaves no time; DeleteTaskDefinitions leaves nothing, where AWS answers DELETE_IN_PROGRESS
until no service runs the revision any more, and never gives its number to another.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from reconciler.sandbox.identities import of_access_key
from reconciler.sandbox.patches.tools import replace


def apply(undo: ExitStack) -> None:
    """Wrap registration, deregistration, deletion and the look-up by family."""
    from moto.ecs.models import EC2ContainerServiceBackend
    from moto.ecs.responses import EC2ContainerServiceResponse

    def register_task_definition(self: Any) -> Any:
        result = register(self)
        definition = result.result["taskDefinition"]
        definition.enable_fault_injection = bool(self._get_param("enableFaultInjection"))
        definition.registered_at = datetime.now(UTC)
        definition.registered_by = of_access_key(self.access_key).arn
        definition.container_definitions = [
            _with_defaults(container, definition.network_mode) for container in definition.container_definitions
        ]
        if definition.tags:
            result.result["tags"] = definition.tags
        return result

    def deregister_task_definition(self: Any, task_definition_str: str) -> Any:
        definition = deregister(self, task_definition_str)
        definition.deregistered_at = datetime.now(UTC)
        return definition

    def delete_task_definitions(self: Any, task_definitions: list[str]) -> Any:
        deleted, failures = delete(self, task_definitions)
        for definition in deleted:
            self.task_definitions[definition.family][definition.revision] = definition
        return deleted, failures

    def latest_revision(self: Any, family: str) -> int | None:
        revisions = self.task_definitions.get(family, {})
        return max((n for n, definition in revisions.items() if definition.status == "ACTIVE"), default=None)

    def describe_task_definition(self: Any, task_definition_str: str) -> Any:
        name = task_definition_str.rpartition("/")[2]
        return describe(self, name if ":" in name else f"{name}:{latest_revision(self, name) or 0}")

    register = replace(undo, EC2ContainerServiceResponse, "register_task_definition", register_task_definition)
    deregister = replace(undo, EC2ContainerServiceBackend, "deregister_task_definition", deregister_task_definition)
    delete = replace(undo, EC2ContainerServiceBackend, "delete_task_definitions", delete_task_definitions)
    describe = replace(undo, EC2ContainerServiceBackend, "describe_task_definition", describe_task_definition)


def _with_defaults(container: dict[str, Any], network_mode: str | None) -> dict[str, Any]:
    ports = [_full_port(port, network_mode) for port in container.get("portMappings") or []]
    return {"systemControls": [], **container, "portMappings": ports}


def _full_port(port: dict[str, Any], network_mode: str | None) -> dict[str, Any]:
    full = {"protocol": "tcp", **port}
    if network_mode in ("awsvpc", "host") and "containerPort" in port:
        full.setdefault("hostPort", port["containerPort"])
    return full
