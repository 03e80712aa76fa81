"""As whom a provider asks AWS, as far as that can be told without Terraform.

A plan's `configuration` names what an expression refers to, not what becomes of it: `"arn:…:${var.account}:…"` looks
like `var.account` there (Terraform 1.11). So constants and the values of variables are the plan's, all else the code's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Final

from reconciler.errors import ReconcilerError
from reconciler.model import Configuration, Json, JsonObject, Provider
from reconciler.remedy.hcl.literal import NotLiteralError, decode
from reconciler.remedy.hcl.parse import parse
from reconciler.remedy.hcl.values import Attribute, Block, File

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
_REFERENCE: Final = re.compile(r"(?P<kind>var|local)\.(?P<name>[\w-]+)(?P<steps>(?:\.[\w-]+|\[[^\[\]]+\])*)")
_STEP: Final = re.compile(r"\.([\w-]+)|\[([^\[\]]+)\]")
_TEMPLATE: Final = re.compile(r'"(?:[^"\\$%]|\$\{[^{}~]+\})*"')
_PART: Final = re.compile(r"\$\{([^{}]+)\}")


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
    # Of variables, a plan has the values of the root's.
    variables = {} if entry.get("module_address") else plan.get("variables") or {}
    try:
        return Provider(settings=_Code(entry, variables, terraform_workspace, read_configuration).settle(expressions))
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
    """What a provider's block says, with the variables and locals that it says it with."""

    def __init__(
        self,
        provider: JsonObject,
        variables: Mapping[str, JsonObject],
        terraform_workspace: str,
        read_configuration: Callable[[], Configuration],
    ) -> None:
        self._name = (provider.get("name"), provider.get("alias"))
        self._module = tuple((provider.get("module_address") or "").split(".")[1::2])
        self._variables = variables
        self._terraform_workspace = terraform_workspace
        self._read_configuration = read_configuration

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
                    settled[name] = value if value is None or isinstance(value, list) else _as_text(value)
            except (LookupError, TypeError, RecursionError, ReconcilerError):
                if name not in _NEED_NOT_BE_TOLD:
                    raise _UntoldError(".".join(str(step) for step in here if isinstance(step, str))) from None
        return settled

    def _value(self, expression: JsonObject, place: tuple[str | int, ...]) -> Json:
        if "constant_value" in expression:
            constant = expression["constant_value"]
            # Of Terraform's JSON syntax a plan shows the text as written.
            return self._evaluate(f'"{constant}"') if "${" in str(constant) else constant
        blocks = tuple(self._blocks)
        if len(blocks) != 1:  # none can be read, or an override file has more of it
            raise LookupError(place)
        file, block = blocks[0]
        for step, number in zip(place[0:-1:2], place[1:-1:2], strict=True):
            block = block.nested(str(step))[int(number)]
        return self._worth(file, block.attribute(str(place[-1])))

    def _worth(self, file: File, attribute: Attribute | None) -> Json:
        if attribute is None:
            raise LookupError
        try:
            return decode(attribute.value)
        except NotLiteralError:
            return self._evaluate(file.source[attribute.value.start : attribute.value.end].decode())

    def _evaluate(self, text: str) -> Json:
        """Return what a template or a reference is worth; raises LookupError and TypeError for anything else."""
        text = text.strip()
        if text == "terraform.workspace":
            return self._terraform_workspace
        if text.isdecimal():
            return int(text)
        if _TEMPLATE.fullmatch(text):
            return _PART.sub(lambda part: _as_text(self._evaluate(part[1])), text[1:-1])
        reference = _REFERENCE.fullmatch(text)
        if reference is None:
            raise LookupError(text)
        if reference["kind"] == "var":
            value = self._variables[reference["name"]]["value"]
        else:
            value = self._worth(*self._locals[reference["name"]])
        for name, index in _STEP.findall(reference["steps"]):
            value = value[name or self._evaluate(index)]
        return value

    @cached_property
    def _files(self) -> tuple[File, ...]:
        files = self._read_configuration().modules[self._module]
        return tuple(
            parse(name, content) for name, content in files.items() if b"provider" in content or b"locals" in content
        )

    @property
    def _blocks(self) -> Iterator[tuple[File, Block]]:
        for file in self._files:
            for block in file.blocks:
                alias = block.attribute("alias")
                if block.type == "provider" and self._name == (block.labels[0], alias and decode(alias.value)):
                    yield file, block

    @property
    def _locals(self) -> Mapping[str, tuple[File, Attribute]]:
        blocks = ((file, block) for file in self._files for block in file.blocks if block.type == "locals")
        return {attribute.name: (file, attribute) for file, block in blocks for attribute in block.attributes}


def _as_text(value: Json) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise TypeError(value)
    return str(value)
