"""Every figure, or those named: `python -m benchmarks reading cycle`."""

from __future__ import annotations

import os
import sys

from benchmarks import cycle, matching, reading
from benchmarks.measure import ROUNDS

# What is installed has its bytecode; where none is written, every start would compile anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
FIGURES = {"reading": reading.main, "matching": matching.main, "cycle": cycle.main}

print(f"{os.cpu_count()} processors, {ROUNDS} rounds; seconds as minimum, median, maximum\n")
for name in sys.argv[1:] or FIGURES:
    FIGURES[name]()
