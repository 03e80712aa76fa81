"""What AWS settings in Terraform's words, a provider's or those of the S3 backend, are to a client."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reconciler.adapters.aws import Role
from reconciler.model import Json, JsonObject

_TERRAFORMS = (
    "assume_role_policy",
    "assume_role_policy_arns",
    "assume_role_tags",
    "shared_config_files",
    "shared_credentials_file",
    "shared_credentials_files",
)
"""Settings with which only terraform itself is asked, or asks."""
_TERRAFORMS_ROLE = ("policy", "policy_arns", "source_identity", "tags", "transitive_tag_keys", "web_identity_token")
"""The same inside `assume_role` and `assume_role_with_web_identity`."""

_NAMES = {"application-autoscaling": ("appautoscaling", "applicationautoscaling")}
"""What `endpoints` calls a service, where that is not its name for boto3."""


def client_options(settings: JsonObject, service: str) -> dict[str, Any] | None:
    """Return what `client` takes to ask a service as the settings say, None where only Terraform can do that."""
    roles = _blocks(settings.get("assume_role")) or [settings]  # the S3 backend's older form
    identities = _blocks(settings.get("assume_role_with_web_identity"))
    if any(settings.get(name) for name in _TERRAFORMS) or any(
        block.get(name) for block in (*roles, *identities) for name in _TERRAFORMS_ROLE
    ):
        return None
    endpoints = {name: url for block in _blocks(settings.get("endpoints")) for name, url in block.items()}
    options = {
        "profile": settings.get("profile"),
        "endpoint": next((endpoints[name] for name in _NAMES.get(service, (service,)) if endpoints.get(name)), None),
        "sts_endpoint": endpoints.get("sts"),
        "roles": tuple(_role(block) for block in roles if block.get("role_arn")),
        "access_key": settings.get("access_key"),
        "secret_key": settings.get("secret_key"),
        "session_token": settings.get("token"),
    }
    for block in identities:
        file = str(block.get("web_identity_token_file"))
        if not block.get("role_arn") or not Path(file).is_absolute():  # from Terraform's directory, or its environment
            return None
        options |= {"identity": _role(block), "token_file": file}
    return {name: value for name, value in options.items() if value}


def _blocks(value: Json) -> Sequence[JsonObject]:
    """Return a block's bodies: the backend has an object where a provider has a list."""
    return [block for block in (value if isinstance(value, list) else [value]) if block]


def _role(block: JsonObject) -> Role:
    return Role(str(block.get("role_arn")), block.get("external_id"), block.get("session_name"))
