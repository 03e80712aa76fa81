"""States of the S3 backend, fetched with boto3 as the backend would: one GetObject instead of a terraform process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.adapters.aws import client
from reconciler.errors import StateError
from reconciler.model import JsonObject, Workspace


def read(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> bytes | None:
    """Return the object's content, None when there is none yet; raises StateError.

    `config` is the backend's resolved configuration: bucket, key, region, profile, endpoints, assume_role.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    bucket, key = config.get("bucket"), _key(workspace, config)
    try:
        s3 = client("s3", environment, **_options(config))
        content: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return content
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        if code in ("NoSuchKey", "404"):
            return None
        raise StateError(f"the state s3://{bucket}/{key} of {workspace.name} cannot be read: {code}") from error
    except BotoCoreError as error:
        raise StateError(f"the state s3://{bucket}/{key} of {workspace.name} cannot be read: {error}") from error


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
