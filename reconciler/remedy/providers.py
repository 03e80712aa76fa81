"""As whom a provider asks AWS, as far as that can be told without Terraform.

A plan's `configuration` names what an expression refers to, not what becomes of it: `"arn:…:${var.account}:…"` looks
like `var.account` there (Terraform 1.11). So constants and the values of variables are the plan's, all else the code's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import Final

from reconciler.errors import ReconcilerError
from reconciler.model import Configuration, Json, JsonObject, Provider
from reconciler.model.plan_changes import UNKNOWN
from reconciler.remedy.hcl.text import InterpolationError
from reconciler.remedy.meaning.expressions import evaluate
from reconciler.remedy.meaning.modules import Instance, Place
from reconciler.remedy.meaning.sources import Sources
from reconciler.remedy.meaning.values import TooMuchError, as_text

_ASKS_AS: Final = frozenset(
    {
        "access_key",
        "assume_role",
        "assume_role_with_web_identity",
        "endpoints",
        "profile",
        "secret_key",
        "shared_config_files",
        "shared_credentials_files",
        "token",
    }
)
_NEED_NOT_BE_TOLD: Final = frozenset({"duration", "session_name"})
_PROVIDER: Final = re.compile(r'(?:(?P<module>.+)\.)?provider\["(?P<source>[^"]+)"\](?:\.(?P<alias>[\w-]+))?')


class _UntoldError(Exception):
    """What only Terraform can tell."""


def provider_of(
    plan: JsonObject, name: str, terraform_workspace: str, read_configuration: Callable[[], Configuration]
) -> Provider:
    """Return as whom a provider asks, by the name that a state has for it: `module.x.provider["registry…/aws"].alias`.

    The code is read only where the plan does not tell.
    """
    entry = _entry(plan, name)
    expressions = {name: each for name, each in (entry.get("expressions") or {}).items() if name in _ASKS_AS}
    variables = {name: each["value"] for name, each in (plan.get("variables") or {}).items() if "value" in each}
    code = _Code(entry, lambda: Sources(read_configuration(), variables, lambda *_: UNKNOWN, terraform_workspace))
    try:
        return Provider(settings=code.settle(expressions))
    except _UntoldError as error:
        return Provider(untold=str(error))


def _entry(plan: JsonObject, name: str) -> JsonObject:
    named = _PROVIDER.fullmatch(name)
    for entry in ((plan.get("configuration") or {}).get("provider_config") or {}).values() if named else ():
        found = (entry.get("module_address"), entry.get("full_name"), entry.get("alias"))
        if named and found == (named["module"], named["source"], named["alias"]):
            return dict(entry)
    return {}


class _Code:
    """What a provider's block says."""

    def __init__(self, provider: JsonObject, read: Callable[[], Sources]) -> None:
        self._provider = provider
        self._read = read

    def settle(self, expressions: JsonObject, place: tuple[str | int, ...] = ()) -> JsonObject:
        """Return what expressions of a plan are worth, blocks as lists; raises _UntoldError with the place of one."""
        settled: dict[str, Json] = {}
        for name, given in expressions.items():
            here = (*place, name)
            try:
                if isinstance(given, list):
                    settled[name] = [self.settle(block, (*here, number)) for number, block in enumerate(given)]
                else:
                    value = self._value(given, here)
                    settled[name] = value if value is None or isinstance(value, list) else _text(value)
            except (LookupError, TypeError, InterpolationError, RecursionError, ReconcilerError, TooMuchError):
                if name not in _NEED_NOT_BE_TOLD:
                    raise _UntoldError(".".join(str(step) for step in here if isinstance(step, str))) from None
        return settled

    def _value(self, expression: JsonObject, place: tuple[str | int, ...]) -> Json:
        if "constant_value" in expression:
            return expression["constant_value"]
        stands = self._stands
        block = stands.block
        for step, number in zip(place[0:-1:2], place[1:-1:2], strict=True):
            block = block.nested(str(step))[int(number)] if block else None
        attribute = block.attribute(str(place[-1])) if block else None
        return evaluate(attribute.value, stands) if attribute else UNKNOWN

    @cached_property
    def _stands(self) -> Place:
        instance = Instance(self._read())
        for name in (self._provider.get("module_address") or "").split(".")[1::2]:
            instance = instance.child(name, None)
        provider = (self._provider["name"], self._provider.get("alias"))
        return Place(instance, instance.sources.provider(instance.names, *provider))


def _text(value: Json) -> str:
    text = as_text(value)
    # Of Terraform's JSON syntax a plan shows templates as they are written.
    if not isinstance(text, str) or "${" in text:
        raise TypeError
    return text
