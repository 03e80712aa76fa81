"""One cycle, reading like the data flow: records -> events -> targets -> plans -> drift -> proof -> proposal -> report.

Enters: the ports, wired, and the user's policy. Leaves: a RunReport. Decisions belong to the rooms, I/O to the
adapters; here is only the order of things and what becomes of failures.
"""

from reconciler.pipeline.cycle import run_cycle
from reconciler.pipeline.tools import Policy, Tools

__all__ = ["Policy", "Tools", "run_cycle"]
