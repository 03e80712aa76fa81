"""Where Falco and falcosidekick post alerts to: a small WSGI application, and the server that runs it."""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
from collections.abc import Callable, Iterable
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from reconciler.adapters.cloudtrail.jsonvalues import DECODER
from reconciler.adapters.falco.spool import FullError, Spool
from reconciler.errors import SourceError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LARGEST = 1024 * 1024
"""Bytes that one alert may have: CloudTrail's records stay below 256 KB, and an alert may hold one twice."""

_LOG = logging.getLogger(__name__)
logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it tells of every request that waits for a thread
_RETRY = ("Retry-After", "30")
_SILENCE = 5  # seconds without a byte, after which a client is let go
_CONNECTIONS = 100
_THREADS = 4
_TURN = 1.0

Answer = tuple[str, str, tuple[tuple[str, str], ...]]
"""Status, text, and further headers."""


class Application:
    """Takes one alert a request, and answers 204 only when it is on the disk.

    The secret is asked for before anything else is looked at: as a bearer token (falcosidekick's custom headers), or as
    the password of any user (Falco's http_output knows only `http://user:password@host`). Requests are not logged.
    """

    def __init__(self, spool: Spool, secret: str, wake: Callable[[], None]) -> None:
        self._spool = spool
        self._secret = secret.encode()
        self._wake = wake

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        status, text, headers = self._answer(environ)
        content = text.encode()
        sized = () if status.startswith("204") else (("Content-Length", str(len(content))),)
        start_response(status, [("Content-Type", "text/plain; charset=utf-8"), *sized, *headers])
        return [content]

    def _answer(self, environ: WSGIEnvironment) -> Answer:
        method = environ["REQUEST_METHOD"]
        if method == "GET" and environ.get("PATH_INFO") == "/healthz":
            return "200 OK", "ok\n", ()
        if not self._knows(environ.get("HTTP_AUTHORIZATION", "")):
            return "401 Unauthorized", "", (("WWW-Authenticate", 'Basic realm="reconciler"'),)
        if method != "POST":
            return "405 Method Not Allowed", "post an alert\n", (("Allow", "POST"),)
        content = environ["wsgi.input"].read(LARGEST + 1)
        if len(content) > LARGEST:
            return "413 Content Too Large", "an alert has 1 MB at most\n", ()
        if not _is_object(content):
            return "400 Bad Request", "no JSON object: set json_output: true in falco.yaml\n", ()
        return self._store(content)

    def _store(self, content: bytes) -> Answer:
        try:
            self._spool.put(content)
        except FullError:
            _LOG.error("too many alerts of Falco wait to be handled: this one is refused")
            return "503 Service Unavailable", "too many alerts wait\n", (_RETRY,)
        except OSError as error:
            _LOG.error("an alert of Falco cannot be stored and is refused: %s", error.strerror)
            return "503 Service Unavailable", "the alert cannot be stored\n", (_RETRY,)
        self._wake()
        return "204 No Content", "", ()

    def _knows(self, authorization: str) -> bool:
        scheme, _, given = authorization.strip().partition(" ")
        told = given.strip().encode("latin-1", "replace")
        if scheme.lower() == "basic":
            try:
                told = base64.b64decode(told, validate=True).partition(b":")[2]
            except binascii.Error:
                told = b""
        elif scheme.lower() != "bearer":
            told = b""
        return hmac.compare_digest(told, self._secret)


class Server:
    """An application on an address of this machine, from when it is made until it is closed.

    The threads are few and no more connections are taken than these threads can get to; a client that says nothing
    for five seconds is let go. Raises SourceError when the address is taken.
    """

    def __init__(self, application: Application, host: str, port: int) -> None:
        from waitress.server import create_server
        from waitress.trigger import trigger

        self._sockets: Any = {}  # by their numbers; the library's annotations contradict each other
        self._closing = Event()
        try:
            self._server = create_server(
                application,
                map=self._sockets,
                host=host,
                port=port,
                threads=_THREADS,
                connection_limit=_CONNECTIONS,
                channel_timeout=_SILENCE,
                cleanup_interval=1,
                max_request_body_size=LARGEST,
                max_request_header_size=16 * 1024,
                ident="",
            )
        except OSError as error:
            what = error.strerror or "the address is of no use"
            raise SourceError(f"cannot listen for Falco on {host}:{port}: {what}; choose another address") from error
        self._bell = trigger(self._sockets)
        self._thread = Thread(target=self._run, name="falco endpoint", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more requests, and finish those that are being answered."""
        # The loop itself sets it: once it is set, the loop closes the pipe that the trigger writes to.
        self._bell.pull_trigger(self._end)
        self._thread.join(timeout=_SILENCE)

    def _end(self, _: None = None) -> None:
        self._closing.set()

    def _run(self) -> None:
        from waitress import wasyncore

        while not self._closing.is_set():
            wasyncore.loop(timeout=_TURN, map=self._sockets, use_poll=True, count=1)
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=_SILENCE)
        wasyncore.loop(timeout=0, map=self._sockets, use_poll=True, count=1)  # what was answered goes out
        wasyncore.close_all(self._sockets)


def _is_object(content: bytes) -> bool:
    try:
        return isinstance(DECODER.decode(content.decode()), dict)
    except (ValueError, RecursionError):
        return False
