"""boto3 clients for a workspace's own environment, which may differ from the process's."""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config

_ATTEMPTS = 4
_CLIENT_SECONDS = 900  # the shortest life of the credentials of a role
_SESSION_NAME = "reconciler"
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_COME_FIRST = frozenset({"AWS_ACCESS_KEY_ID", "AWS_PROFILE"})
"""What names credentials before the token of a web identity does."""
_VARIABLES = {
    "config_file": "AWS_CONFIG_FILE",
    "credentials_file": "AWS_SHARED_CREDENTIALS_FILE",
    "ca_bundle": "AWS_CA_BUNDLE",
    "use_fips_endpoint": "AWS_USE_FIPS_ENDPOINT",
    "use_dualstack_endpoint": "AWS_USE_DUALSTACK_ENDPOINT",
}
"""botocore's variables that it would read from the process's environment."""
_FILES = {"AWS_CONFIG_FILE": "~/.aws/config", "AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials"}
"""Where botocore finds profiles and keys."""

_Keys = tuple[str | None, str | None, str | None]
"""Access key, secret key, session token."""


class Role(NamedTuple):
    """A role to assume; without a name, the session is called `reconciler`."""

    arn: str
    external_id: str | None = None
    session_name: str | None = None


def client(
    service: str,
    environment: Mapping[str, str],
    *,
    region: str | None = None,
    profile: str | None = None,
    endpoint: str | None = None,
    sts_endpoint: str | None = None,
    roles: Sequence[Role] = (),
    identity: Role | None = None,
    token_file: str | None = None,
    path_style: bool = False,
    access_key: str | None = None,
    secret_key: str | None = None,
    session_token: str | None = None,
    patience: float | None = None,
    attempts: int = 1,
) -> Any:
    """Return a boto3 client with the credentials, profile, region and endpoints that `environment` names.

    boto3 itself reads only the process's environment; workspaces in other accounts have their own. Each of the `roles`
    is assumed as the one before it, the first as `identity` where `token_file` has a web identity's token for that.
    `session_token` goes with `access_key`. With `patience` each call is made `attempts` times at most, and each may
    take so many seconds to connect, and to answer. Raises botocore's exceptions.
    """
    from botocore.config import Config
    from botocore.exceptions import InvalidConfigError

    def endpoint_of(name: str, explicit: str | None) -> str | None:
        return explicit or environment.get(f"AWS_ENDPOINT_URL_{name.upper()}") or environment.get("AWS_ENDPOINT_URL")

    addressing = {"addressing_style": "path"} if path_style or endpoint_of("s3", endpoint) else {}
    config = Config(retries={"mode": "standard", "max_attempts": _ATTEMPTS}, s3=addressing)
    if patience is not None:
        retries = {"mode": "standard", "total_max_attempts": attempts}
        config = config.merge(Config(retries=retries, connect_timeout=patience, read_timeout=patience))
    region = region or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    session = _session(environment, region, profile, (access_key, secret_key, session_token))
    sts = endpoint_of("sts", sts_endpoint)
    own_file, own_role = (environment.get(name) for name in ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"))
    if own_role and not (identity or access_key or profile or _COME_FIRST & environment.keys()):
        identity, token_file = Role(own_role), own_file
    if identity and token_file:
        session = _session(environment, region, None, _identified(session, identity, token_file, sts, config))
    for role in roles:
        keys = _assume(session, role, sts, config)
        session = _session(environment, region or session.region_name, None, keys)
    try:
        return session.client(service, endpoint_url=endpoint_of(service, endpoint), config=config)
    except ValueError as error:  # an endpoint that is no URL
        raise InvalidConfigError(error_msg=str(error)) from error


_LOCKS = tuple(threading.Lock() for _ in range(32))


def shared_client(service: str, environment: Mapping[str, str], **options: Hashable) -> Any:
    """Return a client as `client` makes it, the same one for the same question for some minutes; all threads may ask.

    Making one takes longer than its request, and may mean to assume roles. Who logs in anew, or gets other keys, is
    known at once where a file tells.
    """
    relevant = tuple((name, value) for name, value in sorted(environment.items()) if name.startswith("AWS_"))
    until = int(time.monotonic() / _CLIENT_SECONDS * 2), *(_stamp(environment, *file) for file in _FILES.items())
    made = (service, tuple(sorted(options.items())), relevant, until)
    with _LOCKS[hash(made) % len(_LOCKS)]:  # who asks for the same one waits for it, and makes none
        return _made(*made)


def _stamp(environment: Mapping[str, str], variable: str, usual: str) -> tuple[int, int] | None:
    """Return what tells a file from what it was before, None where none can be read."""
    try:
        found = Path(environment.get(variable) or usual).expanduser().stat()
    except (OSError, ValueError, RuntimeError):  # without a home there is no file in it
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=128)
def _made(
    service: str, options: tuple[tuple[str, Any], ...], environment: tuple[tuple[str, str], ...], _until: Hashable
) -> Any:
    return client(service, dict(environment), **dict(options))


def _session(
    environment: Mapping[str, str],
    region: str | None,
    profile: str | None,
    keys: _Keys,
) -> boto3.Session:
    import boto3
    import botocore.session

    core = botocore.session.Session()
    for variable, name in _VARIABLES.items():
        if environment.get(name):
            core.set_config_variable(variable, environment[name])
    access_key, secret_key, token = keys
    if not access_key:
        access_key, secret_key, token = (environment.get(name) for name in _KEYS)
        profile = profile or (None if access_key else environment.get("AWS_PROFILE"))
    if profile or not access_key:
        return boto3.Session(profile_name=profile, region_name=region, botocore_session=core)
    return boto3.Session(
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        aws_session_token=token,
        region_name=region,
        botocore_session=core,
    )


def _assume(session: boto3.Session, role: Role, endpoint: str | None, config: Config) -> _Keys:
    more = {"ExternalId": role.external_id} if role.external_id else {}
    sts = session.client("sts", endpoint_url=endpoint, config=config)
    return _given(sts.assume_role(RoleArn=role.arn, RoleSessionName=role.session_name or _SESSION_NAME, **more))


def _identified(session: boto3.Session, role: Role, token_file: str, endpoint: str | None, config: Config) -> _Keys:
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import InvalidConfigError

    try:
        token = Path(token_file).read_text()
    except (OSError, ValueError) as error:
        named = "web_identity_token_file or AWS_WEB_IDENTITY_TOKEN_FILE"
        raise InvalidConfigError(error_msg=f"{named} cannot be read") from error
    sts = session.client("sts", endpoint_url=endpoint, config=config.merge(Config(signature_version=UNSIGNED)))
    return _given(
        sts.assume_role_with_web_identity(
            RoleArn=role.arn, RoleSessionName=role.session_name or _SESSION_NAME, WebIdentityToken=token.strip()
        )
    )


def _given(answer: Mapping[str, Any]) -> _Keys:
    given = answer["Credentials"]
    return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]
