"""Where output goes: results to stdout or a file, everything else to stderr, progress only on a terminal."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reconciler.errors import UsageError
from reconciler.model import Finding
from reconciler.model.secrecy import without_secrets_in


class Console:
    """A command's output. `output` takes the result instead of stdout; it appears whole or not at all."""

    def __init__(self, *, verbose: bool = False, quiet: bool = False, output: Path | None = None) -> None:
        self.verbose = verbose
        self.quiet = quiet
        self._output = output
        if output is not None and not output.parent.is_dir():
            raise UsageError(f"--output: there is no directory {output.parent}; make it first")
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Masking("%(levelname)s %(name)s: %(message)s"))
        logging.basicConfig(handlers=[handler], force=True)
        logging.getLogger("reconciler").setLevel(logging.DEBUG if verbose else logging.WARNING)

    @property
    def on_terminal(self) -> bool:
        """Tell whether results appear on a terminal, beside what goes to stderr."""
        return self._output is None and sys.stdout.isatty()

    def result(self, text: str) -> None:
        """Write a result, ended by one line feed. Raises UsageError when the output file cannot be written."""
        text = text.rstrip("\n") + "\n"
        if self._output is None:
            sys.stdout.write(harmless(text))
        else:
            _write(self._output, text)

    def line(self, text: str) -> None:
        """Write one line of a result that comes in pieces to stdout at once."""
        sys.stdout.write(harmless(text) + "\n")
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """Tell what is going on, on stderr; silent with --quiet."""
        if not self.quiet:
            self._say(text)

    def detail(self, text: str) -> None:
        """Tell more, on stderr; only with --verbose."""
        if self.verbose:
            self._say(text)

    def foretell(self, finding: Finding, *, show_environment: bool) -> None:
        """Tell a predicted finding on stderr at once: the result comes later, and is one document."""
        from reconciler.report import finding_text

        self.note(finding_text(finding, show_environment=show_environment) + "\n")

    def warn(self, text: str) -> None:
        """Warn on stderr, also with --quiet."""
        self._say(f"warning: {text}")

    @contextmanager
    def progress(self, text: str) -> Iterator[Callable[[str], None]]:
        """Show that something is going on; the function yielded changes the text.

        A terminal gets a moving line that vanishes; elsewhere each text is a line of --verbose.
        """
        if self.quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
            self.detail(text)
            yield self.detail
            return
        from rich.console import Console as RichConsole
        from rich.text import Text

        with RichConsole(stderr=True).status(Text(text)) as status:
            yield lambda changed: status.update(Text(changed))

    def _say(self, text: str) -> None:
        with suppress(BrokenPipeError):  # nobody reads stderr; the result still counts
            sys.stderr.write(harmless(text) + "\n")
            sys.stderr.flush()


class _Masking(logging.Formatter):
    """What a log line quotes, as the values in a traceback, is nobody's to read."""

    def format(self, record: logging.LogRecord) -> str:
        return harmless(without_secrets_in(super().format(record), "***"))


def harmless(text: str) -> str:
    """Return text for a terminal: what others named, or terraform quotes, may hold control characters."""
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    from reconciler.report import visible_lines  # takes a while to import, and is hardly ever needed

    return visible_lines(text)


def _write(file: Path, text: str) -> None:
    name: str | None = None
    try:
        if file.exists() and not file.is_file():  # /dev/stdout, a named pipe
            file.write_text(text, encoding="utf-8")
            return
        descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).replace(file)
    except OSError as error:
        if name is not None:
            Path(name).unlink(missing_ok=True)
        raise UsageError(f"--output: {file} cannot be written: {error.strerror}") from error
