"""`reconciler sandbox`: keeps the embedded AWS running and says how to use it."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from reconciler.sandbox import Sandbox

_DELIVERY_INTERVAL = 2.0  # seconds between CloudTrail log files; AWS takes about five minutes
_INTERRUPTED = 130


def sandbox(
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")
    ] = 0,
    directory: Annotated[
        Path | None,
        typer.Option(
            "--dir", metavar="DIR", file_okay=False, help="Keep the CloudTrail log files here; else they are temporary."
        ),
    ] = None,
    identity: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="NAME",
            help="Whose credentials to print; all of them are also AWS profiles of the same name.",
        ),
    ] = "terraform",
) -> None:
    """Run an embedded AWS that records CloudTrail.

    Prints shell `export` lines to use it, then runs until it is stopped. Every call to ECS and Application Auto
    Scaling becomes a CloudTrail record: in log files, in LookupEvents and in a queue. Needs the extra `sandbox`; no
    account is touched.

    Example: reconciler sandbox --dir /tmp/aws > aws.env &   then   . ./aws.env && aws ecs list-clusters
    """
    from reconciler.errors import SandboxError, UsageError
    from reconciler.sandbox import Sandbox
    from reconciler.sandbox.identities import named

    try:
        named(identity)
    except SandboxError as error:
        raise UsageError(f"--as: {error}") from error
    with _stop_signals() as (stopped, received), Sandbox(port, directory) as running:
        for line in introduction(running, identity):
            typer.echo(line)
        while not stopped.wait(_DELIVERY_INTERVAL):
            running.flush()
    if signal.SIGINT in received:
        raise typer.Exit(_INTERRUPTED)


def introduction(running: Sandbox, identity: str) -> Iterator[str]:
    """Yield the lines that the command prints: a shell script that sets the environment, the rest as comments."""
    yield f"# An embedded AWS runs at {running.endpoint}, as {identity}. In another terminal:"
    for name, value in running.environment(identity).items():
        yield f"export {name}={shlex.quote(value)}"
    yield f"# Other people: export AWS_PROFILE=NAME, without the keys above ({', '.join(running.identities)})"
    yield f"# CloudTrail log files: {_one_line(running.log_directory)}, and in the bucket {running.trail_bucket}"
    yield f"# EventBridge messages: {running.queue_url}"
    yield "# Stop it with Ctrl-C."


def _one_line(path: Path) -> str:
    return " ".join(str(path).splitlines())


@contextmanager
def _stop_signals() -> Iterator[tuple[Event, list[int]]]:
    """Yield an event that SIGINT and SIGTERM set, and the list of those received; then restore the handlers."""
    stopped, received = Event(), list[int]()

    def stop(number: int, _: Any) -> None:
        received.append(number)
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped, received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
