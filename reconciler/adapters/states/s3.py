"""States of the S3 backend, fetched with boto3 as the backend would: one request instead of a terraform process."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from reconciler.adapters.aws import shared_client
from reconciler.adapters.aws_settings import client_options
from reconciler.adapters.states.patience import HURRIED_SECONDS, PATIENCE
from reconciler.adapters.states.web import NotDirectError
from reconciler.errors import StateError
from reconciler.model import JsonObject, Workspace
from reconciler.model.secrecy import without_secrets_in

_ABSENT = frozenset({"NoSuchKey", "404"})
_DENIED = frozenset({"403", "AccessDenied", "AccessDeniedException"})
_PATIENT: JsonObject = {"patience": 10.0, "attempts": 5}
_FAILED = frozenset({500, 502, 504})  # 503 asks to slow down: S3 is there
_LIMIT = 300
_TERRAFORMS = (
    "custom_ca_bundle",
    "http_proxy",
    "https_proxy",
    "insecure",
    "sse_customer_key",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
)
"""Settings of the backend, beside those of `client_options`, with which only terraform itself is asked."""


def read(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> bytes | None:
    """Return the object's content, None when there is none yet; raises StateError.

    NotDirectError for settings that are left to terraform. `config` is the backend's resolved configuration: bucket,
    key, region, profile, endpoints, assume_role.
    """
    with _asking(workspace, config):
        found = _ask("get_object", workspace, config, environment)
        content: bytes | None = None if found is None else found["Body"].read()
        return content


def version(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> str | None:
    """Return the object's ETag (and its version, where the bucket keeps versions); raises StateError, NotDirectError.

    None where none is told: a HEAD does not tell a state that is not there yet from a bucket that is gone.
    """
    with _asking(workspace, config):
        found = _ask("head_object", workspace, config, environment)
        return f"{found['ETag']}:{found.get('VersionId')}" if found and "ETag" in found else None


def lock(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> bytes | None:
    """Return what is written into the state's lock, if anything, in either of the backend's forms; raises StateError.

    None when there is none, and when it may not be read: not everybody who may read a state may read its lock.
    """
    with _asking(workspace, config, "the lock of ", may_be_denied=True), suppress(NotDirectError):
        if config.get("use_lockfile"):
            found = _ask("get_object", workspace, config, environment, ".tflock")
            if found is not None:
                content: bytes = found["Body"].read()
                return content
        if config.get("dynamodb_table"):
            name = f"{config.get('bucket')}/{_key(workspace, config)}"
            dynamodb = _client_of("dynamodb", config, environment)
            key = {"LockID": {"S": name}}
            item = dynamodb.get_item(TableName=config["dynamodb_table"], Key=key, ConsistentRead=True).get("Item")
            return None if item is None else str(item.get("Info", {}).get("S", "")).encode()
    return None


def _ask(
    operation: str,
    workspace: Workspace,
    config: JsonObject,
    environment: Mapping[str, str],
    suffix: str = "",
    **more: str,
) -> Any:
    from botocore.exceptions import ClientError

    s3 = _client_of("s3", config, environment)
    try:
        return getattr(s3, operation)(Bucket=config.get("bucket"), Key=_key(workspace, config) + suffix, **more)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _ABSENT:
            return None
        if operation == "head_object" and _status(error) < 500:
            # What answers a HEAD has no body, and so no words for why.
            return _ask("get_object", workspace, config, environment, suffix, Range="bytes=0-0")
        raise


def _status(error: Any) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _client_of(service: str, config: JsonObject, environment: Mapping[str, str]) -> Any:
    if any(config.get(name) for name in _TERRAFORMS) or "AWS_SSE_CUSTOMER_KEY" in environment:
        raise NotDirectError
    # Without these botocore waits a minute for each attempt.
    patience = {"patience": HURRIED_SECONDS} if PATIENCE.is_spent(_server(config)) else _PATIENT
    return shared_client(service, environment, **_options(config, service), **patience)


def _server(config: JsonObject) -> str:
    return f"s3://{config.get('bucket')}"


@contextmanager
def _asking(workspace: Workspace, config: JsonObject, what: str = "", *, may_be_denied: bool = False) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    failed = f"{what}the state s3://{config.get('bucket')}/{_key(workspace, config)} of {workspace.name} cannot be read"
    try:
        yield
        PATIENCE.note(_server(config), answered=True)
    except ClientError as error:
        PATIENCE.note(_server(config), answered=_status(error) not in _FAILED)
        if may_be_denied and error.response.get("Error", {}).get("Code") in _DENIED:
            return
        raise StateError(f"{failed}: {_said(error)}") from error
    except BotoCoreError as error:
        PATIENCE.note(_server(config), answered=False)
        raise StateError(f"{failed}: {error}") from error


def _said(error: Any) -> str:
    """Return the code and the sentence that AWS gave, on one line: it names the permission that is lacking."""
    told = error.response.get("Error", {})
    words = ": ".join(str(told[name]) for name in ("Code", "Message") if told.get(name))
    return without_secrets_in(" ".join(words.split()), "***")[:_LIMIT].rstrip(".") or "unknown"


def _key(workspace: Workspace, config: JsonObject) -> str:
    key = str(config.get("key", ""))
    if workspace.terraform_workspace == "default":
        return key
    # As Go's path.Join in the backend: an empty prefix is one, and nothing doubles a slash.
    prefix = config.get("workspace_key_prefix")
    parts = ("env:" if prefix is None else str(prefix), workspace.terraform_workspace, key)
    return posixpath.normpath("/".join(part for part in parts if part))


def _options(config: JsonObject, service: str) -> dict[str, Any]:
    options = client_options(config, service)
    if options is None:
        raise NotDirectError
    return {
        "endpoint": config.get("endpoint" if service == "s3" else "dynamodb_endpoint"),
        **options,
        "region": config.get("region"),
        "path_style": bool(config.get("use_path_style") or config.get("force_path_style")),
    }
