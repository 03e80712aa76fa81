from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from reconciler.watch import Bell, StoppedError
from reconciler.watch import bell as bell_module


def test_a_ring_before_the_wait_is_not_lost_and_counts_once() -> None:
    bell = Bell()
    bell.ring()
    bell.ring()
    started = time.monotonic()
    bell.wait(5)
    bell.wait(0.01)
    assert time.monotonic() - started < 4
    assert not bell.stopped


def test_a_ring_does_not_end_a_pause_and_is_not_lost_by_it() -> None:
    bell = Bell()
    bell.ring()
    bell.pause(0.01)
    started = time.monotonic()
    bell.wait(5)
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("method", ["wait", "pause"])
@pytest.mark.parametrize(
    "raise_it",
    [
        pytest.param(lambda: os.kill(os.getpid(), signal.SIGUSR1), id="the process's"),
        pytest.param(lambda: signal.raise_signal(signal.SIGUSR1), id="another thread's"),
    ],
)
def test_a_stop_from_a_signal_handler_ends_a_wait_and_every_later_one(
    method: str, raise_it: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bell_module, "_LOOK", 0.1)
    bell = Bell()
    before = signal.signal(signal.SIGUSR1, lambda *_: bell.stop())
    started = time.monotonic()
    try:
        threading.Timer(0.05, raise_it).start()
        if method == "wait":
            bell.wait(20)
        else:
            with pytest.raises(StoppedError):
                bell.pause(20)
        bell.wait(20)
        for _ in range(2):
            with pytest.raises(StoppedError):
                bell.pause(20)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert bell.stopped
    assert time.monotonic() - started < 5
