"""The HTTP server around the front door: loopback only, in threads, all of which are gone when it stops."""

from __future__ import annotations

import socket
from contextlib import suppress
from threading import Lock, Thread, current_thread
from time import monotonic
from typing import Any

from reconciler.errors import SandboxError
from reconciler.sandbox.front import WsgiApplication

_HOST = "127.0.0.1"
_PATIENCE = 5.0  # seconds that the threads of all open connections get to end


class Httpd:
    """Serves a WSGI application from construction to `stop`. `port` 0 takes a free one.

    Raises SandboxError when the port cannot be had.
    """

    def __init__(self, application: WsgiApplication, port: int) -> None:
        # werkzeug's own binding prints and ends the process when the port is taken, so it gets a bound socket.
        listener = _bind(port)
        try:
            self._server = _server_class()(_HOST, 0, application, handler=_handler_class(), fd=listener.fileno())
        finally:
            listener.close()
        self.port: int = self._server.server_address[1]
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="sandbox-httpd", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop accepting, end the open connections and wait for their threads."""
        self._server.shutdown()
        self._thread.join()
        self._server.end_connections()


def _bind(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_HOST, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        raise SandboxError(
            f"port {port} on {_HOST} cannot be used ({error}): choose another with --port, or 0 for a free one"
        ) from None
    return listener


def _handler_class() -> type[Any]:
    from moto.moto_server import werkzeug_app
    from werkzeug.serving import WSGIRequestHandler

    # moto has its own handler since 5.2; it keeps underscores in S3 metadata names.
    base: type[Any] = getattr(werkzeug_app, "MotoRequestHandler", WSGIRequestHandler)

    def log(self: Any, *_: Any) -> None:
        """Say nothing: the caller sees its answer, and the records show the call."""

    return type("QuietHandler", (base,), {"log": log, "log_request": log, "protocol_version": "HTTP/1.1"})


def _server_class() -> type[Any]:
    from werkzeug.serving import ThreadedWSGIServer

    class Server(ThreadedWSGIServer):
        """Remembers connections: clients may keep them open, and each holds a thread that would outlive the server."""

        def __init__(self, *args: Any, **options: Any) -> None:
            self._connections: dict[Thread, socket.socket] = {}
            self._guard = Lock()
            super().__init__(*args, **options)

        def process_request(self, request: Any, client_address: Any) -> None:
            thread = Thread(target=self._serve, args=(request, client_address), name="sandbox-call", daemon=True)
            with self._guard:
                self._connections[thread] = request
            thread.start()

        def _serve(self, request: Any, client_address: Any) -> None:
            try:
                self.process_request_thread(request, client_address)
            finally:
                with self._guard:
                    del self._connections[current_thread()]

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Say nothing: what reaches this is a client that went away."""

        def end_connections(self) -> None:
            with self._guard:
                still_open = dict(self._connections)
            for connection in still_open.values():
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            deadline = monotonic() + _PATIENCE
            for thread in still_open:
                thread.join(max(0.0, deadline - monotonic()))

    return Server
