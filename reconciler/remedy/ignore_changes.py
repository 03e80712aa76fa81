"""What a plan's `configuration` does not show, and so is read from the code: `lifecycle` and `dynamic` blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from reconciler.model import Configuration, Json
from reconciler.remedy.hcl.document import load, objects
from reconciler.remedy.hcl.parse import HclSyntaxError, parse
from reconciler.remedy.hcl.values import Block, Expression, File, Scalar, Sequence

_BLANK = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')


@dataclass(frozen=True, slots=True)
class _Resource:
    """A resource block: its `ignore_changes`, and the names of its `dynamic` blocks at any depth."""

    address: str
    entries: tuple[str, ...]
    dynamic: frozenset[str]


def ignored_attributes(configuration: Configuration) -> Mapping[str, tuple[str, ...]]:
    """Return the `ignore_changes` entries of every resource block in every module.

    Keys are addresses without instance keys, `module.web.aws_ecs_service.this`. Entries are paths as written,
    `network_configuration[0].subnets`, `tags["Team"]`, or `all`. A file that cannot be read, though Terraform can,
    counts as ignoring nothing (`unread_files`): the full plan alone decides what Terraform would revert.
    """
    ignored: dict[str, tuple[str, ...]] = {}
    for resource in _resources(configuration):
        ignored[resource.address] = _merged(ignored.get(resource.address, ()), resource.entries)
    return ignored


def dynamic_blocks(configuration: Configuration) -> Mapping[str, frozenset[str]]:
    """Return the names of the blocks that each resource has as `dynamic` ones, by address without instance keys."""
    dynamic: dict[str, frozenset[str]] = {}
    for resource in _resources(configuration):
        dynamic[resource.address] = dynamic.get(resource.address, frozenset()) | resource.dynamic
    return dynamic


def _resources(configuration: Configuration) -> Iterator[_Resource]:
    """Yield every resource block under its address without instance keys, in the order in which Terraform merges."""
    for modules, name, content in _files(configuration):
        prefix = "".join(f"module.{call}." for call in modules)
        for resource in _read(name, content) or ():
            yield replace(resource, address=prefix + resource.address)


def _merged(earlier: tuple[str, ...], later: tuple[str, ...]) -> tuple[str, ...]:
    """Merge as Terraform 1.11 does with override files: an empty list says nothing, and nothing takes `all` back."""
    return ("all",) if "all" in earlier else later or earlier


def unread_files(configuration: Configuration) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """Return, by module, the files whose `ignore_changes` cannot be told because they cannot be read."""
    unread: dict[tuple[str, ...], tuple[str, ...]] = {}
    for modules, name, content in _files(configuration):
        if _read(name, content) is None:
            unread[modules] = (*unread.get(modules, ()), name)
    return unread


def _files(configuration: Configuration) -> Iterator[tuple[tuple[str, ...], str, bytes]]:
    """Yield every file that may declare resources, in the order in which Terraform merges them."""
    for modules in configuration.modules:
        files = {**configuration.modules[modules], **configuration.documents.get(modules, {})}
        for name in sorted(files, key=lambda name: (is_override(name), name)):
            if b"resource" in files[name]:
                yield modules, name, files[name]


def is_override(name: str) -> bool:
    """Tell whether Terraform merges a file over the others after reading them."""
    base = name.rpartition("/")[2].removesuffix(".json").removesuffix(".tf")
    return base == "override" or base.endswith("_override")


@lru_cache(maxsize=512)
def _read(name: str, content: bytes) -> tuple[_Resource, ...] | None:
    # Three questions are asked of each file, and `watch` asks them in every cycle.
    try:
        return tuple(_in_json(content) if name.endswith(".json") else _in_hcl(name, content))
    except (HclSyntaxError, ValueError, RecursionError):
        return None


def _in_hcl(name: str, content: bytes) -> Iterator[_Resource]:
    file = parse(name, content, planned=True)
    for resource in file.resources():
        yield _Resource(".".join(resource.labels), _entries(file, resource), frozenset(_dynamic(resource)))


def _dynamic(block: Block) -> Iterator[str]:
    for inner in block.blocks:
        if inner.type == "dynamic":
            yield from inner.labels
        yield from _dynamic(inner)


def _entries(file: File, resource: Block) -> tuple[str, ...]:
    for lifecycle in resource.nested("lifecycle"):
        if attribute := lifecycle.attribute("ignore_changes"):
            value = attribute.value
            if isinstance(value, Sequence):
                return tuple(_entry(file, item.value) for item in value.items)
            return (_entry(file, value),)
    return ()


def _entry(file: File, value: Expression) -> str:
    """Return one entry's text; quotes are Terraform 0.11's form, in which `*` stood for `all`."""
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return _all(value.value)
    text = file.source[value.start : value.end].decode()
    return _BLANK.sub(lambda match: match[1] or "", text)


def _in_json(content: bytes) -> Iterator[_Resource]:
    """Read Terraform's JSON syntax, in which every level of blocks may be an object or a list of objects.

    https://developer.hashicorp.com/terraform/language/syntax/json (1.11); entries are texts there.
    """
    for types in (block for document in objects(load(content)) for block in objects(document.get("resource"))):
        for kind, named in types.items():
            for resources in objects(named):
                for name, bodies in resources.items():
                    yield _Resource(f"{kind}.{name}", _json_entries(bodies), frozenset(_json_dynamic(bodies)))


def _json_dynamic(bodies: Json) -> Iterator[str]:
    for body in objects(bodies):
        for named in objects(body.get("dynamic")):
            yield from named
        for inner in body.values():
            yield from _json_dynamic(inner)


def _json_entries(bodies: Json) -> tuple[str, ...]:
    for body in objects(bodies):
        for lifecycle in objects(body.get("lifecycle")):
            if "ignore_changes" in lifecycle:
                value = lifecycle["ignore_changes"]
                texts = value if isinstance(value, list) else [value]
                return tuple(_all(text) for text in texts if isinstance(text, str))
    return ()


def _all(text: str) -> str:
    return "all" if text == "*" else text
