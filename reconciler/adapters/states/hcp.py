"""States in HCP Terraform and Terraform Enterprise, of `cloud` blocks and the `remote` backend, through their API.

https://developer.hashicorp.com/terraform/cloud-docs/api-docs/state-versions. One request tells the version of a state,
and whether it is locked; three fetch it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from reconciler.adapters.states.web import Answer, NotDirectError, UnreachableError, ask
from reconciler.errors import StateError
from reconciler.model import Json, JsonObject, Workspace

_SCHEME = "https"
_HOST = "app.terraform.io"
_CREDENTIALS = r'credentials\s+"{host}"\s*\{{[^}}]*?\btoken\s*=\s*"([^"]+)"'
_COMMENT = re.compile(r"^[ \t]*(?:#|//).*", re.MULTILINE)


_APPLYING = ("confirmed", "queuing_apply", "pre_apply", "apply", "post_apply")
"""How the statuses of a run begin that is allowed to change something."""


class _Place(NamedTuple):
    """Where a state lies, and what opens it."""

    host: str
    organization: str
    name: str
    token: str


def read(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> bytes | None:
    """Return the current state version's content, None when there is none yet; raises StateError, NotDirectError."""
    place = _place(workspace, config, environment)
    found = quote(str(_workspace(workspace, place).get("id")), safe="")
    base = f"{_SCHEME}://{place.host}/api/v2/"
    current = _get(workspace, place, f"{base}workspaces/{found}/current-state-version")
    if current is None:
        return None
    link = _part(_data(workspace, current), "attributes", "hosted-state-download-url")
    if not isinstance(link, str):
        raise StateError(f"the state of {workspace.name} at {place.host} cannot be read: it has no download address")
    content = _get(workspace, place, link)
    if content is None or not content.body.strip():  # its upload is pending, or was lost
        raise StateError(f"the state of {workspace.name} at {place.host} cannot be read: its content is not there")
    return content.body


def version(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> str | None:
    """Return the id of the current state version, `none` when there is none yet; raises StateError, NotDirectError."""
    current = _part(
        _workspace(workspace, _place(workspace, config, environment)), "relationships", "current-state-version"
    )
    if not isinstance(current, dict) or "data" not in current:
        return None
    return "none" if current["data"] is None else str(_part(current, "data", "id"))


def lock(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> str | None:
    """Return what holds the workspace's lock, None when nothing does; raises StateError, NotDirectError.

    A run that only plans, or waits for a person, holds it too and changes nothing.
    """
    place = _place(workspace, config, environment)
    found = _workspace(workspace, place)
    if not _part(found, "attributes", "locked"):
        return None
    kind, holder = (_part(found, "relationships", "locked-by", "data", name) for name in ("type", "id"))
    if kind == "runs":
        status = None
        with suppress(StateError):  # a run that may not be read holds the lock all the same
            run = _get(workspace, place, f"{_SCHEME}://{place.host}/api/v2/runs/{quote(str(holder), safe='')}")
            status = None if run is None else _part(_data(workspace, run), "attributes", "status")
        if isinstance(status, str) and not status.startswith(_APPLYING):
            return None
    return f"{holder or 'somebody'} at {place.host}"


def _workspace(workspace: Workspace, place: _Place) -> JsonObject:
    organization, name = (quote(each, safe="") for each in (place.organization, place.name))
    answer = _get(workspace, place, f"{_SCHEME}://{place.host}/api/v2/organizations/{organization}/workspaces/{name}")
    if answer is None:
        raise StateError(
            f"the state of {workspace.name} cannot be read: {place.host} has no workspace {place.name} in "
            f"{place.organization}, or the token may not see it"
        )
    return _data(workspace, answer)


def _get(workspace: Workspace, place: _Place, url: str) -> Answer | None:
    try:
        url = urljoin(f"{_SCHEME}://{place.host}/", url)
        own = urlsplit(url).netloc == place.host
        answer = ask(url, authorization=f"Bearer {place.token}" if own else None)
    except UnreachableError as error:
        raise StateError(f"the state of {workspace.name} at {place.host} cannot be read: {error}") from error
    except ValueError as error:
        raise StateError(
            f"the state of {workspace.name} cannot be read: {place.host} names no usable address"
        ) from error
    if answer.status == 200:
        return answer
    if answer.status == 404:
        return None
    why = "; check its token" if answer.status in (401, 403) else ""
    raise StateError(f"the state of {workspace.name} cannot be read: {place.host} answers {answer.status}{why}")


def _data(workspace: Workspace, answer: Answer) -> JsonObject:
    try:
        data = json.loads(answer.body)["data"]
    except (ValueError, KeyError, TypeError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise StateError(f"the state of {workspace.name} cannot be read: the API's answer is not its own")
    return data


def _part(value: Json, *names: str) -> Json:
    """Return what lies so deep in a JSON value, None when it does not."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _place(workspace: Workspace, config: JsonObject, environment: Mapping[str, str]) -> _Place:
    """Return the place; raises NotDirectError where only terraform knows it, such as behind a credentials helper."""
    host = config.get("hostname") or environment.get("TF_CLOUD_HOSTNAME") or _HOST
    organization = config.get("organization") or environment.get("TF_CLOUD_ORGANIZATION")
    chosen = config.get("workspaces") or {}
    chosen = chosen[0] if isinstance(chosen, list) else chosen
    name = chosen.get("name") or f"{chosen.get('prefix') or ''}{workspace.terraform_workspace}"
    token = config.get("token") or next(_tokens(str(host), environment), None)
    if not organization or not token:
        raise NotDirectError
    return _Place(str(host), str(organization), str(name), str(token))


def _tokens(host: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Yield tokens for a host in Terraform's order, then the one of its provider for this service.

    https://developer.hashicorp.com/terraform/cli/config/config-file#credentials.
    """
    encoded = host.replace("-", "__").replace(".", "_")
    home = Path(environment.get("HOME") or "/")
    named = environment.get("TF_CLI_CONFIG_FILE")
    files = ([Path(named)] if named else []) + [home / ".terraformrc"]
    if (found := environment.get(f"TF_TOKEN_{encoded}")) is not None:
        yield found
    for file in files:
        written = re.search(_CREDENTIALS.format(host=re.escape(host)), _COMMENT.sub("", _text(file)), re.DOTALL)
        if written:
            yield written.group(1)
    try:
        stored = json.loads(_text(home / ".terraform.d" / "credentials.tfrc.json") or "{}")
        yield stored["credentials"][host]["token"]
    except (ValueError, KeyError, TypeError):
        pass
    if (found := environment.get("TFE_TOKEN")) is not None:
        yield found


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
