"""States of the http backend, such as GitLab's: one GET, as Terraform's own client sends it (1.11).

https://developer.hashicorp.com/terraform/language/backend/http. Nothing is locked: reading needs no lock.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from reconciler.adapters.states.web import Answer, NotDirectError, UnreachableError, ask
from reconciler.errors import StateError
from reconciler.model import JsonObject, Workspace

_NONE_YET = frozenset({204, 404})
_REFUSED = frozenset({401, 403})
_NO_HEAD = frozenset({501})
"""What a server answers that knows no HEAD, as 405: reading tells."""


def read(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> bytes | None:
    """Return what the address serves, None when there is none yet; raises StateError, NotDirectError."""
    answer = _ask("GET", workspace, config, environment)
    if answer.status == 200:
        return answer.body or None
    if answer.status in _NONE_YET:
        return None
    raise _refusal(workspace, answer)


def version(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> str | None:
    """Return the ETag that a HEAD tells, None for a server that tells none; raises StateError, NotDirectError."""
    answer = _ask("HEAD", workspace, config, environment)
    if answer.status >= 500 and answer.status not in _NO_HEAD:
        raise _refusal(workspace, answer)
    return answer.headers.get("etag") if answer.status == 200 else None


def _refusal(workspace: Workspace, answer: Answer) -> StateError:
    why = (
        "check username and password (TF_HTTP_USERNAME, TF_HTTP_PASSWORD)" if answer.status in _REFUSED else "see there"
    )
    return StateError(f"the state of {workspace.name} cannot be read: its server answers {answer.status}; {why}")


def _ask(method: str, workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> Answer:
    if workspace.terraform_workspace != "default":
        raise StateError(
            f"the state of {workspace.name} cannot be read: the http backend keeps one state and has no workspace "
            f"{workspace.terraform_workspace}; leave out terraform_workspace"
        )

    def setting(name: str) -> str | None:
        value = config.get(name)
        return environment.get(f"TF_HTTP_{name.upper()}") if value is None else str(value)

    address = setting("address")
    if address is None or setting("client_certificate_pem") or setting("client_ca_certificate_pem"):
        raise NotDirectError
    context = None
    if str(setting("skip_cert_verification")).lower() in ("true", "1"):
        import ssl

        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    username, password = setting("username"), setting("password")
    authorization = None
    if username is not None:
        pair = f"{username}:{password or ''}".encode()
        authorization = f"Basic {base64.b64encode(pair).decode()}"
    try:
        return ask(address, method=method, authorization=authorization, context=context)
    except UnreachableError as error:
        raise StateError(
            f"the state of {workspace.name} cannot be read: {error}; see address in its backend"
        ) from error
