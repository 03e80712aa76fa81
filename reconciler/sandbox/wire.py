"""API calls as they pass the sandbox's front door: enough of the AWS protocols to say who called what.

Enters: a WSGI environment. Leaves: a `Call`. Only what the recorder and LookupEvents need is understood: JSON 1.x
(ECS, Application Auto Scaling, Cloud Map, CloudTrail), REST-JSON (EKS) and the flat part of the query protocol (IAM);
every other call passes unread.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/([^/,\s]+)/aws4_request")
_READ_PREFIXES = ("Describe", "List", "Get", "Discover", "Lookup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One API call. `service` is the SigV4 signing name, `body` the JSON input with path parameters added."""

    access_key: str
    region: str
    service: str
    action: str
    body: Mapping[str, Any] = field(default_factory=dict)
    user_agent: str = ""

    @property
    def read_only(self) -> bool:
        """Tell whether the action only reads, as CloudTrail's `readOnly`."""
        return self.action.startswith(_READ_PREFIXES)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said: `error` is a code and a message for failed calls, else None."""

    request_id: str
    body: Mapping[str, Any]
    error: tuple[str, str] | None = None


def credential_scope(environ: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Return access key, region and service of a request signed with Signature Version 4, else None."""
    found = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    return (found[1], found[2], found[3]) if found else None


def read_call(environ: dict[str, Any], services: Mapping[str, str]) -> Call | None:
    """Return the call when it goes to one of `services` (signing name -> botocore's name), else None.

    The request's body stays readable for whoever comes next.
    """
    scope = credential_scope(environ)
    if scope is None or scope[2] not in services:
        return None
    access_key, region, service = scope
    content = _body(environ)
    body = _json_object(content)
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        route: tuple[str, dict[str, str]] | None = target.rpartition(".")[2], {}
    else:
        route = _query_route(environ, content) or _rest_route(services[service], environ)
    if route is None:
        return None
    action, parameters = route
    return Call(
        access_key=access_key,
        region=region,
        service=service,
        action=action,
        body={**parameters, **body},
        user_agent=environ.get("HTTP_USER_AGENT", ""),
    )


def read_answer(status: str, headers: list[tuple[str, str]], body: bytes) -> Answer:
    """Return the decoded answer of a JSON protocol; status codes from 300 on are errors."""
    content = _json_object(body)
    by_name = {name.lower(): value for name, value in headers}
    request_id = by_name.get("x-amzn-requestid") or str(uuid4())
    if int(status.split(" ", 1)[0]) < 300:
        return Answer(request_id, content)
    if body.lstrip().startswith(b"<"):
        return Answer(request_id, {}, _xml_error(body.decode(errors="replace")))
    code = content.get("__type") or by_name.get("x-amzn-errortype") or content.get("code") or "InternalFailure"
    message = content.get("message") or content.get("Message") or ""
    return Answer(request_id, {}, (str(code).rpartition("#")[2].partition(":")[0], str(message)))


def _body(environ: dict[str, Any]) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body or b"{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _query_route(environ: Mapping[str, Any], content: bytes) -> tuple[str, dict[str, str]] | None:
    """Return the action and the plain members of a form; lists, such as tags, are left out."""
    if not str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded"):
        return None
    form = dict(parse_qsl(content.decode(errors="replace"), keep_blank_values=True))
    action = form.pop("Action", "")
    form.pop("Version", None)
    return (action, {name: value for name, value in form.items() if "." not in name}) if action else None


def _xml_error(text: str) -> tuple[str, str]:
    found = [re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL) for name in ("Code", "Message")]
    code, message = (unescape(match[1]) if match else "" for match in found)
    return code or "InternalFailure", message


def _rest_route(service: str, environ: Mapping[str, Any]) -> tuple[str, dict[str, str]] | None:
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
    for verb, pattern, action in _rest_routes(service):
        found = pattern.fullmatch(path) if verb == method else None
        if found:
            return action, {name: unquote(value) for name, value in found.groupdict().items()}
    return None


@cache
def _rest_routes(service: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    from reconciler.sandbox.shapes import service_model

    model = service_model(service)
    routes = []
    for action in model.operation_names:
        http = model.operation_model(action).http
        path = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", http["requestUri"].partition("?")[0])
        routes.append((http["method"], re.compile(path), action))
    return tuple(routes)
