"""One HTTP request for a state, with the patience that a service's limits ask for."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from email.message import Message
    from urllib.request import Request

_ATTEMPTS = 5
_SECONDS = 30.0
_LONGEST_PAUSE = 10.0
_AGAIN = frozenset({429, 500, 502, 503, 504})


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

    `authorization` goes to this address only, never to where the server may redirect to. `pause` is in seconds, the
    first one, when the server names none.
    """
    import http.client
    import urllib.error
    import urllib.request

    try:
        request = urllib.request.Request(url, method=method)  # noqa: S310 - looked at in the next line
        if request.type not in ("http", "https"):
            raise UnreachableError("its address is neither http nor https")
        if authorization is not None:
            request.add_unredirected_header("Authorization", authorization)
        attempt = 1
        while True:
            answer = _once(request, context)
            if answer.status not in _AGAIN or attempt == _ATTEMPTS:
                return answer
            named = answer.headers.get("retry-after", "")
            time.sleep(min(float(named) if named.isdigit() else pause * 2**attempt, _LONGEST_PAUSE))
            attempt += 1
    except urllib.error.URLError as error:
        reason = getattr(error.reason, "strerror", None) or type(error.reason).__name__
        raise UnreachableError(f"the server could not be reached ({reason})") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise UnreachableError(f"the server could not be reached ({type(error).__name__})") from error


def _once(request: Request, context: ssl.SSLContext | None) -> Answer:
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(request, timeout=_SECONDS, context=context) as response:  # noqa: S310 - as above
            return Answer(response.status, _lower(response.headers), response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, _lower(error.headers), b"")


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
