"""The loop around the cycle, until it is told to stop.

Enters: sources, a cycle to run over those that are due, a clock. Leaves: each cycle's report to whoever tells it.
Here is only when: which feed is asked at which time, how long a failure is waited out, how it ends. What a cycle does
is the pipeline's; clocks, signals and output are handed in.
"""

from reconciler.watch.bell import Bell, StoppedError
from reconciler.watch.loop import Voice, watch
from reconciler.watch.told import Told

__all__ = ["Bell", "StoppedError", "Told", "Voice", "watch"]
