"""Terraform addresses, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reconciler.remedy.adopt.refusal import RefusalError

_KEY = r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]'
_NAME = r"[^\W\d][\w-]*"
_STEP = re.compile(rf"module\.(?P<name>{_NAME})(?:{_KEY})?\.")
_RESOURCE = re.compile(rf"(?P<type>{_NAME})\.(?P<name>{_NAME})(?:{_KEY})?")


@dataclass(frozen=True, slots=True)
class Address:
    """A managed resource's address without instance keys: the calls of the modules it is in, its type and name."""

    modules: tuple[str, ...]
    type: str
    name: str


def parse_address(text: str) -> Address:
    """Take an address apart; instance keys may hold dots, brackets and quotes. Raises RefusalError."""
    modules: list[str] = []
    position = 0
    while step := _STEP.match(text, position):
        modules.append(step["name"])
        position = step.end()
    resource = _RESOURCE.fullmatch(text, position)
    if resource is None or resource["type"] in ("data", "module"):
        raise RefusalError(f"{text} is no address of a managed resource")
    return Address(tuple(modules), resource["type"], resource["name"])
