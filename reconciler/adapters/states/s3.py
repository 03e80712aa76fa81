"""States of the S3 backend, fetched with boto3 as the backend would: one request instead of a terraform process."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from reconciler.adapters.aws import client
from reconciler.errors import StateError
from reconciler.model import JsonObject, Workspace

_CLIENT_SECONDS = 900  # the shortest life of the credentials of a role
_ABSENT = frozenset({"NoSuchKey", "404"})


def read(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> bytes | None:
    """Return the object's content, None when there is none yet; raises StateError.

    `config` is the backend's resolved configuration: bucket, key, region, profile, endpoints, assume_role.
    """
    with _asking(workspace, config):
        found = _ask("get_object", workspace, config, environment)
        content: bytes | None = None if found is None else found["Body"].read()
        return content


def version(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> str | None:
    """Return the object's ETag (and its version, where the bucket keeps versions); raises StateError."""
    with _asking(workspace, config):
        found = _ask("head_object", workspace, config, environment)
        return "none" if found is None else f"{found['ETag']}:{found.get('VersionId')}"


def _ask(operation: str, workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> Any:
    from botocore.exceptions import ClientError

    options = tuple(_options(config).items())
    relevant = tuple((name, value) for name, value in sorted(environment.items()) if name.startswith("AWS_"))
    s3 = _client(options, relevant, int(time.monotonic() / _CLIENT_SECONDS * 2))
    try:
        return getattr(s3, operation)(Bucket=config.get("bucket"), Key=_key(workspace, config))
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _ABSENT:
            return None
        raise


@lru_cache(maxsize=32)
def _client(options: tuple[tuple[str, Any], ...], environment: tuple[tuple[str, str], ...], _period: int) -> Any:
    # Making a client takes longer than its request, and the states of many workspaces lie in few buckets.
    return client("s3", dict(environment), **dict(options))


@contextmanager
def _asking(workspace: Workspace, config: JsonObject) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    place = f"s3://{config.get('bucket')}/{_key(workspace, config)}"
    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        raise StateError(f"the state {place} of {workspace.name} cannot be read: {code}") from error
    except BotoCoreError as error:
        raise StateError(f"the state {place} of {workspace.name} cannot be read: {error}") from error


def _key(workspace: Workspace, config: JsonObject) -> str:
    key = str(config.get("key", ""))
    if workspace.terraform_workspace == "default":
        return key
    return f"{config.get('workspace_key_prefix') or 'env:'}/{workspace.terraform_workspace}/{key}"


def _options(config: JsonObject) -> dict[str, Any]:
    endpoints = config.get("endpoints") or {}
    roles = config.get("assume_role") or {}
    role = roles[0] if isinstance(roles, list) and roles else roles
    return {
        "region": config.get("region"),
        "profile": config.get("profile"),
        "endpoint": endpoints.get("s3") or config.get("endpoint"),
        "sts_endpoint": endpoints.get("sts"),
        "role_arn": (role or {}).get("role_arn") or config.get("role_arn"),
        "path_style": bool(config.get("use_path_style") or config.get("force_path_style")),
        "access_key": config.get("access_key"),
        "secret_key": config.get("secret_key"),
    }
