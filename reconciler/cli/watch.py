"""`reconciler watch`: cycles over the configured sources until it is told to stop."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.console import Console
from reconciler.cli.options import (
    CONFIG_DEFAULT,
    ConfigOption,
    NoPrsOption,
    PlainFormat,
    PlainFormatOption,
    QuietOption,
    SinceOption,
    VerboseOption,
    length_of_time,
)
from reconciler.errors import UsageError
from reconciler.model import RunReport

if TYPE_CHECKING:
    from reconciler.ports import EventSource


def watch(
    interval: Annotated[
        str, typer.Option("--interval", metavar="TIME", help="How often sources without news of their own are asked.")
    ] = "60s",
    since: SinceOption = None,
    no_prs: NoPrsOption = False,
    health_file: Annotated[
        Path | None, typer.Option("--health-file", metavar="FILE", help="Touch FILE after every cycle, for a probe.")
    ] = None,
    config: ConfigOption = CONFIG_DEFAULT,
    form: PlainFormatOption = PlainFormat.text,
    verbose: VerboseOption = False,
    quiet: QuietOption = False,
) -> None:
    """Watch the configured sources: run cycles until stopped.

    A queue's messages are taken up at once, other sources are asked at each interval.

    Findings go to stdout as each workspace is done, as text or one JSON object a line; without any, nothing does.

    SIGTERM or ^C finishes the plan in hand, stores, acknowledges and exits with 0; a second one breaks off.

    Example: reconciler watch --interval 5m --format json
    """
    from reconciler.adapters.leftovers import remove_leftovers
    from reconciler.cli.speaker import Speaker
    from reconciler.cli.wiring import configured_sources, load_settings, make_policy, make_tools
    from reconciler.pipeline import run_cycle
    from reconciler.watch import Bell, Told
    from reconciler.watch import watch as go_on

    console = Console(verbose=verbose, quiet=quiet)
    pause = length_of_time("--interval", interval).total_seconds()
    if pause < 1:
        raise UsageError("--interval: at least 1s")
    window = length_of_time("--since", since) if since else None
    settings = load_settings(config)
    sources = configured_sources(settings, window)
    bell = Bell()
    tools = make_tools(settings, remedies=not no_prs, progress=console.detail)
    tools = replace(tools, wait=bell.pause)
    policy = replace(make_policy(settings), list_quiet=False, hold=True)
    told = Told(time.monotonic)
    speaker = Speaker(console, form, health_file, told, show_environment=settings.report.show_environment)
    tools = replace(tools, predicted=speaker.foretell, known=speaker.part)

    def cycle(due: Sequence[EventSource], postponed: bool) -> RunReport:
        return run_cycle(replace(tools, sources=tuple(due)), replace(policy, told=told.known()), postponed=postponed)

    remove_leftovers()
    with _signals(bell.stop, tools.finish, lambda: bell.stopped):
        speaker.turned()
        console.note(
            f"watching {len(sources)} source{'' if len(sources) == 1 else 's'}, every {interval} at the latest"
        )
        go_on(sources, cycle, speaker, bell, interval=pause, clock=time.monotonic)
    console.note("stopped")


@contextmanager
def _signals(stop: Callable[[], None], finish: Callable[[], None], stopped: Callable[[], bool]) -> Iterator[None]:
    """End gently at the first SIGTERM or SIGINT, at once at the second; a hang-up ends what a terminal started only."""

    def end(number: int, frame: FrameType | None) -> None:
        if stopped():
            raise KeyboardInterrupt
        finish()
        stop()

    def ignore(number: int, frame: FrameType | None) -> None:
        """Reload nothing: the configuration is read at the start."""

    handlers = {signal.SIGTERM: end, signal.SIGINT: end, signal.SIGHUP: end if sys.stderr.isatty() else ignore}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
