"""The sandbox's front door, a WSGI layer over moto: it records calls and answers LookupEvents.

Enters and leaves: HTTP. A call that moto cannot answer gets a client error with a plain sentence, never a 500: SDKs
retry server errors, and Terraform then hangs for ten minutes on a gap that no retry can close.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

from reconciler.sandbox.identities import of_access_key
from reconciler.sandbox.lookup import LookupRefusedError, lookup_events
from reconciler.sandbox.records import RECORDED, as_record
from reconciler.sandbox.trail import Trail
from reconciler.sandbox.wire import Call, credential_scope, read_answer, read_call

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApplication = Callable[[Environ, StartResponse], Iterable[bytes]]

_LOG = logging.getLogger(__name__)
_WHOLLY_RECORDED = frozenset({"ecs", "application-autoscaling"})
_UNDERSTOOD = {name: service.model for name, service in RECORDED.items()} | {"cloudtrail": "cloudtrail"}


class FrontDoor:
    """Wraps moto's WSGI application with the recorder."""

    def __init__(self, moto: WsgiApplication, trail: Trail) -> None:
        self._moto = moto
        self._trail = trail
        self._opened = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        call = read_call(environ, _UNDERSTOOD)
        if call and (call.service, call.action) == ("cloudtrail", "LookupEvents"):
            status, headers, body = self._lookup(call)
        else:
            try:
                status, headers, body = _run(self._moto, environ)
            except Exception as error:
                return _respond(start_response, *_refuse(environ, error))
            if call and _worth_recording(call):
                headers = _with_request_id(headers)
                self._record(call, status, headers, body)
        return _respond(start_response, status, headers, body)

    def _record(self, call: Call, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        answer = read_answer(status, headers, body)
        identity = of_access_key(call.access_key)
        self._trail.add(as_record(call, answer, identity, datetime.now(UTC), self._opened))

    def _lookup(self, call: Call) -> tuple[str, list[tuple[str, str]], bytes]:
        try:
            return _json("200 OK", lookup_events(call.body, self._trail.records(call.region)))
        except LookupRefusedError as refusal:
            return _json("400 Bad Request", {"__type": refusal.code, "message": str(refusal)})


def _worth_recording(call: Call) -> bool:
    """Tell whether the recorder keeps the call: everything of ECS and its scaling, other services' changes only."""
    return call.service in RECORDED and (call.service in _WHOLLY_RECORDED or not call.read_only)


def _with_request_id(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give the answer a request id in AWS's form; moto's are 52 letters long."""
    others = [header for header in headers if header[0].lower() != "x-amzn-requestid"]
    return [*others, ("x-amzn-RequestId", str(uuid4()))]


def _run(application: WsgiApplication, environ: Environ) -> tuple[str, list[tuple[str, str]], bytes]:
    """Run a WSGI application to its end and return status, headers and body."""
    begun: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        begun[:] = [status, headers]
        return lambda data: None

    chunks = application(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()
    return begun[0], list(begun[1]), body


def _refuse(environ: Environ, error: Exception) -> tuple[str, list[tuple[str, str]], bytes]:
    scope = credential_scope(environ)
    service = scope[2] if scope else "unknown"
    if isinstance(error, NotImplementedError):  # raised by moto; told to the caller as the code below
        code, text = "NotImplementedBySandbox", f"the sandbox does not offer this operation of {service}: {error}"
    else:
        code, text = "SandboxFailure", f"the sandbox failed in an operation of {service}: {type(error).__name__}"
        _LOG.warning("%s", text, exc_info=error)
    if environ.get("HTTP_X_AMZ_TARGET") or service in ("eks",):
        return _json("400 Bad Request", {"__type": code, "message": text})
    detail = f"<Error><Code>{code}</Code><Message>{escape(text)}</Message></Error>"
    wrap = "<Response><Errors>{}</Errors></Response>" if service == "ec2" else "<ErrorResponse>{}</ErrorResponse>"
    return "400 Bad Request", [("Content-Type", "text/xml")], wrap.format(detail).encode()


def _json(status: str, content: Any) -> tuple[str, list[tuple[str, str]], bytes]:
    return status, [("Content-Type", "application/x-amz-json-1.1")], json.dumps(content).encode()


def _respond(
    start_response: StartResponse, status: str, headers: list[tuple[str, str]], body: bytes
) -> Iterable[bytes]:
    length = ("Content-Length", str(len(body)))
    # An empty body may belong to HEAD, whose Content-Length speaks of the body that GET would have.
    kept = [header for header in headers if not body or header[0].lower() != "content-length"]
    start_response(status, [*kept, length] if body else kept)
    return [body]
