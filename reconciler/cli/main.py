"""The program: its commands, and the one edge at which every failure becomes a sentence and an exit code."""

from __future__ import annotations

import contextlib
import errno
import gc
import importlib
import io
import os
import signal
import sys
import traceback
import weakref
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Annotated, Never

import typer

from reconciler import __version__
from reconciler.errors import ReconcilerError

_BUG = 3
_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}

# In the order of `--help`: a command's name, and the module of reconciler.cli with the function of that name
# (underscores for hyphens).
COMMANDS = (
    ("demo", "demo"),
    ("sandbox", "sandbox"),
    ("events", "events"),
    ("workspaces", "workspaces"),
    ("run", "run"),
    ("watch", "watch"),
    ("reconcile", "reconcile"),
    ("status", "history"),
    ("history", "history"),
    ("falco-rules", "falco_rules"),
    ("schema", "schema"),
)


class Stopped(BaseException):
    """A signal that ends the program, as an exception: everything unwinds as it does on ^C."""

    def __init__(self, number: int) -> None:
        self.number = number


_AGAIN = 0.5
"""Seconds after which a stop that was swallowed is raised again."""


class _Stop:
    """Raises `Stopped` for a signal, until it gets through.

    Finalizers and callbacks of extensions let no exception out: it ends there. While it is on its way it lives, and
    what it unwinds is not to be stopped by a second signal.
    """

    def __init__(self) -> None:
        self._on_its_way: Callable[[], Stopped | None] = lambda: None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self._on_its_way() is None:
            signal.signal(signal.SIGALRM, lambda _alarm, frame: self(number, frame))
            signal.setitimer(signal.ITIMER_REAL, _AGAIN, _AGAIN)
            raise self._made(number)

    def _made(self, number: int) -> Stopped:
        stopped = Stopped(number)  # not in a frame that raises it, which would keep it alive
        self._on_its_way = weakref.ref(stopped)
        return stopped


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"reconciler {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Terraform drift reconciliation for Amazon ECS: CloudTrail event in, proven pull request out."""


def make_app(words: Sequence[str] = ()) -> typer.Typer:
    """Return the program with the command that a command line of these words names; with all where it names none.

    Typer works out every option of every command that it is given.
    """
    app = typer.Typer(
        name="reconciler",
        epilog="Exit codes: 0 done, 1 something failed, 2 usage or configuration, 3 a bug, 4 drift left with "
        "--exit-code, 130 interrupted.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,  # plain help: rich takes longer to import than everything else
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name, module in [row for row in COMMANDS if row[0] in words[:1]] or COMMANDS:
        function = getattr(importlib.import_module(f"reconciler.cli.{module}"), name.replace("-", "_"))
        app.command(name)(function)
    return app


def main() -> Never:
    """Run the command line and exit with the contract's code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no failure
    stop = _Stop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup leaves it
            signal.signal(number, stop)
    gc.set_threshold(10_000)  # what is imported is no garbage: it need not be searched every 700 objects
    code = run(sys.argv[1:])
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is stop:
            signal.signal(number, signal.SIG_DFL)  # nothing is left to unwind
    gc.freeze()  # the process ends: searching all that was imported for cycles would take 0.07 s
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns its exit code and raises nothing."""
    try:
        code = _invoke(arguments)
        sys.stdout.flush()
    except ReconcilerError as error:
        _complain("\n".join(f"error: {line}" for line in str(error).splitlines()))
        code = error.exit_code
    except KeyboardInterrupt:
        code = 128 + signal.SIGINT
    except Stopped as stopped:
        _complain(f"stopped by {signal.Signals(stopped.number).name}")
        code = 128 + stopped.number
    except BrokenPipeError:
        _silence_stdout()
        code = 1
    except Exception as error:
        code = _unexpected(error, arguments)
    return code


def _invoke(arguments: Sequence[str]) -> int:
    """Run Typer, which explains usage errors itself; returns the exit code."""
    try:
        make_app(arguments)(args=list(arguments), prog_name="reconciler")
    except SystemExit as exit_:
        if isinstance(exit_.code, str):
            _complain(exit_.code)
            return 1
        return exit_.code or 0
    return 0


def _unexpected(error: Exception, arguments: Sequence[str]) -> int:
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        _silence_stdout()
        _complain(f"error: the output could not be written: {error.strerror}")
        return 1
    from reconciler.cli.bugreport import bug_report

    _complain(bug_report(arguments, traceback.format_exc(), os.environ))
    return _BUG


def _complain(text: str) -> None:
    from reconciler.cli.console import harmless

    with contextlib.suppress(OSError):  # nobody reads stderr either
        sys.stderr.write(f"{harmless(text)}\n")
        sys.stderr.flush()


def _silence_stdout() -> None:
    """Keep the interpreter from complaining once more when it flushes what is left at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
