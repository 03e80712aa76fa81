"""A server on loopback that keeps states, and who asks it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from reconciler.model import Workspace

STATE = json.dumps({"version": 4, "serial": 7, "lineage": "l", "resources": []}).encode()
TOKEN = "secret-token"


class Server:
    """`answers` maps paths to (status, body, headers), or to a list of those, one for each request in turn."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, str, str | None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.command, self.path, self.headers.get("Authorization")))
                found = outer.answers.get(self.path, (404, b"", {}))
                status, body, headers = found.pop(0) if isinstance(found, list) else found
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def do_HEAD(self) -> None:
                self.do_GET()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Terraform:
    """A terraform that can only pull."""

    def __init__(self) -> None:
        self.pulled = 0

    def initialise(self, workspace: Workspace) -> None:
        pass

    def workspaces(self, workspace: Workspace) -> frozenset[str]:
        return frozenset({"default"})

    def pull_state(self, workspace: Workspace) -> bytes:
        self.pulled += 1
        return STATE


def workspace(directory: Path, kind: str, name: str = "default", **config: Any) -> Workspace:
    (directory / ".terraform").mkdir()
    (directory / ".terraform" / "terraform.tfstate").write_text(
        json.dumps({"backend": {"type": kind, "config": config}})
    )
    return Workspace(name="prod", path=directory, terraform_workspace=name)
