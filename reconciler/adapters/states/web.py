"""One HTTP request for a state, with the patience that a service's limits ask for."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from reconciler.adapters.states.patience import HURRIED_SECONDS, PATIENCE

if TYPE_CHECKING:
    import ssl
    from email.message import Message
    from http.client import HTTPResponse
    from urllib.request import HTTPRedirectHandler, Request

_ATTEMPTS = 5
_SECONDS = 30.0
_LONGEST_PAUSE = 10.0
_SLOWEST = 10_000
"""Bytes per second that an answer must bring on average, but for the seconds that it may take to come."""
_STRETCH = 2**16
_BUSY = 429
_FAILED = frozenset({500, 502, 503, 504})


class NotDirectError(Exception):
    """A state that only terraform itself can get at: its configuration asks for what is not done here."""


class UnreachableError(Exception):
    """No answer came; the text says why, without the address: it may hold credentials."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(
    url: str,
    *,
    method: str = "GET",
    authorization: str | None = None,
    context: ssl.SSLContext | None = None,
    pause: float = 0.5,
) -> Answer:
    """Return the answer, after a few attempts where the server is busy; raises UnreachableError.

    One attempt where the server failed a moment ago. `authorization` goes to this host only, not to another that the
    server may redirect to. `pause` is in seconds, the first one, when the server names none.
    """
    import http.client
    import urllib.error
    import urllib.request

    try:
        request = urllib.request.Request(url, method=method)  # noqa: S310 - opens nothing; the scheme is checked first
    except ValueError as error:
        raise UnreachableError("its address is none") from error
    if request.type not in ("http", "https"):
        raise UnreachableError("its address is neither http nor https")
    if authorization is not None:
        request.add_unredirected_header("Authorization", authorization)
    try:
        answer = _patiently(request, context, pause)
    except urllib.error.URLError as error:
        PATIENCE.note(request.host, answered=False)
        reason = getattr(error.reason, "strerror", None) or type(error.reason).__name__
        raise UnreachableError(f"the server could not be reached ({reason})") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        PATIENCE.note(request.host, answered=False)
        raise UnreachableError(f"the server could not be reached ({type(error).__name__})") from error
    PATIENCE.note(request.host, answered=answer.status not in _FAILED)
    return answer


def _patiently(request: Request, context: ssl.SSLContext | None, pause: float) -> Answer:
    attempt = 1
    while True:
        hurried = PATIENCE.is_spent(request.host)
        answer = _once(request, context, HURRIED_SECONDS if hurried else _SECONDS)
        again = answer.status == _BUSY or (answer.status in _FAILED and not hurried)
        if not again or attempt == _ATTEMPTS:
            return answer
        named = answer.headers.get("retry-after", "")
        time.sleep(min(float(named) if named.isdigit() else pause * 2**attempt, _LONGEST_PAUSE))
        attempt += 1


def _once(request: Request, context: ssl.SSLContext | None, seconds: float) -> Answer:
    import urllib.error
    import urllib.request

    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _redirections()())
    begun = time.monotonic()
    try:
        with opener.open(request, timeout=seconds) as response:
            return Answer(response.status, _lower(response.headers), _content(response, begun + seconds))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _lower(error.headers), b"")


def _content(response: HTTPResponse, due: float) -> bytes:
    """Return what a server sends; raises TimeoutError when it drips: the time-out of a connection is for each read."""
    import http.client

    content = bytearray()
    while part := response.read1(_STRETCH):
        content += part
        if time.monotonic() > due + len(content) / _SLOWEST:
            raise TimeoutError
    if response.length:  # which `read` would have looked at
        raise http.client.IncompleteRead(bytes(content), response.length)
    return bytes(content)


@cache
def _redirections() -> type[HTTPRedirectHandler]:
    # Made when it is needed: what it is made of takes long to import.
    from urllib.request import HTTPRedirectHandler

    class Redirections(HTTPRedirectHandler):
        """As Terraform's client: a HEAD stays one, and the same host is told who asks."""

        def redirect_request(self, req: Request, *rest: Any) -> Request | None:
            """Return the request to follow with."""
            redirected = super().redirect_request(req, *rest)
            if redirected is None:
                return None
            redirected.method = req.get_method()
            authorization = req.unredirected_hdrs.get("Authorization")
            if authorization is not None and _is_same_host(req.full_url, redirected.full_url):
                redirected.add_unredirected_header("Authorization", authorization)
            return redirected

    return Redirections


def _is_same_host(url: str, other: str) -> bool:
    before, after = urlsplit(url), urlsplit(other)
    return before.hostname == after.hostname and (before.scheme, after.scheme) != ("https", "http")


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
