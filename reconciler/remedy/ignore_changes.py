"""What the code asks Terraform to ignore. A plan's `configuration` has no `lifecycle`, so it is read from HCL."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.model import Configuration
from reconciler.remedy.hcl.parse import HclSyntaxError, parse
from reconciler.remedy.hcl.values import Block, Expression, File, Scalar, Sequence

_BLANK = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')


def ignored_attributes(configuration: Configuration) -> Mapping[str, tuple[str, ...]]:
    """Return the `ignore_changes` entries of every resource block in every module.

    Keys are addresses without instance keys, `module.web.aws_ecs_service.this`. Entries are paths as written,
    `network_configuration[0].subnets`, `tags["Team"]`, or `all`. A file that this grammar cannot read, though Terraform
    can, counts as ignoring nothing: the full plan alone decides what Terraform would revert.
    """
    ignored: dict[str, tuple[str, ...]] = {}
    for modules, files in configuration.modules.items():
        prefix = "".join(f"module.{name}." for name in modules)
        for name in sorted(files, key=lambda name: (_overrides(name), name)):
            if b"resource" not in files[name]:
                continue
            try:
                file = parse(name, files[name])
            except HclSyntaxError:
                continue
            for resource in file.resources():
                address = prefix + ".".join(resource.labels)
                entries = _entries(file, resource)
                ignored[address] = ignored.get(address, ()) if entries is None else entries
    return ignored


def _overrides(name: str) -> bool:
    """Tell whether Terraform merges a file over the others after reading them."""
    base = name.rpartition("/")[2]
    return base == "override.tf" or base.endswith("_override.tf")


def _entries(file: File, resource: Block) -> tuple[str, ...] | None:
    for lifecycle in resource.nested("lifecycle"):
        if attribute := lifecycle.attribute("ignore_changes"):
            value = attribute.value
            if isinstance(value, Sequence):
                return tuple(_entry(file, item.value) for item in value.items)
            return (_entry(file, value),)
    return None


def _entry(file: File, value: Expression) -> str:
    """Return one entry's text; quotes are Terraform 0.11's form, in which `*` stood for `all`."""
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return "all" if value.value == "*" else value.value
    text = file.source[value.start : value.end].decode()
    return _BLANK.sub(lambda match: match[1] or "", text)
