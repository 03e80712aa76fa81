"""boto3 clients for a workspace's own environment, which may differ from the process's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3

_ATTEMPTS = 4


def client(
    service: str,
    environment: Mapping[str, str],
    *,
    region: str | None = None,
    profile: str | None = None,
    endpoint: str | None = None,
    sts_endpoint: str | None = None,
    role_arn: str | None = None,
    path_style: bool = False,
    access_key: str | None = None,
    secret_key: str | None = None,
    patience: float | None = None,
) -> Any:
    """Return a boto3 client with the credentials, profile, region and endpoints that `environment` names.

    boto3 itself reads only the process's environment; workspaces in other accounts have their own. With `patience`
    each call is made once and may take so many seconds to connect, and to answer. Raises botocore's exceptions.
    """
    from botocore.config import Config
    from botocore.exceptions import InvalidConfigError

    def endpoint_of(name: str, explicit: str | None) -> str | None:
        return explicit or environment.get(f"AWS_ENDPOINT_URL_{name.upper()}") or environment.get("AWS_ENDPOINT_URL")

    region = region or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    session = _session(environment, region, profile, access_key, secret_key)
    if role_arn:
        session = _assuming(session, role_arn, endpoint_of("sts", sts_endpoint))
    addressing = {"addressing_style": "path"} if path_style or endpoint_of("s3", endpoint) else {}
    config = Config(retries={"mode": "standard", "max_attempts": _ATTEMPTS}, s3=addressing)
    if patience is not None:
        once = Config(retries={"total_max_attempts": 1}, connect_timeout=patience, read_timeout=patience)
        config = config.merge(once)
    try:
        return session.client(service, endpoint_url=endpoint_of(service, endpoint), config=config)
    except ValueError as error:  # an endpoint that is no URL
        raise InvalidConfigError(error_msg=str(error)) from error


def _session(
    environment: Mapping[str, str],
    region: str | None,
    profile: str | None,
    access_key: str | None,
    secret_key: str | None,
) -> boto3.Session:
    import boto3

    access_key = access_key or environment.get("AWS_ACCESS_KEY_ID")
    profile = profile or (None if access_key else environment.get("AWS_PROFILE"))
    if profile or not access_key:
        return boto3.Session(profile_name=profile, region_name=region)
    return boto3.Session(
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key or environment.get("AWS_SECRET_ACCESS_KEY"),
        aws_session_token=None if secret_key else environment.get("AWS_SESSION_TOKEN"),
        region_name=region,
    )


def _assuming(session: boto3.Session, role_arn: str, endpoint: str | None) -> boto3.Session:
    import boto3

    sts = session.client("sts", endpoint_url=endpoint)
    assumed = sts.assume_role(RoleArn=role_arn, RoleSessionName="reconciler")["Credentials"]
    return boto3.Session(
        aws_access_key_id=assumed["AccessKeyId"],
        aws_secret_access_key=assumed["SecretAccessKey"],
        aws_session_token=assumed["SessionToken"],
        region_name=session.region_name,
    )
