"""Gap (moto 5.2.5): whether an answer of DescribeServices and the like has tags is kept for all requests at once, so
that one takes them from another's answer. Terraform asks ten at a time, and then keeps states without tags.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from reconciler.sandbox.patches.tools import replace


def apply(undo: ExitStack) -> None:
    """Let each request keep for itself what its answer has."""
    from moto.ecs.responses import EC2ContainerServiceResponse

    def initialise(self: Any) -> None:
        construct(self)
        self.RESPONSE_KEY_PATH_TO_TRANSFORMER = dict(type(self).RESPONSE_KEY_PATH_TO_TRANSFORMER)

    construct = replace(undo, EC2ContainerServiceResponse, "__init__", initialise)
