"""Falco's alerts as they are posted over HTTP: kept on the disk until they are handled."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reconciler.adapters.cloudtrail.envelopes import Item
from reconciler.adapters.cloudtrail.reading import read_records
from reconciler.adapters.falco.endpoint import Application, Server
from reconciler.adapters.falco.spool import Spool
from reconciler.errors import SourceError
from reconciler.model import Skipped

_LOG = logging.getLogger(__name__)
_ALERT = re.compile(r"\d{20}-[0-9a-f]{12}\.json")  # as a spool names them: a folder may be called so for another reason


class FalcoPosts:
    """Alerts posted to an address (`127.0.0.1:2801`) while it listens; what waits on the disk is read at any time.

    An alert is answered when it is on the disk, and forgotten in `acknowledge`: a kill in between repeats it, and
    loses none. `only` is that of `read_records`.
    """

    remembers = True

    def __init__(self, address: str, secret: str, spool: Spool, *, only: frozenset[str] = frozenset()) -> None:
        self._address = address
        self._secret = secret
        self._spool = spool
        self._only = only
        self._told: list[str] = []
        self._server: Server | None = None

    @property
    def name(self) -> str:
        """Return the feed's name."""
        return f"falco:http://{self._address}"

    def records(self, cursor: str | None) -> Iterator[Item]:
        """Yield what the alerts tell that wait on the disk; raises SourceError."""
        self._told = []
        others = 0
        try:
            for name, file in self._spool.read(self._spool.names()):
                for item in self._alert(name, file):
                    if isinstance(item, Skipped) and item.reason == "other_service":
                        others += item.count
                    else:
                        yield item
                self._told.append(name)
        except OSError as error:
            raise SourceError(f"{self.name}: what waits cannot be read: {error.strerror}") from error
        if others:
            yield Skipped(reason="other_service", where=self.name, count=others)

    def cursor(self) -> str | None:
        """Return None: what has been handled is there no more."""
        return None

    def acknowledge(self) -> None:
        """Forget the alerts handed out, broken ones too: they have been told. Raises SourceError."""
        told, self._told = self._told, []
        try:
            self._spool.remove(told)
        except OSError as error:
            raise SourceError(f"{self.name}: what is handled cannot be removed: {error.strerror}") from error

    def listen(self, wake: Callable[[], None]) -> None:
        """Take alerts from now on, and call `wake` for each; raises SourceError when the address is taken."""
        host, _, port = self._address.rpartition(":")
        self._server = Server(Application(self._spool, self._secret, wake), host.strip("[]"), int(port))

    def close(self) -> None:
        """Take no more alerts."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _alert(self, name: str, file: Path) -> Iterator[Item]:
        try:
            stream = file.open("rb")
        except FileNotFoundError:  # another process was quicker
            return
        with stream:
            yield from read_records(stream, f"{self.name}/{name}", self._only)


def spool_directory(beside: Path, address: str) -> Path:
    """Return where the alerts of an address are kept, beside the ledger."""
    return beside / f"falco-{'-'.join(re.findall('[0-9A-Za-z.]+', address))}"


def take_over(beside: Path, addresses: Sequence[str]) -> None:
    """Hand what waits for addresses that are configured no more to the first of `addresses`: it was accepted.

    Where there is none, or the disk refuses, a warning says so.
    """
    own = [spool_directory(beside, address) for address in addresses]
    for found in beside.glob("falco-*/"):
        if found in own:
            continue
        old = Spool(found)
        try:
            waiting = [name for name in old.names() if _ALERT.fullmatch(name)]
            if waiting and own:
                old.hand_over(waiting, own[0])
            elif waiting:
                _LOG.warning("%s: %d alerts wait, and no source with listen takes them", old.directory, len(waiting))
        except OSError as error:
            _LOG.warning("%s: what waits cannot be taken over: %s", old.directory, error.strerror)
