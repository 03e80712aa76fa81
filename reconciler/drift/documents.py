"""JSON documents in attributes, read as AWS reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from reconciler.drift.catalogue import MAPS
from reconciler.model.json import Json, JsonObject

_NAMES: Final = """
    add appProtocol capabilities command condition containerName containerPath containerPort containerPortRange
    cpu credentialsParameter credentialSpecs dependsOn devices disableNetworking dnsSearchDomains dnsServers
    dockerLabels dockerSecurityOptions drop enabled entryPoint environment environmentFiles essential extraHosts
    firelensConfiguration hardLimit healthCheck hostname hostPath hostPort ignoredExitCodes image
    initProcessEnabled interactive interval ipAddress links linuxParameters logConfiguration logDriver
    maxComputePercent maxSwap memory memoryReservation mountOptions mountPoints name namespace nvidiaMps options
    permissions portMappings privileged protocol pseudoTerminal readOnly readonlyRootFilesystem
    repositoryCredentials resourceRequirements restartAttemptPeriod restartPolicy retries secretOptions secrets
    sharedMemorySize sharingStrategy size softLimit sourceContainer sourceVolume startPeriod startTimeout
    stopTimeout swappiness systemControls timeout tmpfs type ulimits user value valueFrom versionConsistency
    volumesFrom workingDirectory
"""
MEMBERS: Final = frozenset(_NAMES.split())
"""Every member of the ECS API's ContainerDefinition, and of the structures in it (botocore's model of 2014-11-13)."""

_SPELLING: Final[dict[str, str]] = {name.lower(): name for name in MEMBERS}


def read_document(text: Json) -> Json:
    """Return container definitions decoded, under the API's own names; anything that is no JSON as it is.

    The provider decodes them without regard to case (`Image` is `image`), and drops members of lists that hold
    nothing, such as the `null` that a conditional left behind (aws_ecs_task_definition, 5.100).
    """
    if not isinstance(text, str):
        return text
    try:
        return with_own_names(json.loads(text))
    except (ValueError, RecursionError):
        return text


def with_own_names(value: Json, within: str = "") -> Json:
    """Return decoded container definitions, or a part `within` them, under the API's own names."""
    if isinstance(value, dict):
        if within in MAPS:
            return value
        return {spelling: with_own_names(inner, spelling) for spelling, inner in _spelled(value)}
    if isinstance(value, list):
        return [with_own_names(member) for member in value if member is not None and member != {}]
    return value


def _spelled(value: JsonObject) -> Iterator[tuple[str, Json]]:
    for name, inner in value.items():
        yield _SPELLING.get(name.lower()) or name, inner
