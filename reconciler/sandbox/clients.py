"""boto3 clients that talk to a sandbox as one of its identities, in this process or in another."""

from __future__ import annotations

import os
from functools import cache
from threading import Lock
from typing import Any

from reconciler.sandbox.identities import Identity, named

REGION = "us-east-1"


class Clients:
    """Clients for the sandbox at `endpoint`, e.g. one that `reconciler sandbox` keeps running."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._made: dict[tuple[str, str, str], Any] = {}
        self._guard = Lock()

    def client(self, service: str, identity: str = "ops-admin", region: str = REGION) -> Any:
        """Return a boto3 client of a service that acts as `identity`; raises SandboxError for an unknown one.

        The same arguments give the same client, which several threads may use.
        """
        who = named(identity)
        with self._guard:
            if (service, identity, region) not in self._made:
                self._made[service, identity, region] = self._make(service, who, region)
            return self._made[service, identity, region]

    def close(self) -> None:
        """Close every client's connections."""
        for client in self._made.values():
            client.close()

    def _make(self, service: str, who: Identity, region: str) -> Any:
        from botocore.config import Config

        return _session().client(
            service,
            endpoint_url=self.endpoint,
            region_name=region,
            aws_access_key_id=who.access_key,
            aws_secret_access_key=who.secret_key,
            aws_session_token=who.session_token,
            config=Config(user_agent=who.user_agent, proxies={}, s3={"addressing_style": "path"}),
        )


@cache
def _session() -> Any:
    """Return one session for all clients, which so parse each service's model once.

    It knows nothing of the user's profiles: one that does not exist would fail every client.
    """
    import boto3
    import botocore.session

    absent: Any = (None, None, None, None)
    nowhere: Any = (None, None, os.devnull, None)
    variables = {"profile": absent, "config_file": nowhere, "credentials_file": nowhere}
    return boto3.Session(botocore_session=botocore.session.Session(session_vars=variables))
